import Reach

/// A run card, read, laid over the defaults and checked whole.
///
///     let card = try RunCard.load(card: "my.yaml", settings: ["model.m1_GeV=0.3"])
///     let curve = card.plan
///
/// The built-in card `muone-paper` holds every default. A file lies over it, options over the file.
public struct RunCard: Sendable, Hashable {
  /// The name of the built-in card.
  public static let builtInName = "muone-paper"

  /// What the card was read from: a path, or the name of the built-in card.
  public var name: String
  /// The plan: complete, every default filled in.
  public var plan: Plan

  /// A card from a plan made in code.
  public init(name: String, plan: Plan) {
    self.name = name
    self.plan = plan
  }

  /// How much of a card a command uses, hence which relations between its numbers must hold.
  public enum Scope: Sendable, Hashable {
    /// Beam, production, decay, apparatus and selection together.
    case wholeChain
    /// Production or widths alone: cuts that no event could pass do not matter.
    case physicsOnly
    /// Values one by one, whatever they are beside others.
    case valuesAlone
  }

  /// Reads a card with the options that override it.
  ///
  /// - Parameters:
  ///   - card: a path, or the name of the built-in card; `nil` is the built-in card.
  ///   - settings: the arguments of `--set`, such as `model.m1_GeV=0.3`, in the order given.
  ///   - seed: the argument of `--seed`.
  ///   - threads: the argument of `--threads`: a number or `auto`.
  ///   - scope: what the card is for.
  /// - Throws: ``RunCardError`` with all faults together.
  public static func load(
    card: String? = nil, settings: [String] = [], seed: String? = nil, threads: String? = nil,
    scope: Scope = .wholeChain
  ) throws(RunCardError) -> RunCard {
    let name = card ?? builtInName
    let options = Options(settings: settings, seed: seed, threads: threads, scope: scope)
    guard name != builtInName else { return try load(nil, name: name, options) }
    let log = FaultLog()
    let folder = name.lastIndex(of: "/").map { String(name[...$0]) } ?? "."
    let source = CardSource(name: name, folder: folder, layer: 1)
    let text = CardFile.read(source, path: name, log: log)
    return try load(text, name: name, options, log: log)
  }

  /// Reads a card from a text, for tests and for doors without files.
  ///
  /// - Parameters:
  ///   - text: the YAML.
  ///   - name: the name that heads the faults' messages.
  ///   - folder: the folder from which the card's paths count.
  ///   - settings: the arguments of `--set`, in the order given.
  ///   - scope: what the card is for.
  /// - Throws: ``RunCardError`` with all faults together.
  public static func load(
    text: String, name: String, folder: String = ".", settings: [String] = [],
    scope: Scope = .wholeChain
  ) throws(RunCardError) -> RunCard {
    let source = CardSource(name: name, folder: folder, layer: 1)
    return try load(
      YAMLText(text: text, source: source), name: name,
      Options(settings: settings, seed: nil, threads: nil, scope: scope))
  }

  private struct Options {
    var settings: [String]
    var seed: String?
    var threads: String?
    var scope: Scope
  }

  /// Lays a card, if there is one, over the built-in one, and the options over both.
  private static func load(
    _ text: YAMLText?, name: String, _ options: Options, log: FaultLog = FaultLog()
  ) throws(RunCardError) -> RunCard {
    var root = try builtInRoot()
    if let upper = layer(text, log: log) { root = CardLayers.merged(upper, over: root) }

    var overrides = options.settings.enumerated().compactMap {
      CardSetting(argument: $1, folder: ".", number: $0, log: log)
    }
    CardSetting.checkRepetitions(in: overrides, log: log)
    var given = CardNode(content: .map([]), location: root.location, source: root.source)
    for setting in overrides {
      // Both of a pair of alternatives must be seen here, so they go in as they come.
      given = given.adding(setting.value, at: setting.keys)
    }
    CardLayers.checkAlternatives(of: given, log: log)
    if let seed = options.seed { overrides.append(.option("--seed", seed, sets: ["run", "seed"])) }
    if let threads = options.threads {
      overrides.append(.option("--threads", threads, sets: ["run", "threads"]))
    }
    for setting in overrides {
      root = CardLayers.assigning(setting.value, to: setting.keys, in: root)
    }

    let plan = try plan(from: root, scope: options.scope, log: log)
    ScannedValues.check(plan.scan, in: root, log: log)
    try log.throwIfAny()
    return RunCard(name: name, plan: plan)
  }

  private static func plan(
    from root: CardNode, scope: Scope, log: FaultLog
  ) throws(RunCardError) -> Plan {
    let plan = PlanReader(log: log, scope: scope).plan(from: root)
    try log.throwIfAny()
    guard let plan else {
      preconditionFailure("a card that gives no plan must have noted why")
    }
    return plan
  }

  /// What to do about the path of a key that a scan cannot change; `nil` for one that it can.
  public static func remedy(forScanning path: String) -> String? {
    CardKeys.remedy(forScanning: path)
  }

  /// Two of these paths of keys of which one replaces the other; `nil` if there are none.
  public static func rivals(among paths: [String]) -> (String, String)? {
    for (index, path) in paths.enumerated() {
      for other in paths[(index + 1)...] {
        let isInside = path.hasPrefix(other + ".") || other.hasPrefix(path + ".") || path == other
        let areAlternatives = CardKeys.alternatives.contains { section, keys in
          let names = keys.map { "\(section).\($0)" }
          return names.contains(path) && names.contains(other)
        }
        if isInside || areAlternatives { return (path, other) }
      }
    }
    return nil
  }

  /// A complete card of which many variations are read: its text is parsed once.
  public struct Variations: Sendable {
    private let root: CardNode
    private let axes: [ScanAxis]

    /// The variations of a card.
    public init(of card: RunCard) {
      axes = card.plan.scan.axes
      let source = CardSource(name: card.name, folder: ".", layer: 1)
      let text = YAMLText(text: card.recordedText, source: source)
      guard let root = text.root(log: FaultLog()) else {
        preconditionFailure("the card that a writer made must be YAML")
      }
      self.root = ScannedValues.withoutAxes(root)
    }

    /// The card with other values of some keys, each of which replaces its alternative.
    ///
    /// - Parameter settings: paths of keys and values as YAML on one line.
    /// - Throws: ``RunCardError`` for values that a card may not have.
    public func plan(
      with settings: [(key: String, value: String)], scope: Scope = .wholeChain
    ) throws(RunCardError) -> Plan {
      let log = FaultLog()
      var root = root
      for (number, setting) in settings.enumerated() {
        let argument = "\(setting.key)=\(setting.value)"
        guard let node = CardSetting(argument: argument, folder: ".", number: number, log: log)
        else { continue }
        root = CardLayers.assigning(node.value, to: node.keys, in: root)
      }
      var plan = try RunCard.plan(from: root, scope: scope, log: log)
      plan.scan.axes = axes
      return plan
    }
  }

  /// The built-in card's root; its faults, if it had any, would be ours.
  private static func builtInRoot() throws(RunCardError) -> CardNode {
    let log = FaultLog()
    let source = CardSource(name: "\(builtInName) (built in)", folder: ".", layer: 0)
    let text = CardFile.text(of: PackageResources.muone_paper_card_yaml)
    let root = layer(YAMLText(text: text, source: source), log: log)
    try log.throwIfAny()
    guard let root else { preconditionFailure("the built-in card must be a map") }
    return root
  }

  /// The root of one file, checked for what must hold within that file.
  private static func layer(_ text: YAMLText?, log: FaultLog) -> CardNode? {
    guard let text, let root = text.root(log: log) else { return nil }
    let start = text.source.location(line: 1, column: 1)
    guard root.entries != nil else {
      log.add(
        at: root.isNull ? start : root.location, of: text.source,
        root.isNull ? "there is nothing in it" : "a card is a map of keys, not \(root.summary)",
        mend: "begin it with 'duskline: 1'")
      return nil
    }
    if root["duskline"] == nil {
      log.add(
        at: start, of: text.source, "the key duskline is missing (it names the card's format)",
        mend: "begin the card with 'duskline: 1'")
    }
    CardLayers.checkAlternatives(of: root, log: log)
    return root
  }
}

extension CardNode {
  /// The tree with a value added at a path, whatever stands beside it.
  fileprivate func adding(_ value: CardNode, at keys: [String]) -> CardNode {
    guard let key = keys.first else { return value }
    var copy = self
    var entries = self.entries ?? []
    let index = entries.firstIndex { $0.key == key }
    let below =
      index.map { entries[$0].value }
      ?? CardNode(content: .map([]), location: value.location, source: value.source)
    var child = below.adding(value, at: Array(keys.dropFirst()))
    if keys.count == 1, let old = below.entries, let new = value.entries {
      child.content = .map(old + new)
    }
    let entry = CardEntry(key: key, keyLocation: value.location, value: child)
    if let index { entries[index] = entry } else { entries.append(entry) }
    copy.content = .map(entries)
    return copy
  }
}

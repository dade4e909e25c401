import Tables
import Units

/// Reads the keys of one map strictly: what is unknown, missing or ill-typed is noted as a fault.
///
/// Every reading answers `nil` where it noted a fault, so that a caller reads all keys first and
/// gives up afterwards: all faults of a card come together.
struct SectionReader {
  /// The path of the section with a trailing dot: `beam.`; empty at the root.
  let path: String
  let node: CardNode
  let log: FaultLog
  private let values: [String: CardNode]

  /// A reader of a map that may hold these keys; `nil` if the node is no map.
  init?(_ node: CardNode, path: String, label: String? = nil, keys: [String], log: FaultLog) {
    let name = label ?? (path.isEmpty ? "a card" : path)
    guard let entries = node.entries else {
      log.add(
        at: node, "\(name) is \(node.summary), not a map of keys",
        mend: "give keys such as '\(keys.first ?? "key"): value' under it")
      return nil
    }
    self.path = path.isEmpty ? "" : path + "."
    self.node = node
    self.log = log
    var values: [String: CardNode] = [:]
    for entry in entries {
      guard keys.contains(entry.key) else {
        Self.reportUnknown(entry, in: path, keys: keys, log: log)
        continue
      }
      values[entry.key] = entry.value
    }
    self.values = values
  }

  /// The value under a key, whatever it is, if it was given.
  func given(_ key: String) -> CardNode? { values[key] }

  /// The value under a key; a missing or an empty one is a fault.
  func required(_ key: String) -> CardNode? {
    guard let value = values[key] else {
      log.add(at: node, "the key \(path)\(key) is missing", mend: "give it")
      return nil
    }
    guard !value.isNull else {
      log.add(at: value, "\(path)\(key) is empty", mend: "give a value, or remove the key")
      return nil
    }
    return value
  }

  /// A map under a key.
  func section(_ key: String, keys: [String]) -> SectionReader? {
    required(key).flatMap { SectionReader($0, path: path + key, keys: keys, log: log) }
  }

  /// A real number in a range.
  func number(_ key: String, _ range: NumberRange) -> Double? {
    required(key).flatMap { number($0, path + key, range) }
  }

  /// A list of as many numbers, each in a range.
  func numbers(_ key: String, count: Int, _ range: NumberRange) -> [Double]? {
    guard let node = required(key) else { return nil }
    guard case .list(let nodes) = node.content, nodes.count == count else {
      var found = node.summary
      if case .list(let nodes) = node.content, !nodes.isEmpty {
        found = "a list of \(nodes.count)"
      }
      log.add(
        at: node, "\(path)\(key) is \(found), not a list of \(count) numbers",
        mend: "write it as [\(Array(repeating: "0", count: count).joined(separator: ", "))]")
      return nil
    }
    return numbers(nodes, path + key, range)
  }

  /// A whole number in a range.
  func integer(_ key: String, _ range: ClosedRange<Int>, because reason: String? = nil) -> Int? {
    required(key).flatMap { integer($0, path + key, range, because: reason) }
  }

  /// One of a set of words.
  func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of type: Choice.Type)
    -> Choice? where Choice.RawValue == String
  {
    guard let word = word(key, among: type.allCases.map(\.rawValue)) else { return nil }
    return Choice(rawValue: word)
  }

  /// One of a list of words.
  func word(_ key: String, among choices: [String]) -> String? {
    guard let node = required(key) else { return nil }
    if case .scalar(let text, _) = node.content, choices.contains(text) { return text }
    reportUnknownWord(node, path + key, among: choices)
    return nil
  }

  /// A text.
  func text(_ key: String) -> String? {
    guard let node = required(key) else { return nil }
    if case .scalar(let text, _) = node.content, !text.isEmpty { return text }
    log.add(at: node, "\(path)\(key) is \(node.summary), not a text", mend: "give a text")
    return nil
  }
}

// MARK: Single values

extension SectionReader {
  /// Reads a node as a real number in a range.
  func number(_ node: CardNode, _ name: String, _ range: NumberRange) -> Double? {
    guard let value = finiteNumber(node, name) else { return nil }
    guard range.contains(value) else {
      log.add(
        at: node, "\(name) = \(ShortestNumber.text(value)) is out of range",
        mend: "give a number \(range.text)")
      return nil
    }
    return value
  }

  /// Reads nodes as real numbers in a range, noting every fault among them.
  func numbers(_ nodes: [CardNode], _ name: String, _ range: NumberRange) -> [Double]? {
    let values = nodes.enumerated().map { number($1, "\(name)[\($0)]", range) }
    return values.contains(nil) ? nil : values.compactMap(\.self)
  }

  /// Reads a node as a whole number in a range; `1e6` and `50_000` are whole numbers.
  func integer(
    _ node: CardNode, _ name: String, _ range: ClosedRange<Int>, because reason: String? = nil
  ) -> Int? {
    let words =
      range.upperBound == .max
      ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
    let remedy = "give a whole number " + words + (reason.map { " (\($0))" } ?? "")
    // Digits alone are read as an integer: a double would round the last ones of a long seed.
    if case .scalar(let text, isPlain: true) = node.content,
      let value = Int(text.replacing("_", with: "")), case .number = ScalarSyntax.number(text)
    {
      if range.contains(value) { return value }
      log.add(at: node, "\(name) = \(value) is out of range", mend: remedy)
      return nil
    }
    guard let value = finiteNumber(node, name) else { return nil }
    guard value.rounded() == value else {
      log.add(
        at: node, "\(name) = \(ShortestNumber.text(value)) is not a whole number", mend: remedy)
      return nil
    }
    // Above 2⁵³ a double no longer tells neighbouring integers apart.
    guard value.magnitude <= 0x1p53, range.contains(Int(value)) else {
      log.add(at: node, "\(name) = \(ShortestNumber.text(value)) is out of range", mend: remedy)
      return nil
    }
    return Int(value)
  }

  private func finiteNumber(_ node: CardNode, _ name: String) -> Double? {
    guard case .scalar(let text, let isPlain) = node.content, !node.isNull else {
      log.add(at: node, "\(name) is \(node.summary), not a number", mend: "give one number")
      return nil
    }
    switch ScalarSyntax.number(text) {
    case .number(let value) where isPlain: return value
    case .number:
      log.add(at: node, "\(name) is a text, not a number", mend: "remove the quotes")
    case .notFinite:
      log.add(at: node, "\(name) = \(text) is not finite", mend: "give a finite number")
    case .tooLarge:
      log.add(
        at: node, "\(name) = \(text) is too large for a number", mend: "give a smaller number")
    case .notANumber:
      log.add(
        at: node, "\(name) is \(node.summary), not a number", mend: Self.remedy(forNumber: text))
    }
    return nil
  }

  private static func remedy(forNumber text: String) -> String {
    if text.contains(",") { return "write the decimal sign as a point" }
    if text.first?.isNumber == true, text.last?.isLetter == true {
      return "give the bare number: the key names the unit"
    }
    return "give a number such as 0.1, 1e6 or 50_000"
  }
}

// MARK: Reports

extension SectionReader {
  /// Notes a word that is none of those known.
  func reportUnknownWord(_ node: CardNode, _ name: String, among choices: [String]) {
    let list = "one of: " + choices.joined(separator: ", ")
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      log.add(at: node, "\(name) is \(node.summary), not a word", mend: list)
      return
    }
    let nearest = NearestWord.nearest(to: text, among: choices)
    log.add(
      at: node, "\(name) = \(node.summary) is unknown",
      mend: nearest.map { "did you mean '\($0)'? (\(list))" } ?? list)
  }

  private static func reportUnknown(
    _ entry: CardEntry, in path: String, keys: [String], log: FaultLog
  ) {
    let place = path.isEmpty ? "" : " in \(path)"
    var remedy = KeySuggestion.remedy(for: entry.key, among: keys)
    if !remedy.hasPrefix("did you mean"), let home = CardKeys.section(holding: entry.key),
      home != path
    {
      remedy = "it belongs under '\(home)'"
    }
    log.add(
      at: entry.keyLocation, of: entry.value.source, "unknown key '\(entry.key)'\(place)",
      mend: remedy)
  }
}

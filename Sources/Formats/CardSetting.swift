/// An override of one key from the command line: `--set key.path=value`, `--seed N`, `--threads N`.
struct CardSetting: Sendable {
  var keys: [String]
  var value: CardNode

  /// Reads the argument of a `--set`; `nil` if it is at fault, which the log then holds.
  init?(argument: String, folder: String, number: Int, log: FaultLog) {
    let source = CardSource(
      name: "--set \(argument)", folder: folder, layer: 3 + number, isOption: true)
    guard let equals = argument.firstIndex(of: "=") else {
      log.add(
        at: .option(source.name), of: source, "there is no '=' in it",
        mend: "write --set key.path=value")
      return nil
    }
    let path = argument[..<equals].trimmingSpaces
    let text = argument[argument.index(after: equals)...].trimmingSpaces
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !keys.contains("") else {
      log.add(
        at: .option(source.name), of: source, "'\(path)' is not a path of keys",
        mend: "write --set key.path=value")
      return nil
    }
    guard !text.isEmpty else {
      log.add(
        at: .option(source.name), of: source, "\(path) is empty",
        mend: "give a value after the '='")
      return nil
    }
    guard let value = YAMLText(text: text, source: source).root(log: log) else { return nil }
    self.init(keys: keys, value: value)
  }

  private init(keys: [String], value: CardNode) {
    self.keys = keys
    self.value = value
  }

  /// An option of its own that sets one key, such as `--seed 7`.
  static func option(_ name: String, _ text: String, sets keys: [String]) -> CardSetting {
    let source = CardSource(name: "\(name) \(text)", folder: ".", layer: 1_000_000, isOption: true)
    return CardSetting(
      keys: keys,
      value: CardNode(
        content: .scalar(text.trimmingSpaces, isPlain: true), location: .option(source.name),
        source: source))
  }

  /// Notes the settings whose value a later one would replace: none is ever silently ignored.
  static func checkRepetitions(in settings: [CardSetting], log: FaultLog) {
    for (index, later) in settings.enumerated() {
      guard let earlier = settings[..<index].first(where: { $0.keys.starts(with: later.keys) })
      else { continue }
      log.add(
        at: later.value,
        "\(later.keys.joined(separator: ".")) is set twice "
          + "(first by '\(earlier.value.source.name)')", mend: "keep one of them")
    }
  }
}

extension StringProtocol {
  /// Without the spaces at both ends.
  var trimmingSpaces: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

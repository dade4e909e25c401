/// Reads the text of a card or an apparatus file.
enum CardFile {
  /// The largest file that is read: 256 KiB, a hundred times a usual card and room for long lists.
  static let largestSize = 1 << 18

  /// The text of a file as YAML; `nil` if there is none, which is then a fault in the log.
  static func read(_ source: CardSource, path: String, log: FaultLog) -> YAMLText? {
    do {
      let text = try TextFile.read(
        path, largestSize: largestSize, subject: "a card",
        ifMissing: "check the path, or name a built-in one")
      return YAMLText(text: text, source: source)
    } catch {
      log.add(
        at: .wholeFile(name: source.name.isEmpty ? "''" : source.name), of: source,
        error.problem, mend: error.remedy)
      return nil
    }
  }

  /// The text of an embedded resource.
  static func text(of bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}

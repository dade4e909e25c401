import Foundation

/// Reads the text of a card or an apparatus file, never more than it could need.
enum CardFile {
  /// The largest file that is read: 256 KiB, a hundred times a usual card and room for long lists.
  static let largestSize = 1 << 18

  /// The text of a file as YAML; `nil` if there is none, which is then a fault in the log.
  static func read(_ source: CardSource, path: String, log: FaultLog) -> YAMLText? {
    func refuse(_ problem: String, _ remedy: String) -> YAMLText? {
      log.add(
        at: .wholeFile(name: source.name.isEmpty ? "''" : source.name), of: source, problem,
        mend: remedy)
      return nil
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return refuse("there is no such file", "check the path, or name a built-in one")
    }
    if isFolder.boolValue { return refuse("this is a folder, not a file", "name a file in it") }
    guard let file = FileHandle(forReadingAtPath: path) else {
      return refuse("the file cannot be opened", "check that you may read it")
    }
    defer { try? file.close() }
    let tooLarge = "the file is larger than 256 KiB"
    let smaller = "a card needs a few kB: is this one?"
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if let size = attributes?[.size] as? Int, size > largestSize {
      return refuse(tooLarge, smaller)
    }
    var bytes = Data()
    do {
      // A pipe or a device tells no size: read in pieces and stop in time.
      while let piece = try file.read(upToCount: largestSize + 1 - bytes.count), !piece.isEmpty {
        bytes.append(piece)
        if bytes.count > largestSize { return refuse(tooLarge, smaller) }
      }
    } catch {
      return refuse("the file cannot be read (\(error.localizedDescription))", "check the disk")
    }
    guard let text = String(validating: bytes, as: UTF8.self), !text.contains("\0") else {
      return refuse("this is not text in UTF-8", "a card is a plain text file; is this one?")
    }
    return YAMLText(text: text, source: source)
  }

  /// The text of an embedded resource.
  static func text(of bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}

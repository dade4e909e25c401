import Foundation

/// Reads the text of a file that a user names, never more than it could need.
enum TextFile {
  /// Why a file gives no text, and how to mend it.
  struct Refusal: Error {
    var problem: String
    var remedy: String

    init(_ problem: String, mend remedy: String) {
      self.problem = problem
      self.remedy = remedy
    }
  }

  /// The text of a file.
  ///
  /// - Parameters:
  ///   - path: its path.
  ///   - largestSize: the most bytes that are read.
  ///   - subject: what the file should be, such as `a card`.
  ///   - remedyIfMissing: what to do where there is no such file.
  /// - Returns: the text, without the byte-order mark that some editors begin it with.
  static func read(
    _ path: String, largestSize: Int, subject: String, ifMissing remedyIfMissing: String
  ) throws(Refusal) -> String {
    let bytes = try bytes(
      of: path, largestSize: largestSize, subject: subject, ifMissing: remedyIfMissing)
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw Refusal(
        "this is not text in UTF-8", mend: "\(subject) is a plain text file; is this one?")
    }
    return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// The bytes of a file, whatever they are.
  static func bytes(
    of path: String, largestSize: Int, subject: String, ifMissing remedyIfMissing: String
  ) throws(Refusal) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Refusal("there is no such file", mend: remedyIfMissing)
    }
    if isFolder.boolValue {
      throw Refusal("this is a folder, not a file", mend: "name a file in it")
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Refusal("the file cannot be opened", mend: "check that you may read it")
    }
    defer { try? file.close() }
    let (gibibytes, kibibytes) = (largestSize >> 30, largestSize >> 10)
    let tooLarge = Refusal(
      "the file is larger than "
        + (gibibytes > 0 ? "\(gibibytes) GiB" : "\(kibibytes) KiB"),
      mend: "\(subject) needs less: is this one?")
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if let size = attributes?[.size] as? Int, size > largestSize { throw tooLarge }
    return try bytes(of: file, upTo: largestSize, orElse: tooLarge)
  }

  /// A pipe or a device tells no size: read in pieces and stop in time.
  private static func bytes(
    of file: FileHandle, upTo largestSize: Int, orElse tooLarge: Refusal
  ) throws(Refusal) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let piece: Data?
      do {
        piece = try file.read(upToCount: min(largestSize + 1 - bytes.count, 1 << 24))
      } catch {
        throw Refusal(
          "the file cannot be read (\(error.localizedDescription))", mend: "check the disk")
      }
      guard let piece, !piece.isEmpty else { return bytes }
      bytes += piece
      if bytes.count > largestSize { throw tooLarge }
    }
  }
}

import Foundation

/// Standard output, where a full disk is an error like anywhere else.
public enum StandardOutput {
  /// Writes a text at once.
  ///
  /// - Throws: ``FileError`` if the text could not be written whole.
  public static func write(_ text: String) throws(FileError) {
    var text = text
    let failure = text.withUTF8 {
      OutputFile.writeAll(UnsafeRawBufferPointer($0), to: STDOUT_FILENO)
    }
    if let failure { throw FileError("writing", "standard output", systemError: failure) }
  }
}

/// Standard error: messages and progress.
public enum StandardError {
  /// Writes a message and ends its line.
  public static func write(_ message: String) {
    writePart(message.hasSuffix("\n") ? message : message + "\n")
  }

  /// Writes a text as it is. Where standard error itself fails, nobody is left to tell.
  static func writePart(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Whether standard error is a terminal.
  static var isTerminal: Bool { isatty(FileHandle.standardError.fileDescriptor) == 1 }
}

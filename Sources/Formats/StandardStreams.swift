import Foundation

/// Standard output, where a full disk is an error like anywhere else.
public enum StandardOutput {
  /// Writes a text at once.
  ///
  /// - Throws: ``FileError`` if the text could not be written whole.
  public static func write(_ text: String) throws(FileError) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw FileError(
        "writing", "standard output", because: error.localizedDescription,
        mend: "check the disk or the pipe that it goes to")
    }
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

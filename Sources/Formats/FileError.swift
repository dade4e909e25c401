import Foundation

/// A file that could not be written: what, where, why, and how to mend it.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was attempted: `writing`, `making the folder`.
  public var action: String
  /// The path.
  public var path: String
  /// Why it failed.
  public var reason: String
  /// How to mend it.
  public var remedy: String

  /// An error in words.
  public init(_ action: String, _ path: String, because reason: String, mend remedy: String) {
    self.action = action
    self.path = path
    self.reason = reason
    self.remedy = remedy
  }

  /// An error from the system's number for it.
  init(_ action: String, _ path: String, systemError code: Int32) {
    let remedy =
      switch code {
      case ENOENT, ENOTDIR: "make the folder first, or give another path"
      case EACCES, EPERM: "choose a place where you may write"
      case EROFS: "the file system is read-only: choose another place"
      case ENOSPC, EDQUOT: "make room on the disk, or choose another place"
      case EEXIST: "give another name, or say that it may be replaced"
      case EISDIR: "this is a folder: give the path of a file"
      default: "choose another place, or check the disk"
      }
    self.init(action, path, because: String(cString: strerror(code)), mend: remedy)
  }

  /// `writing out.csv: No space left on device; make room …`.
  public var description: String { "\(action) \(path): \(reason); \(remedy)" }
}

import Foundation

/// A file that appears whole or not at all.
///
/// Bytes go to a temporary file in the same folder, which takes the final name once all is written:
/// a failed or interrupted run leaves no half a table behind. A device or a pipe is written directly.
///
///     var file = try OutputFile(at: "out.csv")
///     try file.write("a,b\n")
///     try file.commit()
public struct OutputFile: ~Copyable {
  private let path: String
  private let temporaryPath: String?
  private let descriptor: Int32
  private var isCommitted = false

  /// Opens a file for writing. Its folder must exist.
  public init(at path: String) throws(FileError) {
    let (temporaryPath, descriptor) = try Self.opened(path)
    self.path = path
    self.temporaryPath = temporaryPath
    self.descriptor = descriptor
  }

  private static func opened(_ path: String) throws(FileError) -> (String?, Int32) {
    var status = stat()
    let exists = stat(path, &status) == 0
    let kind = status.st_mode & S_IFMT
    if exists, kind == S_IFDIR { throw FileError("writing", path, systemError: EISDIR) }
    // An existing file that may not be written is not to be replaced by way of its folder.
    if exists, access(path, W_OK) != 0 { throw FileError("writing", path, systemError: errno) }
    let isDirect = exists && kind != S_IFREG
    // A link stays a link: its target is replaced.
    let target = exists ? resolved(path) : path
    let temporaryPath = isDirect ? nil : "\(target).\(getpid()).partial"
    let descriptor =
      temporaryPath.map { open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o666) } ?? open(path, O_WRONLY)
    guard descriptor >= 0 else { throw FileError("writing", path, systemError: errno) }
    return (temporaryPath, descriptor)
  }

  deinit {
    close(descriptor)
    if !isCommitted, let temporaryPath { unlink(temporaryPath) }
  }

  /// Writes a text.
  public mutating func write(_ text: String) throws(FileError) {
    var text = text
    let failure = text.withUTF8 { writeAll(UnsafeRawBufferPointer($0)) }
    if let failure { throw FileError("writing", path, systemError: failure) }
  }

  /// Writes bytes.
  public mutating func write(_ bytes: [UInt8]) throws(FileError) {
    let failure = bytes.withUnsafeBytes { writeAll($0) }
    if let failure { throw FileError("writing", path, systemError: failure) }
  }

  /// Writes bytes.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    if let failure = writeAll(bytes) { throw FileError("writing", path, systemError: failure) }
  }

  /// Gives the file its name: only now does it appear.
  ///
  /// - Parameter replacing: whether it may take the place of a file of that name. Where it may not, and one has come to be
  ///   there, the error's reason is that it exists: of two that write at the same time one wins.
  public consuming func commit(replacing: Bool = true) throws(FileError) {
    guard let temporaryPath else {
      isCommitted = true
      return
    }
    let target = Self.resolved(path)
    // On the disk before it has its name, so that no crash leaves an empty file under it.
    guard fsync(descriptor) == 0 else { throw FileError("writing", path, systemError: errno) }
    if replacing {
      guard rename(temporaryPath, target) == 0 else {
        throw FileError("writing", path, systemError: errno)
      }
      isCommitted = true
    } else {
      guard Self.claim(target, for: temporaryPath) else {
        throw FileError("writing", path, systemError: errno)
      }
    }
  }

  /// Gives a file a name that nobody has: a link never replaces, and the temporary name goes when the value does.
  private static func claim(_ target: String, for temporaryPath: String) -> Bool {
    if link(temporaryPath, target) == 0 { return true }
    guard errno == EPERM || errno == EOPNOTSUPP else { return false }
    // A file system without links: whoever makes the empty file has the name.
    let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL, 0o666)
    guard descriptor >= 0 else { return false }
    close(descriptor)
    return rename(temporaryPath, target) == 0
  }

  /// Writes a whole text to a file.
  ///
  /// - Parameter replacing: whether a file of that name may be replaced.
  public static func write(
    _ text: String, to path: String, replacing: Bool = true
  ) throws(FileError) {
    var file = try OutputFile(at: path)
    try file.write(text)
    try file.commit(replacing: replacing)
  }

  /// Makes a folder and those above it, if they are not there.
  public static func makeFolder(at path: String) throws(FileError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      // Before anything else changes it.
      let code = errno
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      if exists, !isFolder.boolValue {
        throw FileError(
          "making the folder", path, because: "a file of that name is in the way",
          mend: "remove it, or give another path")
      }
      throw FileError("making the folder", path, systemError: code == 0 ? EACCES : code)
    }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    Self.writeAll(bytes, to: descriptor)
  }

  /// Writes all bytes; the system's number for the error if that fails.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        return errno
      }
      rest = rest.dropFirst(written)
    }
    return nil
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}

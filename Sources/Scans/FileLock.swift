import Foundation

/// A lock that one process at a time holds; the system takes it away when the process ends, however it ends.
final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock, whose file says who has it.
  ///
  /// - Throws: ``ScanError/locked(path:by:)``, ``ScanError/storage(path:reason:remedy:)``.
  init(_ path: String) throws(ScanError) {
    var descriptor: Int32
    repeat {
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw Self.fault(path, errno) }
    } while try !Self.locks(descriptor, path)
    // Who it is, for the message of whoever comes second.
    let owner = Array("process \(getpid()) on \(ProcessInfo.processInfo.hostName)".utf8)
    ftruncate(descriptor, 0)
    _ = pwrite(descriptor, owner, owner.count, 0)
    self.descriptor = descriptor
  }

  /// - Returns: whether the lock is on the file that has the path now: whoever had it may have removed that one.
  private static func locks(_ descriptor: Int32, _ path: String) throws(ScanError) -> Bool {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      defer { close(descriptor) }
      guard code == EWOULDBLOCK else { throw Self.fault(path, code) }
      var bytes = [UInt8](repeating: 0, count: 200)
      let count = max(pread(descriptor, &bytes, bytes.count, 0), 0)
      let owner = String(decoding: bytes[..<count], as: UTF8.self)
      throw .locked(path: path, by: owner.isEmpty ? "its owner is not told" : owner)
    }
    var (ours, there) = (stat(), stat())
    if fstat(descriptor, &ours) == 0, stat(path, &there) == 0, ours.st_ino == there.st_ino,
      ours.st_dev == there.st_dev
    {
      return true
    }
    close(descriptor)
    return false
  }

  deinit {
    // Closing alone leaves the lock to a program that is being started at this moment.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func fault(_ path: String, _ code: Int32) -> ScanError {
    let remedy =
      switch code {
      case ENOSPC, EDQUOT: "make room on the disk"
      case ENOLCK, EOPNOTSUPP: "this file system has no locks: choose a folder on another"
      default: "choose a folder where you may write"
      }
    return .storage(path: path, reason: String(cString: strerror(code)), remedy: remedy)
  }
}

import Foundation

/// Runs a program to its end, or to the end of its time.
package enum ChildProcess {
  /// How a program ended.
  package enum End: Equatable {
    case exit(Int32)
    case signal(Int32)
    case timeout
  }

  /// What a program left.
  package struct Result {
    package var end: End
    package var output: String
    package var error: String

    /// The last line that it wrote to standard error; the beginning of a long one.
    package var lastError: String {
      String((error.split(whereSeparator: \.isNewline).last ?? "").prefix(300))
    }
  }

  /// A program that did not start.
  package struct StartError: Error {
    package var reason: String
  }

  /// A folder for temporary files that cannot be used.
  package struct PlaceError: Error {
    package var folder: String
    package var reason: String
  }

  /// Runs a program, and kills it where it takes longer than `timeLimit` seconds or this task is cancelled.
  ///
  /// Both of its streams go to files: what it writes can neither block it nor get lost. These have no names, so that whatever ends
  /// this program leaves none behind.
  ///
  /// - Throws: ``StartError``, ``PlaceError``; `CancellationError`.
  package static func run(_ path: String, _ arguments: [String], timeLimit: Double) async throws
    -> Result
  {
    let output = try NamelessFile()
    let error = try NamelessFile()
    let id = try start(path, arguments, output: output.descriptor, error: error.descriptor)
    let end = try await wait(for: id, timeLimit: timeLimit)
    // What failed on a full disk could not say so: there was no room for it.
    if end != .exit(0) { try error.requireRoom() }
    return Result(end: end, output: output.text, error: error.text)
  }

  private static func start(
    _ path: String, _ arguments: [String], output: Int32, error: Int32
  ) throws(StartError) -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    // What is blocked or ignored here would be so there: these three must end it.
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGALRM, SIGTERM, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO)
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var id: pid_t = 0
    let code = posix_spawn(&id, path, &actions, &attributes, words, environ)
    guard code == 0 else { throw StartError(reason: String(cString: strerror(code))) }
    return id
  }

  /// Looks every few ms, and leaves the thread to others in between: a chunk takes seconds.
  private static func wait(for id: pid_t, timeLimit: Double) async throws -> End {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(timeLimit)
    var pause = 1.0
    while true {
      if let end = ended(id, options: WNOHANG) { return end }
      if clock.now >= deadline {
        stop(id)
        return .timeout
      }
      do {
        try await clock.sleep(for: .milliseconds(pause))
      } catch {
        stop(id)
        throw error
      }
      pause = min(pause * 1.5, 50)
    }
  }

  private static func stop(_ id: pid_t) {
    kill(id, SIGKILL)
    _ = ended(id, options: 0)
  }

  /// How it ended; `nil` while it runs.
  private static func ended(_ id: pid_t, options: Int32) -> End? {
    var status: Int32 = 0
    while true {
      let result = waitpid(id, &status, options)
      if result == 0 { return nil }
      if result < 0 {
        if errno == EINTR { continue }
        // Somebody else waited for it: how it ended is lost.
        return .signal(0)
      }
      // As WIFEXITED and its kin, which are macros.
      let signal = status & 0x7F
      return signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
    }
  }
}

/// A temporary file that is gone when it is closed, by whatever end.
private final class NamelessFile {
  let descriptor: Int32
  private let folder: String

  init() throws(ChildProcess.PlaceError) {
    let folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    var template = Array("\(folder)/duskline-XXXXXX".utf8CString)
    let opened = mkstemp(&template)
    guard opened >= 0 else { throw Self.failure(folder) }
    unlink(template)
    // Beyond the three standard ones, that another program gets these as two of its own and no others.
    descriptor = fcntl(opened, F_DUPFD_CLOEXEC, 3)
    let failure = Self.failure(folder)
    close(opened)
    guard descriptor >= 0 else { throw failure }
    self.folder = folder
  }

  deinit { close(descriptor) }

  /// Writes a page behind the end.
  func requireRoom() throws(ChildProcess.PlaceError) {
    let page = [UInt8](repeating: 0, count: 4096)
    let end = lseek(descriptor, 0, SEEK_END)
    let failure =
      pwrite(descriptor, page, page.count, end) < page.count ? Self.failure(folder) : nil
    ftruncate(descriptor, end)
    if let failure { throw failure }
  }

  /// What is in it.
  var text: String {
    lseek(descriptor, 0, SEEK_SET)
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    return String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
  }

  private static func failure(_ folder: String) -> ChildProcess.PlaceError {
    ChildProcess.PlaceError(folder: folder, reason: String(cString: strerror(errno)))
  }
}

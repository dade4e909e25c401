import Foundation

/// Runs a program to its end, or to the end of its time.
enum ChildProcess {
  /// How a program ended.
  enum End: Equatable {
    case exit(Int32)
    case signal(Int32)
    case timeout
  }

  /// What a program left.
  struct Result {
    var end: End
    var output: String
    var error: String

    /// The last line that it wrote to standard error; the beginning of a long one.
    var lastError: String {
      String((error.split(whereSeparator: \.isNewline).last ?? "").prefix(300))
    }
  }

  /// A program that did not start.
  struct StartError: Error {
    var reason: String
  }

  /// Runs a program, and kills it where it takes longer than `timeLimit` seconds or this task is cancelled.
  ///
  /// Both of its streams go to files: what it writes can neither block it nor get lost.
  ///
  /// - Throws: ``StartError``; `CancellationError`.
  static func run(_ path: String, _ arguments: [String], timeLimit: Double) async throws
    -> Result
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
      .path(percentEncoded: false)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw StartError(reason: "there is no place for temporary files (\(folder))")
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (output, error) = ("\(folder)/output", "\(folder)/error")
    let id = try start(path, arguments, output: output, error: error)
    let end = try await wait(for: id, timeLimit: timeLimit)
    return Result(end: end, output: text(of: output), error: text(of: error))
  }

  private static func start(
    _ path: String, _ arguments: [String], output: String, error: String
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
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error, flags, 0o600)
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

  private static func text(of path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}

import Foundation

/// A folder of a test's own, gone when the test is.
final class Scratch {
  let path: String

  /// - Parameter name: what it is called, inside a folder that is nobody else's.
  init(named name: String = "scan") throws {
    root = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
      .path(percentEncoded: false)
    path = "\(root)/\(name)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private let root: String

  func write(_ text: String, to name: String, executable: Bool = false) throws {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false),
      withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: file))
    guard executable else { return }
    // Another program makes the executable file: what this one has open for writing, the children of other tests have too,
    // and the system starts no program that is.
    rename(file, "\(file).text")
    try run("/usr/bin/install", "-m", "755", "\(file).text", file)
    unlink("\(file).text")
  }

  func read(_ name: String) -> String {
    String(
      decoding: FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data(), as: UTF8.self)
  }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  func remove(_ name: String) { unlink("\(path)/\(name)") }

  /// What a program left that ran to its end here.
  @discardableResult
  func run(
    _ program: String, _ arguments: String..., environment: [String: String] = [:]
  ) throws -> (exitCode: Int32, output: String) {
    try start(program, arguments, environment: environment).end()
  }

  /// Starts a program here.
  func start(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram([program] + arguments, in: path, environment: environment)
  }
}

/// A program that a test started.
///
/// Foundation's `Process` would give it the signals that threads of tasks block: TERM would never reach it.
final class RunningProgram {
  struct NotStarted: Error {
    var program: String
    var reason: String
  }

  let id: pid_t
  private let output: FileHandle

  init(_ words: [String], in folder: String, environment: [String: String]) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try Data().write(to: file)
    output = try FileHandle(forUpdating: file)
    try FileManager.default.removeItem(at: file)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, STDERR_FILENO)
    let shell = ["/bin/bash", "-c", #"cd "$1" && shift && exec "$@""#, "bash", folder]
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var argv = Self.pointers(shell + words)
    var envp = Self.pointers(variables.map { "\($0.key)=\($0.value)" })
    defer { for pointer in argv + envp { free(pointer) } }
    var id: pid_t = 0
    let code = posix_spawn(&id, "/bin/bash", &actions, &attributes, &argv, &envp)
    guard code == 0 else {
      throw NotStarted(program: words[0], reason: String(cString: strerror(code)))
    }
    self.id = id
  }

  private static func pointers(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
    words.map { strdup($0) } + [nil]
  }

  /// How it ended, 128 and more where by a signal, and what it printed; it is killed after a minute.
  func end() -> (exitCode: Int32, output: String) {
    var status: Int32 = 0
    for _ in 0..<6000 {
      if waitpid(id, &status, WNOHANG) != 0 { return result(status) }
      usleep(10_000)
    }
    kill(id, SIGKILL)
    waitpid(id, &status, 0)
    return result(status)
  }

  private func result(_ status: Int32) -> (exitCode: Int32, output: String) {
    let signal = status & 0x7F
    try? output.seek(toOffset: 0)
    let bytes = (try? output.readToEnd()) ?? Data()
    return (
      signal == 0 ? (status >> 8) & 0xFF : 128 + signal, String(decoding: bytes, as: UTF8.self)
    )
  }
}

/// A program that keeps the contract of `duskline scan`, without physics: 24 points, a shard has every Nth.
///
/// Files in the scan's folder steer it: `hold-K` keeps shard K from ending, `stop-K` lets it stop once with 75,
/// `fail-K` lets it end with 1 as long as it is there. `attempts-K` has a line for each time it began, `pid-K` its id.
enum StandIn {
  static let text = #"""
    #!/bin/bash
    set -u
    part=$2
    folder=$3
    cd "$folder" || exit 2
    case $part in
    run-shard)
      shard=$5
      count=$7
      result=shards/shard-$shard-of-$count.sqlite
      [ -e "$result" ] && exit 0
      echo $$ >"pid-$shard"
      echo "threads ${9:-}" >>"attempts-$shard"
      trap 'echo "shard $shard: stopped"; exit 75' TERM INT
      while [ -e "hold-$shard" ]; do sleep 0.05; done
      if [ -e "stop-$shard" ]; then
        rm "stop-$shard"
        exit 75
      fi
      [ -e "fail-$shard" ] && exit 1
      for ((point = shard; point < 24; point += count)); do
        sleep 0.02
        echo "$point,$(cksum <<<"$point")"
      done >"$result.$$.partial"
      mv "$result.$$.partial" "$result"
      ;;
    merge)
      files=(shards/shard-0-of-*.sqlite)
      count=${files[0]##*-of-}
      count=${count%.sqlite}
      missing=
      for ((shard = 0; shard < ${count//[^0-9]/1}; shard++)); do
        [ -e "shards/shard-$shard-of-$count.sqlite" ] || missing="$missing $shard"
      done
      if [ -n "$missing" ]; then
        echo "missing:$missing" >&2
        exit 1
      fi
      sort -n shards/shard-*-of-"$count".sqlite >results.partial
      for kind in parquet json csv; do
        cp results.partial "results.$kind.partial"
        mv "results.$kind.partial" "results.$kind"
      done
      ;;
    esac
    """#

  /// The results of the same scan without a cluster.
  static func localResults() throws -> String {
    let scratch = try Scratch()
    try scratch.write(text, to: "duskline", executable: true)
    try scratch.write("", to: "shards/.keep")
    let program = "\(scratch.path)/duskline"
    try scratch.run(program, "scan", "run-shard", scratch.path, "--shard", "0", "--of", "1")
    try scratch.run(program, "scan", "merge", scratch.path)
    return scratch.read("results.csv")
  }
}

import Formats
import Foundation
import Scans
import Synchronization

/// A scan on this machine: computes what is missing, and writes the results.
struct LocalScan {
  let folder: String
  let output: OutputOptions

  /// Computes what is missing of a state and writes its results.
  func finish(_ state: ScanState, threads: Int) async throws {
    Interruption.begin(exitCode: nil)
    let progress = SharedProgress("scan", isQuiet: output.quiet)
    defer {
      Interruption.end()
      progress.finish()
    }
    try await ClusterScan.requireNoJobs(ofScanIn: folder)
    let run = try ScanRun(state)
    let points = state.definition.space.count
    if try state.progress().finished < points { try ScanShards(in: folder).collect(into: state) }
    progress.start(try state.progress().finished, points)
    try await run(threads: threads, progress: progress.advance)
    progress.finish()
    try write(state)
  }

  /// Writes the results of a finished state, and says so.
  func write(_ state: ScanState) throws {
    try ScanResults(state).writeAll(in: folder)
    let progress = try ScanProgress(state, in: folder)
    if try !state.close() {
      StandardError.write(
        "\(state.path)-wal belongs to the scan's state, which somebody reads: keep it beside it")
    }
    try StandardOutput.write(
      output.json
        ? progress.json.text() : progress.text + "results: \(folder)/results.csv, .parquet, .json\n"
    )
  }
}

/// How far a scan is, for a person and as JSON.
struct ScanProgress {
  let points: Int
  private var finishedPoints: Set<Int>
  let withReason: Int
  /// Whether the scan's own state has all points.
  let isComplete: Bool
  let shardsWithResult: Int
  /// Files of shards that belong to another scan.
  let staleShards: [String]
  /// What a cluster's queue says of it.
  var queue: QueueStatus?

  /// That of a state which is open, in the folder of its scan.
  init(_ state: ScanState, in folder: String) throws {
    finishedPoints = try state.finishedPoints()
    var withReason = try state.pointsWithReason()
    points = state.definition.space.count
    isComplete = finishedPoints.count == points
    var stale: [String] = []
    let shards = ScanShards(in: folder).results
    for path in isComplete ? [] : shards {
      do {
        let shard = try ScanState(at: path, shardOf: state.definition)
        finishedPoints.formUnion(try shard.finishedPoints())
        withReason.formUnion(try shard.pointsWithReason())
      } catch ScanError.staleShard {
        stale.append(path)
      }
    }
    self.withReason = withReason.count
    shardsWithResult = shards.count - stale.count
    staleShards = stale
  }

  /// How many points are finished, in the scan's own state or in a shard.
  var finished: Int { finishedPoints.count }

  /// Whether all points of a shard are finished.
  func isFinished(_ shard: Int, of count: Int) -> Bool {
    stride(from: shard, to: points, by: count).allSatisfy(finishedPoints.contains)
  }

  /// That of the scan in a folder.
  init(in folder: String) throws {
    try self.init(ScanState(at: ScanState.path(in: folder), for: .reading), in: folder)
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [
      "points": .integer(points), "finished": .integer(finished),
      "without_number": .integer(withReason), "shards_with_result": .integer(shardsWithResult),
      "complete": .bool(isComplete),
    ]
    if !staleShards.isEmpty {
      members["stale_shards"] = .array(staleShards.map { .string($0) })
    }
    if let queue { members["queue"] = queue.json }
    return .object(members)
  }

  var text: String {
    var text = "\(finished) of \(points) points are finished"
    if withReason > 0 { text += ", \(withReason) of them with a reason why a number is missing" }
    if shardsWithResult > 0 { text += "\nshards with a result: \(shardsWithResult)" }
    for path in staleShards { text += "\n\(path) is of another scan: remove it" }
    return text + "\n" + (queue?.text ?? "")
  }
}

/// A progress bar whose total is known only once a state is open.
final class SharedProgress: Sendable {
  private let label: String
  private let isQuiet: Bool
  private let bar = Mutex<ProgressBar?>(nil)

  init(_ label: String, isQuiet: Bool) {
    self.label = label
    self.isQuiet = isQuiet
  }

  /// Says how much there is to do, and how much of it is done.
  func start(_ finished: Int, _ total: Int) {
    if finished > 0, !isQuiet, finished < total {
      StandardError.write("\(label): \(finished) of \(total) points are finished already")
    }
    let new = ProgressBar(label, total: max(total - finished, 1), unit: "points", isQuiet: isQuiet)
    bar.withLock { $0 = new }
  }

  func advance() { bar.withLock { $0 }?.advance() }

  func finish() { bar.withLock { $0 }?.finish() }
}

/// What happens at SIGINT and SIGTERM: the process ends at once, with what is finished on the disk.
///
/// A plain handler: one on a dispatch queue waits for a thread, of which points that are being computed leave none.
enum Interruption {
  /// How the process ends; 0 for 128 and the signal's number.
  private nonisolated(unsafe) static var exitCode: Int32 = 0
  private static let message: StaticString =
    "\nstopped: what is finished is kept, and the same command goes on from there\n"

  /// From now on.
  ///
  /// - Parameter code: how the process ends; `nil` for 128 and the signal's number.
  static func begin(exitCode code: Int32?) {
    exitCode = code ?? 0
    // Nothing here but what a handler may call: write and _exit.
    set { number in
      _ = write(
        STDERR_FILENO, Interruption.message.utf8Start, Interruption.message.utf8CodeUnitCount)
      _exit(Interruption.exitCode == 0 ? 128 + number : Interruption.exitCode)
    }
  }

  /// Puts the signals back.
  static func end() { set(SIG_DFL) }

  private static func set(_ handler: sighandler_t?) {
    for number in [SIGINT, SIGTERM] { signal(number, handler) }
  }
}

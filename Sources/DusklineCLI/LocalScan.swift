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
    let interruption = Interruption(exitCode: nil)
    let progress = SharedProgress("scan", isQuiet: output.quiet)
    defer {
      interruption.end()
      progress.finish()
    }
    let run = try ScanRun(state)
    progress.start(try state.progress().finished, run.points.underestimatedCount)
    try await run(threads: threads, progress: progress.advance)
    progress.finish()
    try write(state)
  }

  /// Writes the results of a finished state, and says so.
  func write(_ state: ScanState) throws {
    try ScanResults(state).writeAll(in: folder)
    let progress = try ScanProgress(state, in: folder)
    try state.close()
    try StandardOutput.write(
      output.json
        ? progress.json.text() : progress.text + "results: \(folder)/results.csv, .parquet, .json\n"
    )
  }
}

/// How far a scan is, for a person and as JSON.
struct ScanProgress {
  let points: Int
  let finished: Int
  let withReason: Int
  let shardsWithResult: Int
  /// What a cluster's queue says of it.
  var queue: QueueStatus?

  /// That of a state which is open, in the folder of its scan.
  init(_ state: ScanState, in folder: String) throws {
    (finished, withReason) = try state.progress()
    points = state.definition.space.count
    shardsWithResult = try ScanShards(in: folder).results().count
  }

  /// That of the scan in a folder.
  init(in folder: String) throws {
    try self.init(ScanState(at: ScanState.path(in: folder), for: .reading), in: folder)
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [
      "points": .integer(points), "finished": .integer(finished),
      "without_number": .integer(withReason), "shards_with_result": .integer(shardsWithResult),
      "complete": .bool(finished == points),
    ]
    if let queue { members["queue"] = queue.json }
    return .object(members)
  }

  var text: String {
    var text = "\(finished) of \(points) points are finished"
    if withReason > 0 { text += ", \(withReason) of them with a reason why a number is missing" }
    if shardsWithResult > 0 { text += "\nshards with a result: \(shardsWithResult)" }
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
final class Interruption {
  private let sources: [any DispatchSourceSignal]

  /// - Parameter exitCode: how the process ends; `nil` for 128 and the signal's number.
  init(exitCode: Int32?) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        StandardError.write(
          "\nstopped: what is finished is kept, and the same command goes on from there")
        _exit(exitCode ?? 128 + number)
      }
      source.activate()
      return source
    }
  }

  /// Puts the signals back.
  func end() {
    sources.forEach { $0.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}

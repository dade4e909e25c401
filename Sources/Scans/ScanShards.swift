import Formats
import Foundation

/// The shards of a scan: states of their own, each of which has a part of the points and appears when it is complete.
public struct ScanShards: Sendable {
  /// The scan's folder.
  public let folder: String

  /// The shards in a scan's folder.
  public init(in folder: String) { self.folder = folder }

  /// Computes a shard, or goes on with it: its result takes its name when all points are there. Done at once where it has it.
  ///
  /// - Throws: ``ScanError``, `FileError`.
  public func run(
    _ shard: Int, of count: Int, threads: Int,
    started: (_ finished: Int, _ total: Int) -> Void = { _, _ in },
    progress: @escaping @Sendable () -> Void = {}
  ) async throws {
    let result = ShardFiles(folder: folder, count: count).path(of: shard)
    let scan = try ScanState(at: ScanState.path(in: folder), for: .reading)
    try scan.requireThisProgram()
    _ = try ScanRun(scan, shard: shard, of: count)
    if FileManager.default.fileExists(atPath: result) {
      _ = try ScanState(at: result, shardOf: scan.definition)
      return
    }
    try OutputFile.makeFolder(at: ShardFiles.place(in: folder))
    let partial = result + ".partial"
    let state = try ScanState(at: partial, beginningShardOf: scan.definition)
    let run = try ScanRun(state, shard: shard, of: count)
    started(try state.progress().finished, run.points.underestimatedCount)
    try await run(threads: threads, progress: progress)
    try state.close()
    guard rename(partial, result) == 0 else {
      throw ScanError.storage(
        path: result, reason: String(cString: strerror(errno)),
        remedy: "check the folder and its disk")
    }
    for ending in ["-wal", "-shm", ".lock"] { unlink(partial + ending) }
  }

  /// The shards that have a result, by path.
  public func results() throws -> [String] { ShardFiles.results(in: folder) }

  /// Those of so many shards that have no result yet.
  public func missing(of count: Int) -> [Int] {
    ShardFiles(folder: folder, count: count).missing
  }

  /// Takes the points of all shards with a result, and of other states of the same scan, into the scan's own state.
  ///
  /// - Parameter others: paths of states.
  /// - Throws: ``ScanError``, ``ScanError/missing(shards:points:)`` where points are missing after that.
  public func merge(_ others: [String] = []) throws -> ScanState {
    let state = try ScanState(at: ScanState.path(in: folder), for: .writing)
    for path in try results() {
      try state.take(from: ScanState(at: path, shardOf: state.definition))
    }
    for path in others { try state.take(from: ScanState(at: path, for: .reading)) }
    let finished = try state.finishedPoints()
    let missing = (0..<state.definition.space.count).filter { !finished.contains($0) }
    guard missing.isEmpty else {
      throw ScanError.missing(shards: shards(of: missing), points: missing.count)
    }
    return state
  }

  /// The shards without a result that these points belong to, where the files beside them tell how many shards there are.
  private func shards(of points: [Int]) -> [String] {
    guard let count = ShardFiles.count(in: folder) else { return [] }
    let wanted = Set(points.map { $0 % count })
    return missing(of: count).filter(wanted.contains).map { "\($0) of \(count)" }
  }
}

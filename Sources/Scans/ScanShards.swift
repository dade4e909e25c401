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
      let found = try ScanState(at: result, for: .reading)
      if let difference = scan.definition.difference(to: found.definition) {
        throw ScanError.staleShard(path: result, difference: difference)
      }
      return
    }
    try OutputFile.makeFolder(at: ShardFiles.place(in: folder))
    let partial = result + ".partial"
    let state = try ScanState(at: partial, beginning: scan.definition)
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
  public func results() throws -> [String] {
    let place = ShardFiles.place(in: folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    return names.filter { $0.hasPrefix("shard-") && $0.hasSuffix(".sqlite") }.sorted()
      .map { "\(place)/\($0)" }
  }

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
    for path in try results() + others {
      try state.take(from: ScanState(at: path, for: .reading))
    }
    let missing = state.definition.space.count - (try state.progress().finished)
    guard missing == 0 else {
      throw ScanError.missing(shards: [], points: missing)
    }
    return state
  }
}

import Formats
import Foundation

/// The shards of a scan: states of their own, each of which has a part of the points and appears when it is complete.
public struct ScanShards: Sendable {
  /// The scan's folder.
  public let folder: String

  /// The shards in a scan's folder.
  public init(in folder: String) { self.folder = folder }

  /// Computes a shard, or goes on with it: its result takes its name when all points are there. Points that the scan's own state has are left
  /// out. Done at once where it has its result.
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
    let finished = try scan.finishedPoints()
    func lacking(_ state: ScanState) throws -> [Int] {
      try ScanRun(state, shard: shard, of: count, except: finished).missingPoints()
    }
    func resultSoFar() throws -> ScanState? {
      guard FileManager.default.fileExists(atPath: result) else { return nil }
      return try ScanState(at: result, shardOf: scan.definition)
    }
    if let state = try resultSoFar(), try lacking(state).isEmpty { return }
    _ = try ScanRun(scan, shard: shard, of: count)
    try OutputFile.makeFolder(at: ShardFiles.place(in: folder))
    let partial = result + ".partial"
    let state = try ScanState(at: partial, beginningShardOf: scan.definition)
    // The lock goes last.
    let leftovers = ["-wal", "-shm", ".lock"].map { partial + $0 }
    defer { withExtendedLifetime(state) {} }
    // By a task that ended when this one began, or of a time when the scan's state had points that it has no more.
    if let earlier = try resultSoFar() {
      if try lacking(earlier).isEmpty {
        try state.close()
        for path in [partial] + leftovers { unlink(path) }
        return
      }
      try state.take(from: earlier)
    }
    let run = try ScanRun(state, shard: shard, of: count, except: finished)
    let total = run.points.underestimatedCount
    started(total - (try run.missingPoints().count), total)
    try await run(threads: threads, progress: progress)
    // Only a file that has all of it takes the result's name.
    guard try state.close() else {
      throw ScanError.locked(path: partial, by: "somebody reads it")
    }
    guard rename(partial, result) == 0 else {
      throw ScanError.storage(
        path: result, reason: String(cString: strerror(errno)),
        remedy: "check the folder and its disk")
    }
    for path in leftovers { unlink(path) }
  }

  /// The shards that have a result, by path.
  public var results: [String] { ShardFiles.results(in: folder) }

  /// Those of so many shards that have no result yet.
  public func missing(of count: Int) -> [Int] {
    ShardFiles(folder: folder, count: count).missing
  }

  /// Takes the points of all shards with a result into a state of the same scan.
  ///
  /// - Throws: ``ScanError``.
  public func collect(into state: ScanState) throws {
    for path in results { try state.take(from: ScanState(at: path, shardOf: state.definition)) }
  }

  /// Takes the points of all shards with a result, and of other folders of the same scan, into the scan's own state.
  ///
  /// - Parameter others: other folders of the scan, with their shards.
  /// - Throws: ``ScanError``, ``ScanError/missing(shards:points:)`` where points are missing after that.
  public func merge(_ others: [String] = []) throws -> ScanState {
    let state = try ScanState(at: ScanState.path(in: folder), for: .merging)
    try collect(into: state)
    for other in others {
      try state.take(from: ScanState(at: ScanState.path(in: other), for: .reading))
      try ScanShards(in: other).collect(into: state)
    }
    let missing = try ScanRun(state).missingPoints()
    guard missing.isEmpty else {
      throw ScanError.missing(shards: shards(of: missing), points: missing.count)
    }
    return state
  }

  /// Which of so many shards have nothing left to do, whether they have a result or the scan's own state has their points.
  public static func finished(of count: Int, in state: ScanState) throws -> Set<Int> {
    Set(0..<count).subtracting(try ScanRun(state).missingPoints().map { $0 % count })
  }

  /// The shards without a result that these points belong to, where the files beside them tell how many shards there are.
  private func shards(of points: [Int]) -> [String] {
    guard let count = ShardFiles.count(in: folder) else { return [] }
    let wanted = Set(points.map { $0 % count })
    return missing(of: count).filter(wanted.contains).map { "\($0) of \(count)" }
  }
}

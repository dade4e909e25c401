import Formats
import Integration
import Reach

/// Computes what is missing of a scan.
public struct ScanRun: Sendable {
  /// The state.
  public let state: ScanState
  /// Which points: those whose number leaves this rest.
  private let shard: (number: Int, of: Int)
  /// Points that are finished elsewhere.
  private let others: Set<Int>

  /// The most shards of a scan.
  public static let mostShards = 100_000

  /// A run over all points, or over one of so many shards.
  ///
  /// - Parameter others: points that are finished elsewhere, and are left out.
  /// - Throws: ``ScanError/badShard(_:of:)``.
  public init(
    _ state: ScanState, shard: Int = 0, of count: Int = 1, except others: Set<Int> = []
  ) throws(ScanError) {
    guard (1...Self.mostShards).contains(count), (0..<count).contains(shard) else {
      throw .badShard(shard, of: count)
    }
    self.state = state
    self.shard = (shard, count)
    self.others = others
  }

  /// The points that this run is for.
  public var points: StrideTo<Int> {
    stride(from: shard.number, to: state.definition.space.count, by: shard.of)
  }

  /// Those of them that are not finished.
  public func missingPoints() throws -> [Int] {
    let finished = try state.finishedPoints()
    return points.filter { !finished.contains($0) && !others.contains($0) }
  }

  /// Computes every point that is not finished. Whenever the process ends, what is finished is kept.
  ///
  /// A point's outcome depends on nothing but the scan and its number. Tasks take the next point when they are free.
  ///
  /// - Parameters:
  ///   - progress: called after each point, from any thread.
  /// - Throws: ``ScanError`` and whatever ends a point without a result; points in flight are finished before.
  public func callAsFunction(
    threads: Int, progress: @escaping @Sendable () -> Void = {}
  ) async throws {
    let missing = try missingPoints()
    let next = SharedCounter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<max(1, min(threads, missing.count)) {
        group.addTask {
          var computer = PointComputer(state.definition.card, state.definition.space)
          while let place = next.take(below: missing.count), !Task.isCancelled {
            let outcome = try await computer.outcome(of: missing[place])
            try state.record(outcome, of: missing[place])
            progress()
          }
        }
      }
      try await group.waitForAll()
    }
    try Task.checkCancellation()
  }
}

import Decay
import Kinematics
import Production
import Sampling
import Synchronization

/// What one worker needs to make events, used again for batch after batch.
final class EventWorkspace: @unchecked Sendable {
  /// The rows that are being made.
  var rows = RowAddresses()
  /// The rows that are kept.
  let kept: UnsafeMutablePointer<UInt32>
  /// Production and decay events that are weighed only.
  let chain = ColumnBatch(columns: EventColumn.count)
  let scratch = ColumnBatch(columns: firstOwn + 6 + savedCount)
  /// The scratch columns of production and decays, in turn, and behind them those below.
  var base: UnsafeMutablePointer<Double> { scratch.base }

  private static let firstOwn = max(
    ProductionSampler.scratchColumnCount, DecaySampler.scratchColumnCount)
  /// The number that chooses the channel.
  static let choice = ColumnBatch.column(firstOwn)
  /// The number that the decay position is drawn with.
  static let lifetime = ColumnBatch.column(firstOwn + 1)
  /// The number that decides whether an event is kept.
  static let decision = ColumnBatch.column(firstOwn + 2)
  /// The cell's number.
  static let cell = ColumnBatch.column(firstOwn + 3)
  /// 1/w_c of the cell, then w/w_c of the event.
  static let inverseBound = ColumnBatch.column(firstOwn + 4)
  /// Below zero for an event that is kept.
  static let verdict = ColumnBatch.column(firstOwn + 5)
  /// The decay columns of the channels done so far.
  static func saved(_ index: Int) -> Int { ColumnBatch.column(firstOwn + 6 + index) }
  static let savedCount = 11

  init() {
    kept = .allocate(capacity: BatchLayout.capacity)
    kept.initialize(repeating: 0, count: BatchLayout.capacity)
  }

  deinit { kept.deallocate() }
}

/// Workspaces that are free, at most one for each thread.
final class WorkspacePool: Sendable {
  private let free = Mutex<[EventWorkspace]>([])

  func with<Result>(_ body: (EventWorkspace) -> Result) -> Result {
    let workspace = free.withLock { $0.popLast() } ?? EventWorkspace()
    defer { free.withLock { $0.append(workspace) } }
    return body(workspace)
  }
}

/// The memory of event blocks that nobody holds any more, to be used again: fresh memory costs more than the events in it.
final class BlockMemory: Sendable {
  private struct Region: @unchecked Sendable { let base: UnsafeMutablePointer<Double> }
  private let free = Mutex<[Region]>([])

  func take(count: Int) -> UnsafeMutablePointer<Double> {
    free.withLock { $0.popLast() }?.base ?? .allocate(capacity: count)
  }

  func give(_ base: UnsafeMutablePointer<Double>) {
    let region = Region(base: base)
    free.withLock { $0.append(region) }
  }

  deinit { free.withLock { for region in $0 { region.base.deallocate() } } }
}

/// The fixed shape in which all event work is cut.
public enum BatchLayout {
  /// Events in a full batch.
  @inlinable public static var capacity: Int { 2048 }
  /// Doubles from one column to the next: the capacity plus a cache line or two, so that columns do not
  /// all fall into the same cache sets.
  @inlinable public static var stride: Int { 2064 }

  /// The number of batches that hold so many events, and the events in batch `index`.
  @inlinable
  public static func batchCount(forEvents events: Int) -> Int {
    (events + capacity - 1) / capacity
  }

  /// The number of events in the batch of that index when `events` are wanted in all.
  @inlinable
  public static func count(ofBatch index: Int, forEvents events: Int) -> Int {
    min(capacity, events - index * capacity)
  }
}

/// A structure of arrays: columns of up to ``BatchLayout/capacity`` doubles in one zeroed heap block,
/// made once per worker and used again for batch after batch.
///
/// A loop reads `base[column + row]` with `column` a multiple of ``BatchLayout/stride`` known at compile time:
/// with one base and constant distances the compiler knows that columns do not overlap and vectorises
/// without run-time checks.
public struct ColumnBatch: ~Copyable, @unchecked Sendable {
  /// The first element of the first column.
  public let base: UnsafeMutablePointer<Double>
  /// The number of columns.
  public let columnCount: Int

  /// A zeroed batch of so many columns.
  public init(columns: Int) {
    precondition(columns > 0, "a batch needs a column")
    columnCount = columns
    let count = columns * BatchLayout.stride
    base = .allocate(capacity: count)
    base.initialize(repeating: 0, count: count)
  }

  deinit { base.deallocate() }

  /// The offset of column `index` from the base.
  @inlinable @inline(__always)
  public static func column(_ index: Int) -> Int { index &* BatchLayout.stride }
}

/// Where up to ``BatchLayout/capacity`` chosen events stand: the number of the batch and the row in it.
///
/// A random number depends on its address alone, so that the chosen rows of many batches can be made again side by side,
/// with the same bits, without the rows between them.
public struct RowAddresses: ~Copyable, @unchecked Sendable {
  /// The rows.
  public let row: UnsafeMutablePointer<UInt32>
  /// The batches.
  public let batch: UnsafeMutablePointer<UInt32>
  /// How many there are.
  public private(set) var count = 0
  /// The batch that they are the first rows of, if they are: its numbers are made two at a time.
  public private(set) var wholeBatch: UInt32?

  /// Room for as many rows as a batch has.
  public init() {
    row = .allocate(capacity: BatchLayout.capacity)
    batch = .allocate(capacity: BatchLayout.capacity)
    row.initialize(repeating: 0, count: BatchLayout.capacity)
    batch.initialize(repeating: 0, count: BatchLayout.capacity)
  }

  /// A copy.
  public init(_ other: borrowing RowAddresses) {
    self.init()
    row.update(from: other.row, count: other.count)
    batch.update(from: other.batch, count: other.count)
    (count, wholeBatch) = (other.count, other.wholeBatch)
  }

  deinit {
    row.deallocate()
    batch.deallocate()
  }

  /// The first rows of one batch, in order.
  public mutating func set(batch index: Int, count: Int) {
    precondition(count <= BatchLayout.capacity, "more rows than a batch has")
    for k in 0..<count {
      row[k] = UInt32(truncatingIfNeeded: k)
      batch[k] = UInt32(truncatingIfNeeded: index)
    }
    self.count = count
    wholeBatch = UInt32(truncatingIfNeeded: index)
  }

  /// Takes chosen rows of one batch.
  public mutating func set(batch index: Int, rows: ArraySlice<UInt32>) {
    precondition(rows.count <= BatchLayout.capacity, "more rows than a batch has")
    for (k, chosen) in rows.enumerated() {
      row[k] = chosen
      batch[k] = UInt32(truncatingIfNeeded: index)
    }
    count = rows.count
    wholeBatch = nil
  }

  /// Keeps the entries at the first `count` places of a list that ascends.
  public mutating func keep(_ places: [UInt32], count: Int) {
    for k in 0..<count {
      row[k] = row[Int(places[k])]
      batch[k] = batch[Int(places[k])]
    }
    self.count = count
    wholeBatch = nil
  }
}

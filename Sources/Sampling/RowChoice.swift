extension ColumnBatch {
  /// The rows whose number in a column is below zero, in ascending order: compaction without a branch, which would often be
  /// guessed wrong. The sign bit decides; callers write -1 or 1.
  ///
  /// - Parameters:
  ///   - column: the first `count` numbers decide.
  ///   - rows: room for `count` rows.
  /// - Returns: how many rows there are.
  @inlinable
  public static func rowsBelowZero(
    _ column: UnsafePointer<Double>, count: Int, into rows: UnsafeMutablePointer<UInt32>
  ) -> Int {
    var chosen = 0
    for i in 0..<count {
      // Every row is written, and the next one writes over it unless it is chosen.
      rows[chosen] = UInt32(truncatingIfNeeded: i)
      chosen &+= Int(truncatingIfNeeded: column[i].bitPattern >> 63)
    }
    return chosen
  }
}

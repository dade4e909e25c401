/// Cells of equal size, drawn in proportion to bounds on a function.
///
/// A point uniform in a drawn cell and kept with probability value/bound follows the function exactly, whatever the bounds
/// are, as long as no value lies above its own; the share of points kept is the mean value over the mean bound.
///
/// The table is a list of cells, of which one random number picks an entry: a cell has a whole number of entries, at least
/// one, and its bound is raised to what they stand for. With 32 entries for each cell on average that costs 3 % of the
/// points.
public struct RejectionTable: Sendable {
  /// The bounds as they are drawn by.
  public let bounds: [Double]
  /// The cell of each entry; their number is a power of two.
  private let cells: [UInt16]
  private let inverseBounds: [Double]

  private static let entriesPerCell = 32

  /// A table of cells with bounds that are finite, none negative, and one positive.
  public init(bounds: [Double]) {
    precondition((1...1 << 16).contains(bounds.count), "so many cells have no table")
    let sum = bounds.reduce(0, +)
    precondition(sum > 0 && sum.isFinite, "a cell needs a bound")
    var size = 1
    while size < Self.entriesPerCell * bounds.count { size *= 2 }
    // Rounding down and adding one: what each adds at most leaves room for all.
    let unit = sum / Double(size - bounds.count)
    var entries = bounds.map { Int($0 / unit) + 1 }
    var cell = 0
    for _ in entries.reduce(0, +)..<size {
      entries[cell] += 1
      cell = (cell + 1) % entries.count
    }
    cells = entries.enumerated().flatMap {
      repeatElement(UInt16($0.offset), count: $0.element)
    }
    self.bounds = entries.map { Double($0) * unit }
    inverseBounds = self.bounds.map { 1 / $0 }
  }

  /// Draws cells by a column of uniform numbers, of which it leaves the places within the cell, uniform again, with as many bits
  /// fewer as choose the entry.
  ///
  /// - Parameters:
  ///   - uniform: numbers as ``Sampling/RandomStream`` gives them: (k + ½)/2³² or finer, so that none falls on an edge.
  ///   - cell: becomes the numbers of the cells.
  ///   - inverseBound: becomes 1/bound of them.
  public func draw(
    _ uniform: UnsafeMutablePointer<Double>, cell: UnsafeMutablePointer<Double>,
    inverseBound: UnsafeMutablePointer<Double>, count: Int
  ) {
    let (size, mask) = (Double(cells.count), cells.count &- 1)
    cells.withUnsafeBufferPointer { cells in
      inverseBounds.withUnsafeBufferPointer { inverseBounds in
        guard let cells = cells.baseAddress, let inverseBounds = inverseBounds.baseAddress
        else { return }
        for i in 0..<count {
          let scaled = uniform[i] * size
          let entry = ImportanceMap.floor(scaled) & mask
          let drawn = Int(cells[entry])
          uniform[i] = scaled - Double(entry)
          cell[i] = Double(drawn)
          inverseBound[i] = inverseBounds[drawn]
        }
      }
    }
  }
}

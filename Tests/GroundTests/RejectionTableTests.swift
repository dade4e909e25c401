import Integration
import Sampling
import Testing

@Suite("Rejection table") struct RejectionTableTests {
  @Test("no bound is lowered, and what they cost is little", .tags(.property))
  func bounds() {
    var stream = RandomStream(seed: 4, purpose: .test, point: 0, batch: 0)
    for count in [1, 2, 7, 256, 4096] {
      var given = (0..<count).map { _ in stream.uniform() * stream.uniform() }
      if count > 1 { given[0] = 0 }
      let table = RejectionTable(bounds: given)
      let isAbove = zip(table.bounds, given).allSatisfy { $0 >= $1 && $0 > 0 }
      #expect(isAbove)
      let (sum, raised) = (given.reduce(0, +), table.bounds.reduce(0, +))
      // One entry in 32 for each cell, and rounding.
      #expect(raised <= sum * 32 / 31 * (1 + 1e-12))
    }
  }

  @Test(
    "what is kept follows the function, and all that is drawn does not", .tags(.statistical))
  func law() {
    let cells = 16
    let f = { (x: Double) -> Double in x * x * (1.2 - x) }
    // The function rises up to 0.8 and falls beyond: a cell's largest value lies at one of its ends, or between.
    let table = RejectionTable(
      bounds: (0..<cells).map { cell in
        let (a, b) = (Double(cell) / Double(cells), Double(cell + 1) / Double(cells))
        return a < 0.8 && b > 0.8 ? f(0.8) : max(f(a), f(b))
      })
    let columns = ColumnBatch(columns: 4)
    let (x, cell) = (columns.base, columns.base + ColumnBatch.column(1))
    let (inverse, decision) = (cell + BatchLayout.stride, cell + 2 * BatchLayout.stride)
    var (kept, drawn) = (
      WeightedHistogram(edges: (0...50).map { Double($0) / 50 }),
      WeightedHistogram(edges: (0...50).map { Double($0) / 50 })
    )
    let batches = 100
    for batch in 0..<batches {
      let stream = RandomStream(seed: 4, purpose: .test, point: 1, batch: batch)
      stream.fill(x, count: BatchLayout.capacity, label: 0)
      stream.fill(decision, count: BatchLayout.capacity, label: 1)
      table.draw(x, cell: cell, inverseBound: inverse, count: BatchLayout.capacity)
      for i in 0..<BatchLayout.capacity {
        let value = (cell[i] + x[i]) / Double(cells)
        #expect(inverse[i] == 1 / table.bounds[Int(cell[i])])
        drawn.add(value)
        if decision[i] < f(value) * inverse[i] { kept.add(value) }
      }
    }
    let primitive = { (x: Double) -> Double in x * x * x * (0.4 - x / 4) }
    let expected = (0..<50).map { bin -> Double in
      let (a, b) = (Double(bin) / 50, Double(bin + 1) / 50)
      return (primitive(b) - primitive(a)) / primitive(1)
    }
    let p = kept.probability(expectedShares: expected)
    #expect(p > 1e-3 && p < 0.999, "p = \(p)")
    #expect(drawn.probability(expectedShares: expected) < 1e-9)
    // The share kept is the mean value over the mean bound: four standard errors.
    let share = kept.total / Double(batches * BatchLayout.capacity)
    let efficiency = primitive(1) / (table.bounds.reduce(0, +) / Double(cells))
    let error = (efficiency * (1 - efficiency) / Double(batches * BatchLayout.capacity))
      .squareRoot()
    #expect(abs(share - efficiency) < 4 * error)
  }
}

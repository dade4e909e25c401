import Calculus
import Foundation
import Testing

@Suite("Cubic tables") struct CubicTableTests {
  @Test("cubics are exact, inside and beyond the ends", .tags(.identity))
  func cubics() {
    let cubic = { (x: Double) -> Double in ((0.3 * x - 1) * x + 2) * x - 0.7 }
    let table = CubicTable(from: -1, to: 2, count: 7, cubic)
    for i in 0...100 {
      let x = -1.5 + 0.04 * Double(i)
      // 2e-14: rounding of Lagrange polynomials that add up to 10 beyond the ends.
      #expect(abs(table(x) - cubic(x)) < 2e-14 * 10, "\(x)")
    }
  }

  @Test("nodes are kept", .tags(.unit))
  func nodes() {
    let table = CubicTable(from: 0, to: 3, count: 31) { exp(-$0) }
    for i in table.values.indices {
      // 1e-15: the node's own rounding.
      #expect(abs(table(Double(i) * table.step) - table.values[i]) < 1e-15)
    }
  }

  @Test("the error falls like h⁴", .tags(.limit))
  func order() {
    func worst(_ count: Int) -> Double {
      let table = CubicTable(from: 0, to: 3, count: count) { sin(2 * $0) }
      return (0...1000).map { 3e-3 * Double($0) }.map { abs(table($0) - sin(2 * $0)) }.max() ?? 0
    }
    let ratio = worst(31) / worst(61)
    // 16 for h⁴; the outermost cells, where the error peaks, still see the next order.
    #expect(ratio > 14 && ratio < 18, "\(ratio)")
  }
}

import Calculus
import Foundation
import Testing

@Suite("Gauss–Legendre quadrature") struct QuadratureTests {
  @Test(
    "a rule of n nodes is exact for polynomials up to degree 2n - 1", .tags(.identity),
    arguments: [1, 2, 3, 4, 5, 7, 16, 32, 64, 101])
  func exactForPolynomials(order: Int) {
    let rule = GaussLegendre(order: order)
    for degree in 0..<2 * order {
      let integral = rule.integrate(from: 0, to: 1) { pow($0, Double(degree)) }
      let exact = 1 / Double(degree + 1)
      // 1e-13: nodes and weights are good to a few 10⁻¹⁶, and the degree, up to 200, multiplies
      // the error of a node.
      #expect(abs(integral / exact - 1) < 1e-13, "degree \(degree)")
    }
  }

  @Test("a rule of n nodes misses degree 2n by the known remainder", .tags(.identity))
  func notExactBeyond() {
    // n = 3 on [-1, 1]: 2⁷ (3!)⁴/(7 (6!)³) · f⁽⁶⁾ with f = x⁶.
    let integral = GaussLegendre(order: 3).integrate(from: -1, to: 1) { pow($0, 6) }
    let remainder = 128.0 * 1296 / (7 * 720 * 720)
    #expect(abs(2.0 / 7 - integral - remainder) < 1e-15)
  }

  @Test("nodes ascend inside the interval, weights are positive and add up to 2", .tags(.unit))
  func nodesAndWeights() {
    for order in [1, 2, 9, 16, 64, 200] {
      let rule = GaussLegendre(order: order)
      #expect(zip(rule.nodes, rule.nodes.dropFirst()).allSatisfy(<))
      #expect(rule.nodes.allSatisfy { abs($0) < 1 })
      #expect(rule.weights.allSatisfy { $0 > 0 })
      // 1e-13: 200 weights of relative error 10⁻¹⁵.
      #expect(abs(rule.weights.compensatedSum() - 2) < 1e-13)
    }
  }

  @Test("breaking at a kink restores the accuracy that the kink costs", .tags(.unit))
  func breaksAtKinks() {
    let kink = 1 / 3.0
    let integrand: (Double) -> Double = { abs($0 - kink) }
    let exact = (kink * kink + (1 - kink) * (1 - kink)) / 2
    let across = GaussLegendre.order16.integrate(from: 0, to: 1, integrand)
    let broken = GaussLegendre.order16.integrate(over: [0, kink, 1], integrand)
    #expect(abs(across - exact) > 1e-5)
    #expect(abs(broken - exact) < 1e-15)
    #expect(GaussLegendre.order16.integrate(over: [1], integrand) == 0)
    #expect(GaussLegendre.order16.integrate(over: [], integrand) == 0)
  }
}

@Suite("Roots and maxima") struct RootFindingTests {
  @Test("Brent's method finds known roots to its tolerance", .tags(.unit))
  func knownRoots() throws {
    let cases: [((Double) -> Double, Double, Double, Double)] = [
      ({ cos($0) }, 1, 2, .pi / 2), ({ $0 * $0 * $0 - 2 }, 0, 5, cbrt(2)),
      ({ exp($0) - 1e-8 }, -40, 3, -8 * M_LN10), ({ pow($0 - 1, 9) }, -3, 4.1, 1),
      ({ $0 < 0.3 ? -1 : 1 }, 0, 1, 0.3),
    ]
    for (index, (function, lower, upper, exact)) in cases.enumerated() {
      let found = try #require(root(of: function, from: lower, to: upper, tolerance: 1e-12))
      // The ninth-order root is flat: rounding alone hides it within (10⁻³⁰⁰)^(1/9); the others obey 1e-12.
      #expect(abs(found - exact) < 2e-12, "case \(index)")
      let turned = try #require(root(of: function, from: upper, to: lower, tolerance: 1e-12))
      #expect(abs(turned - exact) < 2e-12, "case \(index), bracket turned round")
    }
  }

  @Test("a root at an end is returned, and no change of sign gives nil", .tags(.unit))
  func endsAndFailures() {
    #expect(root(of: { $0 }, from: 0, to: 1, tolerance: 1e-9) == 0)
    #expect(root(of: { $0 - 1 }, from: 0, to: 1, tolerance: 1e-9) == 1)
    #expect(root(of: { $0 * $0 + 1 }, from: -1, to: 1, tolerance: 1e-9) == nil)
  }

  @Test("Brent's method needs far fewer evaluations than bisection", .tags(.unit))
  func economical() throws {
    var calls = 0
    _ = root(
      of: {
        calls += 1
        return exp($0) - 2
      }, from: -5, to: 5, tolerance: 1e-13)
    #expect(calls < 20)  // Bisection: log₂(10/1e-13) = 47.
  }

  @Test("golden-section search finds a maximum inside and at an end", .tags(.unit))
  func maxima() {
    // 1e-7: near a maximum f changes by rounding only within √(2⁻⁵³) ≈ 1e-8.
    #expect(abs(maximum(of: { -pow($0 - 0.7, 2) }, from: 0, to: 2, tolerance: 1e-9) - 0.7) < 1e-7)
    #expect(abs(maximum(of: { sin($0) }, from: 0, to: 3, tolerance: 1e-9) - .pi / 2) < 1e-7)
    #expect(abs(maximum(of: { $0 }, from: 0, to: 3, tolerance: 1e-9) - 3) < 1e-8)
    #expect(abs(maximum(of: { -$0 }, from: 0, to: 3, tolerance: 1e-9)) < 1e-8)
  }
}

import Calculus
import Foundation
import Testing

@Suite("Gamma functions") struct GammaFunctionTests {
  @Test("ln Γ agrees with the system's", .tags(.reference))
  func logarithm() {
    for i in 0...400 {
      let a = exp(log(1e-3) + Double(i) / 400 * log(1e6))
      // 1e-14: the doc comment's, of max(1, |ln Γ|).
      #expect(
        abs(GammaFunction.log(a) - lgamma(a)) < 1e-14 * max(1, abs(lgamma(a))), "\(a)")
    }
  }

  @Test("P meets known values", .tags(.reference))
  func known() {
    // P(1, x) = 1 - e⁻ˣ, P(½, x) = erf √x, P(2, x) = 1 - (1 + x)e⁻ˣ.
    for x in [1e-6, 0.01, 0.3, 1, 1.4, 1.6, 2.5, 3.1, 7, 30] {
      // 1e-13: the doc comment's.
      #expect(abs(GammaFunction.lowerRegularised(1, x) + expm1(-x)) < 1e-13, "\(x)")
      #expect(abs(GammaFunction.lowerRegularised(0.5, x) - erf(x.squareRoot())) < 1e-13, "\(x)")
      #expect(
        abs(GammaFunction.upperRegularised(2, x) / ((1 + x) * exp(-x)) - 1) < 1e-13
          || x < 3, "\(x)")
      #expect(
        abs(
          GammaFunction.lowerRegularised(2.3, x) + GammaFunction.upperRegularised(2.3, x) - 1)
          < 1e-15)
    }
  }

  @Test("P agrees with quadrature of its integral", .tags(.identity))
  func quadrature() {
    for a in [0.1, 0.7, 1.3, 4, 13.3, 40] {
      for x in [0.05, 0.6, 2, 9, 30, 60.0] {
        // u = wˡ with l·a ≥ 4 takes the branch point at 0 out of sight.
        let l = max(1, (4 / a).rounded(.up))
        let end = pow(x, 1 / l)
        let edges = (0...40).map { end * Double($0) / 40 }
        let integral = GaussLegendre.order32.integrate(over: edges) { w in
          l * pow(w, l * a - 1) * exp(-pow(w, l))
        }
        // 1e-12: panels of 32 points on a function with up to forty powers.
        #expect(
          abs(GammaFunction.lowerRegularised(a, x) - integral / exp(lgamma(a))) < 1e-12,
          "\(a) \(x)")
      }
    }
  }

  @Test("P obeys its recurrence in a", .tags(.identity))
  func recurrence() {
    for a in [0.02, 0.5, 3, 20] {
      for x in [0.1, 1, 2.9, 4.2, 25] {
        let step = exp(a * log(x) - x - lgamma(a + 1))
        // 1e-13: two values of that precision.
        #expect(
          abs(
            GammaFunction.lowerRegularised(a, x) - GammaFunction.lowerRegularised(a + 1, x)
              - step) < 1e-13, "\(a) \(x)")
      }
    }
  }

  @Test("P has its limits at a = 0, x = 0 and far out", .tags(.limit))
  func limits() {
    #expect(GammaFunction.lowerRegularised(0, 3) == 1)
    #expect(GammaFunction.lowerRegularised(3, 0) == 0)
    #expect(GammaFunction.upperRegularised(3, 0) == 1)
    #expect(GammaFunction.upperRegularised(0.5, .infinity) == 0)
    #expect(GammaFunction.lowerRegularised(0.5, .infinity) == 1)
    #expect(GammaFunction.lowerRegularised(2, 700) == 1)
    // dP/da at a = 0 is -E₁(x): E₁(1) = 0.219383934.
    #expect(abs((1 - GammaFunction.lowerRegularised(1e-7, 1)) / 1e-7 - 0.219_383_934) < 1e-6)
  }
}

import Calculus
import Foundation
import Testing

/// eˣ K_ν(x) for ν = 1, 2 by another integral than the code's, DLMF 10.32.8:
///
///     eˣK₁ = x ∫₀^∞ e^{-xs} √(s(s+2)) ds,   eˣK₂ = x²/3 ∫₀^∞ e^{-xs} (s(s+2))^{3/2} ds
///
/// with s = z²/x, which takes the root out of the end point; on panels up to e^{-z²} = 10⁻²².
private func independent(_ order: Int, _ x: Double) -> Double {
  let edges = (0...28).map { Double($0) / 4 }
  return GaussLegendre.order32.integrate(over: edges) { z in
    let s = z * z / x
    let root = z / x.squareRoot() * (s + 2).squareRoot()
    let jacobian = 2 * z * exp(-z * z)
    return order == 1 ? jacobian * root : jacobian * x * root * root * root / 3
  }
}

@Suite("Bessel functions K") struct BesselKTests {
  @Test(
    "K₁ and K₂ meet known values", .tags(.reference),
    // eˣK₁ and eˣK₂ by mpmath at 25 digits.
    arguments: [
      (1e-6, 1000000.99999328427, 2000002000000.5),
      (0.01, 100.978648458240051, 20200.4983856765547),
      (0.3, 4.12515776224446968, 29.3536790490684788),
      (0.999, 1.63729901430170275, 4.42283100135364429),
      (1, 1.63615348626325825, 4.41677005233341151),
      (1.7, 1.14603924623025389, 2.25419960472179115),
      (3.999, 0.681674081545773359, 0.950292231794639291),
      (4, 0.681575945185670983, 0.950085641849530761),
      (7.5, 0.479668933791020616, 0.578435414782521184),
      (20, 0.285425496940726445, 0.307087426351254868),
      (200, 0.0887886015850036798, 0.089455344355146695),
      (1e5, 0.0039633421600369322, 0.0039634016103179566),
    ])
  func known(x: Double, first: Double, second: Double) {
    // 2e-15: nine units in the last place, what the doc comment calls a few and the input's rounding.
    #expect(abs(BesselK.scaled1(x) / first - 1) < 2e-15, "\(x)")
    #expect(abs(BesselK.scaled2(x) / second - 1) < 2e-15, "\(x)")
  }

  @Test("K₁ and K₂ agree with another integral on six decades", .tags(.identity))
  func anotherIntegral() {
    for i in 0...600 {
      let x = exp(log(1e-2) + Double(i) / 600 * log(1e6))
      // 1e-13: the panels' quadrature where s ≪ 2 turns into s ≫ 2, at small x.
      #expect(abs(BesselK.scaled1(x) / independent(1, x) - 1) < 1e-13, "\(x)")
      #expect(abs(BesselK.scaled2(x) / independent(2, x) - 1) < 1e-13, "\(x)")
    }
  }

  @Test("K₁ and K₂ have no step where one form hands over to the next", .tags(.unit))
  func joints() {
    for x in [1.0, 4.0] {
      for function in [BesselK.scaled1, BesselK.scaled2] {
        // 4e-15: two values of a few units in the last place; the slope moves them by 2e-16.
        #expect(abs(function(x.nextDown) / function(x) - 1) < 4e-15)
      }
    }
  }
}

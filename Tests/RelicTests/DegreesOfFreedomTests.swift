import Calculus
import Foundation
import Relic
import Tables
import Testing

@Suite("Degrees of freedom") struct DegreesOfFreedomTests {
  @Test("g_*^{1/2} is h/√g (1 + ⅓ d ln h/d ln T) of the same table", .tags(.identity))
  func consistency() throws {
    let table = DegreesOfFreedom.table
    let T = try table.required("T_GeV")
    let root = try table.required("g_star_sqrt")
    let h = try table.required("h_eff")
    let g = try table.required("g_eff")
    var (worst, sum, count) = (0.0, 0.0, 0)
    for i in 1..<(T.count - 1) {
      // Parabola through three points for the slope.
      let (a, b, c) = (log(T[i - 1]), log(T[i]), log(T[i + 1]))
      let (left, right) = (
        log(h[i] / h[i - 1]) / (b - a), log(h[i + 1] / h[i]) / (c - b)
      )
      let slope = (left * (c - b) + right * (b - a)) / (c - a)
      let expected = h[i] / g[i].squareRoot() * (1 + slope / 3)
      let deviation = abs(root[i] / expected - 1)
      worst = max(worst, deviation)
      sum += deviation
      count += 1
    }
    // The slope from differences is rough where h falls steeply (QCD, e⁺e⁻): 3 % there, 0.5 % on average.
    #expect(worst < 0.03, "\(worst)")
    #expect(sum / Double(count) < 0.005, "\(sum / Double(count))")
  }

  @Test("known plateaus", .tags(.reference))
  func plateaus() {
    // Photons, e⁺e⁻ and three neutrinos: 10.75 at 3 MeV; all of the Standard Model: 106.75.
    #expect(abs(DegreesOfFreedom.energy(at: 3e-3) / 10.75 - 1) < 0.01)
    #expect(abs(DegreesOfFreedom.entropy(at: 3e-3) / 10.75 - 1) < 0.01)
    #expect(abs(DegreesOfFreedom.energy(at: 5e3) / 106.75 - 1) < 0.02)
    // After e⁺e⁻ annihilation 3.36 and 3.91; the table ends at 20 keV, where e⁺e⁻ are gone to 1e-9.
    #expect(abs(DegreesOfFreedom.energy(at: 2.1e-5) / 3.363 - 1) < 0.015)
    #expect(abs(DegreesOfFreedom.entropy(at: 2.1e-5) / 3.909 - 1) < 0.015)
  }

  @Test("constant beyond the table", .tags(.unit))
  func beyond() {
    #expect(DegreesOfFreedom.rootGStar(at: 1e-9) == DegreesOfFreedom.rootGStar(at: 1e-12))
    #expect(DegreesOfFreedom.entropy(at: 1e5) == DegreesOfFreedom.entropy(at: 1e7))
  }
}

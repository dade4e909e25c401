import Foundation
import Statistics
import Testing

@Suite("Upper limits on a counted signal")
struct CountingLimitTests {
  private let limit = CountingLimit(confidenceLevel: 0.95)

  @Test(
    "Classical limits without background", .tags(.reference),
    arguments: [(0, 2.996), (1, 4.744), (2, 6.296), (3, 7.754), (10, 16.962)])
  func classical(observed: Int, expected: Double) {
    // 1e-3: the tables of PDG 2024, § 40.4.2.4, print two or three decimals.
    #expect(abs(limit.upperLimit(observed: observed, background: 0) - expected) < 1e-3)
  }

  @Test("Nothing observed gives -ln(1 - CL)", .tags(.identity), arguments: [0.5, 0.9, 0.95, 0.99])
  func nothingObserved(level: Double) {
    let found = CountingLimit(confidenceLevel: level).upperLimit(observed: 0, background: 0)
    // 1e-10: the root is sought within 10⁻¹² of a bracket of ten.
    #expect(abs(found + log(1 - level)) < 1e-10)
    if level == 0.9 { #expect(abs(found - 2.303) < 1e-3) }
  }

  @Test("The paper's three events are a confidence level of 0.950213", .tags(.reference))
  func threeEvents() {
    let found = CountingLimit(confidenceLevel: 0.950213).medianUpperLimit(background: 0)
    // 2e-5: half a unit of the last digit of 0.950213 over its slope, e⁻³.
    #expect(abs(found - 3) < 2e-5)
  }

  @Test(
    "With nothing observed the limit does not depend on the background", .tags(.identity),
    arguments: [0.0, 0.1, 1, 10, 100, 700, 1000, 1e5])
  func independentOfBackground(background: Double) {
    let found = limit.upperLimit(observed: 0, background: background)
    // 1e-9: e^(-b) cancels between two exponents of size b, rounded to 10⁻¹⁶ b.
    #expect(abs(found + log(0.05)) < 1e-9 + 1e-15 * background)
  }

  @Test("A deficit far below the background still has a limit", .tags(.limit))
  func deficit() {
    // P(n ≤ k | s + b)/P(n ≤ k | b) → e⁻ˢ (1 + s/b)ᵏ for k ≪ b: s (1 - k/b) = 2.996.
    let found = limit.upperLimit(observed: 50, background: 2000)
    // 1e-3: the next terms are of relative order k s/b² ~ 4·10⁻⁵ and k/b² ~ 10⁻⁵.
    #expect(abs(found / (2.9957 / (1 - 50.0 / 2000)) - 1) < 1e-3)
  }

  @Test(
    "The limit is where CLs is 1 - CL, by sums of its own", .tags(.property),
    arguments: [(0, 3.2), (3, 1.5), (7, 7.7), (25, 12.0), (120, 100.0)])
  func definition(observed: Int, background: Double) {
    func cumulative(_ mean: Double) -> Double {
      (0...observed).reduce(0) { $0 + exp(Double($1) * log(mean) - mean - lgamma(Double($1) + 1)) }
    }
    let s = limit.upperLimit(observed: observed, background: background)
    let cls = cumulative(s + background) / cumulative(background)
    // 1e-10 relative to 0.05: lgamma and the exponents are rounded to 10⁻¹⁶ of a few hundred.
    #expect(abs(cls - 0.05) < 5e-12)
  }

  @Test("Toys exclude the limit as often as CLs says", .tags(.statistical))
  func toys() {
    let (observed, background) = (5, 3.3)
    let s = limit.upperLimit(observed: observed, background: background)
    // A linear congruence with a shift (Knuth's MMIX) and Knuth's product of uniforms: nothing of this package.
    var state: UInt64 = 20_240_906
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) * 0x1p-53
    }
    func poisson(_ mean: Double) -> Int {
      let least = exp(-mean)
      var (count, product) = (0, uniform())
      while product > least {
        count += 1
        product *= uniform()
      }
      return count
    }
    let trials = 400_000
    let signal = (0..<trials).count { _ in poisson(s + background) <= observed }
    let alone = (0..<trials).count { _ in poisson(background) <= observed }
    let cls = Double(signal) / Double(alone)
    // Five standard errors; the number with signal, some 4 % of the trials, dominates.
    let error = cls * (1 / Double(signal) + 1 / Double(alone)).squareRoot()
    #expect(abs(cls - 0.05) < 5 * error)
    // And a limit that is 2 % off would be seen: d ln CLs/ds is about -0.7 here.
    #expect(5 * error < 0.02 * s * 0.7 * 0.05)
  }

  @Test("The median limit rises from whole background to whole background", .tags(.property))
  func medianRises() {
    // At b = n the median count is n.
    let limits = (0...60).map { limit.medianUpperLimit(background: Double($0)) }
    #expect(zip(limits, limits.dropFirst()).allSatisfy { $0 < $1 })
    #expect(abs(limits[0] - 2.9957) < 1e-4)
  }

  @Test("Between steps of the median count the median limit falls a little", .tags(.unit))
  func sawtooth() {
    // The median count is 0 up to b = ln 2 and 1 up to b = 1.678: counts are whole, so that the median
    // limit is a sawtooth in b, constant at first.
    #expect(
      limit.medianUpperLimit(background: 0.69) == limit.upperLimit(observed: 0, background: 0.69))
    #expect(
      limit.medianUpperLimit(background: 0.70) == limit.upperLimit(observed: 1, background: 0.70))
    #expect(
      limit.medianUpperLimit(background: 1.6) < limit.medianUpperLimit(background: 0.70))
    #expect(
      limit.medianUpperLimit(background: 1.69) > limit.medianUpperLimit(background: 1.6))
  }

  @Test(
    "Large backgrounds reach the Gaussian limit", .tags(.limit), arguments: [1e3, 1e4, 1e5])
  func largeBackground(background: Double) {
    let found = limit.medianUpperLimit(background: background)
    // At the median CLb = 1/2, so that CLs+b = 0.025: 1.95996 standard deviations of the signal-and-background
    // count, s = z √(b + s) to leading order (1.64 √b would be without dividing by CLb).
    let z = 1.959_964
    let asymptote = z * z / 2 + z * (background + z * z / 4).squareRoot()
    // A count is whole and the law is skew: both are shifts of order one, 1/(z√b) of the limit.
    #expect(abs(found / asymptote - 1) < 1.5 / (z * background.squareRoot()))
  }

  @Test("A higher confidence level asks for more", .tags(.property))
  func monotoneInLevel() {
    let limits = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999].map {
      CountingLimit(confidenceLevel: $0).upperLimit(observed: 4, background: 2.5)
    }
    #expect(zip(limits, limits.dropFirst()).allSatisfy { $0 < $1 })
  }
}

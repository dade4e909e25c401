import Background
import Testing

@Suite("How often a hadron may be taken for a lepton", .tags(.unit))
struct EventsByFakesTests {
  private func rate(_ none: Double, _ one: Double, _ two: Double) -> Double? {
    EventsByFakes(none: none, one: one, two: two).largestFakeRate
  }

  @Test("those of the paper: 2 % for 3500 events, 18 % for 6", .tags(.reference))
  func paper() {
    // 0.0005: one digit more than the paper prints.
    #expect(abs((rate(0, 0, 3500) ?? 0) - 0.017) < 5e-4)
    #expect(abs((rate(0, 6, 0) ?? 0) - 0.167) < 5e-4)
  }

  @Test(
    "solved by hand",
    arguments: [
      // 400 f² = 1 and 8 f = 1.
      (0.0, 0.0, 400.0, 0.05), (0.0, 8.0, 0.0, 0.125),
      // 6 f² + f = 1: (3 f - 1)(2 f + 1).
      (0.0, 1.0, 6.0, 1.0 / 3),
      // 12 f² + f + 0.5 = 1: f = (-1 + √25)/24.
      (0.5, 1.0, 12.0, 1.0 / 6),
      // 100 f² + 0.75 = 1; 4 f + 0.9 = 1.
      (0.75, 0.0, 100.0, 0.05), (0.9, 4.0, 0.0, 0.025),
      // One event at f = 1 exactly.
      (0.25, 0.25, 0.5, 1.0), (0.0, 0.0, 1.0, 1.0), (0.0, 1.0, 0.0, 1.0),
    ])
  func byHand(none: Double, one: Double, two: Double, expected: Double) throws {
    // 1e-15: a root and a quotient; 1 - 0.9 loses a digit.
    #expect(abs(try #require(rate(none, one, two)) / expected - 1) < 4e-15)
  }

  @Test(
    "any rate does where fewer than one event is left at 1, and none does where real pairs are one")
  func ends() {
    #expect(rate(0.3, 0.3, 0.3) == 1 && rate(0, 0, 0.5) == 1 && rate(0, 2.2e-21, 0) == 1)
    #expect(rate(1, 1, 1) == 0 && rate(31_000, 0.1, 0) == 0 && rate(1, 0, 400) == 0)
    // Nothing is known where nothing passes, and no rate matters where all leptons are real.
    #expect(rate(0, 0, 0) == nil && rate(0.2, 0, 0) == nil && rate(10, 0, 0) == nil)
  }

  @Test("nothing cancels where one of the terms is small", .tags(.property))
  func stable() throws {
    for small in [1e-30, 1e-16, 1e-9] {
      // N₂ f² ≪ N₁ f, and the other way about.
      #expect(abs(try #require(rate(0, 1e4, small)) * 1e4 - 1) < 1e-15)
      #expect(abs(try #require(rate(0, small, 1e4)) * 100 - 1) < 1e-10)
    }
    for none in [0, 1e-9, 0.2, 0.999] {
      for one in [0, 1e-12, 0.7, 3, 1e6] {
        for two in [1e-12, 0.4, 9, 1e4, 1e12] where none + one + two > 1 {
          let f = try #require(rate(none, one, two))
          // 1e-12: 1 - 0.999 has three digits less.
          #expect(f > 0 && f <= 1 && abs(two * f * f + one * f + none - 1) < 1e-12)
          // The same as with all three times as large only where there is less to lose.
          #expect(try #require(rate(none, 3 * one, 3 * two)) < f)
        }
      }
    }
  }
}

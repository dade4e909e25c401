import Foundation
import Statistics
import Testing

@Suite("Significance over background")
struct DiscoverySignificanceTests {
  @Test(
    "Known backgrounds", .tags(.reference),
    arguments: [
      // SciPy: poisson.sf and norm.isf.
      (25, 10.0, 4.694938142679987e-05, 3.9058396557323523),
      (10, 1, 1.1142547833872071e-07, 5.179190376102168),
      (100, 50, 3.2000653245851495e-10, 6.180247198476331),
    ])
  func known(observed: Int, background: Double, p: Double, z: Double) throws {
    let found = try CountingExperiment(background: background)
      .discoverySignificance(observed: observed)
    // 1e-11: sums and roots of double precision on both sides.
    #expect(abs(found.pValue / p - 1) < 1e-11)
    #expect(abs(try #require(found.standardDeviations) - z) < 1e-11)
  }

  @Test(
    "Z_Bi of an on/off measurement: a flat prior makes a gamma law of n_off + 1", .tags(.reference),
    arguments: [
      // ROOT's tutorial Zbi_Zgamma.C prints 3.10804 for the first; the others are arXiv:physics/0702156, Table 1.
      (150, 100.0, 1.0, 3.10804, 5e-6), (4, 5, 5, 1.66, 0.005), (50, 55, 2, 2.93, 0.005),
      (67, 15, 0.5, 2.89, 0.005), (200, 10, 0.1, 2.20, 0.005),
    ])
  func onOff(on: Int, off: Double, tau: Double, z: Double, tolerance: Double) throws {
    let experiment = try CountingExperiment(
      background: (off + 1) / tau, backgroundError: (off + 1).squareRoot() / tau)
    let found = try experiment.discoverySignificance(observed: on)
    // Half a unit of the last digit.
    #expect(abs(try #require(found.standardDeviations) - z) < tolerance)
    // The tail of a binomial law of n_on + n_off trials, summed here.
    let total = on + Int(off)
    var tail = 0.0
    for k in on...total {
      let (on, off) = (Double(k), Double(total - k))
      let choices: Double = lgamma(on + off + 1) - lgamma(on + 1) - lgamma(off + 1)
      tail += exp(choices - on * log(1 + tau) + off * log(tau / (1 + tau)))
    }
    // 1e-10: lgamma of some hundred.
    #expect(abs(found.pValue / tail - 1) < 1e-10)
  }

  @Test("Far tails keep their logarithm where the probability is below every number", .tags(.unit))
  func farTails() throws {
    let found = try CountingExperiment(background: 1).discoverySignificance(observed: 1000)
    // ln P(1000 | 1) = -1 - ln 1000!, and the counts above add 1/1001 of it.
    let expected = -1 - lgamma(1001) + log(1 + 1 / 1001.0)
    #expect(abs(found.logPValue / expected - 1) < 1e-9)
    #expect(found.pValue == 0)
    // Z²/2 + ln(Z √2π) = -ln p up to 1/Z².
    let z = try #require(found.standardDeviations)
    #expect(abs((0.5 * z * z + log(z * (2 * Double.pi).squareRoot())) / -expected - 1) < 1e-4)
  }

  @Test("A deficit is below zero; no event, and events without background, have none", .tags(.unit))
  func signs() throws {
    let experiment = try CountingExperiment(background: 10)
    #expect(try #require(experiment.discoverySignificance(observed: 4).standardDeviations) < -1.8)
    #expect(try experiment.discoverySignificance(observed: 0).standardDeviations == nil)
    #expect(try experiment.discoverySignificance(observed: 0).pValue == 1)
    let none = try CountingExperiment(background: 0)
    #expect(try none.discoverySignificance(observed: 1).standardDeviations == nil)
    #expect(try none.discoverySignificance(observed: 1).pValue == 0)
    #expect(throws: StatisticsError.noBackground) { try none.asimovSignificance(signal: 3) }
  }

  @Test(
    "Expected significances of the asymptotic formula", .tags(.reference),
    arguments: [
      (10.0, 9.0, 0.0, 2.8972654813717718), (5, 1, 0, 3.391329183481996),
      (10, 100, 0, 0.9839916447569484), (10, 9, 2, 2.3042364096008194),
      (50, 100, 10, 3.1729728607954435), (5, 1, 0.5, 2.7637239405443075),
    ])
  func asimov(signal: Double, background: Double, error: Double, z: Double) throws {
    // The formulas of arXiv:1007.1727, eq. (97), and of Cowan's note, typed once more in another language.
    let experiment = try CountingExperiment(background: background, backgroundError: error)
    // 1e-12: logarithms of order one.
    #expect(abs(try experiment.asimovSignificance(signal: signal) - z) < 1e-12)
  }

  @Test("The median significance meets the asymptotic one for many events", .tags(.limit))
  func median() throws {
    for background in [1e4, 1e6, 1e8] {
      for error in [0, background.squareRoot()] {
        let experiment = try CountingExperiment(background: background, backgroundError: error)
        let signal = 4 * background.squareRoot()
        let exact = try #require(try experiment.medianSignificance(signal: signal))
        let asymptotic = try experiment.asimovSignificance(signal: signal)
        // Whole counts and skewness: 1/√b.
        #expect(abs(exact - asymptotic) < 3 / background.squareRoot(), "\(background) \(error)")
      }
    }
  }

  @Test("The median significance is that of half of all toys", .tags(.statistical))
  func medianByToys() throws {
    let experiment = try CountingExperiment(background: 4, backgroundError: 1)
    let median = try #require(try experiment.medianSignificance(signal: 8))
    var toys = Toys(400)
    let trials = 20_000
    var counts = [Int](repeating: 0, count: 200)
    for _ in 0..<trials { counts[toys.poisson(8 + 4 * toys.gamma(shape: 16))] += 1 }
    var (below, upTo) = (0, 0)
    for (count, number) in counts.enumerated() {
      let z =
        try experiment.discoverySignificance(observed: count).standardDeviations ?? -.infinity
      if z < median - 1e-9 { below += number }
      if z < median + 1e-9 { upTo += number }
    }
    // Five standard errors of a half.
    let error = 2.5 / Double(trials).squareRoot()
    #expect(Double(below) / Double(trials) < 0.5 + error)
    #expect(Double(upTo) / Double(trials) > 0.5 - error)
  }
}

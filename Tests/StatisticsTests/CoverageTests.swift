import Foundation
import Statistics
import Testing

@Suite("Coverage and bands by toys", .tags(.statistical))
struct CoverageTests {
  private let limit = CountingLimit(confidenceLevel: 0.95)
  private let trials = 40_000

  /// Five standard errors of a fraction.
  private func fiveErrors(_ fraction: Double) -> Double {
    5 * (fraction * (1 - fraction) / Double(trials)).squareRoot()
  }

  @Test(
    "Limits lie above the true signal in 95 % of all experiments or more",
    arguments: [LimitMethod.cls, .poisson], [(0.0, 0.0), (3, 0), (3, 1), (0.8, 1.2)])
  func coverage(method: LimitMethod, known: (Double, Double)) throws {
    let (background, error) = known
    let experiment = try CountingExperiment(background: background, backgroundError: error)
    // An empty interval covers nothing.
    let limits = try (0...200).map { count in
      do throws(StatisticsError) {
        return try limit.upperLimit(observed: count, in: experiment, method: method)
      } catch .emptyInterval { return -1 }
    }
    for (batch, signal) in [0.5, 2, 5, 12].enumerated() {
      var toys = Toys(100 + batch)
      var covered = 0
      for _ in 0..<trials {
        let beta =
          error > 0
          ? background * toys.gamma(shape: (background / error) * (background / error))
          : background
        if limits[min(toys.poisson(signal + beta), 200)] >= signal { covered += 1 }
      }
      let found = Double(covered) / Double(trials)
      #expect(found > 0.95 - fiveErrors(0.95), "\(method), s = \(signal): \(found)")
      // What the law of counts says: the sum over all counts whose limit covers.
      let expected = (0...200).reduce(0) { sum, count in
        guard limits[count] >= signal else { return sum }
        let probability =
          error > 0
          ? (0...count).reduce(0) {
            $0 + Sums.negativeBinomial($1, mean: background, error: error)
              * Sums.poisson(count - $1, signal)
          } : Sums.poisson(count, signal + background)
        return sum + probability
      }
      #expect(abs(found - expected) < fiveErrors(max(min(expected, 0.999), 0.5)))
    }
  }

  @Test(
    "The profile limit covers at a true background with a counted control region",
    arguments: [(0.5, 2.0), (3, 2), (6, 5)])
  func profileCoverage(signal: Double, background: Double) throws {
    // A control region twice as large.
    let ratio = 2.0
    var toys = Toys(200)
    var known: [[Int]: Double] = [:]
    var covered = 0
    for _ in 0..<trials {
      let count = toys.poisson(signal + background)
      // None in the control region has no gamma law of an error: one is the least that is taken.
      let control = max(1, toys.poisson(ratio * background))
      let key = [count, control]
      let upper: Double
      if let found = known[key] {
        upper = found
      } else {
        let experiment = try CountingExperiment(
          background: Double(control) / ratio, backgroundError: Double(control).squareRoot() / ratio
        )
        upper = try limit.upperLimit(observed: count, in: experiment, method: .profile)
        known[key] = upper
      }
      if upper >= signal { covered += 1 }
    }
    let found = Double(covered) / Double(trials)
    #expect(found > 0.95 - fiveErrors(0.95), "\(found)")
  }

  @Test(
    "Bands are the quantiles of limits from background alone",
    arguments: [(3.0, 0.0), (3, 1), (12, 3)])
  func bands(background: Double, error: Double) throws {
    let experiment = try CountingExperiment(background: background, backgroundError: error)
    let limits = try (0...200).map { try limit.upperLimit(observed: $0, in: experiment) }
    var toys = Toys(300)
    var found = (0..<trials).map { _ in
      let beta =
        error > 0
        ? background * toys.gamma(shape: (background / error) * (background / error)) : background
      return limits[toys.poisson(beta)]
    }
    found.sort()
    let bands = try limit.expectedUpperLimits(in: experiment)
    for (value, fraction) in [
      (bands.minus2, 0.02275), (bands.minus1, 0.15866), (bands.median, 0.5), (bands.plus1, 0.84134),
      (bands.plus2, 0.97725),
    ] {
      // Counts are whole: at most the fraction below the band's count, at least the fraction up to it.
      let below = Double(found.count { $0 < value - 1e-9 }) / Double(trials)
      let upTo = Double(found.count { $0 < value + 1e-9 }) / Double(trials)
      #expect(below < fraction + fiveErrors(fraction), "\(fraction): \(below)")
      #expect(upTo > fraction - fiveErrors(fraction), "\(fraction): \(upTo)")
    }
    #expect(
      abs(bands.median - limit.medianUpperLimit(background: background, backgroundError: error))
        == 0)
  }

  @Test("An error of the background raises median and bands")
  func bandsWiden() throws {
    let known = try limit.expectedUpperLimits(in: CountingExperiment(background: 20))
    let unknown = try limit.expectedUpperLimits(
      in: CountingExperiment(background: 20, backgroundError: 6))
    #expect(unknown.median > known.median && unknown.plus2 > known.plus2)
    #expect(unknown.plus2 - unknown.minus2 > known.plus2 - known.minus2)
  }
}

import Foundation
import Statistics
import Testing

@Suite("The unified intervals of Feldman and Cousins")
struct FeldmanCousinsTests {
  private let limit = CountingLimit(confidenceLevel: 0.9)

  @Test(
    "The published table at 90 %", .tags(.reference),
    arguments: [
      // Phys. Rev. D 57, 3873 (1998), Table IV.
      (0, 0.0, 0.0, 2.44), (0, 0.5, 0, 1.94), (0, 1, 0, 1.61), (0, 1.5, 0, 1.33), (0, 2, 0, 1.26),
      (0, 2.5, 0, 1.18), (0, 3, 0, 1.08), (1, 0, 0.11, 4.36), (1, 3, 0, 1.88), (2, 0, 0.53, 5.91),
      (3, 0, 1.10, 7.42), (3, 0.5, 0.60, 6.92), (4, 1, 0.74, 7.6), (5, 3, 0, 6.99),
      (7, 1, 2.56, 11.53), (10, 0, 5.50, 16.50),
    ])
  func table(observed: Int, background: Double, lower: Double, upper: Double) throws {
    let found = try limit.feldmanCousinsInterval(
      observed: observed, in: CountingExperiment(background: background))
    // 0.011: the table has a grid of 0.005 in s and two decimals.
    #expect(abs(found.lowerBound - lower) < 0.011, "\(found)")
    #expect(abs(found.upperBound - upper) < 0.011, "\(found)")
  }

  /// The counts accepted at a signal, by sorting all counts by R.
  private func accepts(_ observed: Int, _ signal: Double, _ background: Double) -> Bool {
    let counts = 0...120
    func ratio(_ n: Int) -> Double {
      Sums.poisson(n, signal + background) / Sums.poisson(n, max(Double(n), background))
    }
    let own = ratio(observed)
    let before = counts.filter { ratio($0) > own * (1 + 1e-12) }
    return before.reduce(0) { $0 + Sums.poisson($1, signal + background) } < 0.9
  }

  @Test(
    "The lower end is where a search over all counts begins to accept, the upper one where it ends",
    .tags(.property), arguments: [(0, 0.5), (3, 0.5), (4, 1.7), (8, 3.0), (12, 2.2), (1, 0.3)])
  func bruteForce(observed: Int, background: Double) throws {
    let found = try limit.feldmanCousinsInterval(
      observed: observed, in: CountingExperiment(background: background))
    #expect(accepts(observed, found.upperBound - 1e-6, background))
    // Beyond the end nothing is accepted, unless for a larger background.
    let beyond = stride(from: found.upperBound + 1e-6, to: found.upperBound + 8, by: 0.01)
    #expect(!beyond.contains { accepts(observed, $0, background) })
    if found.lowerBound > 0 {
      #expect(accepts(observed, found.lowerBound + 1e-6, background))
      let before = stride(from: 1e-6, to: found.lowerBound - 1e-6, by: 0.01)
      #expect(!before.contains { accepts(observed, $0, background) })
    }
  }

  @Test("The upper end never rises with the background", .tags(.property), arguments: [0, 1, 2, 5])
  func falls(observed: Int) throws {
    let ends = try stride(from: 0.0, through: 25, by: 0.05).map {
      try limit.feldmanCousinsInterval(
        observed: observed, in: CountingExperiment(background: $0)
      ).upperBound
    }
    #expect(zip(ends, ends.dropFirst()).allSatisfy { $1 <= $0 + 1e-9 })
  }

  @Test(
    "Intervals contain the truth in at least 90 % of all counts", .tags(.statistical),
    arguments: [0.0, 0.7, 3.0])
  func coverage(background: Double) throws {
    let intervals = try (0...60).map {
      try limit.feldmanCousinsInterval(
        observed: $0, in: CountingExperiment(background: background))
    }
    for signal in stride(from: 0.05, to: 15, by: 0.37) {
      let covered = intervals.indices.filter { intervals[$0].contains(signal) }
        .reduce(0) { $0 + Sums.poisson($1, signal + background) }
      // Exact sums: no error but the counts above 60. Whole counts cover up to 99 % now and then.
      #expect(covered > 0.9 - 1e-9 && covered < 0.995, "\(signal): \(covered)")
    }
  }

  @Test(
    "A background that goes to zero leaves the interval without one", .tags(.limit),
    arguments: [0, 1, 3, 1000], [1e-8, 1e-12, 1e-16, 1e-20, 1e-25, 1e-29])
  func smallBackground(observed: Int, background: Double) throws {
    for level in [0.5, 0.9, 0.95] {
      let limit = CountingLimit(confidenceLevel: level)
      let found = try limit.feldmanCousinsInterval(
        observed: observed, in: CountingExperiment(background: background))
      let none = try limit.feldmanCousinsInterval(
        observed: observed, in: CountingExperiment(background: 0))
      // Roundings, and of the order of ln(1/b) times the background itself.
      let tolerance = 1e-9 * (1 + none.upperBound) + 100 * background
      #expect(abs(found.lowerBound - none.lowerBound) < tolerance, "\(found) \(none)")
      #expect(abs(found.upperBound - none.upperBound) < tolerance, "\(found) \(none)")
    }
  }

  @Test("Large counts reach the Gaussian interval", .tags(.limit), arguments: [1e4, 1e6, 1e9])
  func gaussian(background: Double) throws {
    let excess = 5 * background.squareRoot()
    let found = try CountingLimit(confidenceLevel: 0.95).feldmanCousinsInterval(
      observed: Int(background + excess), in: CountingExperiment(background: background))
    let width = (background + excess).squareRoot()
    // A skewness of 1/√n shifts both ends by some counts.
    let tolerance = 4 / width
    #expect(abs((found.upperBound - excess) / width - 1.959_964) < tolerance)
    #expect(abs((excess - found.lowerBound) / width - 1.959_964) < tolerance + 5 / width)
  }
}

import Foundation
import Statistics
import Testing

@Suite("Limits with the profile likelihood, exact and asymptotic")
struct ProfileLimitTests {
  private let limit = CountingLimit(confidenceLevel: 0.95)

  @Test(
    "Exact limits by a sum over both counts in another language", .tags(.reference),
    arguments: [
      // NumPy: q on the whole plane of counts, p-values summed, bisection to 1e-7.
      (0, 1.0, 0.5, 2.9957324225), (3, 3, 1, 5.2786771597), (10, 5, 2, 12.0598467499),
      (2, 4, 2, 4.4424763295), (5, 3, 0.1, 7.1601051882), (40, 30, 1, 21.7845610890),
    ])
  func exact(observed: Int, background: Double, error: Double, expected: Double) throws {
    let experiment = try CountingExperiment(background: background, backgroundError: error)
    let found = try limit.upperLimit(observed: observed, in: experiment, method: .profile)
    // 2e-6: both searches stop at some 10⁻⁶.
    #expect(abs(found / expected - 1) < 2e-6, "\(found)")
  }

  @Test(
    "The sums along either count and the integral agree where they meet", .tags(.identity),
    arguments: [
      // Standard counts of search and control region: 148 and 149; 151 and 152; 100 and 1000.
      (22_000.0, 149.0), (22_900, 151.5), (10_000, 1000),
    ])
  func methodsMeet(background: Double, control: Double) throws {
    let error = background / control
    let experiment = try CountingExperiment(background: background, backgroundError: error)
    let found = try limit.medianUpperLimit(in: experiment, method: .profile)
    let marginal = try limit.medianUpperLimit(in: experiment)
    // All is nearly Gaussian: what is left is a part of one count in some 300.
    #expect(abs(found / marginal - 1) < 4e-3, "\(found) \(marginal)")
  }

  @Test("A known background leaves CLs", .tags(.identity))
  func known() throws {
    let experiment = try CountingExperiment(background: 3.3)
    #expect(
      try limit.upperLimit(observed: 5, in: experiment, method: .profile)
        == limit.upperLimit(observed: 5, background: 3.3))
  }

  @Test(
    "Asymptotic limits of pyhf", .tags(.reference),
    arguments: [
      // pyhf 0.7.6, upper_limit with its default calculator, shapesys or normsys of one bin.
      (0, 0.0, 0.0, CountingExperiment.BackgroundLaw.gamma, 0.0, 1.92072941),
      (3, 3, 0, .gamma, 0, 4.77928637), (3, 3, 1, .gamma, 0, 5.04774866),
      (10, 5, 2, .gamma, 0, 12.03914319), (1, 4, 3, .gamma, 0, 3.4925013),
      (100, 90, 20, .gamma, 0, 47.58931069), (3, 3, 1, .gamma, 0.2, 5.36344384),
      (3, 3, 1, .logNormal, 0, 4.97770037), (0, 5, 1, .logNormal, 0, 2.66079244),
    ])
  func asymptotic(
    observed: Int, background: Double, error: Double, law: CountingExperiment.BackgroundLaw,
    signalError: Double, expected: Double
  ) throws {
    let experiment = try CountingExperiment(
      background: background, backgroundError: error, backgroundLaw: law, signalError: signalError)
    let found = try limit.asymptoticUpperLimit(observed: observed, in: experiment)
    // 1e-6: pyhf's fits; 1e-5 for the polynomial by which it replaces the log-normal law within one deviation.
    #expect(abs(found / expected - 1) < (law == .gamma ? 1e-6 : 1e-5), "\(found)")
  }

  @Test("Many events bring the exact limits to the asymptotic one", .tags(.limit))
  func manyEvents() throws {
    for (background, tolerance) in [(1e3, 0.02), (1e5, 2e-3), (1e7, 2e-4)] {
      let experiment = try CountingExperiment(
        background: background, backgroundError: background.squareRoot())
      let asymptotic = try limit.asymptoticUpperLimit(observed: Int(background), in: experiment)
      for method in [LimitMethod.cls, .profile] {
        let exact = try limit.upperLimit(observed: Int(background), in: experiment, method: method)
        // Whole counts and skewness: of order 1/√b.
        #expect(abs(exact / asymptotic - 1) < tolerance, "\(method) \(background)")
      }
    }
  }
}

import Calculus
import Foundation
import Statistics
import Testing

@Suite("Limits over a background with an error")
struct CountingExperimentTests {
  private let limit = CountingLimit(confidenceLevel: 0.95)

  @Test(
    "The limit is where CLs of two negative binomial laws is 1 - CL", .tags(.property),
    arguments: [
      (1, 0.2, 1.5, 0.0), (3, 3, 1, 0), (4, 1, 3, 0), (10, 5, 2, 0), (100, 90, 20, 0),
      (40, 60, 3, 0), (3, 3, 1, 0.2), (10, 5, 2, 0.3), (4, 2, 1, 1),
    ])
  func sums(observed: Int, background: Double, error: Double, signalError: Double) throws {
    let experiment = try CountingExperiment(
      background: background, backgroundError: error, signalError: signalError)
    let s = try limit.upperLimit(observed: observed, in: experiment)
    func sum(_ signal: Double) -> Double {
      Sums.both(
        upTo: observed, signal: signal, signalError: signalError, background: background,
        error: error)
    }
    // 1e-9 relative: lgamma of a hundred, and the root; 1e-6 where an integral stands inside of another.
    #expect(abs(sum(s) / sum(0) / 0.05 - 1) < (signalError > 0 ? 1e-6 : 1e-9))
  }

  @Test(
    "Limits by negative binomial sums and quadrature in another language", .tags(.reference),
    arguments: [
      // SciPy 1.17: nbinom and poisson summed, brentq to 1e-12; the log-normal law by quad.
      (3, 3.0, 1.0, CountingExperiment.BackgroundLaw.gamma, 0.0, 5.673927232001707),
      (4, 1, 3, .gamma, 0, 8.924169424200615), (100, 90, 20, .gamma, 0, 48.93583550748071),
      (3, 3, 1, .logNormal, 0, 5.553516762528654), (10, 5, 2, .logNormal, 0, 12.350271360762012),
      (4, 1, 3, .logNormal, 0, 8.281262225085483), (3, 3, 1, .gamma, 0.2, 6.094456397476051),
      (0, 1, 0.5, .gamma, 0.2, 3.1826098520428046),
    ])
  func reference(
    observed: Int, background: Double, error: Double, law: CountingExperiment.BackgroundLaw,
    signalError: Double, expected: Double
  ) throws {
    let experiment = try CountingExperiment(
      background: background, backgroundError: error, backgroundLaw: law, signalError: signalError)
    let found = try limit.upperLimit(observed: observed, in: experiment)
    // 1e-10: the quadrature there asks for 1e-12; 1e-7 of an integral inside of another.
    #expect(abs(found / expected - 1) < (signalError > 0 ? 1e-7 : 1e-10), "\(found)")
  }

  @Test(
    "Large counts", .tags(.reference),
    arguments: [
      // mpmath in 40 digits up to 10⁴, SciPy's gammaincc beyond.
      (300, 290.0, 42.79398578882659, 1e-11), (1000, 1000, 63.71676326002109, 1e-11),
      (10_000, 10_050, 167.7809344420497, 1e-10), (1_000_000, 1e6, 1961.6841676323634, 1e-9),
      (1_000_000_000, 1e9, 61981.22286992834, 1e-8),
    ])
  func largeCounts(observed: Int, background: Double, expected: Double, tolerance: Double) {
    // A mean is rounded to 10⁻¹⁶ of itself and the limit is some 2√n: √n 10⁻¹⁶, and as much in the reference.
    let found = limit.upperLimit(observed: observed, background: background)
    #expect(abs(found / expected - 1) < tolerance, "\(found)")
  }

  @Test(
    "What is too small to matter is none: no method fails or hangs on it", .tags(.limit),
    arguments: [
      (1e-300, 0.0, 0.0, 0.0), (.leastNonzeroMagnitude, .leastNonzeroMagnitude, 0, 0),
      (1e-53, 0, 0, 0), (-0.0, 0, 0, 0),
      (1e9, 1e-300, 0, 1e9), (49, .leastNonzeroMagnitude, 1e-300, 49),
      (0.0013, 1e-21, 1e-300, 0.0013),
    ])
  func negligible(background: Double, error: Double, signalError: Double, remaining: Double) throws
  {
    let experiment = try CountingExperiment(
      background: background, backgroundError: error, signalError: signalError)
    #expect(experiment == (try CountingExperiment(background: remaining)))
    #expect(experiment.background.sign == .plus)
    for method in [LimitMethod.cls, .feldmanCousins, .profile] {
      let found = try limit.upperLimit(observed: 3, in: experiment, method: method)
      let expected = try limit.upperLimit(
        observed: 3, in: CountingExperiment(background: remaining), method: method)
      #expect(found == expected && found > 0)
    }
    #expect(try limit.expectedUpperLimits(in: experiment).median > 0)
  }

  @Test(
    "With nothing observed neither background nor its error matters", .tags(.identity),
    arguments: [0.5, 3, 1e3, 1e6], [0.01, 0.3, 1, 3])
  func nothingObserved(background: Double, relativeError: Double) throws {
    for law in CountingExperiment.BackgroundLaw.allCases {
      let experiment = try CountingExperiment(
        background: background, backgroundError: relativeError * background, backgroundLaw: law)
      #expect(try limit.upperLimit(observed: 0, in: experiment) == -log(1 - 0.95))
    }
  }

  @Test(
    "With nothing observed a signal of error δ has the limit ((1 - CL)^(-δ²) - 1)/δ²",
    .tags(.identity))
  func nothingObservedOfAnUncertainSignal() throws {
    for delta in [0.05, 0.2, 1] {
      let experiment = try CountingExperiment(background: 2, signalError: delta)
      let variance = delta * delta
      let expected = (pow(0.05, -variance) - 1) / variance
      // 1e-9: P(0 | s) = (1 + δ² s)^(-1/δ²), against an integral of 1e-12.
      #expect(abs(try limit.upperLimit(observed: 0, in: experiment) / expected - 1) < 1e-9)
    }
  }

  @Test("CLs is the Bayesian limit with a flat prior", .tags(.identity))
  func flatPrior() throws {
    let (n, b, e) = (4, 2.5, 1.2)
    let s = try limit.upperLimit(
      observed: n, in: CountingExperiment(background: b, backgroundError: e))
    func likelihood(_ signal: Double) -> Double {
      (0...n).reduce(0) {
        $0 + Sums.negativeBinomial($1, mean: b, error: e) * Sums.poisson(n - $1, signal)
      }
    }
    let rule = GaussLegendre.order64
    let above = rule.integrate(over: [s, 20, 40, 80], likelihood)
    let all = rule.integrate(over: [0, s], likelihood) + above
    // 1e-9: beyond 80 the likelihood is below 10⁻²⁶.
    #expect(abs(above / all / 0.05 - 1) < 1e-9)
  }

  @Test(
    "An error that vanishes leaves the limit of a known background", .tags(.limit),
    arguments: CountingExperiment.BackgroundLaw.allCases, [(0, 1.0), (3, 3.0), (120, 100.0)])
  func noError(law: CountingExperiment.BackgroundLaw, counts: (Int, Double)) throws {
    let (observed, background) = counts
    let known = limit.upperLimit(observed: observed, background: background)
    for relativeError in [1e-3, 1e-5, 1e-9] {
      let experiment = try CountingExperiment(
        background: background, backgroundError: relativeError * background, backgroundLaw: law)
      let found = try limit.upperLimit(observed: observed, in: experiment)
      // The log-normal law's mean lies E²/2b above b, and variances add: of order (E/b)² b.
      #expect(abs(found / known - 1) < relativeError * relativeError * background + 1e-9)
    }
  }

  @Test("A background that vanishes leaves the limit without one", .tags(.limit))
  func noBackground() throws {
    for observed in [0, 1, 2, 7] {
      let none = limit.upperLimit(observed: observed, background: 0)
      for (relativeError, tolerance) in [(0.0, 1e-7), (0.5, 1e-7), (3, 1e-6)] {
        let experiment = try CountingExperiment(
          background: 1e-8, backgroundError: relativeError * 1e-8)
        let found = try limit.upperLimit(observed: observed, in: experiment)
        // Linear in b, with the factor 1 + (E/b)² of the counts that a gamma law adds.
        #expect(abs(found - none) < tolerance, "\(observed) \(relativeError)")
      }
    }
  }

  @Test("More error, more limit; more counts, more limit; more background, less", .tags(.property))
  func monotone() throws {
    func found(_ n: Int, _ b: Double, _ e: Double, _ method: LimitMethod = .cls) throws -> Double {
      try limit.upperLimit(
        observed: n, in: CountingExperiment(background: b, backgroundError: e), method: method)
    }
    func rises(_ values: [Double]) -> Bool {
      zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    }
    #expect(rises(try [0, 0.5, 1, 2, 4].map { try found(6, 4, $0) }))
    for method in [LimitMethod.cls, .profile] {
      #expect(rises(try (0...30).map { try found($0, 8, 2, method) }), "\(method)")
    }
    #expect(rises(try [9, 7, 5, 3, 1, 0.5].map { try found(6, $0, 0.2 * $0) }))
    #expect(
      rises(
        try [0, 0.1, 0.3, 1].map {
          try limit.upperLimit(observed: 6, in: CountingExperiment(background: 3, signalError: $0))
        }))
  }

  @Test("The classical limit falls with the background until there is none", .tags(.unit))
  func classical() throws {
    let none = try limit.upperLimit(
      observed: 2, in: CountingExperiment(background: 0), method: .poisson)
    let some = try limit.upperLimit(
      observed: 2, in: CountingExperiment(background: 4), method: .poisson)
    // 1e-9: P(n ≤ 2 | s + b) depends on the sum alone.
    #expect(abs(none - some - 4) < 1e-9)
    #expect(abs(none - 6.296) < 1e-3)
    #expect(throws: StatisticsError.emptyInterval(observed: 2, background: 7)) {
      try limit.upperLimit(observed: 2, in: CountingExperiment(background: 7), method: .poisson)
    }
  }

  @Test("What cannot be is refused, with words that mend it", .tags(.unit))
  func faults() {
    func refusal(_ b: Double, _ e: Double = 0, _ d: Double = 0) -> StatisticsError? {
      do throws(StatisticsError) {
        _ = try CountingExperiment(background: b, backgroundError: e, signalError: d)
        return nil
      } catch { return error }
    }
    #expect(refusal(0, 1) == .errorWithoutBackground(error: 1))
    #expect(refusal(1, 11) == .errorTooLarge(error: 11, background: 1))
    for fault in [
      refusal(-1), refusal(.nan), refusal(.infinity), refusal(2e12), refusal(1, -1),
      refusal(1, .nan),
      refusal(1, 0, 1.5), refusal(1, 0, .nan),
    ] {
      guard case .outOfRange = fault else {
        Issue.record("\(String(describing: fault))")
        continue
      }
    }
    #expect(refusal(0) == nil && refusal(1e12, 1e12, 1) == nil && refusal(1e-300, 1e-300) == nil)
    let known = StatisticsError.methodNeedsKnown(.feldmanCousins, what: "error of the background")
    #expect(throws: known) {
      try limit.upperLimit(
        observed: 3, in: CountingExperiment(background: 3, backgroundError: 1),
        method: .feldmanCousins)
    }
    #expect(known.description.contains("; use cls"))
    #expect(throws: StatisticsError.self) {
      try limit.upperLimit(observed: -1, in: CountingExperiment(background: 3))
    }
  }

  @Test("Counts from a thousand to 10¹² of every method are done in a second each", .tags(.unit))
  func speed() throws {
    let clock = ContinuousClock()
    for background in [1e3, 1e6, 1e9, 9.9e11] {
      for relativeError in [0, 1e-4, 0.1] {
        for method in LimitMethod.allCases where method != .feldmanCousins || relativeError == 0 {
          let experiment = try CountingExperiment(
            background: background, backgroundError: relativeError * background)
          let time = try clock.measure {
            let limits = try limit.expectedUpperLimits(
              in: experiment, method: method == .poisson ? .cls : method)
            #expect(limits.minus2 < limits.median && limits.median < limits.plus2)
          }
          #expect(time < .seconds(1), "\(background) \(relativeError) \(method): \(time)")
        }
      }
    }
  }
}

import Calculus

/// How an upper limit is made.
public enum LimitMethod: String, Sendable, Hashable, Codable, CaseIterable {
  /// `P(n ≤ observed | s) / P(n ≤ observed | 0) = 1 - CL`. The default; equal to a Bayesian limit with a flat prior in s.
  case cls
  /// `P(n ≤ observed | s) = 1 - CL`, the classical limit: not defined for counts far below the background.
  case poisson
  /// The upper end of the unified interval, whose lower end may be above zero.
  case feldmanCousins = "feldman-cousins"
  /// CLs with the profile likelihood ratio, and its law from all counts of search and control region.
  case profile
}

/// Upper limits on the mean of a counted signal.
///
/// Exact Poisson sums, no asymptotic formula, so that zero observed events give the 2.996 that they should. A limit takes
/// well under a millisecond where the background is known and a few where it is not, for any count.
public struct CountingLimit: Sendable, Hashable {
  /// The confidence level, such as 0.95.
  public let confidenceLevel: Double

  /// Limits at a confidence level in (0, 1).
  public init(confidenceLevel: Double) {
    precondition(confidenceLevel > 0 && confidenceLevel < 1, "a confidence level lies in (0, 1)")
    self.confidenceLevel = confidenceLevel
  }

  /// The CLs upper limit on the signal for `observed` counts over a known background; without background the classical
  /// Poisson limit, `-ln(1 - CL)` at zero counts.
  ///
  ///     P(n ≤ observed | s + b) / P(n ≤ observed | b) = 1 - CL
  ///
  /// Source: A. L. Read, J. Phys. G 28, 2693 (2002).
  public func upperLimit(observed: Int, background: Double) -> Double {
    precondition(observed >= 0 && background >= 0, "counts and background are not negative")
    return clsLimit(observed, CountingExperiment(known: background))
  }

  /// The upper limit on the signal for `observed` counts, by a method.
  ///
  /// - Throws: ``StatisticsError/emptyInterval(observed:background:)`` where ``LimitMethod/poisson`` has none;
  ///   ``StatisticsError/methodNeedsKnown(_:what:)`` for an error that the method cannot take.
  public func upperLimit(
    observed: Int, in experiment: CountingExperiment, method: LimitMethod = .cls
  ) throws(StatisticsError) -> Double {
    try Self.check(observed)
    return try limit(observed, experiment, method)
  }

  /// The limit for a count that is not checked: those of experiments without signal may lie above the largest background.
  func limit(
    _ observed: Int, _ experiment: CountingExperiment, _ method: LimitMethod
  ) throws(StatisticsError) -> Double {
    switch method {
    case .cls: clsLimit(observed, experiment)
    case .poisson: try classicalLimit(observed, experiment)
    case .feldmanCousins: try unifiedInterval(observed, experiment).upperBound
    case .profile: try profileLimit(observed, experiment)
    }
  }

  /// A count is a number from 0 to 10¹².
  static func check(_ observed: Int) throws(StatisticsError) {
    guard observed >= 0, Double(observed) <= CountingExperiment.largestCount else {
      throw .outOfRange(
        quantity: "the observed count", value: Double(observed), range: "between 0 and 1e12")
    }
  }

  /// CLs of the marginal likelihood.
  ///
  /// With nothing observed the background cancels, whatever its law: `P(0 | s)` is that of the signal alone times that of the
  /// background alone.
  private func clsLimit(_ observed: Int, _ experiment: CountingExperiment) -> Double {
    if observed == 0, experiment.signalError == 0 { return 0 - logAlpha }
    return limit(observed, experiment, over: experiment.logCumulative(observed, signal: 0))
  }

  /// The classical limit, with the marginal likelihood.
  private func classicalLimit(
    _ observed: Int, _ experiment: CountingExperiment
  ) throws(StatisticsError) -> Double {
    guard experiment.logCumulative(observed, signal: 0) > logAlpha else {
      throw .emptyInterval(observed: observed, background: experiment.background)
    }
    return limit(observed, experiment, over: 0)
  }

  /// `ln(1 - CL)`.
  var logAlpha: Double { Elementary.log(1 - confidenceLevel) }

  /// The signal with `ln P(n ≤ observed | s) = base + ln(1 - CL)`.
  private func limit(
    _ observed: Int, _ experiment: CountingExperiment, over base: Double
  ) -> Double {
    let target = base + logAlpha
    // Two averages are known to some 10⁻⁷.
    let isCoarse = experiment.signalError > 0 && experiment.backgroundError > 0
    return signal(
      startingAt: Self.guess(observed, experiment), precision: isCoarse ? 1e-8 : 1e-12
    ) {
      experiment.logCumulative(observed, signal: $0) - target
    }
  }

  /// Where a function that falls with the signal passes through zero.
  func signal(
    startingAt guess: Double, precision: Double = 1e-12, _ excess: (Double) -> Double
  ) -> Double {
    var (low, high) = (0.0, guess)
    while excess(high) > 0 {
      low = high
      high *= 2
    }
    return root(of: excess, from: low, to: high, tolerance: precision * high) ?? 0
  }

  /// A signal of the size of the limit.
  static func guess(_ observed: Int, _ experiment: CountingExperiment) -> Double {
    let n = Double(observed)
    let width =
      (n + 1 + experiment.backgroundError * experiment.backgroundError).squareRoot()
    return max(0, n - experiment.background) + 2 * width + 3
  }
}

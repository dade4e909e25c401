import Calculus

/// How improbable a count is without a signal.
public struct DiscoverySignificance: Sendable, Hashable {
  /// `ln P(n ≥ observed | b)`; minus infinity for events without background.
  public let logPValue: Double
  /// The one-sided number of standard deviations of a normal law with that tail, below zero for a deficit; `nil` if it has no
  /// bound, for a probability of 0 or 1.
  public let standardDeviations: Double?

  /// `P(n ≥ observed | b)`; below 10⁻³⁰⁷ it is 0, and ``logPValue`` still tells.
  public var pValue: Double { Elementary.exp(logPValue) }

  init(logAtLeast: Double, logBelow: Double) {
    logPValue = logAtLeast
    standardDeviations =
      logAtLeast > -.infinity && logBelow > -.infinity
      ? NormalLaw.standardDeviations(logTail: logAtLeast, logOther: logBelow) : nil
  }
}

extension CountingExperiment {
  /// The probability of as many events or more from background alone, exact, with the error of the background averaged over, and
  /// its one-sided significance.
  ///
  /// Source: with a gamma law of the background that of Z_Bi, R. D. Cousins, J. T. Linnemann, J. Tucker,
  /// Nucl. Instrum. Meth. A 595, 480 (2008), arXiv:physics/0702156.
  public func discoverySignificance(observed: Int) throws(StatisticsError) -> DiscoverySignificance
  {
    try CountingLimit.check(observed)
    return significance(of: observed)
  }

  private func significance(of observed: Int) -> DiscoverySignificance {
    guard observed > 0 else { return DiscoverySignificance(logAtLeast: 0, logBelow: -.infinity) }
    return DiscoverySignificance(
      logAtLeast: logAtLeast(observed, signal: 0), logBelow: logCumulative(observed - 1, signal: 0))
  }

  /// The significance that a signal is expected to have: that of the median count with it, exact.
  ///
  /// Counts are whole, so that it steps up with the signal. It is `nil` where the median count is 0, which has the probability 1.
  ///
  /// - Throws: ``StatisticsError/noBackground`` where no background makes any event a discovery.
  public func medianSignificance(signal: Double) throws(StatisticsError) -> Double? {
    try checkSignal(signal)
    return significance(of: quantile(0.5, signal: signal)).standardDeviations
  }

  /// The significance of the counts expected with a signal, in the asymptotic formula for a background of
  /// error σ from a control region:
  ///
  ///     Z_A² = 2 { (s + b) ln[(s + b)(b + σ²)/(b² + (s + b)σ²)] - (b²/σ²) ln[1 + σ² s/(b (b + σ²))] }
  ///
  /// and `2 {(s + b) ln(1 + s/b) - s}` for σ = 0. The error of the signal does not enter.
  ///
  /// Source: arXiv:1007.1727, eq. (97); G. Cowan, "Discovery sensitivity for a counting experiment with background
  /// uncertainty" (2012), eq. (20).
  ///
  /// - Throws: ``StatisticsError/noBackground`` without background.
  public func asimovSignificance(signal s: Double) throws(StatisticsError) -> Double {
    try checkSignal(s)
    let (b, variance) = (background, backgroundError * backgroundError)
    let first = (s + b) * PoissonLaw.logOnePlus(s * b / (b * b + (s + b) * variance))
    let second =
      variance > 0
      ? b * b / variance * PoissonLaw.logOnePlus(variance * s / (b * (b + variance))) : s
    return (2 * max(0, first - second)).squareRoot()
  }

  private func checkSignal(_ signal: Double) throws(StatisticsError) {
    guard signal >= 0, signal <= Self.largestCount else {
      throw .outOfRange(quantity: "the signal", value: signal, range: "between 0 and 1e12")
    }
    guard background > 0 else { throw .noBackground }
  }
}

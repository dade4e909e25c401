import Calculus

/// The unified interval for a Poisson signal over a known background, ordered by the likelihood ratio
///
///     R(n) = P(n | s + b) / P(n | s_best + b),   s_best = max(0, n - b)
///
/// A count is accepted at s if the counts of larger R have together less than CL. ln R rises up to n = s + b and falls beyond,
/// so that these are all counts between the observed one and one on the other side, k. As s grows, k steps at signals known in closed
/// form; between two steps the probability rises, then falls.
///
/// Source: G. J. Feldman, R. D. Cousins, Phys. Rev. D 57, 3873 (1998).
struct FeldmanCousins {
  let observed: Int
  let background: Double
  /// 1 - CL.
  let alpha: Double

  private var count: Double { Double(observed) }

  /// The upper end: the largest accepted signal, for this background or any larger one.
  ///
  /// At a fixed background more of it would now and then give a larger upper end, as counts are whole; the intervals are lengthened
  /// so that this does not happen, as in the source (section IV B) and its tables.
  func upper() -> Double {
    let (found, last) = largestAccepted()
    var end = found
    for k in max(last - 1, observed + 1)...last + Self.foresight {
      if let later = endOfLaterBackground(k) { end = max(end, later) }
    }
    return end
  }

  /// Where, for a larger background, the end of step k comes to be accepted: what is accepted falls with the background but there.
  private func endOfLaterBackground(_ k: Int) -> Double? {
    // The probability below and above is smallest somewhere; its second crossing of 1 - CL is wanted.
    func beyond(_ mean: Double) -> Double { rest(below: mean - background, k) }
    let high = Double(k + 1)
    let lowest = maximum(of: { -beyond($0) }, from: count, to: high, tolerance: 1e-4 * high)
    guard beyond(lowest) < 0, beyond(high) > 0,
      let mean = root(of: beyond, from: lowest, to: high, tolerance: 1e-12 * high)
    else { return nil }
    func excess(_ background: Double) -> Double {
      let later = FeldmanCousins(observed: observed, background: background, alpha: alpha)
      return later.step(k + 1) + background - mean
    }
    let least = max(background, count)
    guard least < high,
      let background = root(of: excess, from: least, to: high, tolerance: 1e-12 * high)
    else { return nil }
    return mean - background
  }

  /// The largest accepted signal, and the step in which it lies.
  private func largestAccepted() -> (signal: Double, step: Int) {
    // Below the background all ratios are 1 at s = 0: those counts are between from the start.
    let first = max(observed, Int(background))
    // Where step k ends the counts up to k are between.
    func isAcceptedAtEnd(_ k: Int) -> Bool { isAcceptedBelow(step(k + 1), k) }
    var low = first
    var high = first + 1
    while isAcceptedAtEnd(high) {
      low = high
      high += max(1, high - first)
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if isAcceptedAtEnd(middle) { low = middle } else { high = middle }
    }
    // Acceptance is not quite monotone: a later step may have an accepted signal again.
    for k in stride(from: low + Self.foresight, through: low + 1, by: -1) {
      if isAcceptedAtEnd(k) { return (step(k + 1), k) }
      let start = step(k)
      if isAcceptedBelow(start, k) {
        let end = root(
          of: { rest(below: $0, k) }, from: start, to: step(k + 1), tolerance: 1e-12 * (1 + start))
        return (end ?? start, k)
      }
    }
    return (isAcceptedAtEnd(low) ? step(low + 1) : firstRoot(low), low)
  }

  /// The end within the first step, which begins at no signal.
  private func firstRoot(_ k: Int) -> Double {
    root(of: { rest(below: $0, k) }, from: 0, to: step(k + 1), tolerance: 1e-12) ?? 0
  }

  /// The smallest accepted signal.
  func lower() -> Double {
    guard count > background, rest(above: 0, 0) <= 0 else { return 0 }
    func isAcceptedAtEnd(_ k: Int) -> Bool { rest(above: step(k), k) > 0 }
    var low = -1
    var high = observed - 1
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if isAcceptedAtEnd(middle) { high = middle } else { low = middle }
    }
    for k in max(0, high - Self.foresight)...high {
      let start = k == 0 ? 0 : step(k - 1)
      if rest(above: start, k) > 0 { return start }
      if isAcceptedAtEnd(k) {
        return root(
          of: { rest(above: $0, k) }, from: start, to: step(k), tolerance: 1e-12 * (1 + start))
          ?? start
      }
    }
    return step(high)
  }

  /// How many steps acceptance may come and go: the probability of one count against its change over a step.
  private static let foresight = 20

  private func isAcceptedBelow(_ signal: Double, _ k: Int) -> Bool { rest(below: signal, k) > 0 }

  /// What observed and lower counts, and those above k, have beyond 1 - CL.
  private func rest(below signal: Double, _ k: Int) -> Double {
    let mean = signal + background
    return Elementary.exp(PoissonLaw.logCumulative(count, mean: mean))
      + Elementary.exp(PoissonLaw.logAtLeast(Double(k + 1), mean: mean)) - alpha
  }

  /// What observed and higher counts, and those below k, have beyond 1 - CL.
  private func rest(above signal: Double, _ k: Int) -> Double {
    let mean = signal + background
    return Elementary.exp(PoissonLaw.logAtLeast(count, mean: mean))
      + Elementary.exp(PoissonLaw.logCumulative(Double(k - 1), mean: mean)) - alpha
  }

  /// The signal at which k is as likely a count, by R, as the observed one:
  ///
  ///     ln(s + b) = (k ln m_k - m_k - n ln m_n + m_n)/(k - n),   m_j = max(j, b)
  ///
  /// written around n or b, so that nothing cancels at large counts.
  func step(_ k: Int) -> Double {
    let k = Double(k)
    let (n, b) = (count, background)
    if min(k, n) >= b {
      if n == 0 { return k * Self.inverseE - b }
      if k == 0 { return n * Self.inverseE - b }
      let u = (k - n) / n
      return (n - b)
        + n * Elementary.expMinusOne(u - (1 + u) * PoissonLaw.excessOverLog(u) / u)
    }
    // One of the two lies below the background, where m = b.
    let above = max(k, n)
    guard above > b else { return 0 }
    let v = (above - b) / b
    // (1 + v) ln(1 + v) - v, where v² would cancel for small and swamp for large v.
    let excess =
      v < 1
      ? v * v - (1 + v) * PoissonLaw.excessOverLog(v) : (1 + v) * Elementary.log(1 + v) - v
    let logRatio = b * excess / abs(k - n)
    return b * Elementary.expMinusOne(logRatio)
  }

  private static let inverseE = 0.367_879_441_171_442_33
}

extension CountingLimit {
  /// The unified interval of Feldman and Cousins: its lower end is above zero where background alone is not accepted.
  ///
  /// Acceptance as a function of s may have gaps; the interval spans them. Its upper end never rises with the background:
  /// where it would, as counts are whole, it is lengthened as in the source's tables.
  ///
  /// - Throws: ``StatisticsError/methodNeedsKnown(_:what:)`` if background or signal have an error.
  public func feldmanCousinsInterval(
    observed: Int, in experiment: CountingExperiment
  ) throws(StatisticsError) -> ClosedRange<Double> {
    try Self.check(observed)
    return try unifiedInterval(observed, experiment)
  }

  /// The interval for a count that is not checked.
  func unifiedInterval(
    _ observed: Int, _ experiment: CountingExperiment
  ) throws(StatisticsError) -> ClosedRange<Double> {
    guard experiment.backgroundError == 0 else {
      throw .methodNeedsKnown(.feldmanCousins, what: "error of the background")
    }
    guard experiment.signalError == 0 else {
      throw .methodNeedsKnown(.feldmanCousins, what: "error of the signal")
    }
    let unified = FeldmanCousins(
      observed: observed, background: experiment.background, alpha: 1 - confidenceLevel)
    let lower = unified.lower()
    return lower...max(lower, unified.upper())
  }
}

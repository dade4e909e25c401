import Calculus

/// Upper limits on the mean of a counted signal.
///
/// Exact Poisson, with a known background: no asymptotic formula, so that zero observed events give the 2.996 that
/// they should.
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
    let base = Self.logCumulative(observed, mean: background)
    let alpha = 1 - confidenceLevel
    var high = 10.0 + 2 * Double(observed)
    func excess(_ s: Double) -> Double {
      Elementary.exp(Self.logCumulative(observed, mean: s + background) - base) - alpha
    }
    while excess(high) > 0 { high *= 2 }
    return root(of: excess, from: 0, to: high, tolerance: 1e-12 * high) ?? high
  }

  /// The median of the upper limit over experiments with background alone: the limit at the median count. Counts are
  /// whole, so that it steps up with the median count and falls a little in between.
  public func medianUpperLimit(background: Double) -> Double {
    // The median is never below mean - ln 2 (K. P. Choi, Proc. Am. Math. Soc. 121, 245 (1994)).
    var median = max(Int(background) - 1, 0)
    let half = -0.693_147_180_559_945_3
    while Self.logCumulative(median, mean: background) < half { median += 1 }
    return upperLimit(observed: median, background: background)
  }

  /// `ln P(n ≤ count)` for a Poisson law, however improbable. Cost: O(count).
  static func logCumulative(_ count: Int, mean: Double) -> Double {
    guard mean > 0 else { return 0 }
    let peak = min(count, Int(min(mean, 1e15)))
    // The largest term by its logarithm, the others as ratios to it: nothing overflows or vanishes.
    var logPeak = CompensatedSum()
    logPeak.add(-mean)
    for k in stride(from: 1, through: peak, by: 1) { logPeak.add(Elementary.log(mean / Double(k))) }
    var sum = 1.0
    var ratio = 1.0
    for k in stride(from: peak, to: 0, by: -1) where ratio > 1e-20 {
      ratio *= Double(k) / mean
      sum += ratio
    }
    ratio = 1
    for k in stride(from: peak + 1, through: count, by: 1) {
      ratio *= mean / Double(k)
      sum += ratio
    }
    return min(logPeak.value + Elementary.log(sum), 0)
  }
}

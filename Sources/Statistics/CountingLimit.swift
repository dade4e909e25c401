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
    let base = Self.poissonCumulative(observed, mean: background)
    let alpha = 1 - confidenceLevel
    var high = 10.0 + 2 * Double(observed)
    func excess(_ s: Double) -> Double {
      Self.poissonCumulative(observed, mean: s + background) / base - alpha
    }
    while excess(high) > 0 { high *= 2 }
    return root(of: excess, from: 0, to: high, tolerance: 1e-12 * high) ?? high
  }

  /// The median of the upper limit over experiments with background alone: the limit at the median count.
  public func medianUpperLimit(background: Double) -> Double {
    var median = 0
    while Self.poissonCumulative(median, mean: background) < 0.5 { median += 1 }
    return upperLimit(observed: median, background: background)
  }

  /// `P(n ≤ count)` for a Poisson law. Cost: O(count).
  static func poissonCumulative(_ count: Int, mean: Double) -> Double {
    guard mean > 0 else { return 1 }
    // Terms by their logarithms: means of thousands neither overflow nor vanish.
    var logTerm = -mean
    var sum = Elementary.exp(logTerm)
    for k in stride(from: 1, through: count, by: 1) {
      logTerm += Elementary.log(mean / Double(k))
      sum += Elementary.exp(logTerm)
    }
    return min(sum, 1)
  }
}

import Calculus

// Probabilities of counts. Whether ln β and ln ε enter a falling or a rising tail of a Poisson law, its logarithm is
// concave in them, and so are the laws themselves: one peak each.

extension CountingExperiment {
  /// The background over b, where it is not known.
  private var backgroundFactor: UncertainFactor? {
    guard backgroundError > 0 else { return nil }
    let ratio = background / backgroundError
    switch backgroundLaw {
    case .gamma: return .gamma(shape: ratio * ratio)
    case .logNormal: return .logNormal(width: PoissonLaw.logOnePlus(1 / ratio))
    }
  }

  /// The signal's efficiency over its expectation, where it is not known.
  private var signalFactor: UncertainFactor? {
    signalError > 0 ? .gamma(shape: 1 / (signalError * signalError)) : nil
  }

  /// `ln P(n ≤ count | s)`.
  func logCumulative(_ count: Int, signal: Double) -> Double {
    let count = Double(count)
    return logMean(signal: signal, count: count) { PoissonLaw.logCumulative(count, mean: $0) }
  }

  /// `ln P(n ≥ count | s)`.
  func logAtLeast(_ count: Int, signal: Double) -> Double {
    let count = Double(count)
    return logMean(signal: signal, count: count) { PoissonLaw.logAtLeast(count, mean: $0) }
  }

  /// The logarithm of the mean of a probability that depends on the mean count.
  private func logMean(
    signal: Double, count: Double, _ logProbability: (Double) -> Double
  ) -> Double {
    // A mean is rounded to 10⁻¹⁶ of itself, 10⁻¹⁶ √n of its spread: no integral is finer than that.
    let tolerance = 1e-13 + 1e-15 * max(count, background).squareRoot()
    func overBackground(_ signal: Double, _ tolerance: Double) -> Double {
      guard let backgroundFactor else { return logProbability(signal + background) }
      return backgroundFactor.logMean(tolerance: tolerance) {
        logProbability(signal + background * Elementary.exp($0))
      }
    }
    guard signal > 0, let signalFactor else { return min(overBackground(signal, tolerance), 0) }
    // An integral inside of an integral: less is asked of both, and of the outer one less than the inner one gives.
    let coarse = max(tolerance, 1e-8)
    return min(
      signalFactor.logMean(tolerance: backgroundFactor == nil ? 10 * tolerance : 30 * coarse) {
        overBackground(signal * Elementary.exp($0), coarse)
      }, 0)
  }

  /// The smallest count with `P(n ≤ count | s) ≥ fraction`.
  func quantile(_ fraction: Double, signal: Double = 0) -> Int {
    let mean = signal + background
    let target = Elementary.log(fraction)
    func isBelow(_ count: Int) -> Bool {
      // Rounding must not make the next count out of a fraction that is met exactly.
      logCumulative(count, signal: signal) < target - 1e-12
    }
    let spread =
      (mean + backgroundError * backgroundError
      + signal * signal * signalError * signalError).squareRoot()
    var step = max(1, Int(spread))
    var low = max(-1, Int(mean) - step)
    while low >= 0, !isBelow(low) {
      low = max(-1, low - step)
      step *= 2
    }
    var high = max(low + 1, Int(mean))
    while isBelow(high) {
      low = high
      high += step
      step *= 2
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if isBelow(middle) { low = middle } else { high = middle }
    }
    return high
  }
}

import Calculus

/// The profile likelihood ratio of one count with its auxiliary measurements, for signals of zero or more.
///
///     L(s) = Poisson(n; ε s + β) · π(β; its measurement) · π(ε; its measurement)
///     q(s) = -2 ln L(s)/L(ŝ), 0 for s < ŝ,   ŝ ≥ 0
///
/// A gamma law is a Poisson measurement of shape·factor counts, a log-normal law a normal measurement of ln β. All
/// likelihoods are taken relative to a perfect fit, so that nothing cancels at large counts.
///
/// Source: G. Cowan, K. Cranmer, E. Gross, O. Vitells, arXiv:1007.1727, eq. (16).
struct LikelihoodRatio {
  let experiment: CountingExperiment
  /// The count; an expected one need not be whole.
  let count: Double
  /// Where the measurement of ln(β/b) lies; 0 unless the data are made up.
  var backgroundOffset = 0.0

  /// `q(s)`.
  func statistic(_ signal: Double) -> Double {
    let best = experiment.background * Elementary.exp(backgroundOffset)
    if count - best >= signal { return 0 }
    let reference = count >= best ? 0 : deviance(0)
    return max(0, 2 * (deviance(signal) - reference))
  }

  /// `-ln L(s)` of the best background and efficiency, relative to a perfect fit.
  func deviance(_ signal: Double) -> Double { deviance(signal, at: offset(signal)) }

  /// The best `ln(β/b)` for a signal: where the derivative of ln L vanishes.
  func offset(_ signal: Double) -> Double {
    guard experiment.backgroundError > 0 else { return 0 }
    func slope(_ w: Double) -> Double {
      let background = experiment.background * Elementary.exp(w)
      return pull(background, signal) * background - constraint(w).slope
    }
    // Too little background pulls up, too much pulls down.
    var step = experiment.backgroundError / experiment.background
    var (low, high) = (backgroundOffset, backgroundOffset)
    while slope(low) < 0 {
      high = low
      low -= step
      step *= 2
    }
    while slope(high) > 0 {
      low = high
      high += step
      step *= 2
    }
    return root(of: slope, from: low, to: high, tolerance: 1e-14 * (high - low)) ?? low
  }

  private func deviance(_ signal: Double, at w: Double) -> Double {
    let background = experiment.background * Elementary.exp(w)
    let efficiency = efficiency(background, signal)
    var sum =
      Self.deviance(of: count, at: efficiency * signal + background) + constraint(w).deviance
    if experiment.signalError > 0 {
      let shape = 1 / (experiment.signalError * experiment.signalError)
      sum += Self.deviance(of: shape, at: shape * efficiency)
    }
    return sum
  }

  /// `n/ν - 1`.
  private func pull(_ background: Double, _ signal: Double) -> Double {
    let mean = efficiency(background, signal) * signal + background
    return mean > 0 ? (count - mean) / mean : 0
  }

  /// The best efficiency: `s n/(ε s + β) - s + k/ε - k = 0`, quadratic in ε.
  private func efficiency(_ background: Double, _ signal: Double) -> Double {
    guard signal > 0, experiment.signalError > 0 else { return 1 }
    let k = 1 / (experiment.signalError * experiment.signalError)
    let a = signal * (signal + k)
    let half = 0.5 * (background * (signal + k) - signal * (count + k))
    let product = background * k
    let discriminant = (half * half + a * product).squareRoot()
    return half > 0 ? product / (half + discriminant) : (discriminant - half) / a
  }

  /// What the measurement of the background adds, and its derivative.
  private func constraint(_ w: Double) -> (deviance: Double, slope: Double) {
    guard experiment.backgroundError > 0 else { return (0, 0) }
    let ratio = experiment.background / experiment.backgroundError
    switch experiment.backgroundLaw {
    case .gamma:
      let measured = ratio * ratio * Elementary.exp(backgroundOffset)
      let expected = ratio * ratio * Elementary.exp(w)
      return (Self.deviance(of: measured, at: expected), expected - measured)
    case .logNormal:
      let width = PoissonLaw.logOnePlus(1 / ratio)
      let pull = (w - backgroundOffset) / width
      return (0.5 * pull * pull, pull / width)
    }
  }

  /// `ν - n - n ln(ν/n)`: of a Poisson law, relative to its best mean.
  static func deviance(of count: Double, at mean: Double) -> Double {
    guard count > 0 else { return mean }
    return count * PoissonLaw.excessOverLog((mean - count) / count)
  }
}

import Calculus

/// The law of the profile likelihood ratio, from all counts n of the search and m of a control region.
///
///     n ~ Poisson(s + β),   m ~ Poisson(r β),   r = b/E²,   m₀ = (b/E)² seen
///
/// At fixed m the ratio q falls with n, at fixed n it rises with m: what is as extreme as the data is a staircase, summed along
/// the shorter side with the other one in closed form. Where both are long, whole counts do not matter and the sum is an integral.
struct ProfileCounts {
  let observed: Double
  /// m₀.
  let control: Double
  /// r.
  let ratio: Double

  /// Above this standard deviation of a count its single values are not summed.
  private static let longest = 150.0

  /// `ln CLs`: of a q as large as that of the data, with the signal and without it.
  func logCLs(_ signal: Double) -> Double {
    let q = statistic(observed, control, signal)
    guard q > 0 else { return 0 }
    // Rounding must not make the data less extreme than they are.
    let threshold = q * (1 - 1e-9)
    let with = bestBackground(observed, control, signal)
    let without = bestBackground(observed, control, 0)
    let laws = [(signal + with, with), (without, without)]
    let sums: [Double]
    if (ratio * max(with, without)).squareRoot() <= Self.longest {
      sums = sumOverControl(laws, signal, threshold)
    } else if laws[0].0.squareRoot() <= Self.longest {
      sums = sumOverSearch(laws, signal, threshold)
    } else {
      sums = integral(laws, signal, threshold)
    }
    return Elementary.log(max(sums[0], 1e-300)) - Elementary.log(max(sums[1], 1e-300))
  }

  /// `β` of the largest likelihood for a signal: `n/(s + β) + m/β = 1 + r`.
  private func bestBackground(_ n: Double, _ m: Double, _ signal: Double) -> Double {
    let a = 1 + ratio
    guard signal > 0 else { return (n + m) / a }
    let half = 0.5 * (a * signal - n - m)
    let discriminant = (half * half + a * m * signal).squareRoot()
    return half > 0 ? m * signal / (half + discriminant) : (discriminant - half) / a
  }

  /// `q` of two counts.
  private func statistic(_ n: Double, _ m: Double, _ signal: Double) -> Double {
    if n >= signal + m / ratio { return 0 }
    func deviance(_ signal: Double) -> Double {
      let background = bestBackground(n, m, signal)
      return LikelihoodRatio.deviance(of: n, at: signal + background)
        + LikelihoodRatio.deviance(of: m, at: ratio * background)
    }
    return max(0, 2 * (deviance(signal) - (n * ratio >= m ? 0 : deviance(0))))
  }

  /// The largest real n that is as extreme at m; `nil` if none is.
  private func edge(control m: Double, _ signal: Double, _ threshold: Double) -> Double? {
    guard statistic(0, m, signal) >= threshold else { return nil }
    let end = signal + m / ratio
    return root(
      of: { statistic($0, m, signal) - threshold }, from: 0, to: end, tolerance: 1e-10 * (1 + end))
  }

  /// The smallest real m that is as extreme at n.
  private func edge(search n: Double, _ signal: Double, _ threshold: Double) -> Double {
    if statistic(n, 0, signal) >= threshold { return 0 }
    var high = control + 1
    while statistic(n, high, signal) < threshold { high *= 2 }
    return root(
      of: { statistic(n, $0, signal) - threshold }, from: 0, to: high, tolerance: 1e-10 * high)
      ?? high
  }

  /// Nine standard deviations and as many counts on both sides of all means.
  private func range(_ means: [Double]) -> ClosedRange<Double> {
    let spread = 9 * means.reduce(0, max).squareRoot() + 9
    return max(
      0, (means.reduce(.infinity, min) - spread).rounded(.down))...(means.reduce(0, max) + spread)
      .rounded(.up)
  }

  private func sumOverControl(
    _ laws: [(mean: Double, background: Double)], _ signal: Double, _ threshold: Double
  ) -> [Double] {
    let means = laws.map { ratio * $0.background }
    var sums = [0.0, 0.0]
    let range = range(means)
    for m in stride(from: range.lowerBound, through: range.upperBound, by: 1) {
      guard let edge = edge(control: m, signal, threshold) else { continue }
      let count = (edge + 1e-8 * (1 + edge)).rounded(.down)
      for i in 0...1 {
        sums[i] += Elementary.exp(
          PoissonLaw.logProbability(m, mean: means[i])
            + PoissonLaw.logCumulative(count, mean: laws[i].mean))
      }
    }
    return sums
  }

  private func sumOverSearch(
    _ laws: [(mean: Double, background: Double)], _ signal: Double, _ threshold: Double
  ) -> [Double] {
    var sums = [0.0, 0.0]
    let range = range(laws.map(\.mean))
    for n in stride(from: range.lowerBound, through: range.upperBound, by: 1) {
      let edge = edge(search: n, signal, threshold)
      let count = (edge - 1e-8 * (1 + edge)).rounded(.up)
      for i in 0...1 {
        sums[i] += Elementary.exp(
          PoissonLaw.logProbability(n, mean: laws[i].mean)
            + PoissonLaw.logAtLeast(count, mean: ratio * laws[i].background))
      }
    }
    return sums
  }

  /// Steps of a sixth of a standard deviation along the count that tells the sharper of β, and half a count for the whole ones that
  /// a real edge stands for.
  private func integral(
    _ laws: [(mean: Double, background: Double)], _ signal: Double, _ threshold: Double
  ) -> [Double] {
    let controls = laws.map { ratio * $0.background }
    let controlIsSharper =
      controls[0].squareRoot() / ratio <= laws[0].mean.squareRoot()
    let means = controlIsSharper ? controls : laws.map(\.mean)
    let step = means.reduce(.infinity, min).squareRoot() / 6
    let range = range(means)
    var sums = [0.0, 0.0]
    for count in stride(from: range.lowerBound, through: range.upperBound, by: step) {
      let others: [Double]
      if controlIsSharper {
        guard let edge = edge(control: count, signal, threshold) else { continue }
        others = laws.map { PoissonLaw.logCumulative(max(0, edge - 0.5), mean: $0.mean) }
      } else {
        let edge = edge(search: count, signal, threshold)
        others = controls.map { PoissonLaw.logAtLeast(edge + 0.5, mean: $0) }
      }
      for i in 0...1 {
        sums[i] +=
          step * Elementary.exp(PoissonLaw.logProbability(count, mean: means[i]) + others[i])
      }
    }
    return sums
  }
}

extension CountingLimit {
  /// CLs with the profile likelihood ratio; with a known background the same as ``LimitMethod/cls``.
  ///
  /// Counts are whole, so that CLs has small steps in s: the limit is where it passes 1 - CL, to 10⁻⁶ of itself.
  func profileLimit(
    _ observed: Int, _ experiment: CountingExperiment
  ) throws(StatisticsError) -> Double {
    guard experiment.signalError == 0 else {
      throw .methodNeedsKnown(.profile, what: "error of the signal")
    }
    guard experiment.backgroundError > 0 else {
      return try limit(observed, experiment, .cls)
    }
    guard experiment.backgroundLaw == .gamma else {
      throw .methodNeedsKnown(.profile, what: "log-normal background, only gamma,")
    }
    let (b, error) = (experiment.background, experiment.backgroundError)
    let counts = ProfileCounts(
      observed: Double(observed), control: (b / error) * (b / error), ratio: b / (error * error))
    let target = logAlpha
    return signal(startingAt: Self.guess(observed, experiment), precision: 1e-6) {
      counts.logCLs($0) - target
    }
  }
}

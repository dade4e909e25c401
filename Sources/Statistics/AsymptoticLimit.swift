import Calculus

extension CountingLimit {
  /// The upper limit by the asymptotic formula for CLs, which other programs use: good for many events, wrong for few. Without
  /// background and events it gives 1.921 at 95 %, where the limit is 2.996.
  ///
  ///     CLs = (1 - Φ(t + √q_A))/(1 - Φ(t)),   t = √q - √q_A, or (q - q_A)/(2√q_A) for q > q_A
  ///
  /// with q of the data and q_A of the counts expected without signal, backgrounds at their best for the data.
  ///
  /// Source: arXiv:1007.1727, eqs. (16), (62), (65) and (66).
  public func asymptoticUpperLimit(
    observed: Int, in experiment: CountingExperiment
  ) throws(StatisticsError) -> Double {
    try Self.check(observed)
    let data = LikelihoodRatio(experiment: experiment, count: Double(observed))
    let offset = data.offset(0)
    let expected = LikelihoodRatio(
      experiment: experiment, count: experiment.background * Elementary.exp(offset),
      backgroundOffset: offset)
    let target = logAlpha
    return signal(startingAt: Self.guess(observed, experiment)) { signal in
      let (q, qA) = (data.statistic(signal), expected.statistic(signal))
      guard qA > 0 else { return -target }
      let root = qA.squareRoot()
      let t = q > qA ? (q - qA) / (2 * root) : q.squareRoot() - root
      return NormalLaw.logUpperTail(t + root) - NormalLaw.logUpperTail(t) - target
    }
  }
}

/// Upper limits that an experiment without a signal gives: the median and the bands of one and two standard deviations.
///
/// Counts are whole, so that each is the limit at a count: the smallest one with `P(n ≤ count | 0)` of 2.275, 15.87, 50,
/// 84.13 or 97.72 %.
public struct ExpectedLimits: Sendable, Hashable, Codable {
  /// At the median count.
  public var median: Double
  /// One standard deviation below the median.
  public var minus1: Double
  /// One standard deviation above the median.
  public var plus1: Double
  /// Two standard deviations below the median.
  public var minus2: Double
  /// Two standard deviations above the median.
  public var plus2: Double

  /// Normal probabilities below -2, -1, 0, 1 and 2 standard deviations.
  static let fractions = [
    0.022_750_131_948_179_2, 0.158_655_253_931_457_05, 0.5, 0.841_344_746_068_542_9,
    0.977_249_868_051_820_8,
  ]
}

extension CountingLimit {
  /// The median CLs upper limit over experiments with background alone: the signal that must be expected for it to be excluded in
  /// half of them.
  ///
  /// Counts are whole, so that it steps up with the median count and falls a little in between. The error of the background, as a
  /// gamma law, widens the law of counts and raises the limit at each.
  ///
  /// - Precondition: numbers that ``CountingExperiment`` takes.
  public func medianUpperLimit(background: Double, backgroundError: Double = 0) -> Double {
    do {
      return try medianUpperLimit(
        in: CountingExperiment(background: background, backgroundError: backgroundError))
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// The median upper limit over experiments with background alone.
  public func medianUpperLimit(
    in experiment: CountingExperiment, method: LimitMethod = .cls
  ) throws(StatisticsError) -> Double {
    try limit(experiment.quantile(0.5), experiment, method)
  }

  /// The median upper limit over experiments with background alone, and its bands.
  ///
  /// The law of counts includes the error of the background.
  ///
  /// - Throws: as ``upperLimit(observed:in:method:)``, for any of the five counts.
  public func expectedUpperLimits(
    in experiment: CountingExperiment, method: LimitMethod = .cls
  ) throws(StatisticsError) -> ExpectedLimits {
    var found: [Int: Double] = [:]
    var limits: [Double] = []
    for fraction in ExpectedLimits.fractions {
      let count = experiment.quantile(fraction)
      if let known = found[count] {
        limits.append(known)
        continue
      }
      let limit = try limit(count, experiment, method)
      found[count] = limit
      limits.append(limit)
    }
    return ExpectedLimits(
      median: limits[2], minus1: limits[1], plus1: limits[3], minus2: limits[0], plus2: limits[4])
  }
}

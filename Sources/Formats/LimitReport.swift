import Statistics
import Units

/// The answer of `limit`: the upper limit, what background alone would give, and how significant the count is.
public struct LimitReport: Sendable, Hashable {
  /// What was asked.
  public let request: LimitRequest
  /// The upper limit, or why there is none.
  public let upperLimit: Result<Double, StatisticsError>
  /// The lower end, of a unified interval.
  public let lowerLimit: Double?
  /// Limits of background alone, or why there are none; `nil` if no background was given.
  public let expected: Result<ExpectedLimits, StatisticsError>?
  /// How improbable the count is from background alone.
  public let discovery: DiscoverySignificance
  /// The expected significance of a given signal.
  public let expectedSignificance: Result<ExpectedSignificance, StatisticsError>?
  /// The limit of the asymptotic formula for CLs.
  public let asymptoticLimit: Double
  /// The exact limit that the asymptotic one stands for: CLs, with the profile likelihood if that is the method.
  public let exactLimit: Double

  /// The expected significance of a signal.
  public struct ExpectedSignificance: Sendable, Hashable {
    /// Of the expected counts, in the asymptotic formula.
    public var asimov: Double
    /// Of the median count, exact; `nil` where that is 0.
    public var median: Double?
  }

  /// The answer to a request.
  ///
  /// - Throws: ``StatisticsError/methodNeedsKnown(_:what:)`` for a method that cannot take an error.
  public init(_ request: LimitRequest) throws(StatisticsError) {
    self.request = request
    let limit = CountingLimit(confidenceLevel: request.confidenceLevel)
    let (observed, experiment, method) = (request.observed, request.experiment, request.method)
    upperLimit = try Self.unlessEmpty { () throws(StatisticsError) in
      try limit.upperLimit(observed: observed, in: experiment, method: method)
    }
    lowerLimit =
      method == .feldmanCousins
      ? try limit.feldmanCousinsInterval(observed: observed, in: experiment).lowerBound : nil
    expected =
      request.hasBackground
      ? try Self.unlessEmpty { () throws(StatisticsError) in
        try limit.expectedUpperLimits(in: experiment, method: method)
      } : nil
    discovery = try experiment.discoverySignificance(observed: observed)
    if let signal = request.signal {
      do {
        expectedSignificance = .success(
          ExpectedSignificance(
            asimov: try experiment.asimovSignificance(signal: signal),
            median: try experiment.medianSignificance(signal: signal)))
      } catch {
        expectedSignificance = .failure(error)
      }
    } else {
      expectedSignificance = nil
    }
    asymptoticLimit = try limit.asymptoticUpperLimit(observed: observed, in: experiment)
    exactLimit = try limit.upperLimit(
      observed: observed, in: experiment, method: method == .profile ? .profile : .cls)
  }

  /// An interval may be empty, which is an answer; anything else is a fault of the request.
  private static func unlessEmpty<Value>(
    _ make: () throws(StatisticsError) -> Value
  ) throws(StatisticsError) -> Result<Value, StatisticsError> {
    do {
      return .success(try make())
    } catch {
      guard case .emptyInterval = error else { throw error }
      return .failure(error)
    }
  }

  /// What to say of the asymptotic formula, which pyhf uses by default, where it is more than 5 % off.
  public var asymptoticWarning: String? {
    let ratio = asymptoticLimit / exactLimit - 1
    guard abs(ratio) > 0.05 else { return nil }
    let percent = ShortestNumber.text(abs(100 * ratio), digits: 2)
    return
      "the asymptotic formula, pyhf's default, gives \(ShortestNumber.text(asymptoticLimit, digits: 5)) here, "
      + "\(percent) % \(ratio < 0 ? "below" : "above") the exact \(ShortestNumber.text(exactLimit, digits: 5)): "
      + "the counts are too few for it; use the exact limit, or pyhf with calctype=\"toybased\""
  }

  /// Why there is no significance.
  public var significanceReason: String? {
    guard discovery.standardDeviations == nil else { return nil }
    return request.observed == 0
      ? "no event: the probability of none or more is 1, and Z has no lower bound"
      : StatisticsError.noBackground.problem
  }

  /// The report of `limit`.
  ///
  /// - Parameter pyhfPath: where a workspace was written.
  public func report(_ card: RunCard, pyhfPath: String? = nil) -> JSONValue {
    let experiment = request.experiment
    let underflows = discovery.logPValue < -700 && discovery.logPValue > -.infinity
    var members: [String: JSONValue] = [
      "upper_limit": .number(orNull: try? upperLimit.get()),
      "method": .string(request.method.rawValue),
      "confidence_level": .number(request.confidenceLevel),
      "observed": .integer(request.observed), "background": .number(experiment.background),
      "background_error": .number(experiment.backgroundError),
      "background_law": .string(experiment.backgroundLaw.rawValue),
      "signal_error": .number(experiment.signalError),
      "significance": .number(orNull: discovery.standardDeviations),
      "p_value": .number(orNull: underflows ? nil : discovery.pValue),
      "log10_p_value": .number(
        orNull: discovery.logPValue > -.infinity
          ? discovery.logPValue / 2.302_585_092_994_046 : nil),
      "asymptotic_upper_limit": .number(asymptoticLimit),
      "provenance": Provenance(of: card).json,
    ]
    if case .failure(let error) = upperLimit { members["reason"] = .string(error.description) }
    if let lowerLimit { members["lower_limit"] = .number(lowerLimit) }
    if let significanceReason { members["significance_reason"] = .string(significanceReason) }
    switch expected {
    case .success(let limits): members["expected"] = limits.json
    case .failure(let error):
      members["expected"] = .null
      members["expected_reason"] = .string(error.description)
    case nil: break
    }
    if let expectedSignificance { members["expected_significance"] = json(expectedSignificance) }
    if let pyhfPath {
      members["pyhf"] = .string(pyhfPath)
      members["pyhf_signal_events"] = .number(PyhfWorkspace(self).signalEvents)
    }
    members["warnings"] = .array((asymptoticWarning.map { [$0] } ?? []).map { .string($0) })
    return .object(members)
  }

  private func json(_ expected: Result<ExpectedSignificance, StatisticsError>) -> JSONValue {
    var members: [String: JSONValue] = ["signal": .number(orNull: request.signal)]
    switch expected {
    case .success(let found):
      members["asimov"] = .number(found.asimov)
      members["median"] = .number(orNull: found.median)
      if found.median == nil {
        members["reason"] = .string("the median count with this signal is 0")
      }
    case .failure(let error):
      members["asimov"] = .null
      members["median"] = .null
      members["reason"] = .string(error.description)
    }
    return .object(members)
  }
}

extension ExpectedLimits {
  /// The median and the bands.
  public var json: JSONValue {
    [
      "median": .number(median), "minus1": .number(minus1), "plus1": .number(plus1),
      "minus2": .number(minus2), "plus2": .number(plus2),
    ]
  }
}

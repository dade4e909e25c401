/// What a list of limits says about one model point.
public struct ConstraintVerdict: Sendable, Hashable {
  /// The exclusions that hold at the point and exclude it.
  public let excludedBy: [String]
  /// Where the point stands in every limit that holds there, projections included.
  public let margins: [ConstraintMargin]
  /// Those that do not hold there, and why.
  public let notApplicable: [NotApplicable]

  /// A limit that does not hold at a point.
  public struct NotApplicable: Sendable, Hashable {
    /// The limit's name.
    public let name: String
    /// Why.
    public let reason: ConstraintReason
    /// What it would say if it held, where that was asked for; it counts for nothing.
    public let beyondValidity: ConstraintMargin?

    /// A limit's reading, if that is that it does not hold.
    init?(_ entry: ConstraintReadings.Entry, beyondValidityAt epsilon: Double? = nil) {
      guard case .doesNotApply(let reason) = entry.reading else { return nil }
      name = entry.name
      self.reason = reason
      beyondValidity = epsilon.flatMap { epsilon in
        entry.beyondValidity.flatMap { ConstraintMargin(of: epsilon, in: $0, of: entry) }
      }
    }
  }

  /// How many exclusions that hold at the point have something to say at its masses, whether they exclude it or not: where
  /// it is 0, *not excluded* means that nobody looked.
  public var speakingExclusions: Int {
    margins.count { $0.kind == .exclusion && $0.interval != nil }
  }

  /// Whether an exclusion excludes the point. Projections never count.
  public var isExcluded: Bool { !excludedBy.isEmpty }

  /// The verdict of limits on a point.
  ///
  /// - Parameters:
  ///   - point: the point.
  ///   - constraints: the limits, in the order in which they are to be named.
  ///   - isBeyondValidity: whether to tell what limits that do not hold there would say.
  public init(
    on point: ConstraintPoint, by constraints: [any Constraint],
    beyondValidity isBeyondValidity: Bool = false
  ) {
    self.init(
      on: point.epsilon,
      from: ConstraintReadings(at: point, of: constraints, beyondValidity: isBeyondValidity))
  }

  /// The verdict on an ε, from what limits say at its masses and couplings. Cost: O(limits).
  public init(on epsilon: Double, from readings: ConstraintReadings) {
    // A limit that does not hold has no margin.
    margins = readings.entries.compactMap { ConstraintMargin(of: epsilon, in: $0.reading, of: $0) }
    notApplicable =
      readings.isBeyondValidity
      ? readings.entries.compactMap { NotApplicable($0, beyondValidityAt: epsilon) }
      : readings.notApplicable
    excludedBy = margins.filter { $0.kind == .exclusion && $0.isInside }.map(\.name)
  }
}

/// What a list of limits says at one point of masses and couplings, whatever ε is: read once, it serves any number of ε.
public struct ConstraintReadings: Sendable, Hashable {
  /// One limit's.
  struct Entry: Sendable, Hashable {
    let name: String
    let kind: ConstraintKind
    let reading: ConstraintReading
    /// What it would say if it held; `nil` where it does, or where that was not asked for.
    let beyondValidity: ConstraintReading?
  }

  /// In the order of the limits.
  let entries: [Entry]
  /// Whether those that do not hold were read as well.
  let isBeyondValidity: Bool
  /// Those that do not hold, as every verdict has them that asks no more.
  let notApplicable: [ConstraintVerdict.NotApplicable]

  /// Reads limits at a point. Cost: O(points of all curves), and milliseconds for a limit that is computed.
  ///
  /// - Parameters:
  ///   - point: the point; its ε does not matter.
  ///   - constraints: the limits, in the order in which they are to be named.
  ///   - isBeyondValidity: whether to read those that do not hold there as well.
  public init(
    at point: ConstraintPoint, of constraints: [any Constraint],
    beyondValidity isBeyondValidity: Bool = false
  ) {
    self.isBeyondValidity = isBeyondValidity
    entries = constraints.map { constraint in
      let reading = constraint.reading(at: point, beyondValidity: false)
      var beyond: ConstraintReading?
      if isBeyondValidity, case .doesNotApply = reading {
        beyond = constraint.reading(at: point, beyondValidity: true)
      }
      return Entry(
        name: constraint.name, kind: constraint.kind, reading: reading, beyondValidity: beyond)
    }
    notApplicable = entries.compactMap { ConstraintVerdict.NotApplicable($0) }
  }
}

/// Where a point stands in one limit: the edges at its mass, and how far from them it is.
public struct ConstraintMargin: Sendable, Hashable {
  /// The limit's name.
  public let name: String
  /// Whether it excludes or projects.
  public let kind: ConstraintKind
  /// Whether the point is excluded or probed; an edge belongs to what it bounds.
  public let isInside: Bool
  /// The interval of ε that the point lies in, or else the nearest; `nil` where the limit says nothing.
  public let interval: ExcludedInterval?
  /// ε over the interval's lower edge; `nil` where there is none. In y it is the square.
  public let epsilonOverLower: Double?
  /// ε over the interval's upper edge; `nil` where there is none, or where it is a figure's frame.
  public let epsilonOverUpper: Double?
  /// Why there is no interval.
  public let reason: ConstraintReason?

  /// Where an ε stands in a reading; `nil` where the limit does not apply.
  init?(
    of epsilon: Double, in reading: ConstraintReading, of limit: ConstraintReadings.Entry
  ) {
    name = limit.name
    kind = limit.kind
    switch reading {
    case .doesNotApply: return nil
    case .isSilent(let reason):
      self.reason = reason
      (isInside, interval, epsilonOverLower, epsilonOverUpper) = (false, nil, nil, nil)
    case .excludes(let intervals):
      let interval = intervals.min { Self.gap(epsilon, $0) < Self.gap(epsilon, $1) }
      self.interval = interval
      isInside = interval?.contains(epsilon) ?? false
      epsilonOverLower = interval.map { epsilon / $0.epsilon.lowerBound }
      epsilonOverUpper = interval.flatMap {
        $0.endsAtFrame ? nil : epsilon / $0.epsilon.upperBound
      }
      reason = interval == nil ? .nothingExcluded : nil
    }
  }

  /// By which factor an ε misses an interval; 1 inside.
  private static func gap(_ epsilon: Double, _ interval: ExcludedInterval) -> Double {
    max(epsilon / interval.epsilon.upperBound, interval.epsilon.lowerBound / epsilon, 1)
  }
}

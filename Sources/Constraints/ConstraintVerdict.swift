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
  }

  /// Whether an exclusion excludes the point. Projections never count.
  public var isExcluded: Bool { !excludedBy.isEmpty }

  /// The verdict of limits on a point. Cost: O(points of all curves).
  ///
  /// - Parameters:
  ///   - point: the point.
  ///   - constraints: the limits, in the order in which they are to be named.
  ///   - isBeyondValidity: whether to tell what limits that do not hold there would say.
  public init(
    on point: ConstraintPoint, by constraints: [any Constraint],
    beyondValidity isBeyondValidity: Bool = false
  ) {
    var margins: [ConstraintMargin] = []
    var notApplicable: [NotApplicable] = []
    for constraint in constraints {
      let reading = constraint.reading(at: point, beyondValidity: false)
      if case .doesNotApply(let reason) = reading {
        let beyond = isBeyondValidity ? constraint.reading(at: point, beyondValidity: true) : nil
        notApplicable.append(
          NotApplicable(
            name: constraint.name, reason: reason,
            beyondValidity: beyond.flatMap {
              ConstraintMargin(of: point.epsilon, in: $0, by: constraint)
            }))
      } else if let margin = ConstraintMargin(of: point.epsilon, in: reading, by: constraint) {
        margins.append(margin)
      }
    }
    self.margins = margins
    self.notApplicable = notApplicable
    excludedBy = margins.filter { $0.kind == .exclusion && $0.isInside }.map(\.name)
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
  init?(of epsilon: Double, in reading: ConstraintReading, by constraint: any Constraint) {
    name = constraint.name
    kind = constraint.kind
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
      reason = interval == nil ? .words("no epsilon is excluded at this point") : nil
    }
  }

  /// By which factor an ε misses an interval; 1 inside.
  private static func gap(_ epsilon: Double, _ interval: ExcludedInterval) -> Double {
    max(epsilon / interval.epsilon.upperBound, interval.epsilon.lowerBound / epsilon, 1)
  }
}

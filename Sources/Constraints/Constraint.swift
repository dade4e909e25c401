import Units

/// A limit or projection that can be asked about a model point: a published curve, or one computed for the point.
public protocol Constraint: Sendable {
  /// What it is called.
  var name: String { get }
  /// The experiment or search, in words.
  var experiment: String { get }
  /// Whether it excludes or projects.
  var kind: ConstraintKind { get }
  /// Whether it was digitised or computed.
  var origin: ConstraintOrigin { get }
  /// The publication and figure, as far as they are known.
  var source: String { get }
  /// What it was made under; all `nil` for one that is computed for any point.
  var assumptions: CurveAssumptions { get }

  /// What it says at a point.
  ///
  /// - Parameters:
  ///   - point: the point; its ε does not change the intervals.
  ///   - isBeyondValidity: whether to read it even where its assumptions do not hold.
  func reading(at point: ConstraintPoint, beyondValidity isBeyondValidity: Bool)
    -> ConstraintReading
}

/// A model point as limits see it.
public struct ConstraintPoint: Sendable, Hashable {
  /// The mass of χ₁ in GeV.
  public let m1: Double
  /// Δ/m₁.
  public let splittingOverM1: Double
  /// α_D.
  public let alphaD: Double
  /// m_A′/m₁.
  public let mediatorMassOverM1: Double
  /// The kinetic mixing ε.
  public let epsilon: Double

  /// A point from its parts.
  public init(
    m1: Double, splittingOverM1: Double, alphaD: Double, mediatorMassOverM1: Double,
    epsilon: Double
  ) {
    self.m1 = m1
    self.splittingOverM1 = splittingOverM1
    self.alphaD = alphaD
    self.mediatorMassOverM1 = mediatorMassOverM1
    self.epsilon = epsilon
  }

  /// `y = ε² α_D (m₁/m_A′)⁴`.
  public var y: Double {
    YieldVariable.y(epsilon: epsilon, alphaD: alphaD, massRatio: 1 / mediatorMassOverM1)
  }
}

/// What a limit says at a model point.
public enum ConstraintReading: Sendable, Hashable {
  /// It holds here, and these ε are excluded or probed: intervals, ascending and apart.
  case excludes([ExcludedInterval])
  /// It holds here, but says nothing.
  case isSilent(reason: ConstraintReason)
  /// It does not hold here.
  case doesNotApply(reason: ConstraintReason)
}

extension ConstraintReading {
  /// What is excluded or probed, ascending and apart; empty where it does not hold or says nothing.
  public var intervals: [ExcludedInterval] {
    guard case .excludes(let intervals) = self else { return [] }
    return intervals
  }

  /// The ε that are excluded or probed; none where it does not hold or says nothing.
  public var epsilons: [ClosedRange<Double>] { intervals.map(\.epsilon) }

  /// Why it excludes nothing; `nil` where it excludes something.
  public var reason: ConstraintReason? {
    switch self {
    case .excludes(let intervals): intervals.isEmpty ? .nothingExcluded : nil
    case .isSilent(let reason), .doesNotApply(let reason): reason
    }
  }
}

/// An interval of ε that a limit excludes, or a projection probes, at one model point.
public struct ExcludedInterval: Sendable, Hashable {
  /// The ε, edges included.
  public let epsilon: ClosedRange<Double>
  /// Whether the upper edge is drawn, not derived: the frame of a figure.
  public let endsAtFrame: Bool

  /// An interval.
  public init(_ epsilon: ClosedRange<Double>, endsAtFrame: Bool = false) {
    self.epsilon = epsilon
    self.endsAtFrame = endsAtFrame
  }

  /// Whether an ε belongs to it, the edges within 10⁻¹².
  public func contains(_ value: Double) -> Bool {
    epsilon.lowerBound * (1 - CurveOutline.tolerance) <= value
      && value <= epsilon.upperBound * (1 + CurveOutline.tolerance)
  }
}

import Constraints
import DarkSector

/// A limit or projection that is computed for the model point it is asked about, whatever the splitting, coupling and masses are.
public struct ComputedCurve: Constraint {
  /// What it is called, `…-computed`.
  public let name: String
  /// The experiment or search, in words.
  public let experiment: String
  /// Whether it excludes or projects.
  public let kind: ConstraintKind
  /// What is observed.
  public let observable: String
  /// The publications that its inputs are from.
  public let source: String
  /// How it is computed, and from what.
  public let obtained: String
  /// The default first, then the others under their names.
  public let variants: [Variant]

  /// One way to compute it.
  public struct Variant: Sendable {
    /// The variant's name.
    public let name: String
    let reading:
      @Sendable (ModelPoint, _ alphaD: Double) throws(DarkSectorError) -> ConstraintReading
  }

  /// What it says at one mass: one row of its table.
  public struct Row: Sendable, Hashable {
    /// m₁ in GeV.
    public let m1: Double
    /// What it says there.
    public let reading: ConstraintReading

    /// A row from its parts.
    public init(m1: Double, reading: ConstraintReading) {
      self.m1 = m1
      self.reading = reading
    }
  }

  /// Computed.
  public var origin: ConstraintOrigin { .computed }

  /// None: it is computed for any point.
  public var assumptions: CurveAssumptions {
    CurveAssumptions(splittingOverM1: nil, alphaD: nil, mediatorMassOverM1: nil)
  }

  /// What the default says at a point.
  public func reading(at point: ConstraintPoint, beyondValidity isBeyondValidity: Bool = false)
    -> ConstraintReading
  {
    reading(at: point, variant: variants[0])
  }

  /// What a variant says at a point.
  public func reading(at point: ConstraintPoint, variant: Variant) -> ConstraintReading {
    do throws(DarkSectorError) {
      let model = try ModelPoint(
        chi1Mass: point.m1, massSplitting: point.splittingOverM1 * point.m1,
        darkPhotonMass: point.mediatorMassOverM1 * point.m1)
      return try variant.reading(model, point.alphaD)
    } catch {
      return .doesNotApply(reason: .words("\(error)"))
    }
  }
}

extension ConstraintReading {
  /// Mixings as a reading, or the reason for which there are none to give.
  init(_ mixings: ExcludedMixings?, orSilentFor reason: String) {
    self = mixings.map { Self($0) } ?? .isSilent(reason: .words(reason))
  }

  /// Mixings as a reading.
  init(_ mixings: ExcludedMixings) {
    self = .excludes(
      mixings.intervals.map { ExcludedInterval($0, endsAtFrame: $0.upperBound >= 1) })
  }
}

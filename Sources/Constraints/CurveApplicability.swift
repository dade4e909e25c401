/// Whether a curve may be used at other parameters than its own.
public enum CurveApplicability: Sendable, Hashable {
  /// It was made for these parameters, or does not depend on those that differ.
  case applies
  /// It was made for others.
  case doesNotApply(reason: ConstraintReason)

  /// Why it does not apply; `nil` if it does.
  public var reason: ConstraintReason? {
    switch self {
    case .applies: nil
    case .doesNotApply(let reason): reason
    }
  }
}

extension CurveAssumptions {
  /// Relative difference below which two parameters are the same one: a mass written with seven digits passes, a
  /// neighbouring curve's does not.
  public static let tolerance = 1e-6

  /// Whether a curve made under these assumptions holds at other parameters: each that it depends on must be the same
  /// within ``tolerance``.
  public func applicability(
    splittingOverM1: Double, alphaD: Double, mediatorMassOverM1: Double
  ) -> CurveApplicability {
    var mismatches: [ConstraintReason.Mismatch] = []
    func compare(_ parameter: String, _ made: Double?, _ asked: Double) {
      guard let made, !(abs(asked - made) <= Self.tolerance * abs(made)) else { return }
      mismatches.append(ConstraintReason.Mismatch(parameter: parameter, made: made, asked: asked))
    }
    compare("Delta/m1", self.splittingOverM1, splittingOverM1)
    compare("alpha_D", self.alphaD, alphaD)
    compare("mA/m1", self.mediatorMassOverM1, mediatorMassOverM1)
    return mismatches.isEmpty ? .applies : .doesNotApply(reason: .mismatch(mismatches))
  }
}

extension ConstraintCurve {
  /// Whether the curve holds at these parameters.
  public func applicability(
    splittingOverM1: Double, alphaD: Double, mediatorMassOverM1: Double
  ) -> CurveApplicability {
    assumptions.applicability(
      splittingOverM1: splittingOverM1, alphaD: alphaD, mediatorMassOverM1: mediatorMassOverM1)
  }

  /// Whether the curve holds at a model point.
  public func applicability(at point: ConstraintPoint) -> CurveApplicability {
    applicability(
      splittingOverM1: point.splittingOverM1, alphaD: point.alphaD,
      mediatorMassOverM1: point.mediatorMassOverM1)
  }
}

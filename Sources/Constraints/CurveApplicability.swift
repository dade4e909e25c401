import Units

/// Whether a curve may be used at other parameters than its own.
public enum CurveApplicability: Sendable, Hashable {
  /// It was made for these parameters, or does not depend on those that differ.
  case applies
  /// It was made for others; the reason is in words.
  case doesNotApply(reason: String)

  /// Why it does not apply; `nil` if it does.
  public var reason: String? {
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
    let parts = [
      ("Delta/m1", self.splittingOverM1, splittingOverM1), ("alpha_D", self.alphaD, alphaD),
      ("mA/m1", self.mediatorMassOverM1, mediatorMassOverM1),
    ]
    let reasons = parts.compactMap { part -> String? in
      let (name, made, asked) = part
      guard let made, !(abs(asked - made) <= Self.tolerance * abs(made)) else { return nil }
      return "\(name) = \(ShortestNumber.text(made, digits: 7)), asked at "
        + ShortestNumber.text(asked, digits: 7)
    }
    return reasons.isEmpty
      ? .applies : .doesNotApply(reason: "made for " + reasons.joined(separator: "; for "))
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

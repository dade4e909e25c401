import Units

extension ConstraintCurve {
  /// The curve's points with another ordinate, ε or y, at an α_D and an m_A′/m₁.
  ///
  /// Exact, by `y = ε² α_D (m₁/m_A′)⁴`, where the curve was made for this α_D and m_A′/m₁, or where it does not depend
  /// on the one that differs. Elsewhere another α_D or mass changes the limit itself, and nothing is given.
  ///
  /// - Throws: ``ConstraintError/notExact(name:reason:)``.
  ///
  /// Source: arXiv:2409.00170 (y).
  public func points(
    as ordinate: CurveOrdinate, alphaD: Double, mediatorMassOverM1: Double
  ) throws(ConstraintError) -> [CurvePoint] {
    try requireExact(alphaD: alphaD, mediatorMassOverM1: mediatorMassOverM1)
    return points.map { point in
      CurvePoint(
        m1: point.m1,
        ordinate: convert(
          point.ordinate, to: ordinate, alphaD: alphaD, mediatorMassOverM1: mediatorMassOverM1))
    }
  }

  /// The ordinate up to which something is said, where it is stated, as ε or y; exact as
  /// ``points(as:alphaD:mediatorMassOverM1:)``.
  ///
  /// - Throws: ``ConstraintError/notExact(name:reason:)``.
  public func top(
    as ordinate: CurveOrdinate, alphaD: Double, mediatorMassOverM1: Double
  ) throws(ConstraintError) -> Double? {
    try requireExact(alphaD: alphaD, mediatorMassOverM1: mediatorMassOverM1)
    return region.top.map {
      convert($0, to: ordinate, alphaD: alphaD, mediatorMassOverM1: mediatorMassOverM1)
    }
  }

  private func requireExact(alphaD: Double, mediatorMassOverM1: Double) throws(ConstraintError) {
    let coupling = CurveAssumptions(
      splittingOverM1: nil, alphaD: assumptions.alphaD,
      mediatorMassOverM1: assumptions.mediatorMassOverM1)
    let verdict = coupling.applicability(
      splittingOverM1: 0, alphaD: alphaD, mediatorMassOverM1: mediatorMassOverM1)
    if let reason = verdict.reason { throw .notExact(name: name, reason: "\(reason)") }
  }

  /// An ordinate of this curve as ε or y, without asking whether the curve holds there.
  func convert(
    _ value: Double, to ordinate: CurveOrdinate, alphaD: Double, mediatorMassOverM1: Double
  ) -> Double {
    let massRatio = 1 / mediatorMassOverM1
    switch (self.ordinate, ordinate) {
    case (.epsilon, .epsilon), (.y, .y): return value
    case (.epsilon, .y):
      return YieldVariable.y(epsilon: value, alphaD: alphaD, massRatio: massRatio)
    case (.y, .epsilon):
      return YieldVariable.epsilonSquared(y: value, alphaD: alphaD, massRatio: massRatio)
        .squareRoot()
    }
  }
}

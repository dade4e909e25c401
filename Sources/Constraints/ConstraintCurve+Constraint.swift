extension ConstraintCurve: Constraint {
  /// What the curve says at a point: the intervals of its ordinate at this mass, as ε at the point's couplings.
  ///
  /// Beyond its validity it is read in its own ordinate, ε or y, at the point's m₁.
  public func reading(
    at point: ConstraintPoint, beyondValidity isBeyondValidity: Bool = false
  ) -> ConstraintReading {
    if !isBeyondValidity, let reason = applicability(at: point).reason {
      return .doesNotApply(reason: reason)
    }
    let intervals = excludedOrdinates(atM1: point.m1)
    guard !intervals.isEmpty else {
      return .isSilent(reason: .outsideMasses(m1: point.m1, massRange))
    }
    func epsilon(_ value: Double) -> Double {
      convert(
        value, to: .epsilon, alphaD: point.alphaD, mediatorMassOverM1: point.mediatorMassOverM1)
    }
    return .excludes(
      intervals.map {
        ExcludedInterval(
          epsilon($0.lowerBound)...epsilon($0.upperBound), endsAtFrame: isFrame($0.upperBound))
      })
  }
}

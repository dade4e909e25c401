import Units

/// What a curve was made under, besides its own axes.
public struct CurveAssumptions: Sendable, Hashable {
  /// Δ/m₁, or `nil` where the curve does not depend on it.
  public let splittingOverM1: Double?
  /// α_D, or `nil` where the curve does not depend on it.
  public let alphaD: Double?
  /// m_A′/m₁, or `nil` where the curve does not depend on it.
  public let mediatorMassOverM1: Double?

  /// Assumptions from their parts.
  public init(splittingOverM1: Double?, alphaD: Double?, mediatorMassOverM1: Double?) {
    self.splittingOverM1 = splittingOverM1
    self.alphaD = alphaD
    self.mediatorMassOverM1 = mediatorMassOverM1
  }
}

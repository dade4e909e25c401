/// How a relic density is computed: everything but the model point and its couplings.
public struct RelicSettings: Sendable, Hashable, Codable {
  /// What is solved for.
  public var solveFor: RelicUnknown
  /// The Ωh² aimed at.
  public var abundance: Double
  /// Into what χ₁χ₂ may annihilate.
  public var finalStates: RelicFinalStates
  /// The A′ width in the propagator.
  public var mediatorWidth: MediatorWidthModel

  /// Settings; the defaults are those of the paper's curve.
  public init(
    solveFor: RelicUnknown = .y, abundance: Double = 0.12,
    finalStates: RelicFinalStates = .all, mediatorWidth: MediatorWidthModel = .constant
  ) {
    self.solveFor = solveFor
    self.abundance = abundance
    self.finalStates = finalStates
    self.mediatorWidth = mediatorWidth
  }
}

/// What is solved for.
public enum RelicUnknown: String, Sendable, Hashable, Codable, CaseIterable {
  /// y (and with it ε) at the α_D of the card, for the abundance asked for.
  case y
  /// Ωh² at the card's couplings.
  case abundance
}

/// Into what χ₁χ₂ may annihilate.
public enum RelicFinalStates: String, Sendable, Hashable, Codable, CaseIterable {
  /// Leptons and hadrons.
  case all
  /// e, μ, τ.
  case leptons
}

/// The A′ width in the propagator of annihilation.
public enum MediatorWidthModel: String, Sendable, Hashable, Codable, CaseIterable {
  /// `m_A′ Γ(m_A′)`.
  case constant
  /// `√s Γ(√s)`; lowers y by 8–13 % at α_D = 0.5.
  case running
}

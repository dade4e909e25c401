/// How the production of an A′ is computed: everything but beam, target and masses.
public struct ProductionSettings: Sendable, Hashable, Codable {
  /// Exact, or an equivalent-photon approximation.
  public var method: ProductionMethod
  /// The elastic form factor of the nucleus.
  public var formFactor: FormFactorModel
  /// The quasi-elastic part.
  public var inelastic: InelasticModel
  /// A narrow or an off-shell A′.
  public var mediator: MediatorTreatment
  /// Whether the A′ polarisation reaches its decay.
  public var polarisation: PolarisationTreatment
  /// The relative error asked of a cross section.
  public var relativePrecision: Double

  /// Settings; the defaults are the paper's.
  public init(
    method: ProductionMethod = .exact, formFactor: FormFactorModel = .tsai,
    inelastic: InelasticModel = .off, mediator: MediatorTreatment = .narrow,
    polarisation: PolarisationTreatment = .full, relativePrecision: Double = 1e-3
  ) {
    self.method = method
    self.formFactor = formFactor
    self.inelastic = inelastic
    self.mediator = mediator
    self.polarisation = polarisation
    self.relativePrecision = relativePrecision
  }
}

/// How the cross section of ℓN → ℓNA′ is computed.
public enum ProductionMethod: String, Sendable, Hashable, Codable, CaseIterable {
  /// Exact tree level, 2 → 3.
  case exact
  /// Weizsäcker–Williams.
  case weizsaeckerWilliams = "weizsaecker-williams"
  /// Improved (faster, cruder) Weizsäcker–Williams.
  case improvedWeizsaeckerWilliams = "improved-weizsaecker-williams"
}

/// The elastic form factor of the nucleus; see ``NuclearFormFactor``.
public enum FormFactorModel: String, Sendable, Hashable, Codable, CaseIterable {
  /// Tsai's constants for this Z.
  case tsai
  /// The constants 111 and 773 for every Z.
  case tsaiGeneric = "tsai-generic"
  /// A point charge: neither screening nor size.
  case point
}

/// The quasi-elastic part: the exponent of the nucleon factor.
public enum InelasticModel: String, Sendable, Hashable, Codable, CaseIterable {
  /// No quasi-elastic part (the paper).
  case off
  /// Exponent 1, the physical proton response.
  case n1
  /// Exponent 2, as the literature prints it.
  case n2
}

/// How the A′ line shape enters.
public enum MediatorTreatment: String, Sendable, Hashable, Codable, CaseIterable {
  /// On its mass shell (the paper).
  case narrow
  /// Production integrated over the spectral density of A′ → χ₁χ₂.
  case spectral
}

/// Whether the decay A′ → χ₁χ₂ knows how the A′ was produced.
public enum PolarisationTreatment: String, Sendable, Hashable, Codable, CaseIterable {
  /// The full spin density matrix.
  case full
  /// An unpolarised A′.
  case isotropic
}

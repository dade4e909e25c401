import Units

/// Masses of the particles that the chain meets, in GeV.
///
/// Source: CODATA 2022 for e, μ, p, n; PDG 2024 for the rest.
public enum Mass {
  /// m_e.
  @inlinable public static var electron: Double { 0.510_998_950_69e-3 }
  /// m_μ.
  @inlinable public static var muon: Double { 0.105_658_375_5 }
  /// m_τ.
  @inlinable public static var tau: Double { 1.776_93 }
  /// m_p.
  @inlinable public static var proton: Double { 0.938_272_089_43 }
  /// m_n.
  @inlinable public static var neutron: Double { 0.939_565_421_94 }
  /// m_π±.
  @inlinable public static var chargedPion: Double { 0.139_570_39 }
  /// m_π⁰.
  @inlinable public static var neutralPion: Double { 0.134_976_8 }
  /// m_K±.
  @inlinable public static var chargedKaon: Double { 0.493_677 }
  /// m_K⁰.
  @inlinable public static var neutralKaon: Double { 0.497_611 }
  /// m_Λ.
  @inlinable public static var lambda: Double { 1.115_683 }
}

/// A charged lepton flavour.
public enum LeptonFlavour: String, Sendable, Hashable, Codable, CaseIterable {
  /// e∓.
  case electron
  /// μ∓.
  case muon
  /// τ∓.
  case tau

  /// The mass in GeV.
  public var mass: Double {
    switch self {
    case .electron: Mass.electron
    case .muon: Mass.muon
    case .tau: Mass.tau
    }
  }

  /// The Monte Carlo number of the negative lepton (PDG 2024, § 45).
  public var pdgID: Int {
    switch self {
    case .electron: 11
    case .muon: 13
    case .tau: 15
    }
  }

  /// The symbol of the pair in plain text: `ee`, `mumu`, `tautau`.
  public var pairSymbol: String {
    switch self {
    case .electron: "ee"
    case .muon: "mumu"
    case .tau: "tautau"
    }
  }
}

/// The particle of a lepton beam.
public enum BeamParticle: String, Sendable, Hashable, Codable, CaseIterable {
  /// μ⁻.
  case muon
  /// μ⁺.
  case antimuon
  /// e⁻.
  case electron
  /// e⁺.
  case positron

  /// The lepton's flavour.
  public var flavour: LeptonFlavour {
    switch self {
    case .muon, .antimuon: .muon
    case .electron, .positron: .electron
    }
  }

  /// The mass in GeV.
  public var mass: Double { flavour.mass }

  /// The Monte Carlo number, negative for the antiparticles.
  public var pdgID: Int {
    switch self {
    case .muon, .electron: flavour.pdgID
    case .antimuon, .positron: -flavour.pdgID
    }
  }
}

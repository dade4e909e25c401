/// Why a limit on ε is not given at a mass of the dark photon.
public enum UncoveredMass: Sendable, Hashable {
  /// Within 2 GeV of m_Z: Z and A′ overlap within their widths, and the line shape is no longer that of one resonance.
  case besideTheZ
  /// Between 186 and 214 GeV, where LEP 2 ran: e⁺e⁻ → A′ is resonant, and the published limit is stronger than the mixing alone
  /// gives.
  case atLEP2Energies
  /// Above 1 TeV, where arXiv:1006.0973 ends; our own fit stops there too.
  case beyondThePublishedMasses

  /// The reason in words.
  public var explanation: String {
    switch self {
    case .besideTheZ: "m_A' lies within 2 GeV of m_Z, where Z and A' overlap"
    case .atLEP2Energies:
      "m_A' lies within 186-214 GeV, where LEP 2 ran and the A' would be resonant"
    case .beyondThePublishedMasses: "m_A' lies above 1 TeV, where the published limit ends"
    }
  }

  static func besideTheZ(_ darkPhotonMass: Double, zMass: Double) -> Bool {
    abs(darkPhotonMass - zMass) < 2
  }
}

extension ElectroweakFit {
  /// The published limit on ε for a light A′, at 95 % confidence: an input.
  ///
  /// Source: arXiv:1006.0973, whose abstract rounds it to 0.03; the digitised curve of `Tests/Reference/lep-electroweak.csv` is flat
  /// there at 0.02476.
  public static let publishedNormalisation = 0.0248

  /// Why ``publishedLimit(darkPhotonMass:)`` gives none at a mass, or `nil` where it does.
  public static func uncovered(darkPhotonMass: Double) -> UncoveredMass? {
    if UncoveredMass.besideTheZ(darkPhotonMass, zMass: ElectroweakInputs.of2010.zMass) {
      return .besideTheZ
    }
    if (186...214).contains(darkPhotonMass) { return .atLEP2Energies }
    return darkPhotonMass > 1000 ? .beyondThePublishedMasses : nil
  }

  /// The published limit on ε, 95 % confidence, carried to a mass, or `nil` where ``uncovered(darkPhotonMass:)`` says why.
  ///
  /// The normalisation is an input. It fixes the largest |m_Z0² - m_Z²|/m_Z² = k, from which the exact mixing gives ε at any mass:
  ///
  ///     t = k/(|1 - r| - k),     h² = (1 - r)² t/(1 + rt)²,     ε² = c_W² h²/(s_W² + h²)
  ///
  /// As k = 1.8 × 10⁻⁴ this is 0.0248 √|1 - m_A′²/m_Z²| within 0.4 % outside the excluded 2 GeV and below 300 GeV; beyond, ε² beside 1
  /// bends it further.
  ///
  /// Source: arXiv:1006.0973; the range from 1 GeV to 1 TeV is theirs, and below it the limit is constant.
  public static func publishedLimit(darkPhotonMass: Double) -> Double? {
    precondition(darkPhotonMass > 0, "a mass is positive")
    guard uncovered(darkPhotonMass: darkPhotonMass) == nil else { return nil }
    let inputs = ElectroweakInputs.of2010
    let relative = darkPhotonMass / inputs.zMass
    let ratio = relative * relative
    let shift = publishedShift
    let t = shift / (abs(1 - ratio) - shift)
    return NeutralBosonMixing(
      squaredMassRatio: ratio, tangent: t.squareRoot(), weakProduct: inputs.weakProduct
    ).kineticMixing
  }

  /// The mixings that the published limit excludes, from the limit up to 1, or `nil` where ``uncovered(darkPhotonMass:)`` says why.
  public static func publishedExcludedMixings(darkPhotonMass: Double) -> ExcludedMixings? {
    publishedLimit(darkPhotonMass: darkPhotonMass).map { ExcludedMixings([$0...1]) }
  }

  /// |m_Z0² - m_Z²|/m_Z² at the published normalisation and r → 0, where s_W² follows from it in turn.
  private static let publishedShift: Double = {
    let inputs = ElectroweakInputs.of2010
    let light = 1e-12
    let mixing = NeutralBosonMixing(
      kineticMixing: publishedNormalisation, squaredMassRatio: light,
      weakProduct: inputs.weakProduct)
    guard let mixing else { preconditionFailure("a light A′ of ε = 0.0248 exists") }
    return -mixing.massSquaredShift
  }()
}

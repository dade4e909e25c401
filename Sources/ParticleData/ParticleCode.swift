/// Monte Carlo numbers of what the standard model lacks, as event files write them.
///
/// Source: PDG 2024, § 45 (Monte Carlo particle numbering scheme): 51–60 are for dark matter, among them 52 a fermion and
/// 55 a vector that mediates; a first digit 4 of seven marks excited states.
public enum ParticleCode {
  /// A′: the vector mediator.
  public static let darkPhoton = 55
  /// χ₁: the stable fermion.
  public static let chi1 = 52
  /// χ₂: no number is foreseen for it; that of an excited χ₁.
  public static let chi2 = 4_000_052
}

extension Material {
  /// The Monte Carlo number of the nucleus: 10LZZZAAAI of a ground state, such as 1000040090 for ⁹Be; 2212 for hydrogen, whose
  /// nucleus is a proton, for which the scheme has one number only.
  ///
  /// Source: PDG 2024, § 45.
  public var pdgID: Int {
    let nucleons = Int(massNumber.rounded())
    if atomicNumber == 1, nucleons == 1 { return 2212 }
    return 1_000_000_000 + 10_000 * atomicNumber + 10 * nucleons
  }
}

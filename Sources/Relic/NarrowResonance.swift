import Units

/// A resonance of e⁺e⁻ → hadrons that is too narrow for the R table.
public struct NarrowResonance: Sendable, Hashable {
  /// Its name.
  public let name: String
  /// Its mass in GeV.
  public let mass: Double
  /// Its width into e⁺e⁻ in GeV.
  public let electronWidth: Double
  /// `∫ R ds = 9π M Γ_ee/α²` in GeV², over all its decays: hadrons, and lepton pairs by way of the photon's vacuum polarisation.
  /// Their interference with the continuum changes sign at the resonance and leaves nothing in the integral.
  ///
  /// Source: PDG 2024, review *Cross-section formulae*, the Breit–Wigner resonance, over `4πα²/3s` and integrated.
  public var areaOfR: Double {
    let alpha = PhysicalConstant.fineStructure
    return 9 * .pi * mass * electronWidth / (alpha * alpha)
  }

  /// Those that the compilation leaves out: its points end at 10.52 GeV and go on at 11.09. The last three are some 20–40 MeV wide,
  /// narrow beside the temperatures at which m₁ ≈ 5 GeV freezes out.
  ///
  /// Source: PDG 2024 (masses and Γ_ee).
  public static let all = [
    NarrowResonance(
      name: "J/psi", mass: 3.096_900, electronWidth: 5.53e-6),
    NarrowResonance(
      name: "psi(2S)", mass: 3.686_097, electronWidth: 2.33e-6),
    NarrowResonance(
      name: "Upsilon(1S)", mass: 9.460_40, electronWidth: 1.340e-6),
    NarrowResonance(
      name: "Upsilon(2S)", mass: 10.023_4, electronWidth: 0.612e-6),
    NarrowResonance(
      name: "Upsilon(3S)", mass: 10.355_1, electronWidth: 0.443e-6),
    NarrowResonance(name: "Upsilon(4S)", mass: 10.579_4, electronWidth: 0.272e-6),
    NarrowResonance(name: "Upsilon(10860)", mass: 10.885_2, electronWidth: 0.31e-6),
    NarrowResonance(name: "Upsilon(11020)", mass: 11.000, electronWidth: 0.130e-6),
  ]
}

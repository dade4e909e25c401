import Calculus
import ParticleData
import Tables

/// The electromagnetic spectral function `R(s) = Σ_ℓ (1 + 2m_ℓ²/s) √(1 - 4m_ℓ²/s) + R_had(s)`: what a virtual
/// A′ of mass √s decays into, `Γ(A′* → SM) = ε² α √s R(s)/3`. One function serves decays and annihilation.
///
/// Hadrons: the compilation of the Particle Data Group from 0.36 GeV, linear between points, which resolves ρ, ω
/// and φ; the pion form factor below. J/ψ, ψ(2S) and Υ are not in it. Not to be trusted above 30 GeV, where the
/// compilation's hadrons have the Z in them and the leptons here do not.
///
/// Source: PDG 2020 (table), arXiv:1707.00407 for the low-energy form `β³/4 (1 + ⟨r²⟩s/6 + c s²)²`.
public enum SpectralFunction {
  /// The part of one lepton flavour at √s = `energy` in GeV: 0 at and below threshold.
  public static func lepton(_ flavour: LeptonFlavour, at energy: Double) -> Double {
    let m = flavour.mass
    guard energy > 2 * m else { return 0 }
    let ratio = (m / energy) * (m / energy)
    let velocity2 = (energy - 2 * m) * (energy + 2 * m) / (energy * energy)
    return (1 + 2 * ratio) * velocity2.squareRoot()
  }

  /// Where the pion form factor hands over to the table, in GeV.
  public static let tableStart = 0.36

  /// The threshold of hadrons, 2 m_π± in GeV.
  public static let hadronThreshold = 2 * Mass.chargedPion

  /// The hadronic part at √s = `energy` in GeV: 0 at and below 2 m_π.
  public static func hadrons(at energy: Double) -> Double {
    guard energy > hadronThreshold else { return 0 }
    return energy < tableStart ? pionPair(at: energy) : ratioTable(energy)
  }

  /// e⁺e⁻ → π⁺π⁻ near threshold by the expansion of the pion form factor in s.
  private static func pionPair(at energy: Double) -> Double {
    let s = energy * energy
    let velocity2 = (energy - hadronThreshold) * (energy + hadronThreshold) / s
    // ⟨r²⟩ = 0.434 fm², and 1 fm = 1/0.1973269804 GeV⁻¹.
    let radius2 = 0.434 / (0.197_326_980_4 * 0.197_326_980_4)
    let formFactor = 1 + radius2 * s / 6 + 3.85 * s * s
    return velocity2 * velocity2.squareRoot() / 4 * formFactor * formFactor
  }

  /// The sum of leptons and hadrons at √s = `energy` in GeV.
  public static func total(at energy: Double) -> Double {
    LeptonFlavour.allCases.reduce(hadrons(at: energy)) { $0 + lepton($1, at: energy) }
  }

  /// The energies in GeV at which the hadronic part has a kink: threshold, hand-over, and the table's points.
  public static let hadronicBreakpoints: [Double] =
    [hadronThreshold, tableStart] + ratioTable.x.filter { $0 > tableStart }

  /// R_had against √s in GeV.
  public static let ratioTable: LinearInterpolant = {
    let text = String(decoding: PackageResources.r_ratio_csv, as: UTF8.self)
    do {
      let table = try NumericTable(parsing: text)
      guard let energy = table.column("sqrt_s_GeV"), let ratio = table.column("R") else {
        preconditionFailure("the embedded R table lacks a column")
      }
      return LinearInterpolant(x: energy, y: ratio)
    } catch {
      preconditionFailure("the embedded R table does not parse: \(error)")
    }
  }()
}

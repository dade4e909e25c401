import Calculus
import ParticleData
import Units

/// Collisions with the electrons of a material, in units of the radiation length, for beams that are fast enough for the
/// density effect to be complete.
///
/// Then the mean excitation energy drops out: the density effect `δ/2 = ln(ħω_p/I) + ln βγ - 1/2` takes it away, and the
/// plasma energy `ħω_p = 28.816 √(ρ Z/A)` eV is left.
///
///     dE/dx = (K/2)(Z/A) [ln(γ m²/2(ħω_p)²) + 1 + c],   c = 1/8 for e⁻,  2 ln 2 - 23/12 for e⁺
///
/// In aluminium the values are within 0.5 % of those of ESTAR from 0.1 to 1 GeV.
///
/// Source: PDG 2024, review *Passage of particles through matter*, §§ 34.2 (density effect) and 34.4 (e∓), at γ ≫ 1.
package struct CollisionLoss: Sendable {
  /// `(K/2)(Z/A) X₀` in GeV per radiation length, `K = 4π N_A r_e² m`.
  let scale: Double
  /// `ln[m²/2(ħω_p)²] + 1`.
  private let constant: Double

  package init(_ material: Material) {
    let electronsPerNucleon = Double(material.atomicNumber) / material.molarMass
    scale =
      0.5 * 0.307_075e-3 * electronsPerNucleon * material.density * material.radiationLength
    let plasma2 = 28.816e-9 * 28.816e-9 * material.density * electronsPerNucleon
    constant = Elementary.log(Mass.electron * Mass.electron / (2 * plasma2)) + 1
  }

  /// The mean loss of an e∓ in GeV per radiation length, all energy transfers included.
  func ionisation(energy: Double, isPositron: Bool) -> Double {
    let c = isPositron ? 2 * 0.693_147_180_559_945_3 - 23.0 / 12 : 0.125
    return scale * (Elementary.log(energy / Mass.electron) + constant + c)
  }

  /// The mean loss of a muon in GeV per radiation length: `K(Z/A) [½ ln(2m W/(ħω_p)²) - ½ + ⅛(W/E)²]`, W the largest transfer,
  /// and the bremsstrahlung of the electrons, `K(Z/A) α/4π [ln(2E/M) - ⅓ ln(2W/m)] ln²(2W/m)`, 2 % at 100 GeV.
  ///
  /// Source: PDG 2024, as above, § 34.2, at β = 1; the density effect is complete above 10 GeV, at 1 GeV the
  /// loss is a few per cent off.
  func muonIonisation(energy: Double) -> Double {
    let (m, M) = (Mass.electron, Mass.muon)
    let gamma = energy / M
    let W = 2 * m * (gamma * gamma - 1) / (1 + 2 * gamma * m / M + m * m / (M * M))
    // 2mW/(ħω_p)² = [m²/2(ħω_p)²] · 4W/m.
    let share = W / energy
    let l = Elementary.log(2 * W / m)
    let radiated =
      PhysicalConstant.fineStructure / (2 * 3.141_592_653_589_793)
      * (Elementary.log(2 * gamma) - l / 3) * l * l
    return scale
      * (Elementary.log(4 * W / m) + constant - 2 + 0.25 * share * share + max(radiated, 0))
  }

  // MARK: Knock-on electrons above an energy W, x = W/E, at E ≫ m.

  /// Knock-on electrons per radiation length, in units of `scale/E`: Møller's (the slower of two), Bhabha's.
  ///
  /// Source: dσ ∝ [1/ε(1-ε) - 1]² and [(1-ε+ε²)/ε]², the limits γ ≫ 1 of Møller's and Bhabha's cross sections.
  static func knockOns(_ x: Double, isPositron: Bool) -> Double {
    if isPositron {
      return x >= 1
        ? 0
        : (1 / x - 1) + 2 * Elementary.log(x) + 3 * (1 - x) - (1 - x * x) + (1 - x * x * x) / 3
    }
    return x >= 0.5 ? 0 : 0.5 - x + 1 / x - 1 / (1 - x)
  }

  /// Their mean energy per radiation length, in units of `scale`.
  static func knockOnLoss(_ x: Double, isPositron: Bool) -> Double {
    let x2 = x * x
    if isPositron {
      return x >= 1
        ? 0
        : -Elementary.log(x) - 2 * (1 - x) + 1.5 * (1 - x2) - 2 * (1 - x2 * x) / 3
          + 0.25 * (1 - x2 * x2)
    }
    return x >= 0.5
      ? 0
      : 0.5 * (0.25 - x2) - Elementary.log(2 * x) + (2 - 0.693_147_180_559_945_3) - 1 / (1 - x)
        - Elementary.log(1 - x)
  }

  // MARK: Photons.

  /// Compton scatterings of a photon per radiation length.
  ///
  /// Source: O. Klein and Y. Nishina, Z. Phys. 52, 853 (1929), the total cross section; `2π r_e² N_A Z/A X₀ = scale/m`.
  package func compton(energy: Double) -> Double {
    let k = energy / Mass.electron
    let l = Elementary.log(1 + 2 * k)
    let first = (1 + k) / (k * k) * (2 * (1 + k) / (1 + 2 * k) - l / k)
    let last = (1 + 3 * k) / ((1 + 2 * k) * (1 + 2 * k))
    return scale / Mass.electron * (first + l / (2 * k) - last)
  }

  /// Annihilations in flight of an e⁺ per radiation length, into two photons.
  ///
  /// Source: W. Heitler, *The Quantum Theory of Radiation* (1954), § 27.
  package func annihilation(energy: Double) -> Double {
    let g = energy / Mass.electron
    let root = (g * g - 1).squareRoot()
    return 0.5 * scale / Mass.electron / (g + 1)
      * ((g * g + 4 * g + 1) / (g * g - 1) * Elementary.log(g + root) - (g + 3) / root)
  }
}

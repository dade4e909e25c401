import Calculus
import ParticleData
import Units

/// Bremsstrahlung and pair production in units of the radiation length, at complete screening and, as a factor of at most
/// 1 on top, at finite screening.
///
///     dN/(dt dy) = (1/y) [4/3 - 4/3 y + y² + η(1 - y)]             y = k/E
///     dN/(dt dx) = 1 - 4/3 x(1 - x) - η x(1 - x)                   x = E₊/k
///
/// with `η = (Z² + Z)/9 / [Z²(L - f) + Z L′]`, and L, L′, f of the radiation length: the pairs are the crossed
/// bremsstrahlung.
///
/// Source: Y.-S. Tsai, Rev. Mod. Phys. 46, 815 (1974), § III and Table B.2 for L and L′; PDG 2024, review *Passage of particles
/// through matter*, § 34.4. The term -ηx(1-x) of pairs is the crossed η(1 - y).
struct RadiationShape: Sendable {
  /// η.
  let eta: Double
  /// `136 m Z^{-1/3}` in GeV.
  let screeningEnergy: Double
  /// `4/3 ln Z + 4f`: what the screening functions lose to the size of the atom and to the Coulomb correction.
  private let offset: Double

  init(atomicNumber: Int) {
    let Z = Double(atomicNumber)
    let logZ = Elementary.log(Z)
    let (L, L1): (Double, Double) =
      switch atomicNumber {
      case 1: (5.31, 6.144)
      case 2: (4.79, 5.621)
      case 3: (4.74, 5.805)
      case 4: (4.71, 5.924)
      default: (Elementary.log(184.15) - logZ / 3, Elementary.log(1194) - 2 * logZ / 3)
      }
    let a2 = Z * Z * PhysicalConstant.fineStructure * PhysicalConstant.fineStructure
    let f =
      a2 * (1 / (1 + a2) + 0.202_06 - 0.0369 * a2 + 0.0083 * a2 * a2 - 0.002 * a2 * a2 * a2)
    eta = (Z * Z + Z) / 9 / (Z * Z * (L - f) + Z * L1)
    offset = 4 * logZ / 3 + 4 * f
    screeningEnergy = 136 * Mass.electron * Elementary.exp(-logZ / 3)
  }

  /// `∫ dy dN/(dt dy)` from y to 1: photons per radiation length.
  func hardRate(above y: Double) -> Double {
    -(4.0 / 3 + eta) * (Elementary.log(y) + 1 - y) + 0.5 * (1 - y * y)
  }

  /// `∫ dy y dN/(dt dy)` up to y: the share of the energy lost per radiation length to softer photons.
  func softLoss(below y: Double) -> Double {
    (4.0 / 3 + eta) * (y - 0.5 * y * y) + y * y * y / 3
  }

  /// Pairs per radiation length: 7/9 - η/6.
  var pairRate: Double { 7.0 / 9 - eta / 6 }

  /// The screening functions φ₁, φ₂ less the offset, at `δ = 136 Z^{-1/3} m k/(E E′)`.
  ///
  /// Source: J. C. Butcher and H. Messel, Nucl. Phys. 20, 15 (1960).
  @inline(__always)
  private func screening(_ delta: Double) -> (Double, Double) {
    if delta <= 1 {
      return (
        max(20.867 - delta * (3.242 - 0.625 * delta) - offset, 0),
        max(20.209 - delta * (1.930 + 0.086 * delta) - offset, 0)
      )
    }
    let both = max(21.12 - 4.184 * Elementary.log(delta + 0.952) - offset, 0)
    return (both, both)
  }

  /// Bremsstrahlung at finite screening over that at complete screening.
  @inline(__always)
  func radiationFactor(_ y: Double, energy: Double) -> Double {
    let rest = 1 - y
    let (one, two) = screening(screeningEnergy * y / (energy * rest))
    let (a, b) = (1 + rest * rest, -2.0 / 3 * rest)
    return (a * one + b * two) / (a * (20.867 - offset) + b * (20.209 - offset))
  }

  /// Pair production at finite screening over that at complete screening.
  @inline(__always)
  func pairFactor(_ x: Double, energy: Double) -> Double {
    let product = x * (1 - x)
    let (one, two) = screening(screeningEnergy / (energy * product))
    let (a, b) = (1 - 2 * product, 2.0 / 3 * product)
    return (a * one + b * two) / (a * (20.867 - offset) + b * (20.209 - offset))
  }
}

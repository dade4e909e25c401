import Calculus
import Detector
import ParticleData
import Selection
import Units

/// Pairs made behind the target's centre, in the rest of the target and in the first plane: photons that convert, and hadrons that interact.
///
/// Estimates, not simulations. A pair counts if its vertex is found in the window, which in the paper's setup no material lies in: what
/// counts is by how much a vertex may be misplaced, from the target's face up to the window, or from the first plane down to it.
///
///     N_conversion  = L σ_γ (7/9) (t/X₀) P_E P_θ P_z
///     N_interaction = L σ_h (t/λ_I) P_2 P_z
///
/// σ_γ: bremsstrahlung of the beam lepton above twice the least energy; σ_h: events on a nucleus with one long-lived neutral hadron hard enough and nothing else, twice for neutrons;
/// t: half the target, or the silicon of a plane; P_E: both leptons hard enough, `(1 - 2E/E_γ)` for an even share, at the photon's spectrum;
/// P_θ: `θ_s²/(θ_s² + θ²)` with θ_s = 1.6 MeV/E_γ, the most probable opening angle; P_2 = 0.1 of interactions with two hard prongs of
/// opposite charge; P_z: the tail of ``VertexResolution``. Each is good to a factor of a few.
///
/// Source: PDG 2024, *Passage of particles through matter*, §§ 34.4.5 (pairs) and 34.6 (muons: A. A. Petrukhin and V. V. Shestakov,
/// Can. J. Phys. 46, S377 (1968)); H. Olsen, Phys. Rev. 131, 406 (1963), for the opening angle.
public struct SecondaryProcesses: Sendable {
  /// One line of the estimate.
  public struct Estimate: Sendable, Hashable {
    /// What happens where: `conversion, first plane`.
    public let name: String
    /// Pairs at the luminosity that pass all cuts but that on the vertex, before identification.
    public let pairs: Double
    /// The probability that the vertex is found in the window.
    public let vertexProbability: Double
    /// Events before identification.
    public var events: Double { pairs * vertexProbability }
  }

  /// σ of bremsstrahlung in pb on a nucleus, above twice the least energy of leptons.
  public let bremsstrahlung: Double
  /// The estimates.
  public let estimates: [Estimate]

  /// Silicon of one plane in mm: a module of two sensors.
  public static let planeThickness = 0.64
  /// X₀ of silicon in mm.
  private static let siliconRadiationLength = 93.7
  /// λ_I of silicon in mm.
  private static let siliconInteractionLength = 465.2
  /// λ_I of beryllium in mm, taken for any light target.
  private static let targetInteractionLength = 421.0
  /// Interactions with two hard prongs of opposite charge.
  private static let twoProngShare = 0.1

  /// The estimates for a beam, target, apparatus and cuts.
  ///
  /// - Parameters:
  ///   - loneHadrons: the cross section in pb on a nucleus of events with one hard K_S, K_L or Λ and nothing else that is hard.
  ///   - luminosity: in pb⁻¹ per nucleus.
  public init(
    beam: BeamParticle, beamEnergy: Double, target: Material, apparatus: Apparatus,
    cuts: SelectionCuts, resolution: VertexResolution, loneHadrons: Double, luminosity: Double
  ) {
    let least = max(cuts.minimumLeptonEnergy, 1e-3)
    func rate(_ weight: (Double) -> Double) -> Double {
      // Evenly in ln v.
      let (first, last) = (Elementary.log(2 * least / beamEnergy), 0.0)
      guard first < last else { return 0 }
      return GaussLegendre.order32.integrate(from: first, to: last) { logarithm in
        let v = Elementary.exp(logarithm)
        return v * Self.spectrum(v, beam, beamEnergy, target) * weight(v * beamEnergy)
      }
    }
    let angle = max(cuts.minimumOpeningAngle, 1e-9)
    bremsstrahlung = rate { _ in 1 }
    let passing = rate { energy in
      let spread = 1.6e-3 / energy
      return (1 - 2 * least / energy) * spread * spread / (spread * spread + angle * angle)
    }
    let (window, plane) = (cuts.decayWindow, apparatus.planes.map(\.centre.z).min() ?? 0)
    let face = apparatus.targetThickness / 2
    let fromTarget = resolution.probability(
      within: max(window.lowerBound - face, 0)...max(window.upperBound - face, 0),
      openingAngle: angle)
    // From a plane no distance to the target is asked for: it is far from there.
    var free = resolution
    free.significance = 0
    free.leverArm = VertexResolution.leverArm(
      of: apparatus.planes.map(\.centre.z), vertex: plane)
    let fromPlane = free.probability(
      within: max(plane - window.upperBound, 0)...max(plane - window.lowerBound, 0),
      openingAngle: angle)
    let radiationLengths = face / (10 * target.radiationLength)
    estimates = [
      Estimate(
        name: "conversion, target", pairs: luminosity * passing * 7 / 9 * radiationLengths,
        vertexProbability: fromTarget),
      Estimate(
        name: "conversion, first plane",
        pairs: luminosity * passing * 7 / 9 * Self.planeThickness / Self.siliconRadiationLength,
        vertexProbability: fromPlane),
      Estimate(
        name: "interaction, target",
        pairs: luminosity * 2 * loneHadrons * Self.twoProngShare * face
          / Self.targetInteractionLength, vertexProbability: fromTarget),
      Estimate(
        name: "interaction, first plane",
        pairs: luminosity * 2 * loneHadrons * Self.twoProngShare * Self.planeThickness
          / Self.siliconInteractionLength, vertexProbability: fromPlane),
    ]
  }

  /// dσ/dv in pb of bremsstrahlung with a share v of the energy: `α (2Z r_e m_e/m)² (4/3 - 4/3 v + v²) Φ(δ)/v`.
  static func spectrum(
    _ v: Double, _ beam: BeamParticle, _ energy: Double, _ target: Material
  ) -> Double {
    let (m, M) = (Mass.electron, beam.mass)
    let Z = Double(target.atomicNumber)
    let delta = M * M * v / (2 * energy * max(1 - v, 1e-9))
    let third = Elementary.exp(-Elementary.log(Z) / 3)
    let root = 1.648_721_270_7
    // The size of a nucleus: of light ones it is left out.
    let size = Z > 10 ? 2 / 3 * third : 1
    let logarithm = Elementary.log(
      189 * M / m * third * size / (1 + 189 * root / m * delta * third))
    // r_e² in pb: (2.8179 fm)², 10¹⁰ pb in a fm².
    let radius2 = 2.817_940_32 * 2.817_940_32 * 1e10
    let strength = 2 * Z * m / M
    return PhysicalConstant.fineStructure * strength * strength * radius2
      * (4 / 3 * (1 - v) + v * v) * max(logarithm, 0) / v
  }
}

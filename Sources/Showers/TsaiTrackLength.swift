import Calculus
import Integration
import ParticleData

/// The primary electron of a beam in a target, as Tsai has it: a quick form of its track length.
///
///     I(E₀, E, t) = (1/E₀) [ln(E₀/E)]^{bt-1}/Γ(bt)
///
/// with b = 4/3, or `b = 4/3 + η`, `η = (Z² + Z)/9 / [Z²(L - f) + Z L′]`, for a given material (η = 0.025 in aluminium), is the density in energy at depth t in radiation lengths, so that a fraction `P(bt, ln(E₀/E₁))` has more than E₁, with P
/// the regularised lower incomplete gamma function: 1 at t → 0 and at E₁ → 0. Bremsstrahlung alone, with a spectrum
/// `b/ln[1/(1-y)]` per radiation length in place of `(4/3 - 4/3 y + y²)/y`: 5 % above it at y = 0.1, 10 % at 0.3, equal to it
/// at 0.57, 27 % below it at 0.8. Ionisation and everything that the photons make are left out, so that it is a lower
/// bound below a third of the beam's energy.
///
/// Its track length above E₁ agrees with ``ShowerSimulation`` of the primary's bremsstrahlung alone within what
/// Tests/ShowersTests/TsaiComparisonTests.swift states.
///
/// Source: Y.-S. Tsai, Rev. Mod. Phys. 46, 815 (1974), § IV; arXiv:0906.0580 for its use with dark
/// photons.
public struct TsaiTrackLength: Sendable, Hashable {
  /// The beam: e⁻ or e⁺.
  public let beam: BeamParticle
  /// Its energy in GeV.
  public let beamEnergy: Double
  /// The depth in radiation lengths; may be infinite.
  public let depth: Double

  /// b: what a radiation length is in photons per unit of ln E, at the soft end.
  public let b: Double

  /// The primary of a beam.
  ///
  /// - Parameter material: that b is of; 4/3 without one.
  /// - Throws: ``ShowerError/wrongBeam(_:)`` for muons, ``ShowerError/noDepth(depth:)`` for a depth that is not above zero.
  public init(beam: BeamParticle, beamEnergy: Double, depth: Double, material: Material? = nil)
    throws(ShowerError)
  {
    guard beam.flavour == .electron else { throw .wrongBeam(beam.rawValue) }
    guard depth > 0 else { throw .noDepth(depth: depth) }
    precondition(beamEnergy > 0, "a beam has an energy above zero")
    self.beam = beam
    self.beamEnergy = beamEnergy
    self.depth = depth
    b = 4.0 / 3 + (material.map { RadiationShape(atomicNumber: $0.atomicNumber).eta } ?? 0)
  }

  /// The fraction of primaries with more than an energy in GeV at depth t in radiation lengths.
  ///
  /// Source: the integral of I over energy.
  public func fraction(above energy: Double, atDepth t: Double) -> Double {
    energy >= beamEnergy
      ? 0 : GammaFunction.lowerRegularised(b * t, Elementary.log(beamEnergy / energy))
  }

  /// The track length in radiation lengths above an energy in GeV: `∫₀ᵗ P(bt′, ln(E₀/E₁)) dt′`, within 10⁻¹⁰.
  ///
  /// Cost: a few hundred incomplete gamma functions.
  public func length(above energy: Double) -> Double {
    guard energy < beamEnergy else { return 0 }
    let x = Elementary.log(beamEnergy / energy)
    return overDepth(upTo: x) { GammaFunction.lowerRegularised($0, x) }
  }

  /// The track length in bins of energy, with exact means of the energy. Angles are 0.
  ///
  /// `∫ E I dE = E₀ 2^{-bt} [P(bt, 2L₁) - P(bt, 2L₂)]`, `L = ln(E₀/E)`.
  ///
  /// - Parameter edges: of the bins in GeV, ascending; the last is the beam's energy.
  public func callAsFunction(edges: [Double]) -> TrackLength {
    TrackLength.check(edges)
    precondition(edges[edges.count - 1] == beamEnergy, "the last bin ends at the beam's energy")
    let lengths = edges.map { length(above: $0) }
    let moments = edges.map { energy -> Double in
      guard energy < beamEnergy else { return 0 }
      let x = 2 * Elementary.log(beamEnergy / energy)
      return beamEnergy
        * overDepth(upTo: x) {
          Elementary.exp(-$0 * 0.693_147_180_559_945_3) * GammaFunction.lowerRegularised($0, x)
        }
    }
    var spectrum = TrackSpectrum.empty(edges: edges)
    for i in 0..<edges.count - 1 {
      let length = lengths[i] - lengths[i + 1]
      spectrum.lengths[i] = .exact(length)
      if length > 1e-9 {
        spectrum.meanEnergies[i] = min(
          max((moments[i] - moments[i + 1]) / length, edges[i]), edges[i + 1])
      }
    }
    let none = TrackSpectrum.empty(edges: edges)
    return beam == .positron
      ? TrackLength(edges: edges, negative: none, positive: spectrum)
      : TrackLength(edges: edges, negative: spectrum, positive: none)
  }

  /// `∫ f(bt) dt` down to the depth, for a function that falls off once bt is well beyond x.
  private func overDepth(upTo x: Double, _ function: (Double) -> Double) -> Double {
    // P(a, x) < 10⁻¹⁶ beyond x + 9√x + 40 for any x.
    let end = min(b * depth, x + 9 * x.squareRoot() + 40)
    // Panels that widen: for small x the function falls like xᵃ near a = 0.
    var edges = [0.0]
    var width = min(0.25, 1 / (1 + max(0, -Elementary.log(x))))
    while let last = edges.last, last < end {
      edges.append(min(last + width, end))
      width = min(1.5 * width, 4)
    }
    return GaussLegendre.order16.integrate(over: edges, function) / b
  }
}

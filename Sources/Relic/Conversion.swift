import Calculus
import DarkSector
import Kinematics
import ParticleData
import Units

/// The rates at which χ₂ turns into χ₁: scattering on charged leptons, `χ₂ ℓ → χ₁ ℓ` by A′ exchange, and decay.
///
///     ¼Σ|M|² = 4 g_D² ε²e² [2(p₁·k′)(p₂·k) + 2(p₁·k)(p₂·k′) - 2m² p₁·p₂ - 2m₁m₂ k·k′ + 4m₁m₂m²] / (t - m_A′²)²
///
/// Hadrons as scattering partners are left out, and so is χ₂χ₂ ↔ χ₁χ₁ through the A′: both only speed conversion up, so that what is
/// found to be in equilibrium here is so all the more.
///
/// Source: the traces of arXiv:2409.00170, Eq. (1); thermal averages as in ``Coannihilation``.
public struct Conversion: Sendable {
  private let point: ModelPoint
  private let widths: Chi2Widths
  /// For each flavour: √s at the nodes, and `σλ/√s · 2√s dw` per ε² α_D.
  private let scattering: [(flavour: LeptonFlavour, energy: [Double], strength: [Double])]

  /// The conversion rates of a model point.
  public init(_ point: ModelPoint) {
    self.point = point
    widths = point.chi2Widths()
    scattering = LeptonFlavour.allCases.map { Self.nodes(point, $0) }
  }

  /// The rate of χ₂ → χ₁ by scattering in GeV per ε² α_D, at a temperature in GeV.
  public func scatteringRate(at temperature: Double) -> Double {
    let inverse = 1 / temperature
    let m2 = point.chi2Mass
    var sum = 0.0
    for partner in scattering {
      for (w, strength) in zip(partner.energy, partner.strength) {
        let above = (w - m2) * inverse
        if above > 700 { break }
        sum += strength * Elementary.exp(-above) * BesselK.scaled1(w * inverse)
      }
    }
    // g = 2 for χ₂; 4 for the lepton: two spins, and the antilepton scatters alike.
    let pi4 = Double.pi * .pi * .pi * .pi
    return 8 * temperature / (32 * pi4) * sum
      / EquilibriumDensity.scaled(mass: m2, temperature: temperature)
  }

  /// The rate of χ₂ decays in GeV per ε² α_D, slowed by the motion of χ₂: `Γ K₁(m₂/T)/K₂(m₂/T)`.
  ///
  /// Source: the mean of m₂/E over a Maxwell–Boltzmann distribution.
  public func decayRate(at temperature: Double) -> Double {
    let x = point.chi2Mass / temperature
    return widths.total * BesselK.scaled1(x) / BesselK.scaled2(x)
  }

  /// The sum of both.
  public func rate(at temperature: Double) -> Double {
    scatteringRate(at: temperature) + decayRate(at: temperature)
  }

  private static func nodes(
    _ point: ModelPoint, _ flavour: LeptonFlavour
  ) -> (flavour: LeptonFlavour, energy: [Double], strength: [Double]) {
    let threshold = point.chi2Mass + flavour.mass
    let edges = RelicRange.panelEdges(chi1Mass: point.chi1Mass, factor: 4)
      .map { $0.squareRoot() }
    var (energy, strength): ([Double], [Double]) = ([], [])
    for (lower, upper) in zip(edges, edges.dropFirst()) {
      for (x, weight) in zip(GaussLegendre.order16.nodes, GaussLegendre.order16.weights) {
        let v = lower + 0.5 * (upper - lower) * (1 + x)
        let w = threshold + v * v
        energy.append(w)
        // ds = 2w dw, dw = 2v dv; σ λ/√s.
        strength.append(
          2 * crossSectionTimesLambda(point, flavour.mass, energy: w, above: v * v) * weight
            * (upper - lower) * v)
      }
    }
    return (flavour, energy, strength)
  }

  /// σλ in GeV² per ε² α_D at √s = w: `(1/16π) ∫ dt ¼Σ|M|²`.
  package static func crossSectionTimesLambda(
    _ point: ModelPoint, _ m: Double, energy w: Double, above: Double
  ) -> Double {
    let (m1, m2, mA) = (point.chi1Mass, point.chi2Mass, point.darkPhotonMass)
    let s = w * w
    let initial =
      (above * (w + m2 + m) * (w - m2 + m) * (w + m2 - m)).squareRoot() / (2 * w)
    let final = twoBodyMomentum(mass: w, m1, m)
    let e2 = (s + m2 * m2 - m * m) / (2 * w)
    let e1 = (s + m1 * m1 - m * m) / (2 * w)
    let (k, kPrime) = (w - e2, w - e1)
    let couplings = 16 * Double.pi * .pi * PhysicalConstant.fineStructure
    // In ln(m_A′² - t), where the forward peak of √s ≫ m_A′ is flat: P - P₀ = 2pp′(1 - cosθ).
    let swing = 2 * initial * final
    let forward = mA * mA - m1 * m1 - m2 * m2 + 2 * (e1 * e2 - initial * final)
    let span = Elementary.log(1 + 2 * swing / forward)
    let integral = GaussLegendre.order16.integrate(from: 0, to: 1) { fraction in
      let propagator = forward * Elementary.exp(span * fraction)
      let turn = (propagator - forward) / 2
      let p1p2 = e1 * e2 - initial * final + turn
      let kk = k * kPrime - initial * final + turn
      let p1k = e1 * k + initial * final - turn
      let p2kPrime = e2 * kPrime + initial * final - turn
      let p2k = (s - m2 * m2 - m * m) / 2
      let p1kPrime = (s - m1 * m1 - m * m) / 2
      let bracket =
        2 * p1kPrime * p2k + 2 * p1k * p2kPrime - 2 * m * m * p1p2 - 2 * m1 * m2 * kk
        + 4 * m1 * m2 * m * m
      return 4 * bracket / propagator * span
    }
    // dt = P d ln P, up to the sign.
    return couplings * integral / (16 * .pi)
  }
}

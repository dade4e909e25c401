import Calculus
import Kinematics
import ParticleData
import Production
import Sampling
import Units

/// μN → μN ℓ⁺ℓ⁻ by an equivalent photon of the beam lepton and one of the nucleus: the formulas of ``Tridents``.
package struct TwoPhotonPairs: Sendable {
  private let formFactor: NuclearFormFactor
  private let beamMass: Double
  private let beamEnergy: Double

  package init(_ formFactor: NuclearFormFactor, beamMass: Double, beamEnergy: Double) {
    self.formFactor = formFactor
    self.beamMass = beamMass
    self.beamEnergy = beamEnergy
  }

  /// Q²_min in GeV² at a share x of the energy.
  package func leastVirtuality(_ x: Double) -> Double { beamMass * beamMass * x * x / (1 - x) }

  /// dσ/(dx dQ² dM) over σ_γγ→ℓℓ, in GeV⁻³.
  package func density(x: Double, virtuality Q2: Double, mass M: Double) -> Double {
    let alphaOverPi = PhysicalConstant.fineStructure / .pi
    let fall = 1 + Q2 / (M * M)
    let emission =
      alphaOverPi * (1 - x + 0.5 * x * x - (1 - x) * leastVirtuality(x) / Q2)
      / (x * Q2 * fall * fall)
    // dM²/M² = 2 dM/M.
    return emission * nucleusDensity(photonEnergy: x * beamEnergy, virtuality: Q2, mass: M)
  }

  /// The photons of the nucleus for a pair: `(α/π) χ 2/M` in GeV⁻¹.
  package func nucleusDensity(photonEnergy: Double, virtuality Q2: Double, mass M: Double)
    -> Double
  {
    let hard = M * M + Q2
    let root = hard / (2 * photonEnergy)
    let least = root * root
    guard least < hard else { return 0 }
    let chi = GaussLegendre.order16.integrate(over: [0, Elementary.log(hard / least)]) { growth in
      let t = least * Elementary.exp(growth)
      return (t - least) / t * formFactor.squared(t)
    }
    return PhysicalConstant.fineStructure / .pi * chi * 2 / M
  }

  /// γγ → ℓ⁺ℓ⁻ in its rest frame, along the axis of the beam.
  package struct Decay {
    package let plus: FourMomentum
    package let minus: FourMomentum
    /// `4π dσ/dΩ` over the density of what was drawn, in GeV⁻²: σ on average.
    package let crossSection: Double

    package init(_ M: Double, _ m: Double, _ stream: inout RandomStream) {
      let p = twoBodyMomentum(mass: M, m, m)
      let beta = 2 * p / M
      // cosθ evenly in artanh(β cosθ): most go along the axis.
      let most = Elementary.log((1 + beta) / (2 * m / M))
      let rapidity = most * (2 * stream.uniform() - 1)
      let growth = Elementary.exp(2 * rapidity)
      let cosine = (growth - 1) / (growth + 1) / beta
      let sine2 = max(1 - cosine * cosine, 0)
      let denominator = 1 - beta * beta * cosine * cosine
      let alpha = PhysicalConstant.fineStructure
      let beta2 = beta * beta
      // Source: V. M. Budnev et al., Phys. Rep. 15, 181 (1975), App. E.
      let angular =
        alpha * alpha * beta / (M * M)
        * (1 + 2 * beta2 * sine2 - beta2 * beta2 * (1 + sine2 * sine2))
        / (denominator * denominator)
      crossSection = 2 * .pi * angular * denominator / beta * 2 * most
      let (s, c) = Elementary.circlePoint(turns: stream.uniform())
      let across = p * sine2.squareRoot()
      plus = FourMomentum(mass: m, x: across * c, y: across * s, z: p * cosine)
      minus = FourMomentum(mass: m, x: -across * c, y: -across * s, z: -p * cosine)
    }
  }
}

import Calculus
import Integration
import ParticleData
import Units

/// The Weizsäcker–Williams cross section of ℓN → ℓNA′ and its improved (cruder) form, for comparison with the exact one.
///
///     dσ/dx dcosθ = 2α³ |k| E (1-x) A₂₂ χ/ũ²,   -ũ = xE²θ² + m_A′²(1-x)/x + m²x
///     A₂₂ = 2(2-2x+x²)/(1-x) + 4(m_A′²+2m²)/ũ² · [ũx + m_A′²(1-x) + m²x²]
///     χ = ∫ dt (t - t_min)/t² G₂(t)  up to  t_max = m_A′² + m²
///
/// with `t_min = (ũ/2E(1-x))²` (Weizsäcker–Williams) or `(m_A′²/2E)²` (improved), x from m_A′/E to 1 - m/E, all angles.
/// Other choices of the limits move the first by 5 %, the second by 20 %. For 160 GeV muons on beryllium they give 0.97–1.05
/// and 1.3–3.1 times the exact result.
///
/// Source: arXiv:1705.01633, Eq. (26)–(33); arXiv:0906.0580, App. A.
struct EquivalentPhoton: Sendable {
  private let setup: ProductionSetup
  private let formFactor: NuclearFormFactor
  private let mediatorMass: Double
  private let improved: Bool

  init(_ setup: ProductionSetup, mediatorMass: Double, improved: Bool) {
    self.setup = setup
    self.mediatorMass = mediatorMass
    self.improved = improved
    formFactor = NuclearFormFactor(
      setup.target, model: setup.formFactor, inelastic: setup.inelastic)
  }

  /// σ in pb at ε = 1 by nested Gauss–Legendre rules of so many nodes a panel.
  func crossSection(rule: GaussLegendre) -> Double {
    let (E, m) = (setup.beamEnergy, setup.beam.mass)
    let k2 = mediatorMass * mediatorMass
    // ln x/(1-x) resolves both ends.
    let lower = Elementary.log(mediatorMass / (E - mediatorMass))
    let upper = Elementary.log((E - m) / m)
    let panels = 4
    let edges = (0...panels).map { lower + (upper - lower) * Double($0) / Double(panels) }
    let improvedFlux = improved ? flux(tMin: square(k2 / (2 * E)), rule: rule) : 0
    let alpha = PhysicalConstant.fineStructure
    let integral = rule.integrate(over: edges) { logit in
      let odds = Elementary.exp(logit)
      let x = odds / (1 + odds)
      let rest = 1 / (1 + odds)
      let momentum2 = x * E * x * E - k2
      guard momentum2 > 0 else { return 0 }
      let least = k2 * rest / x + m * m * x
      let most = least + x * E * E * .pi * .pi
      let range = Elementary.log(most / least)
      let angular = rule.integrate(over: [0, 0.25 * range, 0.5 * range, range]) { growth in
        let minusU = least * Elementary.exp(growth)
        let chi = improved ? improvedFlux : flux(tMin: square(minusU / (2 * E * rest)), rule: rule)
        let bracket = -minusU * x + k2 * rest + m * m * x * x
        let A22 =
          2 * (2 - 2 * x + x * x) / rest + 4 * (k2 + 2 * m * m) / (minusU * minusU) * bracket
        // dcosθ = dθ²/2 = d(-ũ)/(2xE²), and d(-ũ) = -ũ d ln(-ũ).
        return A22 * chi / (minusU * 2 * x * E * E)
      }
      return 2 * alpha * alpha * alpha * momentum2.squareRoot() * E * rest * angular * x * rest
    }
    return integral * .hbarCSquared_GeV2pb
  }

  /// χ, the flux of equivalent photons.
  private func flux(tMin: Double, rule: GaussLegendre) -> Double {
    let tMax = mediatorMass * mediatorMass + setup.beam.mass * setup.beam.mass
    guard tMax > tMin else { return 0 }
    return rule.integrate(from: 0, to: Elementary.log(tMax / tMin)) { growth in
      let t = tMin * Elementary.exp(growth)
      return (t - tMin) / t * formFactor.squared(t)
    }
  }

  private func square(_ x: Double) -> Double { x * x }
}

extension ProductionSetup {
  /// σ in pb at ε = 1 by an equivalent-photon method; its error is the difference of two quadrature orders.
  ///
  /// - Throws: ``ProductionError/approximationNeedsNarrowMediator(_:)`` for a mediator with a line shape.
  public func equivalentPhotonCrossSection(
    _ method: ProductionMethod
  ) throws(ProductionError) -> CrossSection {
    precondition(method != .exact, "the exact cross section has a method of its own")
    guard case .narrow(let mass) = mediator else {
      throw .approximationNeedsNarrowMediator(method)
    }
    let integral = EquivalentPhoton(
      self, mediatorMass: mass, improved: method == .improvedWeizsaeckerWilliams)
    let coarse = integral.crossSection(rule: .order16)
    let fine = integral.crossSection(rule: .order32)
    return CrossSection(
      estimate: Estimate(value: fine, error: abs(fine - coarse)), calls: 0,
      chiSquaredPerDegree: nil)
  }
}

import Calculus
import DarkSector
import Foundation
import ParticleData
import Relic
import Testing
import Units

/// σ₁₂ per ε² from the formula as it is printed, with R of the final states.
private func crossSection(
  _ point: ModelPoint, alphaD: Double, s: Double, ratio: (Double) -> Double
) -> Double {
  let (m1, m2, mA) = (point.chi1Mass, point.chi2Mass, point.darkPhotonMass)
  let w = s.squareRoot()
  let lambda = kallen(s, m1 * m1, m2 * m2)
  let width = alphaD * point.darkMediatorWidth(atVirtuality: mA)
  let dark = alphaD * point.darkMediatorWidth(atVirtuality: w)
  let visible = PhysicalConstant.fineStructure * w * ratio(w) / 3
  let gap = s - mA * mA
  return 12 * .pi * s * s * dark * visible / (lambda * (gap * gap + mA * mA * width * width))
}

private func leptonRatio(_ w: Double) -> Double {
  LeptonFlavour.allCases.reduce(0) { $0 + SpectralFunction.lepton($1, at: w) }
}

/// `eˣ`-scaled density of g = 2 as an integral over momentum: no Bessel function.
private func density(_ mass: Double, _ temperature: Double) -> Double {
  let grid = momentumGrid(mass, temperature)
  return 2 / (2 * .pi * .pi) * grid.reduce(0) { $0 + $1.weight }
}

/// ⟨σ₁₂v⟩ by the Gondolo–Gelmini integral over √s on a fine uniform grid that knows of no threshold or table point.
private func integral(
  _ point: ModelPoint, alphaD: Double, temperature T: Double, cells: Int = 40_000,
  ratio: (Double) -> Double
) -> Double {
  let threshold = point.pairThreshold
  let rule = GaussLegendre(order: 6)
  let last = (45 * T).squareRoot()
  let edges = (0...cells).map { Double($0) / Double(cells) * last }
  let sum = rule.integrate(over: edges) { v in
    let w = threshold + v * v
    let s = w * w
    let lambda = kallen(s, point.chi1Mass * point.chi1Mass, point.chi2Mass * point.chi2Mass)
    let sigma = crossSection(point, alphaD: alphaD, s: s, ratio: ratio)
    return 2 * v * 2 * w * sigma * lambda / w * exp(-v * v / T) * BesselK.scaled1(w / T)
  }
  let pi4 = Double.pi * .pi * .pi * .pi
  return 4 * T / (32 * pi4) * sum / (density(point.chi1Mass, T) * density(point.chi2Mass, T))
}

@Suite("Thermal average") struct ThermalAverageTests {
  @Test(
    "the average meets an integral over both momenta and their angle", .tags(.identity),
    arguments: [
      (0.2, 0.0, 0.1), (0.2, 0.0, 0.01), (0.2, 0.0, 0.0004), (0.2, 0.4, 0.1), (0.2, 0.4, 0.01),
      (0.2, 0.4, 0.0004), (20, 0.1, 10), (20, 0.1, 1),
    ])
  func nested(m1: Double, splitting: Double, T: Double) throws {
    let point = try modelPoint(m1, splitting)
    let alphaD = 0.5
    let (m2, threshold) = (point.chi2Mass, point.pairThreshold)
    let (first, second) = (momentumGrid(m1, T), momentumGrid(m2, T))
    let angles = GaussLegendre(order: 40)
    var (sum, norm) = (0.0, 0.0)
    for a in first {
      for b in second {
        var over = 0.0
        for (cosine, weight) in zip(angles.nodes, angles.weights) {
          // s above threshold without a difference: 2(E₁E₂ - m₁m₂ - p₁p₂c).
          let s =
            threshold * threshold
            + 2 * (a.energy * b.energy - m1 * m2 - a.momentum * b.momentum * cosine)
          let lambda = kallen(s, m1 * m1, m2 * m2)
          guard lambda > 0 else { continue }
          // v_Møl = √λ/(2E₁E₂).
          over +=
            weight * crossSection(point, alphaD: alphaD, s: s, ratio: leptonRatio)
            * lambda.squareRoot() / (2 * a.energy * b.energy)
        }
        sum += a.weight * b.weight * over
        norm += a.weight * b.weight * 2
      }
    }
    let average = Coannihilation(
      point, alphaD: alphaD, epsilonSquared: 0, settings: leptonsOnly
    ).average(at: T)
    // 1e-5: three nested Gauss rules of 30 and 40 nodes; m₁ = 20 GeV has the Lorentzian of the A′ in reach.
    #expect(abs(average * alphaD / (sum / norm) - 1) < 1e-5, "\(average * alphaD * norm / sum - 1)")
  }

  @Test("at low temperature the average is σv at threshold", .tags(.limit))
  func threshold() throws {
    // Massless leptons: σv = 16π α α_D ε² R m²/(4m² - m_A′²)², R = 3.
    let m = 500.0
    let point = try modelPoint(m, 0)
    let x = 1e6
    let average = Coannihilation(point, alphaD: 1e-3, epsilonSquared: 0, settings: leptonsOnly)
      .average(at: m / x)
    let alpha = PhysicalConstant.fineStructure
    let expected = 16 * Double.pi * alpha * 3 * m * m / (25 * m * m * m * m)
    // 2e-5: 4m_τ⁴-suppressed mass terms are 1e-10, the next order in 1/x is a few 1e-6, Γ²/m² below 1e-7.
    #expect(abs(average / expected - 1) < 2e-5, "\(average / expected - 1)")
  }

  @Test("the second method itself falls like 1/T² at high temperature", .tags(.limit))
  func hot() throws {
    // s ≫ all masses: σ = 4π αα_D R/(3s), v_Møl = s/(2E₁E₂), and ⟨1/E⟩ = 1/2T: ⟨σv⟩ = 4π αα_D R/3 · 1/8T².
    // The A′ pole, 1/α_D times larger per s, takes part like (m_A′/T)²/α_D.
    let (m, T) = (20.0, 2e5)
    let point = try modelPoint(m, 0)
    let expected = 4 * Double.pi * PhysicalConstant.fineStructure / (8 * T * T)
    let ours = integral(point, alphaD: 0.5, temperature: T, ratio: { _ in 3 }) / 0.5
    // 1e-4: masses enter as (m_A′/T)². This pins the independent integral itself, below.
    #expect(abs(ours / expected - 1) < 1e-4, "\(ours / expected - 1)")
  }

  @Test(
    "hadrons and narrow resonances are counted once", .tags(.identity),
    // Thresholds below and above ω, φ, J/ψ, ψ(2S); the A′ wide, and narrow near a resonance.
    arguments: [
      (0.35, 0.05, 3, 0.1), (0.35, 0.1, 2.3, 0.02), (0.45, 0.1, 3, 0.1), (0.49, 0.02, 3, 0.02),
      (1.4, 0.1, 3, 0.1), (1.4, 0.1, 2.25, 0.01), (1.6, 0.1, 3, 0.1), (4.5, 0.04, 2.5, 0.1),
    ])
  func hadrons(m1: Double, splitting: Double, mediator: Double, alphaD: Double) throws {
    let point = try modelPoint(m1, splitting, mediator: mediator)
    for x in [8.0, 25] {
      let T = m1 / x
      // The table, without any narrow state, on a grid that knows nothing of its points …
      var expected = integral(
        point, alphaD: alphaD, temperature: T, ratio: { SpectralFunction.total(at: $0) })
      // … and each narrow state by σ₁₂ at its mass times the area of R in s.
      for state in NarrowResonance.all where state.mass > point.pairThreshold {
        let (M, s) = (state.mass, state.mass * state.mass)
        let perR = crossSection(point, alphaD: alphaD, s: s, ratio: { _ in 1 })
        let lambda = kallen(s, m1 * m1, point.chi2Mass * point.chi2Mass)
        let scaled = exp(-(M - point.pairThreshold) / T) * BesselK.scaled1(M / T)
        let pi4 = Double.pi * .pi * .pi * .pi
        expected +=
          4 * T / (32 * pi4) * perR * state.areaOfR * lambda / M * scaled
          / (density(m1, T) * density(point.chi2Mass, T))
      }
      let average = Coannihilation(
        point, alphaD: alphaD, epsilonSquared: 0, settings: RelicSettings()
      ).average(at: T)
      // 2e-5: kinks of R inside the cells of the uniform grid.
      #expect(
        abs(average * alphaD / expected - 1) < 2e-5,
        "\(m1), \(splitting), x = \(x): \(average * alphaD / expected - 1)")
    }
  }

  @Test("the area of a narrow resonance is that of its Breit–Wigner", .tags(.identity))
  func breitWigner() throws {
    // R = σ/(4πα²/3s) with σ = 12π Γ_ee Γ/[(s-M²)² + M²Γ²], here J/ψ with Γ = 92.6 keV (PDG 2024).
    let psi = try #require(NarrowResonance.all.first { $0.name == "J/psi" })
    let (M, total) = (psi.mass, 92.6e-6)
    let alpha = PhysicalConstant.fineStructure
    // s = M² + MΓ tan φ: dφ flattens it; ± 1000 Γ.
    let last = atan(1000.0)
    let area = GaussLegendre.order64.integrate(from: -last, to: last) { phi in
      let s = M * M + M * total * tan(phi)
      let sigma = 12 * Double.pi * psi.electronWidth * total / (M * total)
      return sigma / (4 * .pi * alpha * alpha / (3 * s))
    }
    // 1e-3: the tails beyond 1000 Γ hold 2/(1000π) = 6e-4.
    #expect(abs(area / psi.areaOfR - 1) < 1e-3, "\(area / psi.areaOfR - 1)")
    // By hand: 9π · 3.0969 · 5.53·10⁻⁶ · 137.036² = 9.0930 GeV².
    #expect(abs(psi.areaOfR - 9.0930) < 1e-3, "\(psi.areaOfR)")
  }

  @Test("the table of R holds φ and ω already, and not the narrow states", .tags(.identity))
  func tableHoldsLightResonances() {
    // φ: M = 1.0195 GeV, Γ_ee = 1.27 keV: ∫R ds = 9πMΓ_ee/α² above a continuum of R ≈ 1.
    let alpha = PhysicalConstant.fineStructure
    let edges = (0...400).map { 1.0 + 1e-4 * Double($0) }
    let area = GaussLegendre.order16.integrate(over: edges) { w in
      2 * w * (SpectralFunction.hadrons(at: w) - 1)
    }
    let expected = 9 * Double.pi * 1.019461 * 1.27e-6 / (alpha * alpha)
    // 25 %: ± 20 MeV is ± 5 widths, which loses 6 %; the continuum and radiation are not known better.
    #expect(abs(area / expected - 1) < 0.25, "\(area / expected)")
    // ω stands on ρ: R at 0.782 GeV is above both sides.
    let omega = SpectralFunction.hadrons(at: 0.7815)
    #expect(omega > 1.1 * SpectralFunction.hadrons(at: 0.74))
    #expect(omega > 1.3 * SpectralFunction.hadrons(at: 0.81))
    for state in NarrowResonance.all {
      // Averaged over ± 50 MeV a narrow state would add area/0.2M ≥ 0.3; the table there is smooth within 30 %.
      let left = SpectralFunction.hadrons(at: state.mass - 0.06)
      let here = SpectralFunction.hadrons(at: state.mass)
      #expect(here < 1.3 * left && here > 0.7 * left, "\(state.name): \(here), \(left)")
    }
  }

  @Test(
    "a finer quadrature changes nothing", .tags(.identity),
    arguments: [
      (0.1, 0.1, 2.11), (0.1, 0.0, 2.05), (0.1, 0.0, 2.2), (0.1, 0.1, 2.5), (0.1, 0.4, 3),
      (0.03, 0.1, 3), (0.38, 0.05, 2.06), (0.38, 0.05, 2.1), (0.5, 0.02, 2.05), (0.505, 0.0, 2.02),
      (1.5, 0.05, 2.065), (1.5, 0.05, 3), (1.52, 0.0, 2.05), (4.7, 0.0, 2.02), (0.06, 0.1, 2.5),
    ])
  func refinement(m1: Double, splitting: Double, mediator: Double) throws {
    let point = try modelPoint(m1, splitting, mediator: mediator)
    for alphaD in [0.001, 0.1, 0.5] {
      let once = try RelicSettings().coupling(point, alphaD: alphaD).y
      let twice = try RelicSettings().coupling(point, alphaD: alphaD, refinement: 2).y
      // 1e-6: the worst of these is below 5e-7, at the narrowest A′.
      #expect(abs(once / twice - 1) < 1e-6, "\(alphaD): \(once / twice - 1)")
    }
  }

  @Test("half the integrator's tolerance changes nothing", .tags(.identity))
  func tolerance() throws {
    for (m1, splitting, mediator) in [
      (0.1, 0.1, 3), (0.1, 0.4, 3), (0.1, 0.0, 2.05), (1, 0.2, 2.3),
    ] {
      let point = try modelPoint(m1, splitting, mediator: mediator)
      let epsilon = try RelicSettings().coupling(point, alphaD: 0.1).epsilon
      let freezeOut = RelicSettings().freezeOut(point, alphaD: 0.1)
      func final(_ tolerance: Double) throws -> Double {
        try freezeOut.finalLogYield(epsilonSquared: epsilon * epsilon, tolerance: tolerance)
      }
      let usual = try final(1e-7)
      for tolerance in [0.5e-7, 1e-10] {
        // 3e-6: some thirty steps' 1e-7.
        #expect(abs(try final(tolerance) - usual) < 3e-6, "\(point): \(tolerance)")
      }
    }
  }
}

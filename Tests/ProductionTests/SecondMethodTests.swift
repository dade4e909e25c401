import Calculus
import Foundation
import Integration
import ParticleData
import Production
import Testing
import Units

/// σ in pb at ε = 1 by nested Gauss–Legendre quadrature of
///
///     σ = 1/(4M|p|) ∫ dM_X²/2π · dt/(16π M|p|) · k*/(16π² M_X) dΩ* e⁶ G₂(t)/t² A
///
/// in ln(M_X² - m² - m_A′²), ln t and ln(-ũ), the azimuth by the trapezoidal rule (exact: A is of second
/// degree in its cosine), with the closed form of A for P = P_i + P_f and all kinematics by plain
/// differences, in twice the working precision. Elastic with the constants 111 and a size.
private func nestedQuadrature(
  mass: Double, energy: Double, leptonMass: Double, target: Material, order: Int
) -> Double {
  typealias DD = DoubleDouble
  let rule = GaussLegendre(order: order)
  let (m, M, E) = (DD(leptonMass), DD(target.nuclearMass), DD(energy))
  let (m2, M2) = (m * m, M * M)
  let k2 = DD(mass) * DD(mass)
  let s = m2 + M2 + 2 * M * E
  let rootS = s.squareRoot()
  let initialEnergy = (s + M2 - m2) / (2 * rootS)
  let initialMomentum = (initialEnergy * initialEnergy - M2).squareRoot()
  let largest = (rootS - M) * (rootS - M) - m2 - k2
  let Z = Double(target.atomicNumber)
  let a = 111 / cbrt(Z) / Mass.electron
  let size = 0.164 / pow(cbrt(target.massNumber), 2)
  let azimuths = 4

  let sigma = rule.integrate(from: log(2 * leptonMass * mass), to: log(largest.high)) { logD in
    let d = DD(exp(logD))
    let U = d + k2
    let X2 = U + m2
    let X = X2.squareRoot()
    let finalEnergy = (s + M2 - X2) / (2 * rootS)
    let finalMomentum = (finalEnergy * finalEnergy - M2).squareRoot()
    let middle = 2 * (initialEnergy * finalEnergy - M2)
    let tLeast = middle - 2 * initialMomentum * finalMomentum
    let tMost = middle + 2 * initialMomentum * finalMomentum
    let k0 = (X2 + k2 - m2) / (2 * X)
    let k = (k0 * k0 - k2).squareRoot()
    guard k.high > 0, tMost.high > tLeast.high else { return 0 }
    let overT = rule.integrate(from: log(tLeast.high), to: log(tMost.high)) { logT in
      let t = DD(exp(logT))
      let p0 = (X2 + m2 + t) / (2 * X)
      let p = (p0 * p0 - m2).squareRoot()
      // P_i in the X frame, from P_i·X = ME - t/2 and P_i·p = ME.
      let nucleus0 = (M * E - 0.5 * t) / X
      let nucleusAlong = (nucleus0 * p0 - M * E) / p
      let across = (nucleus0 * nucleus0 - nucleusAlong * nucleusAlong - M2).squareRoot()
      let P2 = 4 * M2 + t
      let Pp = 2 * M * E - 0.5 * (U + t)
      let (uLeast, uMost) = (2 * (p0 * k0 - p * k) - k2, 2 * (p0 * k0 + p * k) - k2)
      let overU = rule.integrate(from: log(uLeast.high), to: log(uMost.high)) { logU in
        let minusU = DD(exp(logU))
        let cosine = (2 * p0 * k0 - k2 - minusU) / (2 * p * k)
        let sine = (1 - cosine * cosine).squareRoot()
        var amplitude = 0.0
        for step in 0..<azimuths {
          let phi = 2 * .pi * (Double(step) + 0.5) / Double(azimuths)
          let nucleusK =
            nucleus0 * k0 - nucleusAlong * k * cosine - across * k * sine * DD(cos(phi))
          let Pk = 2 * nucleusK - 0.5 * (U - minusU)
          amplitude +=
            closedFormAmplitude(
              s: U, u: -minusU, t: t, t2: minusU - d - t, leptonMass2: m2, mediatorMass2: k2,
              Pp: Pp, PpPrime: Pp - Pk, P2: P2
            ).high / Double(azimuths)
        }
        // d cos θ* = d(-ũ)/(2p*k*), and -ũ of the logarithmic variable.
        return amplitude * minusU.high / (2 * p.high * k.high)
      }
      let screening = a * a * t.high / (1 + a * a * t.high)
      let form = Z * screening / (1 + t.high / size)
      return overU * form * form / t.high  // dt/t² = d ln t/t.
    }
    let angular = k.high / (16 * .pi * .pi * X.high) * 2 * .pi
    return overT * angular * d.high
  }
  let momentum = (energy * energy - leptonMass * leptonMass).squareRoot()
  let flux = 1 / (4 * target.nuclearMass * momentum)
  let coupling = pow(4 * .pi * PhysicalConstant.fineStructure, 3)
  return sigma * coupling * flux / (2 * .pi) / (16 * .pi * target.nuclearMass * momentum)
    / .picobarn
}

@Suite("The cross section by a second method") struct SecondMethodTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let beam: BeamParticle
    let energy: Double
    let target: String
    let mass: Double
    var testDescription: String { "\(beam) \(energy) GeV on \(target), m_A′ = \(mass)" }
  }

  static let cases = [
    Case(beam: .muon, energy: 160, target: "beryllium", mass: 0.1),
    Case(beam: .muon, energy: 160, target: "beryllium", mass: 0.01),
    Case(beam: .muon, energy: 160, target: "lead", mass: 1),
    Case(beam: .electron, energy: 8, target: "tungsten", mass: 0.1),
    Case(beam: .electron, energy: 4, target: "tungsten", mass: 0.01),
  ]

  @Test(
    "nested quadrature of the closed form agrees with the Monte Carlo", .tags(.identity),
    arguments: cases)
  func agrees(_ test: Case) async throws {
    let target = material(test.target)
    let order = 36
    let quadrature = nestedQuadrature(
      mass: test.mass, energy: test.energy, leptonMass: test.beam.mass, target: target, order: order
    )
    let coarse = nestedQuadrature(
      mass: test.mass, energy: test.energy, leptonMass: test.beam.mass, target: target,
      order: order * 2 / 3)
    let setup = try ProductionSetup(
      beam: test.beam, beamEnergy: test.energy, target: target, mediator: .narrow(mass: test.mass),
      formFactor: .tsaiGeneric)
    let result = try await ProductionSampler(setup, seed: 77)
      .crossSection(relativePrecision: 3e-4, threads: 2)
    let ratio = result.estimate.value / quadrature
    // The quadrature's error is below the step from two thirds of the nodes; the rest is 4 standard
    // errors of the Monte Carlo, 1.2e-3.
    let own = abs(coarse / quadrature - 1)
    #expect(own < 4e-4)
    #expect(abs(ratio - 1) < 4 * result.estimate.relativeError + own)
  }
}

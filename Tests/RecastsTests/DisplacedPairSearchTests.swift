import Calculus
import DarkSector
import Production
import Recasts
import Testing

@Suite("Displaced pairs at colliders") struct DisplacedPairSearchTests {
  private let open = DisplacedPairSearch(
    collider: .superKEKB, luminosity: 5e7, photonCosines: -0.4...0.6, vertexRadius: 170...600,
    vertexZ: -550...1400)

  private func point(_ m1: Double, _ ratio: Double) throws -> ModelPoint {
    try ModelPoint(chi1Mass: m1, massSplitting: ratio * m1, darkPhotonMass: 3 * m1)
  }

  @Test("χ₂ at rest in the A′, no cuts: an integral over the photon's angle", .tags(.identity))
  func threshold() throws {
    let (m1, splitting) = (0.4, 0.16)
    let point = try ModelPoint(
      chi1Mass: m1, massSplitting: splitting, darkPhotonMass: (2 * m1 + splitting) * (1 + 1e-9))
    let process = try #require(
      PhotonAssociatedProduction(collisionEnergy: 10.58, mediatorMass: point.darkPhotonMass))
    let k = process.photonEnergy
    let energy = (k * k + point.darkPhotonMass * point.darkPhotonMass).squareRoot()
    let (betaGamma, gamma) = (0.284, (1 + 0.284 * 0.284).squareRoot())
    let rule = GaussLegendre(order: 400)
    let widths = point.chi2Widths()
    for epsilon in [1e-5, 1e-4, 1e-3] {
      let length = try #require(
        widths.properDecayLength(epsilonSquared: epsilon * epsilon, alphaD: 0.1))
      let crossSection = rule.integrate(from: -0.4, to: 0.6) { c in
        let across = k * ((1 - c) * (1 + c)).squareRoot()
        let along = gamma * -k * c + betaGamma * energy
        let mass = point.darkPhotonMass
        let lower = 170 / across * mass
        let upper = min(600 / across, along > 0 ? 1400 / along : -550 / along) * mass
        guard lower < upper else { return 0 }
        return process.differentialCrossSection(cosine: c)
          * (Elementary.exp(-lower / length) - Elementary.exp(-upper / length))
      }
      let leptonic = (widths.electrons + widths.muons) / widths.total
      let expected = 5e7 * epsilon * epsilon * leptonic * crossSection
      let found = try open.expectedEvents(point, epsilon: epsilon, alphaD: 0.1, seed: 1)
      // 2 %: five errors of 16 384 events.
      #expect(abs(found / expected - 1) < 0.02, "\(epsilon): \(found), \(expected)")
    }
  }

  @Test("every cut takes events away", .tags(.property))
  func cuts() throws {
    let point = try point(0.5, 0.4)
    let all = try open.expectedEvents(point, epsilon: 3e-4, alphaD: 0.1, seed: 1)
    var stricter: [DisplacedPairSearch] = Array(repeating: open, count: 5)
    stricter[0].minimumEnergy = 0.1
    stricter[1].minimumOpeningAngle = 0.1
    stricter[2].minimumPairMass = 0.03
    stricter[3].leptonCosines = -0.8...0.95
    stricter[4].vertexRadius = 300...600
    for search in stricter {
      let events = try search.expectedEvents(point, epsilon: 3e-4, alphaD: 0.1, seed: 1)
      #expect(events < all && events > 0.1 * all)
    }
  }

  @Test("the reach is where three events are expected, and closed on both sides", .tags(.unit))
  func reach() throws {
    let point = try point(0.5, 0.4)
    let mixings = try #require(
      try open.reachedMixings(point, alphaD: 0.1, confidenceLevel: 0.95, seed: 1))
    let interval = try #require(mixings.intervals.first)
    #expect(mixings.intervals.count == 1 && interval.upperBound < 1)
    for end in [interval.lowerBound, interval.upperBound] {
      let events = try open.expectedEvents(point, epsilon: end, alphaD: 0.1, seed: 1)
      #expect(abs(events / 2.995_732 - 1) < 1e-5)
    }
    #expect(
      try open.reachedMixings(
        self.point(0.005, 0.1), alphaD: 0.1, confidenceLevel: 0.95, seed: 1) == nil)
    #expect(
      try open.reachedMixings(
        self.point(4, 0.1), alphaD: 0.1, confidenceLevel: 0.95, seed: 1) == nil)
  }
}

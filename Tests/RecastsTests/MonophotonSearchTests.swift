import Calculus
import DarkSector
import Production
import Recasts
import Testing

@Suite("Single photons") struct MonophotonSearchTests {
  /// BaBar with a flat limit of 10⁻³.
  private func search(_ minimumEnergy: Double?) -> MonophotonSearch {
    MonophotonSearch(
      collider: .pepII, photonCosines: -0.4...0.6,
      veto: minimumEnergy.map {
        VisibleDecayVeto(
          radius: 1350, z: -1200...2200, minimumEnergy: $0, cosines: -0.788...0.9563)
      }, invisibleLimit: InvisibleLimit([(0.01, 1e-3), (9, 1e-3)]))
  }

  private func lowest(
    _ m1: Double, _ ratio: Double, threshold: Double?, alphaD: Double = 0.1, seed: UInt64 = 1
  ) throws -> Double {
    let point = try ModelPoint(chi1Mass: m1, massSplitting: ratio * m1, darkPhotonMass: 3 * m1)
    let mixings = try search(threshold).excludedMixings(point, alphaD: alphaD, seed: seed)
    return try #require(mixings?.intervals.first).lowerBound
  }

  @Test("without a veto, and for a stable χ₂, the published limit stands", .tags(.limit))
  func noVeto() throws {
    for m1 in [0.02, 0.3, 1.7] {
      // 10⁻⁵: A′ → χ₁χ₂ is 1 - O(ε²α/α_D) of its decays.
      #expect(abs(try lowest(m1, 0.4, threshold: nil) / 1e-3 - 1) < 1e-5)
    }
    #expect(abs(try lowest(0.005, 0.1, threshold: 0.1) / 1e-3 - 1) < 1e-5)
  }

  @Test("a mass without a published limit has none here", .tags(.unit))
  func uncovered() throws {
    let point = try ModelPoint(chi1Mass: 3.2, massSplitting: 0.3, darkPhotonMass: 9.6)
    #expect(try search(0.1).excludedMixings(point, alphaD: 0.1, seed: 1) == nil)
  }

  @Test(
    "χ₂ at rest in the A′: the visible share is an integral over the photon's angle",
    .tags(.identity))
  func threshold() throws {
    // m_A′ just above m₁ + m₂: χ₂ has the direction of the A′ and m₂/m_A′ of its momentum, and any electron is noticed.
    let (m1, splitting) = (0.4, 0.16)
    let point = try ModelPoint(
      chi1Mass: m1, massSplitting: splitting, darkPhotonMass: (2 * m1 + splitting) * (1 + 1e-9))
    var hermetic = search(0)
    hermetic.veto?.cosines = -1...1
    let process = try #require(
      PhotonAssociatedProduction(
        collisionEnergy: 10.58, mediatorMass: point.darkPhotonMass))
    let k = process.photonEnergy
    let energy = (k * k + point.darkPhotonMass * point.darkPhotonMass).squareRoot()
    let (betaGamma, gamma) = (0.56, (1 + 0.56 * 0.56).squareRoot())
    let rule = GaussLegendre(order: 200)
    for epsilon in [1e-4, 3e-4, 1e-3] {
      let length = try #require(
        point.chi2Widths().properDecayLength(epsilonSquared: epsilon * epsilon, alphaD: 0.1))
      let invisible =
        rule.integrate(from: -0.4, to: 0.6) { c in
          let across = k * ((1 - c) * (1 + c)).squareRoot()
          let along = gamma * -k * c + betaGamma * energy
          let end = along > 0 ? 2200 / along : -1200 / along
          let path = min(1350 / across, end) * point.darkPhotonMass
          return process.differentialCrossSection(cosine: c) * Elementary.exp(-path / length)
        } / process.crossSection(cosines: -0.4...0.6)
      let found = try hermetic.invisibleShare(point, epsilon: epsilon, alphaD: 0.1, seed: 1)
      // 1 %: five errors of 16 384 events or more.
      #expect(abs(found / invisible - 1) < 0.01, "\(epsilon): \(found), \(invisible)")
    }
  }

  @Test(
    "the limit weakens with the splitting as an independent calculation found", .tags(.reference))
  func splitting() throws {
    // At Δ/m₁ = 0.1 by 1 % at most for m₁ ≤ 1 GeV, at 0.2 by 10 % below 0.5 GeV.
    for m1 in [0.03, 0.1, 0.3, 0.6, 1] {
      #expect(try lowest(m1, 0.1, threshold: 0.1) < 1.01e-3)
    }
    for m1 in [0.03, 0.1, 0.3, 0.49] {
      #expect(try lowest(m1, 0.2, threshold: 0.1) < 1.1e-3)
    }
    // At 0.4 the limit near 10⁻³ is lost above 0.15–0.2 GeV, and what is left depends on the threshold by several times.
    #expect(try lowest(0.1, 0.4, threshold: 0.1) < 1.2e-3)
    for m1 in [0.2, 0.5, 1] {
      let (low, high) = try (lowest(m1, 0.4, threshold: 0.05), lowest(m1, 0.4, threshold: 0.3))
      #expect(high > 1.3e-3 && low > 3 * high, "\(m1): \(low), \(high)")
    }
  }

  @Test("a veto of higher energy leaves more, and seeds agree", .tags(.property))
  func monotonic() throws {
    for ratio in [0.2, 0.4, 0.8] {
      let limits = try [nil, 0.3, 0.1, 0.05].map { try lowest(0.5, ratio, threshold: $0) }
      #expect(zip(limits, limits.dropFirst()).allSatisfy { $0 < $1 }, "\(limits)")
      let (a, b) = try (
        lowest(0.5, ratio, threshold: 0.1, seed: 2), lowest(0.5, ratio, threshold: 0.1, seed: 3)
      )
      // 9 %: five errors of two that are 2.5 % each, on ε².
      #expect(abs(a / b - 1) < 0.09)
    }
  }

  @Test(
    "what is rarely unseen, drawn on purpose, is what a plain sample of millions finds",
    .tags(.statistical), arguments: [(0.3, 0.6, 0.1), (1.0, 0.8, 0.1), (0.1, 0.8, 0.1)])
  func rareUnseen(m1: Double, ratio: Double, threshold: Double) throws {
    let point = try ModelPoint(chi1Mass: m1, massSplitting: ratio * m1, darkPhotonMass: 3 * m1)
    let drawn = search(threshold)
    var plain = drawn
    plain.sampleSize = 1 << 21
    // At ε = 0.9 every χ₂ decays within micrometres.
    let shares = try [drawn, plain].map {
      try $0.invisibleShare(point, epsilon: 0.9, alphaD: 0.1, seed: 4)
    }
    // Rare, so that the two ways differ, and yet more than the 1600 that a plain sample is content with.
    #expect(shares[1] < 0.05 && shares[1] > 8e-4, "\(shares[1])")
    // 15 %: five errors of 2.5 % and, of some 1700 events or more, 2.5 %.
    #expect(abs(shares[0] / shares[1] - 1) < 0.15, "\(shares)")
  }

  @Test("a stronger dark coupling decays sooner", .tags(.property))
  func coupling() throws {
    #expect(
      try lowest(0.4, 0.2, threshold: 0.1, alphaD: 0.5)
        > lowest(0.4, 0.2, threshold: 0.1, alphaD: 0.1))
  }
}

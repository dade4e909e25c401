import Calculus
import DarkSector
import Foundation
import Integration
import ParticleData
import Production
import Tables
import Testing

/// Slow variants with high statistics, `make test-long`.
let runsLong = ProcessInfo.processInfo.environment["DUSKLINE_LONG_TESTS"] != nil

private func setup(
  _ mass: Double, beam: BeamParticle = .muon, energy: Double = 160,
  target: Material = referenceBeryllium, formFactor: FormFactorModel = .tsaiGeneric,
  inelastic: InelasticModel = .off
) throws -> ProductionSetup {
  try ProductionSetup(
    beam: beam, beamEnergy: energy, target: target, mediator: .narrow(mass: mass),
    formFactor: formFactor, inelastic: inelastic)
}

@Suite("Production cross sections") struct CrossSectionTests {
  @Test(
    "cross sections meet the independent calculation", .tags(.reference),
    arguments: [0, 1, 2],
    [
      ("elastic_pb", FormFactorModel.tsaiGeneric, InelasticModel.off),
      ("elastic_plus_inelastic_n2_pb", .tsaiGeneric, .n2),
      ("elastic_plus_inelastic_n1_pb", .tsaiGeneric, .n1), ("point_like_pb", .point, .off),
    ])
  func reference(row: Int, column: (String, FormFactorModel, InelasticModel)) async throws {
    let table = try referenceTable("production-muon-beryllium")
    let mass = try table.required("mA_GeV")[row]
    let expected = try table.required(column.0)[row]
    let precision = runsLong ? 5e-5 : 3e-4
    let result = try await ProductionSampler(
      setup(mass, formFactor: column.1, inelastic: column.2), seed: 1
    ).crossSection(relativePrecision: precision, threads: 2)
    let ratio = result.estimate.value / expected
    // 4 standard errors of ours and theirs; the table gives theirs, 3.4e-5 to 4.5e-5, for the elastic
    // column, and 1e-4 stands for the others'.
    let theirs = column.0 == "elastic_pb" ? try table.required("elastic_relerr")[row] : 1e-4
    let ours = result.estimate.relativeError
    #expect(abs(ratio - 1) < 4 * (ours * ours + theirs * theirs).squareRoot())
    #expect(abs(ratio - 1) < 2e-3)
  }

  @Test("ten seeds scatter as their errors say, and their χ² is sane", .tags(.statistical))
  func seeds() async throws {
    let setup = try setup(0.1)
    var results: [CrossSection] = []
    for seed in 1...10 {
      results.append(
        try await ProductionSampler(setup, seed: UInt64(seed))
          .crossSection(relativePrecision: 2e-3, threads: 2))
    }
    let weights = results.map { 1 / ($0.estimate.error * $0.estimate.error) }
    let mean =
      zip(results, weights).map { $0.estimate.value * $1 }.reduce(0, +) / weights.reduce(0, +)
    let chi = results.map { pow(($0.estimate.value - mean) / $0.estimate.error, 2) }.reduce(0, +)
    let p = chiSquaredProbability(chi, degrees: 9)
    // Errors 3 times too small or large would give p = 0 or 1.
    #expect(p > 1e-3 && p < 0.999)
    #expect(chiSquaredProbability(9 * chi, degrees: 9) < 1e-3)
    #expect(chiSquaredProbability(chi / 9, degrees: 9) > 0.99)
    for result in results {
      let reduced = try #require(result.chiSquaredPerDegree)
      // 3 to 15 degrees: 99.99 % lie below 7.
      #expect(reduced < 7)
    }
    let combined = 1 / weights.reduce(0, +).squareRoot()
    // The reference, good to 3.4e-5.
    #expect(abs(mean - 2.80753e6) < 4 * combined + 2.80753e6 * 1e-4)
  }

  @Test("the map changes the error, not the result", .tags(.identity))
  func mapIndependence() async throws {
    let setup = try setup(0.3)
    let trained = try await ProductionSampler(setup, seed: 3)
      .crossSection(relativePrecision: 1e-3, threads: 2)
    let untrained = try await ProductionSampler(setup, seed: 3, trainingIterations: 0)
      .crossSection(relativePrecision: 1e-3, threads: 2)
    let half = try await ProductionSampler(setup, seed: 3, trainingIterations: 2)
      .crossSection(relativePrecision: 1e-3, threads: 2)
    #expect(abs(trained.estimate.pull(against: untrained.estimate)) < 4)
    #expect(abs(trained.estimate.pull(against: half.estimate)) < 4)
    // Equal precision costs more calls with a worse map.
    #expect(untrained.calls > 2 * trained.calls)
  }

  @Test("a result does not depend on the number of threads", .tags(.unit))
  func threads() async throws {
    let sampler = ProductionSampler(try setup(0.1), seed: 9)
    let one = try await sampler.crossSection(relativePrecision: 2e-3, threads: 1)
    for threads in [2, 7] {
      #expect(try await sampler.crossSection(relativePrecision: 2e-3, threads: threads) == one)
    }
  }

  @Test("σ falls with m_A′ and is finite from 1 keV to the kinematic limit", .tags(.limit))
  func extremes() async throws {
    for (beam, energy, target) in [
      (BeamParticle.muon, 160.0, "beryllium"), (.electron, 8, "tungsten"), (.muon, 160, "hydrogen"),
      (.electron, 160, "lead"),
    ] {
      let target = material(target)
      // The largest mass: √s = M + m + m_A′.
      let M = target.nuclearMass
      let s = M * M + beam.mass * beam.mass + 2 * M * energy
      let limit = s.squareRoot() - M - beam.mass
      var last = Double.infinity
      for mass in [
        1e-6, 1e-4, 2 * Mass.electron, 0.05, 0.3, 0.5 * limit, 0.99 * limit, limit * (1 - 1e-7),
      ] {
        let result = try await ProductionSampler(
          setup(mass, beam: beam, energy: energy, target: target, formFactor: .tsai), seed: 5
        ).crossSection(relativePrecision: 0.02, threads: 2)
        #expect(result.estimate.value > 0 && result.estimate.value < last, "\(beam), \(mass) GeV")
        last = result.estimate.value
      }
    }
  }

  @Test("below threshold production is refused, just above it works", .tags(.limit))
  func threshold() async throws {
    for (beam, mass) in [(BeamParticle.muon, 1.0), (.electron, 0.05)] {
      let target = material("beryllium")
      let needed = ProductionSetup.thresholdEnergy(beam: beam, target: target, mediatorMass: mass)
      // √s = M + m + m_A′ at threshold.
      let s = pow(target.nuclearMass, 2) + pow(beam.mass, 2) + 2 * target.nuclearMass * needed
      #expect(abs(s.squareRoot() / (target.nuclearMass + beam.mass + mass) - 1) < 1e-15)
      for energy in [needed, needed.nextDown, 0.5 * needed, 0, -1, Double.nan] {
        #expect(throws: ProductionError.self) {
          try setup(mass, beam: beam, energy: energy, target: target)
        }
      }
      #expect(
        throws: ProductionError.belowThreshold(beamEnergy: 0.01, needed: needed, mediatorMass: mass)
      ) { try setup(mass, beam: beam, energy: 0.01, target: target) }
      // Three-body phase space: σ ∝ δ² at threshold.
      var values: [Double] = []
      for excess in [1e-4, 2e-4] {
        let result = try await ProductionSampler(
          setup(
            mass, beam: beam, energy: needed * (1 + excess), target: target, formFactor: .point),
          seed: 5
        ).crossSection(relativePrecision: 2e-3, threads: 2)
        values.append(result.estimate.value)
      }
      // 1 % for the Monte Carlo and the next order, relative to the lepton's mass.
      #expect(abs(values[1] / values[0] - 4) < 0.15)
    }
  }

  @Test("particle and antiparticle, and equal set-ups, share their numbers", .tags(.identity))
  func antiparticles() async throws {
    let minus = ProductionSampler(try setup(0.2), seed: 4)
    let plus = ProductionSampler(try setup(0.2, beam: .antimuon), seed: 4)
    #expect(minus.digest == plus.digest)
    #expect(
      try await minus.crossSection(relativePrecision: 0.01, threads: 1)
        == plus.crossSection(relativePrecision: 0.01, threads: 1))
    let others = try [
      setup(0.2.nextUp), setup(0.2, beam: .electron), setup(0.2, energy: 150),
      setup(0.2, target: .beryllium), setup(0.2, formFactor: .point), setup(0.2, inelastic: .n1),
      setup(0.2, inelastic: .n2),
    ].map { ProductionSampler($0, seed: 4, trainingIterations: 0).digest }
    #expect(Set(others + [minus.digest]).count == others.count + 1)
  }
}

@Suite("An off-shell mediator") struct SpectralMediatorTests {
  private func shape(_ m1: Double, _ alphaD: Double, ratio: Double = 0.4) -> LineShape {
    LineShape(
      mass: 3 * m1, sumMass: (2 + ratio) * m1, massSplitting: ratio * m1, alphaD: alphaD)
  }

  private func sigma(_ mediator: Mediator, _ precision: Double) async throws -> Estimate {
    let setup = try ProductionSetup(
      beam: .muon, beamEnergy: 160, target: .beryllium, mediator: mediator)
    return try await ProductionSampler(setup, seed: 21)
      .crossSection(relativePrecision: precision, threads: 2).estimate
  }

  /// ρ(Q²) as printed.
  private func density(_ shape: LineShape, _ Q2: Double) -> Double {
    let width = shape.massTimesWidth(Q2)
    let offset = Q2 - shape.mass * shape.mass
    return width / .pi / (offset * offset + width * width)
  }

  @Test("the width in the line shape is that of the model", .tags(.identity))
  func width() throws {
    let shape = shape(0.2, 0.5)
    let point = try ModelPoint(chi1Mass: 0.2, massSplitting: 0.08, darkPhotonMass: 0.6)
    for Q in [0.4801, 0.5, 0.6, 3.0] {
      let expected = 0.5 * Q * point.darkMediatorWidth(atVirtuality: Q)
      // 1e-12: Q² - Σ² loses three digits next to the threshold.
      #expect(abs(shape.massTimesWidth(Q * Q) / expected - 1) < 1e-12)
    }
    #expect(shape.massTimesWidth(0.48 * 0.48) == 0)
    #expect(shape.massTimesWidth(0.1) == 0)
    #expect(shape.massTimesWidth(1e-3) == 0)
  }

  @Test(
    "the spectral density has unit weight for a narrow A′, and the tail of its width", .tags(.limit)
  )
  func normalisation() {
    /// ∫ρ dQ² up to `reach` times m_A′².
    func weight(_ alphaD: Double, reach: Double) -> Double {
      let shape = shape(0.2, alphaD)
      let mass2 = shape.mass * shape.mass
      let pole = shape.massTimesWidth(mass2)
      // Q² = m² + w tan φ flattens the peak; cells towards both ends for the root and for the tail.
      let low = atan((shape.sumMass * shape.sumMass - mass2) / pole)
      let high = atan((reach * mass2 - mass2) / pole)
      let middle = (low + high) / 2
      var edges = (0...40).map { low + (middle - low) * exp2(-Double(40 - $0)) }
      edges += (1...50).map { high - (high - middle) * exp2(-Double($0)) }
      return GaussLegendre.order16.integrate(over: [low] + edges + [high]) { phi in
        density(shape, mass2 + pole * tan(phi)) * pole / pow(cos(phi), 2)
      }
    }
    // What the threshold cuts off and the tail adds is of order Γ/πm ≈ 10⁻⁵ each.
    #expect(abs(weight(1e-4, reach: 25) - 1) < 1e-4)
    #expect(abs(weight(1e-4, reach: 25) - 1) > 1e-7)
    // QΓ → α_D Q²/3 = γQ²: ρ → γ/π(1+γ²) /Q², so that the weight grows by that times ln 100.
    let gamma = 0.5 / 3
    let growth = weight(0.5, reach: 1e6) - weight(0.5, reach: 1e4)
    // 1e-3: corrections m²/Q² beyond the first reach.
    #expect(abs(growth / (gamma / .pi / (1 + gamma * gamma) * log(100)) - 1) < 1e-3)
  }

  @Test("α_D → 0 gives the narrow result", .tags(.limit))
  func narrowLimit() async throws {
    let narrow = try await sigma(.narrow(mass: 0.6), 1e-3)
    let spectral = try await sigma(.spectral(shape(0.2, 1e-5)), 1e-3)
    // Γ/m ≈ 3·10⁻⁶: only the Monte Carlo errors are left.
    #expect(abs(spectral.pull(against: narrow)) < 4)
  }

  @Test("the spectral result is the narrow one folded with the spectral density", .tags(.identity))
  func folding() async throws {
    let shape = shape(0.2, 0.5)
    let spectral = try await sigma(.spectral(shape), 5e-4)
    let mass2 = shape.mass * shape.mass
    let pole = shape.massTimesWidth(mass2)
    let low = atan((shape.sumMass * shape.sumMass - mass2) / pole)
    let high = atan((20 * 20 - mass2) / pole)  // σ above 20 GeV is below 10⁻⁷ of the whole.
    let rule = GaussLegendre.order64
    var folded = Estimate.exact(0)
    for (node, weight) in zip(rule.nodes, rule.weights) {
      // φ = low + (high - low) x² takes the root at threshold away.
      let x = (node + 1) / 2
      let phi = low + (high - low) * x * x
      let Q2 = mass2 + pole * tan(phi)
      let factor =
        density(shape, Q2) * pole / pow(cos(phi), 2) * (high - low) * 2 * x * weight / 2
      folded = folded + factor * (try await sigma(.narrow(mass: Q2.squareRoot()), 3e-3))
    }
    // 5e-4: the quadrature with 64 nodes towards an end at 20 GeV.
    #expect(
      abs(spectral.value / folded.value - 1)
        < 4 * (spectral.relativeError + folded.relativeError) + 5e-4)
  }

  @Test(
    "at α_D = 0.5 and m_A′ = 3m₁ a wide A′ is made 10 to 18 % less often from 0.3 GeV on",
    .tags(.reference), arguments: [0.1, 0.2, 0.33333], [0.1, 0.4])
  func suppression(m1: Double, ratio: Double) async throws {
    // Half a per cent is left to the Monte Carlo.
    let share = try await shareOfNarrow(m1, ratio)
    #expect(share > 0.815 && share < 0.905)
  }

  @Test("a light wide A′ is suppressed less, and at 10 MeV not at all", .tags(.limit))
  func lightMediator() async throws {
    // Where m_A′ is far below m_μ, σ is flat across the line and the tail in Q² makes up for the rest.
    for ratio in [0.1, 0.4] {
      let light = try await shareOfNarrow(0.01 / 3, ratio)
      let middle = try await shareOfNarrow(0.1 / 3, ratio)
      #expect(light > 0.98 && light < 1.04)
      #expect(middle > 0.90 && middle < 0.93)
    }
  }

  private func shareOfNarrow(_ m1: Double, _ ratio: Double) async throws -> Double {
    let narrow = try await sigma(.narrow(mass: 3 * m1), 1e-3)
    return try await sigma(.spectral(shape(m1, 0.5, ratio: ratio)), 1e-3).value / narrow.value
  }
}

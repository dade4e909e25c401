import Background
import DarkSector
import Foundation
import ParticleData
import Production
import Reach
import Testing
import Units

@Suite("Hadrons that the muon radiates")
struct RadiatedHadronsTests {
  private let plan = Plan.paper()

  private func production(_ mass: Double, precision: Double = 0.005) async throws -> Double {
    let setup = try ProductionSetup(
      beam: plan.beam.particle, beamEnergy: plan.beam.energy, target: plan.target,
      mediator: .narrow(mass: mass), formFactor: plan.production.formFactor,
      inelastic: plan.production.inelastic)
    return try await ProductionSampler(setup, seed: 99)
      .crossSection(relativePrecision: precision, threads: 2).estimate.value
  }

  private var alpha: Double { PhysicalConstant.fineStructure }

  @Test("phi is radiated as an A' of its mass and its coupling", .tags(.reference))
  func phi() async throws {
    let radiated = try await plan.expectedBackgrounds([], threads: 2).radiated
    // ε² from Γ(ee) = ε² α m/3; PDG 2024: 1.25 keV.
    let mixing = 3 * 1.251e-6 / (alpha * 1.019_461)
    #expect(abs(RadiatedHadrons.phiMixing / mixing - 1) < 1e-12)
    let sigma = try await production(1.019_461, precision: 0.001)
    let found = radiated.phiCrossSection
    // Five standard errors of the 8192 events and of 0.1 %.
    let error = (found.error * found.error + 1e-6 * found.value * found.value).squareRoot()
    #expect(abs(found.value - mixing * sigma) < 5 * error, "\(found) \(mixing * sigma)")
    // Weights spread by 0.4: 0.44 %.
    #expect(found.relativeError > 0.002 && found.relativeError < 0.01)
  }

  @Test("R integrated over phi is the narrow resonance", .tags(.reference))
  func narrow() {
    // m and Γ of PDG 2024. What is left of R at ± 20 MeV without the resonance is taken to be a straight line between.
    let (mass, width, reach) = (1.019_461, 4.249e-3, 0.020)
    let height = 9 * 1.251e-6 / width / (alpha * alpha)
    func resonance(_ m: Double) -> Double {
      height / (1 + 4 * (m - mass) * (m - mass) / (width * width))
    }
    let steps = 20_000
    var (sum, line) = (0.0, 0.0)
    let (low, high) = (mass - reach, mass + reach)
    let (a, b) = (
      SpectralFunction.hadrons(at: low) - resonance(low),
      SpectralFunction.hadrons(at: high) - resonance(high)
    )
    for k in 0..<steps {
      let share = (Double(k) + 0.5) / Double(steps)
      let m = low + 2 * reach * share
      sum += 2 / m * SpectralFunction.hadrons(at: m) * 2 * reach / Double(steps)
      line += 2 / m * (a + (b - a) * share) * 2 * reach / Double(steps)
    }
    let inside = 2 / Double.pi * atan(2 * reach / width)
    let mixing = alpha / (3 * .pi) * (sum - line) / inside
    // 5 %: interference with ρ and ω, and the errors of the table at the peak; what is seen is 2 %.
    #expect(abs(mixing / RadiatedHadrons.phiMixing - 1) < 0.05, "\(mixing)")
  }

  @Test("all hadrons up to 3 GeV, summed in another way", .tags(.reference))
  func hadrons() async throws {
    let radiated = try await plan.expectedBackgrounds([], threads: 2).radiated
    // 25 masses evenly in m², ln σ against ln m along straight lines, midpoints of 40 000 slices of m.
    let (low, high) = (SpectralFunction.hadronThreshold, 3.0)
    var (masses, logs): ([Double], [Double]) = ([], [])
    for k in 0...24 {
      let share = Double(k) / 24
      // Denser below, where σ falls most.
      let m = low + (high - low) * share * share
      masses.append(m)
      logs.append(log(try await production(m)))
    }
    var (sum, at) = (0.0, 0)
    let slices = 40_000
    for k in 0..<slices {
      let m = low + (high - low) * (Double(k) + 0.5) / Double(slices)
      while masses[at + 1] < m { at += 1 }
      let share = log(m / masses[at]) / log(masses[at + 1] / masses[at])
      let sigma = exp(logs[at] + share * (logs[at + 1] - logs[at]))
      sum += 2 / m * SpectralFunction.hadrons(at: m) * sigma * (high - low) / Double(slices)
    }
    let expected = alpha / (3 * .pi) * sum
    // 2 %: σ between eight steps of a factor 1.35 in mass, each known to 0.5 %; where R is largest, under ρ, they go together.
    #expect(abs(radiated.hadronCrossSection / expected - 1) < 0.02, "\(expected)")
    #expect(radiated.phiCrossSection.value < radiated.hadronCrossSection)
  }

  private func isDoubleFake(_ decay: HadronDecay) -> Double {
    decay.category == .doubleFake ? 1 : 0
  }

  @Test("what passes of phi -> K_S K_L: nothing while K_L are seen", .tags(.unit))
  func passing() async throws {
    let background = try await plan.expectedBackgrounds([], threads: 2)
    // The two kaons share the energy of phi nearly evenly: a K_S of 10 GeV has a K_L of 5 or more beside it.
    let veto = HadronBackground.Vetoes(neutralEnergy: 2, trackEnergy: 2)
    let sum = background.radiated.background.crossSection(on: .beryllium, veto, isDoubleFake)
    #expect(sum.value == 0)
    // Without a veto: at most BR(K_S K_L) BR(K_S -> pi pi) σ(phi), and a fair part of it.
    let open = HadronBackground.Vetoes(neutralEnergy: .infinity, trackEnergy: .infinity)
    let passing = background.radiated.background.crossSection(on: .beryllium, open, isDoubleFake)
    let all = passing.value
    // One of 8192 candidates: no more than the sum of all, and no less than their mean.
    let limit = try #require(sum.upperLimit)
    #expect(limit > 3 * all / 8192 && limit < all && passing.upperLimit == nil)
    let most = 0.339 * 0.692 * background.radiated.phiCrossSection.value
    #expect(all > 0.005 * most && all < most, "\(all) of \(most)")
  }

  @Test("threads do not matter; the target's charge does", .tags(.identity))
  func threads() async throws {
    let (one, two) = (
      try await plan.expectedBackgrounds([], threads: 1).radiated,
      try await plan.expectedBackgrounds([], threads: 2).radiated
    )
    #expect(one.phiCrossSection == two.phiCrossSection)
    #expect(one.hadronCrossSection == two.hadronCrossSection)
    #expect(one.background.parts[0].decays == two.background.parts[0].decays)
  }
}

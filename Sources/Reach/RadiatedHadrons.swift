import Background
import Calculus
import DarkSector
import Integration
import Kinematics
import ParticleData
import Production
import Sampling
import Units

/// Hadrons that the beam lepton radiates in the field of a nucleus: μN → μN γ*, γ* → φ → K_S K_L, exact in QED.
///
/// A vector meson is radiated as an A′ of its mass is, with
///
///     ε² = 3 Γ(V → ee) / (α m_V)
///
/// which is the part of `σ = (α/3π) ∫ ds/s R(s) σ_A′(√s)` under a narrow resonance; the same production, spins aside, and the same
/// detector and cuts as a signal's. Of what is radiated only φ makes pairs of long-lived hadrons at an energy that matters: ΛΛ̄ begins at
/// 2.2 GeV, where R for it is below 10⁻² and σ a tenth.
///
/// Source: N. Cabibbo and R. Gatto, Phys. Rev. 124, 1577 (1961), for ∫R; Γ(φ → ee) = 1.25 keV, BR(φ → K_S K_L) = 0.339 (PDG 2024).
public struct RadiatedHadrons: Sendable {
  /// σ(μN → μN φ) on a nucleus in pb.
  public let phiCrossSection: Estimate
  /// σ(μN → μN hadrons) on a nucleus in pb: the integral over R from the threshold to 3 GeV.
  public let hadronCrossSection: Double
  /// What passes of φ → K_S K_L.
  public let background: HadronBackground
  private let sample: CandidateSample

  /// m_φ in GeV.
  public static let phiMass = 1.019_461
  /// Γ(φ → ee) in GeV.
  public static let phiElectronWidth = 1.251e-6
  /// BR(φ → K_S K_L).
  public static let kaonPairBranchingRatio = 0.339
  /// ε² of a photon that turns into φ.
  public static let phiMixing =
    3 * phiElectronWidth / (PhysicalConstant.fineStructure * phiMass)

  private static let events = 8192

  init(_ plan: Plan, _ forced: ForcedDecays, threads: Int) async throws {
    let sampler = try ProductionSampler(radiating: Self.phiMass, plan)
    let columns = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let beamMass = plan.beam.particle.mass
    var candidates: [CandidateEvent] = []
    var (sum, squares) = (0.0, 0.0)
    for batch in 0..<BatchLayout.batchCount(forEvents: Self.events) {
      let n = sampler.fill(columns, scratch: scratch, batch: batch, of: Self.events)
      var stream = RandomStream(
        seed: plan.run.seed, purpose: .backgroundCompanion, point: sampler.digest, batch: batch)
      for i in 0..<n {
        let weight = columns.base[EventColumn.weight + i]
        sum += weight
        squares += weight * weight
        candidates.append(
          Self.candidate(columns, i, beamMass: beamMass, number: candidates.count + 1, &stream))
      }
    }
    let sigma = Self.phiMixing * sum
    let variance = max(squares - sum * sum / Double(Self.events), 0)
    phiCrossSection = Estimate(value: sigma, error: Self.phiMixing * variance.squareRoot())
    hadronCrossSection = try await Self.hadrons(plan, threads: threads)
    // What a sample stands for is one proton; Z of them are the nucleus.
    let perProton =
      sigma * Self.kaonPairBranchingRatio / Double(plan.target.atomicNumber)
    let mean = sum / Double(Self.events)
    for index in candidates.indices { candidates[index].weight /= mean }
    sample = CandidateSample(
      generator: "exact QED", process: .soft, part: .all, nucleon: .proton, generatedOn: .proton,
      beam: plan.beam.particle, beamEnergy: plan.beam.energy, thresholds: CandidateThresholds(),
      settings: [CandidateSetting("radiated", "phi to K_S K_L")], eventsGenerated: Self.events,
      crossSection: Estimate(value: perProton / .hbarCSquared_GeV2pb, error: 0), found: [:],
      events: candidates)
    background = try await Self.background(sample, forced, seed: plan.run.seed, threads: threads)
  }

  /// The same events in another detector.
  init(_ other: RadiatedHadrons, _ forced: ForcedDecays, seed: UInt64, threads: Int) async throws {
    phiCrossSection = other.phiCrossSection
    hadronCrossSection = other.hadronCrossSection
    sample = other.sample
    background = try await Self.background(sample, forced, seed: seed, threads: threads)
  }

  private static func background(
    _ sample: CandidateSample, _ forced: ForcedDecays, seed: UInt64, threads: Int
  ) async throws -> HadronBackground {
    var few = forced
    few.repetitions = 4
    return try await HadronBackground([sample], few, seed: seed, threads: threads)
  }

  /// φ → K_S K_L, evenly in the sphere: its spin would turn kaons towards the beam by less than cuts notice.
  private static func candidate(
    _ columns: borrowing ColumnBatch, _ i: Int, beamMass: Double, number: Int,
    _ stream: inout RandomStream
  ) -> CandidateEvent {
    let event = RadiatedEvent(columns, i, leptonMass: beamMass, mass: phiMass)
    let (short, long) = HadronDecaySampler.twoBody(
      phiMass, Mass.neutralKaon, Mass.neutralKaon, &stream)
    func kaon(_ hadron: LongLivedHadron, _ atRest: FourMomentum) -> CandidateParticle {
      let k = atRest.boosted(from: event.photon, mass: phiMass)
      return CandidateParticle(pdgID: hadron.rawValue, x: k.x, y: k.y, z: k.z)
    }
    return CandidateEvent(
      number: number, kind: .longLived, weight: event.weight, virtuality: 0,
      hadronicMass: 0,
      particles: [
        CandidateParticle(
          pdgID: 13, x: event.lepton.x, y: event.lepton.y, z: event.lepton.z),
        kaon(.kaonShort, short), kaon(.kaonLong, long),
      ])
  }

  /// (α/3π) ∫ ds/s R(s) σ_A′(√s) to 3 GeV: ln σ between a few masses, R as it is tabulated.
  private static func hadrons(_ plan: Plan, threads: Int) async throws -> Double {
    let masses = (0...8).map {
      SpectralFunction.hadronThreshold
        * Elementary.exp(
          Double($0) / 8 * Elementary.log(3 / SpectralFunction.hadronThreshold))
    }
    var logarithms: [Double] = []
    for mass in masses {
      let sigma = try await ProductionSampler(radiating: mass, plan)
        .crossSection(relativePrecision: 0.005, threads: threads)
      logarithms.append(Elementary.log(sigma.estimate.value))
    }
    let sigma = MonotoneInterpolant(x: masses.map { Elementary.log($0) }, y: logarithms)
    let edges = SpectralFunction.hadronicBreakpoints.filter { $0 < 3 } + [3]
    // 2 dm/m for ds/s.
    let integral = GaussLegendre.order16.integrate(over: edges) { mass in
      2 / mass * SpectralFunction.hadrons(at: mass) * Elementary.exp(sigma(Elementary.log(mass)))
    }
    return PhysicalConstant.fineStructure / (3 * .pi) * integral
  }
}

import Background
import Calculus
import DarkSector
import Integration
import Kinematics
import ParticleData
import Production
import Sampling
import Units

/// Lepton pairs that the beam lepton makes in the field of a nucleus, μN → μN ℓ⁺ℓ⁻: real leptons from the target, of which nothing but the
/// vertex tells a signal.
///
/// *Radiated* pairs come from a virtual photon of mass M, made as an A′ is, exactly:
///
///     dσ = (α/3π) dM²/M² R_ℓ(M) σ_A′(M),    R_ℓ = (1 + 2m²/M²) √(1 - 4m²/M²)
///
/// *Two-photon* pairs come from a photon of the beam lepton and one of the nucleus. They are far more, and an estimate by equivalent photons:
///
///     dσ = dx dQ² (α/π) [1 - x + x²/2 - (1-x) Q²_min/Q²]/(x Q²) (1 + Q²/M²)⁻² · (α/π) χ dM²/M² · dσ_γγ→ℓℓ,   Q²_min = m_μ²x²/(1-x)
///     χ = ∫ dt (t - t_min)/t² G₂(t),   t_min = ((M² + Q²)/2xE)²,  up to M² + Q²
///
/// with x the pair's share of the energy. One power of 1 + Q²/M² is dω/ω of the nucleus' photon, the other the fall of σ_γ*γ at large Q².
/// For real photons, Q² = 0, σ is within 12 % of Bethe and Heitler's; that of muons is 1.2 to 2.3 times the electron term of Kelner and Kotov,
/// most where x is large and M small, which the cuts remove. The two kinds do not interfere in this sum, the exchange of like leptons is left
/// out, and pairs from a virtual photon go evenly in the sphere. Nothing vetoes a nucleus that breaks: both kinds are elastic and
/// quasi-elastic together, whatever a plan's signal is.
///
/// Source: S. Frixione, M. L. Mangano, P. Nason and G. Ridolfi, Phys. Lett. B 319, 339 (1993), for a lepton's photons; G. Breit and
/// J. A. Wheeler, Phys. Rev. 46, 1087 (1934), for γγ → ℓℓ; arXiv:0906.0580, App. A, for χ; S. R. Kelner and Yu. D. Kotov, Sov. J. Nucl.
/// Phys. 7, 237 (1968). Valid for a beam lepton that is relativistic.
public struct Tridents: Sendable {
  /// How a pair is made.
  public enum Process: String, Sendable, Hashable, CaseIterable {
    /// By a virtual photon that the beam lepton radiates.
    case radiated
    /// By two photons.
    case twoPhoton = "two-photon"
  }

  /// A pair that passes all cuts but that on the vertex.
  public struct Pair: Sendable, Hashable {
    /// How it is made.
    public let process: Process
    /// What it is.
    public let flavour: LeptonFlavour
    /// What its tracks are.
    public var species: TrackSpecies { flavour == .electron ? .electron : .muon }
    /// Its cross section in pb on a nucleus.
    public let weight: Double
    /// The angle between its tracks in rad.
    public let openingAngle: Double
  }

  /// All that pass.
  public let pairs: [Pair]

  /// The flavours that are looked for.
  public static let flavours: [LeptonFlavour] = [.electron, .muon]

  /// The cross section in pb on a nucleus of pairs, with a factor for each.
  public func crossSection(_ factor: (Pair) -> Double) -> Estimate {
    .sum(of: pairs.map { $0.weight * factor($0) })
  }

  /// Events of a mass and flavour where radiated.
  private static let radiatedEvents = 2048
  /// Events of a flavour by two photons, in so many batches.
  private static let (twoPhotonEvents, twoPhotonBatches) = (262_144, 16)
  /// Slices of ln M.
  private static let slices = 24
  /// The largest mass in GeV: above it there is a millionth of all pairs.
  private static let largestMass = 3.0

  init(_ plan: Plan, _ forced: ForcedDecays, threads: Int) async throws {
    let tasks = Self.flavours.flatMap { flavour in
      (0..<Self.slices + Self.twoPhotonBatches).map { (flavour, $0) }
    }
    pairs = try await concurrentMap(count: tasks.count, threads: threads) { number in
      let (flavour, slice) = tasks[number]
      return slice < Self.slices
        ? try Self.radiated(plan, forced, flavour, slice: slice)
        : Self.twoPhoton(plan, forced, flavour, batch: slice - Self.slices)
    }.flatMap(\.self)
  }

  /// The least mass in GeV of a pair that passes: `M² = 2m² + 2(E₁E₂ - p₁p₂ cosθ)` at the least energies and the least angle.
  private static func leastMass(_ plan: Plan, _ flavour: LeptonFlavour) -> Double {
    let (m, E) = (flavour.mass, max(plan.selection.minimumLeptonEnergy, flavour.mass))
    let half = 0.5 * plan.selection.minimumOpeningAngle
    let sine = half - half * half * half / 6
    return 2 * (m * m + (E - m) * (E + m) * sine * sine).squareRoot()
  }

  private static func stream(
    _ plan: Plan, _ process: Process, _ flavour: LeptonFlavour, _ digest: UInt64,
    batch: Int = 0
  )
    -> RandomStream
  {
    var address = Digest()
    address.combine("tridents")
    address.combine(process.rawValue)
    address.combine(flavour.rawValue)
    address.combine(digest)
    return RandomStream(
      seed: plan.run.seed, purpose: .backgroundDecay, point: address.value, batch: batch)
  }

  /// Scattering on the protons of a nucleus; on hydrogen that is the elastic process itself.
  private static func inelastic(_ plan: Plan) -> InelasticModel {
    plan.target.atomicNumber > 1 || plan.target.massNumber > 1.5 ? .n1 : .off
  }

  // MARK: radiated

  private static func radiated(
    _ plan: Plan, _ forced: ForcedDecays, _ flavour: LeptonFlavour, slice: Int
  ) throws -> [Pair] {
    let least = leastMass(plan, flavour)
    guard least < largestMass else { return [] }
    let width = Elementary.log(largestMass / least) / Double(slices)
    let mass = least * Elementary.exp(width * (Double(slice) + 0.5))
    // 2 d ln M for dM²/M².
    let coupling =
      PhysicalConstant.fineStructure / (3 * .pi) * 2 * width
      * SpectralFunction.lepton(flavour, at: mass)
    let sampler = try ProductionSampler(radiating: mass, plan, inelastic: inelastic(plan))
    let columns = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let n = sampler.fill(columns, scratch: scratch, batch: 0, of: radiatedEvents)
    var stream = stream(plan, .radiated, flavour, sampler.digest)
    return (0..<n).compactMap { i in
      let event = RadiatedEvent(columns, i, leptonMass: plan.beam.particle.mass, mass: mass)
      let (plus, minus) = HadronDecaySampler.twoBody(mass, flavour.mass, flavour.mass, &stream)
      guard
        let angle = forced.acceptedAngle(
          plus.boosted(from: event.photon, mass: mass),
          minus.boosted(from: event.photon, mass: mass), scatteredLepton: event.lepton)
      else { return nil }
      return Pair(
        process: .radiated, flavour: flavour, weight: coupling * event.weight, openingAngle: angle)
    }
  }

  // MARK: two photons

  private static func twoPhoton(
    _ plan: Plan, _ forced: ForcedDecays, _ flavour: LeptonFlavour, batch: Int
  ) -> [Pair] {
    let cuts = plan.selection
    let (E, muon) = (plan.beam.energy, plan.beam.particle.mass)
    let photons = TwoPhotonPairs(
      NuclearFormFactor(
        plan.target, model: plan.production.formFactor, inelastic: inelastic(plan)),
      beamMass: muon, beamEnergy: E)
    let leastEnergy = max(cuts.minimumLeptonEnergy, flavour.mass)
    let leastBeamEnergy = max(cuts.minimumBeamLeptonEnergy, muon)
    let shares = 2 * leastEnergy / E...max(1 - leastBeamEnergy / E, 2 * leastEnergy / E)
    let masses = leastMass(plan, flavour)...max(largestMass, leastMass(plan, flavour))
    var setting = Digest()
    [E, muon, Double(plan.target.atomicNumber), plan.target.massNumber].forEach {
      setting.combine($0)
    }
    var stream = stream(plan, .twoPhoton, flavour, setting.value, batch: batch)
    func logarithmic(_ range: ClosedRange<Double>) -> (value: Double, jacobian: Double) {
      let width = Elementary.log(range.upperBound / range.lowerBound)
      let value = range.lowerBound * Elementary.exp(width * stream.uniform())
      return (value, width * value)
    }
    return (0..<twoPhotonEvents / twoPhotonBatches).compactMap { _ in
      let x = logarithmic(shares)
      let M = logarithmic(masses)
      let least = photons.leastVirtuality(x.value)
      // Beyond, (1 + Q²/M²)⁻² leaves less than a thousandth of what is before.
      let Q2 = logarithmic(least...100 * (least + M.value * M.value))
      let decay = TwoPhotonPairs.Decay(M.value, flavour.mass, &stream)
      let direction = Elementary.circlePoint(turns: stream.uniform())
      let transverse2 = max((1 - x.value) * Q2.value - muon * muon * x.value * x.value, 0)
      let transverse = transverse2.squareRoot()
      let along2 = x.value * E * x.value * E - M.value * M.value - transverse2
      let scattered2 = (1 - x.value) * E * (1 - x.value) * E - muon * muon - transverse2
      guard x.jacobian > 0, along2 > 0, scattered2 > 0 else { return nil }
      let (px, py) = (transverse * direction.0, transverse * direction.1)
      let photon = FourMomentum(
        energy: x.value * E, x: px, y: py, z: along2.squareRoot())
      let lepton = FourMomentum(
        energy: (1 - x.value) * E, x: -px, y: -py, z: scattered2.squareRoot())
      guard
        let angle = forced.acceptedAngle(
          decay.plus.boosted(from: photon, mass: M.value),
          decay.minus.boosted(from: photon, mass: M.value), scatteredLepton: lepton)
      else { return nil }
      let density =
        photons.density(x: x.value, virtuality: Q2.value, mass: M.value) * decay.crossSection
      let weight =
        density * x.jacobian * Q2.jacobian * M.jacobian * .hbarCSquared_GeV2pb
        / Double(twoPhotonEvents)
      return Pair(
        process: .twoPhoton, flavour: flavour, weight: weight, openingAngle: angle)
    }
  }
}

/// What the beam lepton radiates as a narrow mediator, in one event.
struct RadiatedEvent {
  let lepton: FourMomentum
  let photon: FourMomentum
  /// Its part of σ at ε = 1, in pb.
  let weight: Double

  init(_ columns: borrowing ColumnBatch, _ i: Int, leptonMass: Double, mass: Double) {
    let base = columns.base
    func momentum(_ plus: Int, _ x: Int, _ y: Int, _ mass: Double) -> FourMomentum {
      LightFrontMomentum(plus: base[plus + i], x: base[x + i], y: base[y + i])
        .fourMomentum(mass: mass)
    }
    lepton = momentum(
      EventColumn.scatteredPlus, EventColumn.scatteredX, EventColumn.scatteredY, leptonMass)
    photon = momentum(
      EventColumn.mediatorPlus, EventColumn.mediatorX, EventColumn.mediatorY, mass)
    weight = base[EventColumn.weight + i]
  }
}

extension ProductionSampler {
  /// What a plan's beam radiates of a mass in GeV, narrow, spins aside.
  init(radiating mass: Double, _ plan: Plan, inelastic: InelasticModel? = nil) throws {
    self.init(
      try ProductionSetup(
        beam: plan.beam.particle, beamEnergy: plan.beam.energy, target: plan.target,
        mediator: .narrow(mass: mass), formFactor: plan.production.formFactor,
        inelastic: inelastic ?? plan.production.inelastic), seed: plan.run.seed)
  }
}

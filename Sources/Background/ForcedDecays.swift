import Calculus
import Detector
import Integration
import Kinematics
import ParticleData
import Sampling
import Selection

/// A candidate's hadron that was made to decay into two tracks which pass the cuts of the signal, in the window where it may.
public struct ForcedDecay: Sendable, Hashable {
  /// The decay, by its place in ``HadronDecay/all``.
  public let decay: Int
  /// The candidate, by its place in the sample.
  public let candidate: Int
  /// Its cross section in pb per nucleon: the event's share of the sample's, times branching ratio and the probability to decay in the
  /// interval, over the number of times that the hadron was made to decay.
  public let weight: Double
  /// The energy in GeV of the hardest photon or neutral hadron in the calorimeter; 0 without any.
  public let hardestNeutral: Double
  /// The energy in GeV of the hardest other charged particle that hits a plane of its station or one behind, or the calorimeter; 0
  /// without any.
  public let hardestTrack: Double
  /// The energy in GeV of the hardest other K_S, Λ or Ξ⁰ on its way to the calorimeter, as if it did not decay; 0 without any.
  public let hardestHadron: Double
}

/// What is needed to make the hadrons of candidates decay and to see what a detector would.
public struct ForcedDecays: Sendable {
  /// The cuts, those of the signal.
  public let cuts: SelectionCuts
  /// The apparatus, that of the signal.
  public let apparatus: Apparatus
  /// The mass of the beam lepton in GeV.
  public let beamLeptonMass: Double
  /// How often each hadron decays in each way.
  public var repetitions = 100
  /// Whether neutrons and K_L leave their energy in the calorimeter.
  public var neutralHadronsAreSeen = true
  /// The planes of a station and of those that may stand behind it.
  private let frames: [[PlaneFrame]]

  /// The same geometry and cuts as a signal's.
  public init(_ cuts: SelectionCuts, apparatus: Apparatus, beamLeptonMass: Double) {
    self.cuts = cuts
    self.apparatus = apparatus
    self.beamLeptonMass = beamLeptonMass
    frames = (0..<max(cuts.lastModules, 1)).map { station in
      apparatus.planes.map { PlaneFrame($0, offset: Double(station) * apparatus.stationPitch) }
    }
  }

  /// All that pass the cuts on the three tracks, whatever else is in the event. Cost: some 0.3 µs for each decay that is tried.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  public func callAsFunction(_ sample: CandidateSample, seed: UInt64, threads: Int) async throws
    -> [ForcedDecay]
  {
    try await concurrentMap(count: HadronDecay.all.count, threads: threads) {
      accepted(sample, decay: $0, seed: seed)
    }.flatMap(\.self)
  }

  /// A decay in a row of a batch, as it is to be looked at again.
  private struct Row {
    let candidate: Int
    let hadron: Int
    let repetition: Int
    /// In the hadron's rest frame.
    let photons: [FourMomentum]
    let weight: Double
  }

  private func accepted(_ sample: CandidateSample, decay index: Int, seed: UInt64) -> [ForcedDecay]
  {
    let decay = HadronDecay.all[index]
    let sampler = HadronDecaySampler(decay)
    let selector = EventSelector(
      cuts, apparatus: apparatus, beamLeptonMass: beamLeptonMass,
      trackMasses: (decay.positive.mass, decay.negative.mass), parentMass: decay.parent.mass,
      spot: .zero, divergence: .zero)
    let columns = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: EventSelector.scratchColumnCount)
    let digest = streamDigest(sample, decay.name)
    var rows: [Row] = []
    var found: [ForcedDecay] = []
    func flush() {
      found += pass(
        rows, columns, scratch, selector, sample, index, seed: seed, digest: digest)
      rows.removeAll(keepingCapacity: true)
    }
    for (number, candidate) in sample.events.enumerated() {
      for (hadron, particle) in candidate.particles.enumerated()
      where particle.pdgID == decay.parent.rawValue
        && particle.momentum.energy > 2 * cuts.minimumLeptonEnergy
      {
        var stream = RandomStream(
          seed: seed, purpose: .backgroundDecay, point: digest,
          batch: number &* 64 &+ hadron)
        for repetition in 0..<repetitions {
          let products = sampler(&stream)
          let weight =
            sample.picobarnPerEvent * candidate.weight
            * decay.branchingRatio * products.weight / Double(repetitions)
          Self.fill(
            columns, rows.count, candidate, parent: particle.momentum, mass: decay.parent.mass,
            products)
          rows.append(
            Row(
              candidate: number, hadron: hadron, repetition: repetition,
              photons: products.photons, weight: weight))
          if rows.count == BatchLayout.capacity { flush() }
        }
      }
    }
    flush()
    return found
  }

  func streamDigest(_ sample: CandidateSample, _ use: String) -> UInt64 {
    var digest = Digest()
    digest.combine("background")
    digest.combine(sample.digest)
    digest.combine(use)
    return digest.value
  }

  /// The numbers by which the other hadrons of a candidate decay.
  func companions(
    of candidate: Int, digest: UInt64, repetition: Int, seed: UInt64
  ) -> RandomStream {
    RandomStream(
      seed: seed, purpose: .backgroundCompanion, point: digest &+ UInt64(repetition),
      batch: candidate)
  }

  /// A station with so many between it and the calorimeter.
  func station(behind: Int) -> StationView {
    StationView(apparatus: apparatus, frames: frames, stationsBehind: behind)
  }

  /// One decay in a row of the columns that the signal's selection reads: the hadron in those of χ₂, its tracks in those of the leptons.
  private static func fill(
    _ columns: borrowing ColumnBatch, _ row: Int, _ candidate: CandidateEvent, parent: FourMomentum,
    mass: Double, _ products: HadronDecaySampler.Products
  ) {
    let base = columns.base
    func put(_ p: FourMomentum, _ plus: Int, _ x: Int, _ y: Int) {
      base[plus + row] = p.energy + p.z
      base[x + row] = p.x
      base[y + row] = p.y
    }
    put(
      candidate.scatteredLepton, EventColumn.scatteredPlus, EventColumn.scatteredX,
      EventColumn.scatteredY)
    put(parent, EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y)
    put(
      products.positive.boosted(from: parent, mass: mass), EventColumn.leptonPlusPlus,
      EventColumn.leptonPlusX, EventColumn.leptonPlusY)
    put(
      products.negative.boosted(from: parent, mass: mass), EventColumn.leptonMinusPlus,
      EventColumn.leptonMinusX, EventColumn.leptonMinusY)
    base[EventColumn.chainWeight + row] = 1
  }

  /// Those of a batch that pass, with their probability to decay where they may.
  private func pass(
    _ rows: [Row], _ columns: borrowing ColumnBatch, _ scratch: borrowing ColumnBatch,
    _ selector: EventSelector, _ sample: CandidateSample, _ index: Int, seed: UInt64, digest: UInt64
  ) -> [ForcedDecay] {
    guard !rows.isEmpty else { return [] }
    var accepted = AcceptedEvents()
    selector.select(
      columns, scratch: scratch, count: rows.count, firstEvent: 0,
      stream: RandomStream(seed: seed, purpose: .beam, point: digest, batch: 0), into: &accepted)
    let hadron = HadronDecay.all[index].parent
    var found: [ForcedDecay] = []
    for k in 0..<accepted.count {
      let row = rows[Int(accepted.event[k])]
      let probability = accepted.contribution(
        of: k, properDecayLength: hadron.properDecayLength)
      let candidate = sample.events[row.candidate]
      let parent = candidate.particles[row.hadron].momentum
      // In the middle of where it may decay, in mm along the beam: neutrals do not depend on it by more than they spread.
      let z = 0.5 * (accepted.lower[k] + accepted.upper[k]) * parent.z / hadron.mass
      let vertex = SIMD3(parent.x / parent.z * z, parent.y / parent.z * z, z)
      let view = station(behind: (row.candidate &+ row.repetition) % cuts.lastModules)
      var rest = RestOfEvent(view: view, neutralHadronsAreSeen: neutralHadronsAreSeen)
      for photon in row.photons {
        rest.addNeutral(photon.boosted(from: parent, mass: hadron.mass), from: vertex)
      }
      var stream = companions(
        of: row.candidate, digest: digest, repetition: row.hadron &* 1024 &+ row.repetition,
        seed: seed)
      for (other, particle) in candidate.particles.enumerated()
      where other != 0 && other != row.hadron {
        rest.add(particle, &stream)
      }
      found.append(
        ForcedDecay(
          decay: index, candidate: row.candidate, weight: row.weight * probability,
          hardestNeutral: rest.hardestNeutral, hardestTrack: rest.hardestTrack,
          hardestHadron: rest.hardestHadron))
    }
    return found
  }
}

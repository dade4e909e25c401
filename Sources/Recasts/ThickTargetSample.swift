import Calculus
import DarkSector
import Decay
import Integration
import Kinematics
import ParticleData
@_spi(Kernels) import Production
import Sampling
import Showers

/// Where A′ are made in a thick target: a track of one energy, or positrons that annihilate.
private enum DarkPhotonSource {
  /// Exact 2 → 3 production on a track of so many radiation lengths, its energy the mean of a bin.
  ///
  /// `scattering` is the width in rad of either projected angle of the track to the beam.
  case radiation(ProductionSampler, length: Double, scattering: Double)
  /// e⁺e⁻ → A′.
  case annihilation(ResonantAnnihilation, digest: UInt64)
}

/// Events of one A′ mass in a thick target: production at the energies of the tracks, exact at each, and decays as in all other samples.
///
///     dN/d(beam particle) = n X₀ ∫ T(E) σ(E) dE      (n nuclei per volume)
///
/// For radiation the integral is a sum over bins of ln E, each with its track length and mean energy, so that what is left out is the
/// curvature of σ times acceptance inside a bin; a test halves the bins. All bins have the same number of events. For annihilation it is
/// one over E₊ with T(E₊) interpolated between the bins.
struct ThickTargetSample {
  /// How an A′ is made. Each way has a sample of its own size.
  enum Process: CaseIterable {
    /// By e∓ or μ∓ in the field of a nucleus.
    case radiation
    /// Of a positron and an atomic electron.
    case annihilation
  }

  private let sources: [Process: [DarkPhotonSource]]
  private let tracks: TrackLength
  private let scatters: Bool
  private let atomicNumber: Int
  private let seed: UInt64

  /// Refinements of the map that serves all energies, and batches for each: fewer than for a cross section, as a search trains its own.
  private static let (trainingIterations, trainingBatches) = (5, 2)

  /// A sample at a model point, with all bins of tracks that radiate its A′, and the annihilation of positrons if it is asked for.
  init(
    _ experiment: ThickTargetExperiment, _ point: ModelPoint, alphaD: Double, tracks: TrackLength,
    seed: UInt64
  ) {
    let mass = point.darkPhotonMass
    self.tracks = tracks
    self.seed = seed
    scatters = experiment.scatters
    atomicNumber = experiment.target.atomicNumber
    var radiation: [DarkPhotonSource] = []
    // One map serves all energies: its axes are fractions of what each allows.
    var trained: ProductionSampler?
    for bin in (0..<tracks.binCount).reversed() {
      let spectra = [tracks.negative, tracks.positive]
      let length = spectra.reduce(0) { $0 + $1.lengths[bin].value }
      guard length > 0 else { continue }
      func mean(_ values: KeyPath<TrackSpectrum, [Double]>) -> Double {
        spectra.reduce(0) { $0 + $1.lengths[bin].value * $1[keyPath: values][bin] } / length
      }
      // Below the threshold there is no set-up.
      guard
        let setup = try? ProductionSetup(
          beam: experiment.beam, beamEnergy: mean(\.meanEnergies), target: experiment.target,
          mediator: .narrow(mass: mass), inelastic: experiment.inelastic)
      else { continue }
      let sampler =
        trained.map { ProductionSampler(setup, likeThatOf: $0) }
        ?? ProductionSampler(
          setup, seed: seed, trainingIterations: Self.trainingIterations,
          trainingBatches: Self.trainingBatches)
      trained = trained ?? sampler
      radiation.append(
        .radiation(
          sampler, length: length,
          scattering: experiment.scatters ? (0.5 * mean(\.meanSquareAngles)).squareRoot() : 0))
    }
    var annihilation: [DarkPhotonSource] = []
    if experiment.annihilates,
      let process = ResonantAnnihilation(
        LineShape(
          mass: mass, sumMass: point.pairThreshold, massSplitting: point.massSplitting,
          alphaD: alphaD), highestEnergy: experiment.beamEnergy)
    {
      var digest = Digest()
      digest.combine("annihilation")
      digest.combine(experiment.beamEnergy)
      digest.combine(mass)
      digest.combine(point.pairThreshold)
      digest.combine(point.massSplitting)
      digest.combine(alphaD)
      annihilation.append(.annihilation(process, digest: digest.value))
    }
    sources = [.radiation: radiation, .annihilation: annihilation]
  }

  /// The processes that make something.
  var processes: [Process] { Process.allCases.filter { sourceCount($0) > 0 } }

  /// The sources of a process, each with as many events: a bin of tracks each for radiation, one for all annihilation.
  func sourceCount(_ process: Process) -> Int { sources[process]?.count ?? 0 }

  /// What a search draws events by.
  struct Maps {
    /// Of radiation, at all energies; `nil` for the one that learnt the cross section alone.
    var production: ImportanceMap?
    /// Of decays, one for each channel; `nil` for none.
    var decays: [ImportanceMap]?
  }

  /// One batch of A′ that are made but have not decayed.
  private struct Made {
    let count: Int
    /// What radiated them; `nil` where positrons annihilate.
    let sampler: ProductionSampler?
    /// What made them, as their decays' streams name it.
    let digest: UInt64
    /// The number of the first in the sample of the process.
    let first: Int
    /// The batch of their streams.
    let batch: Int
    /// Times the weights in the column: in pb X₀ per beam particle and nucleus.
    let scale: Double

    /// The momentum of an event's scattered lepton; `nil` where there is none.
    @inline(__always)
    func scattered(_ columns: borrowing DecayColumns, _ i: Int) -> FourMomentum? {
      sampler.map { columns.scattered(i, mass: $0.setup.beam.mass) }
    }
  }

  /// Fills batches of production events, those of all sources of a process one after another.
  ///
  /// - Parameters:
  ///   - offset: batches to leave out, so that samples with other ones share no random numbers.
  ///   - map: of radiation; `nil` for the sampler's own.
  ///   - keepUniform: whether the map is to learn from them.
  @inline(__always)
  private func forEachBatch(
    of process: Process, events perSource: Int, offset: Int = 0, map: ImportanceMap? = nil,
    keepUniform: Bool = false, into columns: borrowing DecayColumns,
    _ scratch: borrowing ColumnBatch, _ body: (Made) -> Void
  ) {
    let batches = BatchLayout.batchCount(forEvents: perSource)
    for (index, source) in (sources[process] ?? []).enumerated() {
      for batch in offset..<offset + batches {
        let first = (index * batches + batch - offset) * BatchLayout.capacity
        let total = offset * BatchLayout.capacity + perSource
        let n = BatchLayout.count(ofBatch: batch, forEvents: total)
        switch source {
        case .radiation(let sampler, let length, let scattering):
          _ = sampler.fill(
            columns.events, scratch: scratch, batch: batch, of: total, map: map ?? sampler.map,
            keepUniform: keepUniform)
          if scattering > 0 {
            turn(columns, count: n, digest: sampler.digest, batch) { _ in scattering }
          }
          body(
            Made(
              count: n, sampler: sampler, digest: sampler.digest, first: first, batch: batch,
              scale: length * Double(total) / Double(perSource)))
        case .annihilation(let annihilation, let digest):
          annihilation.fill(
            columns.events, count: n,
            stream: RandomStream(seed: seed, purpose: .production, point: digest, batch: batch)
          ) { tracks.positive.density(at: $0, edges: tracks.edges) }
          if scatters {
            let events = columns.events.base
            turn(columns, count: n, digest: digest, batch) { i in
              // p₊ = E + p ≈ 2E.
              let energy = 0.5 * events[EventColumn.mediatorPlus + i]
              return (0.5 * tracks.positive.meanSquareAngle(at: energy, edges: tracks.edges))
                .squareRoot()
            }
          }
          body(
            Made(
              count: n, sampler: nil, digest: digest, first: first, batch: batch,
              scale: Double(atomicNumber) / Double(perSource)))
        }
      }
    }
  }

  private func turn(
    _ columns: borrowing DecayColumns, count n: Int, digest: UInt64, _ batch: Int,
    by width: (Int) -> Double
  ) {
    columns.turn(
      count: n, by: width,
      stream: RandomStream(seed: seed, purpose: .beam, point: digest, batch: batch))
  }

  /// Goes through what a process makes, decays aside: weights in pb X₀ per beam particle and nucleus, and scattered leptons' momenta,
  /// `nil` where there is none.
  @inline(__always)
  func forEachMade(
    by process: Process, events perSource: Int, maps: Maps? = nil,
    _ body: (_ weight: Double, FourMomentum?) -> Void
  ) {
    let columns = DecayColumns()
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    forEachBatch(
      of: process, events: perSource, map: maps?.production, into: columns, scratch
    ) { made in
      for i in 0..<made.count {
        body(
          made.scale * columns.events.base[EventColumn.weight + i], made.scattered(columns, i))
      }
    }
  }

  /// One decayed event of a sample.
  struct Decayed {
    /// Its weight is in pb X₀ per beam particle and nucleus.
    let event: DecayedEvent
    /// The scattered lepton's momentum; `nil` where there is none.
    let scattered: FourMomentum?
    /// Which way of χ₂ to decay.
    let channel: Int
    /// The number of the production event in the sample, the same in all channels.
    let number: Int32
  }

  /// Goes through the decayed events of a process, with so many a source.
  ///
  /// - Parameters:
  ///   - maps: what events are drawn by.
  ///   - body: what an event adds to the number that the sample is to know.
  /// - Returns: the sum of what they add, all decays of one A′ taken together.
  @inline(__always)
  func forEach(
    of process: Process, events perSource: Int, channels: DecayChannels,
    maps: Maps? = nil, _ body: (Decayed) -> Double
  ) -> WeightTally {
    let columns = DecayColumns()
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    var tally = WeightTally()
    var added = [Double](repeating: 0, count: BatchLayout.capacity)
    forEachBatch(
      of: process, events: perSource, map: maps?.production, into: columns, scratch
    ) { made in
      for i in 0..<made.count { added[i] = 0 }
      channels.forEach(
        columns, count: made.count, production: made.digest, seed: seed, batch: made.batch,
        scale: made.scale, maps: maps?.decays
      ) { channel, i, event in
        // At threshold the line shape is nothing.
        guard event.weight > 0 else { return }
        added[i] += body(
          Decayed(
            event: event, scattered: made.scattered(columns, i),
            channel: channel, number: Int32(truncatingIfNeeded: made.first + i)))
      }
      for i in 0..<made.count { tally.add(added[i]) }
    }
    return tally
  }

  /// Events of each source in a round of training.
  private static let trainingSize = 512

  /// Maps of decays that learnt where a search sees them.
  ///
  /// - Parameter closeness: as ``ChannelTraining`` has it.
  func trainedMaps(
    for process: Process, channels: DecayChannels, _ closeness: (DecayedEvent) -> Double
  ) -> Maps {
    var training = ChannelTraining(of: channels, seed: seed)
    let columns = DecayColumns()
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let scores = ColumnBatch(columns: 1)
    for round in ChannelTraining.rounds {
      forEachBatch(
        of: process, events: Self.trainingSize, offset: round, into: columns, scratch
      ) {
        training.add(
          columns, count: $0.count, production: $0.digest, round: round, scale: $0.scale,
          scores: scores, closeness)
      }
      training.refine()
    }
    return Maps(decays: training.maps)
  }

  /// A map of radiation that learnt which scattered leptons count.
  ///
  /// - Parameter closeness: 1 where it counts, and above 0, below 1, how close it comes.
  func trainedMaps(recoil closeness: (FourMomentum?) -> Double) -> Maps {
    guard case .radiation(let first, _, _) = sources[.radiation]?.first else { return Maps() }
    let columns = DecayColumns()
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let scores = ColumnBatch(columns: 1)
    var map = first.map
    for round in ChannelTraining.rounds {
      var histogram = map.emptyHistogram
      forEachBatch(
        of: .radiation, events: BatchLayout.capacity, offset: round, map: map, keepUniform: true,
        into: columns, scratch
      ) { made in
        for i in 0..<made.count {
          scores.base[i] =
            made.scale * columns.events.base[EventColumn.weight + i]
            * closeness(made.scattered(columns, i))
        }
        first.accumulate(
          scores.base, scratch: scratch, count: made.count, map: map, into: &histogram)
      }
      map.refine(histogram: histogram, damping: DecayTraining.damping)
    }
    return Maps(production: map.mixed(withUniform: DecayTraining.uniformShare))
  }
}

extension TrackSpectrum {
  /// T in radiation lengths per GeV at an energy, straight between the middles of bins in the logarithms; 0 outside.
  fileprivate func density(at energy: Double, edges: [Double]) -> Double {
    guard let bin = Self.bin(of: energy, edges: edges) else { return 0 }
    func mean(_ bin: Int) -> Double { lengths[bin].value / (edges[bin + 1] - edges[bin]) }
    let other = energy > meanEnergies[bin] ? bin + 1 : bin - 1
    guard lengths.indices.contains(other), mean(bin) > 0, mean(other) > 0 else { return mean(bin) }
    let share =
      Elementary.log(energy / meanEnergies[bin])
      / Elementary.log(meanEnergies[other] / meanEnergies[bin])
    return mean(bin) * Elementary.exp(share * Elementary.log(mean(other) / mean(bin)))
  }
}

extension TrackSpectrum {
  private static func bin(of energy: Double, edges: [Double]) -> Int? {
    guard energy > edges[0], energy < edges[edges.count - 1] else { return nil }
    var bin = 0
    while energy >= edges[bin + 1] { bin += 1 }
    return bin
  }

  /// The mean square in rad² of the angle to the beam in the bin of an energy; 0 outside.
  fileprivate func meanSquareAngle(at energy: Double, edges: [Double]) -> Double {
    Self.bin(of: energy, edges: edges).map { meanSquareAngles[$0] } ?? 0
  }
}

extension DecayColumns {
  /// Turns the A′ of a batch by Gaussian angles about x and y: by a transverse boost on the light front, which leaves the spin state as it
  /// is and is a rotation up to the angle's square.
  ///
  /// - Parameter width: of either projected angle of a row, in rad.
  @inline(__always)
  package func turn(count n: Int, by width: (Int) -> Double, stream: RandomStream) {
    let base = events.base
    let (radius, turns) = (scratch.base, scratch.base + ColumnBatch.column(1))
    stream.fillQuickly(radius, count: n, label: 0)
    stream.fillQuickly(turns, count: n, label: 1)
    for i in 0..<n {
      let angle = width(i) * (-2 * Elementary.log(max(radius[i], 1e-300))).squareRoot()
      let (sine, cosine) = Elementary.circlePoint(turns: turns[i])
      let step = 0.5 * angle * base[EventColumn.mediatorPlus + i]
      base[EventColumn.mediatorX + i] += step * cosine
      base[EventColumn.mediatorY + i] += step * sine
    }
  }

  /// The scattered beam lepton of event i.
  @inline(__always)
  fileprivate func scattered(_ i: Int, mass: Double) -> FourMomentum {
    let base = events.base
    return LightFrontMomentum(
      plus: base[EventColumn.scatteredPlus + i], x: base[EventColumn.scatteredX + i],
      y: base[EventColumn.scatteredY + i]
    ).fourMomentum(mass: mass)
  }
}

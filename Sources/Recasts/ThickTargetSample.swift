import Calculus
import DarkSector
import Decay
import Kinematics
import ParticleData
import Production
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

/// Events of one A′ mass in a thick target: production at the energies of the tracks, exact at each, and the decays of every other sample.
///
///     dN/d(beam particle) = n X₀ ∫ T(E) σ(E) dE      (n nuclei per volume)
///
/// The integral is a sum over bins of ln E, each with its track length and mean energy, so that what is left out is the curvature of
/// σ times acceptance inside a bin; a test halves the bins. All energies have the same number of events.
struct ThickTargetSample {
  private let sources: [DarkPhotonSource]
  private let tracks: TrackLength
  private let atomicNumber: Int
  private let seed: UInt64

  /// Refinements of the map that serves all energies: half of those for a cross section.
  private static let trainingIterations = 5

  /// Which bins of tracks radiate or annihilate.
  init(
    _ experiment: ThickTargetExperiment, _ point: ModelPoint, alphaD: Double, tracks: TrackLength,
    seed: UInt64
  ) {
    let mass = point.darkPhotonMass
    self.tracks = tracks
    self.seed = seed
    atomicNumber = experiment.target.atomicNumber
    var sources: [DarkPhotonSource] = []
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
        ?? ProductionSampler(setup, seed: seed, trainingIterations: Self.trainingIterations)
      trained = trained ?? sampler
      sources.append(
        .radiation(
          sampler, length: length,
          scattering: experiment.scatters ? (0.5 * mean(\.meanSquareAngles)).squareRoot() : 0))
    }
    if experiment.annihilates,
      let annihilation = ResonantAnnihilation(
        LineShape(
          mass: mass, sumMass: point.pairThreshold, massSplitting: point.massSplitting,
          alphaD: alphaD), highestEnergy: experiment.beamEnergy)
    {
      var digest = Digest()
      digest.combine("annihilation")
      digest.combine(experiment.beamEnergy)
      digest.combine(mass)
      digest.combine(alphaD)
      sources.append(.annihilation(annihilation, digest: digest.value))
    }
    self.sources = sources
  }

  /// Whether nothing is made.
  var isEmpty: Bool { sources.isEmpty }

  /// What one event is asked: its number, the decayed event with its weight in pb X₀ per beam particle and nucleus, and the scattered
  /// lepton's momentum, `nil` where there is none.
  typealias Visitor = (Int32, DecayedEvent, FourMomentum?) -> Void

  /// What is made, decays aside: the sum of the weights, in pb X₀ per beam particle and nucleus, of events whose scattered lepton counts.
  func produced(events perSource: Int, _ accepts: (FourMomentum?) -> Bool) -> Double {
    let columns = DecayColumns()
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    var sum = 0.0
    for source in sources {
      for batch in 0..<BatchLayout.batchCount(forEvents: perSource) {
        switch source {
        case .radiation(let sampler, let length, _):
          let n = sampler.fill(columns.events, scratch: scratch, batch: batch, of: perSource)
          for i in 0..<n
          where accepts(columns.scattered(i, mass: sampler.setup.beam.mass)) {
            sum += length * columns.events.base[EventColumn.weight + i]
          }
        case .annihilation(let annihilation, let digest):
          guard accepts(nil) else { continue }
          let n = BatchLayout.count(ofBatch: batch, forEvents: perSource)
          fill(columns.events, annihilation, digest: digest, batch: batch, count: n)
          for i in 0..<n {
            sum +=
              Double(atomicNumber) / Double(perSource)
              * columns.events.base[EventColumn.weight + i]
          }
        }
      }
    }
    return sum
  }

  /// Annihilation along the positrons' tracks.
  private func fill(
    _ events: borrowing ColumnBatch, _ annihilation: ResonantAnnihilation, digest: UInt64,
    batch: Int, count n: Int
  ) {
    annihilation.fill(
      events, count: n,
      stream: RandomStream(seed: seed, purpose: .production, point: digest, batch: batch)
    ) { tracks.positive.density(at: $0, edges: tracks.edges) }
  }

  /// Goes through the events of a sample with so many a source.
  @inline(__always)
  func forEach(
    events perSource: Int, onShell: DecayChannels, offShell: DecayChannels?, _ body: Visitor
  ) {
    let columns = DecayColumns()
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let batches = BatchLayout.batchCount(forEvents: perSource)
    for (index, source) in sources.enumerated() {
      for batch in 0..<batches {
        let first = (index * batches + batch) * BatchLayout.capacity
        switch source {
        case .radiation(let sampler, let length, let scattering):
          let n = sampler.fill(columns.events, scratch: scratch, batch: batch, of: perSource)
          if scattering > 0 {
            columns.turn(
              count: n, by: scattering,
              stream: RandomStream(
                seed: seed, purpose: .beam, point: sampler.digest, batch: batch))
          }
          let mass = sampler.setup.beam.mass
          onShell.forEach(
            columns, count: n, production: sampler.digest, seed: seed, batch: batch, scale: length
          ) { _, i, event in
            body(
              Int32(truncatingIfNeeded: first + i), event, columns.scattered(i, mass: mass))
          }
        case .annihilation(let annihilation, let digest):
          guard let offShell else { continue }
          let n = BatchLayout.count(ofBatch: batch, forEvents: perSource)
          fill(columns.events, annihilation, digest: digest, batch: batch, count: n)
          offShell.forEach(
            columns, count: n, production: digest, seed: seed, batch: batch,
            scale: Double(atomicNumber) / Double(perSource)
          ) { _, i, event in
            // At threshold the line shape is nothing.
            if event.weight > 0 { body(Int32(truncatingIfNeeded: first + i), event, nil) }
          }
        }
      }
    }
  }
}

extension TrackSpectrum {
  /// T in radiation lengths per GeV at an energy, straight between the middles of bins in the logarithms; 0 outside.
  fileprivate func density(at energy: Double, edges: [Double]) -> Double {
    guard energy > edges[0], energy < edges[edges.count - 1] else { return 0 }
    var bin = 0
    while energy >= edges[bin + 1] { bin += 1 }
    func mean(_ bin: Int) -> Double { lengths[bin].value / (edges[bin + 1] - edges[bin]) }
    let other = energy > meanEnergies[bin] ? bin + 1 : bin - 1
    guard lengths.indices.contains(other), mean(bin) > 0, mean(other) > 0 else { return mean(bin) }
    let share =
      Elementary.log(energy / meanEnergies[bin])
      / Elementary.log(meanEnergies[other] / meanEnergies[bin])
    return mean(bin) * Elementary.exp(share * Elementary.log(mean(other) / mean(bin)))
  }
}

extension DecayColumns {
  /// Turns the A′ of a batch by Gaussian angles about x and y: by a transverse boost on the light front, which leaves the spin state as it
  /// is and is a rotation up to the angle's square.
  fileprivate func turn(count n: Int, by width: Double, stream: RandomStream) {
    let base = events.base
    let (radius, turns) = (scratch.base, scratch.base + ColumnBatch.column(1))
    stream.fillQuickly(radius, count: n, label: 0)
    stream.fillQuickly(turns, count: n, label: 1)
    for i in 0..<n {
      let angle = width * (-2 * Elementary.log(max(radius[i], 1e-300))).squareRoot()
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

import ParticleData
import Showers
import Synchronization

/// The track lengths of experiments, each made once in a process.
final class TrackLengths: Sendable {
  static let shared = TrackLengths()
  private let known = Mutex<[Key: TrackLength]>([:])

  /// All that a track length depends on.
  private struct Key: Hashable {
    let beam: BeamParticle
    let beamEnergy: Double
    /// Of tracks that are followed, in GeV.
    let lowestEnergy: Double
    let target: Material
    let depth: Double
    let countedDepth: Double
    let tracks: ThickTargetExperiment.ShowerTracks
    /// Annihilation takes positrons of one energy, however rare: their spectrum has to be known better.
    let positronsMatter: Bool
    let seed: UInt64

    init(_ experiment: ThickTargetExperiment, seed: UInt64) {
      beam = experiment.beam
      beamEnergy = experiment.beamEnergy
      // Muons are known from 1 GeV up, showers from 10 MeV.
      lowestEnergy = max(
        experiment.leastEnergy, TrackLengths.lowestShare * experiment.beamEnergy,
        experiment.beam.flavour == .muon ? 1 : 0.01)
      target = experiment.target
      depth = experiment.depth
      countedDepth = experiment.countedDepth
      tracks = experiment.tracks
      positronsMatter = experiment.annihilates
      self.seed = seed
    }
  }

  /// Showers of a first simulation: 1 % on a bin of a tenth of a decade, where the target is thick.
  private static let primaries = 4096
  /// Where positrons matter showers are doubled, up to so many …
  private static let mostPrimaries = 1 << 16
  /// … until no bin with this share of the positrons' track …
  private static let countedShare = 0.001
  /// … has a larger relative error.
  private static let largestError = 0.1
  /// Tracks of less than this share of the beam's energy, or of the energy that a search looks for, are not followed.
  fileprivate static let lowestShare = 0.02

  func of(_ experiment: ThickTargetExperiment, seed: UInt64) -> TrackLength {
    // Who comes second waits: a shower is made by one thread only.
    known.withLock { known in
      let key = Key(experiment, seed: seed)
      if let found = known[key] { return found }
      let made = Self.make(key)
      known[key] = made
      return made
    }
  }

  private static func make(_ key: Key) -> TrackLength {
    let edges = TrackLength.makeEdges(from: key.lowestEnergy, to: key.beamEnergy)
    do throws(ShowerError) {
      switch key.tracks {
      case .unslowed:
        return .unslowed(key.beam, energy: key.beamEnergy, length: key.countedDepth)
      case .shower:
        let simulation = try ShowerSimulation(
          beam: key.beam, material: key.target, depth: key.depth, edges: edges)
        var primaries = primaries
        var made = simulation.run(primaries: primaries, seed: key.seed).trackLength
        while key.positronsMatter,
          !made.positive.isKnown(within: largestError, share: countedShare),
          primaries < mostPrimaries
        {
          primaries *= 2
          made = simulation.run(primaries: primaries, seed: key.seed).trackLength
        }
        return made
      case .primary where key.beam.flavour == .electron:
        return try TsaiTrackLength(
          beam: key.beam, beamEnergy: key.beamEnergy, depth: key.depth)(edges: edges)
      case .primary:
        return try MuonTrackLength(
          beam: key.beam, beamEnergy: key.beamEnergy, material: key.target, depth: key.depth)(
            edges: edges)
      }
    } catch {
      preconditionFailure("a consistent experiment has tracks: \(error)")
    }
  }
}

extension TrackSpectrum {
  /// Whether all bins with a share of the whole length are known within a relative error.
  fileprivate func isKnown(within error: Double, share: Double) -> Bool {
    let least = share * lengths.reduce(0) { $0 + $1.value }
    return lengths.allSatisfy { $0.value <= least || $0.relativeError <= error }
  }
}

extension TrackLength {
  /// A beam particle at its full energy over so many radiation lengths.
  fileprivate static func unslowed(_ beam: BeamParticle, energy: Double, length: Double)
    -> TrackLength
  {
    func spectrum(_ length: Double) -> TrackSpectrum {
      TrackSpectrum(
        lengths: [.exact(length)], meanEnergies: [energy], meanSquareAngles: [0])
    }
    let isNegative = beam == .electron || beam == .muon
    return TrackLength(
      edges: [0.99 * energy, energy], negative: spectrum(isNegative ? length : 0),
      positive: spectrum(isNegative ? 0 : length))
  }
}

extension ThickTargetExperiment {
  /// A track of less energy, in GeV, leaves nothing that the search looks for.
  fileprivate var leastEnergy: Double {
    switch search {
    case .pair(let search): search.minimumEnergy
    case .missingMomentum: 0
    }
  }
}

import Detector
import Integration
import Kinematics
import ParticleData
import Selection

/// A candidate's two tracks from the target that pass the cuts on energies, angle and planes, as if they came from one vertex.
public struct PromptPair: Sendable, Hashable {
  /// The candidate, by its place in the sample.
  public let candidate: Int
  /// Its cross section in pb per nucleon.
  public let weight: Double
  /// The angle between the tracks in rad.
  public let openingAngle: Double
  /// What the tracks are.
  public let species: [TrackSpecies]
  /// The energy in GeV of the hardest photon or neutral hadron in the calorimeter.
  public let hardestNeutral: Double
  /// The energy in GeV of the hardest other track.
  public let hardestTrack: Double
  /// The energy in GeV of the hardest K_S, Λ or Ξ⁰ on its way to the calorimeter, as if it did not decay.
  public let hardestHadron: Double
}

extension ForcedDecays {
  /// The angle in rad between two tracks from the target's centre, if they and the scattered lepton pass all cuts but that on the vertex.
  public func acceptedAngle(
    _ first: FourMomentum, _ second: FourMomentum, scatteredLepton: FourMomentum
  ) -> Double? {
    guard min(first.energy, second.energy) > cuts.minimumLeptonEnergy,
      scatteredLepton.energy > cuts.minimumBeamLeptonEnergy
    else { return nil }
    let angle = first.angle(to: second)
    guard angle > cuts.minimumOpeningAngle else { return nil }
    let view = station(behind: 0)
    let hit = [scatteredLepton, first, second].allSatisfy { view.hits(cuts.requiredPlanes, $0) }
    return hit ? angle : nil
  }

  /// The pairs of a sample: two particles of opposite charge from the target, both above the least energy.
  public func promptPairs(_ sample: CandidateSample, seed: UInt64) -> [PromptPair] {
    let digest = streamDigest(sample, "pairs")
    return sample.events.enumerated().compactMap { number, candidate in
      promptPair(sample, number, candidate, seed: seed, digest: digest)
    }
  }

  private func promptPair(
    _ sample: CandidateSample, _ number: Int, _ candidate: CandidateEvent, seed: UInt64,
    digest: UInt64
  ) -> PromptPair? {
    let tracks = candidate.particles.indices.dropFirst().filter {
      let particle = candidate.particles[$0]
      return particle.species != nil && particle.momentum.energy > cuts.minimumLeptonEnergy
    }
    guard tracks.count == 2 else { return nil }
    let (a, b) = (candidate.particles[tracks[0]], candidate.particles[tracks[1]])
    guard a.charge * b.charge < 0, let first = a.species, let second = b.species else { return nil }
    guard
      let angle = acceptedAngle(
        a.momentum, b.momentum, scatteredLepton: candidate.scatteredLepton)
    else { return nil }
    let view = station(behind: number % cuts.lastModules)
    var rest = RestOfEvent(view: view, neutralHadronsAreSeen: neutralHadronsAreSeen)
    var stream = companions(of: number, digest: digest, repetition: 0, seed: seed)
    for (other, particle) in candidate.particles.enumerated()
    where other != 0 && !tracks.contains(other) {
      rest.add(particle, &stream)
    }
    return PromptPair(
      candidate: number,
      weight: sample.picobarnPerEvent * candidate.weight,
      openingAngle: angle, species: [first, second], hardestNeutral: rest.hardestNeutral,
      hardestTrack: rest.hardestTrack, hardestHadron: rest.hardestHadron)
  }
}

import ParticleData
import Units

extension ThickTargetExperiment {
  /// What does not fit together in an experiment whose parts are sound by themselves.
  public enum Inconsistency: Sendable, Hashable {
    /// Tracks of a muon's shower.
    case muonShower
    /// Annihilation where nothing is a positron.
    case muonAnnihilation
    /// Annihilation without the shower's positrons.
    case annihilationWithoutShower(ShowerTracks)
    /// A quasi-elastic part where there is no neutron.
    case quasiElasticHydrogen
    /// Muons beyond the energies at which their loss is known, in GeV.
    case muonEnergy(Double)
    /// Leptons are asked for the beam's energy or more.
    case nothingSeen
  }

  /// The energies in GeV at which tracks of muons are known.
  private static var muonEnergies: ClosedRange<Double> { 2...1000 }

  /// All that does not fit together; nothing where it can be computed.
  public var inconsistencies: [Inconsistency] {
    var found: [Inconsistency] = []
    if beam.flavour == .muon {
      if tracks == .shower { found.append(.muonShower) }
      if annihilates { found.append(.muonAnnihilation) }
      if !Self.muonEnergies.contains(beamEnergy) { found.append(.muonEnergy(beamEnergy)) }
    } else if annihilates, tracks != .shower, beam != .positron {
      found.append(.annihilationWithoutShower(tracks))
    }
    if inelastic != .off, target.atomicNumber == 1, target.massNumber < 1.5 {
      found.append(.quasiElasticHydrogen)
    }
    if case .pair(let decay) = search, decay.minimumEnergy >= beamEnergy {
      found.append(.nothingSeen)
    }
    return found
  }
}

extension ThickTargetExperiment.Inconsistency: CustomStringConvertible {
  /// What is wrong, and why.
  public var description: String {
    switch self {
    case .muonShower: "a muon beam makes no shower to speak of"
    case .muonAnnihilation: "nothing in a muon beam annihilates into A'"
    case .annihilationWithoutShower(let tracks):
      "positrons come from the shower, and target.tracks is '\(tracks.rawValue)'"
    case .quasiElasticHydrogen:
      "a quasi-elastic part on hydrogen is the elastic process once more"
    case .muonEnergy(let energy):
      "tracks of muons are known for beams of 2 to 1000 GeV, and this one has \(ShortestNumber.text(energy))"
    case .nothingSeen:
      "decay.minimum_energy_GeV is not below the beam's energy: nothing could be seen"
    }
  }

  /// How to mend it.
  public var mend: String {
    switch self {
    case .muonShower: "write 'tracks: primary' or 'tracks: unslowed'"
    case .muonAnnihilation: "write 'annihilation: false'"
    case .annihilationWithoutShower: "write 'tracks: shower'"
    case .quasiElasticHydrogen: "write 'inelastic: \"off\"'"
    case .muonEnergy: "give a beam of 2 to 1000 GeV"
    case .nothingSeen: "lower it"
    }
  }
}

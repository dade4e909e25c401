import Constraints
import ParticleData
import Production
import Units

/// An experiment whose beam meets a target of any thickness, with a place far behind it where χ₂ is seen to decay, or must not be:
/// all that is needed of it, in one value and one file.
public struct ThickTargetExperiment: Sendable, Hashable {
  /// A short name, such as `e137`.
  public var name: String
  /// The experiment in words.
  public var title: String
  /// Where the numbers come from.
  public var source: String
  /// Whether it has been done, or is to be.
  public var kind: ConstraintKind
  /// The beam particle.
  public var beam: BeamParticle
  /// Its energy in GeV.
  public var beamEnergy: Double
  /// Beam particles on the target.
  public var particlesOnTarget: Double
  /// What the target is made of.
  public var target: Material
  /// How much of it there is, in radiation lengths along the beam.
  public var depth: Double
  /// How much of it an estimate takes that does not follow the beam: ``ShowerTracks/unslowed``.
  public var countedDepth: Double
  /// Which tracks radiate.
  public var tracks: ShowerTracks
  /// The quasi-elastic part of radiation.
  public var inelastic: InelasticModel
  /// Whether positrons annihilate into A′.
  public var annihilates: Bool
  /// Whether tracks of the shower have its angles to the beam, or that of the beam.
  public var scatters: Bool
  /// The events that a limit, or a discovery, takes.
  public var eventsNeeded: Double
  /// What is looked for.
  public var search: Search

  /// An experiment from its parts, in the units of the properties.
  public init(
    name: String, title: String, source: String, kind: ConstraintKind, beam: BeamParticle,
    beamEnergy: Double, particlesOnTarget: Double, target: Material, depth: Double,
    countedDepth: Double? = nil,
    tracks: ShowerTracks, inelastic: InelasticModel, annihilates: Bool = false,
    scatters: Bool = false, eventsNeeded: Double, search: Search
  ) {
    self.name = name
    self.title = title
    self.source = source
    self.kind = kind
    self.beam = beam
    self.beamEnergy = beamEnergy
    self.particlesOnTarget = particlesOnTarget
    self.target = target
    self.depth = depth
    self.countedDepth = countedDepth ?? depth
    self.tracks = tracks
    self.inelastic = inelastic
    self.annihilates = annihilates
    self.scatters = scatters
    self.eventsNeeded = eventsNeeded
    self.search = search
  }

  /// Which tracks radiate.
  public enum ShowerTracks: String, Sendable, Hashable, CaseIterable {
    /// Electrons and positrons of the whole shower, by Monte Carlo.
    case shower
    /// The beam particle alone, slowed by radiation: Tsai's formula; a muon's mean loss.
    case primary
    /// The beam particle at its full energy over a stated depth: what many estimates assume.
    case unslowed
  }

  /// What is looked for.
  public enum Search: Sendable, Hashable {
    /// The pair of a χ₂ that decays.
    case pair(DecaySearch)
    /// Missing momentum: no decay may be seen.
    case missingMomentum(MissingMomentumSearch)
  }
}

/// A search for the leptons of a χ₂ that decays behind a shield.
public struct DecaySearch: Sendable, Hashable {
  /// Where χ₂ may decay, in mm from the target along the beam.
  public var decayZ: ClosedRange<Double>
  /// Where the leptons are seen.
  public var place: Place
  /// Rectangles about the beam, each with its share of the beam particles.
  public var detectors: [Detector]
  /// Which energy counts.
  public var energy: LeptonEnergy
  /// More than this is needed, in GeV.
  public var minimumEnergy: Double

  /// Where leptons are seen.
  public enum Place: String, Sendable, Hashable, CaseIterable {
    /// Those that hit the face of a detector at the end of the decay region.
    case face
    /// All, if χ₂ decays inside the detector, which fills the decay region.
    case volume
  }

  /// Which energy counts.
  public enum LeptonEnergy: String, Sendable, Hashable, CaseIterable {
    /// That of both leptons, as far as they are seen.
    case summed
    /// That of one of them.
    case leading
  }

  /// A rectangle about the beam.
  public struct Detector: Sendable, Hashable {
    /// The share of the beam particles that it saw.
    public var share: Double
    /// Full width and height in mm.
    public var size: SIMD2<Double>

    /// A detector from its parts.
    public init(share: Double, size: SIMD2<Double>) {
      self.share = share
      self.size = size
    }
  }

  /// A search from its parts, lengths in mm, energies in GeV.
  public init(
    decayZ: ClosedRange<Double>, place: Place, detectors: [Detector], energy: LeptonEnergy,
    minimumEnergy: Double
  ) {
    self.decayZ = decayZ
    self.place = place
    self.detectors = detectors
    self.energy = energy
    self.minimumEnergy = minimumEnergy
  }
}

/// A search for a beam particle that loses momentum to something unseen.
public struct MissingMomentumSearch: Sendable, Hashable {
  /// A decay within this distance in mm is seen, if it leaves enough.
  public var survivalLength: Double
  /// What is enough: both leptons together leave more than this, in GeV.
  public var vetoEnergy: Double
  /// The energies of the scattered lepton that count, in GeV.
  public var recoilEnergy: ClosedRange<Double>
  /// The least transverse momentum of the scattered lepton in GeV.
  public var recoilTransverse: Double

  /// A search from its parts.
  public init(
    survivalLength: Double, vetoEnergy: Double, recoilEnergy: ClosedRange<Double>,
    recoilTransverse: Double
  ) {
    self.survivalLength = survivalLength
    self.vetoEnergy = vetoEnergy
    self.recoilEnergy = recoilEnergy
    self.recoilTransverse = recoilTransverse
  }
}

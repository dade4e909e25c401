import Integration
import ParticleData

/// Events of muons on nucleons that may become background, as a generator made them, and what they stand for.
///
/// A sample stands for one nucleon. The cross section of an event is its weight times ``crossSectionPerEvent``; where two
/// samples stand for parts of the same process on the same nucleon, their cross sections add up.
public struct CandidateSample: Sendable, Hashable, Codable {
  /// The generator and its version, such as `pythia 8.318`.
  public var generator: String
  /// What happens.
  public var process: CandidateProcess
  /// How much of the process is in it.
  public var part: CandidatePart
  /// The nucleon that it stands for.
  public var nucleon: Nucleon
  /// The nucleon on which it was generated: the diffractive part of a neutron comes from a proton.
  public var generatedOn: Nucleon
  /// The beam's particle.
  public var beam: BeamParticle
  /// The beam's energy in GeV.
  public var beamEnergy: Double
  /// What was kept.
  public var thresholds: CandidateThresholds
  /// All other settings, in their order; a name such as `pythia` may stand more than once.
  public var settings: [CandidateSetting]
  /// The number of generated events.
  public var eventsGenerated: Int
  /// How often the generator could not complete an event, and tried another.
  public var failedEvents: Int
  /// How many chunks of a run gave nothing: no event of theirs is counted.
  public var failedChunks: Int
  /// The cross section per nucleon in GeV⁻².
  public var crossSection: Estimate
  /// How many events of each class there were before prescales.
  public var found: [CandidateClass: Int]
  /// The events that were kept, by their numbers.
  public var events: [CandidateEvent]
  /// The weight of all generated events by Q²: bin k from 10^(k/10) to 10^((k+1)/10) GeV². Empty where it is not known.
  public var virtualities: [Int: Double]

  /// A sample from all its parts, in the units of the properties.
  public init(
    generator: String, process: CandidateProcess, part: CandidatePart, nucleon: Nucleon,
    generatedOn: Nucleon, beam: BeamParticle, beamEnergy: Double, thresholds: CandidateThresholds,
    settings: [CandidateSetting], eventsGenerated: Int, failedEvents: Int = 0,
    failedChunks: Int = 0, crossSection: Estimate, found: [CandidateClass: Int],
    events: [CandidateEvent], virtualities: [Int: Double] = [:]
  ) {
    self.generator = generator
    self.process = process
    self.part = part
    self.nucleon = nucleon
    self.generatedOn = generatedOn
    self.beam = beam
    self.beamEnergy = beamEnergy
    self.thresholds = thresholds
    self.settings = settings
    self.eventsGenerated = eventsGenerated
    self.failedEvents = failedEvents
    self.failedChunks = failedChunks
    self.crossSection = crossSection
    self.found = found
    self.events = events
    self.virtualities = virtualities
  }

  /// What an event of weight 1 stands for, in GeV⁻².
  public var crossSectionPerEvent: Double { crossSection.value / Double(eventsGenerated) }

  /// The text of the first setting of that name, or `nil`.
  public func setting(_ name: String) -> String? { settings.first { $0.name == name }?.text }
}

/// What a beam particle does to a nucleon.
public enum CandidateProcess: String, Sendable, Hashable, Codable, CaseIterable {
  /// A nearly real photon, and soft QCD.
  case soft
  /// Deep inelastic scattering.
  case dis
}

/// How much of a process is in a sample.
public enum CandidatePart: String, Sendable, Hashable, Codable, CaseIterable {
  /// Everything.
  case all
  /// What is not diffractive.
  case nonDiffractive = "non-diffractive"
  /// Elastic and diffractive.
  case diffractive
}

/// A constituent of a nucleus.
public enum Nucleon: String, Sendable, Hashable, Codable, CaseIterable {
  /// p.
  case proton = "p"
  /// n.
  case neutron = "n"
}

/// Energies above which a particle counts when events are kept, in GeV.
public struct CandidateThresholds: Sendable, Hashable, Codable {
  /// That of a long-lived hadron.
  public var candidateEnergy: Double
  /// That of a track.
  public var pairEnergy: Double
  /// That of a neutral particle that is seen.
  public var vetoEnergy: Double

  /// Thresholds from their numbers in GeV.
  public init(candidateEnergy: Double = 5, pairEnergy: Double = 5, vetoEnergy: Double = 5) {
    self.candidateEnergy = candidateEnergy
    self.pairEnergy = pairEnergy
    self.vetoEnergy = vetoEnergy
  }
}

/// A setting of the generator.
public struct CandidateSetting: Sendable, Hashable, Codable {
  /// Its name, with its unit, such as `soft_minimum_W_GeV`.
  public var name: String
  /// Its text.
  public var text: String

  /// A setting from name and text.
  public init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}

/// Why an event is kept. A track is a charged particle above the pair threshold other than the scattered lepton, Ξ⁻ and Ω⁻.
public enum CandidateClass: String, Sendable, Hashable, Codable, CaseIterable {
  /// K_S, K_L, Λ, Ξ or Ω above its threshold, and at most one track. Where there is a track, or more than one of these
  /// hadrons, photons and neutrons lies above the veto's threshold, the events are prescaled and have weights.
  case longLived = "V"
  /// Exactly two tracks of opposite charge, prescaled.
  case pair = "P"
  /// Exactly two tracks of opposite charge, both electrons or muons.
  case leptonPair = "L"
}

/// An event, in the frame of the nucleon, the beam along z.
public struct CandidateEvent: Sendable, Hashable, Codable {
  /// Its number among the generated events, from 1.
  public var number: Int
  /// Why it is kept.
  public var kind: CandidateClass
  /// How many generated events it stands for.
  public var weight: Double
  /// Q² of the exchanged photon in GeV², positive.
  public var virtuality: Double
  /// W, the mass of the hadrons, in GeV.
  public var hadronicMass: Double
  /// The scattered lepton, then all other particles of the final state.
  public var particles: [CandidateParticle]

  /// An event from its parts.
  public init(
    number: Int, kind: CandidateClass, weight: Double, virtuality: Double, hadronicMass: Double,
    particles: [CandidateParticle]
  ) {
    self.number = number
    self.kind = kind
    self.weight = weight
    self.virtuality = virtuality
    self.hadronicMass = hadronicMass
    self.particles = particles
  }
}

/// A particle by its number and momentum; its energy follows from the mass.
public struct CandidateParticle: Sendable, Hashable, Codable {
  /// The Monte Carlo number (PDG 2024, § 45).
  public var pdgID: Int
  /// Momentum along x in GeV.
  public var x: Double
  /// Momentum along y in GeV.
  public var y: Double
  /// Momentum along the beam in GeV.
  public var z: Double

  /// A particle from its number and momentum in GeV.
  public init(pdgID: Int, x: Double, y: Double, z: Double) {
    self.pdgID = pdgID
    self.x = x
    self.y = y
    self.z = z
  }
}

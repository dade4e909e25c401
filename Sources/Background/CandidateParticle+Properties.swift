import Kinematics
import ParticleData
import Sampling
import Units

extension CandidateParticle {
  /// The mass in GeV: of what a generator leaves, whatever the charge.
  public var mass: Double {
    switch abs(pdgID) {
    case 11: Mass.electron
    case 13: Mass.muon
    case 211: Mass.chargedPion
    case 321: Mass.chargedKaon
    case 130, 310, 311: Mass.neutralKaon
    case 2212: Mass.proton
    case 2112: Mass.neutron
    case 3122: Mass.lambda
    // Σ⁻, Σ⁺, Ξ⁻, Ξ⁰ and Ω⁻ (PDG 2024).
    case 3112: 1.197_449
    case 3222: 1.189_37
    case 3312: 1.321_71
    case 3322: 1.314_86
    case 3334: 1.672_45
    default: 0
    }
  }

  /// The four-momentum.
  public var momentum: FourMomentum { FourMomentum(mass: mass, x: x, y: y, z: z) }

  /// The charge in units of the positron's.
  public var charge: Int {
    let sign = pdgID > 0 ? 1 : -1
    switch abs(pdgID) {
    case 11, 13, 3112, 3312, 3334: return -sign
    case 211, 321, 2212, 3222: return sign
    default: return 0
    }
  }

  /// What it looks like as a track; `nil` without one. Kaons and charged hyperons count as pions.
  public var species: TrackSpecies? {
    switch abs(pdgID) {
    case 11: .electron
    case 13: .muon
    case 2212: .proton
    default: charge == 0 ? nil : .pion
    }
  }
}

extension CandidateEvent {
  /// The momentum of the scattered beam lepton.
  public var scatteredLepton: FourMomentum { particles[0].momentum }
}

extension CandidateSample {
  /// What an event of weight 1 stands for, in pb per nucleon.
  var picobarnPerEvent: Double { crossSectionPerEvent * .hbarCSquared_GeV2pb }

  /// The name of random streams that belong to it.
  var digest: UInt64 {
    var digest = Digest()
    for text in [generator, process.rawValue, part.rawValue, nucleon.rawValue, beam.rawValue] {
      digest.combine(text)
    }
    digest.combine(beamEnergy)
    for setting in settings {
      digest.combine(setting.name)
      digest.combine(setting.text)
    }
    return digest.value
  }
}

extension CandidateSample {
  /// The cross section in pb per nucleon of events in which, beside the scattered lepton, one K_S, K_L or Λ is above an energy in GeV and
  /// nothing else is.
  public func loneHadronCrossSection(above energy: Double) -> Double {
    let weights = events.filter { event in
      let hard = event.particles.dropFirst().filter {
        ![12, 14, 16].contains(abs($0.pdgID)) && $0.momentum.energy > energy
      }
      return hard.count == 1 && [130, 310, 3122].contains(abs(hard[hard.startIndex].pdgID))
    }.map(\.weight)
    return picobarnPerEvent * weights.reduce(0, +)
  }
}

extension Nucleon {
  /// How many a nucleus of a material has.
  public func count(in material: Material) -> Double {
    let Z = Double(material.atomicNumber)
    return self == .proton ? Z : material.massNumber - Z
  }
}

import Background
import Detector
import Integration
import Kinematics
import ParticleData
import Sampling
import Selection
import Units

/// Candidates made by hand.
enum Sample {
  /// A muon that passes every cut.
  static let muon = CandidateParticle(pdgID: 13, x: 0.1, y: -0.05, z: 80)

  /// Events of a muon and other particles: of so many generated and so many pb.
  static func of(
    _ events: [[CandidateParticle]], weight: Double = 1, generated: Int = 100,
    picobarn: Double = 1000, nucleon: Nucleon = .proton, kind: CandidateClass = .longLived
  ) -> CandidateSample {
    CandidateSample(
      generator: "by hand", process: .soft, part: .all, nucleon: nucleon, generatedOn: nucleon,
      beam: .muon, beamEnergy: 160, thresholds: CandidateThresholds(), settings: [],
      eventsGenerated: generated, crossSection: .picobarn * Estimate(value: picobarn, error: 0),
      found: [:],
      events: events.enumerated().map { number, particles in
        CandidateEvent(
          number: number + 1, kind: kind, weight: weight, virtuality: 0.1, hadronicMass: 12,
          particles: [muon] + particles)
      })
  }

  static let kaon = CandidateParticle(pdgID: 310, x: 0.15, y: -0.1, z: 22)
}

extension ForcedDecays {
  /// The paper's apparatus and cuts, with the changes made.
  static func paper(
    repetitions: Int = 100, calorimeter: Bool = true,
    _ change: (inout SelectionCuts) -> Void = { _ in }
  ) -> ForcedDecays {
    var cuts = SelectionCuts(
      decayWindow: 25...140, minimumBeamLeptonEnergy: 5, minimumLeptonEnergy: 5,
      minimumOpeningAngle: 1e-3, lastModules: 5)
    change(&cuts)
    let apparatus = Apparatus(
      name: "muone-paper", source: "arXiv:2409.00170", targetThickness: 15, stationCount: 40,
      stationPitch: 1000,
      planes: [150, 575, 1000].map { Plane(centre: SIMD3(0, 0, $0), size: SIMD2(100, 100)) },
      calorimeter: calorimeter ? Calorimeter(z: 1050, size: SIMD2(1000, 1000)) : nil,
      muonFilter: nil)
    var forced = ForcedDecays(cuts, apparatus: apparatus, beamLeptonMass: Mass.muon)
    forced.repetitions = repetitions
    return forced
  }
}

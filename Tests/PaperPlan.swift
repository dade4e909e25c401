import DarkSector
import Detector
import ParticleData
import Production
import Reach
import Selection

// The set-up of arXiv:2409.00170 as a plan; the test targets of the answer read this file through a link.
extension Plan {
  /// 160 GeV muons on beryllium, Table I, m_A′ = 3 m₁, 4700 pb⁻¹.
  static func paper(
    m1: Double = 0.1, splitting: Double = 0.4, y: Double = 1e-8, alphaD: Double = 0.1,
    events: Int = 20_000, seed: UInt64 = 20_240_906
  ) -> Plan {
    Plan(
      beam: Beam(particle: .muon, energy: 160), target: .beryllium,
      model: ModelSettings(
        m1: m1, splittingOverM1: splitting, mediatorMass: .overM1(3), alphaD: alphaD,
        coupling: .y(y)),
      production: ProductionSettings(),
      apparatus: Apparatus(
        name: "muone-paper", source: "arXiv:2409.00170", targetThickness: 15, stationCount: 40,
        stationPitch: 1000,
        planes: [150, 575, 1000].map { Plane(centre: SIMD3(0, 0, $0), size: SIMD2(100, 100)) },
        calorimeter: Calorimeter(z: 1050, size: SIMD2(1000, 1000)), muonFilter: nil),
      selection: SelectionCuts(
        decayWindow: 25...140, minimumBeamLeptonEnergy: 5, minimumLeptonEnergy: 5,
        minimumOpeningAngle: 1e-3, lastModules: 5),
      luminosity: .paperText, statistics: StatisticsSettings(),
      scan: ScanSettings(m1: [m1], splittingOverM1: [splitting]),
      run: RunSettings(seed: seed, eventsPerPoint: events))
  }

  /// A copy with changes.
  func with(_ change: (inout Plan) -> Void) -> Plan {
    var copy = self
    change(&copy)
    return copy
  }

  /// The sample of the plan's own model point.
  func signalSample() throws -> SignalSample {
    let samplePlan = try samplePlan([modelPoint()], alphaD: model.alphaD)
    return samplePlan.samples([samplePlan.part(batches: 0..<samplePlan.batchCount)])[0]
  }
}

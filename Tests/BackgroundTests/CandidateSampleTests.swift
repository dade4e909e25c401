import Background
import Integration
import Testing

@Suite("Candidate samples", .tags(.unit))
struct CandidateSampleTests {
  private func sample(events: Int, crossSection: Estimate, numbers: [Int], failed: Int = 0)
    -> CandidateSample
  {
    CandidateSample(
      generator: "none", process: .dis, part: .all, nucleon: .proton, generatedOn: .proton,
      beam: .muon, beamEnergy: 160, thresholds: CandidateThresholds(),
      settings: [CandidateSetting("seed", "\(events)")], eventsGenerated: events,
      failedEvents: failed, crossSection: crossSection, found: [.longLived: numbers.count],
      events: numbers.map {
        CandidateEvent(
          number: $0, kind: .longLived, weight: 1, virtuality: 1, hadronicMass: 2, particles: [])
      })
  }

  @Test("parts merge in their order: events are numbered through, cross sections averaged")
  func merges() {
    let parts = [
      sample(events: 100, crossSection: Estimate(value: 1, error: 0.3), numbers: [5, 90]),
      sample(events: 300, crossSection: Estimate(value: 2, error: 0.1), numbers: [1], failed: 2),
    ]
    let whole = CandidateSample.merging(parts, settings: [CandidateSetting("seed", "7")])
    #expect(whole.eventsGenerated == 400 && whole.failedEvents == 2)
    #expect(whole.events.map(\.number) == [5, 90, 101] && whole.found == [.longLived: 3])
    #expect(whole.setting("seed") == "7")
    // Exact in binary but for the root: quarters of 1 and 2, 0.075 and 0.075 in quadrature.
    #expect(whole.crossSection.value == 1.75)
    #expect(abs(whole.crossSection.error - 0.075 * 2.0.squareRoot()) < 1e-15)
    #expect(whole.crossSectionPerEvent == 1.75 / 400)
  }

  @Test("a part alone is the whole")
  func single() {
    let part = sample(
      events: 10, crossSection: Estimate(value: 3, error: 0.25), numbers: [1, 10])
    #expect(CandidateSample.merging([part], settings: part.settings) == part)
  }
}

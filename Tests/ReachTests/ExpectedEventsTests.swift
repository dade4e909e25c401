import DarkSector
import Integration
import ParticleData
import Production
import Reach
import Selection
import Testing

@Suite("Expected events")
struct ExpectedEventsTests {
  @Test(
    "The last line of the cut flow, times σ, L, ε² and branching ratios, is N", .tags(.identity))
  func cutFlow() async throws {
    for m1 in [0.1, 0.6] {
      let plan = Plan.paper(m1: m1, events: 10_000)
      let result = try await plan.expectedEvents(threads: 1)
      let last = try #require(result.cutFlow.last).cumulative
      let product =
        last * result.crossSection.value * result.luminosity.perPicobarn * result.epsilon
        * result.epsilon * result.darkBranchingRatio * result.leptonicBranchingRatio
      // The flow counts relative to the chains' own weights, whose mean is σ within their scatter: below 0.6 per event
      // (spin weights within ± 1, others near 1), here five standard errors of 10⁴ events.
      #expect(abs(product / result.events.value - 1) < 5 * 0.6 / 100)
      #expect(
        zip(result.cutFlow, result.cutFlow.dropFirst()).allSatisfy {
          $0.cumulative >= $1.cumulative
        })
    }
  }

  @Test("The expected events are the sample's own sum", .tags(.identity))
  func directSum() async throws {
    let plan = Plan.paper(m1: 0.3, y: 1e-7)
    let result = try await plan.expectedEvents(threads: 2)
    let sample = try plan.signalSample()
    let product =
      4700 * result.epsilon * result.epsilon * result.darkBranchingRatio
      * sample.survival(result.properDecayLength).value
    // 1e-14: three products.
    #expect(abs(result.events.value / product - 1) < 1e-14)
    #expect(abs(result.y / 1e-7 - 1) < 1e-14)
  }

  @Test("The accepted share of each flow line and the cut's own order are those of Table I")
  func shares() async throws {
    let result = try await Plan.paper(m1: 0.3, y: 1e-7).expectedEvents(threads: 2)
    #expect(result.cutFlow.map(\.cut) == CutFlowSums.cutNames)
    #expect(result.cutFlow.allSatisfy { $0.cumulative <= $0.kept * (1 + 1e-14) })  // rounding
  }

  @Test("N grows like y² while χ₂ lives long", .tags(.limit))
  func longLived() async throws {
    func events(_ y: Double) async throws -> Double {
      try await Plan.paper(y: y, events: 5000).expectedEvents(threads: 1).events.value
    }
    let ratio = try await events(1e-13) / events(1e-14)
    // z/λ is 10⁻⁵ at y = 10⁻¹³ (N peaks, z/λ ~ 1, above 10⁻⁶ here), and its effect of that order.
    #expect(abs(ratio / 100 - 1) < 1e-5)
  }

  @Test("N falls like 1/α_D at fixed y", .tags(.identity))
  func alphaD() async throws {
    func result(_ alphaD: Double) async throws -> ExpectedEvents {
      try await Plan.paper(y: 1e-6, alphaD: alphaD, events: 5000).expectedEvents(threads: 1)
    }
    let (a, b) = (try await result(0.1), try await result(0.5))
    // The visible branching ratio of the A′ is divided out; 1e-12: ε and cτ are rounded apart.
    let ratio = (a.events.value / a.darkBranchingRatio) / (b.events.value / b.darkBranchingRatio)
    #expect(abs(ratio / 5 - 1) < 1e-12)
    #expect(abs(a.properDecayLength / b.properDecayLength - 1) < 1e-14)
    #expect(a.crossSection == b.crossSection)
  }

  @Test("One and two threads give the same bytes", .tags(.identity))
  func threads() async throws {
    let plan = Plan.paper(events: 40_000)
    let (one, two) = (
      try await plan.expectedEvents(threads: 1), try await plan.expectedEvents(threads: 2)
    )
    #expect(one.events == two.events && one.crossSection == two.crossSection)
    #expect(one.cutFlow == two.cutFlow)
  }

  @Test("ε and y name the same point", .tags(.identity))
  func couplings() async throws {
    let byY = try await Plan.paper(y: 3e-8, events: 3000).expectedEvents(threads: 1)
    let byEpsilon = try await Plan.paper(events: 3000)
      .with { $0.model.coupling = .epsilon(byY.epsilon) }.expectedEvents(threads: 1)
    // 1e-13: ε² and back.
    #expect(abs(byEpsilon.y / 3e-8 - 1) < 1e-14)
    #expect(abs(byEpsilon.events.value / byY.events.value - 1) < 1e-13)
  }

  @Test("Batches that are not full count as many events as they hold", .tags(.unit))
  func partialBatches() async throws {
    let reference = try await Plan.paper(events: 40_000).expectedEvents(threads: 2)
    for events in [1, 2, 2047, 2048, 2049, 4097] {
      let result = try await Plan.paper(events: events).expectedEvents(threads: 2)
      #expect(result.events.value.isFinite && result.events.error.isFinite)
      #expect(result.crossSection.value > 0)
      guard events > 2 else { continue }
      // Five standard errors: an event too many or too few in 2049 would not show, a batch would.
      #expect(abs(result.crossSection.pull(against: reference.crossSection)) < 5)
      #expect(abs(result.events.pull(against: reference.events)) < 5)
    }
    // An event more is an event more: weights are shares of the whole.
    let (a, b) = (
      try await Plan.paper(events: 2048).expectedEvents(threads: 1).crossSection.value,
      try await Plan.paper(events: 2049).expectedEvents(threads: 1).crossSection.value
    )
    let added = 2049 * b - 2048 * a
    #expect(added > 0 && added < 20 * a)
  }

  @Test("A stable χ₂, a light A′ and a beam too weak are errors that say so", .tags(.unit))
  func impossible() async throws {
    await #expect(throws: DarkSectorError.self) {
      try await Plan.paper(m1: 0.002).expectedEvents(threads: 1)
    }
    let light = DarkSectorError.mediatorTooLight(mediator: 3 * 0.1, pair: 2 * 0.1 + 1.5 * 0.1)
    await #expect(throws: light) {
      try await Plan.paper(m1: 0.1, splitting: 1.5).expectedEvents(threads: 1)
    }
    await #expect(throws: ProductionError.self) {
      try await Plan.paper(m1: 20).expectedEvents(threads: 1)
    }
    await #expect(throws: ProductionError.approximationHasNoEvents(.weizsaeckerWilliams)) {
      try await Plan.paper().with { $0.production.method = .weizsaeckerWilliams }
        .expectedEvents(threads: 1)
    }
  }
}

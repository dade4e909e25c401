import DarkSector
import Integration
import Reach
import Testing

@Suite("Quoted errors")
struct MonteCarloErrorTests {
  /// χ² of independent estimates about their weighted mean.
  private func chiSquared(_ estimates: [Estimate]) -> Double {
    let weights = estimates.map { 1 / ($0.error * $0.error) }
    let mean =
      zip(estimates, weights).reduce(0) { $0 + $1.0.value * $1.1 } / weights.reduce(0, +)
    return estimates.reduce(0) {
      $0 + ($1.value - mean) * ($1.value - mean) / ($1.error * $1.error)
    }
  }

  @Test("Seeds scatter as the quoted errors say: N, σ and both crossings", .tags(.statistical))
  func seeds() async throws {
    var rows: [[Estimate]] = [[], [], [], []]
    for seed in 1...40 {
      let plan = Plan.paper(m1: 0.3, y: 1e-8, events: 8192, seed: UInt64(seed))
      let events = try await plan.expectedEvents(threads: 2)
      let point = try await plan.reachCurves(threads: 1)[0].points[0]
      rows[0].append(events.events)
      rows[1].append(events.crossSection)
      rows[2].append(try #require(point.yLower))
      rows[3].append(try #require(point.yUpper))
    }
    for (row, name) in zip(rows, ["N", "σ", "lower y", "upper y"]) {
      // χ² with 39 degrees of freedom lies between 15.3 and 77.6 with p = 0.0002 on either side: errors wrong by a
      // factor 1.6 either way are caught.
      let chi2 = chiSquared(row)
      #expect(chi2 > 15.3 && chi2 < 77.6, "\(name): \(chi2)")
      // And the errors are worth having.
      #expect(row.allSatisfy { $0.relativeError > 1e-4 && $0.relativeError < 0.1 }, "\(name)")
    }
  }

  @Test("Errors fall like the root of the number of events", .tags(.statistical))
  func rootOfN() async throws {
    let few = try await Plan.paper(events: 8192).expectedEvents(threads: 2)
    let many = try await Plan.paper(events: 131_072).expectedEvents(threads: 2)
    // 16 times the events; 15 %: the error of an error from 8192 weighted events.
    #expect(abs(few.events.relativeError / many.events.relativeError / 4 - 1) < 0.15)
    #expect(abs(few.events.pull(against: many.events)) < 5)
  }

  @Test("An error of y is the error of N over the slope", .tags(.identity))
  func slope() async throws {
    // On the long-lived side N ~ y², so that y is known twice as well as N.
    let plan = Plan.paper(m1: 0.05, events: 20_000).with { $0.luminosity = .perPicobarn(1e8) }
    let lower = try #require(try await plan.reachCurves(threads: 1)[0].points[0].yLower)
    let point = try plan.modelPoint()
    let sample = try #require(try plan.reachSamples(of: [point], alphaDs: [0.1]).first).sample
    let length = try #require(
      sample.widths.properDecayLength(
        epsilonSquared: point.epsilonSquared(y: lower.value, alphaD: 0.1), alphaD: 0.1))
    let events = sample.survival(length)
    // 1 %: z/λ is still a few 10⁻³, and the curve's error is interpolated.
    #expect(abs(lower.relativeError / (events.relativeError / 2) - 1) < 0.01)
  }
}

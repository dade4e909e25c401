import DarkSector
import Reach
import Selection
import Testing

@Suite("Decays shaped for acceptance") struct ShapedDecaysTests {
  @Test(
    "shaping changes errors, not results", .tags(.statistical),
    arguments: [(0.1, 0.2), (0.3, 0.1), (0.3, 0.4), (1.0, 0.2), (1.5, 0.3)])
  func unbiased(m1: Double, splitting: Double) throws {
    let plan = Plan.paper(m1: m1, splitting: splitting, events: 400_000)
    let own = try plan.samplePlan([plan.modelPoint()], alphaD: 0.1)
    let shaped = try plan.with { $0.run.eventsPerPoint = 50_000 }
      .samplePlan([plan.modelPoint()], alphaD: 0.1).shaped()
    let plain = own.samples([own.part(batches: 0..<own.batchCount)])[0]
    let better = shaped.samples([shaped.part(batches: 0..<shaped.batchCount)])[0]
    // From lifetimes that reach the window rarely to ones that mostly fly beyond it.
    for length in [1.0, 10, 100, 1e4] {
      let (a, b) = (plain.survival(length), better.survival(length))
      let combined = (a.error * a.error + b.error * b.error).squareRoot()
      #expect(abs(a.value - b.value) < 4 * combined, "\(length): \(a), \(b)")
    }
    // As many events have a smaller error: a little where many pass anyway, half of it at Δ/m₁ = 0.1.
    let (a, b) = (plain.survival(1e4), better.survival(1e4))
    let gain = a.relativeError * 8.0.squareRoot() / b.relativeError
    #expect(gain > (splitting == 0.1 ? 1.8 : 1.1), "\(gain)")
  }

  @Test("y is as precise as asked wherever the splitting exceeds 10 MeV", .tags(.statistical))
  func precision() async throws {
    for (m1, splitting) in [
      (0.11, 0.1), (0.06, 0.2), (0.03, 0.4), (0.3, 0.1), (0.5, 0.1), (1, 0.6),
    ] {
      let plan = Plan.paper(events: 50_000).with {
        $0.scan.m1 = [m1]
        $0.scan.splittingOverM1 = [splitting]
      }
      let point = try await plan.reachCurves(threads: 2)[0].points[0]
      let lower = try #require(point.yLower)
      #expect(lower.relativeError < 0.01, "\(m1), \(splitting): \(lower)")
      if let upper = point.yUpper { #expect(upper.relativeError < 0.01, "\(m1): \(upper)") }
      // Another seed agrees within what both quote.
      let other = try await plan.with { $0.run.seed = 77 }.reachCurves(threads: 2)[0].points[0]
      let again = try #require(other.yLower)
      let combined = (lower.error * lower.error + again.error * again.error).squareRoot()
      #expect(abs(lower.value - again.value) < 4 * combined)
    }
  }
}

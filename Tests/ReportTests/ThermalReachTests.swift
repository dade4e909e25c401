import Foundation
import Reach
import Relic
import Report
import Statistics
import Testing

@Suite("Thermal line inside the reach") struct ThermalReachTests {
  @Test(
    "the expected events on the line cross what is needed where an interval ends", .tags(.identity))
  func ends() async throws {
    let masses = (0..<14).map { 0.02 * pow(50, Double($0) / 13) }
    let plan = Plan.paper().with { $0.scan.m1 = masses }
    let reach = try await ReachData.compute(plan, threads: 2) { _ in }
    let lines = try await ThermalLineData.compute(plan, threads: 2) { _ in }
    let entries = ThermalReach(reach, lines: lines).entries
    let intervals = try #require(entries.first).intervals
    try #require(intervals.count == 1)
    let interval = intervals[0]
    #expect(!interval.isOpenBelow && !interval.isOpenAbove)
    let needed = CountingLimit(confidenceLevel: 0.95).medianUpperLimit(background: 0)
    func events(at m1: Double) async throws -> Double {
      let point = try plan.modelPoint(m1: m1, splittingOverM1: 0.4)
      let y = try plan.relic.coupling(point, alphaD: 0.1).y
      return try await Plan.paper(m1: m1, y: y).expectedEvents(threads: 2).events.value
    }
    // 5 %: contour and line are straight between masses 35 % apart, and 20 000 events scatter by 1 %.
    let (lower, upper) = (interval.masses.lowerBound, interval.masses.upperBound)
    #expect(try await events(at: lower / 1.05) < needed)
    #expect(try await events(at: lower * 1.05) > needed)
    #expect(try await events(at: upper / 1.05) > needed)
    #expect(try await events(at: upper * 1.05) < needed)
    for contour in reach.contours { #expect(contour.points.count >= masses.count) }
  }
}

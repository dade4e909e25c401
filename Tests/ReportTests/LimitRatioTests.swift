import Constraints
import Formats
import Foundation
import Recasts
import Report
import Testing

@Suite("Computed over digitised limits")
struct LimitRatioTests {
  /// Computed once.
  private static let data = Task {
    try await LimitRatioData.compute(confidenceLevel: 0.95, seed: 1, threads: 2)
  }

  private func ratios() async throws -> LimitRatioData { try await Self.data.value }

  private func line(_ data: LimitRatioData, _ name: String, _ variant: String) throws
    -> LimitRatioData.Line
  {
    try #require(data.lines.first { $0.name == name && $0.variant == variant })
  }

  @Test("LEP within 8 % below 80 GeV; BaBar and Belle II meet their own input", .tags(.reference))
  func agreement() async throws {
    let data = try await ratios()
    #expect(data.lines.count == LimitRatioData.lineCount)
    let lep = try #require(try line(data, "lep-computed", "published").agreement(below: 80.0 / 3))
    // 8 %: the largest difference found (Recasts.md), rounded up.
    #expect(lep.count > 20 && abs(lep.mean - 1) < 0.08 && abs(lep.worst - 1) < 0.08)
    for name in ["babar-computed", "belle2-computed"] {
      let unseen = try #require(try line(data, name, "no-veto").agreement(below: 1.8))
      // 10⁻⁵: A′ → χ₁χ₂ is 1 - O(ε²α/α_D) of its decays.
      #expect(unseen.range.lowerBound > 1 - 1e-9 && unseen.range.upperBound < 1 + 1e-5)
      let seen = try #require(try line(data, name, "veto-0.1-GeV").agreement(below: 1.8))
      // At Δ/m₁ = 0.1 most χ₂ outlive the detector: 3 % in the mean and 6 % at every point are what was asked for.
      #expect(seen.range.lowerBound > 1 - 1e-9 && seen.range.upperBound < 1.06)
      #expect(abs(seen.mean - 1) < 0.03)
    }
  }

  @Test(
    "E137, BDX and LDMX meet the digitised curves as an earlier calculation did",
    .tags(.reference),
    arguments: [
      // An independent calculation with 9, 8, 8 and 2 % of scatter over masses: mean ratio, and the masses below which it holds.
      ("e137-computed", "default", 0.79, 10.0), ("e137-computed", "events-10", 1.07, 10),
      ("bdx-computed", "default", 0.96, 10), ("ldmx-computed", "default", 1.02, 0.31),
    ])
  func beamDumps(name: String, variant: String, expected: Double, below m1: Double) async throws {
    let found = try #require(try line(try await ratios(), name, variant).agreement(below: m1))
    #expect(found.count >= 5)
    // 5 %: masses read from a drawing, inputs inferred from fits, and one or two per cent of Monte Carlo at each mass.
    #expect(abs(found.mean / expected - 1) < 0.05, "\(found)")
    #expect(found.spread < 0.15)
  }

  @Test("positrons that annihilate improve E137 and BDX where they meet the A′", .tags(.reference))
  func annihilation() throws {
    let all = ComputedCurve.all(confidenceLevel: 0.95, seed: 1)
    func gain(_ name: String, _ m1: Double, over base: String) throws -> Double {
      let curve = ComputedCurve.named(name, among: all)
      let place = ConstraintPoint(
        m1: m1, splittingOverM1: 0.1, alphaD: 0.1, mediatorMassOverM1: 3, epsilon: 1e-3)
      func lower(_ variant: String) throws -> Double {
        let reading = curve.reading(at: place, variant: curve.variant(named: variant))
        return try #require(reading.epsilons.first).lowerBound
      }
      return try lower(base) / lower("annihilation")
    }
    // An independent calculation has 1.9 to 2.8 there; 5 % for Monte Carlo and the ends' masses.
    for m1 in [0.03, 0.035, 0.04, 0.045] {
      let gain = try gain("e137-computed", m1, over: "default")
      #expect((1.9 * 0.95...2.8 * 1.05).contains(gain), "\(m1): \(gain)")
    }
    // And 2.6 to 3.3 for BDX, on the tracks of the same shower.
    for m1 in [0.025, 0.028, 0.03] {
      let gain = try gain("bdx-computed", m1, over: "shower")
      #expect((2.6 * 0.95...3.3 * 1.05).contains(gain), "\(m1): \(gain)")
    }
    // Pairs have 17.4 % of E_χ₂, which is 87 % of E_A′ at most: above 0.5 GeV from 3.3 GeV on, m₁ = 19.4 MeV.
    #expect(try gain("bdx-computed", 0.018, over: "shower") < 1.3)
    // Positrons of 20 GeV make 0.143 GeV, m₁ = 48 MeV; further up only the line shape's tail.
    #expect(abs(try gain("e137-computed", 0.06, over: "default") - 1) < 0.05)
  }

  @Test("mean, spread and worst are those of the ratios' logarithms", .tags(.unit))
  func statistics() async throws {
    let line = try line(try await ratios(), "lep-computed", "published")
    let found = try #require(line.agreement(below: 20))
    let logs = line.points.filter { $0.isDigitised && $0.m1 < 20 }.compactMap(\.ratio).map {
      log($0)
    }
    let mean = logs.reduce(0, +) / Double(logs.count)
    let square = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(logs.count)
    #expect(found.count == logs.count)
    // 1e-12: sums of some twenty numbers below 1, and logarithms of another library.
    #expect(abs(found.mean - exp(mean)) < 1e-12 && abs(found.spread - square.squareRoot()) < 1e-12)
    let worst = try #require(logs.max { abs($0) < abs($1) })
    #expect(abs(found.worst - exp(worst)) < 1e-12)
    #expect(line.agreement(below: 0.001) == nil)
  }

  @Test("a computed limit that is silent leaves an empty cell, at which lines break", .tags(.unit))
  func silence() async throws {
    let data = try await ratios()
    // Beside the Z.
    let points = try line(data, "lep-computed", "published").points.filter {
      (29.8...31).contains($0.m1)
    }
    #expect(!points.isEmpty && points.allSatisfy { $0.ratio == nil })
    let table = LimitRatioFigure(data).tables[0].table
    let silent = table.rows.filter { $0[4].isEmpty }
    #expect(!silent.isEmpty && silent.allSatisfy { $0[6].isEmpty })
    #expect(table.rows.count == data.lines.reduce(0) { $0 + $1.points.count })
  }

  @Test("what a splitting takes grows with it and with the veto's keenness", .tags(.property))
  func loss() async throws {
    let masses = [0.05, 0.1, 0.3, 1]
    let data = try await SplittingLossData.compute(masses: masses, seed: 1, threads: 2)
    #expect(data.lines.map(\.splittingOverM1) == SplittingLossData.splittings)
    for line in data.lines {
      #expect(line.points.map(\.m1) == masses)
      for point in line.points {
        let ratios = try point.ratios.map { try #require($0) }
        // Vetoes of 0.1, 0.05 and 0.3 GeV.
        #expect(1 <= ratios[2] && ratios[2] <= ratios[0] && ratios[0] <= ratios[1])
      }
    }
    let light = try data.lines.map { try #require($0.points[0].ratios[0]) }
    #expect(zip(light, light.dropFirst()).allSatisfy { $0 < $1 })
    // At 0.1 never lost, at 0.4 between 0.1 and 0.3 GeV.
    #expect(data.lossMass(data.lines[0], factor: 2) == nil)
    #expect(data.lossMass(data.lines[2], factor: 2) == 0.3)
  }

  @Test("a second interval of ε stands in the table as a gap", .tags(.unit))
  func gap() async throws {
    // Δ/m₁ = 0.8 at 20 MeV: ε near the published limit and far above it, but not between.
    let data = try await SplittingLossData.compute(
      splittings: [0.8], masses: [0.02], seed: 1, threads: 1)
    let point = try #require(data.lines[0].points.first)
    #expect(point.excluded[0].count == 2)
    let row = SplittingLossFigure(data).tables[0].table.rows[0]
    let (from, to) = try (
      #require(Double(row[row.count - 2])), #require(Double(row[row.count - 1]))
    )
    #expect(point.invisible < from && from < to && to < 0.1)
  }
}

import Calculus
import Constraints
import DarkSector
import Reach
import Relic
import Report
import Sampling
import Testing

@Suite("What of the thermal line only this experiment reaches")
struct ThermalUniquenessTests {
  typealias Region = ExistingLimits.Region

  /// A line at y = 10⁻⁸ for Δ/m₁ = 0.4 and α_D = 0.1, from 10 MeV to 1 GeV.
  private func line() throws -> ThermalLineData {
    let points = try [0.01, 1].map { m1 in
      let point = try ModelPoint(chi1Mass: m1, massSplitting: 0.4 * m1, darkPhotonMass: 3 * m1)
      let density = try RelicSettings().density(
        point, alphaD: 0.1, epsilonSquared: point.epsilonSquared(y: 1e-8, alphaD: 0.1))
      return ThermalPoint(m1: m1, density: density, reason: nil)
    }
    return ThermalLineData(
      lines: [ThermalLine(splittingOverM1: 0.4, alphaD: 0.1, points: points)])
  }

  private func reach(_ masses: ClosedRange<Double>..., alphaD: Double = 0.1) -> ThermalReach {
    ThermalReach(entries: [
      ThermalReach.Entry(
        splittingOverM1: 0.4, alphaD: alphaD, luminosity: 4700,
        intervals: masses.map { ThermalReach.Interval(masses: $0) })
    ])
  }

  private func region(
    _ label: String, _ kind: ConstraintKind, _ edges: [LimitStrip.Edge], splitting: Double = 0.4,
    variant: String? = nil
  ) -> Region {
    Region(
      label: label, name: label, kind: kind, variant: variant, splittingOverM1: splitting,
      strips: [LimitStrip(edges: edges)], outline: nil)
  }

  /// Two decades of y around the line.
  private func around(_ masses: ClosedRange<Double>) -> [LimitStrip.Edge] {
    [masses.lowerBound, masses.upperBound].map {
      LimitStrip.Edge(m1: $0, lower: 1e-9, upper: 1e-7)
    }
  }

  private func limits(_ regions: [Region], absences: [ExistingLimits.Absence] = [])
    -> ExistingLimits
  {
    ExistingLimits(regions: regions, absences: absences, alphaD: 0.1, mediatorMassOverM1: 3)
  }

  private func only(_ reach: ThermalReach, _ limits: ExistingLimits) throws
    -> ThermalUniqueness.Entry
  {
    let found = ThermalUniqueness(reach, lines: try line(), limits: limits)
    let defaults = found.entries.filter { $0.variant == nil }
    try #require(defaults.count == 1)
    return defaults[0]
  }

  /// Whether ends are those expected, but for half a step of 1/400 of ln(0.5/0.02).
  private func agree(
    _ found: [ClosedRange<Double>]?, _ expected: [ClosedRange<Double>]
  ) -> Bool {
    func near(_ a: Double, _ b: Double) -> Bool { abs(a / b - 1) < 0.005 }
    guard let found, found.count == expected.count else { return false }
    return zip(found, expected).allSatisfy {
      near($0.lowerBound, $1.lowerBound) && near($0.upperBound, $1.upperBound)
    }
  }

  @Test(
    "excluded before projected before unique, and the ends of what is inside stay exact",
    .tags(.unit))
  func order() throws {
    let entry = try only(
      reach(0.02...0.5),
      limits([
        region("A", .exclusion, around(0.05...0.1)), region("P", .projection, around(0.08...0.2)),
      ]))
    #expect(entry.inside == [0.02...0.5])
    #expect(entry.excluded.count == 1 && agree(entry.excluded["A"], [0.05...0.1]))
    #expect(entry.projected.count == 1 && agree(entry.projected["P"], [0.1...0.2]))
    #expect(agree(entry.unique, [0.02...0.05, 0.2...0.5]))
    #expect(entry.unique.first?.lowerBound == 0.02 && entry.unique.last?.upperBound == 0.5)
    // Neighbours share their ends.
    #expect(entry.excluded["A"]?.first?.lowerBound == entry.unique.first?.upperBound)
    #expect(entry.excluded["A"]?.last?.upperBound == entry.projected["P"]?.first?.lowerBound)
  }

  @Test("a projection never hides an exclusion, wherever it stands", .tags(.property))
  func precedence() throws {
    let exclusion = region("A", .exclusion, around(0.05...0.1))
    let projection = region("P", .projection, around(0.01...1))
    for regions in [[exclusion, projection], [projection, exclusion]] {
      let entry = try only(reach(0.02...0.5), limits(regions))
      #expect(agree(entry.excluded["A"], [0.05...0.1]))
      #expect(agree(entry.projected["P"], [0.02...0.05, 0.1...0.5]))
      #expect(entry.unique.isEmpty)
    }
  }

  @Test("an edge that crosses the line is found where it does", .tags(.limit))
  func crossing() throws {
    // From 10⁻⁹ at 50 MeV to 10⁻⁷ at 200 MeV: the line, halfway in ln y, at 100 MeV.
    let rising = [
      LimitStrip.Edge(m1: 0.05, lower: 1e-9, upper: 1e-4),
      LimitStrip.Edge(m1: 0.2, lower: 1e-7, upper: 1e-4),
    ]
    let entry = try only(reach(0.02...0.5), limits([region("A", .exclusion, rising)]))
    #expect(agree(entry.excluded["A"], [0.05...0.1]))
    #expect(agree(entry.unique, [0.02...0.05, 0.1...0.5]))
  }

  @Test(
    "two that exclude the same masses are both named, and what is unique is in neither",
    .tags(.unit))
  func both() throws {
    let entry = try only(
      reach(0.02...0.5),
      limits([
        region("A", .exclusion, around(0.05...0.1)), region("B", .exclusion, around(0.08...0.3)),
      ]))
    #expect(agree(entry.excluded["A"], [0.05...0.1]) && agree(entry.excluded["B"], [0.08...0.3]))
    #expect(agree(entry.unique, [0.02...0.05, 0.3...0.5]))
  }

  @Test("intervals stay apart, and one region may cut both", .tags(.unit))
  func intervals() throws {
    let entry = try only(
      reach(0.02...0.06, 0.1...0.5), limits([region("A", .exclusion, around(0.04...0.2))]))
    #expect(agree(entry.excluded["A"], [0.04...0.06, 0.1...0.2]))
    #expect(agree(entry.unique, [0.02...0.04, 0.2...0.5]))
  }

  @Test("an interval as narrow as doubles allow has its ends", .tags(.limit))
  func narrow() throws {
    for range in [0.1...0.1, 0.1...(0.1).nextUp, 0.3...(0.3).nextUp] {
      let entry = try only(reach(range), limits([region("A", .exclusion, around(0.05...0.2))]))
      let found = range.upperBound < 0.2 ? entry.excluded["A"] : entry.unique
      #expect(found == [range])
    }
  }

  @Test(
    "what is beside the line, another splitting's or a variant's, takes nothing away", .tags(.unit))
  func elsewhere() throws {
    let above = around(0.01...1).map {
      LimitStrip.Edge(m1: $0.m1, lower: 1.01e-8, upper: 1e-4)
    }
    let entry = try only(
      reach(0.02...0.5),
      limits(
        [
          region("A", .exclusion, above),
          region("B", .exclusion, around(0.01...1), splitting: 0.1),
          region("C", .exclusion, around(0.01...1), variant: "veto-0.3-GeV"),
        ],
        absences: [
          ExistingLimits.Absence(label: "D", splittingOverM1: 0.4, reason: .words("not computed")),
          ExistingLimits.Absence(label: "E", splittingOverM1: 0.1, reason: .words("not computed")),
        ]))
    #expect(entry.unique == [0.02...0.5])
    #expect(entry.excluded.isEmpty && entry.projected.isEmpty)
    #expect(entry.unknown == ["D"])
  }

  @Test("outside the reach nothing is sorted, and another α_D has no entry", .tags(.limit))
  func nothing() throws {
    let regions = limits([region("A", .exclusion, around(0.01...1))])
    let entry = try only(reach(), regions)
    #expect(entry.inside.isEmpty && entry.excluded.isEmpty && entry.unique.isEmpty)
    let other = ThermalUniqueness(
      reach(0.02...0.5, alphaD: 0.5), lines: try line(), limits: regions)
    #expect(other.entries.isEmpty && other.table.rows.isEmpty)
  }

  @Test(
    "the tables tell the same as the entries, one in words and one a row an interval", .tags(.unit))
  func tables() throws {
    let found = ThermalUniqueness(
      reach(0.02...0.5), lines: try line(),
      limits: limits([
        region("A", .exclusion, around(0.05...0.1)), region("P", .projection, around(0.08...0.2)),
      ]))
    let rows = found.table.rows
    #expect(rows.allSatisfy { $0[3].isEmpty }, "no variant")
    #expect(rows.map { $0[4] } == ["inside", "excluded", "projected", "unique", "unique"])
    #expect(rows.map { $0[5] } == ["", "A", "P", "", ""])
    #expect(rows[0][6] == "0.02" && rows[0][7] == "0.5")
    #expect(rows[3][7] == rows[1][6] && rows[1][7] == rows[2][6])
    let page = found.pageTable.rows
    #expect(page.count == 1)
    #expect(page.first?[2] == "0.020–0.50" && page.first?[4].hasPrefix("P: 0.10–0.2") == true)
    #expect(page.first?.last == "–")
  }

  @Test("a variant stands in for the default of its own limit, and other limits stay", .tags(.unit))
  func variants() throws {
    let found = ThermalUniqueness(
      reach(0.02...0.5), lines: try line(),
      limits: limits([
        region("A", .exclusion, around(0.05...0.1)),
        region("A", .exclusion, around(0.03...0.2), variant: "veto-0.3-GeV"),
        region("B", .exclusion, around(0.3...0.4)),
      ]))
    #expect(found.entries.map(\.variant) == [nil, "veto-0.3-GeV"])
    #expect(agree(found.entries[0].unique, [0.02...0.05, 0.1...0.3, 0.4...0.5]))
    #expect(agree(found.entries[1].unique, [0.02...0.03, 0.2...0.3, 0.4...0.5]))
    let page = found.pageTable
    #expect(page.columns[6] == "only here, veto 0.3 GeV" && page.rows.count == 1)
    #expect(page.rows[0][6].hasPrefix("0.020–0.03"))
  }

  // MARK: any regions

  /// Whether a region has a point, with logarithms taken anew and each pair of masses on its own.
  private func contains(_ region: Region, logM1 x: Double, logY: Double) -> Bool {
    region.strips.contains { strip in
      zip(strip.edges, strip.edges.dropFirst()).contains { a, b in
        let (x0, x1) = (Elementary.log(a.m1), Elementary.log(b.m1))
        guard x0 <= x, x < x1 else { return false }
        let t = (x - x0) / (x1 - x0)
        func edge(_ from: Double, _ to: Double) -> Double {
          (1 - t) * Elementary.log(from) + t * Elementary.log(to)
        }
        return edge(a.lower, b.lower) <= logY && logY <= edge(a.upper, b.upper)
      }
    }
  }

  @Test(
    "inside is excluded or projected or unique, step by step, for any regions", .tags(.property))
  func partition() throws {
    let lines = try line()
    let logY = Elementary.log(1e-8)
    var seen: Set<String> = []
    for batch in 0..<30 {
      var stream = RandomStream(seed: 1, purpose: .test, point: 2, batch: batch)
      let regions = ["A", "B", "P", "Q"].map { label in
        var m1 = 0.01 + 0.1 * stream.uniform()
        let edges = (0..<2 + Int(8 * stream.uniform())).map { _ in
          m1 *= 1 + 0.8 * stream.uniform()
          let lower = 1e-8 * Elementary.exp(6 * stream.uniform() - 4)
          return LimitStrip.Edge(
            m1: m1, lower: lower, upper: lower * Elementary.exp(6 * stream.uniform()))
        }
        return region(label, label < "C" ? .exclusion : .projection, edges)
      }
      let reach = reach(0.02...0.5)
      let found = ThermalUniqueness(reach, lines: lines, limits: limits(regions)).entries[0]
      let steps = Double(ThermalUniqueness.steps)
      let (first, last) = (Elementary.log(0.02), Elementary.log(0.5))
      for step in 0..<ThermalUniqueness.steps {
        let x = first + (last - first) * (Double(step) + 0.5) / steps
        let m1 = Elementary.exp(x)
        func names(_ kind: ConstraintKind) -> Set<String> {
          Set(
            regions.filter { $0.kind == kind && contains($0, logM1: x, logY: logY) }.map(\.label))
        }
        func names(_ found: [String: [ClosedRange<Double>]]) -> Set<String> {
          Set(found.filter { $0.value.contains { $0.contains(m1) } }.keys)
        }
        let (excluding, projecting) = (names(.exclusion), names(.projection))
        #expect(names(found.excluded) == excluding, "batch \(batch), m₁ = \(m1)")
        #expect(names(found.projected) == (excluding.isEmpty ? projecting : []))
        #expect(
          found.unique.contains { $0.contains(m1) } == (excluding.isEmpty && projecting.isEmpty))
        seen.insert("\(excluding.count)\(projecting.count)")
      }
    }
    // All nine numbers of exclusions and projections at a mass were met.
    #expect(seen.count == 9)
  }
}

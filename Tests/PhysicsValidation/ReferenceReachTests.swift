import Foundation
import Reach
import Tables
import Testing

/// A table of `Tests/Reference`.
func referenceTable(_ name: String, from file: String = #filePath) throws -> NumericTable {
  let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Reference")
  return try NumericTable(
    parsing: String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))
}

/// Ten times the events where `DUSKLINE_LONG_TESTS` is set.
let isLong = ProcessInfo.processInfo.environment["DUSKLINE_LONG_TESTS"] != nil

@Suite("Yields and contours against an independent calculation")
struct ReferenceReachTests {
  private func plan(m1: Double, splitting: Double, events: Int) -> Plan {
    Plan.paper(m1: m1, splitting: splitting, events: isLong ? 10 * events : events).with {
      $0.production.formFactor = .tsaiGeneric
      $0.target.nuclearMass = 8.39479
    }
  }

  @Test("Expected events within 1.5 %", .tags(.reference))
  func yields() async throws {
    let table = try referenceTable("yields.csv")
    #expect(table.columnNames[3] == "expected_events" && table.rows.count == 3)
    for row in table.rows {
      let found = try await plan(m1: row[0], splitting: row[1], events: 900_000)
        .with { $0.model.coupling = .y(row[2]) }.expectedEvents(threads: 2).events
      // 900 000 events: with 800 000 the error of one of the three scatters about 0.35 %, by seed.
      // 1.5 %: five times our own error, asked to be below 0.35 %; the reference's is 0.1 %.
      #expect(abs(found.value / row[3] - 1) < 0.015, "\(row): \(found)")
      #expect(found.relativeError < 0.0035)
    }
  }

  @Test("Both crossings within 3 %", .tags(.reference))
  func contours() async throws {
    let table = try referenceTable("contour.csv")
    #expect(table.columnNames[3...] == ["y_lower", "y_upper"] && table.rows.count == 4)
    for row in table.rows {
      let point = try await plan(m1: row[0], splitting: row[1], events: 200_000).with {
        $0.luminosity = .perPicobarn(row[2])
        $0.statistics.confidenceLevel = 0.950213
      }.reachCurves(threads: 2)[0].points[0]
      let (lower, upper) = (try #require(point.yLower), try #require(point.yUpper))
      // 3 %: 0.5 % of the reference, which was read off its own curve, and ours, five times.
      #expect(abs(lower.value / row[3] - 1) < 0.03, "\(row): \(lower)")
      #expect(abs(upper.value / row[4] - 1) < 0.03, "\(row): \(upper)")
    }
  }
}

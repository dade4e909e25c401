import Formats
import Integration
import Report
import Tables
import Testing

@Suite("The validation table", .tags(.unit))
struct ValidationTableTests {
  /// A row that compares a number with a reference of 100.
  private func row(
    _ value: Double, _ tolerance: ValidationRow.Tolerance, error: Double = 0,
    referenceError: Double = 0
  ) -> ValidationRow {
    ValidationRow(
      "a quantity", value: Estimate(value: value, error: error),
      expectation: .number(Estimate(value: 100, error: referenceError), tolerance),
      source: "a test")
  }

  private func table(_ rows: [ValidationRow]) -> ValidationTable {
    ValidationTable(
      chapters: [.init(title: "A chapter", introduction: "About it.", rows: rows)], seed: 1)
  }

  @Test("a difference at the edge of the tolerance agrees, one beyond it does not")
  func edges() {
    #expect(row(101, .relative(0.01)).verdict == .agrees)
    #expect(row(99, .relative(0.01)).verdict == .agrees)
    #expect(row(101.0001, .relative(0.01)).verdict == .disagrees)
    #expect(row(98.9999, .relative(0.01)).verdict == .disagrees)
    #expect(row(100.5, .absolute(0.5)).verdict == .agrees)
    #expect(row(100.5001, .absolute(0.5)).verdict == .disagrees)
    // 4 √(3² + 4²) = 20.
    #expect(row(120, .standardErrors(4), error: 3, referenceError: 4).verdict == .agrees)
    #expect(row(120.001, .standardErrors(4), error: 3, referenceError: 4).verdict == .disagrees)
  }

  @Test("an exact reference of zero is met by zero alone")
  func zero() {
    func row(_ value: Double) -> ValidationRow {
      ValidationRow(
        "closed", value: .exact(value), expectation: .number(.exact(0), .absolute(0)),
        source: "a test")
    }
    #expect(row(0).verdict == .agrees)
    #expect(row(1e-40).verdict == .disagrees)
    #expect(row(0).ratio == nil)
  }

  @Test("a range holds its ends and what its rounding allows")
  func range() {
    func row(_ value: Double) -> ValidationRow {
      ValidationRow(
        "a shift", value: .exact(value), expectation: .range(-0.18...(-0.10), .absolute(0.005)),
        source: "a test")
    }
    #expect(row(-0.18).verdict == .agrees)
    #expect(row(-0.0951).verdict == .agrees)
    #expect(row(-0.0949).verdict == .disagrees)
    #expect(row(-0.1851).verdict == .disagrees)
  }

  @Test("what is not a number disagrees, and a row without a reference informs")
  func notANumber() {
    #expect(row(.nan, .relative(1)).verdict == .disagrees)
    #expect(row(.infinity, .standardErrors(4), error: .infinity).verdict == .disagrees)
    #expect(
      ValidationRow("x", value: .exact(1), expectation: .none, source: "a test").verdict
        == .information)
  }

  @Test("a wrong reference makes the run fail and names the row")
  func disagreement() throws {
    #expect(ValidationDisagreement(in: table([row(100, .relative(0.01))])) == nil)
    let wrong = table([row(100, .relative(0.01)), row(103, .relative(0.01))])
    let error = try #require(ValidationDisagreement(in: wrong))
    #expect(error.rows.count == 1)
    #expect(error.description.contains("a quantity: 103, where 100 is expected"))
    let page = wrong.markdown(provenance: ["a test"])
    #expect(page.contains("1 agree, 1 disagree, 0 inform"))
    #expect(page.contains("**disagrees**"))
  }

  @Test("each line of a Markdown table has the same number of columns, whatever the cells hold")
  func columns() {
    var odd = row(100, .relative(0.01))
    odd.quantity = "|M|² [GeV²]"
    odd.note = "a note with a | in it"
    let lines = table([odd, row(.nan, .absolute(1)), row(100.2, .standardErrors(3), error: 0.1)])
      .markdown(provenance: ["a test"]).split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(lines.count == 5)
    for line in lines {
      let bars = line.replacing("\\|", with: "").count { $0 == "|" }
      #expect(bars == ValidationTable.columns.count + 1)
    }
  }

  @Test("the JSON holds every row, with null where there is nothing")
  func json() throws {
    let text = try table([row(100, .relative(0.01), error: 0.1)]).json(provenance: .null).text()
    for key in ["\"verdict\" : \"agrees\"", "\"reference_range\" : null", "\"note\" : null"] {
      #expect(text.contains(key))
    }
  }
}

@Suite("The reference tables", .tags(.reference))
struct ReferenceTableTests {
  @Test("each parses and says where it comes from", arguments: ReferenceTable.allCases)
  func provenance(_ table: ReferenceTable) throws {
    let parsed = try table.parsed()
    for key in ["source", "quantity", "set-up", "error", "units", "date", "licence"] {
      let text = try #require(parsed.provenance(key), "\(table) has no '# \(key):'")
      #expect(!text.isEmpty)
    }
    #expect(!parsed.rows.isEmpty)
  }
}

import Tables
import Testing

@Suite("Numeric tables") struct NumericTableTests {
  private let text = """
    # source: somewhere, Fig. 3: left
    # a line without a key
    energy_GeV, ratio

    1, 2.5
    -3e2 ,0.1
    """

  @Test("a table gives its header, names and numbers", .tags(.unit))
  func parses() throws {
    let table = try NumericTable(parsing: text)
    #expect(table.columnNames == ["energy_GeV", "ratio"])
    #expect(table.rows == [[1, 2.5], [-300, 0.1]])
    #expect(table.column("ratio") == [2.5, 0.1])
    #expect(table.column("none") == nil)
    #expect(table.provenance("source") == "somewhere, Fig. 3: left")
    #expect(table.provenance("") == "a line without a key")
    #expect(table.provenance("licence") == nil)
  }

  @Test("a table with the line ends of another system is the same table", .tags(.unit))
  func carriageReturns() throws {
    let other = text.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
    #expect(try NumericTable(parsing: other) == NumericTable(parsing: text))
  }

  @Test("a fault names its line", .tags(.unit))
  func faults() {
    #expect(throws: TableError.wrongCellCount(line: 3, found: 3, expected: 2)) {
      try NumericTable(parsing: "a,b\n1,2\n1,2,3\n")
    }
    #expect(throws: TableError.wrongCellCount(line: 5, found: 1, expected: 2)) {
      try NumericTable(parsing: "# x: y\n\na,b\n1,2\n7\n")
    }
    #expect(throws: TableError.notANumber(line: 2, text: "two")) {
      try NumericTable(parsing: "a,b\n1,two\n")
    }
    #expect(throws: TableError.notANumber(line: 4, text: "")) {
      try NumericTable(parsing: "# source: x\r\na,b\r\n1,2\r\n1,\r\n")
    }
    for number in ["nan", "inf", "-infinity", "1e999"] {
      #expect(throws: TableError.notANumber(line: 2, text: number)) {
        try NumericTable(parsing: "a\n\(number)\n")
      }
    }
    for empty in ["", "\n\n", "# only: header\n", "a,b\n"] {
      #expect(throws: TableError.empty) { try NumericTable(parsing: empty) }
    }
  }

  @Test("all faults are found, and the sound rows are kept", .tags(.unit))
  func allFaults() {
    var faults: [TableError] = []
    let table = NumericTable(
      parsing: "# source: x\na,b\n1,two\n1,2\n3\nnan,inf\n", faults: &faults)
    #expect(
      faults == [
        .notANumber(line: 3, text: "two"), .wrongCellCount(line: 5, found: 1, expected: 2),
        .notANumber(line: 6, text: "nan"), .notANumber(line: 6, text: "inf"),
      ])
    #expect(table.rows == [[1, 2]] && table.lines.rows == [4])
    #expect(table.provenance("source") == "x")
  }

  @Test("blanks and tabs before a comment, or alone on a line, change nothing", .tags(.unit))
  func blanks() throws {
    let spaced = text.replacing("# source", with: " \t# source").replacing("\n\n", with: "\n \t\n")
    #expect(try NumericTable(parsing: spaced) == NumericTable(parsing: text))
  }

  @Test("one column is one", .tags(.unit))
  func singular() {
    #expect(
      TableError.wrongCellCount(line: 2, found: 2, expected: 1).problem
        == "2 cells where 1 column is named")
  }

  @Test("a table knows on which lines its parts stand", .tags(.unit))
  func lines() throws {
    let lines = try NumericTable(parsing: text).lines
    #expect(lines.provenance == [1, 2])
    #expect(lines.columnNames == 3)
    #expect(lines.rows == [5, 6])
  }

  @Test("a misspelt word is met with the nearest one, or with all", .tags(.unit))
  func nearestWord() {
    #expect(
      NearestWord.remedy(for: "licnece", among: ["source", "licence"]) == "did you mean 'licence'?")
    #expect(NearestWord.remedy(for: "colour", among: ["y", "z"]) == "known here: y, z")
    #expect(NearestWord.distance("abcd", "abdc") == 1)
  }

  @Test("tables are equal when header, names and numbers are", .tags(.unit))
  func equality() throws {
    let table = try NumericTable(parsing: text)
    #expect(try NumericTable(parsing: text + "\n") == table)
    #expect(try NumericTable(parsing: text + "\n4,5") != table)
    #expect(
      try NumericTable(parsing: "# source: elsewhere\nenergy_GeV,ratio\n1,2.5\n-300,0.1") != table)
  }
}

import Tables
import Testing

@Suite("Comma-separated texts", .tags(.unit)) struct CommaSeparatedTextTests {
  private func cells(_ text: String) -> [[String]?] {
    CommaSeparatedText(text).map { if case .cells(let cells) = $0.content { cells } else { nil } }
  }

  @Test("cells are separated by commas, with blanks around them or without")
  func plain() {
    #expect(cells("a,b\n1, 2\t\n,\nχ,") == [["a", "b"], ["1", "2"], ["", ""], ["χ", ""]])
    #expect(cells("") == [] && cells("\n \n\t") == [])
  }

  @Test("cells in quotes hold commas, line ends, blanks and quotes")
  func quotes() {
    #expect(
      cells("\"a,b\", \" c \" ,\"\"\n\"d\r\ne\",\"\"\"f\"\"\",\"#\"")
        == [["a,b", " c ", ""], ["d\r\ne", "\"f\"", "#"]])
  }

  @Test("records know their lines, whichever way these end", arguments: ["\n", "\r\n", "\r"])
  func lines(end: String) {
    let text = ["# x: y", "", "a,b", "\"1", "2\",3", "  #z", "4,5"].joined(separator: end)
    let records = Array(CommaSeparatedText(text))
    #expect(records.map(\.line) == [1, 3, 4, 6, 7])
    #expect(records[0].content == .comment(" x: y") && records[3].content == .comment("z"))
    #expect(records[2].content == .cells(["1\(end)2", "3"]))
  }

  @Test("quotes that are misplaced or not closed are told, and other lines are read")
  func faults() {
    let records = Array(CommaSeparatedText("a\n1\"2\"\n\"1\"2\n3\n\"4\n5\n"))
    #expect(
      records.map(\.content) == [
        .cells(["a"]), .unreadable(.misplacedQuote(line: 2)),
        .unreadable(.misplacedQuote(line: 3)), .cells(["3"]),
        .unreadable(.unclosedQuote(line: 5)),
      ])
    #expect(throws: TableError.misplacedQuote(line: 2)) {
      try NumericTable(parsing: "a\n\"1\"2\n")
    }
    var faults: [TableError] = []
    let table = NumericTable(parsing: "\"a\"b\n1\n", faults: &faults)
    #expect(table.columnNames == [] && faults == [.misplacedQuote(line: 1)])
  }

  @Test("a table of numbers may have them in quotes")
  func numbers() throws {
    let table = try NumericTable(parsing: "\"a\",\"b\"\n\"1\",2\n")
    #expect(table.columnNames == ["a", "b"] && table.rows == [[1, 2]])
  }

  @Test(
    "a cell that is written is read as it was, whatever it holds", .tags(.property),
    arguments: [
      "plain", "a,b", "a,\u{301}b", "x\r\ny", "\r", "say \"a\"", "\"\u{301}", "# no remark",
      " blanks ", "\t", "é",
      "{a: [1, 2]}",
    ])
  func quoted(cell: String) {
    let line = ["1", CommaSeparatedText.quoted(cell), "2"].joined(separator: ",") + "\n"
    #expect(
      cells(line).map { $0?.map { Array($0.utf8) } } == [["1", cell, "2"].map { Array($0.utf8) }])
    if cell == "plain" || cell == "é" { #expect(CommaSeparatedText.quoted(cell) == cell) }
  }
}

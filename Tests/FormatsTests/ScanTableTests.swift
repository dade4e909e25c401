import Formats
import Foundation
import Testing

@Suite("Tables of points of a scan", .tags(.unit))
struct ScanTableTests {
  private func rows(_ table: ScanTable) -> [[String]] {
    (0..<table.rowCount).map { table.values(inRow: $0) }
  }

  private func faults(
    _ text: String, limits: TableLimits = .init()
  ) -> [String] {
    do {
      _ = try ScanTable(parsing: text, path: "x.csv", limits: limits)
      return []
    } catch {
      return error.description.split(separator: "\n").map(String.init)
    }
  }

  @Test("a CSV file gives names and values")
  func csv() throws {
    let table = try ScanTable(
      parsing: """
        # source: a scan
        model.m1_GeV,"model.y", beam.particle ,run.events
        0.10,1e-08,muon,1_000

          # a remark
        1,2.50E-7,"a ""b"", c
        d",007
        -0, .5 ,"",-12
        """.replacing(#""",-12"#, with: #"" ",-12"#), path: "x.csv")
    #expect(table.columnNames == ["model.m1_GeV", "model.y", "beam.particle", "run.events"])
    #expect(
      rows(table) == [
        ["0.1", "1e-8", "muon", "1000"], ["1", "2.5e-7", "a \"b\", c\nd", "7"],
        ["-0", "0.5", " ", "-12"],
      ])
    #expect((0..<3).map { table.line(ofRow: $0) } == [3, 6, 8])
    #expect(table.place(ofRow: 1) == "line 6" && table.columns[3].text(at: 1) == "7")
  }

  @Test("line ends of any system and a byte-order mark change nothing")
  func lineEnds() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/x.CSV"
    let expected = try ScanTable(parsing: "a,b\n1,2\n3,4\n", path: path)
    for text in ["\u{FEFF}a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4", "a,b\n1,2\n3,4"] {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try ScanTable(at: path) == expected)
    }
  }

  @Test("integers keep their digits, and numbers read back to the same double")
  func exact() throws {
    let texts = [
      "9007199254740993", "-9223372036854775808", "0.1", "1e22", "5e-324", "0x10", "true",
    ]
    for first in texts {
      for second in texts {
        let table = try ScanTable(parsing: "a\n\(first)\n\(second)\n", path: "x.csv")
        #expect(rows(table) == [[first], [second]])
      }
    }
    let table = try ScanTable(
      parsing: "a,b,c\n9007199254740993,1,x\n0.5,9007199254740993,1.50\n0.25,2.0,2\n",
      path: "x.csv")
    #expect(
      rows(table) == [
        ["9007199254740993", "1", "x"], ["0.5", "9007199254740993", "1.5"], ["0.25", "2", "2"],
      ])
  }

  @Test("all faults are told together, each with its line")
  func together() {
    #expect(
      faults("a,b\n1,\n1\n\"1\"x,2\nnan,1e999\n1,2,3\n") == [
        "x.csv:2: the row has no value in column 'b'; give one, or leave the row out",
        "x.csv:3: 1 cell where 2 columns are named; give one value a column, separated by commas",
        "x.csv:4: quotes stand inside a cell, not around it; put the whole cell in quotes and "
          + #"double those inside, as in "a ""b""""#,
        "x.csv:5: the row has 'nan' in column 'a', which is not a finite number; correct it, or "
          + "leave the row out",
        "x.csv:5: the row has '1e999' in column 'b', which is not a finite number; correct it, or "
          + "leave the row out",
        "x.csv:6: 3 cells where 2 columns are named; give one value a column, separated by commas",
      ])
    #expect(faults("a,b\n1,\"2\n3,4\n").first?.contains("x.csv:2: quotes are opened") == true)
    #expect(faults("a,\"b\"x\n1,2\n3\n").map { $0.prefix(8) } == ["x.csv:1:"])
    #expect(faults("a,a\n1\n").map { $0.prefix(8) } == ["x.csv:1:", "x.csv:2:"])
    let many = faults("a\n" + String(repeating: "1,2\n", count: 100))
    #expect(many.count == 21 && many.last?.contains("80 more such faults") == true)
  }

  @Test("columns have names, each its own, and there are rows")
  func names() {
    #expect(
      faults("# x\na,b,a\n1,2,3\n") == [
        "x.csv:2: two columns are named 'a'; leave one out, or rename it"
      ])
    #expect(faults(",a\n0,1\n").first?.contains("write the table with index=False") == true)
    #expect(faults("0.1,1e-8\n0.2,1e-8\n").first?.contains("put a line of column names") == true)
    for text in ["", "\n", "# x\n", "a,b\n"] {
      #expect(
        faults(text) == [
          "x.csv: there is no row of values; write a line of column names, then rows"
        ])
    }
  }

  @Test("a table has no more rows than it may")
  func limit() {
    var limits = TableLimits()
    limits.rows = 2
    #expect(faults("a\n1\n2\n", limits: limits) == [])
    #expect(
      faults("a\n1\n2\n3\n4\n", limits: limits) == [
        "x.csv:4: there are more than 2 rows; cut the table into several"
      ])
  }

  @Test("a Parquet file gives the same values as a CSV file")
  func parquet() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/x.parquet"
    var file = try ParquetWriter(
      at: path, columns: [.init("model.y", .double), .init("n", .int32), .init("s", .text)])
    file.append([1e-8, 0.1, 160], to: 0)
    file.append([1, -2, 3] as [Int32], to: 1)
    file.append(["muon", "a,b", "é"], to: 2)
    try file.commit()
    let csv = try ScanTable(
      parsing: "model.y,n,s\n0.00000001,1,muon\n0.1,-2,\"a,b\"\n160,3,é\n", path: "x.csv")
    let table = try ScanTable(at: path)
    #expect(table.columnNames == csv.columnNames && rows(table) == rows(csv))
    #expect(table.line(ofRow: 1) == nil && table.place(ofRow: 1) == "row 2")
  }

  @Test("missing and infinite values of a Parquet file are told by row and column")
  func parquetFaults() throws {
    let folder = try TemporaryFolder()
    let (path, _) = try ParquetReaderTests.table(folder, rows: 10)
    let error = #expect(throws: InputFileError.self) { try ScanTable(at: path) }
    let lines = error?.description.split(separator: "\n").map(String.init) ?? []
    #expect(
      lines.first
        == "\(path): row 2 has no value in column 'model.y'; give one, or leave the row out")
    #expect(lines.contains { $0.contains("row 2 has no value in column 'int64'") })
    let infinite = "\(folder.path)/y.parquet"
    var file = try ParquetWriter(at: infinite, columns: [.init("x", .double), .init("x", .double)])
    file.append([1, .infinity], to: 0)
    file.append([.nan, 1], to: 1)
    try file.commit()
    let faults = #expect(throws: InputFileError.self) { try ScanTable(at: infinite) }
    #expect(
      faults?.faults.map(\.problem) == [
        "two columns are named 'x'",
        "row 2 has 'inf' in column 'x', which is not a finite number",
        "row 1 has 'nan' in column 'x', which is not a finite number",
      ])
  }

  @Test("other endings are refused")
  func endings() {
    let error = #expect(throws: InputFileError.self) { try ScanTable(at: "x.xlsx") }
    #expect(
      error?.description
        == "x.xlsx: the name ends neither with .csv nor with .parquet; give a table in one of these "
        + "formats, and its file that ending")
  }
}

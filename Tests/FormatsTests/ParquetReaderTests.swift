import Formats
import Foundation
import Testing

@Suite("Parquet files of others", .tags(.unit))
struct ParquetReaderTests {
  /// A table by pyarrow, and its values column by column: of numbers the bits.
  static func table(
    _ folder: TemporaryFolder, rows: Int, _ options: String = "{}"
  ) throws -> (path: String, values: [String: [String?]]) {
    let path = "\(folder.path)/x.parquet"
    let result = try Python.run("write-parquet.py", "table", path, "\(rows)", options)
    try #require(result.exitCode == 0, "\(result.output)")
    let values = try JSONDecoder().decode([String: [String?]].self, from: Data(result.output.utf8))
    return (path, values)
  }

  /// The values of a column as ``table(_:rows:_:)`` gives them.
  static func values(_ column: ParquetReader.Column) -> [String?] {
    let missing = Set(column.missingRows)
    return (0..<column.values.count).map { row in
      if missing.contains(row) { return nil }
      guard case .numbers(let numbers) = column.values else { return column.values.text(at: row) }
      return String(numbers[row].bitPattern)
    }
  }

  @Test(
    "every value is that which pyarrow wrote",
    arguments: [
      (3000, "{}"), (0, "{}"), (1, "{}"), (2, "{}"),
      (100_000, #"{"row_group_size": 30000}"#),
      (20_000, #"{"row_group_size": 7000, "data_page_version": "2.0"}"#),
      (3000, #"{"compression": "none"}"#),
      (3000, #"{"compression": "none", "use_dictionary": false, "data_page_version": "2.0"}"#),
      (3000, #"{"use_dictionary": false, "data_page_size": 500, "write_batch_size": 50}"#),
      (3000, #"{"data_page_version": "2.0", "data_page_size": 500, "write_batch_size": 50}"#),
      (3000, #"{"dictionary_pagesize_limit": 2000, "write_batch_size": 100}"#),
      (3000, #"{"version": "1.0"}"#),
      (3000, #"{"row_group_size": 7, "write_page_index": true, "write_page_checksum": true}"#),
      (3000, #"{"column_encoding": {"bool": "RLE"}, "use_dictionary": false}"#),
    ])
  func readsAll(rows: Int, options: String) throws {
    let folder = try TemporaryFolder()
    let (path, expected) = try Self.table(folder, rows: rows, options)
    let file = try ParquetReader(at: path)
    #expect(file.rowCount == rows)
    #expect(Set(file.columns.map(\.name)) == Set(expected.keys))
    for column in file.columns {
      #expect(column.values.count == rows)
      #expect(Self.values(column) == expected[column.name], "column \(column.name)")
    }
  }

  @Test("our own files are read", arguments: [0, 1, 20, 1001])
  func readsOurs(rows: Int) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/x.parquet"
    try ParquetWriterTests().write(rows: rows, group: 10, block: 5, to: path)
    let file = try ParquetReader(at: path)
    #expect(file.rowCount == rows && file.columns.map(\.name) == ["x", "n", "s"])
    let all = file.columns.map(Self.values)
    #expect(all[0] == (0..<rows).map { String(ParquetWriterTests.numbers[$0 % 10].bitPattern) })
    #expect(all[1] == (0..<rows).map { String(ParquetWriterTests.integers[$0 % 10]) })
    #expect(all[2] == (0..<rows).map { ParquetWriterTests.texts[$0 % 10] })
  }

  @Test(
    "other compressions are refused by name, and how to write the file is told",
    arguments: ["gzip", "zstd", "brotli", "lz4"])
  func compressions(name: String) throws {
    let folder = try TemporaryFolder()
    let (path, _) = try Self.table(folder, rows: 10, #"{"compression": "\#(name)"}"#)
    let error = #expect(throws: InputFileError.self) { try ParquetReader(at: path) }
    #expect(
      error?.description.contains(
        "row group 1: column 'model.m1_GeV': the compression \(name.uppercased()) is not read")
        == true)
    #expect(error?.faults.first?.remedy.contains(#"compression="snappy""#) == true)
  }

  @Test("an encoding that is not read is refused by name")
  func encodings() throws {
    let folder = try TemporaryFolder()
    let (path, _) = try Self.table(
      folder, rows: 10,
      #"{"use_dictionary": false, "column_encoding": {"int64": "DELTA_BINARY_PACKED"}}"#)
    let error = #expect(throws: InputFileError.self) { try ParquetReader(at: path) }
    #expect(
      error?.description.contains("the encoding DELTA_BINARY_PACKED is not read") == true)
  }

  @Test(
    "what is neither numbers nor texts is refused by the column's name",
    arguments: [
      ("list", "lists or structures"), ("struct", "lists or structures"),
      ("timestamp", "neither numbers nor texts"), ("date", "neither numbers nor texts"),
      ("decimal", "neither numbers nor texts"), ("half", "neither numbers nor texts"),
      ("bytes", "not in UTF-8"), ("large", "larger than"),
    ])
  func kinds(kind: String, reason: String) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/x.parquet"
    let result = try Python.run("write-parquet.py", "column", path, kind)
    try #require(result.exitCode == 0, "\(result.output)")
    let error = #expect(throws: InputFileError.self) { try ParquetReader(at: path) }
    #expect(error?.description.contains("column 'strange'") == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test("what is no Parquet file, and one without its end, are told apart")
  func otherFiles() throws {
    func problem(_ bytes: [UInt8]) -> String? {
      let error = #expect(throws: InputFileError.self) { try ParquetReader(bytes, path: "x") }
      return error?.faults.first?.problem
    }
    #expect(problem([])?.contains("not a Parquet file") == true)
    #expect(problem(Array("m1_GeV,y\n".utf8))?.contains("not a Parquet file") == true)
    #expect(problem(Array("PAR1".utf8))?.contains("end is missing") == true)
    #expect(problem(Array("PAR1\u{FF}\u{0}\u{0}\u{0}PAR1".utf8))?.contains("footer") == true)
    #expect(problem(Array("PAR1....PARE".utf8)) == "the file is encrypted")
    let missing = #expect(throws: InputFileError.self) { try ParquetReader(at: "/none/x.parquet") }
    #expect(missing?.description == "/none/x.parquet: there is no such file; check the path")
  }

  @Test("a table has no more rows and cells than it may")
  func limits() throws {
    let folder = try TemporaryFolder()
    let (path, _) = try Self.table(folder, rows: 20)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var limits = TableLimits()
    limits.rows = 19
    let rows = #expect(throws: InputFileError.self) {
      try ParquetReader(bytes, path: path, limits: limits)
    }
    #expect(rows?.description.contains("20 rows, more than 19") == true)
    limits = .init()
    limits.cells = 299
    let cells = #expect(throws: InputFileError.self) {
      try ParquetReader(bytes, path: path, limits: limits)
    }
    #expect(cells?.description.contains("more than 299 cells") == true)
  }
}

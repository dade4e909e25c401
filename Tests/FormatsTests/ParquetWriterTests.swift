import Formats
import Foundation
import Testing

@Suite("Parquet", .tags(.unit))
struct ParquetWriterTests {
  /// What pyarrow reads from a file.
  struct Table: Decodable {
    var rows: Int
    var groups: [Int]
    var types: [String: String]
    var metadata: [String: String]
    var columns: Columns

    struct Columns: Decodable {
      /// The bits of a double in decimal.
      var x: [String]
      var n: [Int]
      var s: [String]
    }
  }

  static let numbers: [Double] = [
    0, -0.0, 1, -1.5, 0.1, .pi, 1e-308, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -1e300,
  ]
  static let integers: [Int32] = [0, -1, 11, 13, .min, .max, 7, 8, 9, 10]
  static let texts = ["", "a", "χ₂ → χ₁ℓ⁺ℓ⁻", "a,b\n\"c\"", "\0", "x", "y", "z", "0", "1"]

  func write(
    rows: Int, group: Int, block: Int, to path: String
  ) throws {
    var file = try ParquetWriter(
      at: path, columns: [.init("x", .double), .init("n", .int32), .init("s", .text)],
      metadata: [("card", "duskline: 1\nτ: \"é\"\n"), ("empty", "")], rowsPerGroup: group)
    for start in stride(from: 0, to: rows, by: block) {
      let part = start..<min(start + block, rows)
      file.append(part.map { Self.numbers[$0 % 10] }, to: 0)
      file.append(part.map { Self.integers[$0 % 10] }, to: 1)
      file.append(part.map { Self.texts[$0 % 10] }, to: 2)
      try file.endRows()
    }
    try file.commit()
  }

  @Test(
    "another program reads what was written: empty, one row, and around the border of a group",
    arguments: [0, 1, 2, 9, 10, 11, 19, 20, 21, 100, 3001])
  func readBack(rows: Int) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/x.parquet"
    try write(rows: rows, group: 10, block: 5, to: path)
    let result = try Python.run("read-parquet.py", "describe", path)
    try #require(result.exitCode == 0, "\(result.output)")
    let table = try JSONDecoder().decode(Table.self, from: Data(result.output.utf8))
    #expect(table.rows == rows)
    let rest = rows % 10
    #expect(
      table.groups == [Int](repeating: 10, count: rows / 10) + (rest > 0 ? [rest] : []))
    #expect(table.types == ["x": "double", "n": "int32", "s": "string"])
    #expect(table.metadata["card"] == "duskline: 1\nτ: \"é\"\n")
    #expect(table.metadata["empty"] == "")
    #expect(
      table.columns.x == (0..<rows).map { String(Self.numbers[$0 % 10].bitPattern) })
    #expect(table.columns.n == (0..<rows).map { Int(Self.integers[$0 % 10]) })
    #expect(table.columns.s == (0..<rows).map { Self.texts[$0 % 10] })
  }

  @Test("a group may be exceeded by a block, no more")
  func longBlock() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/x.parquet"
    try write(rows: 20, group: 5, block: 7, to: path)
    let result = try Python.run("read-parquet.py", "describe", path)
    let table = try JSONDecoder().decode(Table.self, from: Data(result.output.utf8))
    #expect(table.groups == [7, 7, 6])
  }

  @Test("a file that is given up leaves nothing, and errors name the file")
  func errors() throws {
    let folder = try TemporaryFolder()
    do {
      var file = try ParquetWriter(
        at: "\(folder.path)/x.parquet", columns: [.init("x", .double)], rowsPerGroup: 1)
      file.append([1.0, 2], to: 0)
      try file.endRows()
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    let missing = #expect(throws: FileError.self) {
      try write(rows: 1, group: 1, block: 1, to: "\(folder.path)/none/x.parquet")
    }
    #expect(missing?.remedy == "make the folder first, or give another path")
  }

  @Test(
    "a full disk is an error", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() {
    let error = #expect(throws: FileError.self) {
      try write(rows: 100, group: 10, block: 10, to: "/dev/full")
    }
    #expect(error?.remedy.contains("room") == true)
  }
}

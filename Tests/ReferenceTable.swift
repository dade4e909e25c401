import Foundation
import Tables

/// The table `Tests/Reference/<name>.csv`, found beside the test that asks for it.
func referenceTable(_ name: String, from file: String = #filePath) throws -> NumericTable {
  let tests = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
  let path = tests.appendingPathComponent("Reference/\(name).csv")
  return try NumericTable(parsing: String(contentsOf: path, encoding: .utf8))
}

/// A reference table without a column that a test needs.
struct MissingColumn: Error { let name: String }

extension NumericTable {
  /// The column of that name.
  func required(_ name: String) throws -> [Double] {
    guard let column = column(name) else { throw MissingColumn(name: name) }
    return column
  }
}

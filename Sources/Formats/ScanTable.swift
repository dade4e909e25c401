import Constraints
import Tables

/// Points of a scan from a CSV or a Parquet file: a column for each key of the card that they set, a row for each point.
///
///     let table = try ScanTable(at: "points.parquet")
///     table.columnNames          // ["model.m1_GeV", "model.y"]
///     table.values(inRow: 0)     // ["0.1", "1e-8"]
///
/// A CSV file has a line of column names before its rows, cells in quotes where they hold commas, and comment lines that
/// begin with `#`. What reads as a number there is one: a table gives the same values in either format.
public struct ScanTable: Sendable, Hashable {
  /// The names of the columns, such as `model.m1_GeV`; they differ from each other.
  public let columnNames: [String]
  /// How many rows there are: one at least.
  public let rowCount: Int
  /// The values, column by column.
  public let columns: [ColumnValues]
  /// The line of each row of a CSV file.
  private let lines: [UInt32]

  /// Reads a file, by the ending of its name: `.csv` or `.parquet`.
  ///
  /// - Throws: ``InputFileError`` with the faults, of many the first twenty.
  public init(at path: String) throws(InputFileError) {
    let name = path.lowercased()
    if name.hasSuffix(".parquet") {
      try self.init(ParquetReader(at: path), path: path)
    } else if name.hasSuffix(".csv") {
      let text: String
      do {
        text = try TextFile.read(
          path, largestSize: TableLimits.fileSize, subject: "a table of points",
          ifMissing: "check the path")
      } catch { throw InputFileError(path, error) }
      try self.init(parsing: text, path: path)
    } else {
      throw InputFileError(
        path,
        [
          CurveFault(
            line: nil, "the name ends neither with .csv nor with .parquet",
            mend: "give a table in one of these formats, and its file that ending")
        ])
    }
  }

  /// The points in the text of a CSV file.
  package init(
    parsing text: String, path: String, limits: TableLimits = .init()
  ) throws(InputFileError) {
    var faults = TableFaults()
    var rows = CommaSeparatedColumns()
    rows.read(text, limits: limits, &faults)
    if faults.isEmpty, rows.lines.isEmpty {
      faults.append(
        line: nil, "there is no row of values", mend: "write a line of column names, then rows")
    }
    try faults.throwAny(path)
    columnNames = rows.names
    rowCount = rows.lines.count
    columns = rows.columns.map(\.values)
    lines = rows.lines
  }

  /// The points in a Parquet file.
  package init(_ file: ParquetReader, path: String) throws(InputFileError) {
    var faults = TableFaults()
    faults.check(names: file.columns.map(\.name), line: nil)
    if file.rowCount == 0 {
      faults.append(line: nil, "there are no rows", mend: "write a table with rows")
    }
    for column in file.columns {
      for row in column.missingRows { faults.emptyCell(.row(row), column.name) }
      guard case .numbers(let numbers) = column.values else { continue }
      for (row, number) in numbers.enumerated() where !number.isFinite {
        faults.notFinite("\(number)", .row(row), column.name)
      }
    }
    try faults.throwAny(path)
    columnNames = file.columns.map(\.name)
    rowCount = file.rowCount
    columns = file.columns.map(\.values)
    lines = []
  }

  /// The values of a row, one a column.
  public func values(inRow row: Int) -> [String] { columns.map { $0.text(at: row) } }

  /// The line on which a row of a CSV file begins, from 1; `nil` in a Parquet file.
  public func line(ofRow row: Int) -> Int? { lines.isEmpty ? nil : Int(lines[row]) }

  /// Where a row stands, for messages: `line 12` of a CSV file, `row 11` of a Parquet file, both counted from 1.
  public func place(ofRow row: Int) -> String {
    line(ofRow: row).map { "line \($0)" } ?? "row \(row + 1)"
  }
}

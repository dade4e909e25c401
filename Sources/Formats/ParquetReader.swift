import Constraints

/// A flat table from an Apache Parquet file, as pandas, pyarrow and polars write them.
///
/// Columns hold truth values, integers, numbers or texts in UTF-8; pages are of either version, their values plain or by a
/// dictionary, without compression or by Snappy. All else is refused by name. Every length is checked against what there
/// is: a damaged file gives an error.
///
/// Source: the Apache Parquet format, version 2.10 (README.md, Encodings.md and parquet.thrift of its repository).
public struct ParquetReader: Sendable, Hashable {
  /// A column: its name and its values.
  public struct Column: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The values, one a row.
    public let values: ColumnValues
    /// The rows, from 0, that have no value; ``values`` has 0, `false` or an empty text there.
    public let missingRows: [Int]
  }

  /// How many rows there are.
  public let rowCount: Int
  /// The columns.
  public let columns: [Column]

  /// Reads a file.
  ///
  /// - Throws: ``InputFileError`` with the first fault.
  public init(at path: String) throws(InputFileError) {
    let bytes: [UInt8]
    do {
      bytes = try TextFile.bytes(
        of: path, largestSize: TableLimits.fileSize, subject: "a table of points",
        ifMissing: "check the path")
    } catch { throw InputFileError(path, error) }
    try self.init(bytes, path: path)
  }

  /// Reads the bytes of a file.
  package init(
    _ bytes: [UInt8], path: String, limits: TableLimits = TableLimits()
  ) throws(InputFileError) {
    do {
      try self.init(bytes, limits)
    } catch {
      throw InputFileError(path, [CurveFault(line: nil, error.problem, mend: error.remedy)])
    }
  }

  private init(_ file: [UInt8], _ limits: TableLimits) throws(ParquetFault) {
    let metadata = try ParquetMetadata(file, limits: limits)
    var columns: [Column] = []
    for (index, column) in metadata.columns.enumerated() {
      var decoder = ParquetColumnDecoder(column)
      for (number, group) in metadata.groups.enumerated() {
        do {
          try decoder.decode(group.chunks[index], of: file, rowCount: group.rowCount)
        } catch { throw error.at("row group \(number + 1), column '\(column.name)'") }
      }
      columns.append(
        Column(
          name: column.name, values: decoder.columnValues(), missingRows: decoder.missingRows))
    }
    self.columns = columns
    rowCount = metadata.rowCount
  }
}

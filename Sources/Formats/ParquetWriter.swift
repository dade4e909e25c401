/// A table as an Apache Parquet file: columns without nulls, one uncompressed page of plain values for each column of a
/// group of rows, and texts about the whole in the footer.
///
/// Rows wait in memory until a group is full, and a file of any length needs no more than that. It appears whole or not at
/// all, as any ``OutputFile``.
///
///     var file = try ParquetWriter(
///       at: "out.parquet", columns: [.init("m1_GeV", .double)], metadata: [("seed", "1")])
///     file.append([0.1, 0.3], to: 0)
///     try file.endRows()
///     try file.commit()
///
/// Source: the Apache Parquet format, version 2.10 (README.md, Encodings.md and parquet.thrift of its repository).
public struct ParquetWriter: ~Copyable {
  /// A column: its name and what it holds.
  public struct Column: Sendable, Hashable {
    /// What a column holds.
    public enum Kind: Sendable, Hashable {
      /// Doubles.
      case double
      /// 32-bit integers.
      case int32
      /// Texts in UTF-8.
      case text
    }

    /// The name.
    public var name: String
    /// What it holds.
    public var kind: Kind

    /// A column of that name and kind.
    public init(_ name: String, _ kind: Kind) {
      self.name = name
      self.kind = kind
    }
  }

  /// Where a column of a group lies in the file.
  private struct Chunk {
    var offset: Int
    var size: Int
  }

  private struct Group {
    var rows: Int
    var chunks: [Chunk]
  }

  private var file: OutputFile
  private let columns: [Column]
  /// Texts about the whole file, which go to its end.
  public var metadata: [(key: String, value: String)]
  private let rowsPerGroup: Int
  /// The waiting values of each column, and how many rows each has.
  private var waiting: [[UInt8]]
  private var waitingRows: [Int]
  private var groups: [Group] = []
  private var offset = 0

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - metadata: texts about the whole file.
  ///   - rowsPerGroup: a group is written once it has so many rows.
  public init(
    at path: String, columns: [Column], metadata: [(key: String, value: String)] = [],
    rowsPerGroup: Int = 1 << 16
  ) throws(FileError) {
    precondition(!columns.isEmpty, "a table needs a column")
    precondition(rowsPerGroup >= 1, "a group needs a row")
    var file = try OutputFile(at: path)
    try file.write(Self.magic)
    self.file = file
    self.columns = columns
    self.metadata = metadata
    self.rowsPerGroup = rowsPerGroup
    waiting = columns.map { _ in [] }
    waitingRows = columns.map { _ in 0 }
    offset = Self.magic.utf8.count
  }

  private static let magic = "PAR1"

  /// Appends doubles to a column.
  public mutating func append(_ values: UnsafeBufferPointer<Double>, to column: Int) {
    precondition(columns[column].kind == .double, "column \(columns[column].name) is no double")
    append(bytes: UnsafeRawBufferPointer(values), rows: values.count, to: column)
  }

  /// Appends doubles to a column.
  public mutating func append(_ values: [Double], to column: Int) {
    values.withUnsafeBufferPointer { append($0, to: column) }
  }

  /// Appends integers to a column.
  public mutating func append(_ values: [Int32], to column: Int) {
    precondition(columns[column].kind == .int32, "column \(columns[column].name) is no integer")
    values.withUnsafeBytes { append(bytes: $0, rows: values.count, to: column) }
  }

  /// Appends texts to a column.
  public mutating func append(_ texts: [String], to column: Int) {
    precondition(columns[column].kind == .text, "column \(columns[column].name) is no text")
    for text in texts {
      withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) {
        waiting[column].append(contentsOf: $0)
      }
      waiting[column].append(contentsOf: text.utf8)
    }
    waitingRows[column] += texts.count
  }

  private mutating func append(bytes: UnsafeRawBufferPointer, rows: Int, to column: Int) {
    #if _endian(big)
      #error("Parquet is little-endian; values have to be swapped here")
    #endif
    waiting[column].append(contentsOf: bytes)
    waitingRows[column] += rows
  }

  /// Says that all columns have their values of the rows so far, and writes a group if it is full.
  public mutating func endRows() throws(FileError) {
    precondition(
      waitingRows.allSatisfy { $0 == waitingRows[0] }, "columns of different lengths")
    if waitingRows[0] >= rowsPerGroup { try writeGroup() }
  }

  /// Writes what is left and the footer, and gives the file its name.
  public consuming func commit() throws(FileError) {
    try endRows()
    if waitingRows[0] > 0 { try writeGroup() }
    var end = footer()
    let length = UInt32(end.count)
    end += (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    end += Self.magic.utf8
    try file.write(end)
    try file.commit()
  }

  private mutating func write(_ bytes: [UInt8]) throws(FileError) {
    try file.write(bytes)
    offset += bytes.count
  }

  private mutating func writeGroup() throws(FileError) {
    var group = Group(rows: waitingRows[0], chunks: [])
    for c in columns.indices {
      let header = Self.pageHeader(rows: group.rows, size: waiting[c].count)
      group.chunks.append(Chunk(offset: offset, size: header.count + waiting[c].count))
      try write(header)
      try write(waiting[c])
      waiting[c].removeAll(keepingCapacity: true)
      waitingRows[c] = 0
    }
    groups.append(group)
  }

  // MARK: Metadata: field numbers of parquet.thrift

  private static func pageHeader(rows: Int, size: Int) -> [UInt8] {
    let bytes = Int32(clamping: size)
    precondition(Int(bytes) == size, "a page has less than 2 GB")
    var header = ThriftCompact()
    header.field(1, Int32(0))  // a page of data
    header.field(2, bytes)
    header.field(3, bytes)
    header.field(5) { page in
      page.field(1, Int32(rows))
      page.field(2, Int32(0))  // plain values
      page.field(3, Int32(3))  // levels, of which there are none, run-length encoded
      page.field(4, Int32(3))
    }
    header.end()
    return header.bytes
  }

  private func footer() -> [UInt8] {
    let (columns, rows) = (columns, groups.reduce(0) { $0 + $1.rows })
    var footer = ThriftCompact()
    footer.field(1, Int32(1))
    // The schema is a tree in depth-first order: its root, then the columns.
    footer.field(2, each: [Column?.none] + columns.map(Optional.some)) { element, column in
      guard let column else {
        element.field(4, "schema")
        element.field(5, Int32(columns.count))
        return
      }
      element.field(1, column.kind.number)
      element.field(3, Int32(0))  // required
      element.field(4, column.name)
      if column.kind == .text { element.field(6, Int32(0)) }  // UTF-8
    }
    footer.field(3, Int64(rows))
    footer.field(4, each: groups) { structure, group in
      structure.field(1, each: Array(zip(columns, group.chunks))) { chunk, item in
        chunk.field(2, Int64(item.1.offset))
        chunk.field(3) { Self.describe(item.0, item.1, rows: group.rows, &$0) }
      }
      structure.field(2, Int64(group.chunks.reduce(0) { $0 + $1.size }))
      structure.field(3, Int64(group.rows))
    }
    footer.field(5, each: metadata) { pair, item in
      pair.field(1, item.key)
      pair.field(2, item.value)
    }
    footer.field(6, "duskline version \(Provenance.programVersion)")
    footer.end()
    return footer.bytes
  }

  private static func describe(
    _ column: Column, _ chunk: Chunk, rows: Int, _ structure: inout ThriftCompact
  ) {
    structure.field(1, column.kind.number)
    structure.field(2, list: [Int32(0)])  // plain
    structure.field(3, list: [column.name])
    structure.field(4, Int32(0))  // uncompressed
    structure.field(5, Int64(rows))
    structure.field(6, Int64(chunk.size))
    structure.field(7, Int64(chunk.size))
    structure.field(9, Int64(chunk.offset))
  }
}

extension ParquetWriter.Column.Kind {
  /// The number of the physical type.
  fileprivate var number: Int32 {
    switch self {
    case .int32: 1
    case .double: 5
    case .text: 6
    }
  }
}

/// What the footer of a Parquet file says: its columns, and where the values of each lie.
///
/// Source: the Apache Parquet format, version 2.10, parquet.thrift, from which the field numbers are.
struct ParquetMetadata {
  /// A column.
  struct Column {
    /// How a value is stored.
    enum Kind: Hashable {
      case boolean, int32, int64, float, double, text
    }

    var name: String
    var kind: Kind
    /// Whether integers have no sign.
    var isUnsigned = false
    /// Whether values may be missing.
    var isOptional: Bool
  }

  /// Where the values of a column in a group of rows lie.
  struct Chunk {
    var codec: ParquetCodec
    var range: Range<Int>
  }

  struct Group {
    var rowCount: Int
    /// One for each column.
    var chunks: [Chunk]
  }

  private(set) var columns: [Column] = []
  private(set) var groups: [Group] = []
  let rowCount: Int

  /// Reads the footer of a file.
  init(_ file: [UInt8], limits: TableLimits) throws(ParquetFault) {
    let end = try Self.footer(of: file)
    var reader = ByteReader(file[end])
    let footer: Fields
    do {
      footer = Fields(structure: try reader.structure())
      rowCount = try footer.natural(3, "the number of rows")
    } catch { throw error.at("the footer") }
    guard footer.structure[8] == nil else { throw Self.encrypted }
    columns = try Self.columns(try footer.structures(2, "the columns"))
    guard rowCount <= limits.rows else {
      throw ParquetFault(
        "there are \(rowCount) rows, more than \(limits.rows)", mend: "cut the table into several")
    }
    guard rowCount <= limits.cells / columns.count else {
      throw ParquetFault(
        "\(rowCount) rows of \(columns.count) columns are more than \(limits.cells) cells",
        mend: "leave out columns, or cut the table into several")
    }
    for (index, group) in try footer.structures(4, "the groups of rows").enumerated() {
      do {
        groups.append(try Self.group(group, columns, endOfPages: end.lowerBound))
      } catch { throw error.at("row group \(index + 1)") }
    }
    var (rows, size) = (0, 0)
    for group in groups {
      rows += group.rowCount
      for chunk in group.chunks { size += chunk.range.count }
    }
    guard rows == rowCount else {
      throw .damaged("the groups have \(rows) rows, and the file has \(rowCount)")
    }
    guard size <= file.count else { throw .damaged("columns overlap in the file") }
  }

  private static let encrypted = ParquetFault(
    "the file is encrypted", mend: "write it without encryption")

  /// Where the footer lies: before its length and the magic at the end.
  private static func footer(of file: [UInt8]) throws(ParquetFault) -> Range<Int> {
    let magic = Array("PAR1".utf8)
    if file.suffix(4) == Array("PARE".utf8)[...] { throw encrypted }
    guard file.starts(with: magic) else {
      throw ParquetFault(
        "this is not a Parquet file (it does not begin with PAR1)",
        mend: "give a Parquet file, or name it .csv if it is a comma-separated text")
    }
    guard file.count >= 12, file.suffix(4) == magic[...] else {
      throw .damaged("the end is missing (PAR1 should be the last bytes)")
    }
    var end = ByteReader(file[(file.count - 8)...])
    let length = Int(try end.littleEndian(UInt32.self))
    guard length <= file.count - 12 else {
      throw .damaged("the footer (\(length) bytes) is longer than the file")
    }
    return file.count - 8 - length..<file.count - 8
  }

  // MARK: Columns

  /// The schema is a tree in depth-first order: its root, then the columns, if none is itself a tree.
  private static func columns(_ elements: [Fields]) throws(ParquetFault) -> [Column] {
    guard let root = elements.first else { throw .damaged("the file has no schema") }
    guard elements.count > 1 else {
      throw ParquetFault("the table has no columns", mend: "write a table with columns")
    }
    var columns: [Column] = []
    for element in elements.dropFirst() {
      let name = try element.text(4, "the name of column \(columns.count + 1)")
      do {
        columns.append(try column(name, element))
      } catch { throw error.at("column '\(name)'") }
    }
    guard try root.natural(5, "the number of columns") == columns.count else {
      throw .damaged("the schema has another number of columns than it says")
    }
    return columns
  }

  private static func column(_ name: String, _ element: Fields) throws(ParquetFault) -> Column {
    let repetition = try element.natural(3, "the kind of repetition", orElse: 0)
    guard try element.natural(5, "the number of parts", orElse: 0) == 0, repetition < 2 else {
      throw ParquetFault(
        "it holds lists or structures, not one value a row",
        mend: "leave it out, or make a column of each part")
    }
    let kind = try element.natural(1, "the type")
    let meaning = try Meaning(element)
    if meaning == .other {
      throw ParquetFault(
        "it holds neither numbers nor texts (but times, decimals or other things)",
        mend: "leave it out, or convert it to float64")
    }
    var column = Column(name: name, kind: .text, isOptional: repetition == 1)
    column.isUnsigned = meaning == .unsigned
    switch kind {
    case 0: column.kind = .boolean
    case 1: column.kind = .int32
    case 2: column.kind = .int64
    case 4: column.kind = .float
    case 5: column.kind = .double
    case 6: column.kind = .text
    default:
      let names = [3: "INT96", 7: "FIXED_LEN_BYTE_ARRAY"]
      throw ParquetFault(
        "values of type \(names[kind] ?? "number \(kind)") are not read",
        mend: "leave it out, or convert it to float64")
    }
    return column
  }

  /// What a physical type stands for.
  private enum Meaning {
    case itself, unsigned, other

    init(_ element: Fields) throws(ParquetFault) {
      guard let logical = try element.structure(10, "the logical type") else {
        switch try element.natural(6, "the converted type", orElse: 0) {
        case 0, 4, 15...19: self = .itself  // UTF8, ENUM, INT_8 … INT_64, JSON
        case 11...14: self = .unsigned
        default: self = .other
        }
        return
      }
      switch logical.structure.fields.first?.number {
      case 1, 4, 11, 12: self = .itself  // STRING, ENUM, UNKNOWN (all values are missing), JSON
      case 10:
        let integer = try logical.structure(10, "the integer type")
        let isSigned = integer?.structure[2].map {
          if case .boolean(false) = $0 { false } else { true }
        }
        self = isSigned == false ? .unsigned : .itself
      default: self = .other
      }
    }
  }

  // MARK: Groups

  private static func group(
    _ group: Fields, _ columns: [Column], endOfPages: Int
  ) throws(ParquetFault) -> Group {
    let rowCount = try group.natural(3, "the number of rows")
    let chunks = try group.structures(1, "its columns")
    guard chunks.count == columns.count else {
      throw .damaged("it has \(chunks.count) columns where the schema has \(columns.count)")
    }
    var found = Group(rowCount: rowCount, chunks: [])
    for (column, chunk) in zip(columns, chunks) {
      do {
        found.chunks.append(
          try Self.chunk(chunk, column, rowCount: rowCount, endOfPages: endOfPages))
      } catch { throw error.at("column '\(column.name)'") }
    }
    return found
  }

  private static func chunk(
    _ chunk: Fields, _ column: Column, rowCount: Int, endOfPages: Int
  ) throws(ParquetFault) -> Chunk {
    if chunk.structure[1] != nil {
      throw ParquetFault("its values are in another file", mend: "write one file")
    }
    guard let facts = try chunk.structure(3, "the metadata") else {
      throw chunk.structure[8] == nil ? .damaged("the metadata are missing") : encrypted
    }
    guard try facts.texts(3, "the path") == [column.name] else {
      throw .damaged("its place is taken by another column")
    }
    guard try facts.natural(5, "the number of values") == rowCount else {
      throw .damaged("it has another number of values than its group has rows")
    }
    let data = try facts.natural(9, "the place of its data")
    let dictionary = try facts.natural(11, "the place of its dictionary", orElse: 0)
    let start = dictionary > 0 ? min(dictionary, data) : data
    let size = try facts.natural(7, "the size")
    guard rowCount == 0 || start >= 4, start <= endOfPages, size <= endOfPages - start else {
      throw .damaged("its values lie outside the file")
    }
    return Chunk(
      codec: try ParquetCodec(number: facts.natural(4, "the compression")),
      range: start..<start + size)
  }
}

extension ParquetMetadata {
  /// The fields of a structure, each of the kind that is asked for.
  struct Fields {
    let structure: ThriftValue.Structure

    private static func missing(_ subject: String) -> ParquetFault {
      .damaged("\(subject) is missing or of the wrong kind")
    }

    /// An integer from 0 to 2⁴⁸, which no sum of a few can bring to overflow.
    func natural(
      _ number: Int, _ subject: String, orElse absent: Int? = nil
    ) throws(ParquetFault) -> Int {
      guard let value = structure[number] else {
        guard let absent else { throw Self.missing(subject) }
        return absent
      }
      guard case .integer(let integer) = value else { throw Self.missing(subject) }
      guard (0...1 << 48).contains(integer) else {
        throw .damaged("\(subject) is \(integer), which cannot be")
      }
      return Int(integer)
    }

    func boolean(_ number: Int, orElse absent: Bool) -> Bool {
      if case .boolean(let value) = structure[number] { value } else { absent }
    }

    func text(_ number: Int, _ subject: String) throws(ParquetFault) -> String {
      guard case .bytes(let bytes) = structure[number],
        let text = String(validating: bytes, as: UTF8.self)
      else { throw Self.missing(subject) }
      return text
    }

    func texts(_ number: Int, _ subject: String) throws(ParquetFault) -> [String] {
      guard case .list(let list) = structure[number] else { throw Self.missing(subject) }
      return list.map {
        if case .bytes(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { "" }
      }
    }

    /// A structure, or `nil` where there is none.
    func structure(_ number: Int, _ subject: String) throws(ParquetFault) -> Fields? {
      guard let value = structure[number] else { return nil }
      guard case .structure(let found) = value else { throw Self.missing(subject) }
      return Fields(structure: found)
    }

    func structures(_ number: Int, _ subject: String) throws(ParquetFault) -> [Fields] {
      guard case .list(let list) = structure[number] else { throw Self.missing(subject) }
      var found: [Fields] = []
      for value in list {
        guard case .structure(let fields) = value else { throw Self.missing(subject) }
        found.append(Fields(structure: fields))
      }
      return found
    }
  }
}

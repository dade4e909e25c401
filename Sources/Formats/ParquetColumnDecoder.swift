/// Decodes the pages of one column, group of rows by group of rows.
///
/// Source: the Apache Parquet format, version 2.10, Encodings.md and parquet.thrift, from which the numbers are.
struct ParquetColumnDecoder {
  private typealias Fields = ParquetMetadata.Fields

  /// Values of one kind: those of a page, a dictionary or a column.
  struct Values {
    var booleans: [Bool] = []
    var integers: [Int64] = []
    var numbers: [Double] = []
    /// Texts by their numbers in the column's list.
    var texts: [UInt32] = []
  }

  private let column: ParquetMetadata.Column
  private var found = Values()
  private var texts = RepeatedTexts()
  private var dictionary: Values?
  /// How many rows have been read.
  private var count = 0
  /// The rows that have no value.
  private(set) var missingRows: [Int] = []

  init(_ column: ParquetMetadata.Column) { self.column = column }

  /// What has been read.
  consuming func columnValues() -> ColumnValues {
    switch column.kind {
    case .boolean: return .booleans(found.booleans)
    case .int32, .int64: return .integers(found.integers)
    case .float, .double: return .numbers(found.numbers)
    case .text:
      var texts = texts
      texts.append(numbers: found.texts)
      return .texts(texts)
    }
  }

  /// Reads the values of a group of rows.
  mutating func decode(
    _ chunk: ParquetMetadata.Chunk, of file: [UInt8], rowCount: Int
  ) throws(ParquetFault) {
    dictionary = nil
    var reader = ByteReader(file[chunk.range])
    let end = count + rowCount
    while count < end {
      let start = reader.position
      do {
        try decodePage(&reader, chunk.codec, most: end - count)
      } catch { throw error.at("page at byte \(start)") }
    }
  }

  private mutating func decodePage(
    _ reader: inout ByteReader, _ codec: ParquetCodec, most: Int
  ) throws(ParquetFault) {
    let header = Fields(structure: try reader.structure())
    let size = try header.natural(2, "the size")
    let page = try reader.take(header.natural(3, "the compressed size"))
    switch try header.natural(1, "the kind") {
    case 0:
      guard let facts = try header.structure(5, "the header of the data") else { break }
      return try decodeFirstVersion(codec.decompress(page, size: size), facts, most: most)
    case 1: return  // an index, which is not needed
    case 2:
      guard let facts = try header.structure(7, "the header of the dictionary") else { break }
      return try decodeDictionary(codec.decompress(page, size: size), facts)
    case 3:
      guard let facts = try header.structure(8, "the header of the data") else { break }
      return try decodeSecondVersion(page, size: size, codec, facts, most: most)
    default: break
    }
    throw .damaged("the page is of no known kind")
  }

  // MARK: Pages

  private mutating func decodeDictionary(
    _ page: ArraySlice<UInt8>, _ facts: Fields
  ) throws(ParquetFault) {
    let encoding = try facts.natural(2, "the encoding")
    guard dictionary == nil, encoding == 0 || encoding == 2 else {
      throw .damaged("the dictionary is a second one, or not of plain values")
    }
    var reader = ByteReader(page)
    dictionary = try plain(&reader, count: try facts.natural(1, "the number of values"))
  }

  /// Levels and values are compressed together.
  private mutating func decodeFirstVersion(
    _ page: ArraySlice<UInt8>, _ facts: Fields, most: Int
  ) throws(ParquetFault) {
    var reader = ByteReader(page)
    let count = try valueCount(facts, most: most)
    var levels: [UInt32]?
    if column.isOptional {
      guard try facts.natural(3, "the encoding of levels") == 3 else {
        throw ParquetFault(
          "whether values are missing is encoded in an outdated way",
          mend: "write the file with a newer program")
      }
      let length = Int(try reader.littleEndian(UInt32.self))
      levels = try self.levels(try reader.take(length), count: count)
    }
    try decodeValues(&reader, try facts.natural(2, "the encoding"), count: count, levels)
  }

  /// Levels stand before the compressed values, and their lengths in the header.
  private mutating func decodeSecondVersion(
    _ page: ArraySlice<UInt8>, size: Int, _ codec: ParquetCodec, _ facts: Fields, most: Int
  ) throws(ParquetFault) {
    var reader = ByteReader(page)
    let count = try valueCount(facts, most: most)
    let lengths = (
      definition: try facts.natural(5, "the length of levels"),
      repetition: try facts.natural(6, "the length of levels")
    )
    guard lengths.repetition == 0, column.isOptional || lengths.definition == 0 else {
      throw .damaged("the page has levels of a nested column")
    }
    guard lengths.definition <= size else { throw .damaged("levels are longer than their page") }
    let encoded = try reader.take(lengths.definition)
    let levels = column.isOptional ? try self.levels(encoded, count: count) : nil
    let missing = levels.map { $0.count { $0 == 0 } } ?? 0
    guard try facts.natural(2, "the number of missing values") == missing else {
      throw .damaged("the page has another number of missing values than it says")
    }
    let left = size - lengths.definition
    // Of no values some writers compress nothing at all.
    let isCompressed = facts.boolean(7, orElse: true) && reader.remaining > 0
    let values =
      try (isCompressed ? codec : .uncompressed).decompress(reader.rest(), size: left)
    var valueReader = ByteReader(values)
    try decodeValues(&valueReader, try facts.natural(4, "the encoding"), count: count, levels)
  }

  private func valueCount(_ facts: Fields, most: Int) throws(ParquetFault) -> Int {
    let count = try facts.natural(1, "the number of values")
    guard count <= most else { throw .damaged("the page has more values than its group has rows") }
    return count
  }

  /// For each row 1 where there is a value, 0 where there is none.
  private func levels(_ bytes: ArraySlice<UInt8>, count: Int) throws(ParquetFault) -> [UInt32] {
    var reader = ByteReader(bytes)
    return try RunLengthHybrid.decode(&reader, count: count, bitWidth: 1)
  }

  // MARK: Values

  private mutating func decodeValues(
    _ reader: inout ByteReader, _ encoding: Int, count: Int, _ levels: [UInt32]?
  ) throws(ParquetFault) {
    let present = levels.map { $0.count { $0 == 1 } } ?? count
    let values = try decoded(&reader, encoding, count: present)
    let start = self.count
    self.count += count
    guard let levels, present < count else {
      found.booleans += values.booleans
      found.integers += values.integers
      found.numbers += values.numbers
      found.texts += values.texts
      return
    }
    for (index, level) in levels.enumerated() where level == 0 { missingRows.append(start + index) }
    switch column.kind {
    case .boolean: Self.spread(values.booleans, over: levels, or: false, into: &found.booleans)
    case .int32, .int64: Self.spread(values.integers, over: levels, or: 0, into: &found.integers)
    case .float, .double: Self.spread(values.numbers, over: levels, or: 0, into: &found.numbers)
    case .text:
      Self.spread(values.texts, over: levels, or: texts.number(of: ""), into: &found.texts)
    }
  }

  private static func spread<Value>(
    _ values: [Value], over levels: [UInt32], or missing: Value, into all: inout [Value]
  ) {
    var next = 0
    for level in levels {
      all.append(level == 1 ? values[next] : missing)
      if level == 1 { next += 1 }
    }
  }

  private mutating func decoded(
    _ reader: inout ByteReader, _ encoding: Int, count: Int
  ) throws(ParquetFault) -> Values {
    switch encoding {
    case 0: return try plain(&reader, count: count)
    case 2, 8: return try fromDictionary(&reader, count: count)
    case 3 where column.kind == .boolean:
      var values = Values()
      guard count > 0 else { return values }
      let length = Int(try reader.littleEndian(UInt32.self))
      var bits = ByteReader(try reader.take(length))
      values.booleans = try RunLengthHybrid.decode(&bits, count: count, bitWidth: 1).map { $0 == 1 }
      return values
    default:
      let names = [
        5: "DELTA_BINARY_PACKED", 6: "DELTA_LENGTH_BYTE_ARRAY", 7: "DELTA_BYTE_ARRAY",
        9: "BYTE_STREAM_SPLIT",
      ]
      throw ParquetFault(
        "the encoding \(names[encoding] ?? "number \(encoding)") is not read",
        mend: "write the file with the encodings that pandas, pyarrow and polars take by default "
          + "(PLAIN and RLE_DICTIONARY)")
    }
  }

  private func fromDictionary(
    _ reader: inout ByteReader, count: Int
  ) throws(ParquetFault) -> Values {
    var values = Values()
    guard count > 0 else { return values }
    guard let dictionary else { throw .damaged("the dictionary is missing") }
    let bitWidth = Int(try reader.byte())
    let indices = try RunLengthHybrid.decode(&reader, count: count, bitWidth: bitWidth)
    switch column.kind {
    case .boolean: values.booleans = try Self.look(up: indices, in: dictionary.booleans)
    case .int32, .int64: values.integers = try Self.look(up: indices, in: dictionary.integers)
    case .float, .double: values.numbers = try Self.look(up: indices, in: dictionary.numbers)
    case .text: values.texts = try Self.look(up: indices, in: dictionary.texts)
    }
    return values
  }

  private static func look<Value>(
    up indices: [UInt32], in dictionary: [Value]
  ) throws(ParquetFault) -> [Value] {
    guard Int(indices.max() ?? 0) < dictionary.count else {
      throw .damaged("a value is not in the dictionary")
    }
    return indices.map { dictionary[Int($0)] }
  }

  private mutating func plain(
    _ reader: inout ByteReader, count: Int
  ) throws(ParquetFault) -> Values {
    var values = Values()
    switch column.kind {
    case .boolean:
      let bits = try reader.take((count + 7) / 8)
      values.booleans = (0..<count).map { bits[bits.startIndex + $0 / 8] >> ($0 % 8) & 1 == 1 }
    case .int32:
      let bits = try reader.littleEndian(UInt32.self, count: count)
      values.integers =
        column.isUnsigned ? bits.map(Int64.init) : bits.map { Int64(Int32(bitPattern: $0)) }
    case .int64:
      values.integers = try reader.littleEndian(Int64.self, count: count)
      if column.isUnsigned, values.integers.contains(where: { $0 < 0 }) {
        throw ParquetFault(
          "an integer is larger than \(Int64.max)", mend: "convert the column to float64")
      }
    case .float:
      values.numbers = try reader.littleEndian(UInt32.self, count: count).map {
        Double(Float(bitPattern: $0))
      }
    case .double:
      values.numbers = try reader.littleEndian(UInt64.self, count: count).map(
        Double.init(bitPattern:))
    case .text:
      for _ in 0..<count {
        let length = Int(try reader.littleEndian(UInt32.self))
        guard let text = String(validating: try reader.take(length), as: UTF8.self) else {
          throw ParquetFault(
            "a text is not in UTF-8", mend: "leave the column out, or convert it to texts")
        }
        values.texts.append(texts.number(of: text))
      }
    }
    return values
  }
}

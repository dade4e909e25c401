/// A value of Apache Thrift's compact protocol, as Parquet's metadata consists of them.
///
/// Source: the Thrift project, "Thrift compact protocol encoding"; ``ThriftCompact`` writes the same.
enum ThriftValue {
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case bytes(ArraySlice<UInt8>)
  case list([ThriftValue])
  case structure(Structure)
  /// A map, which is stepped over.
  case map

  /// A structure's fields by their numbers.
  struct Structure {
    fileprivate(set) var fields: [(number: Int, value: ThriftValue)] = []

    /// The field of that number, or `nil`.
    subscript(number: Int) -> ThriftValue? { fields.first { $0.number == number }?.value }
  }
}

extension ByteReader {
  /// Structures in structures: Parquet's metadata has less than ten, and reading deeper ones could exhaust the stack.
  private static var deepest: Int { 32 }

  /// A structure of the compact protocol, up to its end.
  mutating func structure() throws(ParquetFault) -> ThriftValue.Structure {
    try structure(depth: 0)
  }

  private mutating func structure(depth: Int) throws(ParquetFault) -> ThriftValue.Structure {
    var structure = ThriftValue.Structure()
    var last = 0
    while true {
      let head = try byte()
      if head == 0 { return structure }
      let step = Int(head >> 4)
      let number = step == 0 ? Int(Int16(truncatingIfNeeded: try zigzag())) : last + step
      last = number
      let value =
        switch head & 0xF {
        case 1: ThriftValue.boolean(true)
        case 2: ThriftValue.boolean(false)
        case let kind: try value(kind, depth: depth + 1)
        }
      structure.fields.append((number, value))
    }
  }

  private mutating func value(_ kind: UInt8, depth: Int) throws(ParquetFault) -> ThriftValue {
    guard depth < Self.deepest else { throw .damaged("metadata are nested without end") }
    switch kind {
    case 1, 2: return .boolean(try byte() == 1)
    case 3: return .integer(Int64(Int8(bitPattern: try byte())))
    case 4, 5, 6: return .integer(try zigzag())
    case 7: return .number(Double(bitPattern: try littleEndian(UInt64.self)))
    case 8: return .bytes(try take(length()))
    case 9, 10: return .list(try list(depth: depth))
    case 11:
      try skipMap(depth: depth)
      return .map
    case 12: return .structure(try structure(depth: depth))
    default: throw .damaged("metadata hold a value of unknown kind \(kind)")
    }
  }

  private mutating func list(depth: Int) throws(ParquetFault) -> [ThriftValue] {
    let head = try byte()
    let count = head >> 4 == 15 ? try length() : Int(head >> 4)
    // Each element has a byte at least.
    guard count <= remaining else { throw .damaged("a list of metadata is longer than the rest") }
    var list: [ThriftValue] = []
    for _ in 0..<count { list.append(try value(head & 0xF, depth: depth + 1)) }
    return list
  }

  private mutating func skipMap(depth: Int) throws(ParquetFault) {
    let count = try length()
    guard count > 0 else { return }
    let kinds = try byte()
    guard count <= remaining else { throw .damaged("a map of metadata is longer than the rest") }
    for _ in 0..<count {
      _ = try value(kinds >> 4, depth: depth + 1)
      _ = try value(kinds & 0xF, depth: depth + 1)
    }
  }

  /// A length that the rest has room for.
  private mutating func length() throws(ParquetFault) -> Int {
    let length = try variableLength()
    guard length <= UInt64(remaining) else {
      throw .damaged("metadata are longer than the place they stand in")
    }
    return Int(length)
  }

  private mutating func zigzag() throws(ParquetFault) -> Int64 {
    let bits = try variableLength()
    return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
  }
}

/// Reads bytes one after the other and never beyond their end.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  /// The place of the next byte among the indices of the slice.
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// How many bytes are left.
  var remaining: Int { bytes.endIndex - position }

  mutating func byte() throws(ParquetFault) -> UInt8 {
    guard position < bytes.endIndex else { throw Self.ended(1) }
    defer { position += 1 }
    return bytes[position]
  }

  /// The next bytes.
  mutating func take(_ count: Int) throws(ParquetFault) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw Self.ended(count - remaining) }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// All bytes that are left.
  mutating func rest() -> ArraySlice<UInt8> {
    defer { position = bytes.endIndex }
    return bytes[position...]
  }

  /// An integer, its lowest byte first.
  mutating func littleEndian<Integer: FixedWidthInteger>(
    _: Integer.Type
  ) throws(ParquetFault) -> Integer {
    let taken = try take(Integer.bitWidth / 8)
    return taken.withUnsafeBytes { Integer(littleEndian: $0.loadUnaligned(as: Integer.self)) }
  }

  /// Integers, the lowest byte of each first.
  mutating func littleEndian<Integer: FixedWidthInteger>(
    _: Integer.Type, count: Int
  ) throws(ParquetFault) -> [Integer] {
    let size = Integer.bitWidth / 8
    guard count >= 0, count <= remaining / size else { throw Self.ended(1) }
    return try take(count * size).withUnsafeBytes { bytes in
      (0..<count).map {
        Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Integer.self))
      }
    }
  }

  /// An integer of which each byte holds seven bits, the lowest first.
  mutating func variableLength() throws(ParquetFault) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let byte = try byte()
      guard shift < 63 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .damaged("an integer has more than 64 bits")
  }

  private static func ended(_ missing: Int) -> ParquetFault {
    .damaged("bytes are missing at the end")
  }
}

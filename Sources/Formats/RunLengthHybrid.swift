/// Small integers as runs of one value and as groups of eight with as many bits each as are needed.
///
/// Source: the Apache Parquet format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid".
enum RunLengthHybrid {
  /// As many integers as are asked for.
  ///
  /// - Parameter bitWidth: how many bits each has, at most 32.
  static func decode(
    _ input: inout ByteReader, count: Int, bitWidth: Int
  ) throws(ParquetFault) -> [UInt32] {
    guard (0...32).contains(bitWidth) else {
      throw .damaged("packed integers have \(bitWidth) bits, more than 32")
    }
    var values: [UInt32] = []
    while values.count < count {
      let head = try input.variableLength()
      let left = count - values.count
      if head & 1 == 0 {
        guard (1...UInt64(left)).contains(head >> 1) else {
          throw .damaged("a run of packed integers is not within its page")
        }
        var value: UInt64 = 0
        for place in 0..<(bitWidth + 7) / 8 { value |= UInt64(try input.byte()) << (8 * place) }
        guard value >> bitWidth == 0 else { throw .damaged("a packed integer has too many bits") }
        values += repeatElement(UInt32(value), count: Int(head >> 1))
      } else {
        // The last group is filled up to eight values.
        guard (1...UInt64((left + 7) / 8)).contains(head >> 1) else {
          throw .damaged("groups of packed integers are not within their page")
        }
        let groups = Int(head >> 1)
        unpack(try input.take(groups * bitWidth), min(8 * groups, left), bitWidth, &values)
      }
    }
    return values
  }

  /// Appends integers, the lowest bits first.
  private static func unpack(
    _ bytes: ArraySlice<UInt8>, _ count: Int, _ bitWidth: Int, _ values: inout [UInt32]
  ) {
    let mask = (UInt64(1) << bitWidth) - 1
    var (waiting, bits, next) = (UInt64(0), 0, bytes.startIndex)
    for _ in 0..<count {
      while bits < bitWidth {
        waiting |= UInt64(bytes[next]) << bits
        bits += 8
        next += 1
      }
      values.append(UInt32(waiting & mask))
      waiting >>= bitWidth
      bits -= bitWidth
    }
  }
}

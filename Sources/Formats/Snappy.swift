/// Decompresses Snappy's blocks, the default of most programs that write Parquet.
///
/// Source: google/snappy, format_description.txt.
enum Snappy {
  /// The bytes that a block stands for.
  ///
  /// - Parameter size: how many there are, as the page says; the block must say the same.
  static func decompress(
    _ block: ArraySlice<UInt8>, size: Int
  ) throws(ParquetFault) -> [UInt8] {
    var input = ByteReader(block)
    guard try input.variableLength() == UInt64(size) else {
      throw .damaged("a compressed page has another size than its header says")
    }
    // A copy of 64 bytes takes three: no block stands for more than that, and none makes us take memory for more.
    guard size / 22 <= block.count else {
      throw .damaged("a compressed page is too short for its size")
    }
    var output = [UInt8](repeating: 0, count: size)
    var end = 0
    while input.remaining > 0 {
      let tag = try input.byte()
      if tag & 3 == 0 {
        let length = try literalLength(tag, &input)
        guard length <= size - end else { throw tooLong }
        for byte in try input.take(length) {
          output[end] = byte
          end += 1
        }
        continue
      }
      let (length, offset) = try copy(tag, &input)
      guard length <= size - end else { throw tooLong }
      guard offset >= 1, offset <= end else {
        throw .damaged("a compressed page repeats bytes from before its start")
      }
      // What is repeated may run into what is being written: byte by byte, it does so correctly.
      for _ in 0..<length {
        output[end] = output[end - offset]
        end += 1
      }
    }
    guard end == size else { throw .damaged("a compressed page ends too early") }
    return output
  }

  private static var tooLong: ParquetFault {
    .damaged("a compressed page goes on after its end")
  }

  private static func literalLength(
    _ tag: UInt8, _ input: inout ByteReader
  ) throws(ParquetFault) -> Int {
    let short = Int(tag >> 2)
    guard short >= 60 else { return short + 1 }
    var length = 0
    for place in 0..<(short - 59) { length |= Int(try input.byte()) << (8 * place) }
    return length + 1
  }

  private static func copy(
    _ tag: UInt8, _ input: inout ByteReader
  ) throws(ParquetFault) -> (length: Int, offset: Int) {
    switch tag & 3 {
    case 1: (Int(tag >> 2 & 7) + 4, Int(tag >> 5) << 8 | Int(try input.byte()))
    case 2: (Int(tag >> 2) + 1, Int(try input.littleEndian(UInt16.self)))
    default: (Int(tag >> 2) + 1, Int(try input.littleEndian(UInt32.self)))
    }
  }
}

import CZlib

/// A piece of a gzip file, compressed on its own: pieces in a row are one stream.
struct GzipPart: Sendable {
  /// The compressed bytes.
  let bytes: [UInt8]
  /// CRC-32 of what was compressed.
  let checksum: UInt
  /// How much was compressed.
  let plainCount: Int

  /// The quickest: digits of random numbers hardly shrink further at the slowest.
  private static let level: Int32 = 1

  /// Compresses bytes; `nil` if there is no memory for it.
  init?(_ plain: [UInt8]) {
    var stream = z_stream()
    // A raw stream, without head and checksum of its own.
    guard
      deflateInit2_(
        &stream, Self.level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    // Beside zlib's bound the mark that ends the piece on a whole byte.
    let room = Int(deflateBound(&stream, UInt(plain.count))) + 16
    var input = plain
    var isDone = false
    bytes = [UInt8](unsafeUninitializedCapacity: room) { output, count in
      input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(room)
        isDone = deflate(&stream, Z_SYNC_FLUSH) == Z_OK && stream.avail_in == 0
      }
      isDone = isDone && stream.avail_out > 0
      count = room - Int(stream.avail_out)
    }
    precondition(isDone, "zlib's own bound holds")
    checksum = plain.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    plainCount = plain.count
  }
}

/// What stands around the pieces of a gzip file: no name and no time, so that equal contents give equal bytes.
///
/// Source: RFC 1952; RFC 1951 for the empty block that ends the stream.
struct GzipMember {
  private var checksum: UInt = 0
  private var count = 0

  /// What stands in front: the magic number, deflate, no flags, no time, quick compression, no system.
  static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 255]

  /// Notes a piece.
  mutating func add(_ part: GzipPart) {
    checksum = crc32_combine(checksum, part.checksum, part.plainCount)
    count += part.plainCount
  }

  /// What stands behind: an empty last block, checksum and length.
  var tail: [UInt8] {
    let numbers = [UInt32(truncatingIfNeeded: checksum), UInt32(truncatingIfNeeded: count)]
    return [3, 0]
      + numbers.flatMap { n in (0..<4).map { UInt8(truncatingIfNeeded: n >> (8 * $0)) } }
  }
}

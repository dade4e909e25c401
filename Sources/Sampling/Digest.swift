/// A 64-bit digest of the physical parameters that a sample depends on: the name of its random streams.
///
/// A point is named by what it is, never by its place in a list, so that one point, a short scan and a
/// long one agree to the byte. Mixing is that of SplitMix64, a bijection of each step's state.
public struct Digest: Sendable, Hashable {
  /// The digest so far.
  public private(set) var value: UInt64 = 0x4475_736B_6C69_6E65

  /// The digest of nothing.
  public init() {}

  /// Takes in 64 bits.
  public mutating func combine(_ bits: UInt64) {
    var z = (value ^ bits) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    value = (value &* 0x0000_0100_0000_01B3) ^ (z ^ (z >> 31))
  }

  /// Takes in a number, by its bits; -0 counts as 0.
  public mutating func combine(_ number: Double) {
    combine(number == 0 ? 0 : number.bitPattern)
  }

  /// Takes in a text, by its UTF-8 bytes and its length.
  public mutating func combine(_ text: String) {
    for byte in text.utf8 { combine(UInt64(byte)) }
    combine(UInt64(text.utf8.count))
  }
}

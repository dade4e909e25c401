/// What a random stream is for: part of its address, so that a new use leaves the other streams as they were.
public enum StreamPurpose: UInt64, Sendable, Hashable, CaseIterable {
  /// Training the importance map of a production sampler.
  case mapTraining = 1
  /// Production events.
  case production = 2
  /// The decays of A′ and χ₂.
  case decay = 3
  /// The beam's spot and divergence, and the vertex in the target.
  case beam = 4
  /// Where χ₂ decays, in event samples.
  case decayPosition = 5
  /// Which events an unweighted sample keeps.
  case unweighting = 6
  /// The flavour of the pair, in event samples.
  case channelChoice = 7
  /// Cross sections, independent of the events.
  case crossSection = 8
  /// The foresight of weights by cells, in unweighted samples.
  case unweightingPilot = 11
  /// Electromagnetic showers in the target.
  case shower = 12
  /// Forced decays of long-lived hadrons, in backgrounds.
  case backgroundDecay = 13
  /// Other hadrons of a background event.
  case backgroundCompanion = 15
  /// The seeds of an event generator's chunks.
  case generator = 14
  /// Tests and examples.
  case test = 100
}

/// A stream of random numbers named by what it is for, not by what was drawn before: Philox 4×32 of ten rounds, seven
/// for quick numbers.
///
///     var stream = RandomStream(seed: 20240906, purpose: .decay, point: sample.digest, batch: 7)
///
/// Equal addresses give equal numbers on every machine and for any number of threads.
///
/// Source: J. K. Salmon et al., SC '11 (2011), "Parallel random numbers: as easy as 1, 2, 3".
public struct RandomStream: Sendable {
  @usableFromInline let key0: UInt32
  @usableFromInline let key1: UInt32
  @usableFromInline let batch: UInt32
  @usableFromInline var next: UInt32 = 0
  @usableFromInline var spare: Double?

  /// The stream of that address.
  ///
  /// - Parameters:
  ///   - point: a digest of the physical parameters that the sample depends on.
  ///   - batch: the number of the batch, from 0.
  public init(seed: UInt64, purpose: StreamPurpose, point: UInt64, batch: Int) {
    var digest = Digest()
    digest.combine(seed)
    digest.combine(purpose.rawValue)
    digest.combine(point)
    key0 = UInt32(truncatingIfNeeded: digest.value)
    key1 = UInt32(truncatingIfNeeded: digest.value >> 32)
    self.batch = UInt32(truncatingIfNeeded: batch)
  }

  /// Philox 4×32 on a counter, ten rounds unless told.
  @inlinable @inline(__always)
  public static func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32), rounds: Int = 10
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<rounds {
      let product0 = UInt64(c0) &* 0xD251_1F53
      let product1 = UInt64(c2) &* 0xCD9E_8D57
      let high0 = UInt32(truncatingIfNeeded: product0 >> 32)
      let high1 = UInt32(truncatingIfNeeded: product1 >> 32)
      let n0 = high1 ^ c1 ^ k0
      let n2 = high0 ^ c3 ^ k1
      c1 = UInt32(truncatingIfNeeded: product1)
      c3 = UInt32(truncatingIfNeeded: product0)
      c0 = n0
      c2 = n2
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  /// A number in the open interval (0, 1) from two words: 52 bits, never an end.
  @inlinable @inline(__always)
  static func unit(_ low: UInt32, _ high: UInt32) -> Double {
    let bits = (UInt64(high) << 32 | UInt64(low)) >> 12 | 0x3FF0_0000_0000_0000
    return Double(bitPattern: bits) - (1 - 0x1p-53)
  }

  /// Fills column `column` with uniform numbers. The number in each place depends on the address, the
  /// column's `label` and the row alone.
  @inlinable
  public func fill(
    _ column: UnsafeMutablePointer<Double>, count: Int, label: UInt32
  ) {
    fill(column, count: count, label: label, batch: batch)
  }

  @inlinable
  func fill(
    _ column: UnsafeMutablePointer<Double>, count: Int, label: UInt32, batch: UInt32
  ) {
    let pairs = (count + 1) / 2
    for j in 0..<pairs {
      let words = Self.philox(
        (UInt32(truncatingIfNeeded: j), label, batch, 0x4455_534B), key: (key0, key1))
      column[2 &* j] = Self.unit(words.0, words.1)
      column[2 &* j &+ 1] = Self.unit(words.2, words.3)
    }
  }

  /// The rounds of quick numbers: the fewest with which Philox 4×32 passes every test of BigCrush.
  @usableFromInline static var quickRounds: Int { 7 }

  /// Fills a column with uniform numbers of 32 bits, (k + ½)/2³², at a third of the cost of ``fill(_:count:label:)``: for angles and
  /// whatever else needs no rare tail.
  @inlinable
  public func fillQuickly(
    _ column: UnsafeMutablePointer<Double>, count: Int, label: UInt32
  ) {
    fillQuickly(column, count: count, label: label, batch: batch)
  }

  @inlinable
  func fillQuickly(
    _ column: UnsafeMutablePointer<Double>, count: Int, label: UInt32, batch: UInt32
  ) {
    let quads = (count + 3) / 4
    for j in 0..<quads {
      let words = Self.philox(
        (UInt32(truncatingIfNeeded: j), label, batch, 0x5155_4943), key: (key0, key1),
        rounds: Self.quickRounds)
      column[4 &* j] = Self.quickUnit(words.0)
      column[4 &* j &+ 1] = Self.quickUnit(words.1)
      column[4 &* j &+ 2] = Self.quickUnit(words.2)
      column[4 &* j &+ 3] = Self.quickUnit(words.3)
    }
  }

  /// (k + ½)/2³², exact: k sits in the last bits of a number just above 2⁵².
  @inlinable @inline(__always)
  static func quickUnit(_ word: UInt32) -> Double {
    let shifted = Double(bitPattern: UInt64(word) | 0x4330_0000_0000_0000)
    return (shifted - (4_503_599_627_370_496 - 0.5)) * 0x1p-32
  }

  /// Fills a column with the numbers that ``fill(_:count:label:)`` leaves at the given rows of their batches; the batch of
  /// this stream plays no part.
  @inlinable
  public func fill(
    _ column: UnsafeMutablePointer<Double>, at rows: borrowing RowAddresses, label: UInt32
  ) {
    if let whole = rows.wholeBatch {
      fill(column, count: rows.count, label: label, batch: whole)
    } else {
      fillOneByOne(column, at: rows, label: label)
    }
  }

  @inlinable
  func fillOneByOne(
    _ column: UnsafeMutablePointer<Double>, at rows: borrowing RowAddresses, label: UInt32
  ) {
    let (row, batch) = (rows.row, rows.batch)
    for k in 0..<rows.count {
      let words = Self.philox((row[k] >> 1, label, batch[k], 0x4455_534B), key: (key0, key1))
      let isSecond = row[k] & 1 != 0
      column[k] = Self.unit(isSecond ? words.2 : words.0, isSecond ? words.3 : words.1)
    }
  }

  /// Fills a column with the numbers that ``fillQuickly(_:count:label:)`` leaves at the given rows of their batches.
  @inlinable
  public func fillQuickly(
    _ column: UnsafeMutablePointer<Double>, at rows: borrowing RowAddresses, label: UInt32
  ) {
    if let whole = rows.wholeBatch {
      fillQuickly(column, count: rows.count, label: label, batch: whole)
    } else {
      let (row, batch) = (rows.row, rows.batch)
      for k in 0..<rows.count {
        let words = Self.philox(
          (row[k] >> 2, label, batch[k], 0x5155_4943), key: (key0, key1),
          rounds: Self.quickRounds)
        let isUpper = row[k] & 2 != 0
        let (even, odd) = (isUpper ? words.2 : words.0, isUpper ? words.3 : words.1)
        column[k] = Self.quickUnit(row[k] & 1 != 0 ? odd : even)
      }
    }
  }

  /// The next uniform number in (0, 1) of the stream, for work that is not done in batches.
  public mutating func uniform() -> Double {
    if let number = spare {
      spare = nil
      return number
    }
    let words = Self.philox((next, 0, batch, 0x5345_514E), key: (key0, key1))
    next &+= 1
    spare = Self.unit(words.2, words.3)
    return Self.unit(words.0, words.1)
  }

  /// A uniform number between two bounds.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }
}

import Foundation
import Sampling
import Testing

@Suite("Random streams") struct RandomStreamTests {
  @Test("Philox gives the published answers", .tags(.reference))
  func knownAnswers() {
    // Random123 1.14, tests/kat_vectors: philox4x32 10.
    let zero = RandomStream.philox((0, 0, 0, 0), key: (0, 0))
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = RandomStream.philox(
      (0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff), key: (0xffff_ffff, 0xffff_ffff))
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = RandomStream.philox(
      (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    // The same file, philox4x32 7.
    #expect(
      RandomStream.philox((0, 0, 0, 0), key: (0, 0), rounds: 7)
        == (0x5f6f_b709, 0x0d89_3f64, 0x4f12_1f81, 0x4f73_0a48))
    #expect(
      RandomStream.philox(
        (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0),
        rounds: 7) == (0x4dfc_caba, 0x190a_87f0, 0xc473_62ba, 0xb6b5_242a))
  }

  private func column(_ stream: RandomStream, label: UInt32 = 0, count: Int = 2048) -> [Double] {
    let batch = ColumnBatch(columns: 1)
    stream.fill(batch.base, count: count, label: label)
    return Array(UnsafeBufferPointer(start: batch.base, count: count))
  }

  @Test("equal addresses give equal numbers, and any other part other numbers", .tags(.unit))
  func addresses() {
    let stream = RandomStream(seed: 5, purpose: .decay, point: 9, batch: 3)
    let numbers = column(stream)
    #expect(column(RandomStream(seed: 5, purpose: .decay, point: 9, batch: 3)) == numbers)
    let others = [
      column(RandomStream(seed: 6, purpose: .decay, point: 9, batch: 3)),
      column(RandomStream(seed: 5, purpose: .production, point: 9, batch: 3)),
      column(RandomStream(seed: 5, purpose: .decay, point: 10, batch: 3)),
      column(RandomStream(seed: 5, purpose: .decay, point: 9, batch: 4)),
      column(stream, label: 1),
    ]
    for other in others {
      // Two streams of 2048 numbers of 52 bits share one with a probability of 10⁻⁹.
      #expect(Set(other).intersection(numbers).isEmpty)
    }
    var one = stream
    var other = stream
    #expect((0..<100).map { _ in one.uniform() } == (0..<100).map { _ in other.uniform() })
    #expect(Set((0..<2000).map { _ in one.uniform() }).intersection(numbers).isEmpty)
  }

  @Test("all purposes give different streams", .tags(.unit))
  func purposes() {
    let first = StreamPurpose.allCases.map {
      column(RandomStream(seed: 1, purpose: $0, point: 1, batch: 0), count: 2)[0]
    }
    #expect(Set(first).count == StreamPurpose.allCases.count)
  }

  @Test("a row's number depends on neither the count nor what was filled before", .tags(.unit))
  func rows() {
    let stream = RandomStream(seed: 7, purpose: .test, point: 0, batch: 0)
    let all = column(stream)
    for count in [1, 2, 3, 1001] { #expect(column(stream, count: count) == Array(all[..<count])) }
  }

  /// 2²⁰ numbers, batch after batch.
  private func many(point: UInt64) -> [Double] {
    (0..<512).flatMap {
      column(RandomStream(seed: 20_240_906, purpose: .test, point: point, batch: $0))
    }
  }

  /// p-value of numbers against the flat law in so many bins.
  private func flatness(_ numbers: [Double], bins: Int = 200) -> Double {
    var histogram = WeightedHistogram(edges: (0...bins).map { Double($0) / Double(bins) })
    for number in numbers { histogram.add(number) }
    return histogram.probability(expectedShares: .init(repeating: 1 / Double(bins), count: bins))
  }

  // Seeds are fixed: a p-value below 10⁻³ or above 1 - 10⁻³ would be a fault, not bad luck twice.

  @Test("numbers are uniform, and a law tilted by three per cent is not", .tags(.statistical))
  func uniformity() {
    let numbers = many(point: 1)
    let p = flatness(numbers)
    #expect(p > 1e-3 && p < 0.999, "p = \(p)")
    // Density 1 + 0.03 (2u - 1): χ² grows by N · 0.03²/3 = 315, beside 199 ± 20 of a flat law.
    #expect(flatness(numbers.map { $0 + 0.03 * $0 * (1 - $0) }) < 1e-12)
  }

  @Test("neighbours in a row, a batch and a label are independent pairs", .tags(.statistical))
  func pairs() {
    let stream = { (batch: Int) in
      RandomStream(seed: 20_240_906, purpose: .test, point: 2, batch: batch)
    }
    var serial: [Double] = []
    var batches: [Double] = []
    var labels: [Double] = []
    // A pair (u, v) becomes one number by its cell on a 20 × 20 grid.
    let cell = { (u: Double, v: Double) in (floor(20 * u) * 20 + floor(20 * v) + 0.5) / 400 }
    for batch in 0..<128 {
      let a = column(stream(batch))
      let b = column(stream(batch + 1))
      let c = column(stream(batch), label: 1)
      serial += zip(a, a.dropFirst()).map(cell)
      batches += zip(a, b).map(cell)
      labels += zip(a, c).map(cell)
    }
    for (name, cells) in [("serial", serial), ("batches", batches), ("labels", labels)] {
      let p = flatness(cells, bins: 400)
      #expect(p > 1e-3 && p < 0.999, "\(name): p = \(p)")
    }
  }

  @Test(
    "quick numbers are uniform, independent in a row, and the same for any count",
    .tags(.statistical))
  func quick() {
    func column(_ batch: Int, label: UInt32 = 0, count: Int = 2048) -> [Double] {
      let stream = RandomStream(seed: 20_240_906, purpose: .test, point: 7, batch: batch)
      return [Double](unsafeUninitializedCapacity: (count + 3) / 4 * 4) { buffer, filled in
        if let base = buffer.baseAddress { stream.fillQuickly(base, count: count, label: label) }
        filled = count
      }
    }
    #expect(Array(column(3).prefix(5)) == column(3, count: 5))
    let numbers = (0..<200).flatMap { column($0) }
    #expect(numbers.allSatisfy { $0 > 0 && $0 < 1 })
    let p = flatness(numbers)
    #expect(p > 1e-3 && p < 0.999, "p = \(p)")
    let cell = { (u: Double, v: Double) in (floor(20 * u) * 20 + floor(20 * v) + 0.5) / 400 }
    for lag in 1...4 {
      let p = flatness(zip(numbers, numbers.dropFirst(lag)).map(cell), bins: 400)
      #expect(p > 1e-3 && p < 0.999, "lag \(lag): p = \(p)")
    }
    let labels = (0..<100).flatMap { zip(column($0), column($0, label: 1)).map(cell) }
    let q = flatness(labels, bins: 400)
    #expect(q > 1e-3 && q < 0.999, "labels: p = \(q)")
    // Every number is (k + ½)/2³².
    #expect(
      numbers.prefix(5000).allSatisfy { ($0 * 0x1p33).truncatingRemainder(dividingBy: 2) == 1 })
  }

  @Test("sequential numbers are uniform in their range", .tags(.statistical))
  func sequential() {
    var stream = RandomStream(seed: 11, purpose: .test, point: 3, batch: 0)
    let numbers = (0..<200_000).map { _ in stream.uniform(in: -2...4) }
    #expect(numbers.allSatisfy { $0 > -2 && $0 < 4 })
    let p = flatness(numbers.map { ($0 + 2) / 6 })
    #expect(p > 1e-3 && p < 0.999, "p = \(p)")
  }

  @Test("numbers never reach 0 or 1", .tags(.property))
  func openInterval() {
    let numbers = many(point: 4)
    #expect(numbers.allSatisfy { $0 > 0 && $0 < 1 })
  }
}

@Suite("Digests and batches") struct DigestTests {
  @Test("a digest agrees with a second implementation", .tags(.golden))
  func secondImplementation() {
    // Computed in Python with unbounded integers from the definition.
    var digest = Digest()
    digest.combine("production")
    #expect(digest.value == 0xd61e_3e2d_3d1d_a5e6)
    digest.combine(0.3)
    #expect(digest.value == 0xb493_9224_874a_b50f)
  }

  @Test("a digest sees every part, their order and the ends of texts", .tags(.unit))
  func distinguishes() {
    func digest(_ parts: Double...) -> UInt64 {
      var digest = Digest()
      for part in parts { digest.combine(part) }
      return digest.value
    }
    #expect(digest(1, 2) == digest(1, 2))
    #expect(digest(1, 2) != digest(2, 1))
    #expect(digest(1) != digest(1, 0))
    #expect(digest(0.1) != digest(0.1.nextUp))
    #expect(digest(0.0) == digest(-0.0))
    var (left, right) = (Digest(), Digest())
    left.combine("ab")
    left.combine("c")
    right.combine("a")
    right.combine("bc")
    #expect(left != right)
  }

  @Test("100 000 neighbouring points have 100 000 digests", .tags(.property))
  func collisions() {
    let digests = (0..<100_000).map { (index: Int) -> UInt64 in
      var digest = Digest()
      digest.combine(0.001 * Double(index % 317))
      digest.combine(UInt64(index / 317))
      return digest.value
    }
    #expect(Set(digests).count == 100_000)
  }

  @Test("batches cover a sample once", .tags(.unit), arguments: [1, 2047, 2048, 2049, 50_000])
  func batches(events: Int) {
    let counts = (0..<BatchLayout.batchCount(forEvents: events)).map {
      BatchLayout.count(ofBatch: $0, forEvents: events)
    }
    #expect(counts.reduce(0, +) == events)
    #expect(counts.allSatisfy { $0 > 0 && $0 <= BatchLayout.capacity })
  }

  @Test("a batch of columns starts zeroed", .tags(.unit))
  func zeroed() {
    let batch = ColumnBatch(columns: 3)
    #expect((0..<3 * BatchLayout.stride).allSatisfy { batch.base[$0] == 0 })
    #expect(ColumnBatch.column(2) == 2 * BatchLayout.stride)
  }
}

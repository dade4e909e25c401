import Calculus
import Foundation
import Integration
import Reach
import Sampling
import Selection
import Testing

@Suite("The accepted cross section as a function of the lifetime")
struct SurvivalCurveTests {
  /// Entries of up to four to an event, as stations or channels make them; scales over two decades.
  private func entries(
    _ events: Int, maximum multiplicity: Int, seed: UInt64, fromZero: Double = 0
  ) -> AcceptedEvents {
    var stream = RandomStream(seed: seed, purpose: .test, point: 9, batch: 0)
    var result = AcceptedEvents()
    for number in 0..<events {
      for _ in 0...Int(stream.uniform() * Double(multiplicity)) {
        let lower =
          stream.uniform() < fromZero ? 0 : 0.05 * Foundation.exp(4 * stream.uniform())
        result.append(
          event: Int32(3 * number), weight: 1e-3 * (1 + stream.uniform()), lower: lower,
          upper: lower + 0.02 + 5 * stream.uniform())
      }
    }
    return result
  }

  /// S and its error summed by event with the system's functions.
  private func direct(_ accepted: AcceptedEvents, _ length: Double, sampleSize: Int) -> Estimate {
    var contributions: [Int32: Double] = [:]
    for i in 0..<accepted.count {
      let (a, b) = (accepted.lower[i], accepted.upper[i])
      contributions[accepted.event[i], default: 0] +=
        accepted.weight[i] * exp(-a / length) * -expm1(-(b - a) / length)
    }
    let sum = contributions.values.reduce(0, +)
    let squares = contributions.values.reduce(0) { $0 + $1 * $1 }
    return Estimate(
      value: sum, error: (squares - sum * sum / Double(sampleSize)).squareRoot())
  }

  /// cτ over so many decades about the scales of the entries.
  private func lengths(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
    (0..<count).map {
      pow(
        10,
        range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1))
    }
  }

  private func compare(_ accepted: AcceptedEvents, _ range: ClosedRange<Double>) {
    let sampleSize = 5 * accepted.count
    let curve = SurvivalCurve(accepted, sampleSize: sampleSize)
    let total = accepted.weight.reduce(0, +)
    for length in lengths(range, 400) {
      let expected = direct(accepted, length, sampleSize: sampleSize)
      let found = curve(length)
      guard expected.value > 1e-24 * total else {
        // The extreme tail: the smallest number that counts as nothing in any luminosity.
        #expect(found.value < 2e-24 * total, "cτ = \(length) mm")
        continue
      }
      // Six points h = 0.17 apart on ln S ~ -a/cτ err by up to (a/cτ) h⁶/6! × 3.5, at the ends of the table × 17: 3e-6 with
      // a/cτ of 14, where 10⁻⁶ of the events are left, and 3e-5 down to 55.
      let tolerance = expected.value > 1e-6 * total ? 3e-6 : 3e-5
      #expect(abs(found.value / expected.value - 1) < tolerance, "cτ = \(length) mm")
      // 2 %: the error is interpolated linearly between nodes a quarter of an octave apart, and an error needs no more.
      #expect(abs(found.error / expected.error - 1) < 0.02, "cτ = \(length) mm")
    }
  }

  @Test("One entry an event: the curve is the direct sum over twelve decades", .tags(.property))
  func singleEntries() {
    compare(entries(500, maximum: 1, seed: 1), -4...8)
  }

  @Test("Several entries an event: the curve and its error group them by event", .tags(.property))
  func severalEntries() {
    let accepted = entries(500, maximum: 4, seed: 2)
    #expect(Set(accepted.event).count == 500 && accepted.count > 1000)
    compare(accepted, -4...8)
  }

  @Test("Intervals that begin at the interaction point", .tags(.limit), arguments: [0.2, 1.0])
  func fromZero(share: Double) {
    let accepted = entries(300, maximum: 2, seed: 3, fromZero: share)
    compare(accepted, -8...8)
    let atOnce = accepted.weight.indices.reduce(0.0) {
      $0 + (accepted.lower[$1] == 0 ? accepted.weight[$1] : 0)
    }
    // 1e-12: a sum of 10³ terms, by logarithm and back.
    #expect(
      abs(SurvivalCurve(accepted, sampleSize: 1000)(1e-12).value / atOnce - 1) < 1e-12)
  }

  @Test("A real sample: the curve is the sample's own sum", .tags(.identity))
  func realSample() throws {
    let sample = try Plan.paper(m1: 0.3).signalSample()
    let curve = SurvivalCurve(sample.accepted, sampleSize: sample.sampleSize)
    #expect(sample.accepted.count > 1000)
    let bulk = sample.survival(1).value
    for length in lengths(-4...8, 300) {
      let (expected, found) = (sample.survival(length), curve(length))
      guard expected.value > 1e-20 * bulk else { continue }
      // 3e-5 as above, where few events of the largest boost make the tail.
      #expect(abs(found.value / expected.value - 1) < 3e-5, "cτ = \(length) mm")
      #expect(abs(found.error / expected.error - 1) < 0.02, "cτ = \(length) mm")
      // And the sample's own sum is that of the system's functions.
      let system = direct(sample.accepted, length, sampleSize: sample.sampleSize)
      #expect(abs(expected.value / system.value - 1) < 1e-12)
      #expect(abs(expected.error / system.error - 1) < 1e-9)
    }
  }

  /// S and its error where S is above 10⁻⁸ of its most, against compensated sums, at 200 lifetimes over all scales.
  private func compareClosely(
    _ accepted: AcceptedEvents, tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let sampleSize = 3 * accepted.count
    let curve = SurvivalCurve(accepted, sampleSize: sampleSize)
    let least = try #require(accepted.lower.filter { $0 > 0 }.min())
    let most = try #require(accepted.upper.max())
    let points = lengths(log10(least / 100)...log10(1000 * most), 200)
      .map { ($0, compensated(accepted, $0, sampleSize: sampleSize)) }
    let greatest = points.map(\.1.value).max() ?? 0
    for (length, expected) in points where expected.value > 1e-8 * greatest {
      let found = curve(length)
      #expect(
        abs(found.value / expected.value - 1) < tolerance, "cτ = \(length) mm",
        sourceLocation: sourceLocation)
      // 1e-4: interpolation, which an error needs no better.
      #expect(
        abs(found.error / expected.error - 1) < 1e-4, "cτ = \(length) mm",
        sourceLocation: sourceLocation)
    }
  }

  /// ``direct(_:_:sampleSize:)`` for entries over many decades, sums compensated.
  private func compensated(
    _ accepted: AcceptedEvents, _ length: Double, sampleSize: Int
  ) -> Estimate {
    var (sum, squares) = (CompensatedSum(), CompensatedSum())
    var contribution = 0.0
    for i in 0..<accepted.count {
      let (a, b) = (accepted.lower[i], accepted.upper[i])
      contribution += accepted.weight[i] * exp(-a / length) * -expm1(-(b - a) / length)
      guard i + 1 == accepted.count || accepted.event[i + 1] != accepted.event[i] else { continue }
      sum.add(contribution)
      squares.add(contribution * contribution)
      contribution = 0
    }
    let variance = squares.value - sum.value * sum.value / Double(sampleSize)
    return Estimate(value: sum.value, error: variance.squareRoot())
  }

  /// Events of one to `multiplicity` entries, at scales over so many decades, a₁ within two decades of one another in an event,
  /// and widths relative to a₁ as given.
  private func wideEntries(
    _ events: Int, maximum multiplicity: Int, decades: Double, widths: ClosedRange<Double>,
    seed: UInt64
  ) -> AcceptedEvents {
    var stream = RandomStream(seed: seed, purpose: .test, point: 10, batch: 0)
    var result = AcceptedEvents()
    for event in 0..<events {
      let scale = pow(10, decades * (stream.uniform() - 0.5))
      for _ in 0...Int(stream.uniform() * Double(multiplicity)) {
        let lower = scale * pow(10, multiplicity == 1 ? 0 : 2 * stream.uniform())
        let width = widths.lowerBound + (widths.upperBound - widths.lowerBound) * stream.uniform()
        result.append(
          event: Int32(event), weight: 1 + stream.uniform(), lower: lower,
          upper: lower * (1 + width))
      }
    }
    return result
  }

  @Test(
    "Bounds over twelve decades, one entry an event and more", .tags(.property), arguments: [1, 5])
  func twelveDecades(multiplicity: Int) throws {
    let accepted = wideEntries(
      5000, maximum: multiplicity, decades: 12, widths: 0.2...8, seed: 7)
    // 1e-6: interpolation, where the tail is made of few entries; 10⁻⁷ in the bulk.
    try compareClosely(accepted, tolerance: 1e-6)
  }

  @Test("Thin intervals lose no digits", .tags(.limit), arguments: [1e-3, 1e-9])
  func thinIntervals(width: Double) throws {
    let accepted = wideEntries(
      5000, maximum: 2, decades: 1, widths: width...3 * width, seed: 8)
    // 1e-6: interpolation, and 1e-16/1e-9 for the rounding of the bounds, which both sums share.
    try compareClosely(accepted, tolerance: 1e-6)
  }

  @Test("Blocks full, one event short and over, and of events with many entries", .tags(.limit))
  func blocks() throws {
    // 256 events with one entry fill a block, and eight with 32 entries or more.
    for count in [255, 256, 257, 512, 513] {
      try compareClosely(
        wideEntries(count, maximum: 1, decades: 1, widths: 1...6, seed: 11), tolerance: 3e-6)
    }
    try compareClosely(
      wideEntries(257, maximum: 40, decades: 1, widths: 1...6, seed: 12), tolerance: 3e-6)
  }

  @Test("Long lifetimes: S falls like 1/cτ with the summed widths", .tags(.limit))
  func longLifetimes() {
    let accepted = entries(200, maximum: 2, seed: 4)
    let curve = SurvivalCurve(accepted, sampleSize: 400)
    let widths = (0..<accepted.count).reduce(0.0) {
      $0 + accepted.weight[$1] * (accepted.upper[$1] - accepted.lower[$1])
    }
    for length in [1e6, 1e9, 1e15] {
      // 10/cτ: the next term is (a₁ + a₂)/2cτ with a below 10 mm; 1e-12 for rounding.
      #expect(abs(curve(length).value * length / widths - 1) < 10 / length + 1e-12)
    }
  }

  @Test("Short lifetimes: an exponential tail from the least lower bound", .tags(.limit))
  func shortLifetimes() throws {
    let accepted = entries(200, maximum: 2, seed: 5)
    let curve = SurvivalCurve(accepted, sampleSize: 400)
    let least = try #require(accepted.lower.min())
    // d ln S/d(1/cτ) → -a_min. Between a_min/cτ = 40 and 50 bounds up to ln(300)/40 = 14 % larger still count.
    let (x, y) = (40 / least, 50 / least)
    let slope = (log(curve(1 / y).value) - log(curve(1 / x).value)) / (y - x)
    // 1e-5: interpolation so deep in the tail.
    #expect(slope <= -least * (1 - 1e-5) && slope > -1.14 * least)
    // And so deep in the tail that nothing is left.
    #expect(curve(least / 1000).value == 0 && curve(1e-300).value == 0)
  }

  @Test("The curve joins where the table ends", .tags(.unit))
  func joins() {
    let accepted = entries(100, maximum: 1, seed: 6)
    let curve = SurvivalCurve(accepted, sampleSize: 200)
    // S cτ is monotone through the end of the table, some 2⁶ times the largest bound.
    let values = lengths(1...4, 3000).map { curve($0).value * $0 }
    // 1e-6: the moments' fourth term, (1/64)³/24 = 2·10⁻⁷, is left out beyond the table.
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 * (1 + 1e-6) })
  }

  @Test("No event, no curve", .tags(.unit))
  func empty() {
    let curve = SurvivalCurve(AcceptedEvents(), sampleSize: 100)
    #expect(curve.isZero)
    for length in [1e-9, 1, 1e9] { #expect(curve(length) == .exact(0)) }
  }

  @Test("A single event", .tags(.unit))
  func single() {
    var one = AcceptedEvents()
    one.append(event: 0, weight: 2, lower: 1, upper: 3)
    let curve = SurvivalCurve(one, sampleSize: 1)
    for length in [0.1, 1.0, 7, 1000] {
      let expected = 2 * (exp(-1 / length) - exp(-3 / length))
      // 1e-5: interpolation on a pure exponential at ten times the lower bound, better elsewhere.
      #expect(abs(curve(length).value / expected - 1) < 1e-5)
      // One event in a sample of one has no spread.
      #expect(curve(length).error <= 1e-7 * expected)
    }
  }
}

import Calculus
import Integration
import Selection

/// `S(cτ) = Σ w [exp(-a₁/cτ) - exp(-a₂/cτ)]`, the accepted cross section of one sample as a smooth function of the proper
/// decay length: the currency between samples and answers.
///
/// What all events share is taken out: `S = exp(-a/cτ) T(cτ)` with a the least a₁, so that T falls to what decays first and
/// no further. A table has ln T at three nodes an octave of cτ, from lifetimes so short that T has come to rest, or that S is
/// nothing, to ones so long that S ∝ 1/cτ. Between nodes ln T and the relative error are interpolated through ten points,
/// beyond the longest the exact moments continue T, below the shortest it stays what it is. S is then within 10⁻⁶ of the sum
/// of a sample's some thousand entries.
///
/// Source: the exponential law of decay; Documentation/Physics.md, § 6.2.
public struct SurvivalCurve: Sendable {
  /// ln T, T in pb, and the relative error, by rising cτ; empty when no event is accepted.
  private let nodes: [SIMD2<Double>]
  /// ln cτ of the first node in distances of nodes.
  private let firstNode: Int
  /// The least a₁.
  private let least: Double
  private let moments: (first: Double, second: Double, third: Double)
  /// The relative error at infinite cτ.
  private let limitingError: Double

  /// Nodes per octave of cτ.
  static let nodesPerOctave = 3
  /// The distance of nodes in ln cτ.
  static let step = 0.693_147_180_559_945_3 / Double(nodesPerOctave)

  /// The curve of a sample of `sampleSize` events, of which those given are accepted. Cost: some 50 nodes an entry.
  public init(_ accepted: AcceptedEvents, sampleSize: Int) {
    var (least, leastScale) = (Double.infinity, Double.infinity)
    var (leastUpper, most) = (Double.infinity, 0.0)
    for (lower, upper) in zip(accepted.lower, accepted.upper) {
      least = min(least, lower)
      // An interval that begins at the interaction point saturates below its upper bound.
      leastScale = min(leastScale, lower > 0 ? lower : upper)
      (leastUpper, most) = (min(leastUpper, upper), max(most, upper))
    }
    precondition(most < .infinity, "an interval of decay positions must end")
    guard most > 0, leastScale > 0 else {
      (nodes, firstNode, self.least, moments, limitingError) = ([], 0, 0, (0, 0, 0), 0)
      return
    }
    let top = Int((Elementary.log(64 * most) / Self.step).rounded(.up))
    let bottom = Int((Elementary.log(leastScale / 64) / Self.step).rounded(.down))
    let octaves = (top - bottom) / Self.nodesPerOctave + 1
    let sums = SurvivalSums(
      accepted, least: least, uppers: leastUpper...most, topNode: top,
      nodes: octaves * Self.nodesPerOctave)
    func relativeError(_ value: Double, _ square: Double) -> Double {
      let variance = max(square - value * value / Double(sampleSize), 0)
      return value > 0 ? variance.squareRoot() / value : 1
    }
    nodes = zip(sums.value, sums.square).map { value, square in
      SIMD2(Elementary.log(max(value, 1e-300)), relativeError(value, square))
    }
    firstNode = top + 1 - nodes.count
    self.least = least
    moments = sums.moments
    limitingError = relativeError(moments.first, sums.firstMomentSquare)
  }

  /// Whether no event is accepted.
  public var isZero: Bool { nodes.isEmpty }

  /// S in pb at a proper decay length in mm.
  public func callAsFunction(_ properDecayLength: Double) -> Estimate {
    guard let last = nodes.last else { return .exact(0) }
    let exponent = least > 0 ? -least / properDecayLength : 0
    let position = Elementary.log(properDecayLength) / Self.step - Double(firstNode)
    guard position < Double(nodes.count - 1) else {
      let x = 1 / properDecayLength
      let series = moments.first - x * (moments.second / 2 - x * moments.third / 6)
      let value = Elementary.exp(exponent) * x * series
      // From the table's end on linear in x, as the series of its square begins.
      let share = x * Elementary.exp(Self.step * Double(firstNode + nodes.count - 1))
      return Estimate(
        value: value, error: value * (limitingError + (last[1] - limitingError) * share))
    }
    let node = position > 0 ? interpolated(at: position) : nodes[0]
    let value = Elementary.exp(exponent + node[0])
    return Estimate(value: value, error: value * max(node[1], 0))
  }

  /// Π 1/(i - j) over the other points j of ten: their weights in Lagrange's formula.
  private static let weights = (0..<10).map { i in
    (0..<10).reduce(1.0) { $1 == i ? $0 : $0 / Double(i - $1) }
  }

  /// Ten-point Lagrange interpolation: where S has few entries ln T bends within octaves, as 1 - exp(-(a₂ - a₁)/cτ) does.
  private func interpolated(at position: Double) -> SIMD2<Double> {
    let first = min(max(Int(position) - 4, 0), nodes.count - 10)
    let t = position - Double(first)
    var sum = SIMD2<Double>.zero
    for i in 0..<10 {
      var basis = Self.weights[i]
      for j in 0..<10 where j != i { basis *= t - Double(j) }
      sum += basis * nodes[first + i]
    }
    return sum
  }
}

/// The sums over entries behind a ``SurvivalCurve``, bounds counted from the least a₁.
///
/// Each octave follows from the longer one by squaring: with e = exp(-a₁/cτ) and d = e - exp(-a₂/cτ), halving cτ makes
/// d → d (2e - d) and e → e², in which the small difference d is never formed again. Events go through the octaves in blocks
/// whose e and d stay in the L1 cache, so that the sums of a node stay in registers.
///
/// Squaring doubles the rounding error of e. Where a₂ spans many octaves, events are therefore grouped by it, and each group
/// starts at lifetimes of its own; longer ones are given by a power series in 1/cτ.
struct SurvivalSums {
  /// T at the nodes by rising cτ.
  var value: [Double] { sums.map { $0.sum() } }
  /// The sum over events of the squares of their contributions to T.
  var square: [Double] { squares.map { $0.sum() } }
  /// Σ w (a₂ⁿ - a₁ⁿ) for n = 1, 2, 3.
  private(set) var moments = (first: 0.0, second: 0.0, third: 0.0)
  /// The sum over events of the squares of their first moments.
  private(set) var firstMomentSquare = 0.0

  private let least: Double
  private let topNode: Int
  private var sums: [Lanes]
  private var squares: [Lanes]

  /// Two vector registers of AVX2: two chains of additions that do not wait for one another.
  private typealias Lanes = SIMD8<Double>
  private typealias Column = UnsafeMutablePointer<Lanes>
  /// Octaves of a₂ in a group of events that start together.
  private static let groupWidth = 8

  /// The sums of one entry or more, at nodes up to `topNode`, where cτ is 64 times the greatest a₂ or more.
  init(
    _ accepted: AcceptedEvents, least: Double, uppers: ClosedRange<Double>, topNode: Int, nodes: Int
  ) {
    self.least = least
    self.topNode = topNode
    sums = [Lanes](repeating: .zero, count: nodes)
    squares = sums
    for (index, events) in Self.events(of: accepted).enumerated() {
      let multiplicity = index + 1
      let groups = Self.groups(of: events, multiplicity, accepted.upper, uppers)
      for (group, events) in groups.enumerated() where !events.isEmpty {
        let skipped = group * Self.groupWidth * SurvivalCurve.nodesPerOctave
        // One entry an event is what occurs most: as a constant it leaves no loop over entries.
        if multiplicity == 1 {
          add(events, of: accepted, multiplicity: 1, skipping: skipped)
        } else {
          add(events, of: accepted, multiplicity: multiplicity, skipping: skipped)
        }
      }
    }
  }

  /// The first entries of events, `result[multiplicity - 1]`.
  private static func events(of accepted: AcceptedEvents) -> [[Int32]] {
    let event = accepted.event
    var singles: [Int32] = []
    var others: [[Int32]] = []
    singles.reserveCapacity(event.count)
    var first = 0
    for end in 1...event.count where end == event.count || event[end] != event[first] {
      let multiplicity = end - first
      if multiplicity == 1 {
        singles.append(Int32(first))
      } else {
        while others.count < multiplicity - 1 { others.append([]) }
        others[multiplicity - 2].append(Int32(first))
      }
      first = end
    }
    return [singles] + others
  }

  /// Events by their greatest a₂: within eight octaves of the sample's, within the next eight, and so on.
  private static func groups(
    of events: [Int32], _ multiplicity: Int, _ upper: [Double], _ range: ClosedRange<Double>
  ) -> [[Int32]] {
    func group(_ upper: Double) -> Int { Int((range.upperBound / upper).exponent) / groupWidth }
    // One group is what occurs most.
    guard group(range.lowerBound) > 0 else { return [events] }
    var result = [[Int32]](repeating: [], count: group(range.lowerBound) + 1)
    for first in events {
      let entries = Int(first)..<Int(first) + multiplicity
      result[entries.reduce(result.count) { min($0, group(upper[$1])) }].append(first)
    }
    return result
  }

  /// Adds events with equally many entries: eight events side by side, their entries in successive vectors.
  ///
  /// - Parameter skipped: the topmost nodes, where the power series serves.
  @inline(__always)
  private mutating func add(
    _ events: [Int32], of accepted: AcceptedEvents, multiplicity: Int, skipping skipped: Int
  ) {
    let vectors = max(32 / multiplicity, 1) * multiplicity
    let capacity = vectors / multiplicity * Lanes.scalarCount
    // Aligned, as a store across two cache lines takes twice the time.
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: 5 * vectors * MemoryLayout<Lanes>.stride, alignment: 64)
    defer { memory.deallocate() }
    let weight = memory.initializeMemory(as: Lanes.self, repeating: .zero, count: 5 * vectors)
    let (lower, width) = (weight + vectors, weight + 2 * vectors)
    let (e, d) = (width + vectors, width + 2 * vectors)
    var series = Series()
    for start in stride(from: 0, to: events.count, by: capacity) {
      let block = events[start..<min(start + capacity, events.count)]
      // The last block is filled up with events of no weight and no width.
      if block.count < capacity { weight.update(repeating: .zero, count: 3 * vectors) }
      Self.gather(accepted.weight, block, multiplicity, weight)
      Self.gather(accepted.lower, block, multiplicity, lower)
      Self.gather(accepted.upper, block, multiplicity, width)
      for first in stride(from: 0, to: vectors, by: multiplicity) {
        var event = (Lanes.zero, Lanes.zero, Lanes.zero)
        for i in first..<first + multiplicity {
          width[i] -= lower[i]
          lower[i] -= least
          let (a, b) = (lower[i], lower[i] + width[i])
          let moment = weight[i] * width[i]
          event.0 += moment
          event.1 += moment * (a + b)
          event.2 += moment * (a * a + a * b + b * b)
        }
        series.add(event)
      }
      for phase in 0..<SurvivalCurve.nodesPerOctave {
        let inverse = Elementary.exp(-Double(topNode - skipped - phase) * SurvivalCurve.step)
        for i in 0..<vectors {
          e[i] = 1 - Self.lossSmall(lower[i] * inverse)
          d[i] = e[i] * Self.lossSmall(width[i] * inverse)
        }
        addOctaves(
          weight, e, d, vectors: vectors, multiplicity: multiplicity,
          from: sums.count - 1 - skipped - phase)
      }
    }
    for node in 0..<skipped {
      let x = Elementary.exp(-Double(topNode - node) * SurvivalCurve.step)
      sums[sums.count - 1 - node] += series.value(x)
      squares[sums.count - 1 - node] += series.square(x)
    }
    moments.first += series.moments.0.sum()
    moments.second += series.moments.1.sum()
    moments.third += series.moments.2.sum()
    firstMomentSquare += series.squares.0.sum()
  }

  /// Contributions `f = p₁/cτ - p₂/2cτ² + p₃/6cτ³` of events, summed, and so the squares: p the moments of an event.
  private struct Series {
    private(set) var moments = (Lanes.zero, Lanes.zero, Lanes.zero)
    private(set) var squares = (Lanes.zero, Lanes.zero, Lanes.zero)

    @inline(__always)
    mutating func add(_ event: (Lanes, Lanes, Lanes)) {
      moments.0 += event.0
      moments.1 += event.1
      moments.2 += event.2
      squares.0 += event.0 * event.0
      squares.1 += event.0 * event.1
      let half: Lanes = event.1 * 0.5
      let third: Lanes = event.2 * (1 / 3)
      squares.2 += half * half
      squares.2 += event.0 * third
    }

    /// Σ f at an inverse proper decay length.
    func value(_ x: Double) -> Lanes {
      let second: Lanes = moments.1 * (1 / 2) - moments.2 * (x / 6)
      return (moments.0 - second * x) * x
    }

    /// Σ f² up to x⁴.
    func square(_ x: Double) -> Lanes {
      let second: Lanes = squares.1 - squares.2 * x
      return (squares.0 - second * x) * (x * x)
    }
  }

  /// Writes the entries of a block's events where the loops expect them.
  @inline(__always)
  private static func gather(
    _ source: [Double], _ block: ArraySlice<Int32>, _ multiplicity: Int, _ column: Column
  ) {
    let lanes = Lanes.scalarCount
    let count = (block.count + lanes - 1) / lanes * lanes * multiplicity
    column.withMemoryRebound(to: Double.self, capacity: count) { column in
      for (number, first) in block.enumerated() {
        let lane = number / lanes * lanes * multiplicity + number % lanes
        for entry in 0..<multiplicity {
          column[lane + entry * lanes] = source[Int(first) + entry]
        }
      }
    }
  }

  /// Adds a block at every node of a phase, from the longest lifetime on.
  @inline(__always)
  private mutating func addOctaves(
    _ weight: Column, _ e: Column, _ d: Column, vectors: Int, multiplicity: Int, from start: Int
  ) {
    @inline(__always)
    func contribution(_ i: Int) -> Lanes {
      let (ei, di) = (e[i], d[i])
      d[i] = di * (ei + ei - di)
      e[i] = ei * ei
      return weight[i] * di
    }
    let octave = SurvivalCurve.nodesPerOctave
    for node in stride(from: start, through: 0, by: -octave) {
      var (sum, square) = (Lanes.zero, Lanes.zero)
      for first in stride(from: 0, to: vectors, by: multiplicity) {
        var event = contribution(first)
        for i in first + 1..<first + multiplicity { event += contribution(i) }
        sum += event
        square += event * event
      }
      sums[node] += sum
      squares[node] += square
    }
  }

  /// `1 - e⁻ˣ` for x below 1/40, where the six terms of the series leave out less than 10⁻¹³ of it.
  @inline(__always)
  private static func lossSmall(_ x: Lanes) -> Lanes {
    // x (1 - x (1/2 - x (1/6 - x (1/24 - x (1/120 - x/720))))).
    var bracket: Lanes = 1 / 120 - x * (1 / 720)
    bracket = 1 / 24 - x * bracket
    bracket = 1 / 6 - x * bracket
    bracket = 1 / 2 - x * bracket
    bracket = 1 - x * bracket
    return x * bracket
  }
}

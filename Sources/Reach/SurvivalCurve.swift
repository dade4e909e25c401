import Calculus
import Integration
import Selection

/// `S(cτ) = Σ w [exp(-a₁/cτ) - exp(-a₂/cτ)]`, the accepted cross section of one sample as a smooth function of the proper
/// decay length: the currency between samples and answers.
///
/// The table has four nodes an octave of cτ, from lifetimes so short that nothing survives to ones so long that S ∝ 1/cτ. Each
/// octave follows from the longer one by squaring: with e = exp(-a₁/cτ) and d = e - exp(-a₂/cτ), halving cτ makes
/// d → d (2e - d) and e → e², in which the small difference d is never formed again. Between nodes ln S is
/// interpolated through six points, beyond the longest the exact moments continue it. Below the shortest S is what decays
/// at once: 0, but for intervals that begin at the interaction point.
///
/// Source: the exponential law of decay; Documentation/Physics.md, § 6.2.
public struct SurvivalCurve: Sendable {
  /// ln S at the nodes, in ln pb, by rising cτ; empty when no event is accepted.
  private let logValue: EquidistantInterpolant?
  /// The relative error at the nodes.
  private let relativeError: [Double]
  private let moments: (first: Double, second: Double, third: Double)
  private let longest: Double
  private let decaysAtOnce: Bool

  /// An octave in ln cτ.
  static let octave = 0.693_147_180_559_945_3
  /// Nodes per octave of cτ.
  static let nodesPerOctave = 4

  /// The curve of a sample of `sampleSize` events, of which those given are accepted. Cost: about 100 nodes an entry.
  public init(_ accepted: AcceptedEvents, sampleSize: Int) {
    // An interval that begins at the interaction point saturates below its upper bound.
    let scales = accepted.lower.indices.lazy.map {
      accepted.lower[$0] > 0 ? accepted.lower[$0] : accepted.upper[$0]
    }
    guard let least = scales.min(),
      let most = accepted.upper.filter({ $0.isFinite }).max(), least > 0
    else {
      logValue = nil
      relativeError = []
      moments = (0, 0, 0)
      longest = 0
      decaysAtOnce = false
      return
    }
    decaysAtOnce = accepted.lower.contains { $0 <= 0 }
    let perOctave = Double(Self.nodesPerOctave)
    let top = Int((perOctave * (Elementary.log(most) / Self.octave + 6)).rounded(.up))
    let bottom = Int((perOctave * (Elementary.log(least) / Self.octave - 6)).rounded(.down))
    let count = (top - bottom) / Self.nodesPerOctave + 1
    let nodes = count * Self.nodesPerOctave
    let first = top - nodes + 1
    let sums = SurvivalSums(accepted, topNode: top, octaves: count)
    var values: [Double] = []
    var errors: [Double] = []
    let n = Double(sampleSize)
    for node in 0..<nodes {
      let value = sums.value[node]
      let variance = max(sums.square[node] - value * value / n, 0)
      values.append(Elementary.log(max(value, 1e-300)))
      errors.append(value > 0 ? variance.squareRoot() / value : 1)
    }
    logValue = EquidistantInterpolant(
      start: Double(first) * Self.octave / perOctave, step: Self.octave / perOctave, values: values)
    relativeError = errors
    longest = Elementary.exp(Double(top) * Self.octave / perOctave)
    moments = sums.moments
  }

  /// Whether no event is accepted.
  public var isZero: Bool { logValue == nil }

  /// S in pb at a proper decay length in mm.
  public func callAsFunction(_ properDecayLength: Double) -> Estimate {
    guard let logValue, let last = relativeError.last else { return .exact(0) }
    if properDecayLength >= longest {
      let x = 1 / properDecayLength
      let value = x * (moments.first - x * (moments.second / 2 - x * moments.third / 6))
      return Estimate(value: value, error: value * last)
    }
    let position = Elementary.log(properDecayLength)
    guard position > logValue.start else {
      guard decaysAtOnce else { return .exact(0) }
      let value = Elementary.exp(logValue.values[0])
      return Estimate(value: value, error: value * relativeError[0])
    }
    let value = Elementary.exp(logValue(position))
    let node = (position - logValue.start) / logValue.step
    let left = min(Int(node), relativeError.count - 2)
    let fraction = node - Double(left)
    let relative =
      relativeError[left] + fraction * (relativeError[left + 1] - relativeError[left])
    return Estimate(value: value, error: value * relative)
  }
}

/// The sums over entries behind a ``SurvivalCurve``.
struct SurvivalSums {
  /// S at the nodes by rising cτ.
  private(set) var value: [Double]
  /// The sum over events of the squares of their contributions.
  private(set) var square: [Double]
  /// Σ w (a₂ⁿ - a₁ⁿ) for n = 1, 2, 3.
  private(set) var moments: (first: Double, second: Double, third: Double) = (0, 0, 0)

  /// One vector register of AVX2: four chains of eight would not fit into sixteen of them.
  private typealias Lanes = SIMD4<Double>

  init(_ accepted: AcceptedEvents, topNode: Int, octaves: Int) {
    let phases = SurvivalCurve.nodesPerOctave
    let nodes = octaves * phases
    value = [Double](repeating: 0, count: nodes)
    square = value
    var sums = [Lanes](repeating: .zero, count: nodes)
    var squares = sums
    let (singles, blocks) = Self.sorted(accepted)
    Self.accumulate(singles, topNode: topNode, octaves: octaves, &sums, &squares)
    for block in blocks {
      Self.accumulate(block, topNode: topNode, octaves: octaves, &sums, &squares)
    }
    for node in 0..<nodes {
      value[node] = sums[node].sum()
      square[node] = squares[node].sum()
    }
    var (m1, m2, m3) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    for i in 0..<accepted.count {
      let (w, a, b) = (accepted.weight[i], accepted.lower[i], accepted.upper[i])
      m1.add(w * (b - a))
      m2.add(w * (b - a) * (b + a))
      m3.add(w * (b - a) * (a * a + a * b + b * b))
    }
    moments = (m1.value, m2.value, m3.value)
  }

  /// Events with one entry, filled up with events of no weight to whole vectors.
  private struct Singles {
    var weight: [Double] = []
    var lower: [Double] = []
    var width: [Double] = []

    mutating func append(weight: Double, lower: Double, width: Double) {
      self.weight.append(weight)
      self.lower.append(lower)
      self.width.append(width)
    }
  }

  /// Events with equally many entries, four events to a vector, entries of an event in successive vectors.
  private struct Block {
    let multiplicity: Int
    var weight: [Lanes] = []
    var lower: [Lanes] = []
    var width: [Lanes] = []
    var filled = Lanes.scalarCount
  }

  private static func sorted(_ accepted: AcceptedEvents) -> (Singles, [Block]) {
    let (events, weights) = (accepted.event, accepted.weight)
    let (lowers, uppers) = (accepted.lower, accepted.upper)
    var singles = Singles()
    singles.weight.reserveCapacity(events.count)
    singles.lower.reserveCapacity(events.count)
    singles.width.reserveCapacity(events.count)
    var blocks: [Block] = []
    var i = 0
    while i < events.count {
      var end = i + 1
      while end < events.count, events[end] == events[i] { end += 1 }
      let multiplicity = end - i
      guard multiplicity > 1 else {
        singles.append(weight: weights[i], lower: lowers[i], width: uppers[i] - lowers[i])
        i = end
        continue
      }
      while blocks.count < multiplicity - 1 {
        blocks.append(Block(multiplicity: blocks.count + 2))
      }
      let b = multiplicity - 2
      if blocks[b].filled == Lanes.scalarCount {
        for _ in 0..<multiplicity {
          blocks[b].weight.append(.zero)
          blocks[b].lower.append(.zero)
          blocks[b].width.append(.zero)
        }
        blocks[b].filled = 0
      }
      let lane = blocks[b].filled
      let start = blocks[b].weight.count - multiplicity
      for slot in 0..<multiplicity {
        blocks[b].weight[start + slot][lane] = weights[i + slot]
        blocks[b].lower[start + slot][lane] = lowers[i + slot]
        blocks[b].width[start + slot][lane] = uppers[i + slot] - lowers[i + slot]
      }
      blocks[b].filled += 1
      i = end
    }
    while singles.weight.count % Lanes.scalarCount != 0 {
      singles.append(weight: 0, lower: 0, width: 0)
    }
    return (singles, blocks)
  }

  /// Events with one entry: the four phases of an octave side by side, four chains that wait for one another's multiplications.
  private static func accumulate(
    _ singles: Singles, topNode: Int, octaves: Int, _ sums: inout [Lanes], _ squares: inout [Lanes]
  ) {
    let phases = SurvivalCurve.nodesPerOctave
    precondition(phases == 4, "the loop below has four chains")
    let inverse = (0..<phases).map {
      Elementary.exp(-Double(topNode - $0) * SurvivalCurve.octave / Double(phases))
    }
    let (i0, i1, i2, i3) = (inverse[0], inverse[1], inverse[2], inverse[3])
    sums.withUnsafeMutableBufferPointer { sums in
      squares.withUnsafeMutableBufferPointer { squares in
        guard let sums = sums.baseAddress, let squares = squares.baseAddress else { return }
        for i in stride(from: 0, to: singles.weight.count, by: Lanes.scalarCount) {
          @inline(__always)
          func lanes(_ column: [Double]) -> Lanes {
            Lanes(column[i], column[i + 1], column[i + 2], column[i + 3])
          }
          let (w, a, b) = (lanes(singles.weight), lanes(singles.lower), lanes(singles.width))
          var e0 = 1 - lossSmall(a * i0)
          var e1 = 1 - lossSmall(a * i1)
          var e2 = 1 - lossSmall(a * i2)
          var e3 = 1 - lossSmall(a * i3)
          var d0 = e0 * lossSmall(b * i0)
          var d1 = e1 * lossSmall(b * i1)
          var d2 = e2 * lossSmall(b * i2)
          var d3 = e3 * lossSmall(b * i3)
          var node = octaves * phases - 1
          for _ in 0..<octaves {
            let (f0, f1, f2, f3) = (w * d0, w * d1, w * d2, w * d3)
            sums[node] += f0
            sums[node &- 1] += f1
            sums[node &- 2] += f2
            sums[node &- 3] += f3
            squares[node] += f0 * f0
            squares[node &- 1] += f1 * f1
            squares[node &- 2] += f2 * f2
            squares[node &- 3] += f3 * f3
            d0 *= (e0 + e0) - d0
            d1 *= (e1 + e1) - d1
            d2 *= (e2 + e2) - d2
            d3 *= (e3 + e3) - d3
            e0 *= e0
            e1 *= e1
            e2 *= e2
            e3 *= e3
            node &-= phases
          }
        }
      }
    }
  }

  private static func accumulate(
    _ block: Block, topNode: Int, octaves: Int, _ sums: inout [Lanes], _ squares: inout [Lanes]
  ) {
    let phases = SurvivalCurve.nodesPerOctave
    let m = block.multiplicity
    var e = [Lanes](repeating: .zero, count: m)
    var d = e
    for phase in 0..<phases {
      let inverse = Elementary.exp(-Double(topNode - phase) * SurvivalCurve.octave / Double(phases))
      for group in stride(from: 0, to: block.weight.count, by: m) {
        for slot in 0..<m {
          e[slot] = 1 - lossSmall(block.lower[group + slot] * inverse)
          d[slot] = e[slot] * lossSmall(block.width[group + slot] * inverse)
        }
        var node = octaves * phases - 1 - phase
        for _ in 0..<octaves {
          var f = Lanes.zero
          for slot in 0..<m {
            f += block.weight[group + slot] * d[slot]
            d[slot] *= 2 * e[slot] - d[slot]
            e[slot] *= e[slot]
          }
          sums[node] += f
          squares[node] += f * f
          node -= phases
        }
      }
    }
  }

  /// `1 - e⁻ˣ` for x below 2⁻⁵, where the first eight terms of the series are exact to rounding.
  @inline(__always)
  private static func lossSmall(_ x: Lanes) -> Lanes {
    // x (1 - x/2 (1 - x/3 (1 - … (1 - x/8)))).
    var bracket = Lanes(repeating: 1)
    for n in stride(from: 8.0, through: 2, by: -1) {
      let share: Lanes = x * (1 / n)
      bracket = 1 - share * bracket
    }
    return x * bracket
  }
}

import Calculus
import Sampling

/// Events that pass the cuts, reduced to what their lifetime needs: weight w and the bounds a = ζ/(p_z/m₂) of the allowed
/// decay interval, in mm of proper decay length, so that the event counts
///
///     w [exp(-a₁/cτ) - exp(-a₂/cτ)]
///
/// An event with several intervals, or with several decay channels, has several entries under one number.
///
/// Source: the exponential law of decay; Documentation/Physics.md, § 6.2.
public struct AcceptedEvents: Sendable, Hashable {
  /// The number of the event within the whole sample, ascending.
  public private(set) var event: [Int32] = []
  /// The weight of the entry.
  public private(set) var weight: [Double] = []
  /// The lower bound a₁.
  public private(set) var lower: [Double] = []
  /// The upper bound a₂.
  public private(set) var upper: [Double] = []

  /// No events.
  public init() {}

  /// The number of entries.
  public var count: Int { weight.count }

  /// What an entry counts at a proper decay length in mm: `w [exp(-a₁/cτ) - exp(-a₂/cτ)]`.
  @inline(__always)
  package func contribution(of entry: Int, properDecayLength: Double) -> Double {
    let (a, b) = (lower[entry], upper[entry])
    return weight[entry] * Elementary.exp(-a / properDecayLength)
      * -Elementary.expMinusOne(-(b - a) / properDecayLength)
  }

  /// Adds an entry; events come in ascending order.
  @inline(__always)
  package mutating func append(event: Int32, weight: Double, lower: Double, upper: Double) {
    self.event.append(event)
    self.weight.append(weight)
    self.lower.append(lower)
    self.upper.append(upper)
  }

  /// Adds the rows of a batch whose number in a column is below zero, with their bounds of a.
  ///
  /// - Parameter number: the number of the event of a row.
  package mutating func append(
    rowsBelowZero criterion: UnsafePointer<Double>, count rows: Int, number: (Int) -> Int32,
    weight: UnsafePointer<Double>, lower: UnsafePointer<Double>, upper: UnsafePointer<Double>
  ) {
    let chosen = [UInt32](unsafeUninitializedCapacity: rows) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      count = ColumnBatch.rowsBelowZero(criterion, count: rows, into: base)
    }
    let kept = chosen.count
    // Column by column: growing four arrays entry by entry would cost more than the cuts.
    @inline(__always)
    func column<Value>(_ value: (Int) -> Value) -> [Value] {
      [Value](unsafeUninitializedCapacity: kept) { buffer, count in
        for k in 0..<kept { buffer.initializeElement(at: k, to: value(Int(chosen[k]))) }
        count = kept
      }
    }
    event += column(number)
    self.weight += column { weight[$0] }
    self.lower += column { lower[$0] }
    self.upper += column { upper[$0] }
  }

  /// Adds the entries of later events.
  public mutating func append(_ later: AcceptedEvents) {
    event += later.event
    weight += later.weight
    lower += later.lower
    upper += later.upper
  }

  /// The entries of two channels on one production sample, by event, weights scaled. Cost: linear.
  public static func merged(
    _ channels: [(events: AcceptedEvents, factor: Double)]
  ) -> AcceptedEvents {
    if channels.count == 1, let channel = channels.first {
      var result = channel.events
      let factor = channel.factor
      for i in result.weight.indices { result.weight[i] *= factor }
      return result
    }
    var result = AcceptedEvents()
    let total = channels.reduce(0) { $0 + $1.events.count }
    result.event.reserveCapacity(total)
    result.weight.reserveCapacity(total)
    result.lower.reserveCapacity(total)
    result.upper.reserveCapacity(total)
    var next = [Int](repeating: 0, count: channels.count)
    for _ in 0..<total {
      var first = -1
      for (channel, position) in next.enumerated()
      where position < channels[channel].events.count {
        if first < 0
          || channels[channel].events.event[position]
            < channels[first].events.event[next[first]]
        {
          first = channel
        }
      }
      let source = channels[first].events
      let position = next[first]
      result.append(
        event: source.event[position], weight: channels[first].factor * source.weight[position],
        lower: source.lower[position], upper: source.upper[position])
      next[first] += 1
    }
    return result
  }
}

import Integration
import Sampling

/// A sample of exactly so many events, none of zero weight, handed out in order as it is made.
public struct EventSample: Sendable {
  private let generator: EventGenerator
  private let wanted: Int
  private let weighting: EventWeighting
  private let seed: UInt64

  /// A sample of the card's model point with the card's number of events and weighting.
  ///
  /// - Throws: as ``EventGenerator/init(_:)``.
  public init(_ plan: Plan) throws {
    generator = try EventGenerator(plan)
    wanted = plan.run.eventsPerPoint
    weighting = plan.run.weighting
    seed = plan.run.seed
  }

  /// What a finished sample was.
  public struct Summary: Sendable, Hashable {
    /// Events handed out.
    public let events: Int
    /// σ in pb at the card's ε, from all events generated.
    public let crossSection: Estimate
    /// Events handed out per event generated.
    public let unweightingEfficiency: Double
    /// Events whose weight exceeds the largest foreseen, which is raised until there are none; should some remain, they keep
    /// the excess as a weight above the others', never clipped.
    public let overflowCount: Int
    /// The share of χ₂ decays into the leptonic channels.
    public let leptonicBranchingRatio: Double
  }

  /// Batches whose largest weight sets the scale of unweighting.
  private static let pilotBatches = 16
  /// Room above the pilot's largest weight.
  private static let headroom = 1.25
  /// How often the largest weight is raised before overflows are kept as they are.
  private static let mostRepeats = 8

  /// Generates the sample twice over: once for its normalisation, once to hand the events out, so that no more than a few
  /// batches are ever in memory.
  ///
  /// Weighted events carry w/n, with n the number of events generated; unweighted ones σ/events (but for overflows).
  public func generate(
    threads: Int, _ receive: ([ChainEvent]) throws -> Void
  ) async throws -> Summary {
    var largest = weighting == .unweighted ? try await largestWeight(threads: threads) : nil
    var first = try await scan(threads: threads, largest: largest) { _ in }
    // A weight above the largest foreseen: foresee that one, and start again.
    for _ in 0..<Self.mostRepeats where first.overflows > 0 {
      largest = first.largest
      first = try await scan(threads: threads, largest: largest) { _ in }
    }
    guard first.sum.isFinite, first.sum > 0 else {
      throw EventSampleError.noPositiveWeight(generated: first.generated)
    }
    let generated = Double(first.generated)
    let mean = first.sum / generated
    let variance = max(first.square / generated - mean * mean, 0) / max(generated - 1, 1)
    let scale: Double =
      switch weighting {
      case .weighted: 1 / generated
      case .unweighted: mean / first.kept
      }
    _ = try await scan(threads: threads, largest: largest) { events in
      try receive(
        events.map { event in
          var event = event
          event.weight *= scale
          return event
        })
    }
    return Summary(
      events: wanted, crossSection: Estimate(value: mean, error: variance.squareRoot()),
      unweightingEfficiency: Double(wanted) / generated, overflowCount: first.overflows,
      leptonicBranchingRatio: generator.leptonicBranchingRatio)
  }

  private struct Tally {
    var generated = 0
    var sum = 0.0
    var square = 0.0
    /// The sum of the weights handed out, in units of the largest foreseen when unweighting.
    var kept = 0.0
    var handedOut = 0
    var largest = 0.0
    var overflows = 0
  }

  private func largestWeight(threads: Int) async throws -> Double {
    let maxima = try await concurrentMap(count: Self.pilotBatches, threads: threads) {
      generator.batch($0).map(\.weight).max() ?? 0
    }
    return Self.headroom * (maxima.max() ?? 0)
  }

  /// One pass: batches in order until enough events are found.
  private func scan(
    threads: Int, largest: Double?, _ receive: ([ChainEvent]) throws -> Void
  ) async throws -> Tally {
    var tally = Tally()
    var nextBatch = 0
    while tally.handedOut < wanted {
      // Rounds of a fixed size: the result does not depend on threads.
      let round = 16
      let start = nextBatch
      let batches = try await concurrentMap(count: round, threads: threads) {
        (start + $0, generator.batch(start + $0))
      }
      nextBatch += round
      for (index, events) in batches where tally.handedOut < wanted {
        try receive(chosen(events, batch: index, largest: largest, &tally))
      }
      if nextBatch > 1 << 20, tally.handedOut == 0 {
        throw EventSampleError.noPositiveWeight(generated: tally.generated)
      }
    }
    return tally
  }

  private func chosen(
    _ events: [ChainEvent], batch: Int, largest: Double?, _ tally: inout Tally
  ) -> [ChainEvent] {
    var stream = RandomStream(seed: seed, purpose: .unweighting, point: 0, batch: batch)
    var result: [ChainEvent] = []
    for var event in events where tally.handedOut < wanted {
      tally.generated += 1
      tally.largest = max(tally.largest, event.weight)
      tally.sum += event.weight
      tally.square += event.weight * event.weight
      if let largest {
        let ratio = event.weight / largest
        guard stream.uniform() < ratio else { continue }
        if ratio > 1 { tally.overflows += 1 }
        event.weight = max(1, ratio)
      }
      guard event.weight > 0 else { continue }
      tally.kept += event.weight
      tally.handedOut += 1
      result.append(event)
    }
    return result
  }
}

/// What can go wrong with an event sample.
public enum EventSampleError: Error, Sendable, Hashable, CustomStringConvertible {
  /// No event had a weight above zero.
  case noPositiveWeight(generated: Int)

  /// What, why, and how to mend it.
  public var description: String {
    switch self {
    case .noPositiveWeight(let generated):
      "none of \(generated) events has a weight above zero, so that no sample can be made; "
        + "check that the beam energy lies above threshold by more than rounding"
    }
  }
}

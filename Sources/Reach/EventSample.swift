import Calculus
import Integration
import Kinematics
import Sampling

/// A sample of exactly so many events, none of zero weight, handed out in order as it is made.
///
/// Both kinds run over events 0, 1, 2, … of the generator, up to the last that is handed out; n is the number of events
/// generated so far.
///
/// - Weighted: every event of positive weight w, with the weight w/n. The weights add up to the mean of w, which estimates σ.
/// - Unweighted: event i is kept with probability wᵢ/L, and all kept events have the same weight σ/N, N their number. L is
///   1.25 times the largest weight of the first 32 768 events, or the largest weight of all batches that were begun,
///   whichever is larger: an event above L raises it, and events kept until then are thinned to what they would have been.
///   No weight is ever clipped, and none stands out. σ here is estimated from production weights, of events kept and not.
public struct EventSample: Sendable {
  private let generator: EventGenerator
  private let wanted: Int
  private let weighting: EventWeighting
  private let mostRemembered: Int
  private let fewestForSieve: Int
  private let headroom: Double

  /// A sample of the card's model point with the card's number of events and weighting.
  ///
  /// - Throws: as ``EventGenerator/init(_:)``.
  public init(_ plan: Plan) throws { try self.init(plan, headroom: 1.25) }

  /// A sample with other bounds.
  ///
  /// - Parameters:
  ///   - mostRemembered: how many kept events may be remembered by their place, 16 bytes each; what lies beyond is sieved
  ///     twice.
  ///   - fewestForSieve: the size from which on weights are foreseen by cells.
  ///   - headroom: room above the pilot's largest weight.
  package init(
    _ plan: Plan, mostRemembered: Int = 1 << 22, fewestForSieve: Int = 20_000,
    headroom: Double = 1.25
  ) throws {
    generator = try EventGenerator(plan)
    wanted = plan.run.eventsPerPoint
    weighting = plan.run.weighting
    self.mostRemembered = mostRemembered
    self.fewestForSieve = fewestForSieve
    self.headroom = headroom
  }

  /// What a finished sample was.
  public struct Summary: Sendable, Hashable {
    /// Events handed out.
    public let events: Int
    /// σ in pb at the card's ε, from all events generated.
    public let crossSection: Estimate
    /// Events handed out per event generated.
    public let unweightingEfficiency: Double
    /// Events whose weight stands out above the others': 0, since the largest weight foreseen is raised until there are none.
    public let overflowCount: Int
    /// The share of χ₂ decays into the leptonic channels.
    public let leptonicBranchingRatio: Double
  }

  /// Batches whose largest weight sets the scale of unweighting.
  private static let pilotBatches = 16
  /// How often cells are raised before every event is weighed.
  private static let mostRepeats = 3
  /// Work is cut into tasks, and these into rounds of a fixed size: the result does not depend on threads.
  private static let batchesPerTask = 4
  private static let tasksPerRound = 16
  private static let batchesPerRound = batchesPerTask * tasksPerRound
  /// Without an event of positive weight in so many batches there is none.
  private static let mostEmptyBatches = 1 << 20

  /// Makes the sample: first the weights, for the normalisation, then the events, a bounded number at a time.
  ///
  /// - Parameter receive: takes the events in order, in blocks of at most ``BatchLayout/capacity``.
  public func generate(
    threads: Int, _ receive: (EventBlock) throws -> Void
  ) async throws -> Summary {
    switch weighting {
    case .weighted: try await generateWeighted(threads: threads, receive)
    case .unweighted: try await generateUnweighted(threads: threads, receive)
    }
  }

  private func summary(generated: Int, mean: Double, meanSquare: Double) -> Summary {
    let variance = max(meanSquare - mean * mean, 0) / Double(max(generated - 1, 1))
    return summary(
      generated: generated, Estimate(value: mean, error: variance.squareRoot()))
  }

  private func summary(generated: Int, _ crossSection: Estimate) -> Summary {
    Summary(
      events: wanted, crossSection: generator.epsilonSquared * crossSection,
      unweightingEfficiency: Double(wanted) / Double(generated), overflowCount: 0,
      leptonicBranchingRatio: generator.leptonicBranchingRatio)
  }

  // MARK: Weighted

  private struct WeightSums: Sendable {
    var sum = CompensatedSum()
    var square = CompensatedSum()
    var positive = 0
    var generated = 0

    /// Takes in weights until `wanted` are positive.
    mutating func add(_ weights: UnsafePointer<Double>, count: Int, wanted: Int) {
      for i in 0..<count where positive < wanted {
        generated += 1
        sum.add(weights[i])
        square.add(weights[i] * weights[i])
        positive += weights[i] > 0 ? 1 : 0
      }
    }
  }

  private func sums(ofBatch index: Int, wanted: Int) -> WeightSums {
    let generator = generator
    return generator.workspaces.with { workspace in
      workspace.rows.set(batch: index, count: BatchLayout.capacity)
      generator.weigh(workspace)
      var sums = WeightSums()
      sums.add(
        workspace.chain.base + EventColumn.chainWeight, count: BatchLayout.capacity,
        wanted: wanted)
      return sums
    }
  }

  private func generateWeighted(
    threads: Int, _ receive: (EventBlock) throws -> Void
  ) async throws -> Summary {
    var (sum, square) = (CompensatedSum(), CompensatedSum())
    var (positive, generated, batch) = (0, 0, 0)
    while positive < wanted {
      let start = batch
      let tasks = try await concurrentMap(count: Self.tasksPerRound, threads: threads) { task in
        (0..<Self.batchesPerTask).map {
          sums(ofBatch: start + task * Self.batchesPerTask + $0, wanted: BatchLayout.capacity)
        }
      }
      for full in tasks.joined() where positive < wanted {
        let isLast = positive + full.positive >= wanted
        let part = isLast ? sums(ofBatch: batch, wanted: wanted - positive) : full
        sum.add(part.sum.value)
        square.add(part.square.value)
        positive += part.positive
        generated += part.generated
        batch += 1
      }
      if batch >= Self.mostEmptyBatches, positive == 0 {
        throw EventSampleError.noPositiveWeight(generated: generated)
      }
    }
    guard sum.value.isFinite, sum.value > 0 else {
      throw EventSampleError.noPositiveWeight(generated: generated)
    }
    let (n, scale) = (Double(generated), 1 / Double(generated))
    var left = wanted
    try await handOut(count: batch, threads: threads) { index, workspace in
      workspace.rows.set(batch: index, count: BatchLayout.capacity)
      return generator.block(workspace, scale: scale).withoutZeroWeights()
    } receive: { block in
      try receive(block.prefix(left))
      left -= Swift.min(left, block.count)
    }
    return summary(
      generated: generated, mean: sum.value / n, meanSquare: square.value / n)
  }

  /// Makes blocks 0, 1, … and hands them out in order, no more than a round of them in memory.
  private func handOut(
    count: Int, threads: Int,
    _ make: @escaping @Sendable (Int, EventWorkspace) -> EventBlock,
    receive: (EventBlock) throws -> Void
  ) async throws {
    let pool = generator.workspaces
    for start in stride(from: 0, to: count, by: Self.tasksPerRound) {
      let blocks = try await concurrentMap(
        count: min(Self.tasksPerRound, count - start), threads: threads
      ) { k in pool.with { make(start + k, $0) } }
      for block in blocks { try receive(block) }
    }
  }

  // MARK: Unweighted

  /// The events kept so far.
  private struct Ledger: Sendable {
    /// L in pb at ε = 1.
    var scale: Double
    /// The next batch.
    var next = 0
    /// Addresses, batch and row in one number, and w/u: of all events kept before batch `end`.
    var remembered: [UInt64] = []
    var ratios: [Double] = []
    var end = 0
    /// Events kept from batch `end` on, whose places are forgotten.
    var forgotten = 0
    var sum = CompensatedSum()
    var square = CompensatedSum()
    /// The sums before batch `end`.
    var sumsAtEnd = (CompensatedSum(), CompensatedSum())
    /// Events generated, once all are found.
    var generated = 0

    var kept: Int { remembered.count + forgotten }

    /// Takes in a batch; `false` when an event above L leaves the count from batch `end` on to be made again.
    mutating func add(_ batch: EventSieve.Survivors, wanted: Int, mostRemembered: Int) -> Bool {
      if batch.largest > scale {
        scale = batch.largest
        thin()
        if end < next {
          (sum, square) = sumsAtEnd
          (forgotten, next) = (0, end)
          return false
        }
      }
      sum.add(batch.sum)
      square.add(batch.square)
      let isRemembered = end == next && remembered.count < mostRemembered
      for (row, ratio) in zip(batch.rows, batch.ratios) where ratio > scale {
        if isRemembered {
          remembered.append(UInt64(next) << 32 | UInt64(row))
          ratios.append(ratio)
        } else {
          forgotten += 1
        }
        if kept == wanted { generated = next * BatchLayout.capacity + Int(row) + 1 }
      }
      next += 1
      if isRemembered {
        end = next
        sumsAtEnd = (sum, square)
      }
      return true
    }

    private mutating func thin() {
      var k = 0
      for i in ratios.indices where ratios[i] > scale {
        (remembered[k], ratios[k]) = (remembered[i], ratios[i])
        k += 1
      }
      remembered.removeLast(remembered.count - k)
      ratios.removeLast(ratios.count - k)
    }
  }

  private func generateUnweighted(
    threads: Int, _ receive: (EventBlock) throws -> Void
  ) async throws -> Summary {
    let scale = try await foreseenLargest(threads: threads)
    var sieve = EventSieve(generator)
    if wanted >= fewestForSieve { try await sieve.foresee(threads: threads) }
    var ledger: Ledger?
    for _ in 0..<Self.mostRepeats where ledger == nil {
      ledger = try await fill(Ledger(scale: scale), threads: threads, &sieve)
    }
    if ledger == nil {
      sieve = EventSieve(generator)
      ledger = try await fill(Ledger(scale: scale), threads: threads, &sieve)
    }
    guard let ledger else { preconditionFailure("a sieve that weighs all has no overflow") }
    let n = Double(ledger.next * BatchLayout.capacity)
    let (mean, meanSquare) = (ledger.sum.value / n, ledger.square.value / n)
    let crossSection = Estimate(
      value: sieve.controlMean + mean,
      error: (max(meanSquare - mean * mean, 0) / (n - 1)).squareRoot())
    guard crossSection.value.isFinite, crossSection.value > 0 else {
      throw EventSampleError.noPositiveWeight(generated: ledger.generated)
    }
    let weight = crossSection.value * generator.epsilonSquared / Double(wanted)
    try await handOut(
      ledger.remembered[..<min(wanted, ledger.remembered.count)], weight: weight,
      threads: threads, receive)
    try await handOutForgotten(ledger, sieve, weight: weight, threads: threads, receive)
    return summary(generated: ledger.generated, crossSection)
  }

  /// The first L, in pb at ε = 1.
  private func foreseenLargest(threads: Int) async throws -> Double {
    let generator = generator
    let maxima = try await concurrentMap(count: Self.pilotBatches, threads: threads) { batch in
      generator.workspaces.with { workspace in
        workspace.rows.set(batch: batch, count: BatchLayout.capacity)
        generator.weigh(workspace)
        let weights = workspace.chain.base + EventColumn.chainWeight
        return (0..<BatchLayout.capacity).reduce(0.0) { max($0, weights[$1]) }
      }
    }
    return headroom * (maxima.max() ?? 0)
  }

  /// One round of batches through the sieve.
  private func sieved(
    from start: Int, scale: Double, threads: Int, _ sieve: EventSieve
  ) async throws -> [EventSieve.Survivors] {
    let pool = generator.workspaces
    return try await concurrentMap(count: Self.tasksPerRound, threads: threads) { task in
      pool.with { workspace in
        (0..<Self.batchesPerTask).map {
          sieve.survivors(
            ofBatch: start + task * Self.batchesPerTask + $0, scale: scale, workspace)
        }
      }
    }.flatMap { $0 }
  }

  /// Sieves batches until enough events are kept; `nil` when a cell overflowed, which is then raised.
  private func fill(
    _ empty: Ledger, threads: Int, _ sieve: inout EventSieve
  ) async throws -> Ledger? {
    var ledger = empty
    guard ledger.scale > 0, ledger.scale.isFinite else {
      throw EventSampleError.noPositiveWeight(
        generated: Self.pilotBatches * BatchLayout.capacity)
    }
    while ledger.kept < wanted {
      let round = try await sieved(
        from: ledger.next, scale: ledger.scale, threads: threads, sieve)
      for batch in round where ledger.kept < wanted {
        guard batch.overflows.isEmpty else {
          sieve.raise(batch.overflows)
          return nil
        }
        guard ledger.add(batch, wanted: wanted, mostRemembered: mostRemembered) else { break }
      }
      if ledger.next >= Self.mostEmptyBatches, ledger.kept == 0 {
        throw EventSampleError.noPositiveWeight(
          generated: ledger.next * BatchLayout.capacity)
      }
    }
    return ledger
  }

  /// Makes events from their addresses.
  private func handOut(
    _ addresses: ArraySlice<UInt64>, weight: Double, threads: Int,
    _ receive: (EventBlock) throws -> Void
  ) async throws {
    let generator = generator
    let blocks = BatchLayout.batchCount(forEvents: addresses.count)
    try await handOut(count: blocks, threads: threads) { index, workspace in
      let start = addresses.startIndex + index * BatchLayout.capacity
      workspace.rows.set(
        addresses: addresses[start..<Swift.min(start + BatchLayout.capacity, addresses.endIndex)])
      let block = generator.block(workspace, scale: 1)
      block.setWeight(weight)
      return block
    } receive: {
      try receive($0)
    }
  }

  /// Sieves again what was not remembered, and makes it.
  private func handOutForgotten(
    _ ledger: Ledger, _ sieve: EventSieve, weight: Double, threads: Int,
    _ receive: (EventBlock) throws -> Void
  ) async throws {
    var left = wanted - ledger.remembered.count
    var next = ledger.end
    var waiting: [UInt64] = []
    while left > 0 {
      let round = try await sieved(from: next, scale: ledger.scale, threads: threads, sieve)
      for (offset, batch) in round.enumerated() {
        waiting += batch.rows.map { UInt64(next + offset) << 32 | UInt64($0) }
      }
      next += round.count
      let isLast = waiting.count >= left
      let count =
        isLast ? left : waiting.count / BatchLayout.capacity * BatchLayout.capacity
      try await handOut(waiting[..<count], weight: weight, threads: threads, receive)
      waiting.removeFirst(count)
      left -= count
    }
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

import Calculus
import Integration
import Kinematics
import Sampling

/// A sample of exactly so many events, none of zero weight, handed out in order as it is made.
///
/// - Weighted: events 0, 1, 2, … of the generator with positive weight w, with the weight w/n, n the number of events generated
///   up to the last that is handed out. The weights add up to the mean of w, which estimates σ.
/// - Unweighted: production events kept with probability w/w_c, w_c the largest weight foreseen in a cell of phase space, and
///   for each of them decays drawn until one is kept. All events have the same weight σ/N, N their number. σ is the mean
///   weight in the survey that foresees the w_c, on random numbers of its own. What lies above its w_c all the same is kept
///   more than once, with other decays, so that no weight is clipped and none stands out.
public struct EventSample: Sendable {
  private let generator: EventGenerator
  private let wanted: Int
  private let weighting: EventWeighting
  private let headroom: Double?

  /// A sample of the card's model point with the card's number of events and weighting.
  ///
  /// - Throws: as ``EventGenerator/init(_:)``.
  public init(_ plan: Plan) throws { try self.init(plan, headroom: nil) }

  /// A sample whose largest weights are foreseen with another room above those of the survey.
  package init(_ plan: Plan, headroom: Double?) throws {
    generator = try EventGenerator(plan)
    wanted = plan.run.eventsPerPoint
    weighting = plan.run.weighting
    self.headroom = headroom
  }

  /// What is known of a sample before its first event.
  public struct Outlook: Sendable, Hashable {
    /// Events to come.
    public let events: Int
    /// σ in pb at the card's ε, as in the ``Summary``.
    public let crossSection: Estimate
    /// The largest weight of an event in pb.
    public let largestWeight: Double
    /// The share of χ₂ decays into the leptonic channels.
    public let leptonicBranchingRatio: Double

    /// An outlook from its numbers.
    public init(
      events: Int, crossSection: Estimate, largestWeight: Double, leptonicBranchingRatio: Double
    ) {
      self.events = events
      self.crossSection = crossSection
      self.largestWeight = largestWeight
      self.leptonicBranchingRatio = leptonicBranchingRatio
    }
  }

  /// What a finished sample was.
  public struct Summary: Sendable, Hashable {
    /// Events handed out.
    public let events: Int
    /// σ in pb at the card's ε: from all events generated, or from the survey of an unweighted sample.
    public let crossSection: Estimate
    /// Events kept per production event, repeated ones counted each time; in a weighted sample, of those with a weight above zero.
    public let unweightingEfficiency: Double
    /// Events that share their production event, of a weight above the largest one foreseen, with an earlier one.
    public let overflowCount: Int
    /// The share of χ₂ decays into the leptonic channels.
    public let leptonicBranchingRatio: Double
  }

  /// Work is cut into tasks, and these into rounds of a fixed size: the result does not depend on threads.
  private static let batchesPerTask = 4
  private static let tasksPerRound = 16
  /// Without an event of positive weight in so many batches there is none.
  private static let mostEmptyBatches = 1 << 20

  /// Makes the sample: first the normalisation, then the events, a bounded number at a time.
  ///
  /// - Parameters:
  ///   - begin: takes what is known once the normalisation is there, before the first event.
  ///   - receive: takes the events in order, in blocks of at most ``BatchLayout/capacity``.
  public func generate(
    threads: Int, begin: (Outlook) throws -> Void = { _ in },
    _ receive: (EventBlock) async throws -> Void
  ) async throws -> Summary {
    switch weighting {
    case .weighted: try await generateWeighted(threads: threads, begin, receive)
    case .unweighted: try await generateUnweighted(threads: threads, begin, receive)
    }
  }

  private func summary(
    kept: Int, generated: Int, overflows: Int = 0, _ outlook: Outlook
  ) -> Summary {
    Summary(
      events: wanted, crossSection: outlook.crossSection,
      unweightingEfficiency: Double(kept) / Double(generated), overflowCount: overflows,
      leptonicBranchingRatio: outlook.leptonicBranchingRatio)
  }

  private func outlook(_ crossSection: Estimate, largestWeight: Double) -> Outlook {
    Outlook(
      events: wanted, crossSection: generator.epsilonSquared * crossSection,
      largestWeight: largestWeight, leptonicBranchingRatio: generator.leptonicBranchingRatio)
  }

  // MARK: Weighted

  private struct WeightSums: Sendable {
    var sum = CompensatedSum()
    var square = CompensatedSum()
    var largest = 0.0
    var positive = 0
    var generated = 0

    /// Takes in weights until `wanted` are positive.
    mutating func add(_ weights: UnsafePointer<Double>, count: Int, wanted: Int) {
      for i in 0..<count where positive < wanted {
        generated += 1
        sum.add(weights[i])
        square.add(weights[i] * weights[i])
        largest = max(largest, weights[i])
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
    threads: Int, _ begin: (Outlook) throws -> Void,
    _ receive: (EventBlock) async throws -> Void
  ) async throws -> Summary {
    var (sum, square, largest) = (CompensatedSum(), CompensatedSum(), 0.0)
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
        largest = max(largest, part.largest)
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
    let (mean, meanSquare) = (sum.value / n, square.value / n)
    let variance = max(meanSquare - mean * mean, 0) / Double(max(generated - 1, 1))
    let outlook = outlook(
      Estimate(value: mean, error: variance.squareRoot()),
      largestWeight: largest * generator.epsilonSquared * scale)
    try begin(outlook)
    var left = wanted
    try await handOut(count: batch, threads: threads) { index, workspace in
      workspace.rows.set(batch: index, count: BatchLayout.capacity)
      return generator.block(workspace, scale: scale).withoutZeroWeights()
    } receive: { block in
      try await receive(block.prefix(left))
      left -= Swift.min(left, block.count)
    }
    return summary(kept: wanted, generated: generated, outlook)
  }

  /// Makes blocks 0, 1, … and hands them out in order, no more than a round of them in memory.
  private func handOut(
    count: Int, threads: Int,
    _ make: @escaping @Sendable (Int, EventWorkspace) -> EventBlock,
    receive: (EventBlock) async throws -> Void
  ) async throws {
    let pool = generator.workspaces
    for start in stride(from: 0, to: count, by: Self.tasksPerRound) {
      let blocks = try await concurrentMap(
        count: min(Self.tasksPerRound, count - start), threads: threads
      ) { k in pool.with { make(start + k, $0) } }
      for block in blocks { try await receive(block) }
    }
  }

  // MARK: Unweighted

  private func generateUnweighted(
    threads: Int, _ begin: (Outlook) throws -> Void,
    _ receive: (EventBlock) async throws -> Void
  ) async throws -> Summary {
    let events = try await UnweightedEvents(
      generator, wanted: wanted, headroom: headroom, threads: threads)
    let weight = generator.epsilonSquared * events.crossSection.value / Double(wanted)
    let outlook = outlook(events.crossSection, largestWeight: weight)
    try begin(outlook)
    var (left, kept, next, overflows) = (wanted, 0, 0, 0)
    while left > 0 {
      // A quarter of a batch is kept at least, at most points: no more are begun for a few events.
      let start = next
      let round = try await concurrentMap(
        count: min(Self.tasksPerRound, 1 + 4 * left / BatchLayout.capacity), threads: threads
      ) { events.batch(start + $0, weight: weight) }
      for batch in round where left > 0 {
        next += 1
        for (b, block) in batch.enumerated() {
          kept += block.count
          let events = block.prefix(left)
          if !events.isEmpty { try await receive(events) }
          left -= events.count
          overflows += b > 0 ? events.count : 0
        }
      }
    }
    return summary(
      kept: kept, generated: next * BatchLayout.capacity, overflows: overflows, outlook)
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

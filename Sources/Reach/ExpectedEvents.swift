import Background
import Calculus
import DarkSector
import Integration
import ParticleData
import Relic
import Selection

/// The expected number of signal events at one point, and how the cuts come to it.
public struct ExpectedEvents: Sendable {
  /// The model point.
  public let point: ModelPoint
  /// ε.
  public let epsilon: Double
  /// y.
  public let y: Double
  /// The luminosity and its origin.
  public let luminosity: LuminosityLedger
  /// The number of events.
  public let events: Estimate
  /// σ in pb at ε = 1, from the events of the sample.
  public let crossSection: Estimate
  /// cτ of χ₂ in mm.
  public let properDecayLength: Double
  /// Each cut alone and cumulatively.
  public let cutFlow: [CutFlowStep]
  /// The share of χ₂ decays into the channels counted.
  public let leptonicBranchingRatio: Double
  /// The share of A′ decays into χ₁χ₂.
  public let darkBranchingRatio: Double
}

extension Plan {
  /// The expected events of the card's model point.
  ///
  /// - Throws: ``DarkSectorError/closedChannel(splitting:threshold:)`` for a stable χ₂, ``ProductionError``.
  public func expectedEvents(threads: Int) async throws -> ExpectedEvents {
    let point = try modelPoint()
    let epsilonSquared = try physicalEpsilonSquared(point)
    let samplePlan = try samplePlan([point], alphaD: model.alphaD)
    let widths = samplePlan.points[0].widths
    guard
      let length = widths.properDecayLength(
        epsilonSquared: epsilonSquared, alphaD: model.alphaD)
    else { throw closedDecay(point) }
    let tasks = samplePlan.tasks
    let parts = try await concurrentMap(count: tasks.count, threads: threads) { task in
      samplePlan.part(batches: tasks[task], properDecayLengths: [length])
    }
    let sample = samplePlan.samples(parts)[0]
    var flow = CutFlowSums()
    for (c, channel) in samplePlan.points[0].channels.enumerated() {
      for part in parts { flow.add(part.flow[0][c], factor: channel.branchingRatio) }
    }
    return expectedEvents(
      at: point, sample, samplePlan, epsilonSquared: epsilonSquared, properDecayLength: length,
      cutFlow: flow.steps)
  }

  /// The expected events of one sample, as weights on it.
  fileprivate func expectedEvents(
    at point: ModelPoint, _ sample: SignalSample, _ samplePlan: SamplePlan, epsilonSquared: Double,
    properDecayLength length: Double, cutFlow: [CutFlowStep]
  ) -> ExpectedEvents {
    let ledger = LuminosityLedger(luminosity, plan: self)
    let leptonic = samplePlan.points[0].channels.reduce(0) { $0 + $1.branchingRatio }
    // No event accepted is not a zero: fewer than 1.14 of n, at one standard deviation, all of which would count.
    let survival =
      sample.accepted.count > 0
      ? sample.survival(length)
      : Estimate(
        value: 0, error: 1.14 * leptonic * sample.crossSection.value / Double(sample.sampleSize))
    let dark = point.darkBranchingRatio(epsilonSquared: epsilonSquared, alphaD: model.alphaD)
    return ExpectedEvents(
      point: point, epsilon: epsilonSquared.squareRoot(),
      y: point.y(epsilon: epsilonSquared.squareRoot(), alphaD: model.alphaD), luminosity: ledger,
      events: ledger.perPicobarn * epsilonSquared * dark * survival,
      crossSection: sample.crossSection, properDecayLength: length, cutFlow: cutFlow,
      leptonicBranchingRatio: leptonic,
      darkBranchingRatio: dark)
  }

  /// The error of a point whose χ₂ is stable.
  public func closedDecay(_ point: ModelPoint) -> DarkSectorError {
    .closedChannel(
      splitting: point.massSplitting, threshold: 2 * Mass.electron)
  }
}

/// Samples of points that differ in couplings, luminosity and statistics alone are one sample: what a scan keeps of the last few points.
public struct YieldSamples {
  private struct Entry {
    var plan: Plan
    var samplePlan: SamplePlan
    var sample: SignalSample
  }

  private var entries: [Entry] = []
  private static let capacity = 4

  /// No samples.
  public init() {}

  /// The expected events of a plan's model point, the same numbers as ``Plan/expectedEvents(threads:)``, without its cut flow.
  ///
  /// - Throws: as ``Plan/expectedEvents(threads:)``.
  public mutating func expectedEvents(of plan: Plan) throws -> ExpectedEvents {
    let point = try plan.modelPoint()
    let epsilonSquared = try plan.physicalEpsilonSquared(point)
    let entry = try entry(of: plan, at: point)
    guard
      let length = entry.samplePlan.points[0].widths.properDecayLength(
        epsilonSquared: epsilonSquared, alphaD: plan.model.alphaD)
    else { throw plan.closedDecay(point) }
    return plan.expectedEvents(
      at: point, entry.sample, entry.samplePlan, epsilonSquared: epsilonSquared,
      properDecayLength: length, cutFlow: [])
  }

  private mutating func entry(of plan: Plan, at point: ModelPoint) throws -> Entry {
    let key = plan.withoutWeights
    if let place = entries.firstIndex(where: { $0.plan == key }) {
      let entry = entries.remove(at: place)
      entries.append(entry)
      return entry
    }
    let samplePlan = try plan.samplePlan([point], alphaD: plan.model.alphaD)
    let parts = samplePlan.tasks.map { samplePlan.part(batches: $0) }
    let sample = samplePlan.samples(parts)[0]
    let entry = Entry(plan: key, samplePlan: samplePlan, sample: sample)
    if entries.count == Self.capacity { entries.removeFirst() }
    entries.append(entry)
    return entry
  }
}

extension SamplePlan {
  /// The batches in groups, each a task's: sums are grouped by them, whoever computes them.
  fileprivate var tasks: [Range<Int>] {
    stride(from: 0, to: batchCount, by: 8).map { $0..<min($0 + 8, batchCount) }
  }
}

extension Plan {
  /// The plan with fixed values for all that enters as weights on a sample.
  fileprivate var withoutWeights: Plan {
    var plan = self
    plan.model.coupling = .y(1)
    // A wide A' has a line shape that α_D determines.
    if production.mediator == .narrow { plan.model.alphaD = 1 }
    plan.luminosity = .paperText
    plan.statistics = StatisticsSettings()
    plan.background = BackgroundSettings()
    plan.relic = RelicSettings()
    plan.scan = ScanSettings(m1: [], splittingOverM1: [])
    plan.run.threads = nil
    return plan
  }
}

import Calculus
import DarkSector
import Integration
import ParticleData
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
    let batchesPerTask = 8
    let parts = try await concurrentMap(
      count: (samplePlan.batchCount + batchesPerTask - 1) / batchesPerTask, threads: threads
    ) { task in
      let first = task * batchesPerTask
      return samplePlan.part(
        batches: first..<min(first + batchesPerTask, samplePlan.batchCount),
        properDecayLengths: [length])
    }
    let sample = samplePlan.samples(parts)[0]
    var flow = CutFlowSums()
    for (c, channel) in samplePlan.points[0].channels.enumerated() {
      for part in parts { flow.add(part.flow[0][c], factor: channel.branchingRatio) }
    }
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
      crossSection: sample.crossSection, properDecayLength: length, cutFlow: flow.steps,
      leptonicBranchingRatio: leptonic,
      darkBranchingRatio: dark)
  }

  /// The error of a point whose χ₂ is stable.
  public func closedDecay(_ point: ModelPoint) -> DarkSectorError {
    .closedChannel(
      splitting: point.massSplitting, threshold: 2 * Mass.electron)
  }
}

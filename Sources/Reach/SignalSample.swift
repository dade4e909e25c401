import Calculus
import DarkSector
import Decay
import Integration
import Kinematics
import ParticleData
import Production
import Sampling
import Selection

/// The signal of one model point before its couplings: the production cross section and the accepted events of all open
/// leptonic channels, weighted by their branching ratios.
public struct SignalSample: Sendable {
  /// The model point.
  public let point: ModelPoint
  /// The widths of χ₂.
  public let widths: Chi2Widths
  /// σ(ℓN → ℓNA′) in pb at ε = 1, from the same events.
  public let crossSection: Estimate
  /// Events that pass, weights in pb at ε = 1 times the branching ratio of χ₂.
  public let accepted: AcceptedEvents
  /// Production events behind it.
  public let sampleSize: Int

  /// S(cτ) summed directly over events, in pb at ε = 1 with branching ratios of χ₂. Cost: O(entries).
  public func survival(_ properDecayLength: Double) -> Estimate {
    var (sum, squares) = (CompensatedSum(), CompensatedSum())
    var i = 0
    while i < accepted.count {
      var contribution = 0.0
      let event = accepted.event[i]
      while i < accepted.count, accepted.event[i] == event {
        contribution += accepted.contribution(of: i, properDecayLength: properDecayLength)
        i += 1
      }
      sum.add(contribution)
      squares.add(contribution * contribution)
    }
    let variance = max(squares.value - sum.value * sum.value / Double(sampleSize), 0)
    return Estimate(value: sum.value, error: variance.squareRoot())
  }
}

/// One open decay channel of a sample under construction.
struct SampleChannel: Sendable {
  let decay: DecaySampler
  let selector: EventSelector
  let branchingRatio: Double
  let digest: UInt64
  /// What decays are drawn by; `nil` leaves their numbers as they are drawn.
  var map: ImportanceMap?
}

/// What a sample is made from: a trained production sampler, and for each model point its open channels.
package struct SamplePlan: Sendable {
  let production: ProductionSampler
  var points: [(point: ModelPoint, widths: Chi2Widths, channels: [SampleChannel])]
  let seed: UInt64
  var eventCount: Int

  /// The sums of a range of batches.
  package struct Part: Sendable {
    var weight = CompensatedSum()
    var square = CompensatedSum()
    /// `accepted[point][channel]`.
    var accepted: [[AcceptedEvents]]
    /// `flow[point][channel]`; empty unless asked for.
    var flow: [[CutFlowSums]]
  }

  /// Makes the events of a range of batches and reduces them.
  ///
  /// - Parameter properDecayLengths: cτ in mm for each point at which a cut flow is wanted, or `nil` for none.
  package func part(batches: Range<Int>, properDecayLengths: [Double]? = nil) -> Part {
    let events = ColumnBatch(columns: EventColumn.count)
    let productionScratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let decayScratch = ColumnBatch(columns: DecaySampler.scratchColumnCount)
    let selectionScratch = ColumnBatch(columns: EventSelector.scratchColumnCount)
    var part = Part(
      accepted: points.map { $0.channels.map { _ in AcceptedEvents() } },
      flow: points.map { $0.channels.map { _ in CutFlowSums() } })
    for batch in batches {
      let n = production.fill(events, scratch: productionScratch, batch: batch, of: eventCount)
      for i in 0..<n {
        let weight = events.base[EventColumn.weight + i]
        part.weight.add(weight)
        part.square.add(weight * weight)
      }
      let beamStream = RandomStream(
        seed: seed, purpose: .beam, point: production.digest, batch: batch)
      for (p, entry) in points.enumerated() {
        for (c, channel) in entry.channels.enumerated() {
          channel.decay.fill(
            events, scratch: decayScratch, count: n,
            stream: RandomStream(
              seed: seed, purpose: .decay, point: channel.digest, batch: batch),
            map: channel.map)
          channel.selector.select(
            events, scratch: selectionScratch, count: n,
            firstEvent: batch * BatchLayout.capacity, stream: beamStream,
            into: &part.accepted[p][c])
          if let properDecayLengths {
            channel.selector.addCutFlow(
              events, scratch: selectionScratch, count: n, stream: beamStream,
              properDecayLength: properDecayLengths[p], into: &part.flow[p][c])
          }
        }
      }
    }
    return part
  }

  /// Joins parts in batch order.
  package func samples(_ parts: [Part]) -> [SignalSample] {
    let weight = parts.map(\.weight.value).compensatedSum()
    let square = parts.map(\.square.value).compensatedSum()
    let n = Double(eventCount)
    let variance = max(square - weight * weight / n, 0) * n / max(n - 1, 1)
    let crossSection = Estimate(value: weight, error: variance.squareRoot())
    return points.indices.map { p in
      let channels = points[p].channels.indices.map { c in
        var all = AcceptedEvents()
        for part in parts { all.append(part.accepted[p][c]) }
        return (events: all, factor: points[p].channels[c].branchingRatio)
      }
      return SignalSample(
        point: points[p].point, widths: points[p].widths, crossSection: crossSection,
        accepted: .merged(channels), sampleSize: eventCount)
    }
  }

  package var batchCount: Int { BatchLayout.batchCount(forEvents: eventCount) }
}

extension Plan {
  /// What a sample of the given model points is made from. All points share m_A′ (and, where the line shape is kept, are one point).
  ///
  /// - Throws: ``ProductionError`` for a beam below threshold, or a method that has no events.
  package func samplePlan(_ points: [ModelPoint], alphaD: Double) throws -> SamplePlan {
    guard production.method == .exact else {
      throw ProductionError.approximationHasNoEvents(production.method)
    }
    precondition(!points.isEmpty, "a sample needs a model point")
    let setup = try productionSetup(points[0], alphaD: alphaD)
    let sampler = ProductionSampler(setup, seed: run.seed)
    let entries = try points.map { point in
      let widths = point.chi2Widths()
      let channels = try [LeptonFlavour.electron, .muon]
        .filter { widths.width($0) > 0 }
        .map { flavour in
          SampleChannel(
            decay: try DecaySampler(
              point, flavour: flavour, width: widths.width(flavour),
              polarised: production.polarisation == .full, onShell: production.mediator == .narrow),
            selector: EventSelector(
              selection, apparatus: apparatus, beamLeptonMass: beam.particle.mass,
              leptonMass: flavour.mass, chi2Mass: point.chi2Mass, spot: beam.spot,
              divergence: beam.divergence),
            branchingRatio: widths.branchingRatio(flavour),
            digest: DecaySampler.digest(
              production: sampler.digest, point: point, flavour: flavour))
        }
      return (point: point, widths: widths, channels: channels)
    }
    return SamplePlan(
      production: sampler, points: entries, seed: run.seed, eventCount: run.eventsPerPoint)
  }

  /// The production set-up of a model point.
  ///
  /// - Throws: ``ProductionError/belowThreshold(beamEnergy:needed:mediatorMass:)``.
  public func productionSetup(_ point: ModelPoint, alphaD: Double) throws(ProductionError)
    -> ProductionSetup
  {
    let mediator: Mediator =
      switch production.mediator {
      case .narrow: .narrow(mass: point.darkPhotonMass)
      case .spectral:
        .spectral(
          LineShape(
            mass: point.darkPhotonMass, sumMass: point.pairThreshold,
            massSplitting: point.massSplitting, alphaD: alphaD))
      }
    return try ProductionSetup(
      beam: beam.particle, beamEnergy: beam.energy, target: target, mediator: mediator,
      formFactor: production.formFactor, inelastic: production.inelastic)
  }

  /// The model point of the card at a given m₁ and Δ/m₁.
  ///
  /// - Throws: ``DarkSectorError``.
  public func modelPoint(m1: Double, splittingOverM1: Double) throws(DarkSectorError) -> ModelPoint
  {
    try ModelPoint(
      chi1Mass: m1, massSplitting: splittingOverM1 * m1,
      darkPhotonMass: model.mediatorMass.mass(atM1: m1))
  }

  /// The model point of the card.
  public func modelPoint() throws(DarkSectorError) -> ModelPoint {
    try modelPoint(m1: model.m1, splittingOverM1: model.splittingOverM1)
  }

  /// ε² of the card at a model point, at most 1.
  ///
  /// - Throws: ``DarkSectorError/mixingAboveOne(epsilon:)``.
  func physicalEpsilonSquared(_ point: ModelPoint) throws(DarkSectorError) -> Double {
    let value = epsilonSquared(point)
    guard value <= 1 else { throw .mixingAboveOne(epsilon: value.squareRoot()) }
    return value
  }

  /// ε² of the card at a model point.
  public func epsilonSquared(_ point: ModelPoint) -> Double {
    switch model.coupling {
    case .y(let y): point.epsilonSquared(y: y, alphaD: model.alphaD)
    case .epsilon(let epsilon): epsilon * epsilon
    }
  }
}

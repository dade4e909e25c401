import DarkSector
import Decay
import Kinematics
import ParticleData
import Production
import Reach
import Sampling
import Selection

/// Production, both decays and the selection of the built-in card's model point, batch by batch.
final class EventChain: @unchecked Sendable {
  private let production: ProductionSampler
  private let decay: DecaySampler
  private let decayDigest: UInt64
  private let selector: EventSelector
  private let seed: UInt64
  private let events = ColumnBatch(columns: EventColumn.count)
  private let productionScratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
  private let decayScratch = ColumnBatch(columns: DecaySampler.scratchColumnCount)
  private let selectionScratch = ColumnBatch(columns: EventSelector.scratchColumnCount)

  /// Weights are shares of a sample of so many batches.
  static let batches = 25

  init(_ plan: Plan, _ production: ProductionSampler) throws {
    self.production = production
    let point = try plan.modelPoint()
    decay = try DecaySampler(
      point, flavour: .electron, width: point.chi2Widths().width(.electron), onShell: true)
    decayDigest = DecaySampler.digest(
      production: production.digest, point: point, flavour: .electron)
    selector = EventSelector(
      plan.selection, apparatus: plan.apparatus, beamLeptonMass: plan.beam.particle.mass,
      leptonMass: LeptonFlavour.electron.mass, chi2Mass: point.chi2Mass, spot: plan.beam.spot,
      divergence: plan.beam.divergence)
    seed = plan.run.seed
    produce(0)
  }

  /// Makes the production events of a batch.
  func produce(_ batch: Int) {
    _ = production.fill(
      events, scratch: productionScratch, batch: batch, of: Self.batches * BatchLayout.capacity)
  }

  /// Decays the production events that are there, and selects.
  func decayAndSelect(_ batch: Int, into accepted: inout AcceptedEvents) {
    decay.fill(
      events, scratch: decayScratch, count: BatchLayout.capacity,
      stream: RandomStream(seed: seed, purpose: .decay, point: decayDigest, batch: batch))
    selector.select(
      events, scratch: selectionScratch, count: BatchLayout.capacity,
      firstEvent: batch * BatchLayout.capacity,
      stream: RandomStream(seed: seed, purpose: .beam, point: production.digest, batch: batch),
      into: &accepted)
  }

  /// A whole sample.
  func accepted() -> AcceptedEvents {
    var accepted = AcceptedEvents()
    for batch in 0..<Self.batches {
      produce(batch)
      decayAndSelect(batch, into: &accepted)
    }
    return accepted
  }
}

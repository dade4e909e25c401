import Decay
import Kinematics
import Production
import Sampling
import Selection

/// Importance sampling of the decays of each channel: maps trained on how close its events come to being accepted.
extension SamplePlan {
  /// Batches beyond any sample's, whose production events serve the training of all channels.
  private static let firstTrainingBatch = 1 << 30

  /// The plan with decays shaped for acceptance.
  package func shaped() -> SamplePlan {
    var plan = self
    let events = ColumnBatch(columns: EventColumn.count)
    let productionScratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let decayScratch = ColumnBatch(columns: DecaySampler.scratchColumnCount)
    let selectionScratch = ColumnBatch(columns: EventSelector.scratchColumnCount)
    let scores = ColumnBatch(columns: 1)
    let n = production.fill(
      events, scratch: productionScratch, batch: Self.firstTrainingBatch, of: .max)
    let beam = RandomStream(
      seed: seed, purpose: .beam, point: production.digest, batch: Self.firstTrainingBatch)
    for p in points.indices {
      for c in points[p].channels.indices {
        let channel = points[p].channels[c]
        var training = DecayTraining()
        for round in 0..<DecayTraining.rounds {
          training.draw(
            channel.decay, events, scratch: decayScratch, count: n,
            stream: RandomStream(
              seed: seed, purpose: .mapTraining, point: channel.digest, batch: round))
          channel.selector.score(
            events, scratch: selectionScratch, count: n, stream: beam, into: scores.base)
          training.learn(scores.base, channel.decay, scratch: decayScratch, count: n)
          training.refine()
        }
        plan.points[p].channels[c].map = training.map
      }
    }
    return plan
  }
}

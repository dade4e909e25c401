import Decay
import Integration
import Kinematics
import Production
import Sampling
import Selection

/// Importance sampling of the decays of one channel: a map trained on how close its events come to being accepted.
///
/// A pair of little energy, or of little mass, passes the cuts only where χ₂ and the pair fly forward, the leptons share their energy
/// evenly and q is large. A separable map of these four variables finds that corner whatever masses, cuts and planes are; the weights
/// make up for it, so that nothing depends on the training but errors.
///
/// Source: G. P. Lepage, J. Comput. Phys. 27, 192 (1978), with a uniform share kept (arXiv:hep-ph/9405257).
extension SamplePlan {
  /// Refinements of a channel's map.
  private static let iterations = 4
  /// The uniform share of every axis.
  private static let uniformShare = 0.1
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
        var map = ImportanceMap(dimensions: DecaySampler.mappedAxes)
        for iteration in 0..<Self.iterations {
          channel.decay.fill(
            events, scratch: decayScratch, count: n,
            stream: RandomStream(
              seed: seed, purpose: .mapTraining, point: channel.digest, batch: iteration),
            map: map, keepUniform: true)
          channel.selector.score(
            events, scratch: selectionScratch, count: n, stream: beam, into: scores.base)
          var histogram = [Double](
            repeating: 0, count: DecaySampler.mappedAxes * ImportanceMap.binCount)
          channel.decay.accumulate(
            scores.base, scratch: decayScratch, count: n, map: map, into: &histogram)
          map.refine(histogram: histogram, damping: 0.8)
        }
        plan.points[p].channels[c].map = map.mixed(withUniform: Self.uniformShare)
      }
    }
    return plan
  }
}

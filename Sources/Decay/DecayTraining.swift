import Integration
import Sampling

/// A map of one channel's decays that learns where events come close to being accepted: for what is rare.
///
/// A pair of little energy, or of little mass, passes cuts only where χ₂ and the pair fly forward, the leptons share their energy evenly
/// and q is large. A separable map of these four variables finds that corner whatever masses, cuts and detectors are; weights make up for
/// it, so that nothing depends on the training but errors.
///
/// Source: G. P. Lepage, J. Comput. Phys. 27, 192 (1978), with a uniform share kept (arXiv:hep-ph/9405257).
public struct DecayTraining: Sendable {
  /// How often a map is refined.
  public static let rounds = 4
  /// Lepage's α.
  public static let damping = 0.8
  /// The share of every axis that stays uniform in the end.
  public static let uniformShare = 0.1

  private var learning = ImportanceMap(dimensions: DecaySampler.mappedAxes)
  private var histogram = ImportanceMap(dimensions: DecaySampler.mappedAxes).emptyHistogram

  /// A map that has learnt nothing.
  public init() {}

  /// Decays a batch of production events by what is learnt so far, to be looked at and scored.
  public func draw(
    _ decay: DecaySampler, _ events: borrowing ColumnBatch, scratch: borrowing ColumnBatch,
    count: Int, stream: RandomStream
  ) {
    decay.fill(
      events, scratch: scratch, count: count, stream: stream, map: learning, keepUniform: true)
  }

  /// Learns from the batch drawn last.
  ///
  /// - Parameter scores: the weight of each event, times 1 where it is accepted and less, above 0, where it only comes close.
  public mutating func learn(
    _ scores: UnsafePointer<Double>, _ decay: DecaySampler, scratch: borrowing ColumnBatch,
    count: Int
  ) {
    decay.accumulate(
      scores, scratch: scratch, count: count, map: learning, into: &histogram)
  }

  /// Ends a round.
  public mutating func refine() {
    learning.refine(histogram: histogram, damping: Self.damping)
    histogram = learning.emptyHistogram
  }

  /// What was learnt.
  public var map: ImportanceMap { learning.mixed(withUniform: Self.uniformShare) }
}

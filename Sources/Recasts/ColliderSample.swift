import DarkSector
import Decay
import Integration
import Production
import Reach
import Sampling
import Selection

/// Events of e⁺e⁻ → γ A′, A′ → χ₁χ₂, χ₂ → χ₁ℓ⁺ℓ⁻ at one model point: the decays are those of every other sample.
struct ColliderSample {
  private let decays: DecayChannels
  private let process: PhotonAssociatedProduction
  private let collider: Collider
  private let cosines: ClosedRange<Double>
  private let seed: UInt64
  private let digest: UInt64

  /// A sample, or `nil` where √s does not make the A′.
  ///
  /// - Parameter onlyLeptons: whether decays to hadrons and taus are left out.
  init?(
    _ point: ModelPoint, collider: Collider, photonCosines: ClosedRange<Double>,
    onlyLeptons: Bool = false, seed: UInt64
  ) throws(DarkSectorError) {
    guard
      let process = PhotonAssociatedProduction(
        collisionEnergy: collider.collisionEnergy, mediatorMass: point.darkPhotonMass)
    else { return nil }
    self.process = process
    self.collider = collider
    cosines = photonCosines
    self.seed = seed
    decays = try DecayChannels(point, onlyLeptons: onlyLeptons)
    var digest = Digest()
    digest.combine("collider")
    digest.combine(collider.collisionEnergy)
    digest.combine(collider.betaGamma)
    digest.combine(cosines.lowerBound)
    digest.combine(cosines.upperBound)
    digest.combine(point.darkPhotonMass)
    self.digest = digest.value
  }

  /// The widths of χ₂.
  var widths: Chi2Widths { decays.widths }

  /// Σ of the channels' weights, in pb at ε = 1: what the mean weight of all events tends to.
  var crossSection: Double { decays.share * process.crossSection(cosines: cosines) }

  /// S(cτ) of the events that `bounds` gives proper decay lengths in mm for.
  func survivalCurve(events size: Int, _ bounds: (DecayedEvent) -> ClosedRange<Double>?)
    -> SurvivalCurve
  {
    let columns = DecayColumns()
    var accepted = [AcceptedEvents](repeating: AcceptedEvents(), count: decays.count)
    for batch in 0..<BatchLayout.batchCount(forEvents: size) {
      let n = BatchLayout.count(ofBatch: batch, forEvents: size)
      forEach(columns, batch: batch, count: n, purpose: .decay) { channel, i, event in
        guard let range = bounds(event) else { return }
        accepted[channel].append(
          event: Int32(truncatingIfNeeded: batch * BatchLayout.capacity + i),
          weight: event.weight / Double(size), lower: range.lowerBound, upper: range.upperBound)
      }
    }
    return SurvivalCurve(.merged(accepted.map { ($0, 1) }), sampleSize: size)
  }

  /// The cross section in pb of the events for which `softness` is 1, with decays drawn by maps that learnt from it: for what is rare.
  ///
  /// - Parameters:
  ///   - precision: the relative error at which to stop.
  ///   - mostEvents: where to stop in any case.
  ///   - softness: at most 1; below it, how close an event comes.
  func rareCrossSection(
    precision: Double, mostEvents: Int, _ softness: (DecayedEvent) -> Double
  ) -> Double {
    let maps = trainedMaps(softness)
    let columns = DecayColumns()
    var (sum, squares, drawn) = (0.0, 0.0, 0)
    var batch = Self.firstRareBatch
    repeat {
      var weights = [Double](repeating: 0, count: BatchLayout.capacity)
      forEach(
        columns, batch: batch, count: BatchLayout.capacity, purpose: .decay, maps: maps
      ) {
        _, i, event in
        if softness(event) >= 1 { weights[i] += event.weight }
      }
      for weight in weights {
        sum += weight
        squares += weight * weight
      }
      drawn += BatchLayout.capacity
      batch += 1
    } while drawn < mostEvents && (sum == 0 || squares > precision * precision * sum * sum)
    return sum / Double(drawn)
  }

  /// Batches beyond those of ``survivalCurve(events:_:)``.
  private static let firstRareBatch = 1 << 28
  private static let trainingBatch = 1 << 29
  private static let trainingRounds = 4
  /// The share of every axis that stays uniform.
  private static let uniformShare = 0.1

  private func trainedMaps(_ softness: (DecayedEvent) -> Double) -> [ImportanceMap] {
    let axes = DecaySampler.mappedAxes
    let columns = DecayColumns()
    let scores = ColumnBatch(columns: 1)
    var maps = (0..<decays.count).map { _ in ImportanceMap(dimensions: axes) }
    for round in 0..<Self.trainingRounds {
      var histograms = (0..<decays.count).map { _ in
        [Double](repeating: 0, count: axes * ImportanceMap.binCount)
      }
      forEach(
        columns, batch: Self.trainingBatch + round, count: BatchLayout.capacity,
        purpose: .mapTraining,
        maps: maps, keepUniform: true
      ) { channel, i, event in
        scores.base[i] = event.weight * softness(event)
      } after: { channel in
        decays.accumulate(
          channel: channel, scores.base, columns, count: BatchLayout.capacity, map: maps[channel],
          into: &histograms[channel])
      }
      for channel in 0..<decays.count {
        maps[channel].refine(histogram: histograms[channel], damping: 0.8)
      }
    }
    return maps.map { $0.mixed(withUniform: Self.uniformShare) }
  }

  /// Goes through the events of a batch, channel by channel; the mean of their weights is the channel's cross section in pb.
  @inline(__always)
  private func forEach(
    _ columns: borrowing DecayColumns, batch: Int, count n: Int, purpose: StreamPurpose,
    maps: [ImportanceMap]? = nil, keepUniform: Bool = false,
    _ body: (Int, Int, DecayedEvent) -> Void, after: (Int) -> Void = { _ in }
  ) {
    process.fill(
      columns.events, count: n, cosines: cosines, betaGamma: collider.betaGamma,
      stream: RandomStream(seed: seed, purpose: .production, point: digest, batch: batch))
    decays.forEach(
      columns, count: n, production: digest, seed: seed, batch: batch, purpose: purpose,
      maps: maps, keepUniform: keepUniform, body, after: after)
  }
}

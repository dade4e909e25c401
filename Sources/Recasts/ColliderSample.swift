import DarkSector
import Decay
import Integration
import Production
import Reach
import Sampling
import Selection

/// Events of e⁺e⁻ → γ A′, A′ → χ₁χ₂, χ₂ → χ₁ℓ⁺ℓ⁻ at one model point: decays as in all other samples.
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
      forEach(columns, batch: batch, count: n) { channel, i, event in
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
    var (tally, drawn) = (WeightTally(), 0)
    var batch = Self.firstRareBatch
    let enough = 1 / (precision * precision)
    repeat {
      var weights = [Double](repeating: 0, count: BatchLayout.capacity)
      forEach(
        columns, batch: batch, count: BatchLayout.capacity, maps: maps
      ) {
        _, i, event in
        if softness(event) >= 1 { weights[i] += event.weight }
      }
      for weight in weights { tally.add(weight) }
      drawn += BatchLayout.capacity
      batch += 1
    } while drawn < mostEvents && tally.effectiveCount < enough
    return tally.sum / Double(drawn)
  }

  /// Batches beyond those of ``survivalCurve(events:_:)``.
  private static let firstRareBatch = 1 << 28

  private func trainedMaps(_ softness: (DecayedEvent) -> Double) -> [ImportanceMap] {
    var training = ChannelTraining(of: decays, seed: seed)
    let columns = DecayColumns()
    let scores = ColumnBatch(columns: 1)
    for round in ChannelTraining.rounds {
      produce(columns, batch: round, count: BatchLayout.capacity)
      training.add(
        columns, count: BatchLayout.capacity, production: digest, round: round, scores: scores,
        softness)
      training.refine()
    }
    return training.maps
  }

  private func produce(_ columns: borrowing DecayColumns, batch: Int, count n: Int) {
    process.fill(
      columns.events, count: n, cosines: cosines, betaGamma: collider.betaGamma,
      stream: RandomStream(seed: seed, purpose: .production, point: digest, batch: batch))
  }

  /// Goes through the events of a batch, channel by channel; the mean of their weights is the channel's cross section in pb.
  @inline(__always)
  private func forEach(
    _ columns: borrowing DecayColumns, batch: Int, count n: Int,
    maps: [ImportanceMap]? = nil, _ body: (Int, Int, DecayedEvent) -> Void
  ) {
    produce(columns, batch: batch, count: n)
    decays.forEach(
      columns, count: n, production: digest, seed: seed, batch: batch, maps: maps, body)
  }
}

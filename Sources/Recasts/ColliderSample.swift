import DarkSector
import Decay
import Integration
import Kinematics
import ParticleData
import Production
import Reach
import Sampling
import Selection

/// One decayed event of ``ColliderSample``, in the lab.
struct ColliderEvent {
  /// dσ in pb at ε = 1, times the branching ratio of the channel.
  let weight: Double
  /// m₂ over the transverse and the longitudinal momentum of χ₂.
  let properPerRadius: Double
  let properPerZ: Double
  let positive: FourMomentum
  let negative: FourMomentum
  let pairMass: Double

  /// The proper decay length, in mm, at which χ₂ leaves a cylinder about the origin.
  func exit(radius: Double, z: ClosedRange<Double>) -> Double {
    let end = properPerZ > 0 ? z.upperBound * properPerZ : z.lowerBound * properPerZ
    return min(radius * properPerRadius, end)
  }
}

/// Events of e⁺e⁻ → γ A′, A′ → χ₁χ₂, χ₂ → χ₁ℓ⁺ℓ⁻ at one model point: the decays are those of every other sample.
struct ColliderSample {
  let point: ModelPoint
  let widths: Chi2Widths
  private let channels: [Channel]
  private let process: PhotonAssociatedProduction
  private let collider: Collider
  private let cosines: ClosedRange<Double>
  private let seed: UInt64
  private let digest: UInt64

  /// A way in which χ₂ decays.
  private struct Channel {
    let decay: DecaySampler
    /// The branching ratio.
    let share: Double
    let digest: UInt64
  }

  /// The columns that batches of events pass through.
  private struct Columns: ~Copyable {
    let events = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: DecaySampler.scratchColumnCount)
  }

  /// A sample, or `nil` where √s does not make the A′. Hadrons and taus decay as muons do: nearly as heavy, and charged.
  ///
  /// - Parameter onlyLeptons: whether hadrons and taus are left out.
  init?(
    _ point: ModelPoint, collider: Collider, photonCosines: ClosedRange<Double>,
    onlyLeptons: Bool = false, seed: UInt64
  ) throws(DarkSectorError) {
    guard
      let process = PhotonAssociatedProduction(
        collisionEnergy: collider.collisionEnergy, mediatorMass: point.darkPhotonMass)
    else { return nil }
    self.point = point
    self.process = process
    self.collider = collider
    cosines = photonCosines
    self.seed = seed
    let widths = point.chi2Widths()
    self.widths = widths
    var digest = Digest()
    digest.combine("collider")
    digest.combine(collider.collisionEnergy)
    digest.combine(collider.betaGamma)
    digest.combine(cosines.lowerBound)
    digest.combine(cosines.upperBound)
    digest.combine(point.darkPhotonMass)
    self.digest = digest.value
    let others = onlyLeptons ? 0 : widths.hadrons + widths.taus
    var channels: [Channel] = []
    for flavour in [LeptonFlavour.electron, .muon] where widths.width(flavour) > 0 {
      let width = widths.width(flavour)
      channels.append(
        Channel(
          decay: try DecaySampler(point, flavour: flavour, width: width, onShell: true),
          share: (width + (flavour == .muon ? others : 0)) / widths.total,
          digest: DecaySampler.digest(production: digest.value, point: point, flavour: flavour)))
    }
    self.channels = channels
  }

  /// Σ of the channels' weights, in pb at ε = 1: what the mean weight of all events tends to.
  var crossSection: Double {
    channels.reduce(0) { $0 + $1.share } * process.crossSection(cosines: cosines)
  }

  /// S(cτ) of the events that `bounds` gives proper decay lengths in mm for.
  func survivalCurve(events size: Int, _ bounds: (ColliderEvent) -> ClosedRange<Double>?)
    -> SurvivalCurve
  {
    let columns = Columns()
    var accepted = [AcceptedEvents](repeating: AcceptedEvents(), count: channels.count)
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
    precision: Double, mostEvents: Int, _ softness: (ColliderEvent) -> Double
  ) -> Double {
    let maps = trainedMaps(softness)
    let columns = Columns()
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

  private func trainedMaps(_ softness: (ColliderEvent) -> Double) -> [ImportanceMap] {
    let axes = DecaySampler.mappedAxes
    let columns = Columns()
    let scores = ColumnBatch(columns: 1)
    var maps = channels.map { _ in ImportanceMap(dimensions: axes) }
    for round in 0..<Self.trainingRounds {
      var histograms = channels.map { _ in
        [Double](repeating: 0, count: axes * ImportanceMap.binCount)
      }
      forEach(
        columns, batch: Self.trainingBatch + round, count: BatchLayout.capacity,
        purpose: .mapTraining,
        maps: maps, keepUniform: true
      ) { channel, i, event in
        scores.base[i] = event.weight * softness(event)
      } after: { channel in
        channels[channel].decay.accumulate(
          scores.base, scratch: columns.scratch, count: BatchLayout.capacity, map: maps[channel],
          into: &histograms[channel])
      }
      for channel in channels.indices {
        maps[channel].refine(histogram: histograms[channel], damping: 0.8)
      }
    }
    return maps.map { $0.mixed(withUniform: Self.uniformShare) }
  }

  /// Goes through the events of a batch, channel by channel: each has a channel, a number in the batch, and weights whose mean is its
  /// cross section in pb.
  @inline(__always)
  private func forEach(
    _ columns: borrowing Columns, batch: Int, count n: Int,
    purpose: StreamPurpose, maps: [ImportanceMap]? = nil,
    keepUniform: Bool = false, _ body: (Int, Int, ColliderEvent) -> Void,
    after: (Int) -> Void = { _ in }
  ) {
    process.fill(
      columns.events, count: n, cosines: cosines, betaGamma: collider.betaGamma,
      stream: RandomStream(seed: seed, purpose: .production, point: digest, batch: batch))
    for (number, channel) in channels.enumerated() {
      channel.decay.fill(
        columns.events, scratch: columns.scratch, count: n,
        stream: RandomStream(seed: seed, purpose: purpose, point: channel.digest, batch: batch),
        map: maps?[number], keepUniform: keepUniform)
      let mass = channel.decay.flavour.mass
      for i in 0..<n {
        body(number, i, event(columns.events.base, i, leptonMass: mass, share: channel.share))
      }
      after(number)
    }
  }

  @inline(__always)
  private func event(
    _ base: UnsafeMutablePointer<Double>, _ i: Int, leptonMass: Double, share: Double
  ) -> ColliderEvent {
    func momentum(_ plus: Int, _ x: Int, _ y: Int) -> LightFrontMomentum {
      LightFrontMomentum(plus: base[plus + i], x: base[x + i], y: base[y + i])
    }
    let m2 = point.chi2Mass
    let chi2 = momentum(EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y)
    let z = 0.5 * (chi2.plus - chi2.minus(mass2: m2 * m2))
    return ColliderEvent(
      weight: base[EventColumn.chainWeight + i] * share,
      properPerRadius: m2 / (chi2.x * chi2.x + chi2.y * chi2.y).squareRoot(),
      properPerZ: m2 / z,
      positive: momentum(
        EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY
      ).fourMomentum(mass: leptonMass),
      negative: momentum(
        EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY
      ).fourMomentum(mass: leptonMass),
      pairMass: base[EventColumn.pairMass + i])
  }
}

extension FourMomentum {
  /// Whether a detector notices a charged particle: enough energy in GeV, at cosines to the e⁻ beam that it covers.
  @inline(__always)
  func isSeen(above minimumEnergy: Double, cosines: ClosedRange<Double>) -> Bool {
    energy > minimumEnergy && isWithin(cosines)
  }

  /// Whether a particle flies at cosines to the z axis.
  @inline(__always)
  func isWithin(_ cosines: ClosedRange<Double>) -> Bool {
    let momentum = momentum
    return z >= cosines.lowerBound * momentum && z <= cosines.upperBound * momentum
  }
}

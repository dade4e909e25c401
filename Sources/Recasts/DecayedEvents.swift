import DarkSector
import Decay
import Integration
import Kinematics
import ParticleData
import Production
import Sampling

/// One event of A′ → χ₁χ₂, χ₂ → χ₁ℓ⁺ℓ⁻ in the lab.
package struct DecayedEvent {
  /// In pb at ε = 1, times the branching ratio of the channel.
  let weight: Double
  /// m₂ in GeV.
  let mass: Double
  /// χ₂.
  let chi2: FourMomentum
  package let positive: FourMomentum
  package let negative: FourMomentum
  let pairMass: Double

  @inline(__always)
  package init(
    weight: Double, mass: Double, chi2: FourMomentum, positive: FourMomentum,
    negative: FourMomentum, pairMass: Double
  ) {
    self.weight = weight
    self.mass = mass
    self.chi2 = chi2
    self.positive = positive
    self.negative = negative
    self.pairMass = pairMass
  }

  /// m₂ over the momentum across z: proper decay length over distance from the axis.
  var properPerRadius: Double { mass / (chi2.x * chi2.x + chi2.y * chi2.y).squareRoot() }
  /// m₂/p_z: proper decay length over z.
  var properPerZ: Double { mass / chi2.z }

  /// The proper decay length, in mm, at which χ₂ leaves a cylinder about the origin.
  func exit(radius: Double, z: ClosedRange<Double>) -> Double {
    let end = properPerZ > 0 ? z.upperBound * properPerZ : z.lowerBound * properPerZ
    return min(radius * properPerRadius, end)
  }
}

/// The columns that batches of events pass through.
package struct DecayColumns: ~Copyable {
  package let events = ColumnBatch(columns: EventColumn.count)
  let scratch = ColumnBatch(columns: DecaySampler.scratchColumnCount)

  /// Columns without events.
  package init() {}
}

/// The ways in which χ₂ decays at a model point. Hadrons and taus decay as muons do: nearly as heavy, and charged.
package struct DecayChannels {
  let point: ModelPoint
  let widths: Chi2Widths
  private let channels: [Channel]

  private struct Channel {
    let decay: DecaySampler
    /// The branching ratio.
    let share: Double
  }

  /// - Parameters:
  ///   - onlyLeptons: whether hadrons and taus are left out.
  ///   - onShell: whether every A′ has the point's mass.
  package init(_ point: ModelPoint, onlyLeptons: Bool = false, onShell: Bool = true)
    throws(DarkSectorError)
  {
    self.point = point
    let widths = point.chi2Widths()
    self.widths = widths
    let others = onlyLeptons ? 0 : widths.hadrons + widths.taus
    var channels: [Channel] = []
    for flavour in [LeptonFlavour.electron, .muon] where widths.width(flavour) > 0 {
      let width = widths.width(flavour)
      channels.append(
        Channel(
          decay: try DecaySampler(point, flavour: flavour, width: width, onShell: onShell),
          share: (width + (flavour == .muon ? others : 0)) / widths.total))
    }
    self.channels = channels
  }

  /// Adds to the histogram of a channel's map what a batch filled with `keepUniform` says.
  fileprivate func accumulate(
    channel: Int, _ scores: UnsafePointer<Double>, _ columns: borrowing DecayColumns, count: Int,
    map: ImportanceMap, into histogram: inout [Double]
  ) {
    channels[channel].decay.accumulate(
      scores, scratch: columns.scratch, count: count, map: map, into: &histogram)
  }

  /// The number of channels.
  var count: Int { channels.count }

  /// The sum of their branching ratios.
  var share: Double { channels.reduce(0) { $0 + $1.share } }

  /// The most that both leptons can have together in the lab, in GeV, of an A′ of an energy and mass in GeV.
  ///
  /// The fastest χ₂ goes along the A′; the pair has what χ₁ leaves, and of the momenta k that χ₁ may have against χ₂'s direction in
  /// χ₂'s rest frame that leaves least which is nearest to stopping χ₁ in the lab, m₁P/m₂.
  package func greatestPairEnergy(darkPhotonEnergy: Double, mass: Double) -> Double {
    let (m1, m2) = (point.chi1Mass, point.chi2Mass)
    func momentum(_ energy: Double, _ mass: Double) -> Double {
      (max(energy - mass, 0) * (energy + mass)).squareRoot()
    }
    let p = twoBodyMomentum(mass: mass, m2, m1)
    let chi2Energy =
      (darkPhotonEnergy * (p * p + m2 * m2).squareRoot() + momentum(darkPhotonEnergy, mass) * p)
      / mass
    let chi2Momentum = momentum(chi2Energy, m2)
    let k = min(
      twoBodyMomentum(mass: m2, m1, 2 * LeptonFlavour.electron.mass), m1 * chi2Momentum / m2)
    return chi2Energy - (chi2Energy * (k * k + m1 * m1).squareRoot() - chi2Momentum * k) / m2
  }

  /// Decays a batch of production events, and goes through them channel by channel: each has a channel and a number in the batch.
  ///
  /// - Parameters:
  ///   - production: the digest of what made the events.
  ///   - scale: a factor on all weights.
  ///   - after: called behind the last event of each channel.
  @inline(__always)
  package func forEach(
    _ columns: borrowing DecayColumns, count n: Int, production: UInt64, seed: UInt64, batch: Int,
    purpose: StreamPurpose = .decay, scale: Double = 1, maps: [ImportanceMap]? = nil,
    keepUniform: Bool = false, _ body: (Int, Int, DecayedEvent) -> Void,
    after: (Int) -> Void = { _ in }
  ) {
    for (number, channel) in channels.enumerated() {
      let digest = DecaySampler.digest(
        production: production, point: point, flavour: channel.decay.flavour)
      channel.decay.fill(
        columns.events, scratch: columns.scratch, count: n,
        stream: RandomStream(seed: seed, purpose: purpose, point: digest, batch: batch),
        map: maps?[number], keepUniform: keepUniform)
      let mass = channel.decay.flavour.mass
      let share = channel.share * scale
      for i in 0..<n {
        body(number, i, event(columns.events.base, i, leptonMass: mass, share: share))
      }
      after(number)
    }
  }

  @inline(__always)
  private func event(
    _ base: UnsafeMutablePointer<Double>, _ i: Int, leptonMass: Double, share: Double
  ) -> DecayedEvent {
    func momentum(_ plus: Int, _ x: Int, _ y: Int, _ mass: Double) -> FourMomentum {
      LightFrontMomentum(plus: base[plus + i], x: base[x + i], y: base[y + i])
        .fourMomentum(mass: mass)
    }
    return DecayedEvent(
      weight: base[EventColumn.chainWeight + i] * share, mass: point.chi2Mass,
      chi2: momentum(
        EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y, point.chi2Mass),
      positive: momentum(
        EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY, leptonMass),
      negative: momentum(
        EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY,
        leptonMass),
      pairMass: base[EventColumn.pairMass + i])
  }
}

/// Maps of decays, one for each channel, that learn where a search sees them: for what is rare.
///
/// A separable map of the decay's variables finds the corner in which few events pass; weights make up for it, so that nothing depends
/// on the training but errors.
///
/// Source: G. P. Lepage, J. Comput. Phys. 27, 192 (1978), with a uniform share kept (arXiv:hep-ph/9405257).
struct DecayTraining: ~Copyable {
  /// The batches of streams to train by, one a round, beyond any sample's.
  static let rounds = 1 << 29..<1 << 29 + 4
  /// Lepage's α.
  static let damping = 0.8
  /// The share of every axis that stays uniform.
  static let uniformShare = 0.1

  private let decays: DecayChannels
  private let seed: UInt64
  private var learning: [ImportanceMap]
  private var histograms: [[Double]]
  private let scores = ColumnBatch(columns: 1)

  init(of decays: DecayChannels, seed: UInt64) {
    self.decays = decays
    self.seed = seed
    learning = (0..<decays.count).map { _ in ImportanceMap(dimensions: DecaySampler.mappedAxes) }
    histograms = []
    clear()
  }

  private mutating func clear() {
    histograms = learning.map { _ in
      [Double](repeating: 0, count: DecaySampler.mappedAxes * ImportanceMap.binCount)
    }
  }

  /// Decays a batch of production events of a round, and looks how close they come.
  ///
  /// - Parameter closeness: 1 where an event passes, and above 0, below 1, how close another comes.
  mutating func add(
    _ columns: borrowing DecayColumns, count n: Int, production: UInt64, round: Int,
    scale: Double = 1, _ closeness: (DecayedEvent) -> Double
  ) {
    decays.forEach(
      columns, count: n, production: production, seed: seed, batch: round, purpose: .mapTraining,
      scale: scale, maps: learning, keepUniform: true
    ) { _, i, event in
      scores.base[i] = event.weight * closeness(event)
    } after: { channel in
      decays.accumulate(
        channel: channel, scores.base, columns, count: n, map: learning[channel],
        into: &histograms[channel])
    }
  }

  /// Ends a round.
  mutating func refine() {
    for channel in learning.indices {
      learning[channel].refine(histogram: histograms[channel], damping: Self.damping)
    }
    clear()
  }

  /// What was learnt.
  var maps: [ImportanceMap] { learning.map { $0.mixed(withUniform: Self.uniformShare) } }
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

/// The sum of what events add, and of its squares.
struct WeightTally {
  /// Σ w.
  private(set) var sum = 0.0
  private var squares = 0.0

  /// Adds one event.
  @inline(__always)
  mutating func add(_ weight: Double) {
    sum += weight
    squares += weight * weight
  }

  /// Adds the events of another sample.
  mutating func add(_ other: WeightTally) {
    sum += other.sum
    squares += other.squares
  }

  /// How many events of one weight would know the sum as well.
  var effectiveCount: Double { squares > 0 ? sum * sum / squares : 0 }
}

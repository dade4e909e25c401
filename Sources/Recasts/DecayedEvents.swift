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
  var properPerRadius: Double { mass / chi2.transverse }
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

/// The ways in which χ₂ decays at a model point. Hadrons and taus count as muons: right for their share, not for their energies.
package struct DecayChannels {
  let point: ModelPoint
  let widths: Chi2Widths
  fileprivate let channels: [Channel]

  fileprivate struct Channel {
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
  ///   - maps: what decays are drawn by, one for each channel; `nil` for none.
  @inline(__always)
  package func forEach(
    _ columns: borrowing DecayColumns, count n: Int, production: UInt64, seed: UInt64, batch: Int,
    scale: Double = 1, maps: [ImportanceMap]? = nil, _ body: (Int, Int, DecayedEvent) -> Void
  ) {
    for number in channels.indices {
      let stream = stream(number, .decay, production: production, seed: seed, batch: batch)
      channels[number].decay.fill(
        columns.events, scratch: columns.scratch, count: n, stream: stream, map: maps?[number])
      forEachRow(of: number, columns, count: n, scale: scale) { body(number, $0, $1) }
    }
  }

  fileprivate func stream(
    _ number: Int, _ purpose: StreamPurpose, production: UInt64, seed: UInt64, batch: Int
  ) -> RandomStream {
    RandomStream(
      seed: seed, purpose: purpose,
      point: DecaySampler.digest(
        production: production, point: point, flavour: channels[number].decay.flavour),
      batch: batch)
  }

  /// Goes through the rows of a batch that decayed in a channel.
  @inline(__always)
  fileprivate func forEachRow(
    of number: Int, _ columns: borrowing DecayColumns, count n: Int, scale: Double,
    _ body: (Int, DecayedEvent) -> Void
  ) {
    let mass = channels[number].decay.flavour.mass
    let share = channels[number].share * scale
    for i in 0..<n { body(i, event(columns.events.base, i, leptonMass: mass, share: share)) }
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

/// Maps of the decays of all channels, which learn together: ``DecayTraining`` has each.
struct ChannelTraining {
  /// The batches of streams to train by, one a round, beyond any sample's.
  static let rounds = 1 << 29..<1 << 29 + DecayTraining.rounds

  private let decays: DecayChannels
  private let seed: UInt64
  private var channels: [DecayTraining]

  init(of decays: DecayChannels, seed: UInt64) {
    self.decays = decays
    self.seed = seed
    channels = decays.channels.map { _ in DecayTraining() }
  }

  /// Decays a batch of production events of a round, and looks how close they come.
  ///
  /// - Parameters:
  ///   - scores: one column to work in.
  ///   - closeness: 1 where an event passes, and above 0, below 1, how close another comes.
  mutating func add(
    _ columns: borrowing DecayColumns, count n: Int, production: UInt64, round: Int,
    scale: Double = 1, scores: borrowing ColumnBatch, _ closeness: (DecayedEvent) -> Double
  ) {
    for number in channels.indices {
      let decay = decays.channels[number].decay
      let stream = decays.stream(
        number, .mapTraining, production: production, seed: seed, batch: round)
      channels[number].draw(
        decay, columns.events, scratch: columns.scratch, count: n, stream: stream)
      decays.forEachRow(of: number, columns, count: n, scale: scale) { i, event in
        scores.base[i] = event.weight * closeness(event)
      }
      channels[number].learn(scores.base, decay, scratch: columns.scratch, count: n)
    }
  }

  /// Ends a round.
  mutating func refine() {
    for number in channels.indices { channels[number].refine() }
  }

  /// What was learnt, channel by channel.
  var maps: [ImportanceMap] { channels.map(\.map) }
}

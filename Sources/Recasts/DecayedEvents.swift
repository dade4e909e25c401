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
  let positive: FourMomentum
  let negative: FourMomentum
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
struct DecayColumns: ~Copyable {
  let events = ColumnBatch(columns: EventColumn.count)
  let scratch = ColumnBatch(columns: DecaySampler.scratchColumnCount)
}

/// The ways in which χ₂ decays at a model point. Hadrons and taus decay as muons do: nearly as heavy, and charged.
struct DecayChannels {
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
  init(_ point: ModelPoint, onlyLeptons: Bool = false, onShell: Bool = true)
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

  /// Adds to the histogram of a channel's map what a batch filled with `keepUniform` says.
  func accumulate(
    channel: Int, _ scores: UnsafePointer<Double>, _ columns: borrowing DecayColumns, count: Int,
    map: ImportanceMap, into histogram: inout [Double]
  ) {
    channels[channel].decay.accumulate(
      scores, scratch: columns.scratch, count: count, map: map, into: &histogram)
  }

  /// Decays a batch of production events, and goes through them channel by channel: each has a channel and a number in the batch.
  ///
  /// - Parameters:
  ///   - production: the digest of what made the events.
  ///   - scale: a factor on all weights.
  ///   - after: called behind the last event of each channel.
  @inline(__always)
  func forEach(
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

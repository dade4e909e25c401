import DarkSector
import Decay
import Kinematics
import ParticleData
import Sampling

/// One decayed event in light-front components, read from the columns of a batch.
struct DecayedEvent {
  /// The weight before the decay and after it.
  let productionWeight: Double
  let chainWeight: Double
  let mediatorMass: Double
  let mediator: LightFrontMomentum
  let chi2: LightFrontMomentum
  let positive: LightFrontMomentum
  let negative: LightFrontMomentum
  let pairMass: Double

  init(_ batch: borrowing ColumnBatch, _ i: Int) {
    let base = batch.base
    func momentum(_ plus: Int, _ x: Int, _ y: Int) -> LightFrontMomentum {
      LightFrontMomentum(plus: base[plus + i], x: base[x + i], y: base[y + i])
    }
    productionWeight = base[EventColumn.weight + i]
    chainWeight = base[EventColumn.chainWeight + i]
    mediatorMass = base[EventColumn.mediatorMass + i]
    mediator = momentum(EventColumn.mediatorPlus, EventColumn.mediatorX, EventColumn.mediatorY)
    chi2 = momentum(EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y)
    positive = momentum(
      EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY)
    negative = momentum(
      EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY)
    pairMass = base[EventColumn.pairMass + i]
  }

  /// χ₁ of the χ₂ decay: what the pair leaves.
  var chi1: LightFrontMomentum {
    LightFrontMomentum(
      plus: chi2.plus - positive.plus - negative.plus, x: chi2.x - positive.x - negative.x,
      y: chi2.y - positive.y - negative.y)
  }
}

/// A spin density matrix by its independent elements, trace 1.
struct SpinState {
  var (xx, xy, xz, yy, yz) = (1.0 / 3, 0.0, 0.0, 1.0 / 3, 0.0)

  static let unpolarised = SpinState()
  /// Wholly polarised along z.
  static let longitudinal = SpinState(xx: 0, xy: 0, xz: 0, yy: 0, yz: 0)
  /// Positive, with all elements: eigenvalues between 0.05 and 0.7.
  static let generic = SpinState(xx: 0.5, xy: 0.12, xz: -0.15, yy: 0.2, yz: 0.05)

  /// n·ρ·n.
  func along(_ x: Double, _ y: Double, _ z: Double) -> Double {
    xx * x * x + yy * y * y + (1 - xx - yy) * z * z + 2 * (xy * x * y + xz * x * z + yz * y * z)
  }
}

extension DecaySampler {
  /// Calls `body` with events of A′ that all have the same momentum and spin state.
  ///
  /// - Parameters:
  ///   - mediatorMass: the mass of the A′, the point's if `nil`.
  ///   - unweighted: whether decays are drawn until one is kept; their weight is 1.
  func forEachDecay(
    of total: Int, mediator: LightFrontMomentum, mediatorMass: Double? = nil,
    spin: SpinState = .unpolarised, seed: UInt64 = 1, unweighted: Bool = false,
    _ body: (DecayedEvent) -> Void
  ) {
    let events = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: Self.scratchColumnCount)
    let base = events.base
    let trial = ColumnBatch(columns: EventColumn.count)
    let unweightedSampler = UnweightedDecaySampler(self)
    var rows = RowAddresses()
    for batch in 0..<BatchLayout.batchCount(forEvents: total) {
      let n = BatchLayout.count(ofBatch: batch, forEvents: total)
      for i in 0..<n {
        base[EventColumn.weight + i] = 1
        base[EventColumn.mediatorMass + i] = mediatorMass ?? point.darkPhotonMass
        base[EventColumn.mediatorPlus + i] = mediator.plus
        base[EventColumn.mediatorX + i] = mediator.x
        base[EventColumn.mediatorY + i] = mediator.y
        base[EventColumn.densityXX + i] = spin.xx
        base[EventColumn.densityXY + i] = spin.xy
        base[EventColumn.densityXZ + i] = spin.xz
        base[EventColumn.densityYY + i] = spin.yy
        base[EventColumn.densityYZ + i] = spin.yz
      }
      let stream = RandomStream(seed: seed, purpose: .test, point: 50, batch: batch)
      if unweighted {
        rows.set(batch: batch, count: n)
        unweightedSampler.fill(
          base, trial: trial.base, scratch: scratch.base, at: rows, stream: stream)
        (base + EventColumn.chainWeight).update(repeating: 1, count: n)
      } else {
        fill(events, scratch: scratch, count: n, stream: stream)
      }
      for i in 0..<n { body(DecayedEvent(events, i)) }
    }
  }
}

/// A point with m_A′ = 3m₁ and a sampler of its decays.
func decaySampler(
  _ m1: Double, _ ratio: Double, _ flavour: LeptonFlavour, polarised: Bool = true
) throws -> DecaySampler {
  let point = try ModelPoint(chi1Mass: m1, massSplitting: ratio * m1, darkPhotonMass: 3 * m1)
  return try DecaySampler(
    point, flavour: flavour, width: point.chi2Widths().width(flavour), polarised: polarised)
}

/// Sums for the mean of a weighted quantity: its value and error.
struct WeightedMean {
  private(set) var (first, second, entries) = (0.0, 0.0, 0.0)

  mutating func add(_ value: Double) {
    first += value
    second += value * value
    entries += 1
  }

  var value: Double { first / entries }
  var error: Double { ((second / entries - value * value) / (entries - 1)).squareRoot() }
}

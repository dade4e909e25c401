import Detector
import Foundation
import Kinematics
import ParticleData
import Sampling
import Selection

/// One event of a toy chain: four-momenta, so that a brute-force simulation needs nothing of the code under test.
struct ToyEvent {
  var weight = 1.0
  var beamLepton: FourMomentum
  var chi2: FourMomentum
  var positive: FourMomentum
  var negative: FourMomentum
}

extension ToyEvent {
  /// A muon and χ₂ on the axis, leptons at ± half the opening angle.
  static func onAxis(
    muon: Double = 50, leptons: (Double, Double) = (20, 20), opening: Double = 4e-3
  ) -> ToyEvent {
    func momentum(_ mass: Double, energy: Double, slopeX: Double = 0) -> FourMomentum {
      let p = (energy * energy - mass * mass).squareRoot()
      let inverse = 1 / (1 + slopeX * slopeX).squareRoot()
      return FourMomentum(energy: energy, x: p * slopeX * inverse, y: 0, z: p * inverse)
    }
    return ToyEvent(
      beamLepton: momentum(Mass.muon, energy: muon),
      chi2: FourMomentum(mass: Toy.m2, x: 0, y: 0, z: 70),
      positive: momentum(Toy.leptonMass, energy: leptons.0, slopeX: tan(opening / 2)),
      negative: momentum(Toy.leptonMass, energy: leptons.1, slopeX: -tan(opening / 2)))
  }
}

/// A toy of the chain: decays isotropic in each step, energies of the size of the experiment's and angles wider, so that
/// edges of planes decide often.
enum Toy {
  static let (m1, m2, leptonMass) = (0.3, 0.7, Mass.electron)

  static func events(_ count: Int, seed: UInt64) -> [ToyEvent] {
    var stream = RandomStream(seed: seed, purpose: .test, point: 77, batch: 0)
    return (0..<count).map { _ in event(&stream) }
  }

  private static func direction(_ stream: inout RandomStream) -> SIMD3<Double> {
    let z = 2 * stream.uniform() - 1
    let phi = 2 * Double.pi * stream.uniform()
    let across = (1 - z * z).squareRoot()
    return SIMD3(across * cos(phi), across * sin(phi), z)
  }

  static func forward(
    mass: Double, energy: ClosedRange<Double>, transverse: Double, _ stream: inout RandomStream
  ) -> FourMomentum {
    let E = stream.uniform(in: energy)
    let pT = transverse * stream.uniform()
    let phi = 2 * Double.pi * stream.uniform()
    return FourMomentum(
      energy: E, x: pT * cos(phi), y: pT * sin(phi),
      z: (E * E - pT * pT - mass * mass).squareRoot())
  }

  /// Two daughters of a parent, isotropic in its rest frame, by the boost of special relativity.
  static func decay(
    _ parent: FourMomentum, mass M: Double, _ ma: Double, _ mb: Double,
    _ stream: inout RandomStream
  ) -> (FourMomentum, FourMomentum) {
    let p = twoBodyMomentum(mass: M, ma, mb) * direction(&stream)
    func boosted(_ p: SIMD3<Double>, _ mass: Double) -> FourMomentum {
      let E = (mass * mass + (p * p).sum()).squareRoot()
      let K = SIMD3(parent.x, parent.y, parent.z)
      let energy = (parent.energy * E + (K * p).sum()) / M
      let q = p + ((energy + E) / (parent.energy + M)) * K
      return FourMomentum(energy: energy, x: q.x, y: q.y, z: q.z)
    }
    return (boosted(p, ma), boosted(-p, mb))
  }

  private static func event(_ stream: inout RandomStream) -> ToyEvent {
    let muon = forward(mass: Mass.muon, energy: 2...120, transverse: 1.5, &stream)
    let chi2 = forward(mass: m2, energy: 5...100, transverse: 1, &stream)
    let q = 2 * leptonMass + (m2 - m1 - 2 * leptonMass) * stream.uniform()
    let (_, pair) = decay(chi2, mass: m2, m1, q, &stream)
    let (positive, negative) = decay(pair, mass: q, leptonMass, leptonMass, &stream)
    return ToyEvent(
      weight: 0.5 + stream.uniform(), beamLepton: muon, chi2: chi2, positive: positive,
      negative: negative)
  }
}

extension ColumnBatch {
  /// Writes events into the columns that a selection reads.
  func write(_ events: ArraySlice<ToyEvent>) {
    func put(_ p: FourMomentum, mass: Double, _ i: Int, _ plus: Int, _ x: Int, _ y: Int) {
      let p = LightFrontMomentum(p, mass: mass)
      base[plus + i] = p.plus
      base[x + i] = p.x
      base[y + i] = p.y
    }
    for (i, event) in events.enumerated() {
      base[EventColumn.weight + i] = event.weight
      base[EventColumn.chainWeight + i] = event.weight
      put(
        event.beamLepton, mass: Mass.muon, i, EventColumn.scatteredPlus, EventColumn.scatteredX,
        EventColumn.scatteredY)
      put(
        event.chi2, mass: Toy.m2, i, EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y)
      put(
        event.positive, mass: Toy.leptonMass, i, EventColumn.leptonPlusPlus,
        EventColumn.leptonPlusX, EventColumn.leptonPlusY)
      put(
        event.negative, mass: Toy.leptonMass, i, EventColumn.leptonMinusPlus,
        EventColumn.leptonMinusX, EventColumn.leptonMinusY)
    }
  }
}

/// A selection with its apparatus and beam, as a test states it.
struct Setting {
  var apparatus: Apparatus = .paper
  var cuts: SelectionCuts = .paper
  var spot: SIMD2<Double> = .zero
  var divergence: SIMD2<Double> = .zero

  var selector: EventSelector {
    EventSelector(
      cuts, apparatus: apparatus, beamLeptonMass: Mass.muon, leptonMass: Toy.leptonMass,
      chi2Mass: Toy.m2, spot: spot, divergence: divergence)
  }

  /// The entries of all events, batch by batch.
  func accepted(_ events: [ToyEvent], seed: UInt64 = 1) -> AcceptedEvents {
    var result = AcceptedEvents()
    forEachBatch(events, seed: seed) { selector, batch, scratch, count, first, stream in
      selector.select(
        batch, scratch: scratch, count: count, firstEvent: first, stream: stream, into: &result)
    }
    return result
  }

  /// The cut flow at a proper decay length in mm.
  func cutFlow(_ events: [ToyEvent], properDecayLength: Double, seed: UInt64 = 1) -> CutFlowSums {
    var sums = CutFlowSums()
    forEachBatch(events, seed: seed) { selector, batch, scratch, count, _, stream in
      selector.addCutFlow(
        batch, scratch: scratch, count: count, stream: stream,
        properDecayLength: properDecayLength, into: &sums)
    }
    return sums
  }

  private func forEachBatch(
    _ events: [ToyEvent], seed: UInt64,
    _ body: (
      EventSelector, borrowing ColumnBatch, borrowing ColumnBatch, Int, Int, RandomStream
    ) -> Void
  ) {
    let batch = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: EventSelector.scratchColumnCount)
    let selector = selector
    var first = 0
    while first < events.count {
      let count = min(BatchLayout.capacity, events.count - first)
      batch.write(events[first..<first + count])
      let stream = RandomStream(
        seed: seed, purpose: .beam, point: 5, batch: first / BatchLayout.capacity)
      body(selector, batch, scratch, count, first, stream)
      first += count
    }
  }
}

extension AcceptedEvents {
  /// Σ w [exp(-a₁/cτ) - exp(-a₂/cτ)] by the system's exponential.
  func survival(_ properDecayLength: Double) -> Double {
    (0..<count).reduce(0) {
      $0 + weight[$1]
        * (exp(-lower[$1] / properDecayLength) - exp(-upper[$1] / properDecayLength))
    }
  }
}

extension SelectionCuts {
  /// Table I of arXiv:2409.00170.
  static let paper = SelectionCuts(
    decayWindow: 25...140, minimumBeamLeptonEnergy: 5, minimumLeptonEnergy: 5,
    minimumOpeningAngle: 1e-3, lastModules: 5)
}

extension Apparatus {
  /// Three planes of 10 × 10 cm² at 15, 57.5 and 100 cm, as in arXiv:2409.00170.
  static let paper = station(
    "paper", pitch: 1000,
    [150, 575, 1000].map { Plane(centre: SIMD3(0, 0, $0), size: SIMD2(100, 100)) })

  /// X, Y, U, V, X, Y modules, the X and Y tilted: a MUonE station of December 2022.
  static let tilted: Apparatus = {
    let modules: [(z: Double, rotation: Double, tilt: Double)] = [
      (180.2, 0, 0.233), (218.7, .pi / 2, 0.233), (553.6, .pi / 4, 0), (566.2, -.pi / 4, 0),
      (899.2, 0, 0.233), (937.7, .pi / 2, 0.233),
    ]
    let planes = modules.map {
      Plane(
        centre: SIMD3(0, 0, $0.z), size: SIMD2(100, 100), rotation: $0.rotation, tilt: $0.tilt)
    }
    return station("tilted", pitch: 1173, planes)
  }()

  static func station(_ name: String, pitch: Double, _ planes: [Plane]) -> Apparatus {
    Apparatus(
      name: name, source: "test", targetThickness: 15, stationCount: 40, stationPitch: pitch,
      planes: planes, calorimeter: nil, muonFilter: nil)
  }
}

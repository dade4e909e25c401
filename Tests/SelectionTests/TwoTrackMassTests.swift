import Detector
import Foundation
import Kinematics
import ParticleData
import Sampling
import Selection
import Testing

@Suite("Two tracks of different masses")
struct TwoTrackMassTests {
  private let mass = Mass.lambda
  private let positive = Mass.proton
  private let negative = Mass.chargedPion

  private func accepted(
    _ events: [ToyEvent], _ selector: EventSelector, parent: Double, _ plus: Double, _ minus: Double
  ) -> AcceptedEvents {
    let batch = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: EventSelector.scratchColumnCount)
    var result = AcceptedEvents()
    for first in stride(from: 0, to: events.count, by: BatchLayout.capacity) {
      let count = min(BatchLayout.capacity, events.count - first)
      for (i, event) in events[first..<first + count].enumerated() {
        func put(_ p: FourMomentum, _ mass: Double, _ columns: (Int, Int, Int)) {
          let p = LightFrontMomentum(p, mass: mass)
          batch.base[columns.0 + i] = p.plus
          batch.base[columns.1 + i] = p.x
          batch.base[columns.2 + i] = p.y
        }
        batch.base[EventColumn.chainWeight + i] = event.weight
        put(
          event.beamLepton, Mass.muon,
          (EventColumn.scatteredPlus, EventColumn.scatteredX, EventColumn.scatteredY))
        put(event.chi2, parent, (EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y))
        put(
          event.positive, plus,
          (EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY))
        put(
          event.negative, minus,
          (EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY))
      }
      selector.select(
        batch, scratch: scratch, count: count, firstEvent: first,
        stream: RandomStream(seed: 1, purpose: .beam, point: 5, batch: 0), into: &result)
    }
    return result
  }

  @Test("equal masses, given as two, give the bytes of one", .tags(.identity))
  func equal() {
    let events = Toy.events(8192, seed: 41)
    let one = Setting().selector
    let two = EventSelector(
      .paper, apparatus: .paper, beamLeptonMass: Mass.muon,
      trackMasses: (Toy.leptonMass, Toy.leptonMass), parentMass: Toy.m2, spot: .zero,
      divergence: .zero)
    let m = Toy.leptonMass
    let a = accepted(events, one, parent: Toy.m2, m, m)
    #expect(a == accepted(events, two, parent: Toy.m2, m, m) && a.count > 500)
  }

  /// Λ of 8 to 60 GeV, isotropic in its rest frame.
  private func hyperons(_ count: Int) -> [ToyEvent] {
    var stream = RandomStream(seed: 42, purpose: .test, point: 78, batch: 0)
    return (0..<count).map { _ in
      let muon = Toy.forward(mass: Mass.muon, energy: 2...120, transverse: 1.5, &stream)
      let parent = Toy.forward(mass: mass, energy: 8...60, transverse: 1, &stream)
      let (p, pi) = Toy.decay(parent, mass: mass, positive, negative, &stream)
      return ToyEvent(beamLepton: muon, chi2: parent, positive: p, negative: pi)
    }
  }

  @Test(
    "protons and pions of drawn decays hit the planes as often as intervals say",
    .tags(.statistical), arguments: [2.0, 78.46])
  func drawnDecays(properDecayLength: Double) {
    let events = hyperons(16_384)
    let selector = EventSelector(
      .paper, apparatus: .paper, beamLeptonMass: Mass.muon, trackMasses: (positive, negative),
      parentMass: mass, spot: .zero, divergence: .zero)
    let accepted = accepted(events, selector, parent: mass, positive, negative)
    let exact = accepted.survival(properDecayLength)
    var stream = RandomStream(seed: 43, purpose: .test, point: 79, batch: 0)
    func hits(_ p: FourMomentum, from vertex: SIMD3<Double>) -> Bool {
      p.z > 0
        && [150.0, 575, 1000].allSatisfy { z in
          z >= vertex.z && abs(vertex.x + p.x / p.z * (z - vertex.z)) <= 50
            && abs(vertex.y + p.y / p.z * (z - vertex.z)) <= 50
        }
    }
    var (sum, squares) = (0.0, 0.0)
    let draws = 16
    for event in events {
      let (a, b) = (event.positive, event.negative)
      let cosine = (a.x * b.x + a.y * b.y + a.z * b.z) / (a.momentum * b.momentum)
      guard min(a.energy, b.energy, event.beamLepton.energy) > 5, acos(min(cosine, 1)) > 1e-3,
        hits(event.beamLepton, from: .zero)
      else { continue }
      var seen = 0
      for _ in 0..<draws {
        let z = -log(stream.uniform()) * properDecayLength * event.chi2.z / mass
        let vertex = SIMD3(event.chi2.x / event.chi2.z * z, event.chi2.y / event.chi2.z * z, z)
        if (25...140).contains(z), hits(a, from: vertex), hits(b, from: vertex) { seen += 1 }
      }
      let share = Double(seen) / Double(draws)
      sum += share
      squares += share * (1 - share) / Double(draws)
    }
    // Five standard errors of the draws, plus those of one draw in a share of 0 or 1.
    let error = (squares + 1 / Double(draws)).squareRoot()
    #expect(abs(sum - exact) < 5 * error, "drawn \(sum), exact \(exact)")
    #expect(exact > 30 * error)
  }

  @Test("each mass belongs to its track", .tags(.unit))
  func order() {
    // A proton of 5.04 GeV, whose mass is what takes it over the cut.
    var event = ToyEvent.onAxis()
    event.chi2 = FourMomentum(mass: mass, x: 0, y: 0, z: 40)
    event.positive = FourMomentum(mass: positive, x: 0.05, y: 0, z: 4.95)
    event.negative = FourMomentum(mass: negative, x: -0.05, y: 0, z: 20)
    func count(_ masses: (Double, Double)) -> Int {
      accepted(
        [event],
        EventSelector(
          .paper, apparatus: .paper, beamLeptonMass: Mass.muon, trackMasses: masses,
          parentMass: mass, spot: .zero, divergence: .zero), parent: mass, positive, negative
      ).count
    }
    #expect(event.positive.energy > 5.03)
    #expect(count((positive, negative)) == 1)
    // With the pion's mass its p⁺ is that of a pion of 4.995 GeV: ½ (p⁺ + (m² + p_⊥²)/p⁺).
    #expect(count((negative, positive)) == 0)
  }
}

import Calculus
import DarkSector
import Foundation
import Integration
import Kinematics
import Reach

/// Expected events the plain way: every event's decay position is drawn, every track is followed to every plane.
///
/// Nothing of the selection room is used. The position is drawn from the exponential law between the ends of the window,
/// and the event counts with the probability of that window, so that long lifetimes need no more events than short ones.
struct BruteForce: Sendable {
  private let plan: Plan
  private let generator: EventGenerator
  private let properDecayLength: Double
  private let scale: Double

  /// Sums over events that pass.
  struct Tally: Sendable {
    fileprivate(set) var generated = 0
    fileprivate var scale = 0.0
    fileprivate(set) var weight = CompensatedSum()
    fileprivate(set) var square = CompensatedSum()
    /// The weight of those with a track that misses the calorimeter, `[stations in between]`.
    fileprivate(set) var missing: [Int: CompensatedSum] = [:]
    /// The number of events that pass.
    fileprivate(set) var passed = 0

    /// The number of events with its error.
    var expectedEvents: Estimate {
      let n = Double(generated)
      let mean = weight.value / n
      let variance = max(square.value / n - mean * mean, 0) / (n - 1)
      return Estimate(value: scale * mean, error: scale * variance.squareRoot())
    }

    /// The share of the accepted weight whose tracks all hit the calorimeter behind so many further stations.
    func calorimeterShare(stationsBetween: Int) -> Double {
      1 - (missing[stationsBetween]?.value ?? 0) / weight.value
    }
  }

  init(_ plan: Plan) throws {
    precondition(
      plan.apparatus.planes.allSatisfy { $0.rotation == 0 && $0.tilt == 0 },
      "brute force knows upright planes only")
    self.plan = plan
    generator = try EventGenerator(plan)
    let point = generator.point
    let epsilonSquared = plan.epsilonSquared(point)
    guard
      let length = point.chi2Widths().properDecayLength(
        epsilonSquared: epsilonSquared, alphaD: plan.model.alphaD)
    else { throw plan.closedDecay(point) }
    properDecayLength = length
    scale =
      LuminosityLedger(plan.luminosity, plan: plan).perPicobarn
      * generator.leptonicBranchingRatio
      * point.darkBranchingRatio(epsilonSquared: epsilonSquared, alphaD: plan.model.alphaD)
  }

  func tally(batches: Int, threads: Int) async throws -> Tally {
    let parts = try await concurrentMap(count: batches, threads: threads) { batch in
      var tally = Tally()
      for event in generator.batch(batch) { add(event, to: &tally) }
      return tally
    }
    var total = Tally()
    total.scale = scale
    for part in parts {
      total.generated += part.generated
      total.passed += part.passed
      total.weight.add(part.weight.value)
      total.square.add(part.square.value)
      for (stations, sum) in part.missing {
        total.missing[stations, default: CompensatedSum()].add(sum.value)
      }
    }
    return total
  }

  private func add(_ event: ChainEvent, to tally: inout Tally) {
    tally.generated += 1
    let cuts = plan.selection
    let leptons = [event.leptonPlus, event.leptonMinus]
    guard event.chi2.z > 0, event.scattered.z > 0, leptons.allSatisfy({ $0.z > 0 }),
      event.scattered.energy > cuts.minimumBeamLeptonEnergy,
      leptons.allSatisfy({ $0.energy > cuts.minimumLeptonEnergy }),
      angle(leptons[0], leptons[1]) > cuts.minimumOpeningAngle
    else { return }
    let length = event.chi2.z / generator.point.chi2Mass * properDecayLength
    let early = exp(-cuts.decayWindow.lowerBound / length)
    let late = exp(-cuts.decayWindow.upperBound / length)
    // The event's own position is exponential: its probability integral is a flat number.
    let flat = exp(-event.decayZ / length)
    let z = -length * log(early - flat * (early - late))
    let vertex = SIMD3(event.chi2.x / event.chi2.z * z, event.chi2.y / event.chi2.z * z, z)
    let tracks = [(event.scattered, SIMD3<Double>.zero)] + leptons.map { ($0, vertex) }
    let isSeen = plan.apparatus.planes.allSatisfy { plane in
      tracks.allSatisfy { hits($0, $1, centre: plane.centre, size: plane.size) }
    }
    guard isSeen else { return }
    let weight = event.weight * (early - late)
    tally.passed += 1
    tally.weight.add(weight)
    tally.square.add(weight * weight)
    guard let calorimeter = plan.apparatus.calorimeter else { return }
    for stations in [0, plan.selection.lastModules - 1] {
      let face = SIMD3(0, 0, calorimeter.z + Double(stations) * plan.apparatus.stationPitch)
      if !tracks.allSatisfy({ hits($0, $1, centre: face, size: calorimeter.size) }) {
        tally.missing[stations, default: CompensatedSum()].add(weight)
      }
    }
  }

  private func hits(
    _ p: FourMomentum, _ start: SIMD3<Double>, centre: SIMD3<Double>, size: SIMD2<Double>
  ) -> Bool {
    let way = centre.z - start.z
    let x = start.x + way * p.x / p.z - centre.x
    let y = start.y + way * p.y / p.z - centre.y
    return way >= 0 && abs(x) <= size.x / 2 && abs(y) <= size.y / 2
  }

  private func angle(_ a: FourMomentum, _ b: FourMomentum) -> Double {
    let cross = SIMD3(
      a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    return atan2((cross * cross).sum().squareRoot(), a.x * b.x + a.y * b.y + a.z * b.z)
  }
}

import DarkSector
import Detector
import Foundation
import Kinematics
import ParticleData
import Reach
import Sampling
import Selection

/// One accepted event in one module, to be looked at.
///
/// Source: after arXiv:2409.00170, Fig. 3. The event is ours.
public struct EventDisplayData: Sendable {
  /// A straight piece of a particle's path, in mm from the interaction point.
  public struct Track: Sendable, Hashable {
    /// `beam`, `scattered`, `chi2`, `lepton_plus`, `lepton_minus`.
    public var particle: String
    /// The energy in GeV.
    public var energy: Double
    /// Where it begins.
    public var start: SIMD3<Double>
    /// Where it ends.
    public var end: SIMD3<Double>
    /// The points on the planes.
    public var hits: [SIMD3<Double>]
  }

  /// The event.
  public var event: ChainEvent
  /// The model point.
  public var point: ModelPoint
  /// y at which its decay position was drawn.
  public var y: Double
  /// The paths.
  public var tracks: [Track]
  /// The number of the event among the unweighted ones, from 1.
  public var number: Int

  /// m₁ in GeV.
  static let m1 = 0.3
  /// Where the drawing begins and ends, in mm.
  static let drawnZ = -60.0...1070.0
  /// Batches tried before giving up.
  static let mostBatches = 512

  /// The first unweighted event that passes all cuts and is fit for a drawing: its leptons lie an
  /// eighth of a plane apart on the last plane.
  ///
  /// y is such that a χ₂ with half the beam's energy flies to the middle of the decay window on average.
  ///
  /// - Returns: `nil` if no event of so many passes, or if the card allows no such point.
  public static func compute(_ plan: Plan, progress: @Sendable (Int) -> Void) throws
    -> EventDisplayData?
  {
    defer { progress(1) }
    var plan = plan
    plan.model.m1 = m1
    do {
      return try first(plan)
    } catch {
      guard reasonForAbsence(error) != nil else { throw error }
      return nil
    }
  }

  private static func first(_ original: Plan) throws -> EventDisplayData? {
    var plan = original
    let point = try plan.modelPoint()
    let widths = point.chi2Widths()
    let boost = plan.beam.energy / 2 / point.chi2Mass
    let window = plan.selection.decayWindow
    let wanted = (window.lowerBound + window.upperBound) / 2 / boost
    guard
      let length = widths.properDecayLength(epsilonSquared: 1, alphaD: plan.model.alphaD)
    else { throw plan.closedDecay(point) }
    // cτ falls like 1/ε².
    let exact = point.y(epsilon: (length / wanted).squareRoot(), alphaD: plan.model.alphaD)
    let y = NumberText.rounded(exact, digits: 2)
    plan.model.coupling = .y(y)
    let generator = try EventGenerator(plan)
    let largest = 1.25 * (generator.batch(0).map(\.weight).max() ?? 0)
    guard largest > 0 else { return nil }
    var number = 0
    for batch in 0..<mostBatches {
      var stream = RandomStream(
        seed: plan.run.seed, purpose: .unweighting, point: 0, batch: batch)
      for event in generator.batch(batch) where stream.uniform() * largest < event.weight {
        number += 1
        guard event.passes(plan), event.leptonDistance(plan.apparatus) > 0.12 else { continue }
        return EventDisplayData(
          event: event, point: point, y: y, tracks: tracks(of: event, plan: plan), number: number)
      }
    }
    return nil
  }

  private static func tracks(of event: ChainEvent, plan: Plan) -> [Track] {
    let frames = plan.apparatus.planes.map { PlaneFrame($0) }
    let vertex = event.decayVertex
    let last = drawnZ.upperBound
    func track(
      _ particle: String, _ momentum: FourMomentum, from start: SIMD3<Double>, to z: Double? = nil
    ) -> Track {
      let slope = momentum.slope
      func at(_ z: Double) -> SIMD3<Double> { start + (z - start.z) * slope }
      return Track(
        particle: particle, energy: momentum.energy, start: start, end: at(z ?? last),
        hits: z == nil ? frames.map { $0.crossing(from: start, slope: slope) } : [])
    }
    let beam = Track(
      particle: "beam", energy: plan.beam.energy, start: SIMD3(0, 0, drawnZ.lowerBound),
      end: .zero, hits: [])
    return [
      beam, track("scattered", event.scattered, from: .zero),
      track("chi2", event.chi2, from: .zero, to: vertex.z),
      track("lepton_plus", event.leptonPlus, from: vertex),
      track("lepton_minus", event.leptonMinus, from: vertex),
    ]
  }
}

extension ChainEvent {
  /// Where χ₂ decays, in mm from the interaction point.
  var decayVertex: SIMD3<Double> { decayZ * chi2.slope }

  /// Whether the event passes the cuts of a plan, all tracks in the planes of the first station, for a pencil beam on the
  /// axis and an interaction at the target's centre.
  package func passes(_ plan: Plan) -> Bool {
    let cuts = plan.selection
    let leptons = [leptonPlus, leptonMinus]
    guard cuts.decayWindow.contains(decayZ), scattered.energy > cuts.minimumBeamLeptonEnergy,
      leptons.allSatisfy({ $0.energy > cuts.minimumLeptonEnergy && $0.z > 0 }),
      leptonPlus.angle(to: leptonMinus) > cuts.minimumOpeningAngle
    else { return false }
    let frames = plan.apparatus.planes.map { PlaneFrame($0) }
    let required =
      switch cuts.requiredPlanes {
      case .all: frames.count
      case .atLeast(let count): count
      }
    func hitCount(from start: SIMD3<Double>, _ momentum: FourMomentum) -> Int {
      let slope = momentum.slope
      return frames.count { frame in
        frame.isHit(fromX: start.x, start.y, start.z, slopeX: slope.x, slopeY: slope.y)
      }
    }
    return scattered.z > 0 && hitCount(from: .zero, scattered) >= required
      && leptons.allSatisfy { hitCount(from: decayVertex, $0) >= required }
  }

  /// The distance of the leptons on the last plane as a share of its size.
  func leptonDistance(_ apparatus: Apparatus) -> Double {
    guard let plane = apparatus.planes.last else { return 0 }
    let difference = (leptonPlus.slope - leptonMinus.slope) * (plane.centre.z - decayZ)
    return max(abs(difference.x) / plane.size.x, abs(difference.y) / plane.size.y)
  }
}

extension FourMomentum {
  /// The change of position per unit of z.
  var slope: SIMD3<Double> { SIMD3(x / z, y / z, 1) }

  /// The angle to another momentum in rad, from the cross product: exact for small angles, too.
  func angle(to other: FourMomentum) -> Double {
    let cross = SIMD3(
      y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    return atan2(
      (cross * cross).sum().squareRoot(), x * other.x + y * other.y + z * other.z)
  }
}

extension PlaneFrame {
  /// Where a straight line meets the plane.
  func crossing(from start: SIMD3<Double>, slope: SIMD3<Double>) -> SIMD3<Double> {
    let step = ((centre - start) * normal).sum() / (slope * normal).sum()
    return start + step * slope
  }
}

import Detector
import Foundation
import Kinematics
import Sampling
import Selection
import Testing

/// Cuts and hits of one event with one drawn decay, by textbook geometry.
private struct Simulation {
  let setting: Setting

  /// A straight track meets a plane that was tilted about y, then turned about z.
  private func isHit(_ plane: Plane, _ shift: Double, _ from: SIMD3<Double>, _ p: SIMD3<Double>)
    -> Bool
  {
    let (ct, st) = (cos(plane.tilt), sin(plane.tilt))
    let (cr, sr) = (cos(plane.rotation), sin(plane.rotation))
    let (u, v) = (SIMD3(cr * ct, sr * ct, -st), SIMD3(-sr, cr, 0))
    let n = SIMD3(cr * st, sr * st, ct)
    let step = (n * (plane.centre + SIMD3(0, 0, shift) - from)).sum() / (n * p).sum()
    let offset = from + step * p - plane.centre - SIMD3(0, 0, shift)
    return step >= 0 && abs((u * offset).sum()) <= plane.size.x / 2
      && abs((v * offset).sum()) <= plane.size.y / 2
  }

  private func isSeen(_ station: Int, _ from: SIMD3<Double>, _ p: SIMD3<Double>) -> Bool {
    let planes = setting.apparatus.planes
    let shift = Double(station) * setting.apparatus.stationPitch
    let hits = planes.count { isHit($0, shift, from, p) }
    return switch setting.cuts.requiredPlanes {
    case .all: hits == planes.count
    case .atLeast(let least): hits >= least
    }
  }

  func passesKinematics(_ event: ToyEvent) -> Bool {
    let cuts = setting.cuts
    let (a, b) = (vector(event.positive), vector(event.negative))
    let cosine = (a * b).sum() / ((a * a).sum() * (b * b).sum()).squareRoot()
    // The sine of small angles by the cross product, the cosine's sign beyond a right angle.
    let cross = SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    let sine = ((cross * cross).sum() / ((a * a).sum() * (b * b).sum())).squareRoot()
    return event.beamLepton.energy > cuts.minimumBeamLeptonEnergy
      && min(event.positive.energy, event.negative.energy) > cuts.minimumLeptonEnergy
      && atan2(sine, cosine) > cuts.minimumOpeningAngle
      && [event.beamLepton, event.positive, event.negative].allSatisfy { $0.z > 0 }
  }

  func vector(_ p: FourMomentum) -> SIMD3<Double> { SIMD3(p.x, p.y, p.z) }

  /// The share of the modules used in which an interaction with this decay at distance ζ is seen.
  func share(
    _ event: ToyEvent, zeta: Double, from start: SIMD3<Double> = .zero,
    turned: (SIMD3<Double>) -> SIMD3<Double> = { $0 }
  ) -> Double {
    guard setting.cuts.decayWindow.contains(zeta) else { return 0 }
    let chi2 = turned(vector(event.chi2))
    let vertex = start + (zeta / chi2.z) * chi2
    let modules = setting.cuts.tracking == .ownStation ? 1 : setting.cuts.lastModules
    let seen = (0..<modules).map { station in
      isSeen(station, start, turned(vector(event.beamLepton)))
        && isSeen(station, vertex, turned(vector(event.positive)))
        && isSeen(station, vertex, turned(vector(event.negative)))
    }
    // A module with k others downstream of it sees with any of the first k + 1.
    let good = (0..<modules).count { seen[0...$0].contains(true) }
    return Double(good) / Double(modules)
  }
}

/// Apparatus and cuts over which the exact intervals are compared with drawn decays.
private let settings: [(name: String, setting: Setting)] = {
  var tilted = Setting(apparatus: .tilted)
  tilted.cuts.decayWindow = 25...170
  var choice = Setting()
  choice.cuts.requiredPlanes = .atLeast(2)
  choice.cuts.decayWindow = 25...700
  var tiltedChoice = tilted
  tiltedChoice.cuts.requiredPlanes = .atLeast(4)
  tiltedChoice.cuts.decayWindow = 10...600
  var downstream = Setting()
  downstream.cuts.tracking = .anyDownstream
  downstream.cuts.decayWindow = 25...2500
  var loose = Setting()
  loose.cuts.minimumBeamLeptonEnergy = 0
  loose.cuts.minimumLeptonEnergy = 0
  loose.cuts.minimumOpeningAngle = 0
  loose.cuts.decayWindow = 0...1000
  return [
    ("the paper's station", Setting()), ("a tilted station", tilted),
    ("two of three planes", choice), ("four of six tilted planes", tiltedChoice),
    ("any station downstream", downstream), ("no cuts", loose),
  ]
}()

@Suite("Exact decay intervals against drawn decays")
struct BruteForceTests {
  private let events = Toy.events(16_384, seed: 11)

  @Test(
    "Acceptances agree with counting drawn decays, one by one and in sum",
    .tags(.statistical, .property), arguments: settings.indices)
  func drawnDecays(index: Int) {
    let (name, setting) = settings[index]
    let simulation = Simulation(setting: setting)
    let accepted = setting.accepted(events)
    // Entries by event.
    var entries: [Int: [Int]] = [:]
    for i in 0..<accepted.count { entries[Int(accepted.event[i]), default: []].append(i) }
    var stream = RandomStream(seed: 12, purpose: .test, point: UInt64(index), batch: 0)
    let draws = 8
    for properDecayLength in [0.03, 0.3, 3, 30] {
      var (exact, counted, variance, mismatches) = (0.0, 0.0, 0.0, 0)
      for (number, event) in events.enumerated() {
        let boost = event.chi2.z / Toy.m2
        let mine = entries[number] ?? []
        let probability = mine.reduce(0.0) {
          let (a, b) = (accepted.lower[$1], accepted.upper[$1])
          return $0 + accepted.weight[$1] / event.weight
            * (exp(-a / properDecayLength) - exp(-b / properDecayLength))
        }
        exact += event.weight * probability
        variance += event.weight * event.weight * probability * (1 - probability) / Double(draws)
        let passes = simulation.passesKinematics(event)
        for _ in 0..<draws {
          let proper = -properDecayLength * log(stream.uniform())
          let share = passes ? simulation.share(event, zeta: boost * proper) : 0
          counted += event.weight * share / Double(draws)
          let inside = mine.reduce(0.0) {
            accepted.lower[$1] <= proper && proper <= accepted.upper[$1]
              ? $0 + accepted.weight[$1] / event.weight : $0
          }
          // 1e-9: a sum of up to five equal shares. Drawn decays never fall within rounding of an edge here.
          mismatches += abs(inside - share) < 1e-9 ? 0 : 1
        }
      }
      #expect(mismatches == 0, "\(name), cτ = \(properDecayLength) mm")
      #expect(exact > 0)
      // Five standard errors of the counting; a share below one only lowers the variance.
      #expect(
        abs(counted - exact) < 5 * variance.squareRoot(),
        "\(name), cτ = \(properDecayLength) mm: counted \(counted), exact \(exact)")
    }
  }

  @Test("Interval by interval, a window of its own kinematics is not empty", .tags(.unit))
  func settingsAccept() {
    for (name, setting) in settings {
      let share = Double(Set(setting.accepted(events).event).count) / Double(events.count)
      #expect(share > 0.05 && share < 0.99, "\(name): \(share)")
    }
  }

  /// The beam of MUonE, and one so wide in angle that position and direction weigh alike: 20 mm at 1 m.
  @Test(
    "A beam with a spread gives what drawn beam particles give", .tags(.statistical),
    arguments: [SIMD2(2.7e-4, 2e-4), SIMD2(0.02, 0.01)])
  func beamSpread(divergence: SIMD2<Double>) {
    var setting = Setting(spot: SIMD2(26, 27), divergence: divergence)
    setting.cuts.interactionVertex = .spread
    let simulation = Simulation(setting: setting)
    var stream = RandomStream(seed: 13, purpose: .test, point: 0, batch: 0)
    func gauss() -> Double {
      (-2 * log(stream.uniform())).squareRoot() * cos(2 * .pi * stream.uniform())
    }
    let properDecayLength = 1.0
    let size = BatchLayout.capacity
    let accepted = setting.accepted(events)
    let batches = events.count / size
    var difference = [Double](repeating: 0, count: batches)
    for i in 0..<accepted.count {
      difference[Int(accepted.event[i]) / size] +=
        accepted.weight[i]
        * (exp(-accepted.lower[i] / properDecayLength) - exp(-accepted.upper[i] / properDecayLength))
    }
    let total = difference.reduce(0, +)
    let draws = 32
    for (number, event) in events.enumerated() where simulation.passesKinematics(event) {
      for _ in 0..<draws {
        let start = SIMD3(
          setting.spot.x * gauss(), setting.spot.y * gauss(), 15 * (stream.uniform() - 0.5))
        let (ax, ay) = (setting.divergence.x * gauss(), setting.divergence.y * gauss())
        let zeta = -event.chi2.z / Toy.m2 * properDecayLength * log(stream.uniform())
        // A rotation to first order in the beam's angle, where the code under test adds slopes: for slopes s below 0.1 the
        // two differ by s² of the angle.
        let share = simulation.share(event, zeta: zeta, from: start) { p in
          SIMD3(p.x + ax * p.z, p.y + ay * p.z, p.z - ax * p.x - ay * p.y)
        }
        difference[number / size] -= event.weight * share / Double(draws)
      }
    }
    let mean = difference.reduce(0, +) / Double(batches)
    let variance = difference.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batches - 1)
    let error = (variance * Double(batches)).squareRoot()
    // Five standard errors, from the scatter over batches; some 1 % of the total.
    #expect(abs(mean * Double(batches)) < 5 * error)
    #expect(error < 0.02 * total && error > 0)
  }
}

import Calculus
import Detector
import Kinematics
import ParticleData
import Sampling
import Selection

/// What a station, and the calorimeter behind the last one, are to a particle made in its target.
struct StationView {
  /// The planes of the station, and those of all behind it.
  private let frames: [[PlaneFrame]]
  /// The calorimeter's face in mm from the station's target, and half its size; `nil` without one.
  let calorimeter: (z: Double, half: SIMD2<Double>)?

  /// - Parameters:
  ///   - frames: of each station from this one on.
  ///   - stationsBehind: stations between this one and the calorimeter.
  init(apparatus: Apparatus, frames: [[PlaneFrame]], stationsBehind: Int) {
    self.frames = Array(frames.prefix(stationsBehind + 1))
    calorimeter = apparatus.calorimeter.map {
      ($0.z + Double(stationsBehind) * apparatus.stationPitch, $0.size / 2)
    }
  }

  /// Whether a straight line hits the calorimeter.
  func hitsCalorimeter(_ p: FourMomentum, from vertex: SIMD3<Double>) -> Bool {
    guard let calorimeter, p.z > 0, vertex.z < calorimeter.z else { return false }
    let way = calorimeter.z - vertex.z
    return abs(vertex.x + p.x / p.z * way) <= calorimeter.half.x
      && abs(vertex.y + p.y / p.z * way) <= calorimeter.half.y
  }

  /// Whether a straight line from the target hits as many planes of the station as are required.
  func hits(_ required: RequiredPlanes, _ p: FourMomentum) -> Bool {
    guard p.z > 0 else { return false }
    let hits = frames[0].count {
      $0.isHit(fromX: 0, 0, 0, slopeX: p.x / p.z, slopeY: p.y / p.z)
    }
    switch required {
    case .all: return hits == frames[0].count
    case .atLeast(let least): return hits >= least
    }
  }

  /// Whether a straight line hits a plane of this station or one behind, or the calorimeter.
  func isSeen(_ p: FourMomentum, from vertex: SIMD3<Double>) -> Bool {
    guard p.z > 0 else { return false }
    let (slopeX, slopeY) = (p.x / p.z, p.y / p.z)
    return frames.contains { planes in
      planes.contains {
        $0.isHit(fromX: vertex.x, vertex.y, vertex.z, slopeX: slopeX, slopeY: slopeY)
      }
    } || hitsCalorimeter(p, from: vertex)
  }
}

/// What else of an event a detector sees: the hardest neutral in the calorimeter, and the hardest other track.
struct RestOfEvent {
  let view: StationView
  let neutralHadronsAreSeen: Bool
  private(set) var hardestNeutral = 0.0
  private(set) var hardestTrack = 0.0
  /// Of other hadrons that live long, as if none of them decayed.
  private(set) var hardestHadron = 0.0

  init(view: StationView, neutralHadronsAreSeen: Bool) {
    self.view = view
    self.neutralHadronsAreSeen = neutralHadronsAreSeen
  }

  /// A photon or a neutral hadron.
  mutating func addNeutral(_ p: FourMomentum, from vertex: SIMD3<Double>) {
    if p.energy > hardestNeutral, view.hitsCalorimeter(p, from: vertex) {
      hardestNeutral = p.energy
    }
  }

  private mutating func addTrack(_ p: FourMomentum, from vertex: SIMD3<Double>) {
    if p.energy > hardestTrack, view.isSeen(p, from: vertex) { hardestTrack = p.energy }
  }

  /// A particle from the target. K_S, Λ and Ξ⁰ decay where chance has it, into two bodies.
  mutating func add(_ particle: CandidateParticle, _ stream: inout RandomStream) {
    switch abs(particle.pdgID) {
    case 12, 14, 16: break
    case 22: addNeutral(particle.momentum, from: .zero)
    case 2112, 130:
      if neutralHadronsAreSeen { addNeutral(particle.momentum, from: .zero) }
    case 310, 3122, 3322:
      if let hadron = LongLivedHadron(rawValue: particle.pdgID) {
        let momentum = particle.momentum
        if momentum.energy > hardestHadron, view.hitsCalorimeter(momentum, from: .zero) {
          hardestHadron = momentum.energy
        }
        addDecay(hadron, particle.momentum, from: .zero, &stream)
      }
    default: addTrack(particle.momentum, from: .zero)
    }
  }

  private mutating func addDecay(
    _ hadron: LongLivedHadron, _ p: FourMomentum, from start: SIMD3<Double>,
    _ stream: inout RandomStream
  ) {
    guard p.z > 0 else { return }
    let z = -Elementary.log(stream.uniform()) * hadron.properDecayLength * p.z / hadron.mass
    let vertex = start + SIMD3(p.x / p.z * z, p.y / p.z * z, z)
    if let calorimeter = view.calorimeter, vertex.z > calorimeter.z {
      if neutralHadronsAreSeen { addNeutral(p, from: start) }
      return
    }
    let choice = stream.uniform()
    switch hadron {
    case .kaonShort, .kaonLong:
      let masses =
        choice < 0.6920
        ? (Mass.chargedPion, Mass.chargedPion) : (Mass.neutralPion, Mass.neutralPion)
      let (a, b) = daughters(p, hadron.mass, masses, &stream)
      if choice < 0.6920 {
        addTrack(a, from: vertex)
        addTrack(b, from: vertex)
      } else {
        addPion(a, from: vertex, &stream)
        addPion(b, from: vertex, &stream)
      }
    case .lambda, .antilambda:
      if choice < 0.641 {
        let (a, b) = daughters(p, hadron.mass, (Mass.proton, Mass.chargedPion), &stream)
        addTrack(a, from: vertex)
        addTrack(b, from: vertex)
      } else {
        let (a, b) = daughters(p, hadron.mass, (Mass.neutron, Mass.neutralPion), &stream)
        if neutralHadronsAreSeen { addNeutral(a, from: vertex) }
        addPion(b, from: vertex, &stream)
      }
    case .xiZero, .antixiZero:
      let (a, b) = daughters(p, hadron.mass, (Mass.lambda, Mass.neutralPion), &stream)
      addDecay(hadron == .xiZero ? .lambda : .antilambda, a, from: vertex, &stream)
      addPion(b, from: vertex, &stream)
    }
  }

  private mutating func addPion(
    _ pion: FourMomentum, from vertex: SIMD3<Double>, _ stream: inout RandomStream
  ) {
    for photon in HadronDecaySampler.photons(ofPion: pion, &stream) {
      addNeutral(photon, from: vertex)
    }
  }

  private func daughters(
    _ parent: FourMomentum, _ mass: Double, _ masses: (Double, Double), _ stream: inout RandomStream
  ) -> (FourMomentum, FourMomentum) {
    let (a, b) = HadronDecaySampler.twoBody(mass, masses.0, masses.1, &stream)
    return (a.boosted(from: parent, mass: mass), b.boosted(from: parent, mass: mass))
  }
}

import Foundation
import Kinematics
import Production
import Sampling
import Testing

/// A random physical point of γ*(q) ℓ(p) → A′(k) ℓ(p′) and a vector v, all of order 1.
private struct RandomPoint {
  let m: Double
  let p: FourMomentum
  let pPrime: FourMomentum
  let k: FourMomentum
  let v: FourMomentum

  var q: FourMomentum { pPrime + k - p }
  var t: Double { -q.dot(q) }
  var minusU: Double { 2 * p.dot(k) - k.dot(k) }
  var d: Double { 2 * pPrime.dot(k) }

  init(m: Double, p: FourMomentum, pPrime: FourMomentum, k: FourMomentum, v: FourMomentum) {
    (self.m, self.p, self.pPrime, self.k, self.v) = (m, p, pPrime, k, v)
  }

  func with(v: FourMomentum) -> RandomPoint {
    RandomPoint(m: m, p: p, pPrime: pPrime, k: k, v: v)
  }

  var amplitude: RadiationAmplitude {
    RadiationAmplitude(
      leptonMass2: m * m, mediatorMass2: k.dot(k), d: d, minusU: minusU, t: t, vp: v.dot(p),
      vk: v.dot(k), vX: v.dot(pPrime + k), v2: v.dot(v))
  }

  var currents: [[Complex]] {
    radiationCurrents(p: p, pPrime: pPrime, k: k, v: v, mass: m)
  }

  /// Points with t > 0 and -ũ > 0, the region of radiation.
  static func many(_ count: Int) -> [RandomPoint] {
    var stream = RandomStream(seed: 12, purpose: .test, point: 6, batch: 0)
    func vector(_ mass: Double) -> FourMomentum {
      FourMomentum(
        mass: mass, x: stream.uniform(in: -1...1), y: stream.uniform(in: -1...1),
        z: stream.uniform(in: -1...1))
    }
    var points: [RandomPoint] = []
    while points.count < count {
      let m = stream.uniform(in: 0.01...0.6)
      let mediator = stream.uniform(in: 0.02...1.5)
      let v = FourMomentum(
        energy: stream.uniform(in: -2...2), x: stream.uniform(in: -1...1),
        y: stream.uniform(in: -1...1), z: stream.uniform(in: -1...1))
      let point = RandomPoint(m: m, p: vector(m), pPrime: vector(m), k: vector(mediator), v: v)
      if point.t > 0.01 && point.minusU > 0.01 { points.append(point) }
    }
    return points
  }

  /// Three orthonormal vectors across k, in the rest frame along its axes, boosted with k.
  var polarisations: [FourMomentum] {
    let mass = k.dot(k).squareRoot()
    return (1...3).map { axis in
      let along = k.components[axis]
      let factor = along / (mass * (k.energy + mass))
      var r = [along / mass, factor * k.x, factor * k.y, factor * k.z]
      r[axis] += 1
      return FourMomentum(r)
    }
  }
}

/// The size of the amplitude's parts: what rounding is measured against.
private func scale(_ currents: [[Complex]]) -> Double {
  0.5 * currents.flatMap { $0 }.reduce(0) { $0 + $1.squaredModulus }
}

@Suite("The radiation amplitude") struct RadiationAmplitudeTests {
  // 1e-11 throughout: some hundred operations on numbers of order 1 to 10³ (1/s̃, 1/ũ up to 100), measured
  // against the sum of the squared components.

  @Test("γ matrices anticommute to the metric, and spinors solve the Dirac equation", .tags(.unit))
  func diracAlgebra() {
    for mu in 0..<4 {
      for nu in 0..<4 {
        let (a, b) = (DiracMatrix.gamma[mu], DiracMatrix.gamma[nu])
        let difference = a * b + b * a - .scalar(mu == nu ? 2 * metric[mu] : 0)
        #expect(difference.elements.allSatisfy { $0.squaredModulus == 0 })
      }
    }
    let p = FourMomentum(mass: 0.3, x: 0.4, y: -0.2, z: 0.7)
    for u in spinors(p, mass: 0.3) {
      let zero = (.slash(p) - .scalar(0.3)) * u
      #expect(zero.allSatisfy { $0.squaredModulus < 1e-30 })
      #expect(abs(sandwich(u, .scalar(1), u).re - 0.6) < 1e-15)
    }
  }

  @Test("the contracted amplitude is that of explicit spinors, for any v", .tags(.identity))
  func explicitSpinors() {
    for point in RandomPoint.many(300) {
      let currents = point.currents
      #expect(abs(point.amplitude.contracted - contraction(currents)) < 1e-11 * scale(currents))
    }
  }

  @Test("the contracted amplitude is the closed form where P·q = 0", .tags(.identity))
  func closedForm() {
    for point in RandomPoint.many(300) {
      // P = v made orthogonal to q, as P_i + P_f is.
      let q = point.q
      let P = point.v - (point.v.dot(q) / q.dot(q)) * q
      let shifted = point.with(v: P)
      let s = point.d + point.k.dot(point.k)
      let closed = closedFormAmplitude(
        s: DoubleDouble(s), u: DoubleDouble(-point.minusU), t: DoubleDouble(point.t),
        t2: DoubleDouble(point.minusU - point.d - point.t),
        leptonMass2: DoubleDouble(point.m * point.m),
        mediatorMass2: DoubleDouble(point.k.dot(point.k)), Pp: DoubleDouble(P.dot(point.p)),
        PpPrime: DoubleDouble(P.dot(point.pPrime)), P2: DoubleDouble(P.dot(P))
      ).high
      #expect(abs(shifted.amplitude.contracted - closed) < 1e-11 * scale(shifted.currents))
      // Without P·q = 0 the closed form is another number: the trace is the more general.
    }
  }

  @Test("the closed form is wrong for a P that is not across q", .tags(.identity))
  func closedFormNeedsCondition() {
    let misses = RandomPoint.many(50).filter { point in
      let closed = closedFormAmplitude(
        s: DoubleDouble(point.d + point.k.dot(point.k)), u: DoubleDouble(-point.minusU),
        t: DoubleDouble(point.t), t2: DoubleDouble(point.minusU - point.d - point.t),
        leptonMass2: DoubleDouble(point.m * point.m),
        mediatorMass2: DoubleDouble(point.k.dot(point.k)), Pp: DoubleDouble(point.v.dot(point.p)),
        PpPrime: DoubleDouble(point.v.dot(point.pPrime)), P2: DoubleDouble(point.v.dot(point.v))
      ).high
      return abs(point.amplitude.contracted - closed) > 1e-3 * scale(point.currents)
    }
    #expect(misses.count > 25)
  }

  @Test(
    "Ward identity of the photon: v → v + λq changes nothing, and v = q gives 0", .tags(.identity))
  func photonWard() {
    for point in RandomPoint.many(200) {
      let reference = point.amplitude.contracted
      for lambda in [-1.3, 0.4, 5.0] {
        let moved = point.with(v: point.v + lambda * point.q)
        let size = scale(moved.currents) + scale(point.currents)
        #expect(abs(moved.amplitude.contracted - reference) < 1e-11 * size)
      }
      // The pieces of v = q are as large as those of v of its size; the sum is 0.
      let gauge = point.with(v: point.q)
      let generic = point.with(v: FourMomentum(point.q.components.map { abs($0) }))
      #expect(abs(gauge.amplitude.contracted) < 1e-10 * (scale(generic.currents) + 1))
      #expect(scale(gauge.currents) < 1e-20 * (scale(generic.currents) + 1))
    }
  }

  @Test("Ward identity of the A′: the polarisation k gives 0", .tags(.identity))
  func mediatorWard() {
    for point in RandomPoint.many(200) {
      let currents = point.currents
      let size = scale(currents) * point.k.energy * point.k.energy
      #expect(squaredProjection(currents, on: point.k) < 1e-22 * size)
      // A vector that is not k has no reason to vanish.
      #expect(squaredProjection(currents, on: point.p) > 1e-8 * size)
    }
  }

  /// The quadratic form of a vector across k, with its g term.
  private func form(_ point: RandomPoint, _ r: FourMomentum) -> Double {
    let form = point.amplitude.polarisation
    let scalars = (point.p.dot(r), point.pPrime.dot(r), point.v.dot(r))
    return PolarisationForm.product(form.image(of: scalars), scalars) - form.g * r.dot(r)
  }

  @Test("the polarisation form is that of explicit spinors for any r across k", .tags(.identity))
  func polarisationForm() {
    var stream = RandomStream(seed: 13, purpose: .test, point: 6, batch: 0)
    for point in RandomPoint.many(200) {
      let currents = point.currents
      let axes = point.polarisations
      let c = (0..<3).map { _ in stream.uniform(in: -1...1) }
      let r = c[0] * axes[0] + c[1] * axes[1] + c[2] * axes[2]
      // Boosted axes have components up to E/m_A′ ≈ 50.
      let size = scale(currents) * axes.reduce(0) { $0 + $1.energy * $1.energy + 1 }
      #expect(abs(form(point, r) - squaredProjection(currents, on: r)) < 1e-11 * size)
      #expect(form(point, r) > -1e-11 * size)
    }
  }

  @Test(
    "the polarisation form over three orthonormal vectors is the contracted amplitude",
    .tags(.identity))
  func polarisationTrace() {
    for point in RandomPoint.many(200) {
      let axes = point.polarisations
      for (i, r) in axes.enumerated() {
        #expect(abs(r.dot(point.k)) < 1e-12 * (1 + abs(r.energy) * point.k.energy))
        for (j, s) in axes.enumerated() {
          #expect(abs(r.dot(s) + (i == j ? 1 : 0)) < 1e-12 * (1 + abs(r.energy * s.energy)))
        }
      }
      let sum = axes.reduce(0) { $0 + form(point, $1) }
      let size = scale(point.currents) * axes.reduce(0) { $0 + $1.energy * $1.energy + 1 }
      #expect(abs(sum - point.amplitude.contracted) < 1e-11 * size)
    }
  }
}

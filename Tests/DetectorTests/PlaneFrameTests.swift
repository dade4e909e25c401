import Detector
import Foundation
import Sampling
import Testing

@Suite("Where tracks meet a plane")
struct PlaneFrameTests {
  /// A line of flight: an interaction point, the parent's slopes and the track's.
  private struct Flight {
    var origin: SIMD3<Double>
    var parent: SIMD2<Double>
    var track: SIMD2<Double>

    /// A pencil parent and a track of small slope, or all displaced and inclined.
    static func random(_ stream: inout RandomStream, displaced: Bool, slope: Double) -> Flight {
      func number(_ size: Double) -> Double { stream.uniform(in: -size...size) }
      return Flight(
        origin: displaced ? SIMD3(number(30), number(30), number(8)) : .zero,
        parent: displaced ? SIMD2(number(slope), number(slope)) : .zero,
        track: SIMD2(number(slope), number(slope)))
    }

    func interval(_ frame: PlaneFrame) -> (lower: Double, upper: Double) {
      frame.hitInterval(
        fromX: origin.x, origin.y, origin.z, parentSlopeX: parent.x, parentSlopeY: parent.y,
        slopeX: track.x, slopeY: track.y)
    }
  }

  /// Line meets plane, by rotation matrices of the textbook: tilt about y first, then rotation about z.
  private func isHitByTextbook(_ plane: Plane, _ flight: Flight, zeta: Double) -> Bool {
    let (ct, st) = (cos(plane.tilt), sin(plane.tilt))
    let (cr, sr) = (cos(plane.rotation), sin(plane.rotation))
    // Columns of R_z R_y.
    let u = SIMD3(cr * ct, sr * ct, -st)
    let v = SIMD3(-sr, cr, 0)
    let n = SIMD3(cr * st, sr * st, ct)
    let direction = SIMD3(flight.track.x, flight.track.y, 1)
    let vertex = flight.origin + zeta * SIMD3(flight.parent.x, flight.parent.y, 1)
    let step = (n * (plane.centre - vertex)).sum() / (n * direction).sum()
    let offset = vertex + step * direction - plane.centre
    return step >= 0 && abs((u * offset).sum()) <= plane.size.x / 2
      && abs((v * offset).sum()) <= plane.size.y / 2
  }

  private func randomPlane(_ stream: inout RandomStream, tilt: Double) -> Plane {
    func number(_ size: Double) -> Double { stream.uniform(in: -size...size) }
    return Plane(
      centre: SIMD3(number(60), number(60), 100 + 900 * stream.uniform()),
      size: SIMD2(20 + 200 * stream.uniform(), 20 + 200 * stream.uniform()),
      rotation: number(.pi), tilt: number(tilt))
  }

  /// The interval against the textbook on a grid of positions and just inside and outside its ends.
  private func compare(_ plane: Plane, _ flight: Flight) -> (mismatches: Int, hits: Int) {
    let (lower, upper) = flight.interval(PlaneFrame(plane))
    // 1e-6 mm: coordinates of 10³ mm carry rounding of 10⁻¹² mm, divided by slopes above 10⁻⁵.
    let margin = 1e-6
    var points = stride(from: -50.0, through: 1400, by: 2.93).map { $0 }
    if lower < upper {
      points += [lower - 2 * margin, lower + 2 * margin, upper - 2 * margin, upper + 2 * margin]
    }
    var (mismatches, hits) = (0, 0)
    for zeta in points where abs(zeta - lower) > margin && abs(zeta - upper) > margin {
      // Beyond 10⁵ mm an end is no place in an apparatus and the margin is no measure of rounding.
      guard abs(zeta) < 1e5 else { continue }
      let expected = isHitByTextbook(plane, flight, zeta: zeta)
      hits += expected ? 1 : 0
      mismatches += expected == (lower <= zeta && zeta <= upper) ? 0 : 1
    }
    return (mismatches, hits)
  }

  @Test(
    "The interval of decay positions is that of ray and plane, whatever the orientation",
    .tags(.property), arguments: [false, true])
  func bruteForce(displaced: Bool) {
    var stream = RandomStream(seed: 3, purpose: .test, point: displaced ? 1 : 0, batch: 0)
    var hits = 0
    for trial in 0..<2000 {
      let plane = randomPlane(&stream, tilt: 0.7)
      let flight = Flight.random(
        &stream, displaced: displaced, slope: trial % 2 == 0 ? 0.3 : 0.01)
      let result = compare(plane, flight)
      hits += result.hits
      #expect(result.mismatches == 0, "trial \(trial): \(plane), \(flight)")
    }
    // The comparison is empty unless a fair share of the points is hit: 10⁶ points in all.
    #expect(hits > 10_000)
  }

  @Test("A plane nearly along the beam, which a track may cross from behind", .tags(.property))
  func steepTilt() {
    var stream = RandomStream(seed: 4, purpose: .test, point: 0, batch: 0)
    var hits = 0
    for trial in 0..<2000 {
      let plane = randomPlane(&stream, tilt: 1.5)
      let flight = Flight.random(&stream, displaced: true, slope: 0.6)
      let result = compare(plane, flight)
      hits += result.hits
      #expect(result.mismatches == 0, "trial \(trial): \(plane), \(flight)")
    }
    #expect(hits > 10_000)
  }

  @Test("A track from a fixed point hits or misses as ray and plane say", .tags(.property))
  func fixedPoint() {
    var stream = RandomStream(seed: 5, purpose: .test, point: 0, batch: 0)
    var hits = 0
    for trial in 0..<20_000 {
      let plane = randomPlane(&stream, tilt: 1.5)
      let flight = Flight.random(&stream, displaced: true, slope: 0.3)
      let expected = isHitByTextbook(plane, flight, zeta: 0)
      let found = PlaneFrame(plane).isHit(
        fromX: flight.origin.x, flight.origin.y, flight.origin.z, slopeX: flight.track.x,
        slopeY: flight.track.y)
      hits += expected ? 1 : 0
      #expect(found == expected, "trial \(trial): \(plane), \(flight)")
    }
    #expect(hits > 1000)
  }

  @Test("A quarter turn about the beam swaps width and height", .tags(.identity))
  func quarterTurn() {
    var stream = RandomStream(seed: 6, purpose: .test, point: 0, batch: 0)
    for _ in 0..<500 {
      let flight = Flight.random(&stream, displaced: true, slope: 0.1)
      let wide = Plane(centre: SIMD3(3, -4, 500), size: SIMD2(120, 40))
      let turned = Plane(centre: wide.centre, size: SIMD2(40, 120), rotation: .pi / 2)
      let (a, b) = (flight.interval(PlaneFrame(wide)), flight.interval(PlaneFrame(turned)))
      // 1e-9: sin and cos of π/2 within 10⁻¹⁶, positions up to 10⁵ mm for nearly parallel flights.
      #expect(abs(a.lower - b.lower) <= 1e-9 * max(1, abs(a.lower)))
      #expect(abs(a.upper - b.upper) <= 1e-9 * max(1, abs(a.upper)))
    }
  }

  @Test("A plane across the beam gives the bits of the formula without rotations", .tags(.identity))
  func unrotated() {
    let plane = Plane(centre: SIMD3(2, -1, 575), size: SIMD2(100, 80), rotation: 0, tilt: 0)
    let frame = PlaneFrame(plane)
    #expect(frame.u == SIMD3(1, 0, 0) && frame.v == SIMD3(0, 1, 0))
    #expect(frame.normal == SIMD3(0, 0, 1))
    var stream = RandomStream(seed: 7, purpose: .test, point: 0, batch: 0)
    for _ in 0..<500 {
      let flight = Flight.random(&stream, displaced: true, slope: 0.1)
      func ends(_ offset: Double, _ c: Double, _ s: Double, _ half: Double) -> (Double, Double) {
        let at0 = offset - s * (flight.origin.z - plane.centre.z)
        let inverse = 1 / (c - s)
        let (p, q) = ((-half - at0) * inverse, (half - at0) * inverse)
        return (min(p, q), max(p, q))
      }
      let x = ends(flight.origin.x - plane.centre.x, flight.parent.x, flight.track.x, 50)
      let y = ends(flight.origin.y - plane.centre.y, flight.parent.y, flight.track.y, 40)
      let last = plane.centre.z - flight.origin.z
      let (lower, upper) = flight.interval(frame)
      #expect(lower == max(x.0, y.0) && upper == min(x.1, y.1, last))
    }
  }

  @Test("A full turn changes nothing", .tags(.identity))
  func fullTurn() {
    let plane = Plane(centre: SIMD3(0, 0, 500), size: SIMD2(100, 50), rotation: 0.3, tilt: 0.2)
    var turned = plane
    turned.rotation += 2 * .pi
    let (a, b) = (PlaneFrame(plane), PlaneFrame(turned))
    // 1e-15: 0.3 + 2π is rounded to 4·10⁻¹⁶.
    let difference = [a.u - b.u, a.v - b.v, a.normal - b.normal].map { ($0 * $0).sum() }
    #expect(difference.allSatisfy { $0.squareRoot() < 2e-15 })
  }

  @Test("The axes of a frame are orthonormal and right-handed", .tags(.identity, .property))
  func orthonormal() {
    var stream = RandomStream(seed: 8, purpose: .test, point: 0, batch: 0)
    for _ in 0..<200 {
      let frame = PlaneFrame(randomPlane(&stream, tilt: 1.5))
      let (u, v, n) = (frame.u, frame.v, frame.normal)
      let cross = SIMD3(
        u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
      // 1e-15: a few roundings of numbers below 1.
      #expect(abs((u * u).sum() - 1) < 1e-15 && abs((v * v).sum() - 1) < 1e-15)
      #expect(((cross - n) * (cross - n)).sum().squareRoot() < 1e-15)
      #expect(n.z > 0)
    }
  }

  @Test("A plane upstream of the vertex is not hit", .tags(.unit))
  func upstream() {
    let frame = PlaneFrame(Plane(centre: SIMD3(0, 0, 150), size: SIMD2(100, 100)))
    #expect(frame.isHit(fromX: 0, 0, 0, slopeX: 0.01, slopeY: 0))
    #expect(!frame.isHit(fromX: 0, 0, 151, slopeX: 0.01, slopeY: 0))
    let flight = Flight(origin: .zero, parent: .zero, track: SIMD2(0.01, -0.02))
    // The track leaves the beam's axis where the decay is, so that only the plane's place ends the interval.
    let interval = flight.interval(frame)
    #expect(interval.upper == 150)
    #expect(interval.lower < 0)
  }

  @Test("An offset along the beam moves a frame by as much", .tags(.unit))
  func offset() {
    let plane = Plane(centre: SIMD3(1, 2, 150), size: SIMD2(100, 100), rotation: 0.1, tilt: 0.2)
    var moved = plane
    moved.centre.z += 1000
    #expect(PlaneFrame(plane, offset: 1000) == PlaneFrame(moved))
  }
}

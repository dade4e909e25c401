import Constraints
import Foundation
import Sampling
import Testing

@Suite("Regions of curves") struct CurveRegionTests {
  typealias Corner = SIMD2<Double>

  /// How often an outline winds around a point, by the sum of the angles that its edges subtend.
  private func windingNumber(_ corners: [Corner], around p: Corner) -> Int {
    let turns = corners.indices.map { i -> Double in
      let (a, b) = (corners[i] - p, corners[(i + 1) % corners.count] - p)
      return atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y)
    }
    return Int((turns.reduce(0, +) / (2 * .pi)).rounded())
  }

  private func distance(_ corners: [Corner], to p: Corner) -> Double {
    corners.indices.map { i -> Double in
      let (a, d) = (corners[i], corners[(i + 1) % corners.count] - corners[i])
      let t = min(max(((p - a) * d).sum() / (d * d).sum(), 0), 1)
      let gap = p - a - t * d
      return (gap * gap).sum().squareRoot()
    }.min() ?? .infinity
  }

  private func makeCurve(_ corners: [Corner]) throws -> ConstraintCurve {
    try curve(corners.map { (exp($0.x), exp($0.y)) })
  }

  /// Corners in order of their angle, at random distances from a centre.
  private func starShaped(_ stream: inout RandomStream) -> [Corner] {
    let count = 3 + Int(stream.uniform() * 40)
    let angles = (0..<count).map { (Double($0) + 0.9 * stream.uniform()) / Double(count) * 2 * .pi }
    return angles.map { angle in
      let radius = 0.1 + 2 * stream.uniform()
      return Corner(radius * cos(angle) - 2, radius * sin(angle) - 8)
    }
  }

  /// Corners at random, then edges that cross swapped until none do: concave, with pockets.
  private func concave(_ stream: inout RandomStream) -> [Corner] {
    let count = 4 + Int(stream.uniform() * 14)
    var corners = (0..<count).map { _ in
      Corner(4 * stream.uniform() - 4, 6 * stream.uniform() - 12)
    }
    func turn(_ a: Corner, _ b: Corner, _ c: Corner) -> Double {
      (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
    }
    func cross(_ i: Int, _ j: Int) -> Bool {
      let (a, b) = (corners[i], corners[i + 1])
      let (c, d) = (corners[j], corners[(j + 1) % count])
      return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0
    }
    while true {
      let pairs = (0..<count - 2).lazy.flatMap { i in (i + 2..<count).lazy.map { (i, $0) } }
      guard let (i, j) = pairs.first(where: { cross($0.0, $0.1) }) else { return corners }
      corners[i + 1...j].reverse()
    }
  }

  private func compare(
    _ corners: [Corner], _ stream: inout RandomStream, _ label: String
  ) throws -> Int {
    let curve = try makeCurve(corners)
    var inside = 0
    for _ in 0..<200 {
      let p = Corner(6 * stream.uniform() - 5, 9 * stream.uniform() - 13)
      // Nearer than this, rounding may decide.
      if distance(corners, to: p) < 1e-9 { continue }
      let expected = windingNumber(corners, around: p) != 0
      let (m1, ordinate) = (exp(p.x), exp(p.y))
      #expect(curve.holds(m1: m1, ordinate: ordinate) == expected, "\(label): \(p)")
      let isInInterval = curve.excludedOrdinates(atM1: m1).contains { $0.contains(ordinate) }
      #expect(isInInterval == expected, "\(label): \(p)")
      inside += expected ? 1 : 0
    }
    return inside
  }

  private func stream(_ batch: Int) -> RandomStream {
    RandomStream(seed: 20_240_906, purpose: .test, point: 5, batch: batch)
  }

  @Test("star-shaped outlines agree with the winding number", .tags(.property))
  func starShapedOutlines() throws {
    var inside = 0
    for batch in 0..<100 {
      var stream = stream(batch)
      inside += try compare(starShaped(&stream), &stream, "star \(batch)")
    }
    #expect(inside > 500)
  }

  @Test("concave outlines agree with the winding number, either way round", .tags(.property))
  func concaveOutlines() throws {
    var inside = 0
    for batch in 0..<100 {
      var stream = stream(1000 + batch)
      let corners = concave(&stream)
      inside += try compare(corners, &stream, "concave \(batch)")
      inside += try compare(corners.reversed(), &stream, "concave \(batch), reversed")
    }
    #expect(inside > 1000)
  }

  @Test("corners and points on edges belong to the region", .tags(.property))
  func boundary() throws {
    for batch in 0..<100 {
      var stream = stream(2000 + batch)
      let corners = batch % 2 == 0 ? starShaped(&stream) : concave(&stream)
      let curve = try makeCurve(corners)
      for (i, point) in curve.points.enumerated() {
        #expect(curve.holds(m1: point.m1, ordinate: point.ordinate), "\(batch), corner \(i)")
        let (a, b) = (corners[i], corners[(i + 1) % corners.count])
        let p = a + stream.uniform() * (b - a)
        // On a steep edge a rounding of the mass is a larger one of the ordinate.
        guard abs(b.x - a.x) > 0.05 * abs(b.y - a.y) else { continue }
        #expect(curve.holds(m1: exp(p.x), ordinate: exp(p.y)), "\(batch), edge \(i)")
      }
    }
  }

  @Test("crossed outlines are refused", .tags(.property))
  func crossedOutlines() throws {
    var refused = 0
    for batch in 0..<50 {
      var stream = stream(3000 + batch)
      var corners = starShaped(&stream)
      if corners.count < 8 { continue }
      corners.swapAt(1, 1 + corners.count / 2)
      let points = corners.map { (exp($0.x), exp($0.y)) }
      #expect(throws: ConstraintError.self) { try curve(points) }
      refused += 1
    }
    #expect(refused > 20)
  }

  @Test("an open curve holds what lies between it and its top", .tags(.property))
  func openCurves() throws {
    for batch in 0..<50 {
      var stream = stream(4000 + batch)
      var masses = (0..<12).map { _ in 0.01 * exp(5 * stream.uniform()) }
      masses.sort()
      let points = masses.map { ($0, exp(-12 + 8 * stream.uniform())) }
      let open = try curve(points, region: .above(top: 0.1))
      for _ in 0..<100 {
        let (m1, epsilon) = (0.005 * exp(7 * stream.uniform()), exp(-13 + 12 * stream.uniform()))
        var expected = false
        if let next = masses.firstIndex(where: { $0 >= m1 }), next > 0 {
          let (low, high) = (points[next - 1], points[next])
          let t = log(m1 / low.0) / log(high.0 / low.0)
          let edge = exp(log(low.1) + t * log(high.1 / low.1))
          expected = epsilon >= edge && epsilon <= 0.1
        }
        #expect(open.holds(m1: m1, ordinate: epsilon) == expected, "\(batch): \(m1) \(epsilon)")
      }
      #expect(open.holds(m1: masses[0], ordinate: 0.1))
      #expect(open.holds(m1: masses[11], ordinate: points[11].1))
      #expect(!open.holds(m1: masses[11] * 1.000_001, ordinate: 0.1))
    }
  }

  @Test(
    "intervals are those that a pocket leaves, and corners' lines belong to both sides",
    .tags(.unit))
  func pocket() throws {
    // A U on its side: between 0.1 and 1 two arms, from 1 to 10 one block, as seen along ε.
    let shape = try curve([
      (0.1, 1e-6), (10, 1e-6), (10, 1e-1), (0.1, 1e-1), (0.1, 1e-2), (1, 1e-2), (1, 1e-5),
      (0.1, 1e-5),
    ])
    func intervals(_ m1: Double) -> [[Double]] {
      shape.excludedOrdinates(atM1: m1).map { [$0.lowerBound, $0.upperBound] }
    }
    func agree(_ a: [[Double]], _ b: [[Double]]) -> Bool {
      // 1e-12: a logarithm and its exponential.
      a.count == b.count && zip(a.joined(), b.joined()).allSatisfy { abs($0 / $1 - 1) < 1e-12 }
    }
    #expect(agree(intervals(0.3), [[1e-6, 1e-5], [1e-2, 1e-1]]))
    #expect(agree(intervals(0.1), [[1e-6, 1e-5], [1e-2, 1e-1]]))
    #expect(agree(intervals(1), [[1e-6, 1e-1]]))
    #expect(agree(intervals(3), [[1e-6, 1e-1]]))
    #expect(agree(intervals(10), [[1e-6, 1e-1]]))
    #expect(intervals(0.099).isEmpty && intervals(10.1).isEmpty)
    #expect(!shape.holds(m1: 0.3, ordinate: 1e-3))
    #expect(shape.holds(m1: 1, ordinate: 1e-3))
    for nonsense in [0, -1, .nan, .infinity] {
      #expect(!shape.holds(m1: nonsense, ordinate: 1e-6))
      #expect(!shape.holds(m1: 1, ordinate: nonsense))
    }
  }

  @Test("lines are straight in the logarithms", .tags(.unit))
  func logarithmic() throws {
    let shape = try curve([(0.1, 1e-4), (10, 1e-2)], region: .above(top: 1))
    // Half way in log m₁ lies half way in log ε; 1e-12 as above.
    #expect(abs(shape.excludedOrdinates(atM1: 1)[0].lowerBound / 1e-3 - 1) < 1e-12)
  }
}

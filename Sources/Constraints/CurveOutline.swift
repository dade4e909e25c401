import Calculus

/// A closed polygon in (ln m₁, ln ordinate).
///
/// What belongs to it is decided on the vertical line through a mass, where it is a set of closed intervals.
struct CurveOutline: Sendable, Hashable {
  struct Corner: Sendable, Hashable {
    var x: Double
    var y: Double
  }

  struct Edge: Sendable, Hashable {
    var start: Corner
    var end: Corner

    /// ln ordinate at x within the edge: at an end exactly that end's.
    func y(at x: Double) -> Double {
      if x == start.x { return start.y }
      if x == end.x { return end.y }
      return start.y + (x - start.x) / (end.x - start.x) * (end.y - start.y)
    }
  }

  /// ln ordinates nearer than this are equal: 100 roundings of the logarithm of 10⁻¹².
  static let tolerance = 1e-12

  let edges: [Edge]
  /// The corner, by its number, at which each edge begins; corners given twice begin none.
  let starts: [Int]
  let x: ClosedRange<Double>

  /// The outline of a curve's region. Points are positive; the last corner is joined to the first.
  init(points: [CurvePoint], region: CurveRegion) {
    var corners = points.map {
      Corner(x: Elementary.log($0.m1), y: Elementary.log($0.ordinate))
    }
    if case .above(let top) = region, let first = corners.first, let last = corners.last {
      let y = Elementary.log(top)
      corners += [Corner(x: last.x, y: y), Corner(x: first.x, y: y)]
    }
    let next = corners.dropFirst() + corners.prefix(1)
    let pairs = zip(corners, next).enumerated().filter { $0.element.0 != $0.element.1 }
    edges = pairs.map { Edge(start: $0.element.0, end: $0.element.1) }
    starts = pairs.map(\.offset)
    let masses = corners.map(\.x)
    x = (masses.min() ?? 0)...(masses.max() ?? 0)
  }

  /// The intervals of ln ordinate that belong to the region at ln m₁, ascending and apart. Cost: O(edges).
  ///
  /// On either side of the line the edges that reach it pair up, lowest first. A region with its edge is, on the
  /// line, what both sides tend to, together with edges that lie in the line.
  func slice(at x: Double) -> [ClosedRange<Double>] {
    guard self.x.contains(x) else { return [] }
    var (left, right): ([Double], [Double]) = ([], [])
    var parts: [ClosedRange<Double>] = []
    for edge in edges {
      let (low, high) = (min(edge.start.x, edge.end.x), max(edge.start.x, edge.end.x))
      guard low <= x, x <= high else { continue }
      if low == high {
        parts.append(min(edge.start.y, edge.end.y)...max(edge.start.y, edge.end.y))
        continue
      }
      let y = edge.y(at: x)
      if low < x { left.append(y) }
      if x < high { right.append(y) }
    }
    parts += Self.paired(&left)
    parts += Self.paired(&right)
    return Self.merged(parts)
  }

  private static func paired(_ values: inout [Double]) -> [ClosedRange<Double>] {
    values.sort()
    return stride(from: 0, to: values.count - 1, by: 2).map { values[$0]...values[$0 + 1] }
  }

  private static func merged(_ parts: [ClosedRange<Double>]) -> [ClosedRange<Double>] {
    guard parts.count > 1 else { return parts }
    var result: [ClosedRange<Double>] = []
    for part in parts.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, part.lowerBound <= last.upperBound + tolerance {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, part.upperBound)
      } else {
        result.append(part)
      }
    }
    return result
  }
}

extension CurveOutline {
  /// The first two edges, by their number, that meet elsewhere than neighbours do; `nil` for a simple polygon.
  func firstSelfIntersection() -> (first: Int, second: Int)? {
    for i in edges.indices {
      for j in edges.indices.dropFirst(i + 1) {
        let areNeighbours = j == i + 1 || (i == 0 && j == edges.count - 1)
        let meet = areNeighbours ? foldsBack(i, j) : Self.meet(edges[i], edges[j])
        if meet { return (i, j) }
      }
    }
    return nil
  }

  /// Whether the second of two neighbours runs back along the first.
  private func foldsBack(_ i: Int, _ j: Int) -> Bool {
    let (a, b) = j == i + 1 ? (edges[i], edges[j]) : (edges[j], edges[i])
    guard Self.turn(a.start, a.end, b.end) == 0 else { return false }
    return (a.end.x - a.start.x) * (b.end.x - b.start.x)
      + (a.end.y - a.start.y) * (b.end.y - b.start.y) < 0
  }

  private static func meet(_ a: Edge, _ b: Edge) -> Bool {
    func sign(_ value: Double) -> Int { value > 0 ? 1 : (value < 0 ? -1 : 0) }
    let (a0, a1) = (sign(turn(b.start, b.end, a.start)), sign(turn(b.start, b.end, a.end)))
    let (b0, b1) = (sign(turn(a.start, a.end, b.start)), sign(turn(a.start, a.end, b.end)))
    if a0 == 0, a1 == 0 {
      return overlap(a.start.x, a.end.x, b.start.x, b.end.x)
        && overlap(a.start.y, a.end.y, b.start.y, b.end.y)
    }
    return a0 * a1 <= 0 && b0 * b1 <= 0
  }

  private static func overlap(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Bool {
    max(min(a, b), min(c, d)) <= min(max(a, b), max(c, d))
  }

  private static func turn(_ a: Corner, _ b: Corner, _ c: Corner) -> Double {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
  }
}

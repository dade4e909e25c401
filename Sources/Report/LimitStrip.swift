import Calculus
import Units

/// What a limit excludes at one mass.
package struct LimitColumn: Sendable, Hashable {
  package let m1: Double
  /// Intervals of ε, ascending and apart.
  package let intervals: [ClosedRange<Double>]

  /// A column from its parts.
  package init(m1: Double, intervals: [ClosedRange<Double>]) {
    self.m1 = m1
    self.intervals = intervals
  }
}

/// A part of a region between a lower and an upper edge over m₁.
public struct LimitStrip: Sendable, Hashable {
  /// The edges at one mass.
  public struct Edge: Sendable, Hashable {
    /// m₁ in GeV.
    public var m1: Double
    /// The lower edge, ε or y.
    public var lower: Double
    /// The upper edge.
    public var upper: Double

    package init(m1: Double, lower: Double, upper: Double) {
      self.m1 = m1
      self.lower = lower
      self.upper = upper
    }
  }

  /// By rising mass; at least two.
  public var edges: [Edge]

  package init(edges: [Edge]) { self.edges = edges }

  /// The outline in drawing order: lower edges forwards, upper ones backwards.
  public var outline: [ContourOutline.Vertex] {
    edges.map { ContourOutline.Vertex(m1: $0.m1, y: $0.lower) }
      + edges.reversed().map { ContourOutline.Vertex(m1: $0.m1, y: $0.upper) }
  }

  /// The lower edge, and the runs of the upper one below a frame.
  package func lines(belowFrame frame: Double) -> [[ContourOutline.Vertex]] {
    let upper = edges.split { $0.upper >= frame * (1 - 1e-9) }
    return [edges.map { ContourOutline.Vertex(m1: $0.m1, y: $0.lower) }]
      + upper.map { run in run.map { ContourOutline.Vertex(m1: $0.m1, y: $0.upper) } }
  }

  /// The lines that close strips at masses between two where a region begins or ends: somewhere there its edges meet.
  static func closings(
    _ strips: [LimitStrip], in masses: ClosedRange<Double>, belowFrame frame: Double
  ) -> [[ContourOutline.Vertex]] {
    let (firsts, lasts) = (strips.compactMap(\.edges.first), strips.compactMap(\.edges.last))
    // Where strips fork or join, one begins where another ends.
    let ends =
      firsts.filter { edge in
        edge.m1 > masses.lowerBound && !lasts.contains { $0.m1 == edge.m1 }
      }
      + lasts.filter { edge in
        edge.m1 < masses.upperBound && !firsts.contains { $0.m1 == edge.m1 }
      }
    return ends.filter { $0.upper < frame * (1 - 1e-9) }.map { edge in
      [
        ContourOutline.Vertex(m1: edge.m1, y: edge.lower),
        ContourOutline.Vertex(m1: edge.m1, y: edge.upper),
      ]
    }
  }

  /// The strip in y instead of ε.
  package func inY(alphaD: Double, massRatio: Double) -> LimitStrip {
    func y(_ epsilon: Double) -> Double {
      YieldVariable.y(epsilon: epsilon, alphaD: alphaD, massRatio: massRatio)
    }
    return LimitStrip(
      edges: edges.map { Edge(m1: $0.m1, lower: y($0.lower), upper: y($0.upper)) })
  }

  /// The strips of a region known at a list of rising masses: intervals of neighbouring masses that overlap belong together. Where one
  /// interval meets two, it is shared out between them, at the mean of their inner ends in the logarithm.
  package static func strips(_ columns: [LimitColumn]) -> [LimitStrip] {
    var finished: [LimitStrip] = []
    var open: [LimitStrip] = []
    for (left, right) in zip(columns, columns.dropFirst()) {
      var continued: [LimitStrip] = []
      for (a, b) in pairs(left.intervals, right.intervals) {
        let begin = Edge(m1: left.m1, lower: a.lowerBound, upper: a.upperBound)
        let end = Edge(m1: right.m1, lower: b.lowerBound, upper: b.upperBound)
        if let index = open.firstIndex(where: { $0.edges.last == begin }) {
          var strip = open.remove(at: index)
          strip.edges.append(end)
          continued.append(strip)
        } else {
          continued.append(LimitStrip(edges: [begin, end]))
        }
      }
      finished += open
      open = continued
    }
    return finished + open
  }

  /// The parts of intervals that belong together.
  private static func pairs(
    _ left: [ClosedRange<Double>], _ right: [ClosedRange<Double>]
  ) -> [(ClosedRange<Double>, ClosedRange<Double>)] {
    var found: [(Int, Int)] = []
    for a in left.indices {
      for b in right.indices where left[a].overlaps(right[b]) { found.append((a, b)) }
    }
    return found.map { a, b in
      let partnersOfA = found.filter { $0.0 == a }.map { right[$0.1] }
      let partnersOfB = found.filter { $0.1 == b }.map { left[$0.0] }
      return (
        share(of: left[a], for: right[b], among: partnersOfA),
        share(of: right[b], for: left[a], among: partnersOfB)
      )
    }
  }

  /// The part of an interval that goes to one of its partners.
  private static func share(
    of interval: ClosedRange<Double>, for partner: ClosedRange<Double>,
    among partners: [ClosedRange<Double>]
  ) -> ClosedRange<Double> {
    guard partners.count > 1, let index = partners.firstIndex(of: partner) else { return interval }
    func middle(_ below: ClosedRange<Double>, _ above: ClosedRange<Double>) -> Double {
      let mean = (below.upperBound * above.lowerBound).squareRoot()
      return min(max(mean, interval.lowerBound), interval.upperBound)
    }
    let lower = index > 0 ? middle(partners[index - 1], partner) : interval.lowerBound
    let upper =
      index + 1 < partners.count ? middle(partner, partners[index + 1]) : interval.upperBound
    return lower...max(upper, lower)
  }
}

extension LimitStrip {
  /// A strip to look points up in, its edges straight between masses in the logarithms.
  package struct Lookup: Sendable {
    private let lower: LinearInterpolant
    private let upper: LinearInterpolant

    /// Takes the logarithms of all edges, once.
    package init(_ strip: LimitStrip) {
      let x = strip.edges.map { Elementary.log($0.m1) }
      lower = LinearInterpolant(x: x, y: strip.edges.map { Elementary.log($0.lower) })
      upper = LinearInterpolant(x: x, y: strip.edges.map { Elementary.log($0.upper) })
    }

    /// Whether a point belongs to the strip, its edges included. Cost: O(log masses).
    package func contains(logM1 x: Double, logY: Double) -> Bool {
      guard lower.x[0] <= x, x <= lower.x[lower.x.count - 1] else { return false }
      return lower(x) <= logY && logY <= upper(x)
    }
  }
}

/// A set of positions along the beam: disjoint closed intervals in ascending order.
public struct IntervalSet: Sendable, Hashable {
  /// The intervals, disjoint and ascending.
  public private(set) var intervals: [ClosedRange<Double>]

  /// The empty set.
  public init() { intervals = [] }

  /// One interval; empty when the bounds are out of order.
  public init(from lower: Double, to upper: Double) {
    intervals = lower < upper ? [lower...upper] : []
  }

  /// Whether nothing is in the set.
  public var isEmpty: Bool { intervals.isEmpty }

  /// The total length.
  public var length: Double { intervals.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) } }

  /// The positions in both sets. Cost: linear.
  public func intersection(_ other: IntervalSet) -> IntervalSet {
    var result = IntervalSet()
    var (i, j) = (0, 0)
    while i < intervals.count, j < other.intervals.count {
      let (a, b) = (intervals[i], other.intervals[j])
      let lower = max(a.lowerBound, b.lowerBound)
      let upper = min(a.upperBound, b.upperBound)
      if lower < upper { result.intervals.append(lower...upper) }
      if a.upperBound < b.upperBound { i += 1 } else { j += 1 }
    }
    return result
  }

  /// The positions in either set. Cost: n log n.
  public func union(_ other: IntervalSet) -> IntervalSet {
    let sorted = (intervals + other.intervals).sorted { $0.lowerBound < $1.lowerBound }
    var result = IntervalSet()
    for next in sorted {
      if let last = result.intervals.last, next.lowerBound <= last.upperBound {
        result.intervals[result.intervals.count - 1] =
          last.lowerBound...max(last.upperBound, next.upperBound)
      } else {
        result.intervals.append(next)
      }
    }
    return result
  }

  /// The positions that lie in at least `count` of the sets. Cost: n log n in the number of intervals.
  public static func inAtLeast(_ count: Int, of sets: [IntervalSet]) -> IntervalSet {
    precondition(count >= 1, "at least one set must hold a position")
    let steps: [(Double, Int)] = sets.flatMap { set in
      set.intervals.flatMap { [($0.lowerBound, 1), ($0.upperBound, -1)] }
    }.sorted { ($0.0, -$0.1) < ($1.0, -$1.1) }
    var result = IntervalSet()
    var depth = 0
    var start = 0.0
    for (position, step) in steps {
      let before = depth
      depth += step
      if before < count, depth >= count { start = position }
      if before >= count, depth < count, start < position {
        result.intervals.append(start...position)
      }
    }
    return result
  }
}

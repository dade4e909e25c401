import Calculus

/// The kinetic mixings ε that a limit excludes, or a projection reaches, at one model point: intervals, ascending and apart.
public struct ExcludedMixings: Sendable, Hashable {
  /// The intervals of ε.
  public let intervals: [ClosedRange<Double>]

  /// Mixings from their intervals, which ascend and lie apart.
  public init(_ intervals: [ClosedRange<Double>]) {
    precondition(
      zip(intervals, intervals.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound },
      "intervals of mixings ascend and lie apart")
    self.intervals = intervals
  }
}

extension ExcludedMixings {
  /// The mixings between two bounds at which a function is not below zero.
  ///
  /// - Parameter excess: ln of the signal over what is needed, say; changes of sign closer than a fiftieth of a decade are missed.
  init(from first: Double, to last: Double, _ excess: (Double) -> Double) {
    precondition(first > 0 && first < last, "mixings ascend from above zero")
    let (start, end) = (Elementary.log(first), Elementary.log(last))
    let steps = max(Int(((end - start) * 50 / Elementary.log(10)).rounded(.up)), 1)
    func at(_ x: Double) -> Double { excess(Elementary.exp(x)) }
    var intervals: [ClosedRange<Double>] = []
    var (x, value) = (start, at(start))
    var entered = value >= 0 ? start : nil
    for step in 1...steps {
      let next = step == steps ? end : start + (end - start) * Double(step) / Double(steps)
      let nextValue = at(next)
      if (value >= 0) != (nextValue >= 0) {
        let crossing = root(of: at, from: x, to: next, tolerance: 1e-9) ?? next
        if let begun = entered {
          intervals.append(Elementary.exp(begun)...Elementary.exp(crossing))
          entered = nil
        } else {
          entered = crossing
        }
      }
      (x, value) = (next, nextValue)
    }
    if let begun = entered { intervals.append(Elementary.exp(begun)...last) }
    self.init(intervals)
  }
}

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

  /// Whether a mixing is one of them.
  public func contains(_ epsilon: Double) -> Bool { intervals.contains { $0.contains(epsilon) } }
}

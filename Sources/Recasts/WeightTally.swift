/// The sum of what events add, and of its squares.
struct WeightTally {
  /// Σ w.
  private(set) var sum = 0.0
  private var squares = 0.0

  /// Adds one event.
  @inline(__always)
  mutating func add(_ weight: Double) {
    sum += weight
    squares += weight * weight
  }

  /// Adds the events of another sample.
  mutating func add(_ other: WeightTally) {
    sum += other.sum
    squares += other.squares
  }

  /// How many events of one weight would know the sum as well.
  var effectiveCount: Double { squares > 0 ? sum * sum / squares : 0 }
}

import Integration

/// A histogram of weighted events in one variable, normalised to all the weight that was added,
/// whether it fell inside or not.
///
///     density(i) = Σ_{events in bin i} w / (width · Σ_{all events} w)
///
/// Source: the definition of a density.
public struct WeightedHistogram: Sendable, Hashable {
  /// The axis.
  public let axis: HistogramAxis
  private var weights: [Double]
  private var squares: [Double]
  private var totalWeight = 0.0
  private var totalSquare = 0.0

  /// An empty histogram.
  public init(_ axis: HistogramAxis) {
    self.axis = axis
    weights = [Double](repeating: 0, count: axis.binCount)
    squares = weights
  }

  /// Adds an event.
  public mutating func add(_ value: Double, weight: Double) {
    totalWeight += weight
    totalSquare += weight * weight
    guard let bin = axis.bin(of: value) else { return }
    weights[bin] += weight
    squares[bin] += weight * weight
  }

  /// Adds the events of a later batch over the same axis.
  public mutating func add(_ other: WeightedHistogram) {
    precondition(axis == other.axis, "histograms that are added share their axis")
    totalWeight += other.totalWeight
    totalSquare += other.totalSquare
    for i in weights.indices {
      weights[i] += other.weights[i]
      squares[i] += other.squares[i]
    }
  }

  /// The share of all weight in a bin per unit of the variable.
  ///
  /// The error is that of a ratio of sums: with p the share, `Σ_in w² (1 - 2p) + p² Σ_all w²` is the variance of
  /// the numerator less p times the denominator.
  public func density(_ bin: Int) -> Estimate {
    guard totalWeight > 0 else { return .exact(0) }
    let share = weights[bin] / totalWeight
    let variance = squares[bin] * (1 - 2 * share) + share * share * totalSquare
    return (1 / axis.width)
      * Estimate(value: share, error: max(variance, 0).squareRoot() / totalWeight)
  }

  /// The share of all weight that fell inside the axis.
  public var shareInside: Double {
    totalWeight > 0 ? weights.reduce(0, +) / totalWeight : 0
  }
}

/// A histogram of weighted events in two variables, normalised to all the weight that was added.
public struct WeightedMap: Sendable, Hashable {
  /// The first axis.
  public let x: HistogramAxis
  /// The second axis.
  public let y: HistogramAxis
  /// Sums of weights, `weights[x][y]` in one list.
  private var weights: [Double]
  private var totalWeight = 0.0

  /// An empty map.
  public init(x: HistogramAxis, y: HistogramAxis) {
    self.x = x
    self.y = y
    weights = [Double](repeating: 0, count: x.binCount * y.binCount)
  }

  /// Adds an event.
  public mutating func add(_ valueX: Double, _ valueY: Double, weight: Double) {
    totalWeight += weight
    guard let i = x.bin(of: valueX), let j = y.bin(of: valueY) else { return }
    weights[i * y.binCount + j] += weight
  }

  /// Adds the events of a later batch over the same axes.
  public mutating func add(_ other: WeightedMap) {
    precondition(x == other.x && y == other.y, "maps that are added share their axes")
    totalWeight += other.totalWeight
    for i in weights.indices { weights[i] += other.weights[i] }
  }

  /// The share of all weight in a bin per unit of both variables.
  public func density(_ i: Int, _ j: Int) -> Double {
    totalWeight > 0 ? weights[i * y.binCount + j] / (totalWeight * x.width * y.width) : 0
  }

  /// The share of all weight that fell inside the axes.
  public var shareInside: Double {
    totalWeight > 0 ? weights.reduce(0, +) / totalWeight : 0
  }
}

/// An axis of bins of equal width.
public struct HistogramAxis: Sendable, Hashable {
  /// The first edge.
  public let lower: Double
  /// The last edge.
  public let upper: Double
  /// The number of bins.
  public let binCount: Int

  /// An axis from its ends.
  public init(from lower: Double, to upper: Double, bins: Int) {
    precondition(lower < upper && bins > 0, "an axis has a length and a bin")
    self.lower = lower
    self.upper = upper
    binCount = bins
  }

  /// The width of a bin.
  public var width: Double { (upper - lower) / Double(binCount) }

  /// Edge `index`, from 0 to the number of bins.
  public func edge(_ index: Int) -> Double {
    lower + (upper - lower) * Double(index) / Double(binCount)
  }

  /// The bin that holds a value; `nil` outside. The last edge belongs to the last bin.
  func bin(of value: Double) -> Int? {
    guard value >= lower, value <= upper else { return nil }
    return min(Int((value - lower) / width), binCount - 1)
  }
}

/// Piecewise-linear interpolation on ascending nodes.
public struct LinearInterpolant: Sendable, Hashable {
  /// Ascending abscissae.
  public let x: [Double]
  /// One ordinate per abscissa.
  public let y: [Double]

  /// An interpolant through the points, at least two, abscissae strictly ascending.
  public init(x: [Double], y: [Double]) {
    precondition(x.count == y.count && x.count >= 2, "an interpolant needs two points or more")
    precondition(zip(x, x.dropFirst()).allSatisfy(<), "abscissae must ascend")
    self.x = x
    self.y = y
  }

  /// The value at `point`, held constant beyond the ends. Cost: O(log n).
  public func callAsFunction(_ point: Double) -> Double {
    guard point > x[0] else { return y[0] }
    guard point < x[x.count - 1] else { return y[y.count - 1] }
    var (low, high) = (0, x.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= point { low = middle } else { high = middle }
    }
    let fraction = (point - x[low]) / (x[high] - x[low])
    return y[low] + fraction * (y[high] - y[low])
  }
}

/// Six-point Lagrange interpolation on equidistant nodes: the error falls like h⁶.
public struct EquidistantInterpolant: Sendable, Hashable {
  /// The first node.
  public let start: Double
  /// The distance of the nodes.
  public let step: Double
  /// The ordinates, six or more.
  public let values: [Double]

  /// An interpolant through values at `start + i step`.
  public init(start: Double, step: Double, values: [Double]) {
    precondition(values.count >= 6 && step > 0, "six equidistant points or more are needed")
    self.start = start
    self.step = step
    self.values = values
  }

  /// The value at `point`, which must lie between the first and the last node.
  public func callAsFunction(_ point: Double) -> Double {
    let position = (point - start) / step
    let first = min(max(Int(position.rounded(.down)) - 2, 0), values.count - 6)
    let t = position - Double(first)
    var sum = 0.0
    for i in 0..<6 {
      var basis = 1.0
      for j in 0..<6 where j != i { basis *= (t - Double(j)) / Double(i - j) }
      sum += basis * values[first + i]
    }
    return sum
  }
}

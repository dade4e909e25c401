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
    let low = interval(of: point, in: x)
    let fraction = (point - x[low]) / (x[low + 1] - x[low])
    return y[low] + fraction * (y[low + 1] - y[low])
  }
}

/// The last node, but for the one at the end, at or below a point within ascending nodes.
private func interval(of point: Double, in nodes: [Double]) -> Int {
  var (low, high) = (0, nodes.count - 1)
  while high - low > 1 {
    let middle = (low + high) / 2
    if nodes[middle] <= point { low = middle } else { high = middle }
  }
  return low
}

/// Interpolation by cubics that keep the data's rises and falls, with a continuous slope: no extremum between nodes that is not in
/// the data.
///
/// Source: M. Steffen, Astron. Astrophys. 239, 443 (1990).
public struct MonotoneInterpolant: Sendable, Hashable {
  /// Ascending abscissae.
  public let x: [Double]
  /// One ordinate per abscissa.
  public let y: [Double]
  private let slope: [Double]

  /// An interpolant through the points, at least three, abscissae strictly ascending.
  public init(x: [Double], y: [Double]) {
    precondition(x.count == y.count && x.count >= 3, "three points or more are needed")
    precondition(zip(x, x.dropFirst()).allSatisfy(<), "abscissae must ascend")
    self.x = x
    self.y = y
    let last = x.count - 1
    let step: [Double] = zip(x, x.dropFirst()).map { $1 - $0 }
    let secant: [Double] = (0..<last).map { i in (y[i + 1] - y[i]) / step[i] }
    func sign(_ v: Double) -> Double { v > 0 ? 1 : (v < 0 ? -1 : 0) }
    // At the ends the parabola through three points, kept monotone.
    func end(_ own: Double, _ next: Double, _ h0: Double, _ h1: Double) -> Double {
      let p = own * (1 + h0 / (h0 + h1)) - next * h0 / (h0 + h1)
      if p * own <= 0 { return 0 }
      return abs(p) > 2 * abs(own) ? 2 * own : p
    }
    var slope: [Double] = []
    for i in x.indices {
      guard i > 0 else {
        slope.append(end(secant[0], secant[1], step[0], step[1]))
        continue
      }
      let left = step[i - 1]
      guard i < last else {
        slope.append(end(secant[last - 1], secant[last - 2], left, step[last - 2]))
        continue
      }
      let right = step[i]
      let p = (secant[i - 1] * right + secant[i] * left) / (left + right)
      let least = min(abs(secant[i - 1]), abs(secant[i]), abs(p) / 2)
      slope.append((sign(secant[i - 1]) + sign(secant[i])) * least)
    }
    self.slope = slope
  }

  /// The value at `point`, held constant beyond the ends. Cost: O(log n).
  public func callAsFunction(_ point: Double) -> Double {
    guard point > x[0] else { return y[0] }
    guard point < x[x.count - 1] else { return y[y.count - 1] }
    let low = interval(of: point, in: x)
    let h = x[low + 1] - x[low]
    let t = (point - x[low]) / h
    let rise = y[low + 1] - y[low]
    let (a, b) = (h * slope[low], h * slope[low + 1])
    let square: Double = 3 * rise - 2 * a - b
    let cube: Double = a + b - 2 * rise
    return y[low] + t * (a + t * (square + t * cube))
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

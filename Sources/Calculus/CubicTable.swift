/// Values on equidistant nodes, interpolated by the cubic through the four nearest: the error falls like h⁴.
public struct CubicTable: Sendable, Hashable {
  /// The first node.
  public let start: Double
  /// The distance of the nodes.
  public let step: Double
  /// The ordinates, four or more.
  public let values: [Double]

  /// A table of values at `start + i step`.
  public init(start: Double, step: Double, values: [Double]) {
    precondition(values.count >= 4 && step > 0, "four equidistant points or more are needed")
    self.start = start
    self.step = step
    self.values = values
  }

  /// A table of a function on at least `count` nodes over an interval.
  public init(
    from lower: Double, to upper: Double, count: Int, _ function: (Double) -> Double
  ) {
    let step = (upper - lower) / Double(count - 1)
    self.init(
      start: lower, step: step, values: (0..<count).map { function(lower + Double($0) * step) })
  }

  /// The value at `point`; beyond the ends the outermost cubic goes on.
  public func callAsFunction(_ point: Double) -> Double {
    let position = (point - start) / step
    let first = min(max(Int(position.rounded(.down)) - 1, 0), values.count - 4)
    let t = position - Double(first)
    let (t1, t2, t3) = (t - 1, t - 2, t - 3)
    let inner = t * (t3 * (t2 * values[first + 1] - t1 * values[first + 2])) * 0.5
    let outer = t1 * t2 * (t * values[first + 3] - t3 * values[first]) * (1.0 / 6)
    return inner + outer
  }
}

/// Gauss–Legendre quadrature.
public struct GaussLegendre: Sendable {
  /// Nodes in (-1, 1), ascending.
  public let nodes: [Double]
  /// The weight of each node; their sum is 2.
  public let weights: [Double]

  /// The rule of the given order, exact for polynomials up to degree `2 order - 1`.
  ///
  /// Nodes by Newton's iteration on the Legendre recurrence; cost O(order²).
  public init(order: Int) {
    precondition(order >= 1, "a quadrature needs a node")
    var nodes = [Double](repeating: 0, count: order)
    var weights = nodes
    for i in 0..<(order + 1) / 2 {
      let turns = (Double(i) + 0.75) / (Double(order) + 0.5) / 2
      var x = Elementary.sinCos(turns: turns).cosine
      var derivative = 1.0
      for _ in 0..<100 {
        var (previous, current) = (1.0, x)
        for k in stride(from: 2, through: order, by: 1) {
          let k = Double(k)
          (previous, current) = (current, ((2 * k - 1) * x * current - (k - 1) * previous) / k)
        }
        if order == 1 { (previous, current) = (1, x) }
        derivative = Double(order) * (x * current - previous) / (x * x - 1)
        let step = current / derivative
        x -= step
        if abs(step) < 1e-16 { break }
      }
      let weight = 2 / ((1 - x * x) * derivative * derivative)
      nodes[i] = -x
      nodes[order - 1 - i] = x
      weights[i] = weight
      weights[order - 1 - i] = weight
    }
    self.nodes = nodes
    self.weights = weights
  }

  /// `∫ f(x) dx` over the interval.
  @inlinable
  public func integrate(
    from lower: Double, to upper: Double, _ integrand: (Double) -> Double
  ) -> Double {
    let half = (upper - lower) / 2
    let middle = (upper + lower) / 2
    var sum = 0.0
    for i in 0..<nodes.count { sum += weights[i] * integrand(middle + half * nodes[i]) }
    return sum * half
  }

  /// `∫ f(x) dx` over consecutive intervals with the given ascending edges: break at thresholds and kinks.
  @inlinable
  public func integrate(over edges: [Double], _ integrand: (Double) -> Double) -> Double {
    var sum = 0.0
    for i in 1..<max(edges.count, 1) {
      sum += integrate(from: edges[i - 1], to: edges[i], integrand)
    }
    return sum
  }

  /// Rules of common orders, made once.
  public static let order16 = GaussLegendre(order: 16)
  /// The 32-point rule.
  public static let order32 = GaussLegendre(order: 32)
  /// The 64-point rule.
  public static let order64 = GaussLegendre(order: 64)
}

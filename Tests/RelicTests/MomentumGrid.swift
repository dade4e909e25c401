import Calculus
import Foundation

/// λ(a, b, c), written for a > (√b + √c)².
func kallen(_ a: Double, _ b: Double, _ c: Double) -> Double {
  let (w, sum, difference) = (
    a.squareRoot(), b.squareRoot() + c.squareRoot(), b.squareRoot() - c.squareRoot()
  )
  return (w - sum) * (w + sum) * (w - difference) * (w + difference)
}

/// A node of an integral over the momentum of a thermal particle.
struct MomentumNode {
  var momentum: Double
  var energy: Double
  /// p² dp exp(-(E-m)/T) and the quadrature weight.
  var weight: Double
}

/// Momenta of a Maxwell–Boltzmann gas: E = m + T v², up to E - m = 45 T.
func momentumGrid(_ mass: Double, _ T: Double) -> [MomentumNode] {
  let edges = [0, 1.5, 3, 45.0.squareRoot()]
  let rule = GaussLegendre(order: 14)
  return zip(edges, edges.dropFirst()).flatMap { lower, upper in
    zip(rule.nodes, rule.weights).map { x, weight in
      let v = lower + (upper - lower) * (1 + x) / 2
      let kinetic = T * v * v
      let p = (kinetic * (kinetic + 2 * mass)).squareRoot()
      let energy = mass + kinetic
      return MomentumNode(
        momentum: p, energy: energy,
        weight: weight * (upper - lower) / 2 * p * energy * 2 * T * v * exp(-v * v))
    }
  }
}

import Calculus

/// Equilibrium number densities of one Majorana state, g = 2, with Maxwell–Boltzmann statistics.
enum EquilibriumDensity {
  /// `n e^{m/T} = g m² T K₂(m/T) e^{m/T}/2π²` in GeV³.
  static func scaled(mass: Double, temperature: Double) -> Double {
    mass * mass * temperature * BesselK.scaled2(mass / temperature) / (.pi * .pi)
  }
}

/// The range of x = m₁/T in which the abundance is followed.
enum RelicRange {
  /// Where it starts, in equilibrium.
  static let firstX = 2.0
  /// Where it ends: what still annihilates later changes the abundance by less than 10⁻⁵.
  static let lastX = 1e7

  /// The edges of quadrature panels in energy above a threshold, in GeV: from 0, by powers of `factor`, up to energies that no
  /// temperature of the range populates.
  static func panelEdges(chi1Mass: Double, factor: Double) -> [Double] {
    let highest = 60 * chi1Mass / firstX
    var edges = [0.0]
    var edge = 1e-4 * chi1Mass / lastX
    while edge < highest {
      edges.append(edge)
      edge *= factor
    }
    return edges + [highest]
  }
}

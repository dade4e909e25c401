import Calculus
import DarkSector
import ParticleData

/// The distribution of the pair mass q in χ₂ → χ₁ ℓ⁺ℓ⁻, as a table to draw from.
///
/// The table holds edges of equal probability; within a bin q is drawn uniformly, and the ratio of the exact
/// density to the table's is a weight close to 1. The draw is exact whatever the table's resolution.
///
/// Source: arXiv:2409.00170, Eq. (2), with massive leptons and the A′ propagator; see
/// ``DarkSector/ModelPoint/chi2SpectrumPerR(pairMass:)``.
struct PairMassSpectrum: Sendable {
  /// Bins of equal probability.
  static let binCount = 256
  /// `binCount + 1` edges in GeV, from 2m to Δ.
  let edges: [Double]
  /// The partial width per ε² α_D in GeV that the weights are normalised to.
  let width: Double

  init(_ point: ModelPoint, flavour: LeptonFlavour, width: Double) {
    self.width = width
    let m = flavour.mass
    let ratio = point.massSplitting / (2 * m)
    let etaMax = Elementary.log(ratio + ((ratio - 1) * (ratio + 1)).squareRoot())
    // The substitution of the width's quadrature: fine cells where the spectrum ends in powers.
    let cells = 1024
    var masses = [2 * m]
    var cumulative = [0.0]
    for cell in 1...cells {
      let v = (Double(cell) - 0.5) / Double(cells)
      let eta = etaMax * (2 * v - v * v)
      let growth = Elementary.exp(eta)
      let q = m * (growth + 1 / growth)
      let slope = m * (growth - 1 / growth) * etaMax * 2 * (1 - v)
      let density = Self.density(q, point: point, mass: m) * slope
      let vEnd = Double(cell) / Double(cells)
      let growthEnd = Elementary.exp(etaMax * (2 * vEnd - vEnd * vEnd))
      masses.append(m * (growthEnd + 1 / growthEnd))
      cumulative.append(cumulative[cell - 1] + density)
    }
    masses[cells] = point.massSplitting
    edges = Self.quantiles(masses, cumulative)
  }

  private static func quantiles(_ masses: [Double], _ cumulative: [Double]) -> [Double] {
    let total = cumulative[cumulative.count - 1]
    var edges = [masses[0]]
    var cell = 1
    for bin in 1..<binCount {
      let target = total * Double(bin) / Double(binCount)
      while cumulative[cell] < target { cell += 1 }
      let fraction = (target - cumulative[cell - 1]) / (cumulative[cell] - cumulative[cell - 1])
      edges.append(masses[cell - 1] + fraction * (masses[cell] - masses[cell - 1]))
    }
    edges.append(masses[masses.count - 1])
    return edges
  }

  /// dΓ/dq in GeV⁰ per ε² α_D at pair mass q in (2m, Δ).
  @inline(__always)
  static func density(_ q: Double, point: ModelPoint, mass m: Double) -> Double {
    let ratio = (m / q) * (m / q)
    let velocity2 = 1 - 4 * ratio
    let R = (1 + 2 * ratio) * (velocity2 > 0 ? velocity2 : 0).squareRoot()
    return 2 * q * R * point.chi2SpectrumPerR(pairMass: q)
  }
}

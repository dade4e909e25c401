import Calculus
import DarkSector
import Kinematics
import ParticleData
import Units

/// The thermally averaged cross section of χ₁χ₂ → A′* → Standard Model.
///
///     σ₁₂ = 12π s² Γ_A(√s) Γ_SM(√s) / (λ(s, m₁², m₂²) [(s - m_A′²)² + m_A′²Γ_A²])
///     ⟨σ₁₂v⟩ n₁n₂ = g₁g₂ T/(32π⁴) ∫ ds σ₁₂ λ/√s K₁(√s/T),   n_i = g_i m_i² T K₂(m_i/T)/2π²
///
/// with relativistic equilibrium densities and g = 2 for each Majorana state. The integral runs in v = √(√s - m₁ - m₂), in which the
/// threshold is analytic, over panels that break at thresholds, at the points of the R table (which resolves ω and φ)
/// and about the A′ pole; J/ψ, ψ(2S), Υ are added as narrow terms, `∫R ds = 9π M Γ_ee B_had/α²`.
///
/// Source: P. Gondolo, G. Gelmini, Nucl. Phys. B 360, 145 (1991), Eq. (3.8); J. Edsjö, P. Gondolo, hep-ph/9704361,
/// Eq. (44)–(52).
public struct Coannihilation: Sendable {
  /// The quadrature's nodes, by rising energy.
  private var nodes = Nodes()
  private let point: ModelPoint

  /// What the thermal average needs of each node.
  private struct Nodes {
    /// √s - m₁ - m₂ in GeV.
    var above: [Double] = []
    /// 8/√s in GeV⁻¹, for K₁.
    var inverse: [Double] = []
    /// The integrand without exp and K₁, times the quadrature weight, over √√s; per ε² α_D.
    var strength: [Double] = []

    mutating func append(above: Double, energy: Double, strength: Double) {
      guard strength > 0 else { return }
      self.above.append(above)
      inverse.append(8 / energy)
      self.strength.append(strength / energy.squareRoot())
    }

    /// The number of nodes up to an energy.
    func count(upTo highest: Double) -> Int {
      var (low, high) = (0, above.count)
      while low < high {
        let middle = (low + high) / 2
        if above[middle] <= highest { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// The annihilation of a model point.
  ///
  /// - Parameters:
  ///   - alphaD: α_D, which sets the A′ width.
  ///   - epsilonSquared: ε², whose part of the A′ width is tiny.
  ///   - refinement: 1, or more to check the quadrature: each panel is cut into so many.
  public init(
    _ point: ModelPoint, alphaD: Double, epsilonSquared: Double, settings: RelicSettings,
    refinement: Int = 1
  ) {
    self.point = point
    let integrand = Integrand(
      point: point, alphaD: alphaD, epsilonSquared: epsilonSquared, settings: settings)
    let panels = Panels(point, width: integrand.poleWidth, settings: settings)
    let threshold = point.pairThreshold
    var narrow = (settings.finalStates == .all ? NarrowResonance.all : [])
      .filter { $0.mass > threshold }[...]
    for (lower, upper) in zip(panels.edges, panels.edges.dropFirst()) {
      // A narrow term takes its place by energy.
      while let resonance = narrow.first, resonance.mass <= threshold + lower * lower {
        nodes.append(
          above: resonance.mass - threshold, energy: resonance.mass,
          strength: integrand.narrow(resonance))
        narrow.removeFirst()
      }
      let rule = panels.rule(from: lower, to: upper)
      let width = (upper - lower) / Double(refinement)
      for part in 0..<refinement {
        let start = lower + Double(part) * width
        for i in rule.nodes.indices {
          let v = start + 0.5 * width * (1 + rule.nodes[i])
          let w = threshold + v * v
          nodes.append(
            above: v * v, energy: w,
            strength: integrand.smooth(w, aboveThreshold: v * v) * rule.weights[i] * width * v)
        }
      }
    }
  }

  /// ln of ``average(at:)``, finite also where the Boltzmann factor of the lightest final state is not.
  package func logAverage(at temperature: Double) -> Double {
    precondition(
      temperature * RelicRange.firstX <= point.chi1Mass * (1 + 1e-12),
      "the quadrature holds for T ≤ m₁/2")
    guard let first = nodes.above.first else { return -.infinity }
    let inverse = 1 / temperature
    // From the first open energy on: 50 T beyond it exp is below 2·10⁻²².
    let count = nodes.count(upTo: first + 50 * temperature)
    var terms = [Double](repeating: 0, count: count)
    for i in 0..<count {
      terms[i] =
        nodes.strength[i] * Elementary.exp((first - nodes.above[i]) * inverse)
        * BesselK.far1(nodes.inverse[i] * temperature - 1)
    }
    var sum = 0.0
    for term in terms { sum += term }
    // Both sides carry exp(-(m₁+m₂)/T): it is left out.
    let n1 = EquilibriumDensity.scaled(mass: point.chi1Mass, temperature: temperature)
    let n2 = EquilibriumDensity.scaled(mass: point.chi2Mass, temperature: temperature)
    let pi4 = Double.pi * .pi * .pi * .pi
    return Elementary.log(
      temperature * temperature.squareRoot() / (8 * pi4) * sum / (n1 * n2))
      - first * inverse
  }

  /// ⟨σ₁₂v⟩ in GeV⁻² per ε² α_D at a temperature in GeV of at most m₁/2, beyond which the nodes do not reach. Cost: the nodes
  /// within 50 T of the first open energy.
  public func average(at temperature: Double) -> Double {
    Elementary.exp(logAverage(at: temperature))
  }

  /// The panels of the quadrature in v, and where the integrand is not smooth.
  private struct Panels {
    /// The edges, from 0 up to energies that no temperature of interest populates.
    let edges: [Double]
    /// √s - m₁ - m₂ of the points at which the integrand is singular on the real axis or close to it, ascending.
    private let singular: [Double]
    private let pole: Double
    private let width: Double
    private let threshold: Double

    private static let rules = (
      two: GaussLegendre(order: 2), four: GaussLegendre(order: 4), sixteen: GaussLegendre.order16
    )

    init(_ point: ModelPoint, width: Double, settings: RelicSettings) {
      let all = settings.finalStates == .all
      threshold = point.pairThreshold
      let threshold = threshold
      self.width = width
      pole = point.darkPhotonMass - threshold
      singular =
        (LeptonFlavour.allCases.map { 2 * $0.mass - threshold }
        + (all ? [SpectralFunction.hadronThreshold - threshold] : [])).filter { $0 > 0 }.sorted()
      var above = RelicRange.panelEdges(chi1Mass: point.chi1Mass, factor: 2)
      let highest = above[above.count - 1]
      above += [pole] + singular
      // The A′ pole, by distances that double from a fraction of the width.
      var distance = width / 4
      while distance < point.darkPhotonMass {
        above.append(pole - distance)
        above.append(pole + distance)
        distance *= 2
      }
      if all { above += SpectralFunction.hadronicBreakpoints.map { $0 - threshold } }
      let sorted = above.filter { $0 >= 0 && $0 <= highest }.map { $0.squareRoot() }.sorted()
      var edges: [Double] = []
      for edge in sorted where edges.isEmpty || edge > (edges.last ?? 0) * (1 + 1e-12) + 1e-300 {
        edges.append(edge)
      }
      self.edges = edges
    }

    /// The rule for a panel: fewer nodes where it is short beside the distance to the next singularity.
    func rule(from lower: Double, to upper: Double) -> GaussLegendre {
      let (start, end) = (lower * lower, upper * upper)
      var distance = min(start, max(width / 2, pole - end, start - pole))
      for point in singular {
        distance = min(distance, point > start ? max(point - end, 0) : start - point)
      }
      // The error of n nodes goes like (length/4·distance)²ⁿ: 2·10⁻⁷ and 10⁻⁸ here.
      let length = end - start
      return length < 0.08 * distance
        ? Self.rules.two : length < 0.4 * distance ? Self.rules.four : Self.rules.sixteen
    }
  }

  /// The integrand `24π w⁴ Γ_A(w) Γ_SM(w)/[…]` per ε² α_D: ds = 2w dw, and λ has cancelled.
  private struct Integrand {
    let point: ModelPoint
    let alphaD: Double
    let epsilonSquared: Double
    let settings: RelicSettings
    /// Γ_A at the pole in GeV.
    let poleWidth: Double

    init(point: ModelPoint, alphaD: Double, epsilonSquared: Double, settings: RelicSettings) {
      self.point = point
      self.alphaD = alphaD
      self.epsilonSquared = epsilonSquared
      self.settings = settings
      let mA = point.darkPhotonMass
      poleWidth =
        alphaD * point.darkMediatorWidth(atVirtuality: mA)
        + epsilonSquared * point.visibleMediatorWidth(atVirtuality: mA)
    }

    func totalWidth(_ w: Double) -> Double {
      alphaD * point.darkMediatorWidth(atVirtuality: w)
        + epsilonSquared * point.visibleMediatorWidth(atVirtuality: w)
    }

    /// `24π w⁴ Γ_A/[(s - m_A′²)² + …]` with Γ_A per α_D.
    private func propagated(_ w: Double, aboveThreshold: Double) -> Double {
      let mA = point.darkPhotonMass
      let gap = (w - mA) * (w + mA)
      let damping =
        switch settings.mediatorWidth {
        case .constant: mA * poleWidth
        case .running: w * totalWidth(w)
        }
      let w2 = w * w
      // ``ModelPoint/darkMediatorWidth(atVirtuality:)`` with p from the distance to threshold itself, which w - m₁ - m₂ would
      // lose; Documentation/Physics.md, § 3.1.
      let sum = point.pairThreshold
      let delta = point.massSplitting
      let lambda = aboveThreshold * (w + sum) * (w - delta) * (w + delta)
      let p = lambda.squareRoot() / (2 * w)
      let width = p / (3 * w2 * w2) * (w - delta) * (w + delta) * (sum * sum + 2 * w2)
      return 24 * .pi * w2 * w2 * width / (gap * gap + damping * damping)
    }

    func smooth(_ w: Double, aboveThreshold: Double) -> Double {
      var R = 0.0
      for flavour in LeptonFlavour.allCases { R += SpectralFunction.lepton(flavour, at: w) }
      if settings.finalStates == .all { R += SpectralFunction.hadrons(at: w) }
      return propagated(w, aboveThreshold: aboveThreshold) * PhysicalConstant.fineStructure * w * R
        / 3
    }

    /// ∫ over a narrow resonance: R dw = (∫R ds)/2M.
    func narrow(_ resonance: NarrowResonance) -> Double {
      let M = resonance.mass
      return propagated(M, aboveThreshold: M - point.pairThreshold)
        * PhysicalConstant.fineStructure * M / 3 * resonance.areaOfR / (2 * M)
    }
  }
}

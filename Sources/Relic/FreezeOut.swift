import Calculus
import DarkSector
import Units

/// The Boltzmann equation of χ₁ and χ₂ in chemical equilibrium with one another, in ln Y against ln x, x = m₁/T.
///
///     dY/dx = -√(π/45) M_Pl g_*^{1/2} m₁/x² ⟨σv⟩_eff (Y² - Y_eq²),   ⟨σv⟩_eff = 2⟨σ₁₂v⟩ n₁n₂/(n₁+n₂)²
///
/// with Y = (n₁+n₂)/s. All that depends on temperature alone is tabulated once a model point; ε² is a factor, so that solving
/// for the coupling costs integrations of one equation only.
///
/// Source: P. Gondolo, G. Gelmini, Nucl. Phys. B 360, 145 (1991), Eq. (5.17); K. Griest, D. Seckel, Phys. Rev. D 43, 3191 (1991).
public struct FreezeOut: Sendable {
  /// √(π/45) M_Pl in GeV; M_Pl = 1.220 890·10¹⁹ GeV (CODATA 2022).
  static let planckFactor = (Double.pi / 45).squareRoot() * 1.220_890e19
  /// `Ωh² = m₁ Y · s₀/(ρ_c/h²)` per GeV: s₀ = 2891.2 cm⁻³, ρ_c/h² = 1.053 672·10⁻⁵ GeV cm⁻³ (PDG 2024).
  static let abundancePerYieldMass = 2891.2 / 1.053_672e-5

  let chi1Mass: Double
  /// ln of `√(π/45) M_Pl g_*^{1/2} m₁/x ⟨σv⟩_eff` per ε², against ln x.
  let logStrength: CubicTable
  /// ln Y_eq against ln x.
  let logEquilibrium: CubicTable

  /// The tables of a model point at a given α_D.
  public init(_ point: ModelPoint, annihilation: ThermalTables, alphaD: Double) {
    chi1Mass = point.chi1Mass
    let m1 = point.chi1Mass
    let count = ThermalTables.fineCount
    let start = ThermalTables.start
    let step = (ThermalTables.end - start) / Double(count - 1)
    var (strength, equilibrium) = ([Double](), [Double]())
    strength.reserveCapacity(count)
    equilibrium.reserveCapacity(count)
    let constant = Elementary.log(2 * alphaD * Self.planckFactor * m1)
    for i in 0..<count {
      let u = start + Double(i) * step
      let share = annihilation.logRatio(u)
      let logTotal = ThermalTables.logOnePlus(share)
      let g = DegreesOfFreedom.rootGStar(at: m1 * Elementary.exp(-u))
      // n₁n₂/(n₁+n₂)² = r/(1+r)² with r = n₂/n₁.
      strength.append(
        annihilation.logAverage(u) + share - 2 * logTotal + constant + Elementary.log(g) - u)
      equilibrium.append(annihilation.logYield1(u) + logTotal)
    }
    logStrength = CubicTable(start: start, step: step, values: strength)
    logEquilibrium = CubicTable(start: start, step: step, values: equilibrium)
  }

  /// The course of the abundance.
  public struct History: Sendable {
    /// x = m₁/T at the steps.
    public let x: [Double]
    /// Y at the steps.
    public let yield: [Double]
    /// Y_eq at the steps.
    public let equilibriumYield: [Double]
    /// The x at which Y = 2.5 Y_eq.
    public let freezeOutX: Double
    /// Ωh².
    public let abundance: Double
  }

  /// ln Y from ln x = ln 2 on, at a given ε².
  ///
  /// - Parameters:
  ///   - longestStep: the longest step in ln x; the integrator's own are long, as it needs few.
  ///   - observe: called with ln x and ln Y after each step.
  package func finalLogYield(
    epsilonSquared: Double, tolerance: Double = 1e-7, longestStep: Double = .infinity,
    observe: (Double, Double) -> Void = { _, _ in }
  ) throws(RelicError) -> Double {
    let logEpsilon = Elementary.log(epsilonSquared)
    let integrator = RadauIntegrator(relativeTolerance: 0, absoluteTolerance: tolerance)
    let start = ThermalTables.start
    var state = [logEquilibrium(start)]
    var from = start
    do {
      while from < ThermalTables.end {
        let to = min(from + longestStep, ThermalTables.end)
        state = try integrator.integrate(
          { u, w, rate, jacobian in
            let logK = logStrength(u) + logEpsilon
            let gain = Elementary.exp(logK + 2 * logEquilibrium(u) - w[0])
            let loss = Elementary.exp(logK + w[0])
            rate[0] = gain - loss
            jacobian[0] = -gain - loss
          }, from: from, to: to, initial: state, firstStep: min(0.01, to - from),
          observe: { u, w in observe(u, w[0]) })
        from = to
      }
      return state[0]
    } catch {
      throw .integrationFailed(error)
    }
  }

  /// Ωh² at a given ε².
  public func abundance(epsilonSquared: Double) throws(RelicError) -> Double {
    let logYield = try finalLogYield(epsilonSquared: epsilonSquared)
    return chi1Mass * Elementary.exp(logYield) * Self.abundancePerYieldMass
  }

  /// A guess of ln ε² for an abundance: after x = 25, 1/Y grows like ∫K du, and K falls like 1/x.
  func logEpsilon2Guess(abundance: Double) -> Double {
    let yield = abundance / (chi1Mass * Self.abundancePerYieldMass)
    return max(-190, min(0, -Elementary.log(yield) - logStrength(Elementary.log(25))))
  }

  /// The course of the abundance at a given ε².
  ///
  /// - Parameter longestStep: the longest step in ln x, for drawings.
  public func history(
    epsilonSquared: Double, longestStep: Double = .infinity
  ) throws(RelicError) -> History {
    var (u, w): ([Double], [Double]) = ([], [])
    let last = try finalLogYield(epsilonSquared: epsilonSquared, longestStep: longestStep) {
      u.append($0)
      w.append($1)
    }
    let equilibrium = u.map { logEquilibrium($0) }
    return History(
      x: u.map(Elementary.exp), yield: w.map(Elementary.exp),
      equilibriumYield: equilibrium.map(Elementary.exp),
      freezeOutX: freezeOutX(u, w, logEpsilon: Elementary.log(epsilonSquared)),
      abundance: chi1Mass * Elementary.exp(last) * Self.abundancePerYieldMass)
  }

  /// Where Y has grown to 2.5 Y_eq: between two steps ln Y is the cubic with the equation's own slopes.
  private func freezeOutX(_ u: [Double], _ w: [Double], logEpsilon: Double) -> Double {
    let threshold = Elementary.log(2.5)
    func slope(_ i: Int) -> Double {
      let logK = logStrength(u[i]) + logEpsilon
      return Elementary.exp(logK + 2 * logEquilibrium(u[i]) - w[i]) - Elementary.exp(logK + w[i])
    }
    for i in u.indices.dropFirst() where w[i] - logEquilibrium(u[i]) >= threshold {
      let h = u[i] - u[i - 1]
      let (rise, left, right) = (w[i] - w[i - 1], h * slope(i - 1), h * slope(i))
      let crossing = root(
        of: { t in
          let cubic = left + t * (3 * rise - 2 * left - right + t * (left + right - 2 * rise))
          return w[i - 1] + t * cubic - logEquilibrium(u[i - 1] + t * h) - threshold
        }, from: 0, to: 1, tolerance: 1e-9)
      return Elementary.exp(u[i - 1] + (crossing ?? 1) * h)
    }
    return Elementary.exp(u[u.count - 1])
  }
}

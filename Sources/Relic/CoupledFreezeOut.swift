import Calculus
import DarkSector

/// χ₁ and χ₂ as two species, with conversion at a finite rate, against u = ln x:
///
///     dY₁/du = -A (Y₁Y₂ - Y₁eq Y₂eq) + B (Y₂ - Y₁ Y₂eq/Y₁eq)
///     dY₂/du = -A (Y₁Y₂ - Y₁eq Y₂eq) - B (Y₂ - Y₁ Y₂eq/Y₁eq)
///
/// followed in ln(Y₁+Y₂), from which conversion drops out, and in the deviation `D = ln(Y₂/Y₁) - ln(Y₂eq/Y₁eq)`, so that conversion
/// however fast cancels nothing; with `A = √(π/45) M_Pl g_*^{1/2} (m₁/x) ⟨σ₁₂v⟩` and B the conversion rate over the expansion rate. Fast conversion gives back
/// ``FreezeOut``; where it is slow, small y and large Δ, χ₂ freezes out with χ₁ and the abundance changes.
///
/// Source: K. Griest, D. Seckel, Phys. Rev. D 43, 3191 (1991), § II; arXiv:1803.02901 for slow conversion.
public struct CoupledFreezeOut: Sendable {
  private let chi1Mass: Double
  /// ln A per ε².
  private let logAnnihilation: CubicTable
  /// ln B per ε².
  private let logConversion: CubicTable
  private let logYield1: CubicTable
  /// ln(Y₂eq/Y₁eq).
  private let logRatio: CubicTable
  /// d ln(Y₂eq/Y₁eq)/du.
  private let ratioSlope: CubicTable

  /// The tables of a model point at a given α_D.
  ///
  /// - Parameter conversionScale: 1, or a factor on the conversion rate, to see what it does.
  public init(
    _ point: ModelPoint, annihilation: ThermalTables, conversion: Conversion, alphaD: Double,
    conversionScale: Double = 1
  ) {
    chi1Mass = point.chi1Mass
    let m1 = point.chi1Mass
    let (start, end, count) = (
      ThermalTables.start, ThermalTables.end, ThermalTables.fineCount
    )
    logAnnihilation = CubicTable(from: start, to: end, count: count) { u in
      let g = DegreesOfFreedom.rootGStar(at: m1 * Elementary.exp(-u))
      return annihilation.logAverage(u)
        + Elementary.log(alphaD * FreezeOut.planckFactor * g * m1) - u
    }
    let coarse = 256
    let logRate = CubicTable(from: start, to: end, count: coarse) { u in
      Elementary.log(max(conversion.rate(at: m1 * Elementary.exp(-u)), 1e-300))
    }
    logConversion = CubicTable(from: start, to: end, count: count) { u in
      logRate(u) + Elementary.log(alphaD * conversionScale)
        - Self.logExpansionRate(m1 * Elementary.exp(-u))
    }
    logYield1 = CubicTable(from: start, to: end, count: count, annihilation.logYield1)
    logRatio = CubicTable(from: start, to: end, count: count, annihilation.logRatio)
    let h = 1e-4
    ratioSlope = CubicTable(from: start, to: end, count: count) { u in
      (annihilation.logRatio(u + h) - annihilation.logRatio(u - h)) / (2 * h)
    }
  }

  /// ln of `H/(1 + ⅓ d ln h/d ln T)` in ln GeV: `√(4π³/45) √g T²/M_Pl · h/(√g g_*^{1/2})`.
  static func logExpansionRate(_ temperature: Double) -> Double {
    // √(4π³/45)/M_Pl = 2π · (π/45)/planckFactor, as planckFactor = √(π/45) M_Pl.
    let h = DegreesOfFreedom.entropy(at: temperature)
    let g = DegreesOfFreedom.rootGStar(at: temperature)
    let coefficient = 2 * Double.pi * (Double.pi / 45) / FreezeOut.planckFactor
    return Elementary.log(coefficient * temperature * temperature * h / g)
  }

  /// The abundance at a given ε², and how far χ₂ strays from χ₁'s equilibrium.
  public struct Result: Sendable {
    /// Ωh², every χ₂ having become a χ₁.
    public let abundance: Double
    /// x at which Y₂ has left `Y₁ Y₂eq/Y₁eq` by 10 %, or `nil` if it has not while Y₂ matters (above 10⁻³ Y₁).
    public let departureX: Double?
  }

  /// The abundance at a given ε².
  public func result(epsilonSquared: Double) throws(RelicError) -> Result {
    let logEpsilon = Elementary.log(epsilonSquared)
    let integrator = RadauIntegrator(relativeTolerance: 0, absoluteTolerance: 1e-7)
    let start = ThermalTables.start
    var departure: Double?
    var state = [logYield1(start) + ThermalTables.logOnePlus(logRatio(start)), 0]
    var u = start
    do {
      // In pieces, to stop when χ₂ has gone: nothing depends on it any more.
      while u < ThermalTables.end, state[1] + logRatio(u) > -35 {
        let next = min(u + 0.1, ThermalTables.end)
        state = try integrator.integrate(
          { rates($0, $1, logEpsilon, &$2, &$3) }, from: u, to: next, initial: state,
          firstStep: 0.01,
          observe: { u, w in
            if departure == nil, abs(w[1]) > 0.1, w[1] + logRatio(u) > -6.9 {
              departure = Elementary.exp(u)
            }
          })
        u = next
      }
      let total = Elementary.exp(state[0])
      return Result(
        abundance: chi1Mass * total * FreezeOut.abundancePerYieldMass, departureX: departure)
    } catch {
      throw .integrationFailed(error)
    }
  }

  /// d ln(Y₁+Y₂)/du and dD/du with their derivatives.
  private func rates(
    _ u: Double, _ w: [Double], _ logEpsilon: Double, _ rate: inout [Double],
    _ jacobian: inout [Double]
  ) {
    let A = Elementary.exp(logAnnihilation(u) + logEpsilon)
    let B = Elementary.exp(logConversion(u) + logEpsilon)
    let (logR, D) = (logRatio(u), w[1])
    let total = Elementary.exp(w[0])
    // s = Y₂/Y₁ and q = Y₁eq Y₂eq/(Y₁Y₂).
    let s = Elementary.exp(D + logR)
    let q = Elementary.exp(2 * (logYield1(u) - w[0]) - D) * (1 + s) * (1 + s)
    let pair = total * s / ((1 + s) * (1 + s))
    let difference = total * (1 - s) / (1 + s)
    rate[0] = -2 * A * pair * (1 - q)
    jacobian[0] = -2 * A * pair * (1 + q)
    // d ln pair/dD = (1-s)/(1+s), and q falls as the pair grows.
    jacobian[1] = -2 * A * pair * (1 - s) / (1 + s)
    let R = Elementary.exp(logR)
    rate[1] =
      -A * difference * (1 - q) + B * Elementary.expMinusOne(-D) - B * R * Elementary.expMinusOne(D)
      - ratioSlope(u)
    jacobian[2] = -A * difference * (1 + q)
    jacobian[3] =
      A * (2 * pair * (1 - q) - difference * q * (1 - s) / (1 + s))
      - B * Elementary.exp(-D) - B * R * Elementary.exp(D)
  }
}

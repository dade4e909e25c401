import Calculus
import DarkSector

/// χ₁ and χ₂ as two species, with conversion at a finite rate, in ln Y₁ and ln Y₂ against ln x:
///
///     dY₁/du = -A (Y₁Y₂ - Y₁eq Y₂eq) + B (Y₂ - Y₁ Y₂eq/Y₁eq)
///     dY₂/du = -A (Y₁Y₂ - Y₁eq Y₂eq) - B (Y₂ - Y₁ Y₂eq/Y₁eq)
///
/// with `A = √(π/45) M_Pl g_*^{1/2} (m₁/x) ⟨σ₁₂v⟩` and B the conversion rate over the expansion rate. Fast conversion gives back
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
        + Elementary.log(alphaD * FreezeOut.expansion * g * m1) - u
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
  }

  /// ln of `H/(1 + ⅓ d ln h/d ln T)` in ln GeV: `√(4π³/45) √g T²/M_Pl · h/(√g g_*^{1/2})`.
  static func logExpansionRate(_ temperature: Double) -> Double {
    // √(4π³/45)/M_Pl = 2π · (π/45)/expansion, as expansion = √(π/45) M_Pl.
    let h = DegreesOfFreedom.entropy(at: temperature)
    let g = DegreesOfFreedom.rootGStar(at: temperature)
    let coefficient = 2 * Double.pi * (Double.pi / 45) / FreezeOut.expansion
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
  public func result(epsilonSquared: Double, tolerance: Double = 1e-7) throws(RelicError)
    -> Result
  {
    let logEpsilon = Elementary.log(epsilonSquared)
    let integrator = RadauIntegrator(relativeTolerance: 0, absoluteTolerance: tolerance)
    let start = ThermalTables.start
    var departure: Double?
    let initial = [logYield1(start), logYield1(start) + logRatio(start)]
    do {
      let end = try integrator.integrate(
        { u, w, rate, jacobian in
          let logA = logAnnihilation(u) + logEpsilon
          let logB = logConversion(u) + logEpsilon
          let (eq1, ratio) = (logYield1(u), logRatio(u))
          let gain = logA + 2 * eq1 + ratio
          let (loss1, gain1) = (
            Elementary.exp(logA + w[1]), Elementary.exp(max(min(gain - w[0], 700), -708))
          )
          let (loss2, gain2) = (
            Elementary.exp(logA + w[0]), Elementary.exp(max(min(gain - w[1], 700), -708))
          )
          let down = Elementary.exp(max(min(logB + w[1] - w[0], 700), -708))
          let up = Elementary.exp(logB + ratio)
          let decay = Elementary.exp(logB)
          let back = Elementary.exp(max(min(logB + w[0] + ratio - w[1], 700), -708))
          rate[0] = gain1 - loss1 + down - up
          rate[1] = gain2 - loss2 - decay + back
          jacobian[0] = -gain1 - down
          jacobian[1] = -loss1 + down
          jacobian[2] = -loss2 + back
          jacobian[3] = -gain2 - back
        }, from: start, to: ThermalTables.end, initial: initial, firstStep: 0.01,
        observe: { u, w in
          let excess = w[1] - w[0] - logRatio(u)
          if departure == nil, abs(excess) > 0.1, w[1] > w[0] - 6.9 {
            departure = Elementary.exp(u)
          }
        })
      let total = Elementary.exp(end[0]) + Elementary.exp(end[1])
      return Result(
        abundance: chi1Mass * total * FreezeOut.abundancePerYieldMass, departureX: departure)
    } catch {
      throw .integrationFailed(error)
    }
  }
}

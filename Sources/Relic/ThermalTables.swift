import Calculus
import DarkSector

/// What depends on temperature and masses alone, against u = ln x.
public struct ThermalTables: Sendable {
  /// ln x where the tables start.
  static let start = Elementary.log(RelicRange.firstX)
  /// ln x where they end.
  static let end = Elementary.log(RelicRange.lastX)
  /// Nodes of the fine tables.
  static let fineCount = 1800
  /// Nodes at which the thermal average is computed.
  static let averageCount = 256

  /// ln ⟨σ₁₂v⟩ per ε² α_D, in ln GeV⁻².
  let logAverage: EquidistantInterpolant
  let point: ModelPoint

  /// The tables of a model point.
  public init(_ point: ModelPoint, annihilation: Coannihilation) {
    self.point = point
    let step = (Self.end - Self.start) / Double(Self.averageCount - 1)
    logAverage = EquidistantInterpolant(
      start: Self.start, step: step,
      values: (0..<Self.averageCount).map { i in
        let temperature = point.chi1Mass * Elementary.exp(-(Self.start + Double(i) * step))
        return annihilation.logAverage(at: temperature)
      })
  }

  /// ln(n₂/n₁) in equilibrium.
  func logRatio(_ u: Double) -> Double {
    let x = Elementary.exp(u)
    let ratio = point.chi2Mass / point.chi1Mass
    return Elementary.log(ratio * ratio * BesselK.scaled2(ratio * x) / BesselK.scaled2(x))
      - point.massSplitting / point.chi1Mass * x
  }

  /// ln of the equilibrium yield of χ₁, n₁/s.
  func logYield1(_ u: Double) -> Double {
    let x = Elementary.exp(u)
    let temperature = point.chi1Mass / x
    // n/s with n = m²T K₂/π² and s = 2π²/45 h T³.
    let pi4 = Double.pi * .pi * .pi * .pi
    let h = DegreesOfFreedom.entropy(at: temperature)
    return Elementary.log(45 * x * x * BesselK.scaled2(x) / (2 * pi4 * h)) - x
  }

  /// ln(1 + e^v) for v ≤ 0 or little above.
  static func logOnePlus(_ v: Double) -> Double { Elementary.log(1 + Elementary.exp(v)) }
}

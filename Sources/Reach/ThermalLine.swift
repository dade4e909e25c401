import DarkSector
import Integration
import Relic

/// The thermal target: y for the observed abundance against m₁, at one Δ/m₁ and α_D.
public struct ThermalLine: Sendable {
  /// Δ/m₁.
  public let splittingOverM1: Double
  /// α_D.
  public let alphaD: Double
  /// One point a mass, in the order of the masses.
  public let points: [ThermalPoint]

  /// A line from its points.
  public init(splittingOverM1: Double, alphaD: Double, points: [ThermalPoint]) {
    self.splittingOverM1 = splittingOverM1
    self.alphaD = alphaD
    self.points = points
  }
}

/// One mass of a thermal line.
public struct ThermalPoint: Sendable {
  /// m₁ in GeV.
  public let m1: Double
  /// The relic density solved for, or `nil`.
  public let density: RelicDensity?
  /// Why there is none.
  public let reason: String?

  /// A point from what was found.
  public init(m1: Double, density: RelicDensity?, reason: String?) {
    self.m1 = m1
    self.density = density
    self.reason = reason
  }
}

extension Plan {
  /// The relic density of the card's model point: y for the abundance, or the abundance at the card's couplings.
  public func relicDensity() throws -> RelicDensity {
    let point = try modelPoint()
    return switch relic.solveFor {
    case .y: try relic.coupling(point, alphaD: model.alphaD)
    case .abundance:
      try relic.density(
        point, alphaD: model.alphaD, epsilonSquared: physicalEpsilonSquared(point))
    }
  }

  /// Thermal lines over the scan's masses: one per Δ/m₁ and α_D, in this order of nesting.
  ///
  /// - Parameter progress: called after each mass, from any thread.
  public func thermalLines(
    threads: Int, progress: @escaping @Sendable (_ finished: Int) -> Void = { _ in }
  ) async throws -> [ThermalLine] {
    let alphaDs = scan.alphaD.isEmpty ? [model.alphaD] : scan.alphaD
    let rows = try await concurrentMap(count: scan.m1.count, threads: threads) { row in
      let points = try scan.splittingOverM1.map { splitting in
        try alphaDs.map {
          try thermalPoint(m1: scan.m1[row], splittingOverM1: splitting, alphaD: $0)
        }
      }
      progress(1)
      return points
    }
    return scan.splittingOverM1.indices.flatMap { s in
      alphaDs.indices.map { a in
        ThermalLine(
          splittingOverM1: scan.splittingOverM1[s], alphaD: alphaDs[a],
          points: rows.map { $0[s][a] })
      }
    }
  }

  /// A point that cannot be is a result with a reason, not a fault.
  private func thermalPoint(
    m1: Double, splittingOverM1: Double, alphaD: Double
  ) throws -> ThermalPoint {
    do {
      let point = try modelPoint(m1: m1, splittingOverM1: splittingOverM1)
      return ThermalPoint(
        m1: m1, density: try relic.coupling(point, alphaD: alphaD), reason: nil)
    } catch let error as DarkSectorError {
      return ThermalPoint(m1: m1, density: nil, reason: error.description)
    } catch let error as RelicError where error.isPropertyOfPoint {
      return ThermalPoint(m1: m1, density: nil, reason: error.description)
    }
  }
}

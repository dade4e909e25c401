import Calculus
import DarkSector
import Integration
import Reach
import Relic

/// Whether χ₁ and χ₂ keep chemical equilibrium with one another, as the thermal line supposes: two species against one.
public struct EquilibriumTable: Sendable {
  /// One point of the thermal line.
  public struct Entry: Sendable {
    /// m₁ in GeV.
    public var m1: Double
    /// Δ/m₁.
    public var splittingOverM1: Double
    /// y for the right abundance with one species.
    public var y: Double?
    /// Ω with two species over Ω with one.
    public var ratio: Double?
    /// The x at which n₂/n₁ has strayed by 10 % from equilibrium, while χ₂ still matters.
    public var departureX: Double?
    /// The factor on the conversion rate at which Ω moves by 1 %.
    public var criticalScale: Double?
    /// Why there are no numbers.
    public var reason: String?
  }

  /// The points by splitting and rising mass.
  public var entries: [Entry]
  private let alphaD: Double

  /// m₁ in GeV.
  static let masses = [0.03, 0.1, 0.3, 1]
  /// The move of Ω whose conversion rate is sought.
  private static let shift = 0.01
  /// The smallest factor tried, as a power of ten.
  private static let smallestPower = -12

  /// Computes all points at the card's α_D.
  ///
  /// - Parameter progress: called after each splitting's share of them.
  public static func compute(
    _ plan: Plan, threads: Int, progress: @escaping @Sendable (Int) -> Void
  ) async throws -> EquilibriumTable {
    let splittings = plan.scan.splittingOverM1
    let count = masses.count
    let entries = try await concurrentMap(count: splittings.count * count, threads: threads) {
      index in
      let entry = try entry(
        plan, m1: masses[index % count], splittingOverM1: splittings[index / count])
      if index % count == count - 1 { progress(1) }
      return entry
    }
    return EquilibriumTable(entries: entries, alphaD: plan.model.alphaD)
  }

  private static func entry(_ plan: Plan, m1: Double, splittingOverM1: Double) throws -> Entry {
    var entry = Entry(m1: m1, splittingOverM1: splittingOverM1)
    do {
      let point = try plan.modelPoint(m1: m1, splittingOverM1: splittingOverM1)
      let density = try plan.relic.coupling(point, alphaD: plan.model.alphaD)
      let two = TwoSpecies(point, settings: plan.relic, density: density)
      entry.y = density.y
      let own = try two.result(scale: 1)
      entry.ratio = own.abundance / density.abundance
      entry.departureX = own.departureX
      entry.criticalScale = try criticalScale(two, abundance: density.abundance)
    } catch {
      guard let reason = reasonForAbsence(error) else { throw error }
      entry.reason = reason
    }
    return entry
  }

  /// By powers of ten downwards, then straight in the logarithms of factor and shift; `nil` if Ω never moves so far, 1 if it
  /// does so already at the rate as it is.
  private static func criticalScale(_ two: TwoSpecies, abundance: Double) throws -> Double? {
    func move(_ power: Int) throws -> Double {
      let scale = Elementary.powerOfTen(Double(power))
      return abs(try two.result(scale: scale).abundance / abundance - 1)
    }
    var before = try move(0)
    if before >= shift { return 1 }
    for power in stride(from: -1, through: smallestPower, by: -1) {
      let now = try move(power)
      if now >= shift {
        let share =
          before > 0 ? Elementary.log(shift / before) / Elementary.log(now / before) : 1
        return Elementary.powerOfTen(Double(power + 1) - share)
      }
      before = now
    }
    return nil
  }

  /// The points as numbers.
  public var table: DataTable {
    var table = DataTable(
      title: "Chemical equilibrium of χ₁ and χ₂: two species against one on the thermal line",
      columns: [
        "splitting_over_m1", "alpha_D", "m1_GeV", "y", "abundance_two_over_one_species",
        "departure_x", "conversion_scale_for_1_percent", "reason",
      ])
    for entry in entries {
      let numbers = [entry.y, entry.ratio, entry.departureX, entry.criticalScale]
      table.rows.append(
        [entry.splittingOverM1, alphaD, entry.m1].map(NumberText.data)
          + numbers.map { $0.map { NumberText.data(NumberText.rounded($0, digits: 6)) } ?? "" }
          + [entry.reason ?? ""])
    }
    return table
  }

  /// The points for a page.
  public var pageTable: DataTable {
    var table = DataTable(
      title: "Two species against one on the thermal line, α_D = \(alphaD)",
      columns: [
        "Δ/m₁", "m₁ [GeV]", "y", "Ω(two)/Ω(one) − 1", "n₂/n₁ departs by 10 % at x",
        "conversion slower by, for 1 %",
      ])
    for entry in entries {
      let departure = entry.departureX.map { NumberText.short($0, digits: 3) }
      table.rows.append([
        "\(entry.splittingOverM1)", NumberText.plain(entry.m1),
        entry.y.map { NumberText.short($0, digits: 3) } ?? "–",
        entry.ratio.map { moved($0 - 1) } ?? "–",
        departure ?? (entry.y == nil ? "–" : "not while χ₂ matters"),
        entry.criticalScale.map { $0 == 1 ? "not slower" : NumberText.short(1 / $0, digits: 1) }
          ?? (entry.y == nil ? "–" : "more than 10\(NumberText.superscript(-Self.smallestPower))"),
      ])
    }
    return table
  }

  /// Below the error of the tables there is no difference to speak of.
  private func moved(_ share: Double) -> String {
    abs(share) < 1e-5 ? "below 10⁻⁵" : NumberText.short(share, digits: 2)
  }
}

/// The two-species abundance of one point with any factor on the conversion rate.
struct TwoSpecies {
  private let point: ModelPoint
  private let annihilation: ThermalTables
  private let conversion: Conversion
  private let alphaD: Double
  private let epsilonSquared: Double

  /// The tables of a point at the couplings of a one-species result.
  init(_ point: ModelPoint, settings: RelicSettings, density: RelicDensity) {
    self.point = point
    alphaD = density.alphaD
    epsilonSquared = density.epsilon * density.epsilon
    annihilation = ThermalTables(
      point,
      annihilation: Coannihilation(
        point, alphaD: density.alphaD, epsilonSquared: epsilonSquared, settings: settings))
    conversion = Conversion(point)
  }

  func result(scale: Double) throws(RelicError) -> CoupledFreezeOut.Result {
    let coupled = CoupledFreezeOut(
      point, annihilation: annihilation, conversion: conversion, alphaD: alphaD,
      conversionScale: scale)
    return try coupled.result(epsilonSquared: epsilonSquared)
  }
}

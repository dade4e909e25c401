import DarkSector
import Formats
import Integration
import Reach
import Selection
import Units

/// Table I of arXiv:2409.00170: the cuts, and what each leaves of the signal at several points.
public struct CutFlowTables: Sendable {
  /// The expected events of the benchmark points, in their order.
  public var results: [ExpectedEvents]
  /// Points that cannot be, with the reason.
  public var missing: [(m1: Double, splitting: Double, reason: String)]
  private let cuts: SelectionCuts

  /// The benchmark points (m₁ in GeV, Δ/m₁). They are ours: the paper has no cut flow by point.
  public static let points: [(m1: Double, splitting: Double)] = [
    (0.05, 0.4), (0.1, 0.4), (0.3, 0.4), (0.5, 0.4), (0.3, 0.2), (0.1, 0.6),
  ]

  /// Computes the expected events of all points at the card's y or ε.
  ///
  /// - Parameter progress: called after each point.
  public static func compute(
    _ plan: Plan, threads: Int, progress: @Sendable (Int) -> Void
  ) async throws -> CutFlowTables {
    var tables = CutFlowTables(results: [], missing: [], cuts: plan.selection)
    for benchmark in points {
      defer { progress(1) }
      var point = plan
      point.model.m1 = benchmark.m1
      point.model.splittingOverM1 = benchmark.splitting
      do {
        tables.results.append(try await point.expectedEvents(threads: threads))
      } catch {
        guard let reason = reasonForAbsence(error) else { throw error }
        tables.missing.append((benchmark.m1, benchmark.splitting, reason))
      }
    }
    return tables
  }

  /// The cuts in words.
  public var cutTable: DataTable {
    let window = cuts.decayWindow
    let planes =
      switch cuts.requiredPlanes {
      case .all: "all planes"
      case .atLeast(let count): "at least \(count) planes"
      }
    let station =
      switch cuts.tracking {
      case .ownStation: "of the module of the interaction"
      case .anyDownstream: "of one module, that of the interaction or one downstream"
      }
    return DataTable(
      title: "Table I: the cuts", columns: ["requirement", "value"],
      rows: [
        [
          "decay position from the interaction point",
          "\(NumberText.plain(window.lowerBound)) mm < z < \(NumberText.plain(window.upperBound)) mm",
        ],
        [
          "energy of the recoiling beam lepton",
          "> \(NumberText.plain(cuts.minimumBeamLeptonEnergy)) GeV",
        ],
        ["energy of either decay lepton", "> \(NumberText.plain(cuts.minimumLeptonEnergy)) GeV"],
        [
          "angle between the decay leptons",
          "> \(ShortestNumber.text(cuts.minimumOpeningAngle, in: .mrad)) mrad",
        ],
        ["all three tracks", "hit \(planes) \(station)"],
        ["modules used", "the last \(cuts.lastModules)"],
      ])
  }

  /// The points with their yields, a row each, every number in full.
  public var pointTable: DataTable {
    var table = DataTable(
      title: "Expected events at the benchmark points",
      columns: [
        "m1_GeV", "splitting_over_m1", "epsilon", "y", "proper_decay_length_mm",
        "leptonic_branching_ratio", "cross_section_pb", "cross_section_error_pb",
        "luminosity_per_pb", "expected_events", "expected_events_error",
      ])
    for result in results {
      table.append([
        result.point.chi1Mass, splitting(result), result.epsilon, y(result),
        result.properDecayLength, result.leptonicBranchingRatio, result.crossSection.value,
        result.crossSection.error, result.luminosity.perPicobarn, result.events.value,
        result.events.error,
      ])
    }
    return table
  }

  /// The cut flow, a row per point and cut, every number in full.
  public var flowTable: DataTable {
    var table = DataTable(
      title: "Table I: the cut flow; kept: by this cut alone, cumulative: by it and those above",
      columns: ["m1_GeV", "splitting_over_m1", "y", "cut", "kept", "cumulative"])
    for result in results {
      for step in result.cutFlow {
        table.rows.append(
          [result.point.chi1Mass, splitting(result), y(result)].map(NumberText.data)
            + [step.cut, NumberText.data(step.kept), NumberText.data(step.cumulative)])
      }
    }
    return table
  }

  /// The cut flow for a page: cuts down, points across; alone, and in brackets with all cuts above.
  public var pageTable: DataTable {
    var table = DataTable(
      title: "Share of signal events that each cut keeps alone (and with all cuts above it), at "
        + "\(coupling)",
      columns: ["cut"]
        + results.map { "m₁ = \($0.point.chi1Mass) GeV, Δ = \(splitting($0)) m₁" })
    for index in results.first?.cutFlow.indices ?? 0..<0 {
      table.rows.append(
        [results[0].cutFlow[index].cut]
          + results.map { result in
            let step = result.cutFlow[index]
            return
              "\(NumberText.percent(step.kept)) (\(NumberText.percent(step.cumulative)))"
          })
    }
    table.rows.append(
      ["σ at ε = 1 [pb]"] + results.map { NumberText.short($0.crossSection.value, digits: 4) })
    table.rows.append(
      ["cτ of χ₂ [mm]"] + results.map { NumberText.short($0.properDecayLength, digits: 3) })
    table.rows.append(
      ["decays to ee and μμ"] + results.map { NumberText.percent($0.leptonicBranchingRatio) })
    table.rows.append(
      ["expected events"]
        + results.map {
          "\(NumberText.short($0.events.value)) ± \(NumberText.short($0.events.error, digits: 2))"
        })
    return table
  }

  private var coupling: String {
    guard let first = results.first else { return "the card's coupling" }
    return results.allSatisfy { abs($0.y / first.y - 1) < 1e-9 }
      ? "y = \(NumberText.short(first.y, digits: 3))"
      : "ε = \(NumberText.short(first.epsilon, digits: 3))"
  }

  /// y without the rounding of its way through ε.
  private func y(_ result: ExpectedEvents) -> Double { NumberText.rounded(result.y, digits: 12) }

  private func splitting(_ result: ExpectedEvents) -> Double {
    NumberText.rounded(result.point.massSplitting / result.point.chi1Mass, digits: 12)
  }
}

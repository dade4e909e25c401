import Formats
import Reach

/// All that a reproduction computes.
public struct ReproductionResults: Sendable {
  let plan: Plan
  let event: EventDisplayData?
  let reach: ReachData
  let crossSections: CrossSectionData
  let spectra: EnergySpectraData
  let maps: EnergyAngleData
  let cutFlow: CutFlowTables
  let thermalLines: ThermalLineData
  let limits: ExistingLimits
  let limitRatios: LimitRatioData
  let splittingLoss: SplittingLossData
  let freezeOut: RelicAbundanceData?
  let equilibrium: EquilibriumTable
  let background: BackgroundReachData?

  /// The figures in the paper's order.
  var figures: [any Figure] {
    (event.map { [EventDisplayFigure($0, plan: plan)] as [any Figure] } ?? [])
      + [
        CrossSectionFigure(crossSections, plan: plan), EnergySpectraFigure(spectra, plan: plan),
        EnergyAngleFigure(maps, plan: plan), reachFigure,
      ] + (background.map { Self.backgroundFigures($0) } ?? [])
      + (freezeOut.map { [RelicAbundanceFigure($0)] as [any Figure] } ?? [])
      + [LimitRatioFigure(limitRatios), SplittingLossFigure(splittingLoss)]
  }

  private static func backgroundFigures(_ data: BackgroundReachData) -> [any Figure] {
    [BackgroundFigure(data), MisplacedVertexFigure(data.backgrounds)]
      + (VirtualityFigure(data.backgrounds).map { [$0] as [any Figure] } ?? [])
  }

  var reachFigure: ReachFigure {
    ReachFigure(
      reach, plan: plan, overlays: thermalLines.overlays(alphaDs: plan.scan.alphaD),
      limits: limits)
  }

  /// Where the thermal line lies inside the reach.
  public var thermalReach: ThermalReach { ThermalReach(reach, lines: thermalLines) }

  /// Which of these masses only this experiment reaches.
  public var thermalUniqueness: ThermalUniqueness {
    ThermalUniqueness(thermalReach, lines: thermalLines, limits: limits)
  }

  /// Data files that belong to no figure.
  var tables: [FigureTable] { cutTables + relicTables }

  private var cutTables: [FigureTable] {
    [
      FigureTable(name: "table-1-cuts", table: cutFlow.cutTable),
      FigureTable(name: "table-1-cut-flow", table: cutFlow.flowTable),
      FigureTable(name: "table-1-points", table: cutFlow.pointTable),
    ]
  }

  private var relicTables: [FigureTable] {
    [
      FigureTable(name: "figure-6-thermal-lines", table: thermalLines.table),
      FigureTable(name: "table-thermal-inside-reach", table: thermalReach.table),
      FigureTable(name: "table-thermal-only-here", table: thermalUniqueness.table),
      FigureTable(name: "table-chemical-equilibrium", table: equilibrium.table),
    ]
  }

  /// What could not be made, a line each.
  var remarks: [String] {
    let event =
      event == nil
      ? [
        "Fig. 3 is left out: the card allows no event at m₁ = \(EventDisplayData.m1) GeV that passes all cuts."
      ] : []
    let freezeOut =
      freezeOut == nil
      ? [
        "The freeze-out figure is left out: the card allows no point with m₁ = \(RelicAbundanceData.m1) GeV, "
          + "Δ = \(RelicAbundanceData.splittingOverM1) m₁."
      ] : []
    let background =
      background == nil
      ? [
        "The figure of backgrounds is left out: the events that come with the program are of 160 GeV muons at the default settings of "
          + "background and least energies, and the card has others; 'duskline background' makes others with the generator plug-in."
      ] : []
    return event + background + freezeOut
      + cutFlow.missing.map {
        "The point m₁ = \($0.m1) GeV, Δ = \($0.splitting) m₁ is left out of Table I: \($0.reason)."
      }
  }

  /// The parts of the page behind the figures.
  var sections: [ReportPage.Section] {
    [
      ReportPage.Section(
        heading: "Table I",
        text:
          "The cuts, and what they leave of the signal at points of our choice. Position cuts count by the "
          + "probability to decay inside; the last row of the flow is the whole acceptance.",
        tables: [cutFlow.cutTable, cutFlow.pageTable], files: cutTables.map { "\($0.name).csv" }),
      ReportPage.Section(
        heading: "Cross sections", text: "Fig. 4, left, at some masses, per nucleus and at ε = 1.",
        tables: [crossSectionTable], files: ["figure-4-cross-section.csv"]),
    ] + (background.map { [BackgroundSection($0).section] } ?? []) + [
      ReportPage.Section(
        heading: "Thermal relic",
        text:
          "Where MUonE's reach covers the thermal line: the masses between the crossings of line and contour, both "
          + "straight in ln m₁ and ln y between the masses computed. The line supposes that χ₁ and χ₂ keep chemical "
          + "equilibrium with one another; the second table follows them as two species with scattering on leptons and "
          + "decay, and says how much slower these would have to be for Ω to move by 1 %.",
        tables: [thermalReach.pageTable, equilibrium.pageTable],
        files: relicTables.map { "\($0.name).csv" }),
      ReportPage.Section(
        heading: "Existing limits and projections",
        text:
          "What of the thermal line inside the reach is excluded already, what other projections reach, and what is left "
          + "to this experiment alone, by the regions of Fig. 6. A search that is not known at a Δ/m₁ excludes and projects "
          + "nothing there in this table: \"only here\" is among what is known. The first columns take decays of χ₂ above "
          + "0.1 GeV as seen by BaBar and Belle II, and three events for E137; the last ones change one of these.",
        tables: [thermalUniqueness.pageTable, limits.absenceTable],
        files: ["figure-6-reach-limits.csv", "table-thermal-only-here.csv"]),
    ]
  }

  private var crossSectionTable: DataTable {
    var table = DataTable(
      title: "σ in pb at ε = 1",
      columns: ["m_A′ [GeV]", "exact", "error", "WW/exact", "improved WW/exact"])
    // Every fifth mass: two a decade.
    for (index, point) in crossSections.points.enumerated() where index % 5 == 0 {
      let exact = point.exact.value
      table.rows.append([
        NumberText.short(point.mediatorMass, digits: 3), NumberText.short(exact, digits: 5),
        NumberText.percent(point.exact.relativeError),
        NumberText.short(point.weizsaeckerWilliams / exact),
        NumberText.short(point.improvedWeizsaeckerWilliams / exact),
      ])
    }
    return table
  }
}

/// What a finished reproduction leaves.
public struct ReproductionSummary: Sendable {
  /// The folder.
  public let folder: String
  /// The files in it, by name.
  public let files: [String]
  /// What was computed.
  public let results: ReproductionResults
  private let provenance: Provenance

  init(folder: String, files: [String], results: ReproductionResults, provenance: Provenance) {
    self.folder = folder
    self.files = files
    self.results = results
    self.provenance = provenance
  }

  /// The summary as JSON: the files and the numbers that a script would ask for.
  public var json: JSONValue {
    let contours = results.reach.contours.map { contour -> JSONValue in
      let range = contour.massRange
      let best = contour.best
      return [
        "splitting_over_m1": .number(contour.splittingOverM1), "alpha_D": .number(contour.alphaD),
        "luminosity_per_pb": .number(contour.luminosity.perPicobarn),
        "m1_lowest_GeV": .number(orNull: range?.lowerBound),
        "m1_highest_GeV": .number(orNull: range?.upperBound),
        "y_lowest": .number(orNull: contour.points.compactMap { $0.yLower?.value }.min()),
        "maximum_events": best?.maximumEvents.map { .estimate($0.value, error: $0.error) } ?? .null,
      ]
    }
    let points = results.cutFlow.results.map { result -> JSONValue in
      [
        "m1_GeV": .number(result.point.chi1Mass),
        "y": .number(NumberText.rounded(result.y, digits: 12)),
        "splitting_GeV": .number(result.point.massSplitting),
        "expected_events": .estimate(result.events.value, error: result.events.error),
        "luminosity_per_pb": .number(result.luminosity.perPicobarn),
      ]
    }
    let thermal = results.thermalReach.entries.map { entry -> JSONValue in
      [
        "splitting_over_m1": .number(entry.splittingOverM1), "alpha_D": .number(entry.alphaD),
        "luminosity_per_pb": .number(entry.luminosity),
        "m1_intervals_GeV": .array(
          entry.intervals.map { interval in
            .array(
              [interval.masses.lowerBound, interval.masses.upperBound].map {
                .number(NumberText.rounded($0, digits: 5))
              })
          }),
      ]
    }
    return [
      "folder": .string(folder), "files": .array(files.map { .string($0) }),
      "contours": .array(contours), "points": .array(points),
      "thermal_line_inside_reach": .array(thermal), "provenance": provenance.json,
    ]
  }
}

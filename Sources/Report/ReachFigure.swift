import Foundation
import Reach

/// The drawing of ``ReachData``: a pane per Δ/m₁, y against m₁.
public struct ReachFigure: Figure {
  /// A line drawn over the contours: a thermal line, an existing limit.
  public struct Overlay: Sendable, Hashable {
    /// Its name in the key.
    public var label: String
    /// The splitting to whose pane it belongs; `nil` for all.
    public var splittingOverM1: Double?
    /// Its corners.
    public var vertices: [ContourOutline.Vertex]
    /// How it is drawn.
    public var style: Style

    /// How a line is drawn.
    public enum Style: Sendable, Hashable {
      /// Without gaps.
      case solid
      /// Dashes and dots.
      case dashDotted
    }

    /// A line from its corners.
    public init(
      label: String, splittingOverM1: Double?, vertices: [ContourOutline.Vertex],
      style: Style = .solid
    ) {
      self.label = label
      self.splittingOverM1 = splittingOverM1
      self.vertices = vertices
      self.style = style
    }
  }

  /// The data.
  public let data: ReachData
  /// Lines over the contours.
  public let overlays: [Overlay]
  /// Regions of other experiments behind them.
  public let limits: ExistingLimits?
  let splittings: [Double]
  let alphaDs: [Double]
  let luminosities: [LuminosityLedger]
  let massRange: ClosedRange<Double>
  let setting: String
  private let mediator: String
  let confidence: Double
  private let background: Double

  /// The figure of a plan's contours.
  public init(
    _ data: ReachData, plan: Plan, overlays: [Overlay] = [], limits: ExistingLimits? = nil
  ) {
    self.data = data
    self.overlays = overlays
    self.limits = limits
    splittings = data.contours.map(\.splittingOverM1).distinct()
    alphaDs = data.contours.map(\.alphaD).distinct()
    luminosities = data.contours.map(\.luminosity).distinct()
    massRange = (plan.scan.m1.min() ?? 0.01)...(plan.scan.m1.max() ?? 2)
    setting = plan.beamOnTarget
    mediator =
      switch plan.model.mediatorMass {
      case .overM1(let ratio): "m_A′ = \(NumberText.plain(ratio)) m₁"
      case .fixed(let mass): "m_A′ = \(NumberText.plain(mass)) GeV"
      }
    confidence = plan.statistics.confidenceLevel
    background = plan.statistics.backgroundEvents
  }

  /// The name of the files.
  public var name: String { "figure-6-reach" }
  /// The title.
  public var title: String { "Fig. 6: reach in y over m₁ by Δ/m₁, \(setting)" }
  /// The caption.
  public var caption: String {
    let lines = luminosities.enumerated().map { index, ledger in
      "\(["solid", "dashed", "dotted"][index % 3]): \(NumberText.plain(ledger.perPicobarn)) pb⁻¹ (\(ledger.origin))"
    }
    return "Contours of \(NumberText.short(data.eventsNeeded)) expected events "
      + "(\(NumberText.plain(100 * confidence)) % confidence, \(NumberText.plain(background)) background events) "
      + "for \(setting), \(mediator), a pane for each Δ/m₁; \(lines.joined(separator: "; ")); shaded: the first of all. Inside a contour the "
      + "signal is seen: below it χ₂ lives too long and is too rare, above it χ₂ decays before the window. "
      + "Both crossings come from root finding at each mass; a contour's tip is where the most events that any y gives "
      + "equal the number needed. Relative statistical errors of the lower crossing are \(NumberText.percent(errors.median)) "
      + "in the median and at most \(NumberText.percent(errors.largest)), the latter at the light edge, where Δ just "
      + "allows the energies and the angle that the cuts ask for and few events of the sample pass: that edge is known "
      + "to about a step in m₁. Crossings are searched up to ε = 1\(frameEnd). " + emptyPanes
      + (overlays.isEmpty
        ? ""
        : "Black: the thermal relic, y for the observed abundance; below it χ₁ is too abundant. ")
      + limitsText
  }

  /// The relative errors of the lower bounds. Points with less than twice the events needed are left out: at a tip, where
  /// the bounds meet, the error of either diverges.
  var errors: (median: Double, largest: Double) {
    let all = data.contours.flatMap(\.points)
      .filter { ($0.maximumEvents?.value ?? 0) > 2 * data.eventsNeeded }
      .compactMap { $0.yLower?.relativeError }.sorted()
    return (all.isEmpty ? 0 : all[all.count / 2], all.last ?? 0)
  }

  private var limitsText: String {
    guard let limits, !limits.regions.isEmpty else { return "Existing limits are not drawn." }
    var text =
      "Grey: excluded; dashed: projected, both at α_D = \(NumberText.plain(limits.alphaD)), each pane with what holds at "
      + "its Δ/m₁, all computed for each point; MiniBooNE's curve is digitised and holds at the splitting that it was "
      + "made for. The paler rim of BaBar is excluded as well if products of χ₂ below "
      + "0.3 GeV instead of 0.1 GeV go unnoticed; dotted: what is left of it if those above 0.05 GeV are noticed, and of E137 "
      + "if it takes ten events instead of three. "
    let missing = limits.absenceTable.rows.map { "\($0[0]) at \($0[1]) (\($0[2]))" }
    if !missing.isEmpty { text += "Not drawn: \(missing.joined(separator: "; "))." }
    return text
  }

  private var frameEnd: String { topDecade == nil ? "" : ", and the frame ends below it" }

  private var emptyPanes: String {
    let empty = splittings.filter { splitting in
      data.contours.allSatisfy { $0.splittingOverM1 != splitting || $0.massRange == nil }
    }
    return empty.isEmpty
      ? "" : "There is no reach at Δ/m₁ = \(empty.map { "\($0)" }.joined(separator: ", ")). "
  }

  /// The data files: the points as computed, and the outlines as drawn.
  public var tables: [FigureTable] {
    [
      FigureTable(name: name, table: pointTable),
      FigureTable(name: "\(name)-outlines", table: outlineTable),
    ] + (overlays.isEmpty ? [] : [FigureTable(name: "\(name)-overlays", table: overlayTable)])
      + (limits.map {
        [
          FigureTable(name: "\(name)-limits", table: $0.table),
          FigureTable(name: "\(name)-limit-outlines", table: limitOutlineTable),
        ]
      } ?? [])
  }

  /// The regions as drawn: an outline each part, in the order of ``limitOutlines``.
  private var limitOutlineTable: DataTable {
    var table = DataTable(
      title: title + "; outlines of existing limits in drawing order",
      columns: ["outline", "splitting_over_m1", "label", "kind", "variant", "style", "m1_GeV", "y"])
    for (index, outline) in limitOutlines.enumerated() {
      table.rows += outline.vertices.map {
        [
          "\(index + 1)", NumberText.data(outline.region.splittingOverM1), outline.region.label,
          outline.region.kind.rawValue, outline.region.variant ?? "", outline.style.rawValue,
          NumberText.data($0.m1),
          NumberText.data(NumberText.rounded($0.y, digits: 6)),
        ]
      }
    }
    return table
  }

  /// One outline of a region.
  struct LimitOutline {
    let region: ExistingLimits.Region
    let style: Style
    let vertices: [ContourOutline.Vertex]

    /// Whether all of it is drawn, or a part of its edge.
    enum Style: String { case area, edge }
  }

  /// The outlines of what is drawn: defaults, and of exclusions the band of the veto, the rim that a less watchful one leaves and the
  /// edge of a more watchful one.
  var limitOutlines: [LimitOutline] {
    let drawn = (limits?.regions ?? []).filter {
      $0.variant == nil || $0.kind == .exclusion
    }
    return drawn.flatMap { region -> [LimitOutline] in
      if let outline = region.outline {
        return [LimitOutline(region: region, style: .area, vertices: outline)]
      }
      if region.kind == .exclusion, [nil, ExistingLimits.band.rim].contains(region.variant) {
        return region.strips.map {
          LimitOutline(region: region, style: .area, vertices: $0.outline)
        }
      }
      // What is not filled is its edges, and parts that meet have none between them.
      let frame = limits?.frame ?? .infinity
      let lines =
        region.strips.flatMap { $0.lines(belowFrame: frame) }
        + LimitStrip.closings(region.strips, in: massRange, belowFrame: frame)
      return lines.map {
        LimitOutline(region: region, style: .edge, vertices: $0)
      }
    }
  }

  private var overlayTable: DataTable {
    var table = DataTable(
      title: title + "; lines over the contours",
      columns: ["overlay", "splitting_over_m1", "label", "m1_GeV", "y"])
    for (index, overlay) in overlays.enumerated() {
      table.rows += overlay.vertices.map {
        [
          "\(index + 1)", overlay.splittingOverM1.map(NumberText.data) ?? "", overlay.label,
          NumberText.data($0.m1), NumberText.data($0.y),
        ]
      }
    }
    return table
  }

  private var pointTable: DataTable {
    var table = DataTable(
      title: title,
      columns: [
        "splitting_over_m1", "alpha_D", "luminosity_per_pb", "m1_GeV", "y_lower", "y_lower_error",
        "y_upper", "y_upper_error", "maximum_events", "maximum_events_error", "y_at_maximum",
        "reason",
      ])
    func text(_ value: Double?) -> String { value.map { NumberText.data($0) } ?? "" }
    for contour in data.contours {
      for point in contour.points {
        table.rows.append(
          [
            contour.splittingOverM1, contour.alphaD, contour.luminosity.perPicobarn, point.m1,
            point.yLower?.value, point.yLower?.error, point.yUpper?.value, point.yUpper?.error,
            point.maximumEvents?.value, point.maximumEvents?.error, point.yAtMaximum,
          ].map(text) + [point.reason ?? ""])
      }
    }
    return table
  }

  private var outlineTable: DataTable {
    var table = DataTable(
      title: title + "; outlines in drawing order, part by part",
      columns: ["splitting_over_m1", "alpha_D", "luminosity_per_pb", "part", "m1_GeV", "y"])
    for contour in data.contours {
      for (part, outline) in outlines(contour).enumerated() {
        for vertex in outline.vertices {
          table.append([
            contour.splittingOverM1, contour.alphaD, contour.luminosity.perPicobarn,
            Double(part + 1), vertex.m1, vertex.y,
          ])
        }
      }
    }
    return table
  }

  func outlines(_ contour: ReachData.Contour) -> [ContourOutline] {
    ContourOutline.outlines(contour.samples, needed: data.eventsNeeded)
  }

  /// The contours in words, one row each: the masses covered, or the most events where there are none.
  public var summaryTable: DataTable {
    var table = DataTable(
      title: "The contours of Fig. 6",
      columns: [
        "Δ/m₁", "α_D", "L [pb⁻¹]", "m₁ covered [GeV]", "lowest y", "at m₁ [GeV]",
        "most events at any y", "at m₁ [GeV]", "at y",
      ])
    for contour in data.contours {
      let range = contour.massRange.map {
        "\(NumberText.short($0.lowerBound, digits: 3))–\(NumberText.short($0.upperBound, digits: 3))"
      }
      let lowest = contour.points.filter { $0.yLower != nil }
        .min { ($0.yLower?.value ?? 0) < ($1.yLower?.value ?? 0) }
      let best = contour.best
      func text(_ value: Double?) -> String { value.map { NumberText.short($0, digits: 3) } ?? "–" }
      table.rows.append([
        "\(contour.splittingOverM1)", "\(contour.alphaD)",
        NumberText.plain(contour.luminosity.perPicobarn), range ?? "none",
        text(lowest?.yLower?.value), text(lowest?.m1), text(best?.maximumEvents?.value),
        text(best?.m1), text(best?.yAtMaximum),
      ])
    }
    return table
  }
}

import Background
import Formats
import Foundation
import Integration
import Reach

/// The drawing of ``BackgroundReachData``: expected events against the veto, and the reach under suppositions on the background.
public struct BackgroundFigure: Figure {
  /// The data.
  public let data: BackgroundReachData

  /// The figure of some curves.
  public init(_ data: BackgroundReachData) {
    self.data = data
  }

  private var plan: Plan { data.backgrounds.plan }
  private var luminosity: String { NumberText.short(data.backgrounds.luminosity.perPicobarn) }

  /// The name of the files.
  public var name: String { "figure-6-background" }
  /// The title.
  public var title: String {
    "Backgrounds against the threshold of the veto, and what they do to the reach at Δ = \(NumberText.plain(BackgroundReachData.splittingOverM1)) m₁"
  }
  /// The caption.
  public var caption: String {
    let curves = data.curves.map {
      "\($0.supposition.title): \(NumberText.short($0.background.value, digits: 3)) events, for which \(NumberText.short($0.eventsNeeded, digits: 3)) of signal are needed"
    }
    return
      "Left: events expected at \(luminosity) pb⁻¹ before tracks are identified, \(plan.background.normalisation.rawValue), against the energy "
      + "above which anything else that is seen ends an event; dotted where other K_S, Λ and Ξ⁰ of the event are seen by what they decay into alone. Right: y "
      + "that half of all experiments with background alone exclude at \(NumberText.plain(100 * plan.statistics.confidenceLevel)) %, α_D = "
      + "\(NumberText.plain(plan.model.alphaD)), at the same luminosity. \(curves.joined(separator: "; ")). Per nucleon: one "
      + "mean nucleon for a nucleus, other hadrons seen, the paper's numbers; whole nucleus, the pessimistic ones: all nucleons, other hadrons "
      + "decaying. Pairs made in material are not in it. Without the calorimeter nothing neutral is seen and "
      + "every hadron may be an electron. Backgrounds are taken as uncertain by "
      + "\(NumberText.plain(100 * BackgroundReachData.backgroundUncertainty)) %, a supposition. Events: \(data.generator)."
  }

  /// The data files.
  public var tables: [FigureTable] {
    [
      FigureTable(name: name, table: reachTable),
      FigureTable(name: "\(name)-outlines", table: outlineTable),
      FigureTable(name: "\(name)-veto", table: vetoTable),
    ]
  }

  private func text(_ value: Double?) -> String {
    value.map { NumberText.data(NumberText.rounded($0, digits: 6)) } ?? ""
  }

  private func outlines(_ curve: BackgroundReachData.Curve) -> [ContourOutline] {
    let contour = ReachData.Contour(
      splittingOverM1: BackgroundReachData.splittingOverM1, alphaD: plan.model.alphaD,
      luminosity: data.backgrounds.luminosity, mediatorMass: plan.model.mediatorMass,
      points: curve.points)
    return ContourOutline.outlines(contour.samples, needed: data.eventsNeededWithoutBackground)
  }

  private var outlineTable: DataTable {
    var table = DataTable(
      title: title + "; outlines in drawing order, part by part",
      columns: ["supposition", "part", "m1_GeV", "y"])
    for curve in data.curves {
      for (part, outline) in outlines(curve).enumerated() {
        for vertex in outline.vertices {
          table.rows.append([
            curve.supposition.rawValue, "\(part + 1)", NumberText.data(vertex.m1),
            NumberText.data(vertex.y),
          ])
        }
      }
    }
    return table
  }

  private var reachTable: DataTable {
    var table = DataTable(
      title: title,
      columns: [
        "supposition", "background_events", "background_error", "events_needed", "m1_GeV",
        "y_lower",
        "y_upper",
      ])
    for curve in data.curves {
      for point in curve.points {
        table.rows.append(
          [
            curve.supposition.rawValue, text(curve.background.value), text(curve.background.error),
            text(curve.eventsNeeded), NumberText.data(point.m1),
          ] + [point.yLower?.value, point.yUpper?.value].map(text))
      }
    }
    return table
  }

  private var vetoTable: DataTable {
    var table = DataTable(
      title: "Expected events before tracks are identified, at \(luminosity) pb⁻¹",
      columns: ["threshold_GeV"]
        + BackgroundCategory.displaced.flatMap { category in
          let name = category.rawValue.replacingOccurrences(of: "-", with: "_")
          return [name, "\(name)_error", "\(name)_decaying", "\(name)_decaying_error"]
        })
    for point in data.vetoScan {
      table.rows.append(
        [NumberText.data(point.threshold)]
          + BackgroundCategory.displaced.flatMap { category in
            [point.events[category], point.decaying[category]].flatMap {
              [text($0?.value), text($0?.error)]
            }
          })
    }
    return table
  }

  /// The size on paper.
  public var size: (width: Double, height: Double) { (18, 9.5) }

  private static let vetoLines: [(category: String, title: String, colour: String)] = [
    ("double_fake", "two fakes", FigureColour.blue),
    ("real_lepton_fake_hadron", "lepton and fake", FigureColour.vermillion),
    ("real_dilepton", "two leptons", FigureColour.green),
  ]

  private static let styles: [(colour: String, gnuplot: String, matplotlib: String)] = [
    (FigureColour.black, "1", "-"), (FigureColour.blue, "1", "-"),
    (FigureColour.vermillion, "1", "-"), (FigureColour.blue, "(6,4)", "--"),
    (FigureColour.vermillion, "(6,4)", "--"),
  ]

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    let veto = Self.vetoLines.flatMap { line in
      [
        "veto using \"threshold_GeV\":\"\(line.category)\":\"\(line.category)_error\" with yerrorlines lw 1.8 pt 7 ps 0.4 lc rgb \"\(line.colour)\" title \"\(line.title)\"",
        "veto using \"threshold_GeV\":\"\(line.category)_decaying\" with lines lw 1.6 dt (2,3) lc rgb \"\(line.colour)\" notitle",
      ]
    }
    let reach = zip(data.curves, Self.styles).flatMap { curve, style in
      outlines(curve).indices.map { part in
        "data using \"m1_GeV\":(of(\"\(curve.supposition.rawValue)\", \(part + 1))) with lines lw 1.9 dt \(style.gnuplot) lc rgb \"\(style.colour)\" "
          + (part == 0 ? "title \"\(curve.supposition.title)\"" : "notitle")
      }
    }
    return """
      data = "\(name)-outlines.csv"
      veto = "\(name)-veto.csv"
      # y of one outline, nothing elsewhere.
      of(name, part) = strcol("supposition") eq name && column("part") == part ? column("y") : NaN
      set multiplot
      set tics front scale 0.8
      set mxtics 10
      set logscale xy
      set tmargin at screen 0.97; set bmargin at screen 0.145
      set lmargin at screen 0.085; set rmargin at screen 0.465
      set xrange [0.008:7]
      set yrange [1e-3:1e6]
      set format x "%g"
      set format y "10^{%T}"
      set xlabel "veto above  [GeV]" offset 0,0.3
      set ylabel "expected events before identification" offset 0.8,0
      set key top left Left reverse samplen 2 spacing 1.2
      set label 1 "\(luminosity) pb^{-1}, \(plan.background.normalisation.rawValue)" at graph 0.04,0.05 left
      plot \(veto.joined(separator: ", \\\n  "))
      unset label
      set lmargin at screen 0.575; set rmargin at screen 0.985
      set xrange [0.01:2]
      set yrange [1e-11:1e-3]
      set format x "10^{%T}"
      set xlabel "m_1  [GeV]" offset 0,0.3
      set ylabel "y = ε^2 α_D (m_1/m_{A′})^4" offset 0.1,0
      set key bottom left Left reverse samplen 2 spacing 1.15
      set label 1 "Δ = \(NumberText.plain(BackgroundReachData.splittingOverM1)) m_1,  α_D = \(NumberText.plain(plan.model.alphaD))" at graph 0.96,0.95 right
      plot \(reach.joined(separator: ", \\\n  "))
      unset multiplot
      """
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    let veto = Self.vetoLines.map {
      "(\"\($0.category)\", \"\($0.title)\", \"\($0.colour)\")"
    }
    let curves = zip(data.curves, Self.styles).map {
      "(\"\($0.supposition.rawValue)\", \"\($0.supposition.title)\", \"\($1.colour)\", \"\($1.matplotlib)\")"
    }
    return """
      veto = read("\(name)-veto.csv")
      rows = read("\(name)-outlines.csv")
      figure, (left, right) = plt.subplots(1, 2, figsize=SIZE, layout="constrained")
      threshold = column(veto, "threshold_GeV")
      for name, title, colour in [\(veto.joined(separator: ", "))]:
          left.errorbar(
              threshold, column(veto, name), yerr=column(veto, name + "_error"), fmt="o-", markersize=3,
              color=colour, label=title)
          left.plot(threshold, column(veto, name + "_decaying"), ":", color=colour)
      left.set(xscale="log", yscale="log", xlim=(0.008, 7), ylim=(1e-3, 1e6))
      left.set(xlabel="veto above  [GeV]", ylabel="expected events before identification")
      left.legend(frameon=False, title=r"\(luminosity) pb$^{-1}$, \(plan.background.normalisation.rawValue)")
      for name, title, colour, style in [\(curves.joined(separator: ", "))]:
          own = [row for row in rows if row["supposition"] == name]
          for part in sorted({row["part"] for row in own}):
              outline = [row for row in own if row["part"] == part]
              right.plot(
                  column(outline, "m1_GeV"), column(outline, "y"), style, color=colour,
                  label=title if part == 1 else None)
      right.set(xscale="log", yscale="log", xlim=(0.01, 2), ylim=(1e-11, 1e-3))
      right.set(xlabel=r"$m_1$  [GeV]", ylabel=r"$y = \\varepsilon^2 \\alpha_D (m_1/m_{A'})^4$")
      right.legend(frameon=False, loc="lower left", title=r"$\\Delta = \(NumberText.plain(BackgroundReachData.splittingOverM1))\\, m_1$")
      """
  }
}

import Background
import Formats
import Foundation
import Integration
import Reach

/// Pairs from the target whose vertex is found in the window, against the resolution of vertices, for each form of its tail.
public struct MisplacedVertexFigure: Figure {
  private let plan: Plan
  private let luminosity: Double
  private let points: [ExpectedBackgrounds.MisplacedVertices]
  /// The rules in δz that are compared, each in a panel: the card's, and none.
  private let rules: (own: Double, none: Double)

  /// The figure of backgrounds.
  public init(_ backgrounds: ExpectedBackgrounds) {
    plan = backgrounds.plan
    luminosity = backgrounds.luminosity.perPicobarn
    points = backgrounds.vertexScan
    rules = (backgrounds.vertexRules[0], 0)
  }

  /// The name of the files.
  public var name: String { "figure-background-vertex" }
  /// The title.
  public var title: String {
    "Pairs from the target that seem displaced, against the resolution of vertices"
  }
  /// The caption.
  public var caption: String {
    "Pairs found in the window \(NumberText.plain(plan.selection.decayWindow.lowerBound)) to "
      + "\(NumberText.plain(plan.selection.decayWindow.upperBound)) mm at \(NumberText.short(luminosity)) pb⁻¹, before identification, against δz "
      + "of two tracks at 1 mrad. Solid: tracks of collisions, most of them hadrons, \(plan.background.normalisation.rawValue); dashed: lepton "
      + "pairs that the muon makes, on the nucleus, an estimate to a factor of two. Left: no nearer to the target than "
      + "\(NumberText.plain(plan.background.vertex.significance)) δz of the pair; right: without that rule. The tails are suppositions: "
      + "\(NumberText.plain(100 * plan.background.vertex.tailShare)) % of vertices, five times as wide, or falling with the square of the "
      + "distance beyond three δz.\(belowFrame)"
  }

  /// What is too little to be seen, in words.
  private var belowFrame: String {
    let most =
      points.filter { $0.settings.tail == .gaussian && $0.settings.significance == rules.own }
      .map { max($0.candidates.value, $0.leptons.value) }.max() ?? 0
    return most < Self.range.least
      ? " A Gaussian leaves \(NumberText.short(most, digits: 1)) or less under the rule, below the frame."
      : ""
  }

  private var lines: [(tail: BackgroundSettings.VertexSettings.Tail, title: String, colour: String)]
  {
    let share = "\(NumberText.plain(100 * plan.background.vertex.tailShare)) %"
    return [
      (.gaussian, "Gaussian", FigureColour.black),
      (.wide, "\(share) five times as wide", FigureColour.blue),
      (.scattering, "\(share) of scattering", FigureColour.vermillion),
    ]
  }

  /// The data file.
  public var tables: [FigureTable] {
    var table = DataTable(
      title: title,
      columns: [
        "rule_dz", "tail", "angular_resolution_mrad", "vertex_error_mm", "candidates",
        "candidates_error", "candidates_upper", "lepton_pairs", "lepton_pairs_error",
      ])
    for point in points {
      let numbers: [Double?] = [
        1e3 * point.settings.angularResolution, point.errorAtMilliradian, point.candidates.value,
        point.candidates.error, point.candidates.upperLimit, point.leptons.value,
        point.leptons.error,
      ]
      table.rows.append(
        [NumberText.data(point.settings.significance), point.settings.tail.rawValue]
          + numbers.map { $0.map { NumberText.data(NumberText.rounded($0, digits: 6)) } ?? "" })
    }
    return [FigureTable(name: name, table: table)]
  }

  /// The size on paper.
  public var size: (width: Double, height: Double) { (18, 9) }

  private static let range = (least: 1e-2, most: 1e9)

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    func plots(_ rule: Double) -> String {
      lines.flatMap { line in
        ["candidates", "lepton_pairs"].map { column in
          "data using \"vertex_error_mm\":(of(\(NumberText.data(rule)), \"\(line.tail.rawValue)\", \"\(column)\")) with linespoints lw 1.8 pt 7 ps 0.4 "
            + "dt \(column == "candidates" ? "1" : "(6,4)") lc rgb \"\(line.colour)\" "
            + (column == "candidates" ? "title \"\(line.title)\"" : "notitle")
        }
      }.joined(separator: ", \\\n  ")
    }
    return """
      data = "\(name).csv"
      # A column of one rule and tail, nothing elsewhere.
      of(rule, tail, name) = column("rule_dz") == rule && strcol("tail") eq tail ? column(name) : NaN
      set multiplot
      set tics front scale 0.8
      set logscale xy
      set mxtics 10
      set xrange [1.5:250]
      set yrange [\(NumberText.data(Self.range.least)):\(NumberText.data(Self.range.most))]
      set format x "%g"
      set format y "10^{%T}"
      set tmargin at screen 0.97; set bmargin at screen 0.15
      set xlabel "δz at 1 mrad  [mm]" offset 0,0.3
      set lmargin at screen 0.085; set rmargin at screen 0.515
      set ylabel "pairs in the window" offset 0.8,0
      set key top left Left reverse samplen 2 spacing 1.2
      set label 1 "beyond \(NumberText.plain(rules.own)) δz" at graph 0.96,0.06 right
      set label 2 "dashed: lepton pairs of the muon" at graph 0.96,0.14 right
      set label 3 "solid: tracks of collisions" at graph 0.96,0.22 right
      plot \(plots(rules.own))
      unset label
      unset ylabel
      unset key
      set format y ""
      set lmargin at screen 0.545; set rmargin at screen 0.985
      set label 1 "no rule" at graph 0.96,0.06 right
      plot \(plots(rules.none))
      unset multiplot
      """
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    let lines = lines.map {
      "(\"\($0.tail.rawValue)\", \"\($0.title)\", \"\($0.colour)\")"
    }
    return """
      rows = read("\(name).csv")
      figure, axes = plt.subplots(1, 2, figsize=SIZE, layout="constrained", sharey=True)
      for axis, rule in zip(axes, (\([rules.own, rules.none].map(NumberText.data).joined(separator: ", ")))):
          for tail, title, colour in [\(lines.joined(separator: ", "))]:
              own = [row for row in rows if row["rule_dz"] == rule and row["tail"] == tail]
              for name, style in (("candidates", "-"), ("lepton_pairs", "--")):
                  axis.plot(
                      column(own, "vertex_error_mm"), column(own, name), style, marker="o", markersize=3,
                      color=colour, label=title if name == "candidates" else None)
          axis.set(xscale="log", yscale="log", xlim=(1.5, 250), ylim=(\(NumberText.data(Self.range.least)), \(NumberText.data(Self.range.most))))
          axis.set(xlabel=r"$\\delta z$ at 1 mrad  [mm]")
          axis.set_title(f"beyond {rule:g} δz" if rule else "no rule", fontsize="medium")
      axes[0].set(ylabel="pairs in the window")
      axes[0].legend(frameon=False, loc="upper left")
      """
  }
}

import Recasts

/// The drawing of ``LimitRatioData``.
public struct LimitRatioFigure: Figure {
  private typealias Name = ComputedCurve.Name
  private typealias Variant = ComputedCurve.VariantName

  /// The data.
  public let data: LimitRatioData

  /// The figure of some ratios.
  public init(_ data: LimitRatioData) {
    self.data = data
  }

  /// m₁ in GeV up to which LEP, and BaBar and Belle II, are compared: m_A′ = 80 GeV and 5.4 GeV.
  static let comparedMasses = (lep: 80.0 / 3, singlePhoton: 1.8)

  /// The name of the files.
  public var name: String { "figure-limit-ratios" }
  /// The title.
  public var title: String {
    "Computed limits over digitised curves at Δ/m₁ = 0.1, α_D = 0.1, m_A′ = 3 m₁: lower edges in ε"
  }
  /// The caption.
  public var caption: String {
    "Lower edge in ε of each computed limit over that of the digitised curve of the same search, at "
      + "Δ/m₁ = 0.1, α_D = 0.1 and m_A′ = 3 m₁, for which these were made. LEP: ours in the published form, whose "
      + "0.0248 for a light A′ is an input, so that only its dependence on m_A′ is tested (points: digitised masses; "
      + "band: ±8 %), and a tree-level fit of our own at two confidence levels, which lacks the Bhabha and hadronic "
      + "data of the published one. \(lepText)Neither is given within 2 GeV of m_Z, nor the published form at "
      + "m_A′ = 186–214 GeV, where LEP 2 ran and the digitised curve dips; below the masses shown all is constant. "
      + "BaBar and Belle II: the digitised curve itself is the input for an A′ that is never seen, so that "
      + "a ratio of 1 without a veto is no test of anything but the reading of the table (band: ±6 %); with a "
      + "veto on charged products of χ₂ above 0.1 GeV the ratio shows what decays inside the detector take away"
      + "\(vetoText). Displaced pairs at BaBar: cuts, luminosity and full efficiency are ours and nothing was "
      + "adjusted; no decay is accepted where Δ is below the smallest pair mass asked for, and "
      + "\(displacedText)the digitised projection is weaker there, by assumptions that it does not state. Beam dumps: exact production and "
      + "decays, with the inputs of the apparatus files; an earlier calculation for this project found 0.79 ± 9 % for E137 "
      + "with 3 events, 1.07 with 10, 0.96 ± 8 % for BDX and 1.02 ± 2 % for LDMX below 0.31 GeV."
  }

  private var lepText: String {
    guard
      let agreement = data.line(Name.lep, Variant.published)?
        .agreement(below: Self.comparedMasses.lep)
    else { return "" }
    return
      "Below m_A′ = 80 GeV the published form is \(text(agreement.mean)) ± \(text(agreement.spread)) of the "
      + "digitised curve (dotted line: 80 GeV), \(text(agreement.range.lowerBound))–\(text(agreement.range.upperBound)). "
  }

  private var vetoText: String {
    let parts = [("BaBar", Name.baBar), ("Belle II", Name.belle2)].compactMap {
      label, name -> String? in
      guard
        let agreement = data.line(name, Variant.veto)?
          .agreement(below: Self.comparedMasses.singlePhoton)
      else { return nil }
      return "\(NumberText.percent(agreement.range.upperBound - 1)) for \(label)"
    }
    return parts.isEmpty
      ? ""
      : ", at most \(parts.joined(separator: " and ")) below m₁ = 1.8 GeV (dotted line); where the line of BaBar leaves "
        + "the frame the published limit is weak, and χ₂ short-lived"
  }

  private var displacedText: String {
    let ratios = (data.line(Name.baBarDisplaced, Variant.vertexFrom10mm)?.points ?? [])
      .filter { (0.5...2.5).contains($0.m1) }.compactMap(\.ratio)
    guard let least = ratios.min(), let most = ratios.max() else { return "" }
    return "for m₁ of 0.5–2.5 GeV ours lies at \(text(least))–\(text(most)) of the digitised edge: "
  }

  private func text(_ value: Double) -> String { NumberText.short(value, digits: 2) }

  /// The data file.
  public var tables: [FigureTable] {
    var table = DataTable(
      title: title,
      columns: [
        "limit", "variant", "digitised_curve", "m1_GeV", "epsilon_computed", "epsilon_digitised",
        "ratio", "is_digitised_mass",
      ])
    func number(_ value: Double) -> String {
      NumberText.data(NumberText.rounded(value, digits: 6))
    }
    for line in data.lines {
      for point in line.points {
        table.rows.append([
          line.name, line.variant, line.digitised, NumberText.data(point.m1),
          point.computed.map(number) ?? "", number(point.digitised), point.ratio.map(number) ?? "",
          point.isDigitised ? "1" : "0",
        ])
      }
    }
    return [FigureTable(name: name, table: table)]
  }

  /// The size on paper.
  public var size: (width: Double, height: Double) { (12, 22.5) }

  /// One line of a pane.
  private struct Curve {
    let limit: String
    let variant: String
    let label: String
    let colour: String
    let dash: String
    var hasPoints = false
  }

  /// One pane.
  private struct Pane {
    let label: String
    let curves: [Curve]
    let masses: (String, String)
    let ratios: (String, String)
    let band: Double?
    let comparedMass: Double?
    /// Where the frame lies, in parts of the height.
    let frame: (bottom: Double, top: Double)
    var isLogarithmic = false
    let key: String
    let labelPlace: String
  }

  private let panes = [
    Pane(
      label: "LEP",
      curves: [
        Curve(
          limit: Name.lep, variant: Variant.published, label: "published form",
          colour: FigureColour.blue, dash: "-", hasPoints: true),
        Curve(
          limit: Name.lep, variant: Variant.treeLevelOneSided, label: "our fit, Δχ^2 = 2.71",
          colour: FigureColour.vermillion, dash: "--"),
        Curve(
          limit: Name.lep, variant: Variant.treeLevelTwoSided, label: "our fit, Δχ^2 = 3.84",
          colour: FigureColour.vermillion, dash: ":"),
      ], masses: ("0.5", "110"), ratios: ("0.45", "1.55"), band: 0.08,
      comparedMass: comparedMasses.lep, frame: (0.79, 0.988), key: "bottom left",
      labelPlace: "graph 0.03,0.92 left"),
    Pane(
      label: "single photons",
      curves: [
        Curve(
          limit: Name.baBar, variant: Variant.noVeto, label: "BaBar, no veto (its own input)",
          colour: FigureColour.blue, dash: "-"),
        Curve(
          limit: Name.baBar, variant: Variant.veto, label: "BaBar, veto above 0.1 GeV",
          colour: FigureColour.blue, dash: "--"),
        Curve(
          limit: Name.belle2, variant: Variant.noVeto,
          label: "Belle II, no veto (its own input)", colour: FigureColour.orange, dash: ":"),
        Curve(
          limit: Name.belle2, variant: Variant.veto,
          label: "Belle II, veto above 0.1 GeV", colour: FigureColour.orange, dash: "-."),
      ], masses: ("0.01", "3.5"), ratios: ("0.91", "1.19"), band: 0.06,
      comparedMass: comparedMasses.singlePhoton, frame: (0.545, 0.743), key: "top left",
      labelPlace: "graph 0.03,0.08 left"),
    Pane(
      label: "displaced pairs, BaBar",
      curves: [
        Curve(
          limit: Name.baBarDisplaced, variant: Variant.vertexFrom10mm,
          label: "vertex beyond 10 mm", colour: FigureColour.green, dash: "-", hasPoints: true),
        Curve(
          limit: Name.baBarDisplaced, variant: Variant.vertexFrom236mm,
          label: "vertex beyond 236 mm", colour: FigureColour.purple, dash: "--"),
      ], masses: ("0.01", "3.5"), ratios: ("0.03", "10"), band: nil, comparedMass: nil,
      frame: (0.3, 0.498), isLogarithmic: true, key: "top left",
      labelPlace: "graph 0.03,0.08 left"),
    Pane(
      label: "beam dumps and LDMX",
      curves: [
        Curve(
          limit: Name.e137, variant: Variant.asDescribed, label: "E137, 3 events",
          colour: FigureColour.blue, dash: "-", hasPoints: true),
        Curve(
          limit: Name.e137, variant: Variant.events(10), label: "E137, 10 events",
          colour: FigureColour.blue, dash: "--"),
        Curve(
          limit: Name.bdx, variant: Variant.asDescribed, label: "BDX", colour: FigureColour.purple,
          dash: "-", hasPoints: true),
        Curve(
          limit: Name.ldmx, variant: Variant.asDescribed, label: "LDMX",
          colour: FigureColour.orange, dash: "-", hasPoints: true),
      ], masses: ("0.01", "3.5"), ratios: ("0.15", "1.55"), band: nil, comparedMass: nil,
      frame: (0.055, 0.253), key: "bottom left", labelPlace: "graph 0.03,0.92 left"),
  ]

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    """
    data = "\(name).csv"
    # One line: its ratio where all else fits, nothing elsewhere.
    select(limit, variant) = \\
      (strcol("limit") eq limit && strcol("variant") eq variant && strlen(strcol("ratio")) > 0) \\
      ? column("ratio") : NaN
    digitised(limit, variant) = column("is_digitised_mass") == 1 ? select(limit, variant) : NaN
    set multiplot
    set lmargin at screen 0.15; set rmargin at screen 0.96
    set tics front scale 0.8
    set logscale x
    set mxtics 10
    set format x "10^{%T}"
    \(panes.map(gnuplotPane).joined(separator: "\n"))
    unset multiplot
    """
  }

  private func gnuplotPane(_ pane: Pane) -> String {
    let dashes = ["-": "", "--": "dt (9,5)", ":": "dt (2,3)", "-.": "dt (12,4,2,4)"]
    var plots = ["1 with lines lw 1 lc rgb \"\(FigureColour.black)\" notitle"]
    for curve in pane.curves {
      let columns = "(\"\(curve.limit)\", \"\(curve.variant)\")"
      plots.append(
        "data using \"m1_GeV\":(select\(columns)) with lines lw 1.8 \(dashes[curve.dash] ?? "") "
          + "lc rgb \"\(curve.colour)\" title \"\(curve.label)\"")
      if curve.hasPoints {
        plots.append(
          "data using \"m1_GeV\":(digitised\(columns)) with points pt 7 ps 0.4 lc rgb \"\(curve.colour)\" notitle"
        )
      }
    }
    let band = pane.band.map {
      "set object 1 rectangle from graph 0, first \(1 - $0) to graph 1, first \(1 + $0) behind "
        + "fillcolor rgb \"#E8E8E8\" fillstyle solid noborder"
    }
    let compared = pane.comparedMass.map {
      let x = NumberText.plain($0, digits: 4)
      return
        "set arrow 1 from \(x), graph 0 to \(x), graph 1 nohead lw 1 dt (2,3) lc rgb \"\(FigureColour.grey)\""
    }
    return """

      # \(pane.label)
      set tmargin at screen \(pane.frame.top); set bmargin at screen \(pane.frame.bottom)
      \(pane.isLogarithmic ? "set logscale y; set mytics 10" : "unset logscale y; set mytics 2")
      set xrange [\(pane.masses.0):\(pane.masses.1)]
      set yrange [\(pane.ratios.0):\(pane.ratios.1)]
      \(band ?? "unset object 1")
      \(compared ?? "unset arrow 1")
      set label 1 "\(pane.label)" at \(pane.labelPlace)
      set xlabel "m_1  [GeV]" offset 0,0.6
      set ylabel "ε computed / digitised" offset 0.5,0
      set key \(pane.key) Left reverse samplen 2.8 spacing 1.15
      plot \(plots.joined(separator: ", \\\n  "))
      """
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    let list = panes.map { pane in
      let curves = pane.curves.map {
        "(\"\($0.limit)\", \"\($0.variant)\", \"\($0.label.replacing("Δχ^2", with: "$\\\\Delta\\\\chi^2$"))\", "
          + "\"\($0.colour)\", \"\($0.dash)\", \($0.hasPoints ? "True" : "False"))"
      }
      return "    (\"\(pane.label)\", \(pane.band.map { "\($0)" } ?? "None"), "
        + "(\(pane.masses.0), \(pane.masses.1)), (\(pane.ratios.0), \(pane.ratios.1)), "
        + "\"\(pane.isLogarithmic ? "log" : "linear")\", [\n        "
        + curves.joined(separator: ",\n        ") + "]),"
    }
    return """
      rows = read("\(name).csv")
      panes = [
      \(list.joined(separator: "\n"))
      ]
      figure, axes = plt.subplots(len(panes), 1, figsize=SIZE, layout="constrained")
      for axis, (title, band, masses, ratios, scale, curves) in zip(axes, panes):
          if band:
              axis.axhspan(1 - band, 1 + band, color="0.91")
          axis.axhline(1, color="black", linewidth=0.8)
          for limit, variant, label, colour, style, has_points in curves:
              own = [row for row in rows if (row["limit"], row["variant"]) == (limit, variant)]
              ratio = [float("nan") if row["ratio"] is None else row["ratio"] for row in own]
              axis.plot(column(own, "m1_GeV"), ratio, style, color=colour, label=label)
              if has_points:
                  digitised = [row for row in own if row["is_digitised_mass"] and row["ratio"]]
                  axis.plot(column(digitised, "m1_GeV"), column(digitised, "ratio"), ".", color=colour)
          axis.set(xscale="log", yscale=scale, xlim=masses, ylim=ratios, ylabel="computed / digitised")
          axis.legend(frameon=False, title=title, fontsize="small")
      axes[-1].set_xlabel(r"$m_1$  [GeV]")
      """
  }
}

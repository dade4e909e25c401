/// The drawing of ``SplittingLossData``.
public struct SplittingLossFigure: Figure {
  /// The data.
  public let data: SplittingLossData

  /// The figure of some lines.
  public init(_ data: SplittingLossData) {
    self.data = data
  }

  /// The name of the files.
  public var name: String { "figure-splitting-loss" }
  /// The title.
  public var title: String {
    "What χ₂ decays in the detector take from BaBar's limit, for growing Δ/m₁ at α_D = 0.1, m_A′ = 3 m₁"
  }
  /// The caption.
  public var caption: String {
    "The lowest ε that BaBar's search for a single photon excludes over ε of its limit for an A′ that is never "
      + "seen, at α_D = 0.1 and m_A′ = 3 m₁. Lines: an event is lost once a charged product of χ₂ has more than "
      + "0.1 GeV between 17° and 142°; bands: 0.05 GeV (upper edge) to 0.3 GeV (lower edge), as this "
      + "threshold is an assumption of ours. A line that leaps has lost the interval of ε at the published limit, where χ₂ "
      + "outlives the detector; what remains are larger ε, for which every χ₂ decays inside and the few events "
      + "whose products all stay below the threshold, or miss the detector, must suffice. "
      + lossText
  }

  private var lossText: String {
    let parts = data.lines.map { line -> String in
      let mass = data.lossMass(line, factor: Self.lossFactor)
      return (mass.map { "\(NumberText.short($0, digits: 2)) GeV" } ?? "none of these masses")
        + " for \(NumberText.plain(line.splittingOverM1))"
    }
    return
      "By Δ/m₁, the m₁ from which on a veto at 0.1 GeV weakens the limit by more than a factor "
      + "\(NumberText.plain(Self.lossFactor)): \(parts.joined(separator: ", ")). Where the published limit is strong, at m₁ of 1.3–1.7 GeV, χ₂ lives longer at it."
  }

  private static let lossFactor = 2.0

  /// The data file.
  public var tables: [FigureTable] {
    let names = ["0_1", "0_05", "0_3"]
    var table = DataTable(
      title: title,
      columns: ["splitting_over_m1", "m1_GeV", "epsilon_invisible"]
        + names.map { "epsilon_lower_veto_\($0)_GeV" } + names.map { "ratio_veto_\($0)_GeV" }
        + ["epsilon_gap_from_veto_0_1_GeV", "epsilon_gap_to_veto_0_1_GeV"])
    func text(_ value: Double?) -> String {
      value.map { NumberText.data(NumberText.rounded($0, digits: 6)) } ?? ""
    }
    for line in data.lines {
      for point in line.points {
        let lower = point.excluded.map { $0.first?.lowerBound }
        let intervals = point.excluded[0]
        let gap =
          intervals.count > 1 ? [intervals[0].upperBound, intervals[1].lowerBound] : [nil, nil]
        table.rows.append(
          [NumberText.data(line.splittingOverM1), NumberText.data(point.m1)]
            + ([point.invisible] + lower + point.ratios + gap).map(text))
      }
    }
    return [FigureTable(name: name, table: table)]
  }

  /// The size on paper.
  public var size: (width: Double, height: Double) { (12, 10) }

  private func colour(_ index: Int) -> String {
    FigureColour.cycle[index % FigureColour.cycle.count]
  }

  /// The largest splitting first, so that the smaller ones lie on top.
  private var order: [Int] { data.lines.indices.reversed() }

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    let bands = order.map { index in
      let splitting = NumberText.data(data.lines[index].splittingOverM1)
      return
        "data using \"m1_GeV\":(at(\(splitting), \"ratio_veto_0_3_GeV\")):(at(\(splitting), \"ratio_veto_0_05_GeV\")) "
        + "with filledcurves fillstyle transparent solid 0.18 noborder lc rgb \"\(colour(index))\" notitle"
    }
    let lines = order.map { index in
      let splitting = NumberText.data(data.lines[index].splittingOverM1)
      return "data using \"m1_GeV\":(at(\(splitting), \"ratio_veto_0_1_GeV\")) with lines lw 2 "
        + "lc rgb \"\(colour(index))\" title \"Δ = \(splitting) m_1\""
    }
    return """
      data = "\(name).csv"
      # A column of one splitting, nothing elsewhere.
      at(splitting, name) = column("splitting_over_m1") == splitting ? column(name) : NaN
      set logscale xy
      set xrange [0.01:3]
      set yrange [0.8:150]
      set lmargin at screen 0.13; set rmargin at screen 0.96
      set tmargin at screen 0.97; set bmargin at screen 0.135
      set tics front scale 0.8
      set mxtics 10
      set mytics 10
      set format x "10^{%T}"
      set format y "%g"
      set xlabel "m_1  [GeV]" offset 0,0.3
      set ylabel "lowest ε excluded / ε for an unseen A′" offset 0.5,0
      set key top left Left reverse samplen 2.4 spacing 1.2
      set label 1 "BaBar, single photon" at graph 0.97,0.94 right
      set label 2 "lines: veto above 0.1 GeV" at graph 0.97,0.88 right
      set label 3 "bands: 0.05 to 0.3 GeV" at graph 0.97,0.82 right
      plot \((bands + ["1 with lines lw 1 lc rgb \"\(FigureColour.black)\" notitle"] + lines).joined(separator: ", \\\n  "))
      """
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    let colours = data.lines.indices.map {
      "\(NumberText.data(data.lines[$0].splittingOverM1)): \"\(colour($0))\""
    }
    return """
      rows = read("\(name).csv")
      colours = {\(colours.joined(separator: ", "))}


      def ratio(own, name):
          return [float("nan") if row[name] is None else row[name] for row in own]


      figure, axis = plt.subplots(figsize=SIZE, layout="constrained")
      for splitting, colour in reversed(colours.items()):
          own = [row for row in rows if row["splitting_over_m1"] == splitting]
          mass = column(own, "m1_GeV")
          axis.fill_between(
              mass, ratio(own, "ratio_veto_0_3_GeV"), ratio(own, "ratio_veto_0_05_GeV"),
              color=colour, alpha=0.18, linewidth=0)
          axis.plot(
              mass, ratio(own, "ratio_veto_0_1_GeV"), color=colour, label=rf"$\\Delta = {splitting}\\, m_1$")
      axis.axhline(1, color="black", linewidth=0.8)
      axis.set(xscale="log", yscale="log", xlim=(0.01, 3), ylim=(0.8, 150))
      axis.set(xlabel=r"$m_1$  [GeV]", ylabel=r"lowest $\\varepsilon$ excluded / $\\varepsilon$ for an unseen $A'$")
      axis.legend(frameon=False, title="BaBar, veto above 0.1 GeV (bands: 0.05-0.3 GeV)")
      """
  }
}

import Foundation

extension ReachFigure {
  /// The number of panes side by side.
  private var paneColumns: Int { splittings.count <= 4 ? min(2, splittings.count) : 3 }
  private var paneRows: Int { (splittings.count + paneColumns - 1) / max(paneColumns, 1) }

  /// The size on paper.
  public var size: (width: Double, height: Double) {
    (paneColumns == 3 ? 18 : 14, 1.2 + keyHeight + 5.6 * Double(paneRows))
  }

  /// The strip of the key: two rows of contours, and one or two of limits.
  private var keyHeight: Double { namedLimits.isEmpty ? 1.2 : 2.0 }

  private static let dashes = ["dt 1", "dt (7,4)", "dt (1.5,3)"]

  private static func dash(_ style: Overlay.Style) -> String {
    switch style {
    case .solid: "dt 1"
    case .dashDotted: "dt (9,3,2,3)"
    }
  }

  private func colour(_ alphaD: Double) -> String {
    let index = alphaDs.firstIndex(of: alphaD) ?? 0
    return FigureColour.cycle[index % FigureColour.cycle.count]
  }

  /// The drawn range of y: whole decades around all outlines and lines, and with limits one more for the panes' labels below them.
  private var yRange: ClosedRange<Double> {
    let values =
      data.contours.flatMap { outlines($0).flatMap { $0.vertices.map(\.y) } }
      + overlays.flatMap { $0.vertices.map(\.y) }
    guard let least = values.min(), let most = values.max() else { return 1e-12...1e-2 }
    let bottom = (log10(least) - 0.1).rounded(.down) - (namedLimits.isEmpty ? 0 : 1)
    return pow(10, bottom)...pow(10, max(topDecade ?? (log10(most) + 0.1).rounded(.up), bottom + 1))
  }

  /// The last decade in which every ε is below 1, where that is one number for all masses: the frame ends there.
  var topDecade: Double? {
    let ends = data.contours.filter { contour in contour.points.contains { $0.yLower != nil } }
      .compactMap { contour -> Double? in
        guard case .overM1 = contour.mediatorMass else { return nil }
        return contour.highestY(atM1: 1)
      }
    return ends.min().map { log10($0).rounded(.down) }
  }

  /// Every decade has a tick, every second one a number.
  private func decades(_ range: ClosedRange<Double>, isLabelled: Bool) -> String {
    let (first, last) = (
      Int(log10(range.lowerBound).rounded()), Int(log10(range.upperBound).rounded())
    )
    return (first...last).map {
      $0 % 2 == 0
        ? "\"\(isLabelled ? "10^{\($0 < 0 ? "−" : "")\(abs($0))}" : "")\" 1e\($0)"
        : "\"\" 1e\($0) 1"
    }
    .joined(separator: ", ")
  }

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    let panes = splittings.indices.map { pane($0) }
    let (_, height) = size
    return """
      data = "\(name)-outlines.csv"
      # One part of one contour: y where all else fits, nothing elsewhere.
      select(splitting, alpha, luminosity, part) = \\
        (column("splitting_over_m1") == splitting && column("alpha_D") == alpha \\
        && column("luminosity_per_pb") == luminosity && column("part") == part) ? column("y") : NaN

      set multiplot
      set logscale xy
      set xrange [\(NumberText.data(massRange.lowerBound)):\(NumberText.data(massRange.upperBound))]
      set yrange [\(NumberText.data(yRange.lowerBound)):\(NumberText.data(yRange.upperBound))]
      set tics front scale 0.7
      set mxtics 10
      unset key
      set style textbox opaque noborder margins 0.4,0.4
      limit(outline) = (column("outline") == outline) ? column("y") : NaN
      \(panes.joined(separator: "\n"))

      # The key, in a strip of its own above the panes.
      unset label
      unset logscale
      unset xlabel; unset ylabel; unset tics
      unset border
      set lmargin at screen 0.01; set rmargin at screen 0.99
      set tmargin at screen 0.995; set bmargin at screen \(fraction(1 - (keyHeight - 0.2) / height))
      set xrange [0:1]; set yrange [0:1]
      set key at graph 0.5,1.0 center top horizontal Left reverse samplen 2.2 width -1 maxrows \(namedLimits.isEmpty ? 2 : 4)
      set label 3 "\(setting), \(NumberText.plain(100 * confidence)) % CL" at graph 0.5,0.02 center
      plot \(keyEntries)
      unset multiplot
      """
  }

  private func fraction(_ value: Double) -> String { String(format: "%.4f", value) }

  private func pane(_ index: Int) -> String {
    let (column, row) = (index % paneColumns, index / paneColumns)
    let (width, height) = size
    // Panes side by side stand so far apart that the numbers at their corners do not touch.
    let (left, right, bottom, top, gap, rowGap) = (2.1, 0.3, 1.15, keyHeight, 0.8, 0.3)
    let paneWidth = (width - left - right - Double(paneColumns - 1) * gap) / Double(paneColumns)
    let paneHeight = (height - bottom - top - Double(paneRows - 1) * rowGap) / Double(paneRows)
    let x = left + Double(column) * (paneWidth + gap)
    let y = height - top - Double(row) * (paneHeight + rowGap)
    let isLowest = index + paneColumns >= splittings.count
    let splitting = splittings[index]
    return """

      # Δ/m₁ = \(splitting)
      set lmargin at screen \(fraction(x / width)); set rmargin at screen \(fraction((x + paneWidth) / width))
      set tmargin at screen \(fraction(y / height)); set bmargin at screen \(fraction((y - paneHeight) / height))
      \(isLowest ? "set format x \"10^{%T}\"; set xlabel \"m_1  [GeV]\" offset 0,0.4" : "set format x \"\"; unset xlabel")
      \(column == 0 ? "set ylabel \"y = ε^2 α_D (m_1/m_{A′})^4\" offset 0.2,0" : "unset ylabel")
      set ytics (\(decades(yRange, isLabelled: column == 0)))
      set label 1 "Δ = \(NumberText.plain(splitting)) m_1" at graph 0.96,0.06 right front boxed
      \(hasReach(splitting) ? "unset label 2" : "set label 2 \"no reach\" at graph 0.5,0.5 center front")
      plot \(curves(splitting))
      """
  }

  private func hasReach(_ splitting: Double) -> Bool {
    data.contours.contains { $0.splittingOverM1 == splitting && $0.massRange != nil }
  }

  private func curves(_ splitting: Double) -> String {
    var fills: [String] = []
    var lines: [String] = []
    let limits = limitCurves(splitting)
    for contour in data.contours where contour.splittingOverM1 == splitting {
      let luminosity = contour.luminosity.perPicobarn
      let style = luminosities.firstIndex { $0.perPicobarn == luminosity } ?? 0
      for (part, outline) in outlines(contour).enumerated() {
        let select =
          "data using \"m1_GeV\":(select(\(contour.splittingOverM1), \(contour.alphaD), "
          + "\(NumberText.data(luminosity)), \(part + 1)))"
        let colour = colour(contour.alphaD)
        if style == 0, contour.alphaD == alphaDs.first, outline.vertices.count > 2 {
          fills.append(
            "\(select) with filledcurves closed fillstyle transparent solid 0.12 noborder lc rgb \"\(colour)\""
          )
        }
        lines.append("\(select) with lines lw 1.6 \(Self.dashes[style % 3]) lc rgb \"\(colour)\"")
      }
    }
    for (index, overlay) in overlays.enumerated()
    where overlay.splittingOverM1 == nil || overlay.splittingOverM1 == splitting {
      lines.append(
        "\"\(name)-overlays.csv\" using \"m1_GeV\":(column(\"overlay\") == \(index + 1) ? column(\"y\") : NaN) "
          + "with lines lw 1.5 \(Self.dash(overlay.style)) lc rgb \"\(FigureColour.black)\"")
    }
    let all = limits.fills + fills + limits.lines + lines
    return all.isEmpty ? "NaN" : all.joined(separator: ", \\\n  ")
  }

  /// The first line of each name.
  private var namedOverlays: [Overlay] {
    var names: Set<String> = []
    return overlays.filter { names.insert($0.label).inserted }
  }

  private var keyEntries: String {
    let contours = alphaDs.flatMap { alphaD in
      luminosities.enumerated().map { index, ledger in
        "NaN with lines lw 1.6 \(Self.dashes[index % 3]) lc rgb \"\(colour(alphaD))\" "
          + "title \"α_D = \(alphaD),  \(NumberText.plain(ledger.perPicobarn)) pb^{−1}\""
      }
    }
    let lines = namedOverlays.map {
      "NaN with lines lw 1.5 \(Self.dash($0.style)) lc rgb \"\(FigureColour.black)\" title \"\($0.label)\""
    }
    return (contours + lines + limitKeyEntries).joined(separator: ", \\\n  ")
  }

  private var overlayStatements: String {
    guard !overlays.isEmpty else { return "" }
    let styles = namedOverlays.map { "\"\($0.label)\": \"\($0.style == .solid ? "-" : "-.")\"" }
    return """
          line_styles = {\(styles.joined(separator: ", "))}
          lines = [row for row in read("\(name)-overlays.csv") if row["splitting_over_m1"] in (splitting, None)]
          named = set()
          for overlay in distinct(lines, "overlay"):
              own = [row for row in lines if row["overlay"] == overlay]
              name = own[0]["label"]
              axis.plot(
                  column(own, "m1_GeV"), column(own, "y"), line_styles[name], color="black",
                  label=None if name in named else name)
              named.add(name)
      """
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    """
    rows = read("\(name)-outlines.csv")
    splittings = [\(splittings.map { "\($0)" }.joined(separator: ", "))]
    colours = {\(alphaDs.map { "\($0): \"\(colour($0))\"" }.joined(separator: ", "))}
    styles = {\(luminosities.enumerated().map { "\(NumberText.data($1.perPicobarn)): \"\(["-", "--", ":"][$0 % 3])\"" }.joined(separator: ", "))}
    figure, axes = plt.subplots(
        \(paneRows), \(paneColumns), sharex=True, sharey=True, figsize=SIZE, layout="constrained", squeeze=False)
    for axis, splitting in zip(axes.flat, splittings):
        for alpha, colour in colours.items():
            for luminosity, style in styles.items():
                own = [
                    row for row in rows
                    if (row["splitting_over_m1"], row["alpha_D"], row["luminosity_per_pb"])
                    == (splitting, alpha, luminosity)
                ]
                label = rf"$\\alpha_D = {alpha}$, {luminosity} pb$^{{-1}}$"
                for part in distinct(own, "part") or [0]:
                    outline = [row for row in own if row["part"] == part]
                    axis.plot(column(outline, "m1_GeV"), column(outline, "y"), style, color=colour, label=label)
                    label = None
    \(overlayStatements)
    \(limitStatements)
        axis.set(xscale="log", yscale="log", title=rf"$\\Delta = {splitting}\\, m_1$")
        axis.set_xlim(\(NumberText.data(massRange.lowerBound)), \(NumberText.data(massRange.upperBound)))
        axis.set_ylim(\(NumberText.data(yRange.lowerBound)), \(NumberText.data(yRange.upperBound)))
    for axis in axes[-1]:
        axis.set_xlabel(r"$m_1$  [GeV]")
    for axis in axes[:, 0]:
        axis.set_ylabel(r"$y = \\varepsilon^2 \\alpha_D (m_1/m_{A'})^4$")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2, frameon=False)
    """
  }
}

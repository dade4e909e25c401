import Constraints

/// How regions of other experiments are drawn.
extension ReachFigure {
  /// The searches drawn in any pane, exclusions first.
  var namedLimits: [(label: String, kind: ConstraintKind)] {
    let regions = limits?.regions ?? []
    return [ConstraintKind.exclusion, .projection].flatMap { kind in
      regions.filter { $0.kind == kind }.map(\.label).distinct().map { ($0, kind) }
    }
  }

  private func colour(of label: String) -> String {
    switch label {
    case "BaBar": "#a8a8a8"
    case "LEP": "#d6cfc0"
    case "E137": "#93a7b8"
    case "Belle II": FigureColour.green
    case "BDX": FigureColour.purple
    case "LDMX": FigureColour.orange
    default: FigureColour.sky
    }
  }

  private static let dashed = "dt (9,5)"
  private static let dotted = "dt (1.5,2.5)"
  /// Of the edges that a more watchful veto leaves.
  private static let edgeColour = "#606060"

  /// The regions of a pane: what is filled lies behind everything.
  func limitCurves(_ splitting: Double) -> (fills: [String], lines: [String]) {
    var (fills, lines): ([String], [String]) = ([], [])
    for (index, outline) in limitOutlines.enumerated()
    where outline.region.splittingOverM1 == splitting {
      let data = "\"\(name)-limit-outlines.csv\" using \"m1_GeV\":(limit(\(index + 1)))"
      let colour = colour(of: outline.region.label)
      switch (outline.region.kind, outline.style) {
      case (.exclusion, .area):
        let strength = outline.region.variant == nil ? 0.75 : 0.3
        fills.append(
          "\(data) with filledcurves closed fillstyle transparent solid \(strength) noborder lc rgb \"\(colour)\""
        )
      case (.exclusion, .edge):
        lines.append("\(data) with lines lw 0.9 \(Self.dotted) lc rgb \"\(Self.edgeColour)\"")
      case (.projection, _):
        lines.append("\(data) with lines lw 1.3 \(Self.dashed) lc rgb \"\(colour)\"")
      }
    }
    return (fills, lines)
  }

  /// The entries of the key.
  var limitKeyEntries: [String] {
    namedLimits.map { limit in
      let colour = colour(of: limit.label)
      return limit.kind == .exclusion
        ? "NaN with boxes fillstyle solid 0.75 noborder lc rgb \"\(colour)\" title \"\(limit.label)\""
        : "NaN with lines lw 1.3 \(Self.dashed) lc rgb \"\(colour)\" title \"\(limit.label)\""
    }
  }

  /// The same for matplotlib.
  var limitStatements: String {
    guard !limitOutlines.isEmpty else { return "" }
    let colours = namedLimits.map { "\"\($0.label)\": \"\(colour(of: $0.label))\"" }
    return """
          limit_colours = {\(colours.joined(separator: ", "))}
          regions = [row for row in read("\(name)-limit-outlines.csv") if row["splitting_over_m1"] == splitting]
          known = set()
          for outline in distinct(regions, "outline"):
              own = [row for row in regions if row["outline"] == outline]
              name, kind = own[0]["label"], own[0]["kind"]
              label = None if name in known else name
              known.add(name)
              x, y = column(own, "m1_GeV"), column(own, "y")
              if kind == "exclusion" and own[0]["style"] == "edge":
                  axis.plot(x, y, ":", color="\(Self.edgeColour)", linewidth=0.8)
              elif kind == "exclusion":
                  strength = 0.3 if own[0]["variant"] else 0.75
                  axis.fill(x, y, color=limit_colours[name], alpha=strength, linewidth=0, zorder=0, label=label)
              else:
                  axis.plot(x, y, "--", color=limit_colours[name], linewidth=1.0, label=label)
      """
  }
}

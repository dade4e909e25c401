import Detector
import Foundation
import Reach

/// The drawing of ``EventDisplayData``: a module from the side, and its first part once more.
public struct EventDisplayFigure: Figure {
  /// The data.
  public let data: EventDisplayData
  private let apparatus: Apparatus
  private let window: ClosedRange<Double>
  private let setting: String
  private let beam: String
  /// The coordinate across the beam that is drawn, 0 for x and 1 for y: the one in which the leptons part more.
  private let axis: Int

  /// The figure of a plan's event.
  public init(_ data: EventDisplayData, plan: Plan) {
    self.data = data
    apparatus = plan.apparatus
    window = plan.selection.decayWindow
    setting = plan.beamOnTarget
    beam = plan.beamSymbol
    let parting = data.event.leptonPlus.slope - data.event.leptonMinus.slope
    axis = abs(parting.x) >= abs(parting.y) ? 0 : 1
  }

  /// The name of the files.
  public var name: String { "figure-3-event-display" }
  /// The title.
  public var title: String { "Fig. 3: an accepted event in one module, \(setting)" }
  /// The caption.
  public var caption: String {
    let event = data.event
    let angle = event.leptonPlus.angle(to: event.leptonMinus)
    return "One simulated event, \(setting), at m₁ = \(data.point.chi1Mass) GeV, "
      + "Δ = \(NumberText.short(data.point.massSplitting, digits: 3)) GeV, y = \(NumberText.short(data.y, digits: 2)), "
      + "seen from the side (\(axisName) against z, not to scale): number \(data.number) of the unweighted events, the "
      + "first that passes all cuts and whose leptons are an eighth of a plane apart on the last plane. χ₂ "
      + "(dashed, unseen) flies \(NumberText.short(event.decayZ, digits: 3)) mm and decays to χ₁ and "
      + "\(pairName), \(NumberText.short(1000 * angle, digits: 3)) mrad apart. Shaded: the decay window. "
      + "Points: where tracks cross the tracking planes. Lower pane: the region of the target and the first plane."
  }

  private var pairName: String {
    let lepton = data.event.flavour == .electron ? "e" : "μ"
    return "\(lepton)⁺\(lepton)⁻"
  }

  private var axisName: String { axis == 0 ? "x" : "y" }

  /// The data files: the paths, and the points on the planes.
  public var tables: [FigureTable] {
    var paths = DataTable(
      title: title,
      columns: [
        "particle", "energy_GeV", "start_x_mm", "start_y_mm", "start_z_mm", "end_x_mm",
        "end_y_mm", "end_z_mm",
      ])
    var hits = DataTable(
      title: title + "; points on the planes",
      columns: ["particle", "plane", "x_mm", "y_mm", "z_mm"])
    for track in data.tracks {
      paths.rows.append(
        [track.particle]
          + [
            track.energy, track.start.x, track.start.y, track.start.z, track.end.x, track.end.y,
            track.end.z,
          ].map(NumberText.data))
      for (plane, hit) in track.hits.enumerated() {
        hits.rows.append(
          [track.particle, "\(plane + 1)"] + [hit.x, hit.y, hit.z].map(NumberText.data))
      }
    }
    return [
      FigureTable(name: name, table: paths), FigureTable(name: "\(name)-hits", table: hits),
    ]
  }

  /// The size on paper.
  public var size: (width: Double, height: Double) { (17, 13) }

  // MARK: Drawing

  /// A particle's looks.
  private func style(_ particle: String) -> (colour: String, dash: String, label: String) {
    let leptonLabel = data.event.flavour == .electron ? "e" : "μ"
    return switch particle {
    case "beam": (FigureColour.black, "dt 1", beam)
    case "scattered": (FigureColour.black, "dt 1", "\(beam)′")
    case "chi2": (FigureColour.grey, "dt (6,4)", "χ₂")
    case "lepton_plus": (FigureColour.vermillion, "dt 1", "\(leptonLabel)⁺")
    default: (FigureColour.blue, "dt 1", "\(leptonLabel)⁻")
    }
  }

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    let farthest = apparatus.planes.map(\.centre.z).max() ?? 1000
    let shown = shownHalfHeight
    let near = nearRange
    return """
      data = "\(name).csv"
      hits = "\(name)-hits.csv"
      set multiplot
      set lmargin at screen 0.09
      set tics scale 0.8
      unset key
      set style fill solid 0.12 noborder
      set ylabel "\(axisName)  [mm]" offset 0.8,0

      # Upper pane: the whole module.
      set rmargin at screen 0.83
      set tmargin at screen 0.965; set bmargin at screen 0.545
      set xrange [\(EventDisplayData.drawnZ.lowerBound):\(farthest + 30)]
      set yrange [\(-shown):\(shown)]
      \(furniture(labels: true, shown: shown))
      \(energyLabels(at: farthest + 42, shown: shown))
      plot \(paths)
      unset label

      # Lower pane: target, decay vertex and first plane.
      set rmargin at screen 0.975
      set tmargin at screen 0.43; set bmargin at screen 0.10
      set xrange [\(NumberText.data(near.z.lowerBound)):\(NumberText.data(near.z.upperBound))]
      set yrange [\(NumberText.data(near.x.lowerBound)):\(NumberText.data(near.x.upperBound))]
      set xlabel "z from the interaction point  [mm]" offset 0,0.3
      unset label
      \(furniture(labels: false, shown: near.x.upperBound))
      set label 21 "\(style("beam").label), \(NumberText.short(data.tracks[0].energy, digits: 3)) GeV" at first \(NumberText.data(near.z.lowerBound + 3)), first 0 offset 0,0.7 left front
      set label 22 "decay vertex, z = \(NumberText.short(data.event.decayZ, digits: 3)) mm" at \(NumberText.data(data.event.decayZ)), graph 0.05 center front
      set label 23 "χ_2" at \(NumberText.data(data.event.decayZ / 2)), first \(NumberText.data(data.event.decayVertex[axis] / 2)) offset 0,0.7 center front textcolor rgb "\(FigureColour.grey)"
      set arrow 22 from \(NumberText.data(data.event.decayZ)), graph 0.10 to \(NumberText.data(data.event.decayZ)), first \(NumberText.data(data.event.decayVertex[axis])) nohead lw 0.8 lc rgb "\(FigureColour.grey)" front
      plot \(paths), \\
        "+" using (\(NumberText.data(data.event.decayZ))):(\(NumberText.data(data.event.decayVertex[axis]))) every ::0::0 with points pt 7 ps 0.7 lc rgb "\(FigureColour.grey)"
      unset multiplot
      """
  }

  /// Half the height of the upper pane in mm: the planes, or less where the tracks stay close to the axis.
  private var shownHalfHeight: Double {
    let planes = apparatus.planes.map { $0.size[axis] / 2 }.max() ?? 50
    let tracks = data.tracks.flatMap(\.hits).map { abs($0[axis]) }.max() ?? planes
    return NumberText.rounded(min(1.15 * planes, max(1.5 * tracks, 0.1 * planes)), digits: 2)
  }

  /// The range of the lower pane: to just behind the decay window, and across as far as the tracks go there.
  private var nearRange: (z: ClosedRange<Double>, x: ClosedRange<Double>) {
    let first = apparatus.planes.map(\.centre.z).min() ?? 0
    let end = max(window.upperBound, min(first, 2 * window.upperBound)) + 22
    let reach =
      data.tracks.flatMap { track -> [Double] in
        let slope = (track.end - track.start)[axis] / (track.end - track.start).z
        return [
          track.start[axis], track.start[axis] + slope * (min(end, track.end.z) - track.start.z),
        ]
      }.map { abs($0) }.max() ?? 1
    let across = max(1, 1.25 * reach)
    return (-25...end, -across...across)
  }

  /// Target, planes and decay window.
  private func furniture(labels: Bool, shown: Double) -> String {
    var lines = ["unset object; unset arrow"]
    lines.append(
      "set object 1 rectangle from \(window.lowerBound), graph 0 to \(window.upperBound), graph 1 behind fillcolor rgb \"\(FigureColour.orange)\" fillstyle solid 0.12 noborder"
    )
    let depth = apparatus.targetThickness / 2
    lines.append(
      "set object 2 rectangle from \(-depth), \(-shown) to \(depth), \(shown) behind fillcolor rgb \"#555555\" fillstyle solid 0.45 noborder"
    )
    if labels {
      lines.append("set label 1 \"target\" at 0, graph 1.0 offset 0,0.6 center")
      lines.append(
        "set label 2 \"decay window\" at \(window.upperBound + 30), graph 0.07 left front textcolor rgb \"#9A6A00\""
      )
    } else {
      lines.append(
        "set label 2 \"decay window\" at \((window.lowerBound + window.upperBound) / 2), graph 0.93 center front textcolor rgb \"#9A6A00\""
      )
      lines.append("set label 1 \"target\" at 0, graph 0.93 center front")
    }
    for (index, plane) in apparatus.planes.enumerated() {
      // Planes may reach beyond the frame; arrows would be drawn there.
      let x = plane.centre[axis]
      let lower = max(x - plane.size[axis] / 2, -shown)
      let upper = min(x + plane.size[axis] / 2, shown)
      lines.append(
        "set arrow \(index + 1) from \(plane.centre.z), \(lower) to \(plane.centre.z), \(upper) nohead lw 2 lc rgb \"\(FigureColour.green)\""
      )
      if labels, apparatus.planes.count <= 3 {
        lines.append(
          "set label \(index + 3) \"plane \(index + 1)\" at \(plane.centre.z), graph 1.0 offset 0,0.6 center"
        )
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Names and energies behind the last plane, moved apart where tracks lie close.
  private func energyLabels(at z: Double, shown: Double) -> String {
    let spacing = 0.17 * shown
    var last = -Double.infinity
    let seen = data.tracks.filter { !$0.hits.isEmpty }
      .map { track in (track: track, x: track.hits.last?[axis] ?? 0) }
      .sorted { $0.x < $1.x }
    var lines = seen.enumerated().map { index, entry -> String in
      let x = max(entry.x, last + spacing)
      last = x
      let style = style(entry.track.particle)
      let energy = NumberText.short(entry.track.energy, digits: 3)
      return
        "set label \(31 + index) \"\(style.label), \(energy) GeV\" at first \(z), first \(NumberText.data(NumberText.rounded(x, digits: 4))) left textcolor rgb \"\(style.colour)\""
    }
    if let chi2 = data.tracks.first(where: { $0.particle == "chi2" }) {
      lines.append(
        "set label 40 \"χ_2, \(NumberText.short(chi2.energy, digits: 3)) GeV\" at \(NumberText.data(window.upperBound + 30)), first \(NumberText.data(-0.3 * shown)) left textcolor rgb \"\(FigureColour.grey)\""
      )
    }
    return lines.joined(separator: "\n")
  }

  private var paths: String {
    let lines = data.tracks.map { track in
      let style = style(track.particle)
      return
        "data using (strcol(\"particle\") eq \"\(track.particle)\" ? column(\"start_z_mm\") : NaN):\"start_\(axisName)_mm\":(column(\"end_z_mm\") - column(\"start_z_mm\")):(column(\"end_\(axisName)_mm\") - column(\"start_\(axisName)_mm\")) with vectors nohead lw 1.6 \(style.dash) lc rgb \"\(style.colour)\""
    }
    let points = data.tracks.filter { !$0.hits.isEmpty }.map { track in
      "hits using (strcol(\"particle\") eq \"\(track.particle)\" ? column(\"z_mm\") : NaN):\"\(axisName)_mm\" with points pt 7 ps 0.55 lc rgb \"\(style(track.particle).colour)\""
    }
    return (lines + points).joined(separator: ", \\\n  ")
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    """
    rows = read("\(name).csv")
    hits = read("\(name)-hits.csv")
    colours = {
        "beam": "black", "scattered": "black", "chi2": "\(FigureColour.grey)",
        "lepton_plus": "\(FigureColour.vermillion)", "lepton_minus": "\(FigureColour.blue)",
    }
    planes = [\(apparatus.planes.map { NumberText.data($0.centre.z) }.joined(separator: ", "))]
    figure, axes = plt.subplots(2, 1, figsize=SIZE, layout="constrained")
    for axis in axes:
        axis.axvspan(\(window.lowerBound), \(window.upperBound), color="\(FigureColour.orange)", alpha=0.12)
        axis.axvspan(\(-apparatus.targetThickness / 2), \(apparatus.targetThickness / 2), color="0.5", alpha=0.5)
        for z in planes:
            axis.axvline(z, color="\(FigureColour.green)")
        for row in rows:
            name = row["particle"]
            axis.plot(
                [row["start_z_mm"], row["end_z_mm"]], [row["start_\(axisName)_mm"], row["end_\(axisName)_mm"]],
                "--" if name == "chi2" else "-", color=colours[name],
                label=f"{name}, {row['energy_GeV']:.3g} GeV")
        for row in hits:
            axis.plot(row["z_mm"], row["\(axisName)_mm"], "o", color=colours[row["particle"]], markersize=3)
        axis.set_ylabel("\(axisName)  [mm]")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3, frameon=False)
    axes[1].set(
        xlim=(\(nearRange.z.lowerBound), \(nearRange.z.upperBound)), ylim=(\(nearRange.x.lowerBound), \(nearRange.x.upperBound)),
        xlabel="z from the interaction point  [mm]")
    """
  }
}

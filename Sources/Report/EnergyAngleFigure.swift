import DarkSector
import Detector
import Foundation
import Integration
import Kinematics
import Reach
import Sampling

/// The density of χ₂ over energy and angle for several m₁ at one Δ/m₁.
///
/// Source: arXiv:2409.00170, Fig. 5, at Δ = 0.4 m₁. The masses are ours.
public struct EnergyAngleData: Sendable {
  /// The map at one mass.
  public struct Map: Sendable {
    /// m₁ in GeV.
    public var m1: Double
    /// The energy in GeV along x, the decimal logarithm of the angle to the beam in mrad along y.
    public var density: WeightedMap
    /// The share of χ₂ within the acceptance angle.
    public var shareAccepted: Double
  }

  /// The maps by rising mass.
  public var maps: [Map]
  /// Masses that cannot be, with the reason.
  public var missing: [(m1: Double, reason: String)]
  /// Δ/m₁.
  public var splittingOverM1: Double
  /// The angle in rad under which the target sees the nearest edge of the planes.
  public var acceptanceAngle: Double

  /// The masses in GeV.
  public static let masses = [0.05, 0.1, 0.3, 1]
  /// Events for each event of a point of the card.
  static let oversampling = 20

  /// Fills the maps from weighted events of the whole chain.
  ///
  /// - Parameter progress: called after each mass.
  public static func compute(
    _ plan: Plan, threads: Int, progress: @Sendable (Int) -> Void
  ) async throws -> EnergyAngleData {
    let acceptanceAngle = acceptanceAngle(of: plan.apparatus)
    let batches = BatchLayout.batchCount(forEvents: oversampling * plan.run.eventsPerPoint)
    var data = EnergyAngleData(
      maps: [], missing: [], splittingOverM1: plan.model.splittingOverM1,
      acceptanceAngle: acceptanceAngle)
    for m1 in masses {
      defer { progress(1) }
      var point = plan
      point.model.m1 = m1
      let generator: EventGenerator
      do {
        generator = try EventGenerator(point)
      } catch {
        guard let reason = reasonForAbsence(error) else { throw error }
        data.missing.append((m1, reason))
        continue
      }
      let empty = WeightedMap(
        x: HistogramAxis(from: 0, to: plan.beam.energy, bins: 48),
        y: HistogramAxis(from: -2, to: 3, bins: 60))
      let parts = try await concurrentMap(count: batches, threads: threads) { batch in
        var map = empty
        var (accepted, total) = (0.0, 0.0)
        for event in generator.batch(batch) {
          let angle = atan2(event.chi2.transverse, event.chi2.z)
          map.add(event.chi2.energy, log10(max(angle, 1e-12) * 1000), weight: event.weight)
          total += event.weight
          if angle < acceptanceAngle { accepted += event.weight }
        }
        return (map, accepted, total)
      }
      var map = empty
      var (accepted, total) = (0.0, 0.0)
      for part in parts {
        map.add(part.0)
        accepted += part.1
        total += part.2
      }
      data.maps.append(
        Map(m1: m1, density: map, shareAccepted: total > 0 ? accepted / total : 0))
    }
    return data
  }

  /// The angle under which the centre of the target sees the nearest edge of any plane, in rad.
  static func acceptanceAngle(of apparatus: Apparatus) -> Double {
    let angles = apparatus.planes.map { plane in
      atan(min(plane.size.x, plane.size.y) / 2 / plane.centre.z)
    }
    return angles.min() ?? 0
  }
}

/// The drawing of ``EnergyAngleData``.
public struct EnergyAngleFigure: Figure {
  /// The data.
  public let data: EnergyAngleData
  private let setting: String
  private let beamEnergy: Double

  /// The figure of a plan's maps.
  public init(_ data: EnergyAngleData, plan: Plan) {
    self.data = data
    setting = plan.beamOnTarget
    beamEnergy = plan.beam.energy
  }

  /// The name of the files.
  public var name: String { "figure-5-energy-angle" }
  /// The title.
  public var title: String {
    "Fig. 5: energy and angle of χ₂ at Δ = \(data.splittingOverM1) m₁, \(setting)"
  }
  /// The caption.
  public var caption: String {
    let shares = data.maps
      .map { "\(NumberText.percent($0.shareAccepted)) at m₁ = \(NumberText.plain($0.m1)) GeV" }
      .joined(separator: ", ")
    return
      "The density of χ₂ over its energy and the decimal logarithm of its angle to the beam, normalised to one, "
      + "at Δ = \(data.splittingOverM1) m₁, before any cut. The dashed line is the angle under which the target sees the "
      + "nearest edge of the last plane, \(NumberText.short(1000 * data.acceptanceAngle, digits: 3)) mrad; below it lie "
      + "\(shares). The values of m₁ are ours."
      + data.missing.map { " m₁ = \($0.m1) GeV is left out: \($0.reason)." }.joined()
  }

  /// The data file: bins of zero density are left out.
  public var tables: [FigureTable] {
    var table = DataTable(
      title: title + "; bins without events are left out",
      columns: [
        "m1_GeV", "energy_low_GeV", "energy_high_GeV", "angle_low_mrad", "angle_high_mrad",
        "density_per_GeV_per_decade",
      ])
    for map in data.maps {
      let (x, y) = (map.density.x, map.density.y)
      for i in 0..<x.binCount {
        for j in 0..<y.binCount where map.density.density(i, j) > 0 {
          table.append([
            map.m1, x.edge(i), x.edge(i + 1), NumberText.rounded(pow(10, y.edge(j)), digits: 6),
            NumberText.rounded(pow(10, y.edge(j + 1)), digits: 6), map.density.density(i, j),
          ])
        }
      }
    }
    return [FigureTable(name: name, table: table)]
  }

  /// The five decades of density that are coloured: a density per GeV goes with the inverse of the beam's energy.
  private var scale: ClosedRange<Double> {
    let top = Int(log10(16 / beamEnergy).rounded())
    return (Double("1e\(top - 5)") ?? 1e-6)...(Double("1e\(top)") ?? 0.1)
  }

  /// The size on paper.
  public var size: (width: Double, height: Double) { (17, 14) }

  private static let palette =
    ##"set palette defined (0 "#FDE725", 1 "#7AD151", 2 "#22A884", 3 "#2A788E", 4 "#414487", 5 "#440154")"##

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    let panes = data.maps.enumerated().map { index, map in
      let (column, row) = (index % 2, index / 2)
      let isLast = row == (data.maps.count - 1) / 2
      return """

        set lmargin at screen \(column == 0 ? 0.085 : 0.4975); set rmargin at screen \(column == 0 ? 0.4525 : 0.865)
        set tmargin at screen \(row == 0 ? 0.975 : 0.525); set bmargin at screen \(row == 0 ? 0.55 : 0.10)
        \(isLast ? "set format x \"%g\"; set xlabel \"E_{χ2}  [GeV]\" offset 0,0.3" : "set format x \"\"; unset xlabel")
        \(column == 0 ? "set format y \"10^{%T}\"; set ylabel \"θ_{χ2}  [mrad]\" offset 0.6,0" : "set format y \"\"; unset ylabel")
        \(index == 0 ? "set colorbox user origin screen 0.885,0.10 size screen 0.022,0.875" : "unset colorbox")
        set label 1 "m_1 = \(NumberText.plain(map.m1)) GeV" at graph 0.96,0.93 right front
        \(index == 0 ? "set label 2 \"last plane\" at graph 0.97, first 1.6*acceptance right front textcolor rgb \"\(FigureColour.vermillion)\"" : "unset label 2")
        plot data using (column("m1_GeV") == \(map.m1) && column("density_per_GeV_per_decade") > \(NumberText.data(scale.lowerBound)) ? (column("energy_low_GeV") + column("energy_high_GeV")) / 2 : NaN):"angle_low_mrad":"energy_low_GeV":"energy_high_GeV":"angle_low_mrad":"angle_high_mrad":"density_per_GeV_per_decade" with boxxyerror linecolor palette linewidth 0.25 fillstyle solid 1.0 border, \\
          acceptance with lines linewidth 1.4 dashtype (8,5) linecolor rgb "\(FigureColour.vermillion)"
        """
    }
    return """
      data = "\(name).csv"
      acceptance = \(NumberText.rounded(1000 * data.acceptanceAngle, digits: 5))  # mrad
      set multiplot
      set logscale y
      set logscale cb
      set xrange [0:\(NumberText.plain(beamEnergy))]
      set xtics \(NumberText.plain(beamEnergy / 4))
      set yrange [0.01:1000]
      set cbrange [\(NumberText.data(scale.lowerBound)):\(NumberText.data(scale.upperBound))]
      set tics front scale 0.8
      set mxtics 4; set mytics 10
      set format cb "10^{%T}"
      set cblabel "(1/σ) d²σ/dE dlog_{10}θ  [1/GeV]" offset 1.2,0
      unset key
      \(Self.palette)
      \(panes.joined(separator: "\n"))
      unset multiplot
      """
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    """
    from matplotlib.colors import LogNorm

    rows = read("\(name).csv")
    figure, axes = plt.subplots(2, 2, sharex=True, sharey=True, figsize=SIZE, layout="constrained")
    for axis, m1 in zip(axes.flat, distinct(rows, "m1_GeV")):
        here = [row for row in rows if row["m1_GeV"] == m1]
        low = sorted({row["energy_low_GeV"] for row in here})
        energies = low + [max(row["energy_high_GeV"] for row in here)]
        angles = sorted({row["angle_low_mrad"] for row in here} | {row["angle_high_mrad"] for row in here})
        density = [[float("nan")] * (len(energies) - 1) for _ in angles[1:]]
        for row in here:
            if row["density_per_GeV_per_decade"] < \(NumberText.data(scale.lowerBound)):  # below the scale
                continue
            i, j = angles.index(row["angle_low_mrad"]), energies.index(row["energy_low_GeV"])
            density[i][j] = row["density_per_GeV_per_decade"]
        image = axis.pcolormesh(energies, angles, density, norm=LogNorm(\(NumberText.data(scale.lowerBound)), \(NumberText.data(scale.upperBound))), cmap="viridis_r", rasterized=True)
        axis.axhline(\(NumberText.rounded(1000 * data.acceptanceAngle, digits: 5)), color="\(FigureColour.vermillion)", linestyle="--")
        axis.set(yscale="log", title=rf"$m_1 = {m1}$ GeV")
    for axis in axes[-1]:
        axis.set_xlabel(r"$E_{\\chi_2}$  [GeV]")
    for axis in axes[:, 0]:
        axis.set_ylabel(r"$\\theta_{\\chi_2}$  [mrad]")
    figure.colorbar(image, ax=axes, label=r"$(1/\\sigma)\\, d^2\\sigma/dE\\, d\\log_{10}\\theta$  [1/GeV]")
    """
  }
}

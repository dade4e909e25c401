import DarkSector
import Foundation
import Reach
import Relic

/// The course of the abundance of χ₁ and χ₂ at one point that has the right one.
public struct RelicAbundanceData: Sendable {
  /// The relic density at the y found.
  public var density: RelicDensity
  /// Y and Y_eq.
  public var history: FreezeOut.History

  /// m₁ in GeV.
  static let m1 = 0.1
  /// Δ/m₁, the paper's.
  static let splittingOverM1 = 0.4

  /// Solves for y at the card's α_D, then follows Y.
  ///
  /// - Returns: `nil` if the card allows no such point.
  public static func compute(_ plan: Plan, progress: @Sendable (Int) -> Void) throws
    -> RelicAbundanceData?
  {
    defer { progress(1) }
    do {
      let point = try plan.modelPoint(m1: m1, splittingOverM1: splittingOverM1)
      let alphaD = plan.model.alphaD
      let density = try plan.relic.coupling(point, alphaD: alphaD)
      let epsilonSquared = density.epsilon * density.epsilon
      let freezeOut = plan.relic.freezeOut(point, alphaD: alphaD, epsilonSquared: epsilonSquared)
      return RelicAbundanceData(
        density: density,
        history: try freezeOut.history(epsilonSquared: epsilonSquared, longestStep: 0.02))
    } catch {
      guard reasonForAbsence(error) != nil else { throw error }
      return nil
    }
  }
}

/// The drawing of ``RelicAbundanceData``.
public struct RelicAbundanceFigure: Figure {
  /// The data.
  public let data: RelicAbundanceData

  /// The x drawn.
  private static let drawnX = 2.0...1000.0

  /// The figure of a course.
  public init(_ data: RelicAbundanceData) {
    self.data = data
  }

  /// The name of the files.
  public var name: String { "figure-relic-abundance" }
  /// The title.
  public var title: String {
    "Freeze-out: the yield of χ₁ and χ₂ against x = m₁/T, \(pointText)"
  }
  /// The caption.
  public var caption: String {
    "Y = (n₁ + n₂)/s against x = m₁/T (solid) and its equilibrium value (dashed) for \(pointText), "
      + "m_A′ = \(NumberText.plain(point.darkPhotonMass)) GeV, α_D = \(data.density.alphaD) and "
      + "y = \(NumberText.short(data.density.y, digits: 3)), at which Ωh² = \(NumberText.short(data.density.abundance, digits: 3)). "
      + "Freeze-out is marked where Y = 2.5 Y_eq, at x_f = \(NumberText.short(data.history.freezeOutX, digits: 3)). After it Y still falls "
      + "for a while, by \(NumberText.short(fall, digits: 2)) in all: it ends where χ₂, rarer than χ₁ by e^{−xΔ/m₁}, has gone."
  }

  private var pointText: String {
    "m₁ = \(NumberText.plain(point.chi1Mass)) GeV, Δ = \(splittingText) m₁"
  }

  private var point: ModelPoint { data.density.point }

  private var splittingText: String {
    NumberText.plain(point.massSplitting / point.chi1Mass)
  }

  private var yieldAtFreezeOut: Double {
    let index = data.history.x.firstIndex { $0 >= data.history.freezeOutX } ?? 0
    return data.history.yield.isEmpty ? 1 : data.history.yield[index]
  }

  private var fall: Double { yieldAtFreezeOut / (data.history.yield.last ?? 1) }

  /// The data file.
  public var tables: [FigureTable] {
    var table = DataTable(title: title, columns: ["x", "yield", "equilibrium_yield"])
    let history = data.history
    for index in history.x.indices where history.x[index] <= 1.03 * Self.drawnX.upperBound {
      // Long after freeze-out the equilibrium value is too small for a number.
      let equilibrium = history.equilibriumYield[index]
      table.rows.append(
        [history.x[index], history.yield[index]].map {
          NumberText.data(NumberText.rounded($0, digits: 8))
        } + [
          equilibrium > 1e-100 ? NumberText.data(NumberText.rounded(equilibrium, digits: 8)) : ""
        ])
    }
    return [FigureTable(name: name, table: table)]
  }

  /// The size on paper.
  public var size: (width: Double, height: Double) { (12, 9) }

  /// Whole decades, from two below the last yield.
  private var yRange: ClosedRange<Double> {
    let last = data.history.yield.last ?? 1e-9
    let first = data.history.yield.first ?? 1e-2
    let (low, high) = (log10(last).rounded(.down) - 2, log10(first).rounded(.up))
    return pow(10, low)...pow(10, max(high, low + 1))
  }

  private var freezeOutText: String { NumberText.short(data.history.freezeOutX, digits: 3) }

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    let x = NumberText.data(NumberText.rounded(data.history.freezeOutX, digits: 6))
    return """
      data = "\(name).csv"
      set logscale xy
      set xrange [\(NumberText.data(Self.drawnX.lowerBound)):\(NumberText.data(Self.drawnX.upperBound))]
      set yrange [\(NumberText.data(yRange.lowerBound)):\(NumberText.data(yRange.upperBound))]
      set lmargin at screen 0.15; set rmargin at screen 0.96
      set tmargin at screen 0.97; set bmargin at screen 0.15
      set tics front scale 0.8
      set mxtics 10
      set ytics 10
      set mytics 10
      set xtics (2, 5, 10, 20, 50, 100, 200, 500, 1000)
      set format y "10^{%T}"
      set xlabel "x = m_1/T" offset 0,0.3
      set ylabel "Y = (n_1 + n_2)/s" offset 0.5,0
      set key top right Left reverse samplen 2.4 spacing 1.25
      set arrow 1 from \(x), graph 0 to \(x), graph 1 nohead lw 1.2 dt (2,3) lc rgb "\(FigureColour.grey)"
      set label 1 "x_f = \(freezeOutText) " at \(x), graph 0.06 right
      set label 2 "m_1 = \(NumberText.plain(point.chi1Mass)) GeV,  Δ = \(splittingText) m_1" at graph 0.97,0.76 right
      set label 3 "α_D = \(data.density.alphaD),  y = \(NumberText.short(data.density.y, digits: 3))" at graph 0.97,0.69 right
      set label 4 "Ωh^2 = \(NumberText.short(data.density.abundance, digits: 3))" at graph 0.97,0.62 right
      plot data using "x":"equilibrium_yield" with lines lw 1.8 dt (7,4) lc rgb "\(FigureColour.vermillion)" title "Y_{eq}", \\
        data using "x":"yield" with lines lw 2 lc rgb "\(FigureColour.blue)" title "Y"
      """
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    """
    rows = read("\(name).csv")
    x = column(rows, "x")
    figure, axis = plt.subplots(figsize=SIZE, layout="constrained")
    axis.plot(x, column(rows, "equilibrium_yield"), "--", color="\(FigureColour.vermillion)", label=r"$Y_\\mathrm{eq}$")
    axis.plot(x, column(rows, "yield"), color="\(FigureColour.blue)", label="$Y$")
    axis.axvline(\(NumberText.data(NumberText.rounded(data.history.freezeOutX, digits: 6))), color="\(FigureColour.grey)", linestyle=":", label=r"$x_f = \(freezeOutText)$")
    axis.set(xscale="log", yscale="log", xlabel=r"$x = m_1/T$", ylabel=r"$Y = (n_1 + n_2)/s$")
    axis.set_xlim(\(NumberText.data(Self.drawnX.lowerBound)), \(NumberText.data(Self.drawnX.upperBound)))
    axis.set_ylim(\(NumberText.data(yRange.lowerBound)), \(NumberText.data(yRange.upperBound)))
    axis.legend(frameon=False, title=r"$m_1 = \(NumberText.plain(point.chi1Mass))$ GeV")
    """
  }
}

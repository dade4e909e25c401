import Background
import Foundation
import Integration
import Reach
import Units

/// How soft and deep inelastic events join in Q²: dσ/d ln Q² per mean nucleon, and what lies between them.
public struct VirtualityFigure: Figure {
  /// One bin of a process.
  struct Bin: Sendable {
    let process: CandidateProcess
    /// Q² in GeV², the geometric middle.
    let middle: Double
    /// dσ/d ln Q² in pb per mean nucleon.
    let density: Estimate
  }

  let bins: [Bin]
  private let plan: Plan

  /// The figure of backgrounds whose samples know their Q²; `nil` for others.
  public init?(_ backgrounds: ExpectedBackgrounds) {
    plan = backgrounds.plan
    let samples = backgrounds.hadrons.parts.map(\.sample)
    guard !samples.isEmpty, samples.allSatisfy({ !$0.virtualities.isEmpty }) else { return nil }
    let target = backgrounds.plan.target
    bins = CandidateProcess.allCases.flatMap { process in
      let own = samples.filter { $0.process == process }
      let numbers = Set(own.flatMap(\.virtualities.keys)).sorted()
      return numbers.map { number in
        let density = own.reduce(Estimate.exact(0)) { total, sample in
          let count = sample.virtualities[number] ?? 0
          let factor =
            sample.nucleon.count(in: target) / target.massNumber * sample.crossSectionPerEvent
            * .hbarCSquared_GeV2pb / Self.width
          return total + factor * Estimate(value: count, error: count.squareRoot())
        }
        return Bin(process: process, middle: pow(10, (Double(number) + 0.5) / 10), density: density)
      }
    }
  }

  /// ln of a bin's ends.
  private static let width = log(10.0) / 10

  /// σ in pb per mean nucleon between both processes, straight in the logarithms from one's last bin to the other's first; `nil` where
  /// there is no gap.
  var gap: Double? {
    let (last, first) = (plan.background.softMaximumQ2, plan.background.disMinimumQ2)
    guard first > last,
      let soft = bins.last(where: { $0.process == .soft && $0.density.value > 0 }),
      let dis = bins.first(where: { $0.process == .dis && $0.density.value > 0 })
    else { return nil }
    let slope =
      log(dis.density.value / soft.density.value) / log(dis.middle / soft.middle)
    // ∫ d ln Q² of a power.
    func power(_ q2: Double) -> Double { soft.density.value * pow(q2 / soft.middle, slope) }
    return (power(first) - power(last)) / slope
  }

  /// The name of the files.
  public var name: String { "figure-background-virtuality" }
  /// The title.
  public var title: String { "Soft and deep inelastic events by Q², per mean nucleon" }
  /// The caption.
  public var caption: String {
    "dσ/d ln Q² per mean nucleon of \(plan.target.name). Soft events end at Q² = \(NumberText.plain(plan.background.softMaximumQ2)) GeV², deep "
      + "inelastic ones begin at \(NumberText.plain(plan.background.disMinimumQ2)) GeV² and ask for a mass of lepton and quark, which thins them "
      + "out at their lower end; soft ones ask for W > \(NumberText.plain(plan.background.softMinimumW)) GeV. "
      + (gap.map {
        "Between them neither generator makes events: straight in the logarithms some \(NumberText.short($0, digits: 2)) pb lie there."
      } ?? "They meet.")
      + " Errors are statistical."
  }

  /// The data file.
  public var tables: [FigureTable] {
    var table = DataTable(
      title: title, columns: ["process", "Q2_GeV2", "dsigma_dlnQ2_pb", "error_pb"])
    for bin in bins {
      table.rows.append(
        [bin.process.rawValue]
          + [bin.middle, bin.density.value, bin.density.error].map {
            NumberText.data(NumberText.rounded($0, digits: 6))
          })
    }
    return [FigureTable(name: name, table: table)]
  }

  /// The size on paper.
  public var size: (width: Double, height: Double) { (12, 9) }

  private static let lines: [(process: CandidateProcess, title: String, colour: String)] = [
    (.soft, "soft QCD", FigureColour.blue), (.dis, "deep inelastic", FigureColour.vermillion),
  ]

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    let plots = Self.lines.map {
      "data using \"Q2_GeV2\":(of(\"\($0.process.rawValue)\", \"dsigma_dlnQ2_pb\")):\"error_pb\" with yerrorbars lw 1.6 pt 7 ps 0.5 lc rgb \"\($0.colour)\" title \"\($0.title)\""
    }
    let ends = [plan.background.softMaximumQ2, plan.background.disMinimumQ2].enumerated().map {
      "set arrow \($0 + 1) from \(NumberText.data($1)), graph 0 to \(NumberText.data($1)), graph 1 nohead lw 1 dt (2,3) lc rgb \"\(FigureColour.grey)\""
    }
    return """
      data = "\(name).csv"
      # A column of one process, nothing elsewhere.
      of(name, column) = strcol("process") eq name ? column(column) : NaN
      set logscale xy
      set xrange [1e-3:1e3]
      set yrange [1:1e6]
      set lmargin at screen 0.15; set rmargin at screen 0.96
      set tmargin at screen 0.97; set bmargin at screen 0.15
      set tics front scale 0.8
      set mxtics 10
      set mytics 10
      set format xy "10^{%T}"
      set xlabel "Q^2  [GeV^2]" offset 0,0.3
      set ylabel "dσ/d ln Q^2  [pb per nucleon]" offset 0.5,0
      set key bottom left Left reverse samplen 2 spacing 1.25
      \(ends.joined(separator: "\n"))
      plot \(plots.joined(separator: ", \\\n  "))
      """
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    let lines = Self.lines.map { "(\"\($0.process.rawValue)\", \"\($0.title)\", \"\($0.colour)\")" }
    return """
      rows = read("\(name).csv")
      figure, axis = plt.subplots(figsize=SIZE, layout="constrained")
      for name, title, colour in [\(lines.joined(separator: ", "))]:
          own = [row for row in rows if row["process"] == name]
          axis.errorbar(
              column(own, "Q2_GeV2"), column(own, "dsigma_dlnQ2_pb"), yerr=column(own, "error_pb"), fmt="o",
              markersize=3, color=colour, label=title)
      for end in (\(NumberText.data(plan.background.softMaximumQ2)), \(NumberText.data(plan.background.disMinimumQ2))):
          axis.axvline(end, color="\(FigureColour.grey)", linestyle=":")
      axis.set(xscale="log", yscale="log", xlim=(1e-3, 1e3), ylim=(1, 1e6))
      axis.set(xlabel=r"$Q^2$  [GeV$^2$]", ylabel=r"$d\\sigma/d\\ln Q^2$  [pb per nucleon]")
      axis.legend(frameon=False, loc="lower left")
      """
  }
}

import Calculus
import Integration
import ParticleData
import Production
import Reach

/// σ(ℓN → ℓNA′) against m_A′ by three methods.
///
/// Source: arXiv:2409.00170, Fig. 4 left.
public struct CrossSectionData: Sendable, Hashable {
  /// One mass.
  public struct Point: Sendable, Hashable {
    /// m_A′ in GeV.
    public var mediatorMass: Double
    /// The exact cross section in pb at ε = 1.
    public var exact: Estimate
    /// By Weizsäcker–Williams, in pb.
    public var weizsaeckerWilliams: Double
    /// By the improved (cruder) form, in pb.
    public var improvedWeizsaeckerWilliams: Double
  }

  /// The points by rising mass.
  public var points: [Point]

  /// Masses from just above 2mₑ to 10 GeV, ten a decade.
  public static let masses: [Double] =
    [0.0011, 0.0013, 0.0016]
    + (-27...10).map {
      NumberText.rounded(Elementary.powerOfTen(Double($0) / 10), digits: 3)
    }

  /// Computes all points that the beam can reach. A line shape is left out: the figure is a function of m_A′.
  ///
  /// - Parameter progress: called after each mass.
  public static func compute(
    _ plan: Plan, threads: Int, progress: @Sendable (Int) -> Void
  ) async throws -> CrossSectionData {
    var setups: [ProductionSetup] = []
    for mass in masses {
      do {
        setups.append(try plan.productionSetup(mediatorMass: mass))
      } catch {
        guard reasonForAbsence(error) != nil else { throw error }
        progress(1)
      }
    }
    let approximations = try await concurrentMap(count: 2 * setups.count, threads: threads) {
      [setups] in
      try setups[$0 / 2].equivalentPhotonCrossSection(
        $0 % 2 == 0 ? .weizsaeckerWilliams : .improvedWeizsaeckerWilliams
      ).estimate.value
    }
    var points: [Point] = []
    for (index, setup) in setups.enumerated() {
      let sampler = ProductionSampler(setup, seed: plan.run.seed)
      let exact = try await sampler.crossSection(
        relativePrecision: plan.production.relativePrecision, threads: threads)
      points.append(
        Point(
          mediatorMass: setup.mediator.thresholdMass, exact: exact.estimate,
          weizsaeckerWilliams: approximations[2 * index],
          improvedWeizsaeckerWilliams: approximations[2 * index + 1]))
      progress(1)
    }
    return CrossSectionData(points: points)
  }
}

extension Plan {
  /// Production of a narrow A′ of a given mass in GeV with the plan's beam, target and form factor.
  func productionSetup(mediatorMass: Double) throws(ProductionError) -> ProductionSetup {
    try ProductionSetup(
      beam: beam.particle, beamEnergy: beam.energy, target: target,
      mediator: .narrow(mass: mediatorMass), formFactor: production.formFactor,
      inelastic: production.inelastic)
  }

  /// The beam and target in words: `160 GeV muons on beryllium`.
  var beamOnTarget: String {
    "\(NumberText.plain(beam.energy)) GeV \(beam.particle.rawValue)s on \(target.name)"
  }

  /// The symbol of the beam particle.
  var beamSymbol: String {
    switch beam.particle {
    case .muon, .antimuon: "μ"
    case .electron, .positron: "e"
    }
  }
}

/// The drawing of ``CrossSectionData``.
public struct CrossSectionFigure: Figure {
  /// The data.
  public let data: CrossSectionData
  private let setting: String
  private let beam: String
  private let precision: Double

  /// The figure of a plan's cross sections.
  public init(_ data: CrossSectionData, plan: Plan) {
    self.data = data
    setting = plan.beamOnTarget
    beam = plan.beamSymbol
    precision = plan.production.relativePrecision
  }

  /// The name of the files.
  public var name: String { "figure-4-cross-section" }
  /// The title.
  public var title: String {
    "Fig. 4, left: cross section of \(beam)N → \(beam)NA′ at ε = 1, \(setting)"
  }
  /// The caption.
  public var caption: String {
    let ww = range(\.weizsaeckerWilliams)
    let improved = range(\.improvedWeizsaeckerWilliams)
    return
      "The exact tree-level cross section of \(beam)N → \(beam)NA′ at ε = 1 for \(setting) (it scales with ε²), "
      + "with statistical errors of at most \(NumberText.percent(precision)), beside the Weizsäcker–Williams "
      + "approximation and its improved form, which in spite of its name is the cruder one. Lower pane: their ratio "
      + "to the exact result, \(ww) and \(improved) over the masses shown."
  }

  private func range(_ method: KeyPath<CrossSectionData.Point, Double>) -> String {
    let ratios = data.points.map { $0[keyPath: method] / $0.exact.value }
    guard let least = ratios.min(), let most = ratios.max() else { return "none" }
    return "\(NumberText.short(least, digits: 3))–\(NumberText.short(most, digits: 3))"
  }

  /// The data file.
  public var tables: [FigureTable] {
    var table = DataTable(
      title: title,
      columns: [
        "mediator_mass_GeV", "exact_pb", "exact_error_pb", "weizsaecker_williams_pb",
        "improved_weizsaecker_williams_pb", "weizsaecker_williams_over_exact",
        "improved_weizsaecker_williams_over_exact",
      ])
    for point in data.points {
      let exact = point.exact.value
      table.append([
        point.mediatorMass, exact, point.exact.error, point.weizsaeckerWilliams,
        point.improvedWeizsaeckerWilliams, point.weizsaeckerWilliams / exact,
        point.improvedWeizsaeckerWilliams / exact,
      ])
    }
    return [FigureTable(name: name, table: table)]
  }

  /// The size on paper.
  public var size: (width: Double, height: Double) { (12, 11) }

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    """
    data = "\(name).csv"
    set multiplot
    set lmargin at screen 0.15; set rmargin at screen 0.955
    set tics front scale 0.8
    set logscale x
    set xrange [0.001:10]
    set mxtics 10

    # Upper pane: the cross section.
    set tmargin at screen 0.97; set bmargin at screen 0.40
    set logscale y
    set yrange [*:*]
    set mytics 10
    set format x ""
    set format y "10^{%T}"
    set ylabel "σ(\(beam)N → \(beam)NA′) at ε = 1  [pb]" offset 0.5,0
    set key bottom left Left reverse samplen 2.4 spacing 1.25
    set label 1 "\(setting)" at graph 0.97,0.93 right
    plot data using "mediator_mass_GeV":"exact_pb" with lines lw 2 lc rgb "\(FigureColour.black)" title "exact, 2 → 3", \\
      data using "mediator_mass_GeV":"weizsaecker_williams_pb" with lines lw 1.8 dt (9,5) lc rgb "\(FigureColour.blue)" title "Weizsäcker–Williams", \\
      data using "mediator_mass_GeV":"improved_weizsaecker_williams_pb" with lines lw 1.8 dt (2,3) lc rgb "\(FigureColour.vermillion)" title "improved Weizsäcker–Williams"

    # Lower pane: the ratio to the exact result.
    unset label 1
    unset key
    set tmargin at screen 0.37; set bmargin at screen 0.13
    set yrange [0.7:10]
    set ytics (1, 2, 5, 10, "" 0.8 1, "" 0.9 1, "" 3 1, "" 4 1, "" 6 1, "" 7 1, "" 8 1, "" 9 1)
    set format x "10^{%T}"
    set format y "%g"
    set xlabel "m_{A′}  [GeV]" offset 0,0.3
    set ylabel "ratio to exact" offset -1.4,0
    plot 1 with lines lw 1.2 lc rgb "\(FigureColour.black)", \\
      data using "mediator_mass_GeV":"weizsaecker_williams_over_exact" with lines lw 1.8 dt (9,5) lc rgb "\(FigureColour.blue)", \\
      data using "mediator_mass_GeV":"improved_weizsaecker_williams_over_exact" with lines lw 1.8 dt (2,3) lc rgb "\(FigureColour.vermillion)"
    unset multiplot
    """
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    """
    rows = read("\(name).csv")
    mass = column(rows, "mediator_mass_GeV")
    styles = [
        ("exact", "exact, 2 → 3", "black", "-"),
        ("weizsaecker_williams", "Weizsäcker–Williams", "\(FigureColour.blue)", "--"),
        ("improved_weizsaecker_williams", "improved Weizsäcker–Williams", "\(FigureColour.vermillion)", ":"),
    ]
    figure, (upper, lower) = plt.subplots(
        2, 1, sharex=True, figsize=SIZE, height_ratios=[2.2, 1], layout="constrained")
    for key, label, colour, style in styles:
        upper.plot(mass, column(rows, key + "_pb"), style, color=colour, label=label)
        if key != "exact":
            lower.plot(mass, column(rows, key + "_over_exact"), style, color=colour)
    upper.set(xscale="log", yscale="log", ylabel=r"$\\sigma$ at $\\varepsilon = 1$  [pb]")
    upper.legend(frameon=False, title="\(setting)")
    lower.axhline(1, color="black", linewidth=0.8)
    lower.set(xlabel=r"$m_{A'}$  [GeV]", ylabel="ratio to exact", yscale="log")
    """
  }
}

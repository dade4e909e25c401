import Integration
import Kinematics
import ParticleData
import Production
import Reach
import Sampling

/// The energy spectra of the scattered beam lepton and of the A′ for several m_A′.
///
/// Source: arXiv:2409.00170, Fig. 4 right. Its text and its caption disagree about the particle: both are here.
public struct EnergySpectraData: Sendable {
  /// The spectra at one mass.
  public struct Spectra: Sendable {
    /// m_A′ in GeV.
    public var mediatorMass: Double
    /// The scattered beam lepton's energy.
    public var lepton: WeightedHistogram
    /// The A′ energy.
    public var mediator: WeightedHistogram
  }

  /// The spectra by rising mass.
  public var spectra: [Spectra]

  /// The masses in GeV.
  public static let masses = [0.01, 0.1, 1]
  /// Events for each event of a point of the card: a smooth line wants more than a number does.
  static let oversampling = 20

  /// Fills the spectra from weighted production events; a mass that the beam cannot make is left out. A line shape is left out: the figure is a function of m_A′.
  ///
  /// - Parameter progress: called after each mass.
  public static func compute(
    _ plan: Plan, threads: Int, progress: @Sendable (Int) -> Void
  ) async throws -> EnergySpectraData {
    let axis = HistogramAxis(from: 0, to: plan.beam.energy, bins: 80)
    let total = oversampling * plan.run.eventsPerPoint
    let batchCount = BatchLayout.batchCount(forEvents: total)
    var spectra: [Spectra] = []
    for mass in masses {
      defer { progress(1) }
      let setup: ProductionSetup
      do {
        setup = try plan.productionSetup(mediatorMass: mass)
      } catch {
        guard reasonForAbsence(error) != nil else { throw error }
        continue
      }
      let sampler = ProductionSampler(setup, seed: plan.run.seed)
      let beamMass = plan.beam.particle.mass
      // A worker's columns are worth keeping for several batches.
      let batchesPerTask = 16
      let tasks = (batchCount + batchesPerTask - 1) / batchesPerTask
      let parts = try await concurrentMap(count: tasks, threads: threads) { task in
        let columns = ColumnBatch(columns: EventColumn.count)
        let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
        var part = Spectra(
          mediatorMass: mass, lepton: WeightedHistogram(axis), mediator: WeightedHistogram(axis))
        let first = task * batchesPerTask
        for batch in first..<min(first + batchesPerTask, batchCount) {
          let count = sampler.fill(columns, scratch: scratch, batch: batch, of: total)
          for i in 0..<count {
            part.add(columns, i, beamMass: beamMass)
          }
        }
        return part
      }
      var sum = Spectra(
        mediatorMass: mass, lepton: WeightedHistogram(axis), mediator: WeightedHistogram(axis))
      for part in parts {
        sum.lepton.add(part.lepton)
        sum.mediator.add(part.mediator)
      }
      spectra.append(sum)
    }
    return EnergySpectraData(spectra: spectra)
  }
}

extension EnergySpectraData.Spectra {
  fileprivate mutating func add(_ columns: borrowing ColumnBatch, _ i: Int, beamMass: Double) {
    let base = columns.base
    func energy(_ plus: Int, _ x: Int, _ y: Int, mass: Double) -> Double {
      LightFrontMomentum(plus: base[plus + i], x: base[x + i], y: base[y + i])
        .fourMomentum(mass: mass).energy
    }
    let weight = base[EventColumn.weight + i]
    lepton.add(
      energy(
        EventColumn.scatteredPlus, EventColumn.scatteredX, EventColumn.scatteredY, mass: beamMass),
      weight: weight)
    mediator.add(
      energy(
        EventColumn.mediatorPlus, EventColumn.mediatorX, EventColumn.mediatorY, mass: mediatorMass),
      weight: weight)
  }
}

/// The drawing of ``EnergySpectraData``.
public struct EnergySpectraFigure: Figure {
  /// The data.
  public let data: EnergySpectraData
  private let setting: String
  private let beam: String
  private let beamEnergy: Double

  /// The figure of a plan's spectra.
  public init(_ data: EnergySpectraData, plan: Plan) {
    self.data = data
    setting = plan.beamOnTarget
    beam = plan.beamSymbol
    beamEnergy = plan.beam.energy
  }

  /// The name of the files.
  public var name: String { "figure-4-spectra" }
  /// The title.
  public var title: String {
    "Fig. 4, right: energy spectra of the recoiling \(beam) and of the A′, \(setting)"
  }
  /// The caption.
  public var caption: String {
    "Normalised energy spectra of the recoiling \(beam) (left) and of the A′ (right) for \(data.spectra.count) values of m_A′. The paper's text "
      + "and the caption of its figure disagree about which particle is shown; the nucleus takes next to no energy, so "
      + "that one spectrum is the mirror image of the other. A light A′ is soft, a heavy one takes most of the beam's "
      + "energy."
  }

  private func column(_ particle: String, _ mass: Double) -> String {
    "\(particle)_at_\(NumberText.plain(mass))_GeV"
  }

  /// The data file.
  public var tables: [FigureTable] {
    let particles = ["recoil_lepton", "mediator"]
    let names = data.spectra.flatMap { spectra in
      particles.flatMap { particle in
        let name = column(particle, spectra.mediatorMass)
        return [name + "_per_GeV", name + "_error_per_GeV"]
      }
    }
    var table = DataTable(
      title: title, columns: ["energy_low_GeV", "energy_high_GeV", "energy_GeV"] + names)
    if let axis = data.spectra.first?.lepton.axis {
      for bin in 0..<axis.binCount {
        let (low, high) = (axis.edge(bin), axis.edge(bin + 1))
        table.append(
          [low, high, (low + high) / 2]
            + data.spectra.flatMap { spectra in
              [spectra.lepton.density(bin), spectra.mediator.density(bin)]
                .flatMap { [$0.value, $0.error] }
            })
      }
    }
    return [FigureTable(name: name, table: table)]
  }

  /// The size on paper.
  public var size: (width: Double, height: Double) { (17, 8.5) }

  private static let styles = [
    (FigureColour.blue, "dt (2,3)"), (FigureColour.black, "dt 1"),
    (FigureColour.vermillion, "dt (9,5)"),
  ]

  /// The drawing by gnuplot.
  public var gnuplotBody: String {
    func curves(_ particle: String) -> String {
      zip(data.spectra, Self.styles).map { spectra, style in
        "data using \"energy_GeV\":\"\(column(particle, spectra.mediatorMass))_per_GeV\" with lines lw 1.6 "
          + "\(style.1) lc rgb \"\(style.0)\" "
          + "title \"m_{A′} = \(NumberText.plain(spectra.mediatorMass)) GeV\""
      }.joined(separator: ", \\\n  ")
    }
    return """
      data = "\(name).csv"
      set multiplot
      set bmargin at screen 0.16; set tmargin at screen 0.92
      set tics front scale 0.8
      set xrange [0:\(NumberText.plain(beamEnergy))]
      set xtics \(NumberText.plain(beamEnergy / 4))
      set yrange [1e-4:1]
      set logscale y
      set mxtics 4; set mytics 10
      set format y "10^{%T}"
      set key top center Left reverse samplen 2.4 spacing 1.25

      # Left pane: the recoiling beam lepton.
      set lmargin at screen 0.105; set rmargin at screen 0.515
      set xlabel "E_{\(beam)}  [GeV]" offset 0,0.3
      set ylabel "(1/σ) dσ/dE  [1/GeV]" offset 0.3,0
      set title "recoiling \(beam)" offset 0,-0.6
      plot \(curves("recoil_lepton"))

      # Right pane: the A′.
      set lmargin at screen 0.565; set rmargin at screen 0.975
      set xlabel "E_{A′}  [GeV]"
      unset ylabel
      set format y ""
      set title "A′"
      plot \(curves("mediator"))
      unset multiplot
      """
  }

  /// The drawing by matplotlib.
  public var matplotlibBody: String {
    let masses = data.spectra.map { NumberText.plain($0.mediatorMass) }
    return """
      rows = read("\(name).csv")
      edges = column(rows, "energy_low_GeV") + [rows[-1]["energy_high_GeV"]]
      masses = ["\(masses.joined(separator: "\", \""))"]
      colours = ["\(Self.styles.map(\.0).joined(separator: "\", \""))"]
      figure, axes = plt.subplots(1, 2, sharey=True, figsize=SIZE, layout="constrained")
      panes = [("recoil_lepton", r"$E_{\(beam == "μ" ? "\\mu" : "e")}$  [GeV]"), ("mediator", r"$E_{A'}$  [GeV]")]
      for axis, (particle, label) in zip(axes, panes):
          for mass, colour, style in zip(masses, colours, [":", "-", "--"]):
              density = column(rows, f"{particle}_at_{mass}_GeV_per_GeV")
              axis.stairs(density, edges, color=colour, linestyle=style, label=rf"$m_{{A'}} = {mass}$ GeV")
          axis.set(xlabel=label, yscale="log", xlim=(0, edges[-1]), ylim=(1e-4, 1))
      axes[0].set_ylabel(r"$(1/\\sigma)\\, d\\sigma/dE$  [1/GeV]")
      axes[0].legend(frameon=False)
      """
  }
}

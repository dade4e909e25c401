import Formats
import Foundation
import Reach

/// The paper's figures, tables and report, computed and written into a folder.
///
///     let reproduction = Reproduction(card: card, folder: "out/reproduce", threads: 2)
///     let summary = try await reproduction.run { bar.advance(by: $0) }
///
/// Data files depend on card and seed alone. All data and scripts are written before anything is drawn.
public struct Reproduction: Sendable {
  /// The card, with what the paper adds to it where it is silent.
  public let card: RunCard
  private let folder: String
  private let threads: Int
  private let gnuplot: Gnuplot

  /// A reproduction of a card.
  ///
  /// Where the card's scan names no α_D, Fig. 6 has the model's and 0.5; where it names no luminosity and the run's is one
  /// of the paper's two, it has both.
  ///
  /// - Parameters:
  ///   - folder: where to write; it is made if it is not there.
  ///   - threads: no result depends on it.
  public init(card: RunCard, folder: String, threads: Int, gnuplot: Gnuplot = Gnuplot()) {
    self.card = Self.completed(card)
    self.folder = folder
    self.threads = threads
    self.gnuplot = gnuplot
  }

  private static func completed(_ card: RunCard) -> RunCard {
    var card = card
    if card.plan.scan.alphaD.isEmpty {
      let own = card.plan.model.alphaD
      card.plan.scan.alphaD = own == 0.5 ? [own] : [own, 0.5]
    }
    if card.plan.scan.luminosity.isEmpty {
      card.plan.scan.luminosity =
        switch card.plan.luminosity {
        case .paperText, .paperFootnote: [.paperText, .paperFootnote]
        case let other: [other]
        }
    }
    return card
  }

  /// The number of steps that ``run(progress:)`` reports.
  public var stepCount: Int {
    CrossSectionData.masses.count + EnergySpectraData.masses.count + EnergyAngleData.masses.count
      + 2 + CutFlowTables.points.count + 2 * card.plan.scan.m1.count
      + 2 * card.plan.scan.splittingOverM1.count + LimitRatioData.lineCount
      + SplittingLossData.splittings.count + 1 + drawingSteps * 11
  }

  /// Drawing a figure takes as long as several masses.
  private var drawingSteps: Int { 4 }

  /// Computes, writes and draws everything.
  ///
  /// - Parameter progress: called with the number of steps just done, from any thread.
  /// - Throws: ``FileError``; ``GnuplotError`` once all data, scripts and the page are written; what the physics throws.
  public func run(progress: @escaping @Sendable (Int) -> Void = { _ in }) async throws
    -> ReproductionSummary
  {
    try OutputFile.makeFolder(at: folder)
    // A folder that cannot be written in should say so before anything is computed.
    try OutputFile.write("", to: "\(folder)/.writable")
    try? FileManager.default.removeItem(atPath: "\(folder)/.writable")
    let results = try await compute(progress)
    let provenance = Provenance(of: card)
    var files: [String] = []
    func write(_ text: String, _ file: String) throws {
      try OutputFile.write(text, to: "\(folder)/\(file)")
      files.append(file)
    }
    for figure in results.figures {
      for table in figure.tables { try write(table.text(provenance), "\(table.name).csv") }
      try write(GnuplotScript(figure).text, "\(figure.name).gp")
      try write(MatplotlibScript(figure).text, "\(figure.name).py")
    }
    for table in results.tables { try write(table.text(provenance), "\(table.name).csv") }
    let (drawings, failure) = draw(results.figures, progress)
    for figure in results.figures where drawings[figure.name] != nil {
      files += ["svg", "pdf", "png"].map { "\(figure.name).\($0)" }
    }
    let page = ReportPage(
      figures: results.figures, drawings: drawings,
      remarks: results.remarks + (failure.map { ["\($0)"] } ?? []), sections: results.sections,
      plan: card.plan, provenance: provenance)
    try write(page.html, "report.html")
    if let failure { throw failure }
    return ReproductionSummary(
      folder: folder, files: files, results: results, provenance: provenance)
  }

  private func compute(_ progress: @escaping @Sendable (Int) -> Void) async throws
    -> ReproductionResults
  {
    let plan = card.plan
    let event = try EventDisplayData.compute(plan, progress: progress)
    return ReproductionResults(
      plan: plan, event: event,
      reach: try await ReachData.compute(plan, threads: threads, progress: progress),
      crossSections: try await CrossSectionData.compute(plan, threads: threads, progress: progress),
      spectra: try await EnergySpectraData.compute(plan, threads: threads, progress: progress),
      maps: try await EnergyAngleData.compute(plan, threads: threads, progress: progress),
      cutFlow: try await CutFlowTables.compute(plan, threads: threads, progress: progress),
      thermalLines: try await ThermalLineData.compute(
        plan, threads: threads, progress: progress),
      limits: try await ExistingLimits.compute(plan, threads: threads),
      limitRatios: try await LimitRatioData.compute(
        confidenceLevel: plan.statistics.confidenceLevel, seed: plan.run.seed, threads: threads,
        progress: progress),
      splittingLoss: try await SplittingLossData.compute(
        masses: plan.scan.m1.sorted(), seed: plan.run.seed, threads: threads, progress: progress),
      freezeOut: try RelicAbundanceData.compute(plan, progress: progress),
      equilibrium: try await EquilibriumTable.compute(
        plan, threads: threads, progress: progress),
      background: try await BackgroundReachData.compute(
        plan, threads: threads, progress: progress))
  }

  private func draw(
    _ figures: [any Figure], _ progress: (Int) -> Void
  ) -> (drawings: [String: Data], failure: (any Error)?) {
    var drawings: [String: Data] = [:]
    for figure in figures {
      do { try gnuplot.draw(figure.name, in: folder) } catch { return (drawings, error) }
      drawings[figure.name] = FileManager.default.contents(
        atPath: "\(folder)/\(figure.name).svg")
      progress(drawingSteps)
    }
    return (drawings, nil)
  }
}

import ArgumentParser
import Formats
import Reach

/// `duskline events`.
struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "A sample of events at one point.")

  @Option(
    name: .customShort("o"), parsing: .unconditional,
    help: ArgumentHelp(
      "The file; its ending picks the format: .csv or .parquet.", valueName: "FILE"))
  var file: String

  @OptionGroup var options: CommonOptions

  /// The formats of the contract that no code stands behind yet.
  private static let laterEndings = [".lhe", ".lhe.gz", ".hepmc3", ".hepmc3.gz"]

  func run() async throws {
    if let ending = Self.laterEndings.first(where: { file.hasSuffix($0) }) {
      throw InputFault.notAvailableYet("the event format \(ending)")
    }
    guard let format = EventFileFormat(path: file) else {
      throw InputFault("\(file): the ending names no event format; use .csv or .parquet")
    }
    let card = try options.loadCard()
    let sample = try EventSample(card.plan)
    switch format {
    case .csv: try await write(sample, card, to: EventTable(at: file, card: card))
    case .parquet: try await write(sample, card, to: EventParquet(at: file, card: card))
    }
  }

  private func write<File: EventFile & ~Copyable>(
    _ sample: EventSample, _ card: RunCard, to file: consuming File
  ) async throws {
    var file = file
    let clock = ContinuousClock()
    let progress = ProgressBar(
      "events", total: card.plan.run.eventsPerPoint, isQuiet: options.output.quiet)
    defer { progress.finish() }
    var writing = Duration.zero
    let start = clock.now
    let summary = try await sample.generate(threads: card.plan.threadCount) { events in
      writing += try clock.measure { try file.write(events) }
      progress.advance(by: events.count)
    }
    let generating = clock.now - start - writing
    try file.commit()
    progress.finish()
    try report(summary, card, seconds: generating / .seconds(1))
  }

  private func report(
    _ summary: EventSample.Summary, _ card: RunCard, seconds: Double
  ) throws {
    guard !options.output.json else {
      let report: JSONValue = [
        "events": .integer(summary.events), "cross_section_pb": summary.crossSection.json,
        "unweighting_efficiency": .number(summary.unweightingEfficiency),
        "overflow_events": .integer(summary.overflowCount),
        "leptonic_branching_ratio": .number(summary.leptonicBranchingRatio),
        "seconds": .number(seconds), "file": .string(file),
        "provenance": Provenance(of: card).json,
      ]
      try StandardOutput.write(report.text())
      return
    }
    guard !options.output.quiet else { return }
    try StandardOutput.write(
      "\(file): \(summary.events) events, cross section "
        + "\(NumberText.estimate(summary.crossSection)) pb at the card's epsilon, "
        + "\(NumberText.short(100 * summary.unweightingEfficiency)) % of productions kept, "
        + "\(summary.overflowCount) of them twice, for a weight above the largest foreseen\n")
  }
}

import ArgumentParser
import Formats
import Reach

/// `duskline events`.
struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "A sample of events at one point.",
    discussion: """
      LHE (3.0), HepMC3, Parquet and CSV, weighted or unweighted by run.weighting; .gz compresses. Equal card and seed \
      give equal bytes for any number of threads. In LHE and HepMC3 the A' is 55, chi1 52 and chi2 4000052; \
      Documentation/Events.md says what weights, vertices and lifetimes are.
      """)

  @Option(
    name: .customShort("o"), parsing: .unconditional,
    help: ArgumentHelp(
      "The file; its ending picks the format: \(EventFileFormat.endings).", valueName: "FILE"))
  var file: String

  @OptionGroup var options: CommonOptions

  func run() async throws {
    guard let format = EventFileFormat(path: file) else {
      throw InputFault(
        "\(file): the ending names no event format; use \(EventFileFormat.endings)")
    }
    let card = try options.loadCard()
    let sample = try EventSample(card.plan)
    switch format.kind {
    case .lhe: try await write(sample, card, to: text(LesHouchesEvents.self, format, card))
    case .hepmc3: try await write(sample, card, to: text(HepMCEvents.self, format, card))
    case .parquet: try await write(sample, card, to: EventParquet(at: file, card: card))
    case .csv: try await write(sample, card, to: text(EventTable.self, format, card))
    }
  }

  private func text<Text: EventText>(
    _ text: Text.Type, _ format: EventFileFormat, _ card: RunCard
  ) throws -> EventTextFile<Text> {
    try EventTextFile(
      at: file, card: card, isCompressed: format.isCompressed, threads: card.plan.threadCount)
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
    let summary = try await sample.generate(threads: card.plan.threadCount) { outlook in
      try file.begin(outlook)
    } _: { events in
      writing += try await clock.measure { try await file.write(events) }
      progress.advance(by: events.count)
    }
    let generating = clock.now - start - writing
    try await file.commit()
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
        + "leptonic share \(NumberText.short(summary.leptonicBranchingRatio))"
        + (card.plan.run.weighting == .weighted
          ? "\n"
          : ", \(NumberText.short(100 * summary.unweightingEfficiency)) % of productions kept, "
            + "\(summary.overflowCount) of them twice, for a weight above the largest foreseen\n"))
  }
}

import ArgumentParser
import Formats
import Foundation
import Report

/// `duskline validate`.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Our numbers beside published and independent ones.",
    discussion: """
      Each reference has a set-up of its own, so that of the card only seed and threads count; one \
      that changes more is refused. Exit code 1 when a number disagrees with its reference.
      """)

  @Option(
    name: .customShort("o"), parsing: .unconditional,
    help: ArgumentHelp(
      "The page to write, in Markdown; without it the page goes to standard output.",
      valueName: "FILE"))
  var file: String?

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard()
    try refuseOtherSetups(card)
    let threads = card.plan.run.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let progress = ProgressBar(
      "validate", total: ValidationTable.stepCount, isQuiet: options.output.quiet)
    defer { progress.finish() }
    let table = try await ValidationTable.make(seed: card.plan.run.seed, threads: threads) {
      progress.advance()
    }
    progress.finish()
    try write(table, provenance: Provenance(of: card))
    if let disagreement = ValidationDisagreement(in: table) { throw disagreement }
  }

  /// A key that would change nothing is refused, never ignored.
  private func refuseOtherSetups(_ card: RunCard) throws {
    var plan = try RunCard.load().plan
    plan.run.seed = card.plan.run.seed
    plan.run.threads = card.plan.run.threads
    guard plan == card.plan else {
      throw InputFault(
        "validate takes only run.seed and run.threads from a card, since each reference has a set-up "
          + "of its own; leave the other keys as in the built-in card \(RunCard.builtInName)")
    }
  }

  private func write(_ table: ValidationTable, provenance: Provenance) throws {
    let page = table.markdown(provenance: [
      "duskline \(provenance.version), commit \(provenance.commit), \(provenance.platform)",
      "seed \(provenance.seed), but where a row names its seeds; built-in card \(RunCard.builtInName)",
    ])
    if let file { try OutputFile.write(page, to: file) }
    if options.output.json {
      try StandardOutput.write(table.json(provenance: provenance.json).text())
    } else if file == nil {
      try StandardOutput.write(page)
    }
  }
}

import ArgumentParser
import Foundation
import Formats
import Report

/// `duskline reproduce`.
struct ReproduceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce", abstract: "The paper's figures, tables and report.")

  @Option(
    name: .customShort("o"), parsing: .unconditional,
    help: ArgumentHelp("The folder to write into.", valueName: "DIR"))
  var folder = "out/reproduce"

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard()
    try await compute(card)
  }

  private func compute(_ card: RunCard) async throws {
    let threads = card.plan.run.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let reproduction = Reproduction(card: card, folder: folder, threads: threads)
    let progress = ProgressBar(
      "reproduce", total: reproduction.stepCount, isQuiet: options.output.quiet)
    defer { progress.finish() }
    let summary = try await reproduction.run { progress.advance(by: $0) }
    progress.finish()
    if options.output.json {
      try StandardOutput.write(summary.json.text())
    } else if !options.output.quiet {
      try StandardOutput.write(
        "\(summary.files.count) files in \(folder); begin with \(folder)/report.html\n")
    }
  }
}

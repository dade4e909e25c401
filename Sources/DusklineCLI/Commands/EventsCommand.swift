import ArgumentParser
import Formats

/// `duskline events`.
struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "A sample of events at one point.")

  @Option(
    name: .customShort("o"), parsing: .unconditional,
    help: ArgumentHelp("The file; its ending picks the format: .csv.", valueName: "FILE"))
  var file: String

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard()
    try await compute(card)
  }

  private func compute(_ card: RunCard) async throws {
    throw InputFault.notAvailableYet("the command events")
  }
}

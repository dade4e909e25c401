import ArgumentParser
import Formats

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
    throw InputFault.notAvailableYet("the command reproduce")
  }
}

import ArgumentParser
import Formats

/// `duskline validate`.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Our numbers beside published and independent ones.")

  @Option(
    name: .customShort("o"), parsing: .unconditional,
    help: ArgumentHelp("A folder to write the page into.", valueName: "DIR"))
  var folder: String?

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard()
    try await compute(card)
  }

  private func compute(_ card: RunCard) async throws {
    throw InputFault.notAvailableYet("the command validate")
  }
}

import ArgumentParser
import Formats

/// `duskline yield`.
struct YieldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "yield", abstract: "Expected events at one point, with the cut flow.")

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard()
    try await compute(card)
  }

  private func compute(_ card: RunCard) async throws {
    throw InputFault.notAvailableYet("the command yield")
  }
}

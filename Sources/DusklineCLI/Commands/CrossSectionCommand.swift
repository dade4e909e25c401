import ArgumentParser
import Formats

/// `duskline cross-section`.
struct CrossSectionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cross-section", abstract: "The cross section of lN -> lNA' at kinetic mixing 1.")

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard(scope: .physicsOnly)
    try await compute(card)
  }

  private func compute(_ card: RunCard) async throws {
    throw InputFault.notAvailableYet("the command cross-section")
  }
}

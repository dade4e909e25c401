import ArgumentParser
import Formats

/// `duskline width`.
struct WidthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "width",
    abstract: "Widths, branching ratios and decay length of chi2, width of the A'.")

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard(scope: .physicsOnly)
    try await compute(card)
  }

  private func compute(_ card: RunCard) async throws {
    throw InputFault.notAvailableYet("the command width")
  }
}

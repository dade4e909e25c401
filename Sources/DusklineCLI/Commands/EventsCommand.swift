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

  /// The formats of the contract that no code stands behind yet.
  private static let laterEndings = [".lhe", ".lhe.gz", ".hepmc3", ".hepmc3.gz", ".parquet"]

  func run() async throws {
    if let ending = Self.laterEndings.first(where: { file.hasSuffix($0) }) {
      throw InputFault.notAvailableYet("the event format \(ending)")
    }
    guard file.hasSuffix(".csv") else {
      throw InputFault("\(file): the ending names no event format; use .csv")
    }
    let card = try options.loadCard()
    try await compute(card)
  }

  private func compute(_ card: RunCard) async throws {
    throw InputFault.notAvailableYet("the command events")
  }
}

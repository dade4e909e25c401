import ArgumentParser
import Formats

/// `duskline check CARD`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Validate a run card: all faults at once, each with its line and column.")

  @Argument(help: ArgumentHelp("The run card.", valueName: "card"))
  var positionalCard: String?

  @OptionGroup var options: CommonOptions

  func validate() throws {
    if positionalCard != nil && options.card != nil {
      throw ValidationError("the card is given twice: as an argument and by --card")
    }
    let hasOverrides =
      !options.overrides.settings.isEmpty || options.overrides.seed != nil
      || options.overrides.threads != nil
    if positionalCard == nil && options.card == nil && !hasOverrides {
      throw ValidationError("there is nothing to check; name a card: duskline check my.yaml")
    }
  }

  func run() throws {
    let card: RunCard
    do {
      card = try options.overrides.load(card: positionalCard ?? options.card)
    } catch let error as RunCardError where options.output.json {
      // The faults are the result that was asked for; they go to standard error as well.
      let report: JSONValue = [
        "card": .string(positionalCard ?? options.card ?? RunCard.builtInName), "valid": false,
        "faults": .array(error.faults.map(\.json)),
      ]
      try StandardOutput.write(report.text())
      throw error
    }
    if options.output.json {
      let report: JSONValue = [
        "card": .string(card.name), "valid": true, "faults": [],
        "provenance": Provenance(of: card).json,
      ]
      try StandardOutput.write(report.text())
    } else if !options.output.quiet {
      try StandardOutput.write("\(card.name): no faults\n")
    }
  }
}

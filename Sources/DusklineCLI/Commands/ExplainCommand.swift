import ArgumentParser
import Formats

/// `duskline explain [CARD]`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Print the complete plan as a card, every default filled in.")

  @Argument(
    help: ArgumentHelp(
      "The run card; without it the built-in card muone-paper.", valueName: "card"))
  var positionalCard: String?

  @OptionGroup var options: CommonOptions

  func validate() throws {
    if positionalCard != nil && options.card != nil {
      throw ValidationError("the card is given twice: as an argument and by --card")
    }
  }

  func run() throws {
    let card = try options.overrides.load(card: positionalCard ?? options.card)
    let notes = PlanNotes.lines(of: card.plan)
    if options.output.json {
      let report: JSONValue = [
        "plan": card.json, "notes": .array(notes.map { .string($0) }),
        "provenance": Provenance(of: card).json,
      ]
      try StandardOutput.write(report.text())
    } else {
      try StandardOutput.write(card.explanation(notes: notes))
    }
  }
}

import ArgumentParser
import Formats

/// What every command takes.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Write one JSON object to standard output, and nothing else.")
  var json = false

  @Flag(help: "Write no progress and no remarks.")
  var quiet = false
}

/// The flags that override single keys of a card.
struct OverrideOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Override one key; the value is YAML. May be repeated.", valueName: "key.path=value"))
  var settings: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads to use, or auto; no result depends on it.", valueName: "N"))
  var threads: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of every random stream.", valueName: "N"))
  var seed: String?

  /// The card at a path, or the built-in one, with these flags laid over it.
  func load(card: String?, scope: RunCard.Scope = .wholeChain) throws -> RunCard {
    try RunCard.load(
      card: card, settings: settings, seed: seed, threads: threads, scope: scope)
  }
}

/// What every physics command takes.
struct CommonOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The run card; without it the built-in card muone-paper.", valueName: "FILE"))
  var card: String?

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var output: OutputOptions

  /// The card of this run, read and checked whole.
  func loadCard(scope: RunCard.Scope = .wholeChain) throws -> RunCard {
    try overrides.load(card: card, scope: scope)
  }
}

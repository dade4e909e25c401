import ArgumentParser
import Constraints
import Formats
import Units

/// `duskline limits`.
struct LimitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits",
    abstract: "Existing limits and projections, each with its source and assumptions.",
    subcommands: [
      LimitsListCommand.self, LimitsShowCommand.self, LimitsCheckCommand.self,
      LimitsAddCommand.self,
    ])
}

/// `duskline limits list`.
struct LimitsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Every limit: what it is, and what it was made under.")

  @OptionGroup var catalogue: CatalogueOptions
  @OptionGroup var options: CommonOptions

  func run() throws {
    let card = try options.loadCard(scope: .physicsOnly)
    let limits = try catalogue.load()
    guard !options.output.json else {
      let report: JSONValue = [
        "curves": .array(
          limits.constraints.map {
            .object($0.reportMembers(isUsers: limits.isUsers($0.name)))
          }), "provenance": Provenance(of: card).json,
      ]
      try StandardOutput.write(report.text())
      return
    }
    let head = ["name", "kind", "origin", "Delta/m1", "alpha_D", "mA/m1"]
    let rows = limits.constraints.map { limit in
      let made = limit.assumptions
      let numbers = [made.splittingOverM1, made.alphaD, made.mediatorMassOverM1].map {
        $0.map(NumberText.short) ?? "any"
      }
      return Self.row(
        [limits.label(limit.name), limit.kind.rawValue, limit.origin.rawValue] + numbers)
        + limit.experiment
    }
    try StandardOutput.write(
      ([Self.row(head) + "experiment"] + rows).joined(separator: "\n") + "\n")
  }

  private static func row(_ cells: [String]) -> String {
    NumberText.row(cells, widths: [26, 12, 12, 10, 9, 7])
  }
}

/// `duskline limits show NAME`.
struct LimitsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One limit: its numbers, source, assumptions and caveats.")

  @Argument(help: ArgumentHelp("The limit, as 'limits list' names it.", valueName: "name"))
  var name: String

  @OptionGroup var catalogue: CatalogueOptions
  @OptionGroup var options: CommonOptions

  func run() throws {
    let card = try options.loadCard(scope: .physicsOnly)
    let limits = try catalogue.load()
    let curve = try limits.curves.curve(named: name)
    let point = try card.plan.constraintPoint()
    let isUsers = limits.isUsers(name)
    guard !options.output.json else {
      try StandardOutput.write(curve.report(card, at: point, isUsers: isUsers).text())
      return
    }
    if !options.output.quiet {
      if isUsers { StandardError.write("\(name) is your own curve") }
      if let reason = curve.applicability(at: point).reason {
        StandardError.write("at the card's point \(name) does not apply: \(reason)")
      }
    }
    try StandardOutput.write(curve.text)
  }
}

/// `duskline limits add FILE`.
struct LimitsAddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Check a curve of your own and put it into your catalogue.",
    discussion: "Documentation/Limits.md describes the file.")

  @Argument(help: ArgumentHelp("The curve's file.", valueName: "file"))
  var file: String

  @Flag(help: "Replace a curve of your own that has the same name.")
  var replace = false

  @OptionGroup var catalogue: CatalogueOptions
  @OptionGroup var options: CommonOptions

  func run() throws {
    let card = try options.loadCard(scope: .physicsOnly)
    let curve = try CurveFolder.curve(at: file)
    let path = try catalogue.folder.install(curve, replacing: replace)
    if options.output.json {
      let report: JSONValue = [
        "name": .string(curve.name), "installed": .string(path),
        "points": .integer(curve.points.count), "provenance": Provenance(of: card).json,
      ]
      try StandardOutput.write(report.text())
    } else if !options.output.quiet {
      try StandardOutput.write("\(curve.name): \(curve.points.count) points, kept in \(path)\n")
    }
  }
}

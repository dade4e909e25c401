import ArgumentParser
import Constraints
import DarkSector
import Formats
import Integration
import Reach
import Recasts
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
    let limits = try catalogue.load(for: card.plan)
    guard !options.output.json else {
      let report: JSONValue = [
        "curves": .array(
          limits.curves.curves.map {
            .object($0.reportMembers(isUsers: limits.isUsers($0.name)))
          }
            + limits.computed.map {
              .object($0.listMembers(isUsers: limits.isUsers($0.name)))
            }),
        "provenance": Provenance(of: card).json,
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
struct LimitsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One limit: its numbers, source, assumptions and caveats.",
    discussion: """
      A published curve is shown as its file. A computed one is computed at the card's Delta/m1, \
      alpha_D and mA, for the masses of scan.m1_GeV, in all its variants.
      """)

  @Argument(
    help: ArgumentHelp(
      "The limit, as 'limits list' names it, or the path of a thick-target apparatus file (.yaml).",
      valueName: "name"))
  var name: String

  @OptionGroup var catalogue: CatalogueOptions
  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard(scope: .physicsOnly)
    let limits = try catalogue.load(for: card.plan)
    switch try limits.limit(named: name) {
    case .published(let curve): try show(curve, card, isUsers: limits.isUsers(name))
    case .computed(let curve):
      let isOwn = limits.isUsers(curve.name) || name.hasSuffix(".yaml")
      try await show(curve, card, isUsers: isOwn)
    }
  }

  private func show(_ curve: ConstraintCurve, _ card: RunCard, isUsers: Bool) throws {
    let point = try card.plan.constraintPoint()
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

  private func show(_ curve: ComputedCurve, _ card: RunCard, isUsers: Bool) async throws {
    let plan = card.plan
    let masses = plan.scan.m1.sorted()
    let progress = ProgressBar(
      name, total: masses.count * curve.variants.count, isQuiet: options.output.quiet)
    defer { progress.finish() }
    let rows = try await concurrentMap(
      count: masses.count * curve.variants.count, threads: plan.threadCount
    ) { index in
      defer { progress.advance() }
      return plan.row(
        of: curve, curve.variants[index / masses.count], at: masses[index % masses.count])
    }
    progress.finish()
    let tables = curve.variants.indices.map { variant in
      Array(rows[variant * masses.count..<(variant + 1) * masses.count])
    }
    try StandardOutput.write(
      options.output.json
        ? curve.report(card, tables: tables, isUsers: isUsers).text() : text(curve, card, tables))
  }

  /// A header as published curves have it, what made the table, then a row a variant, mass and interval.
  private func text(
    _ curve: ComputedCurve, _ card: RunCard, _ tables: [[ComputedCurve.Row]]
  ) -> String {
    let model = card.plan.model
    let header = [
      ("limit", curve.name), ("experiment", curve.experiment), ("kind", curve.kind.rawValue),
      ("origin", curve.origin.rawValue), ("observable", curve.observable),
      ("source", curve.source), ("obtained", curve.obtained),
      ("splitting_over_m1", ShortestNumber.text(model.splittingOverM1)),
      ("alpha_D", ShortestNumber.text(model.alphaD)), model.mediatorMass.keyAndValue,
    ]
    // The title stands in the header already.
    let provenance = Provenance(of: card).headerLines(title: curve.name).dropFirst()
    var lines =
      header.map { "# \($0): \($1)" } + provenance + [
        "variant,m1_GeV,epsilon_lower,epsilon_upper,reason"
      ]
    for (variant, rows) in zip(curve.variants, tables) {
      for row in rows {
        let start = "\(variant.name),\(ShortestNumber.text(row.m1)),"
        lines += row.reading.epsilons.map {
          start + "\(ShortestNumber.text($0.lowerBound)),\(ShortestNumber.text($0.upperBound)),"
        }
        if let reason = row.reading.reason { lines.append(start + ",,\"\(reason)\"") }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Plan {
  /// What a variant of a computed curve says at a mass of the scan; a mass that the model does not have is a row with the reason.
  fileprivate func row(
    of curve: ComputedCurve, _ variant: ComputedCurve.Variant, at m1: Double
  ) -> ComputedCurve.Row {
    var plan = self
    plan.model.m1 = m1
    do throws(DarkSectorError) {
      return ComputedCurve.Row(
        m1: m1, reading: curve.reading(at: try plan.constraintPoint(), variant: variant))
    } catch {
      return ComputedCurve.Row(m1: m1, reading: .doesNotApply(reason: .words("\(error)")))
    }
  }
}

extension MediatorMass {
  /// The card's key, and its value.
  fileprivate var keyAndValue: (String, String) {
    switch self {
    case .overM1(let ratio): ("mediator_mass_over_m1", ShortestNumber.text(ratio))
    case .fixed(let mass): ("mediator_mass_GeV", ShortestNumber.text(mass))
    }
  }
}

/// `duskline limits add FILE`.
struct LimitsAddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Check a curve or an experiment of your own and put it into your catalogue.",
    discussion: """
      A file that ends in .yaml is a thick-target experiment, to be computed at every model point; \
      Documentation/BeamDumps.md shows how to write one. Any other file is a curve. \
      The file has a header of lines '# key: text', then a line of column names, m1_GeV and epsilon or y, then rows \
      of numbers. The header must have \(ConstraintCurve.requiredKeys.joined(separator: ", ")), and 'top' if the \
      region is 'above'; it may have any number of lines '# caveat: …'. 'limits show lep' prints an example; \
      Documentation/Limits.md describes each key.
      """)

  @Argument(help: ArgumentHelp("The curve's file.", valueName: "file"))
  var file: String

  @Flag(help: "Replace a curve of your own that has the same name.")
  var replace = false

  @OptionGroup var catalogue: CatalogueOptions
  @OptionGroup var options: CommonOptions

  func run() throws {
    let card = try options.loadCard(scope: .physicsOnly)
    if file.hasSuffix(".yaml") {
      let (experiment, path) = try catalogue.folder.installExperiment(
        at: file, replacing: replace)
      let name = ComputedCurve.Name.thickTarget(experiment.name)
      if options.output.json {
        let report: JSONValue = [
          "name": .string(name), "installed": .string(path),
          "provenance": Provenance(of: card).json,
        ]
        try StandardOutput.write(report.text())
      } else if !options.output.quiet {
        try StandardOutput.write("\(name): computed from now on, kept in \(path)\n")
      }
      return
    }
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

import ArgumentParser
import Constraints
import DarkSector
import Formats
import ParticleData
import Units

/// `duskline limits check`.
struct LimitsCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Whether a model point is excluded, by whom, and with what margin.",
    discussion: """
      The point is the card's. A limit counts only where its assumptions hold; a projection never \
      does. With --points, every point of a table is checked at the card's other parameters.
      """)

  @Flag(
    help: "Also tell what limits would say beyond their assumptions; they count for nothing there.")
  var beyondValidity = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A table of points with columns m1_GeV and y or epsilon.", valueName: "FILE"))
  var points: String?

  @OptionGroup var catalogue: CatalogueOptions
  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard(scope: .physicsOnly)
    let limits = try catalogue.load(for: card.plan)
    if let points {
      let report = try await PointsReport(
        checking: try PointTable(at: points), card.plan, by: limits.counted,
        beyondValidity: beyondValidity, isQuiet: options.output.quiet)
      try StandardOutput.write(options.output.json ? report.json(card).text() : report.csv)
      return
    }
    let point = try card.plan.physicalConstraintPoint()
    let verdict = ConstraintVerdict(
      on: point, by: limits.constraints, beyondValidity: beyondValidity)
    guard !options.output.json else {
      try StandardOutput.write(report(verdict, at: point, card).text())
      return
    }
    try StandardOutput.write(text(verdict, at: point, limits).joined(separator: "\n") + "\n")
  }

  private func report(
    _ verdict: ConstraintVerdict, at point: ConstraintPoint, _ card: RunCard
  ) throws -> JSONValue {
    var members = verdict.reportMembers(at: point, beyondValidity: beyondValidity)
    members["m1_GeV"] = .number(point.m1)
    members["epsilon"] = .number(point.epsilon)
    members["y"] = .number(point.y)
    if let remark = remark(at: point) { members["remark"] = .string(remark) }
    members["provenance"] = Provenance(of: card).json
    return .object(members)
  }

  /// What a stable χ₂ means for limits.
  private func remark(at point: ConstraintPoint) -> String? {
    guard point.splittingOverM1 * point.m1 <= 2 * Mass.electron else { return nil }
    return "chi2 is stable here: its splitting does not exceed 2 m_e"
  }

  private func text(
    _ verdict: ConstraintVerdict, at point: ConstraintPoint, _ limits: LimitsCatalogue
  ) -> [String] {
    let names = verdict.excludedBy.map(limits.label).joined(separator: ", ")
    var lines = [
      verdict.isExcluded ? "excluded by \(names)" : "not excluded",
      "m1 = \(NumberText.short(point.m1)) GeV, epsilon = \(NumberText.short(point.epsilon)), "
        + "y = \(NumberText.short(point.y)), Delta/m1 = \(NumberText.short(point.splittingOverM1)), "
        + "alpha_D = \(NumberText.short(point.alphaD)), mA/m1 = "
        + NumberText.short(point.mediatorMassOverM1),
    ]
    if let remark = remark(at: point) { lines.append(remark) }
    if !verdict.margins.isEmpty {
      lines += [
        "",
        Self.row(["limits that hold here", "kind", "epsilon_lower", "epsilon_upper", "over_lower"])
          + "over_upper",
      ]
      lines += verdict.margins.map { row($0, limits) }
    }
    if !verdict.notApplicable.isEmpty {
      lines += ["", "limits that do not hold here"]
      lines += verdict.notApplicable.map {
        NumberText.padded(limits.label($0.name), to: 26) + "\($0.reason)"
      }
    }
    if beyondValidity { lines += beyondLines(verdict, limits) }
    return lines
  }

  private func beyondLines(_ verdict: ConstraintVerdict, _ limits: LimitsCatalogue) -> [String] {
    ["", "BEYOND THEIR VALIDITY these would say (not limits at this point, and not counted)"]
      + verdict.notApplicable.compactMap { entry in
        entry.beyondValidity.map { row($0, limits) + "  (\(entry.reason))" }
      }
  }

  private func row(_ margin: ConstraintMargin, _ limits: LimitsCatalogue) -> String {
    guard let interval = margin.interval else {
      return Self.row([limits.label(margin.name), margin.kind.rawValue])
        + (margin.reason?.description ?? "")
    }
    let upper = NumberText.short(interval.epsilon.upperBound)
    let cells = [
      limits.label(margin.name), margin.kind.rawValue,
      NumberText.short(interval.epsilon.lowerBound),
      interval.endsAtFrame ? "\(upper) (frame)" : upper,
      margin.epsilonOverLower.map(NumberText.short) ?? "-",
    ]
    let verdict = margin.isInside ? (margin.kind == .exclusion ? "excluded" : "probed") : "outside"
    return Self.row(cells)
      + NumberText.padded(margin.epsilonOverUpper.map(NumberText.short) ?? "-", to: 13) + verdict
  }

  private static func row(_ cells: [String]) -> String {
    NumberText.row(cells, widths: [26, 12, 15, 17, 13])
  }
}

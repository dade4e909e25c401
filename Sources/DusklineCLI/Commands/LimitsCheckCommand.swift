import ArgumentParser
import Constraints
import DarkSector
import Formats
import Integration
import ParticleData
import Reach
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
      let check = try await PointsCheck(
        try PointTable(at: points), card.plan, by: limits.counted, beyondValidity: beyondValidity,
        isQuiet: options.output.quiet)
      try StandardOutput.write(options.output.json ? check.report(card).text() : check.text)
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

/// The check of a table of points at the card's other parameters.
private struct PointsCheck {
  struct Row {
    var m1: Double
    /// ε and y; `nil` where the model has no point.
    var point: ConstraintPoint?
    var given: Double
    var verdict: ConstraintVerdict?
    var reason: String?
  }

  let ordinate: CurveOrdinate
  let rows: [Row]
  let beyondValidity: Bool

  init(
    _ table: PointTable, _ plan: Plan, by limits: [any Constraint], beyondValidity: Bool,
    isQuiet: Bool
  ) async throws {
    let ordinate = table.ordinate
    self.ordinate = ordinate
    self.beyondValidity = beyondValidity
    // What limits say does not depend on ε: they are read once a mass.
    var masses: [Double: [Int]] = [:]
    for (index, given) in table.points.enumerated() { masses[given.m1, default: []].append(index) }
    let groups = masses.sorted { $0.key < $1.key }.map(\.value)
    let points = table.points
    let progress = ProgressBar("limits", total: groups.count, isQuiet: isQuiet)
    defer { progress.finish() }
    let parts = try await concurrentMap(count: groups.count, threads: plan.threadCount) { number in
      defer { progress.advance() }
      var readings: ConstraintReadings?
      return groups[number].map { index -> (Int, Row) in
        let given = points[index]
        var row = Row(m1: given.m1, given: given.ordinate)
        var plan = plan
        plan.model.m1 = given.m1
        plan.model.coupling = ordinate == .y ? .y(given.ordinate) : .epsilon(given.ordinate)
        do {
          let point = try plan.physicalConstraintPoint()
          let read =
            readings
            ?? ConstraintReadings(at: point, of: limits, beyondValidity: beyondValidity)
          readings = read
          row.point = point
          row.verdict = ConstraintVerdict(on: point.epsilon, from: read)
        } catch {
          row.reason = "\(error)"
        }
        return (index, row)
      }
    }
    rows = parts.joined().sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Limits that hold at none of the points, with the reason at the first.
  private var neverApplicable: [ConstraintVerdict.NotApplicable] {
    let verdicts = rows.compactMap(\.verdict)
    guard let first = verdicts.first else { return [] }
    return first.notApplicable.filter { entry in
      verdicts.allSatisfy { $0.notApplicable.contains { $0.name == entry.name } }
    }
  }

  func report(_ card: RunCard) -> JSONValue {
    let never = neverApplicable
    let names = Set(never.map(\.name))
    var members: [String: JSONValue] = [
      "points": .array(rows.map { json($0, except: names) }),
      "excluded_points": .integer(rows.count { $0.verdict?.isExcluded ?? false }),
      "not_applicable": .array(
        never.map { ["name": .string($0.name), "reason": .string("\($0.reason)")] }),
      "provenance": Provenance(of: card).json,
    ]
    if beyondValidity { members["caveat"] = .string(Self.caveat) }
    return .object(members)
  }

  private static let caveat =
    "beyond_validity names curves that would hold a point if they applied there: no limits, not counted"

  private func json(_ row: Row, except names: Set<String>) -> JSONValue {
    guard let point = row.point, let verdict = row.verdict else {
      return [
        "m1_GeV": .number(row.m1), ordinate.rawValue: .number(row.given), "excluded": .null,
        "by": [], "reason": .string(row.reason ?? ""),
      ]
    }
    var members: [String: JSONValue] = [
      "m1_GeV": .number(row.m1), "epsilon": .number(point.epsilon), "y": .number(point.y),
      "excluded": .bool(verdict.isExcluded), "by": .array(verdict.excludedBy.map { .string($0) }),
    ]
    let others = verdict.notApplicable.filter { !names.contains($0.name) }
    if !others.isEmpty {
      members["not_applicable"] = .array(
        others.map { ["name": .string($0.name), "reason": .string("\($0.reason)")] })
    }
    if beyondValidity {
      // Names alone: the reasons stand once, under not_applicable.
      members["beyond_validity"] = .array(
        verdict.notApplicable.filter { $0.beyondValidity?.isInside ?? false }.map {
          .string($0.name)
        })
    }
    return .object(members)
  }

  var text: String {
    var head = "m1_GeV,\(ordinate.rawValue),excluded,by"
    if beyondValidity { head = "# \(Self.caveat)\n" + head + ",beyond_validity" }
    let lines = rows.map { row in
      let cells = [ShortestNumber.text(row.m1), ShortestNumber.text(row.given)]
      guard let verdict = row.verdict else {
        return (cells + ["", "\"\(row.reason ?? "")\""] + (beyondValidity ? [""] : []))
          .joined(separator: ",")
      }
      let beyond = verdict.notApplicable.filter { $0.beyondValidity?.isInside ?? false }
      let names = [verdict.excludedBy] + (beyondValidity ? [beyond.map(\.name)] : [])
      return (cells + ["\(verdict.isExcluded)"] + names.map { $0.joined(separator: " ") })
        .joined(separator: ",")
    }
    return ([head] + lines).joined(separator: "\n") + "\n"
  }
}

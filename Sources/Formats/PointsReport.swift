import Constraints
import Units

/// What limits say about each point of a table: the answer of `limits check --points`.
public struct PointsReport: Sendable, Hashable {
  /// One point.
  public struct Row: Sendable, Hashable {
    /// The point as the table gives it.
    public let given: CurvePoint
    /// What was found.
    public let answer: Answer

    /// A row from its parts.
    public init(_ given: CurvePoint, _ answer: Answer) {
      self.given = given
      self.answer = answer
    }
  }

  /// What was found at one point.
  public enum Answer: Sendable, Hashable {
    /// The model has the point.
    case checked(ConstraintPoint, ConstraintVerdict)
    /// It has none there.
    case noPoint(reason: String)
  }

  /// Whether the table gives ε or y.
  public let ordinate: CurveOrdinate
  /// The points, in the order of the table.
  public let rows: [Row]
  /// Whether to name limits that would hold a point if they applied there.
  public let beyondValidity: Bool

  /// A report from its parts.
  public init(ordinate: CurveOrdinate, rows: [Row], beyondValidity: Bool) {
    self.ordinate = ordinate
    self.rows = rows
    self.beyondValidity = beyondValidity
  }

  private static let caveat =
    "beyond_validity names curves that would hold a point if they applied there: no limits, not counted"

  /// Limits that hold at none of the points, with the reason at the first.
  private var neverApplicable: [ConstraintVerdict.NotApplicable] {
    let verdicts = rows.compactMap(\.verdict)
    guard let first = verdicts.first else { return [] }
    return first.notApplicable.filter { entry in
      verdicts.allSatisfy { $0.notApplicable.contains { $0.name == entry.name } }
    }
  }
}

extension PointsReport.Row {
  /// What limits say; `nil` where the model has no point.
  fileprivate var verdict: ConstraintVerdict? {
    if case .checked(_, let verdict) = answer { verdict } else { nil }
  }
}

extension ConstraintVerdict {
  /// Limits that would hold the point if they applied there.
  fileprivate var namesBeyondValidity: [String] {
    notApplicable.filter { $0.beyondValidity?.isInside ?? false }.map(\.name)
  }
}

// MARK: JSON

extension PointsReport {
  /// The report as JSON: what holds at none of the points stands once, not at each of them.
  public func json(_ card: RunCard) -> JSONValue {
    let never = neverApplicable
    let names = Set(never.map(\.name))
    var members: [String: JSONValue] = [
      "points": .array(rows.map { json($0, except: names) }),
      "excluded_points": .integer(rows.count { $0.verdict?.isExcluded ?? false }),
      "not_applicable": .array(never.map(\.json)), "provenance": Provenance(of: card).json,
    ]
    if beyondValidity { members["caveat"] = .string(Self.caveat) }
    return .object(members)
  }

  private func json(_ row: Row, except names: Set<String>) -> JSONValue {
    switch row.answer {
    case .noPoint(let reason):
      return [
        "m1_GeV": .number(row.given.m1), ordinate.rawValue: .number(row.given.ordinate),
        "excluded": .null, "by": [], "limits_that_speak": .null, "reason": .string(reason),
      ]
    case .checked(let point, let verdict):
      var members: [String: JSONValue] = [
        "m1_GeV": .number(row.given.m1), "epsilon": .number(point.epsilon),
        "y": .number(point.y), "excluded": .bool(verdict.isExcluded),
        "by": .array(verdict.excludedBy.map { .string($0) }),
        "limits_that_speak": .integer(verdict.speakingExclusions),
      ]
      let others = verdict.notApplicable.filter { !names.contains($0.name) }
      if !others.isEmpty { members["not_applicable"] = .array(others.map(\.json)) }
      if beyondValidity {
        // Names alone: the reasons stand once, under not_applicable.
        members["beyond_validity"] = .array(verdict.namesBeyondValidity.map { .string($0) })
      }
      return .object(members)
    }
  }
}

// MARK: CSV

extension PointsReport {
  /// The report as a table.
  public var csv: String {
    var columns = ["m1_GeV", ordinate.rawValue, "excluded", "by", "limits_that_speak", "reason"]
    if beyondValidity { columns.append("beyond_validity") }
    let head = (beyondValidity ? ["# \(Self.caveat)"] : []) + [columns.joined(separator: ",")]
    return (head + rows.map(line)).joined(separator: "\n") + "\n"
  }

  private func line(_ row: Row) -> String {
    var cells = [ShortestNumber.text(row.given.m1), ShortestNumber.text(row.given.ordinate)]
    switch row.answer {
    case .noPoint(let reason):
      cells += ["", "", "", "\"\(reason.replacing("\"", with: "\"\""))\""]
    case .checked(_, let verdict):
      let names = verdict.excludedBy.joined(separator: " ")
      cells += ["\(verdict.isExcluded)", names, "\(verdict.speakingExclusions)", ""]
    }
    if beyondValidity {
      cells.append(row.verdict?.namesBeyondValidity.joined(separator: " ") ?? "")
    }
    return cells.joined(separator: ",")
  }
}

import Constraints
import Recasts
import Units

// Limits as JSON objects with the keys of the interface.

extension CurveAssumptions {
  /// The assumptions; null for what the limit does not depend on.
  public var json: JSONValue {
    [
      "splitting_over_m1": .number(orNull: splittingOverM1), "alpha_D": .number(orNull: alphaD),
      "mediator_mass_over_m1": .number(orNull: mediatorMassOverM1),
    ]
  }
}

extension Constraint {
  /// The members that `limits list` and `limits show` share.
  public func reportMembers(isUsers: Bool) -> [String: JSONValue] {
    [
      "name": .string(name), "experiment": .string(experiment), "kind": .string(kind.rawValue),
      "origin": .string(origin.rawValue), "source": .string(source),
      "assumptions": assumptions.json, "catalogue": isUsers ? "user" : "built-in",
    ]
  }
}

extension ConstraintCurve {
  /// The report of `limits show` for a digitised curve: data, provenance, and whether it holds at the card's point.
  public func report(
    _ card: RunCard, at point: ConstraintPoint, isUsers: Bool
  ) throws -> JSONValue {
    let alphaD = assumptions.alphaD ?? point.alphaD
    let ratio = assumptions.mediatorMassOverM1 ?? point.mediatorMassOverM1
    let outline = try points(as: .epsilon, alphaD: alphaD, mediatorMassOverM1: ratio)
    let top = try top(as: .epsilon, alphaD: alphaD, mediatorMassOverM1: ratio)
    let reason = applicability(at: point).reason
    let members: [String: JSONValue] = [
      "observable": .string(observable), "obtained": .string(obtained),
      "licence": .string(licence), "confidence_level": .number(orNull: confidenceLevel),
      "region": .string(region.word), "top": .number(orNull: top),
      "file_ordinate": .string(ordinate.rawValue),
      "caveats": .array(caveats.map { .string($0) }),
      "outline": .array(outline.map { [.number($0.m1), .number($0.ordinate)] }),
      "applies": .bool(reason == nil), "reason": reason.map { .string("\($0)") } ?? .null,
      "provenance": Provenance(of: card).json,
    ]
    return .object(reportMembers(isUsers: isUsers).merging(members) { $1 })
  }
}

extension ComputedCurve {
  /// The members of `limits list` for a computed curve.
  public func listMembers(isUsers: Bool) -> [String: JSONValue] {
    var members = reportMembers(isUsers: isUsers)
    members["variant"] = .string(variants[0].name)
    members["variants"] = .array(variants.dropFirst().map { .string($0.name) })
    return members
  }

  /// The report of `limits show` for a computed curve.
  ///
  /// - Parameters:
  ///   - card: the run's.
  ///   - tables: the rows of each variant, the default's first.
  ///   - isUsers: whether it is an experiment of the user's own.
  public func report(_ card: RunCard, tables: [[Row]], isUsers: Bool) -> JSONValue {
    let model = card.plan.model
    let rows = tables.map { JSONValue.array($0.map(\.json)) }
    let members: [String: JSONValue] = [
      "observable": .string(observable), "obtained": .string(obtained),
      "splitting_over_m1": .number(model.splittingOverM1), "alpha_D": .number(model.alphaD),
      "variant": .string(variants[0].name), "points": rows[0],
      "variants": .object(
        Dictionary(uniqueKeysWithValues: zip(variants, rows).dropFirst().map { ($0.name, $1) })),
      "provenance": Provenance(of: card).json,
    ]
    return .object(reportMembers(isUsers: isUsers).merging(members) { $1 })
  }
}

extension ComputedCurve.Row {
  /// The lowest interval; all of them, where there are more; null with the reason where there is none.
  public var json: JSONValue {
    let intervals = reading.intervals
    var members: [String: JSONValue] = [
      "m1_GeV": .number(m1),
      "epsilon_lower": .number(orNull: intervals.first?.epsilon.lowerBound),
      "epsilon_upper": .number(orNull: intervals.first?.epsilon.upperBound),
    ]
    if let first = intervals.first { members["upper_is_frame"] = .bool(first.endsAtFrame) }
    if intervals.count > 1 {
      members["intervals"] = .array(
        intervals.map { [.number($0.epsilon.lowerBound), .number($0.epsilon.upperBound)] })
    }
    if let reason = reading.reason { members["reason"] = .string("\(reason)") }
    return .object(members)
  }
}

extension ConstraintMargin {
  /// The edges at the point's mass and how far from them it is, in ε and in y.
  public func json(alphaD: Double, mediatorMassOverM1: Double) -> JSONValue {
    func y(_ epsilon: Double?) -> JSONValue {
      .number(
        orNull: epsilon.map {
          YieldVariable.y(epsilon: $0, alphaD: alphaD, massRatio: 1 / mediatorMassOverM1)
        })
    }
    var members: [String: JSONValue] = [
      "name": .string(name), "kind": .string(kind.rawValue), "inside": .bool(isInside),
      "epsilon_lower": .number(orNull: interval?.epsilon.lowerBound),
      "epsilon_upper": .number(orNull: interval?.epsilon.upperBound),
      "y_lower": y(interval?.epsilon.lowerBound), "y_upper": y(interval?.epsilon.upperBound),
      "epsilon_over_lower": .number(orNull: epsilonOverLower),
      "epsilon_over_upper": .number(orNull: epsilonOverUpper),
      "y_over_lower": .number(orNull: epsilonOverLower.map { $0 * $0 }),
      "y_over_upper": .number(orNull: epsilonOverUpper.map { $0 * $0 }),
    ]
    if let interval { members["upper_is_frame"] = .bool(interval.endsAtFrame) }
    if let reason { members["reason"] = .string("\(reason)") }
    return .object(members)
  }
}

extension ConstraintVerdict.NotApplicable {
  /// The limit's name, and why it does not hold.
  public var json: JSONValue { ["name": .string(name), "reason": .string("\(reason)")] }
}

extension ConstraintVerdict {
  /// The members of `limits check` for one point.
  public func reportMembers(at point: ConstraintPoint, beyondValidity: Bool) -> [String: JSONValue]
  {
    let (alphaD, ratio) = (point.alphaD, point.mediatorMassOverM1)
    var members: [String: JSONValue] = [
      "excluded": .bool(isExcluded), "by": .array(excludedBy.map { .string($0) }),
      "not_applicable": .array(notApplicable.map(\.json)),
      "margins": .array(margins.map { $0.json(alphaD: alphaD, mediatorMassOverM1: ratio) }),
    ]
    if beyondValidity {
      members["beyond_validity"] = .array(
        notApplicable.compactMap { entry in
          entry.beyondValidity.map { margin in
            [
              "name": .string(entry.name),
              "would_say": margin.json(alphaD: alphaD, mediatorMassOverM1: ratio),
              "caveat": .string("\(entry.reason): not a limit at this point, and not counted"),
            ]
          }
        })
    }
    return members
  }
}

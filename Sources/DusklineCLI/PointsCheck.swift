import Constraints
import Formats
import Integration
import Reach

extension PointsReport {
  /// Checks a table of points at the card's other parameters.
  init(
    checking table: PointTable, _ plan: Plan, by limits: [any Constraint], beyondValidity: Bool,
    isQuiet: Bool
  ) async throws {
    // What limits say does not depend on ε: they are read once a mass.
    var masses: [Double: [Int]] = [:]
    for (index, given) in table.points.enumerated() { masses[given.m1, default: []].append(index) }
    let groups = masses.sorted { $0.key < $1.key }.map(\.value)
    let progress = ProgressBar("limits", total: groups.count, isQuiet: isQuiet)
    defer { progress.finish() }
    let parts = try await concurrentMap(count: groups.count, threads: plan.threadCount) { number in
      defer { progress.advance() }
      return groups[number].check(table, plan, by: limits, beyondValidity: beyondValidity)
    }
    let rows = parts.joined().sorted { $0.index < $1.index }.map(\.row)
    self.init(ordinate: table.ordinate, rows: rows, beyondValidity: beyondValidity)
  }
}

extension [Int] {
  /// Checks the points of a table that have these numbers and one mass.
  fileprivate func check(
    _ table: PointTable, _ plan: Plan, by limits: [any Constraint], beyondValidity: Bool
  ) -> [(index: Int, row: PointsReport.Row)] {
    var readings: ConstraintReadings?
    return map { index in
      let given = table.points[index]
      var plan = plan
      plan.model.m1 = given.m1
      plan.model.coupling =
        table.ordinate == .y ? .y(given.ordinate) : .epsilon(given.ordinate)
      do {
        let point = try plan.physicalConstraintPoint()
        let read =
          readings ?? ConstraintReadings(at: point, of: limits, beyondValidity: beyondValidity)
        readings = read
        let verdict = ConstraintVerdict(on: point.epsilon, from: read)
        return (index, PointsReport.Row(given, .checked(point, verdict)))
      } catch {
        return (index, PointsReport.Row(given, .noPoint(reason: "\(error)")))
      }
    }
  }
}

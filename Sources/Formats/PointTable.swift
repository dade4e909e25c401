import Constraints
import Tables
import Units

/// Points to be checked against limits, from a table with columns m1_GeV and y or epsilon.
public struct PointTable: Sendable, Hashable {
  /// The largest table that is read: 16 MiB, some 10⁵ points.
  static let largestSize = 1 << 24

  /// Whether the points give ε or y.
  public let ordinate: CurveOrdinate
  /// The points, in their order.
  public let points: [CurvePoint]

  /// The points in a file.
  ///
  /// - Throws: ``InputFileError`` with all faults, each with its line.
  public init(at path: String) throws(InputFileError) {
    do {
      try self.init(
        parsing: TextFile.read(
          path, largestSize: Self.largestSize, subject: "a table of points",
          ifMissing: "check the path"))
    } catch let refusal as TextFile.Refusal {
      throw InputFileError(path, refusal)
    } catch let error as ConstraintError {
      if case .malformed(let faults) = error { throw InputFileError(path, faults) }
      throw InputFileError(path, [CurveFault(line: nil, "\(error)", mend: "correct the table")])
    } catch {
      preconditionFailure("a table throws no other error: \(error)")
    }
  }

  /// The points in a text.
  public init(parsing text: String) throws(ConstraintError) {
    var unreadable: [TableError] = []
    let table = NumericTable(parsing: text, faults: &unreadable)
    var faults = unreadable.map(CurveFault.init)
    if table.columnNames.isEmpty { throw .malformed(faults: faults) }
    let names = table.columnNames
    guard names.count == 2, let masses = table.column("m1_GeV"),
      let ordinate = CurveOrdinate.allCases.first(where: { names.contains($0.rawValue) }),
      let values = table.column(ordinate.rawValue)
    else {
      let fault = CurveFault(
        line: table.lines.columnNames, "the columns are \(names.joined(separator: ", "))",
        mend: "name them m1_GeV and y, or m1_GeV and epsilon")
      throw .malformed(faults: [fault] + faults)
    }
    for (index, line) in table.lines.rows.enumerated() {
      faults += Self.faults(m1: masses[index], ordinate.rawValue, values[index], line: line)
    }
    guard faults.isEmpty else {
      throw .malformed(faults: faults.sorted { ($0.line ?? .max) < ($1.line ?? .max) })
    }
    self.ordinate = ordinate
    points = zip(masses, values).map { CurvePoint(m1: $0, ordinate: $1) }
  }
  /// What is wrong with a row of numbers.
  private static func faults(
    m1: Double, _ ordinate: String, _ value: Double, line: Int
  ) -> [CurveFault] {
    var faults: [CurveFault] = []
    if !PlanReader.mass.contains(m1) {
      faults.append(
        CurveFault(
          line: line, "m1_GeV = \(ShortestNumber.text(m1)) is out of range",
          mend: "give a number \(PlanReader.mass.text)"))
    }
    if !(value.isNormal && value > 0) {
      faults.append(
        CurveFault(
          line: line, "\(ordinate) is \(ShortestNumber.text(value)), not positive",
          mend: "correct the number"))
    }
    return faults
  }
}

import Constraints
import Tables

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
        parsing: TextFile.read(path, largestSize: Self.largestSize, subject: "a table of points"))
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
    let table: NumericTable
    do {
      table = try NumericTable(parsing: text)
    } catch {
      throw .malformed(faults: [CurveFault(line: error.line, error.problem, mend: error.remedy)])
    }
    let names = table.columnNames
    guard names.count == 2, let masses = table.column("m1_GeV"),
      let ordinate = CurveOrdinate.allCases.first(where: { names.contains($0.rawValue) }),
      let values = table.column(ordinate.rawValue)
    else {
      throw .malformed(faults: [
        CurveFault(
          line: table.lines.columnNames, "the columns are \(names.joined(separator: ", "))",
          mend: "name them m1_GeV and y, or m1_GeV and epsilon")
      ])
    }
    var faults: [CurveFault] = []
    for (row, line) in zip(table.rows, table.lines.rows) {
      for (name, value) in zip(names, row) where !(value.isNormal && value > 0) {
        faults.append(
          CurveFault(line: line, "\(name) is \(value), not positive", mend: "correct the number"))
      }
    }
    guard faults.isEmpty else { throw .malformed(faults: faults) }
    self.ordinate = ordinate
    points = zip(masses, values).map { CurvePoint(m1: $0, ordinate: $1) }
  }
}

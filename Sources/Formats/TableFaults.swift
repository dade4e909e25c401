import Constraints

/// The faults of a table: the first twenty, and how many more there are.
struct TableFaults {
  /// Where a row stands.
  enum Place {
    /// The line of a CSV file, from 1.
    case line(Int)
    /// The row of a Parquet file, from 0.
    case row(Int)

    var line: Int? { if case .line(let line) = self { line } else { nil } }
    var subject: String { if case .row(let row) = self { "row \(row + 1)" } else { "the row" } }
  }

  /// The most faults that are told together.
  static let most = 20
  private var faults: [CurveFault] = []
  private var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ fault: CurveFault) {
    count += 1
    if faults.count < Self.most { faults.append(fault) }
  }

  mutating func append(line: Int?, _ problem: String, mend remedy: String) {
    append(CurveFault(line: line, problem, mend: remedy))
  }

  mutating func emptyCell(_ place: Place, _ column: String) {
    append(
      line: place.line, "\(place.subject) has no value in column '\(column)'",
      mend: "give one, or leave the row out")
  }

  mutating func notFinite(_ text: String, _ place: Place, _ column: String) {
    append(
      line: place.line,
      "\(place.subject) has '\(text)' in column '\(column)', which is not a finite number",
      mend: "correct it, or leave the row out")
  }

  /// Columns are named, each by its own name.
  mutating func check(names: [String], line: Int?) {
    var known: Set<String> = []
    for (index, name) in names.enumerated() {
      if name.isEmpty || name.hasPrefix("__index_level_") {
        append(
          line: line, "column \(index + 1) has no name, as the index of a pandas table",
          mend: "name it, or write the table with index=False")
      } else if !known.insert(name).inserted {
        append(
          line: line, "two columns are named '\(name)'", mend: "leave one out, or rename it")
      } else if case .number = ScalarSyntax.number(name) {
        append(
          line: line, "column \(index + 1) is named '\(name)', a number",
          mend: "put a line of column names before the rows")
      }
    }
  }

  func throwAny(_ path: String) throws(InputFileError) {
    guard count > 0 else { return }
    var all = faults
    if count > faults.count {
      all.append(
        CurveFault(
          line: nil, "\(count - faults.count) more such faults", mend: "correct the first ones"))
    }
    throw InputFileError(path, all)
  }
}

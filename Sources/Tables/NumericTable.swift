/// A table of numbers with a provenance header: comment lines `# key: text`, a line of column names,
/// then rows of comma-separated numbers.
public struct NumericTable: Sendable, Hashable {
  /// The header's entries in their order; a comment line without a key has the key `""`.
  public let provenance: [(key: String, text: String)]
  /// The names of the columns.
  public let columnNames: [String]
  /// The numbers, `rows[row][column]`.
  public let rows: [[Double]]

  /// Reads a table.
  ///
  /// - Throws: ``TableError`` with the line of the first fault.
  public init(parsing text: String) throws(TableError) {
    var provenance: [(key: String, text: String)] = []
    var names: [String]?
    var rows: [[Double]] = []
    // A newline is one Character, "\r\n" too: splitting at "\n" alone would not see it.
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      if line.allSatisfy({ $0 == " " }) { continue }
      if line.first == "#" {
        provenance.append(Self.headerEntry(line.dropFirst()))
        continue
      }
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingSpaces()
      }
      guard let names else {
        names = cells
        continue
      }
      guard cells.count == names.count else {
        throw .wrongCellCount(line: index + 1, found: cells.count, expected: names.count)
      }
      var row: [Double] = []
      for cell in cells {
        guard let number = Double(cell), number.isFinite else {
          throw .notANumber(line: index + 1, text: cell)
        }
        row.append(number)
      }
      rows.append(row)
    }
    guard let names, !rows.isEmpty else { throw .empty }
    self.provenance = provenance
    self.columnNames = names
    self.rows = rows
  }

  private static func headerEntry(_ line: Substring) -> (key: String, text: String) {
    guard let colon = line.firstIndex(of: ":") else { return ("", line.trimmingSpaces()) }
    return (line[..<colon].trimmingSpaces(), line[line.index(after: colon)...].trimmingSpaces())
  }

  /// The column of that name, or `nil`.
  public func column(_ name: String) -> [Double]? {
    columnNames.firstIndex(of: name).map { index in rows.map { $0[index] } }
  }

  /// The header's text under that key, or `nil`.
  public func provenance(_ key: String) -> String? {
    provenance.first { $0.key == key }?.text
  }

  /// Tables are equal when header, names and numbers are.
  public static func == (left: NumericTable, right: NumericTable) -> Bool {
    left.columnNames == right.columnNames && left.rows == right.rows
      && left.provenance.elementsEqual(right.provenance, by: ==)
  }

  /// Hashes names and numbers.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(columnNames)
    hasher.combine(rows)
  }
}

/// What is wrong with a table, with the line where it is wrong.
public enum TableError: Error, Sendable, Hashable {
  /// No column names, or no rows.
  case empty
  /// A row with more or fewer cells than there are columns.
  case wrongCellCount(line: Int, found: Int, expected: Int)
  /// A cell that is not a finite number.
  case notANumber(line: Int, text: String)
}

extension Substring {
  fileprivate func trimmingSpaces() -> String {
    var text = self
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }
}

/// A table of numbers with a provenance header: comment lines `# key: text`, a line of column names,
/// then rows of comma-separated numbers, as ``CommaSeparatedText`` reads them.
public struct NumericTable: Sendable, Hashable {
  /// The header's entries in their order; a comment line without a key has the key `""`.
  public let provenance: [(key: String, text: String)]
  /// The names of the columns.
  public let columnNames: [String]
  /// The numbers, `rows[row][column]`.
  public let rows: [[Double]]
  /// Where each part stands in the text that was read.
  public let lines: Lines

  /// Line numbers of a table's parts, from 1, for whoever finds fault with what they say.
  public struct Lines: Sendable, Hashable {
    /// One for each entry of the header.
    public let provenance: [Int]
    /// That of the column names.
    public let columnNames: Int
    /// One for each row.
    public let rows: [Int]
  }

  /// Reads a table.
  ///
  /// - Throws: ``TableError`` with the line of the first fault.
  public init(parsing text: String) throws(TableError) {
    var faults: [TableError] = []
    self.init(parsing: text, faults: &faults)
    if let first = faults.first { throw first }
  }

  /// Reads what can be read of a table: a row at fault is left out, and what is wrong with it noted, so that all faults
  /// can be told together.
  ///
  /// - Parameters:
  ///   - text: the table's text.
  ///   - faults: what is wrong is put behind what is there, by line.
  public init(parsing text: String, faults: inout [TableError]) {
    var provenance: [(key: String, text: String)] = []
    var names: [String]?
    var rows: [[Double]] = []
    var found: [TableError] = []
    var (headerLines, nameLine, rowLines): ([Int], Int, [Int]) = ([], 0, [])
    reading: for record in CommaSeparatedText(text) {
      let cells: [String]
      switch record.content {
      case .comment(let text):
        provenance.append(Self.headerEntry(text[...]))
        headerLines.append(record.line)
        continue
      case .unreadable(let fault):
        found.append(fault)
        // No row may take the place of the names.
        if names == nil { break reading }
        continue
      case .cells(let read): cells = read
      }
      guard let names else {
        names = cells
        nameLine = record.line
        continue
      }
      guard cells.count == names.count else {
        found.append(
          .wrongCellCount(line: record.line, found: cells.count, expected: names.count))
        continue
      }
      let row = cells.compactMap { cell -> Double? in
        if let number = Double(cell), number.isFinite { return number }
        found.append(.notANumber(line: record.line, text: cell))
        return nil
      }
      guard row.count == names.count else { continue }
      rows.append(row)
      rowLines.append(record.line)
    }
    if rows.isEmpty, found.isEmpty { found.append(.empty) }
    faults += found
    self.provenance = provenance
    self.columnNames = names ?? []
    self.rows = rows
    self.lines = Lines(provenance: headerLines, columnNames: nameLine, rows: rowLines)
  }

  private static func headerEntry(_ line: Substring) -> (key: String, text: String) {
    guard let colon = line.firstIndex(of: ":") else { return ("", String(line.trimmingBlanks())) }
    let text = line[line.index(after: colon)...]
    return (String(line[..<colon].trimmingBlanks()), String(text.trimmingBlanks()))
  }

  /// The column of that name, or `nil`.
  public func column(_ name: String) -> [Double]? {
    columnNames.firstIndex(of: name).map { index in rows.map { $0[index] } }
  }

  /// The header's text under that key, or `nil`.
  public func provenance(_ key: String) -> String? {
    provenance.first { $0.key == key }?.text
  }

  /// Tables are equal when header, names and numbers are; on which lines these stand does not matter.
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
  /// Quotes inside a cell that does not begin with them, or text behind those that close a cell.
  case misplacedQuote(line: Int)
  /// Quotes that are opened and not closed: the text ends inside them.
  case unclosedQuote(line: Int)
}

extension TableError: CustomStringConvertible {
  /// The line of the fault; `nil` where the whole text is at fault.
  public var line: Int? {
    switch self {
    case .empty: nil
    case .wrongCellCount(let line, _, _), .notANumber(let line, _), .misplacedQuote(let line),
      .unclosedQuote(let line):
      line
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .empty: "there is no row of numbers"
    case .wrongCellCount(_, let found, let expected):
      "\(found) \(found == 1 ? "cell" : "cells") where \(expected) "
        + (expected == 1 ? "column is named" : "columns are named")
    case .notANumber(_, let text): "'\(text)' is not a finite number"
    case .misplacedQuote: "quotes stand inside a cell, not around it"
    case .unclosedQuote: "quotes are opened and not closed"
    }
  }

  /// How to mend it.
  public var remedy: String {
    switch self {
    case .empty: "write a line of column names, then rows of numbers"
    case .wrongCellCount: "give one value a column, separated by commas"
    case .notANumber: "write it as in 0.1 or 1e-8"
    case .misplacedQuote:
      "put the whole cell in quotes and double those inside, as in \"a \"\"b\"\"\""
    case .unclosedQuote: "close them, or take them away"
    }
  }

  /// `line 3: what; how to mend it`.
  public var description: String { (line.map { "line \($0): " } ?? "") + "\(problem); \(remedy)" }
}

extension Substring {
  /// Without the blanks and tabs at either end.
  fileprivate func trimmingBlanks() -> Substring {
    var text = self
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}

import Tables

/// The columns of a CSV file, each of the narrowest kind that gives its cells back.
struct CommaSeparatedColumns {
  private(set) var names: [String] = []
  private var nameLine: Int?
  private(set) var columns: [Column] = []
  /// The line of each row.
  private(set) var lines: [UInt32] = []

  /// Reads a text; no more rows than there may be.
  mutating func read(_ text: String, limits: TableLimits, _ faults: inout TableFaults) {
    for record in CommaSeparatedText(text) {
      switch record.content {
      case .comment: continue
      case .unreadable(let fault):
        faults.append(.init(fault))
        // No row may take the place of the names.
        if nameLine == nil { return }
      case .cells(let cells) where nameLine == nil:
        names = cells
        nameLine = record.line
        faults.check(names: cells, line: record.line)
        columns = cells.map { _ in Column() }
      case .cells(let cells):
        guard cells.count == names.count else {
          faults.append(
            .init(
              .wrongCellCount(line: record.line, found: cells.count, expected: names.count)))
          continue
        }
        guard lines.count < min(limits.rows, limits.cells / columns.count) else {
          faults.append(
            line: record.line, "there are more than \(lines.count) rows",
            mend: "cut the table into several")
          return
        }
        append(cells, line: record.line, &faults)
      }
    }
  }

  private mutating func append(_ cells: [String], line: Int, _ faults: inout TableFaults) {
    for (index, cell) in cells.enumerated() {
      if cell.isEmpty {
        faults.emptyCell(.line(line), names[index])
      } else if !columns[index].append(cell) {
        faults.notFinite(cell, .line(line), names[index])
      }
    }
    lines.append(UInt32(line))
  }

  /// A column to which cells are added: integers until there is a number, numbers until there is a text.
  struct Column {
    private enum Kind { case integers, numbers, texts }
    private var kind = Kind.integers
    private var integers: [Int64] = []
    private var numbers: [Double] = []
    private var texts = RepeatedTexts()

    var values: ColumnValues {
      switch kind {
      case .integers: .integers(integers)
      case .numbers: .numbers(numbers)
      case .texts: .texts(texts)
      }
    }

    /// Adds a cell, unless it is a number that is not finite.
    mutating func append(_ cell: String) -> Bool {
      if let integer = Self.integer(cell) {
        append(integer)
        return true
      }
      switch ScalarSyntax.number(cell) {
      case .number(let number): append(number)
      case .notFinite, .tooLarge: return false
      case .notANumber:
        become(.texts)
        texts.append(cell)
      }
      return true
    }

    /// Digits and a sign, as far as 64 bits hold them; `-0` is a number, since no integer is.
    private static func integer(_ cell: String) -> Int64? {
      let digits = cell.utf8.first == UInt8(ascii: "-") ? cell.utf8.dropFirst() : cell.utf8[...]
      guard (1...19).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
        let integer = Int64(cell), integer != 0 || digits.count == cell.utf8.count
      else { return nil }
      return integer
    }

    private mutating func append(_ integer: Int64) {
      // A double has 53 bits.
      if kind == .numbers, integer.magnitude > 1 << 53 { become(.texts) }
      switch kind {
      case .integers: integers.append(integer)
      case .numbers: numbers.append(Double(integer))
      case .texts: texts.append(String(integer))
      }
    }

    private mutating func append(_ number: Double) {
      if kind == .integers {
        become(integers.contains { $0.magnitude > 1 << 53 } ? .texts : .numbers)
      }
      switch kind {
      case .integers, .numbers: numbers.append(number)
      case .texts: texts.append(ColumnValues.numbers([number]).text(at: 0))
      }
    }

    /// Takes the values over into a wider kind.
    private mutating func become(_ wider: Kind) {
      guard wider != kind else { return }
      if wider == .numbers {
        numbers = integers.map(Double.init)
      } else {
        let old = values
        for row in 0..<old.count { texts.append(old.text(at: row)) }
        numbers = []
      }
      integers = []
      kind = wider
    }
  }
}

/// Where a value was given: a place in a file, or an option on the command line.
public enum CardLocation: Sendable, Hashable, CustomStringConvertible {
  /// A place in a file; line and column count from 1.
  case file(name: String, line: Int, column: Int)
  /// A file as a whole: missing, unreadable, a folder.
  case wholeFile(name: String)
  /// An option, as it was typed: `--set model.m1_GeV=abc`.
  case option(String)
  /// A row of a table of points: `line 12`, `row 11`.
  case row(String, ofTable: String)

  /// The location as it stands at the head of a message: `my.yaml:14:3`.
  public var description: String {
    switch self {
    case .file(let name, let line, let column): "\(name):\(line):\(column)"
    case .wholeFile(let name): name
    case .option(let text): text
    case .row(let row, let table): "\(table), \(row)"
    }
  }

  /// Line and column, or zeros where there are none; faults of one file are sorted by them.
  var lineAndColumn: (Int, Int) {
    switch self {
    case .file(_, let line, let column): (line, column)
    case .wholeFile, .option, .row: (0, 0)
    }
  }
}

/// What a value was read from: the built-in card, a file, an option.
struct CardSource: Sendable, Hashable {
  /// The name that heads a message: a path as the user typed it, or the option.
  var name: String
  /// The folder from which relative paths in this source count.
  var folder: String
  /// How high the source stands: built in 0, card 1, files that a card names 2, options 3 and up.
  var layer: Int
  /// An option has no lines.
  var isOption: Bool = false

  /// The location of a line and a column of this source.
  func location(line: Int, column: Int) -> CardLocation {
    isOption ? .option(name) : .file(name: name, line: line, column: column)
  }
}

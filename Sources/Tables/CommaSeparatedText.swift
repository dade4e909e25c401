/// The records of a comma-separated text, one after the other: comment lines that begin with `#`, and lines of cells.
///
/// A cell may stand in double quotes, and then holds commas, line ends, blanks at its ends and, doubled, quotes; other
/// cells are taken without the blanks and tabs around them. Lines end with `\n`, `\r\n` or `\r`; empty ones are left out.
///
///     for record in CommaSeparatedText("a,b\n1,\"2,5\"\n") { … }  // cells a and b, then 1 and 2,5
///
/// Source: RFC 4180, section 2; comment lines and blanks around cells are this project's.
public struct CommaSeparatedText: Sequence, IteratorProtocol {
  /// A comment or the cells of a line.
  public struct Record: Sendable, Hashable {
    /// The line on which it begins, from 1.
    public var line: Int
    /// What it says.
    public var content: Content
  }

  /// What a record says.
  public enum Content: Sendable, Hashable {
    /// The text behind `#`.
    case comment(String)
    /// The cells of a line.
    case cells([String])
    /// A line that cannot be read: it is left out.
    case unreadable(TableError)
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  /// The cells of the last record: the next one will have as many.
  private var width = 0

  /// The records of a text.
  public init(_ text: String) { bytes = Array(text.utf8) }

  /// The next record.
  public mutating func next() -> Record? {
    while position < bytes.count {
      skipBlanks()
      if takeLineEnd() { continue }
      guard position < bytes.count else { break }
      let start = line
      if bytes[position] == UInt8(ascii: "#") {
        position += 1
        return Record(line: start, content: .comment(restOfLine()))
      }
      return Record(line: start, content: cells())
    }
    return nil
  }

  private mutating func cells() -> Content {
    let start = line
    var cells: [String] = []
    cells.reserveCapacity(width)
    while true {
      skipBlanks()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        guard let cell = plainCell() else { return misplacedQuote(start) }
        cells.append(cell)
        if endsCell() { break }
        continue
      }
      guard let cell = quotedCell() else { return .unreadable(.unclosedQuote(line: start)) }
      cells.append(cell)
      skipBlanks()
      guard isAtEndOfCell else { return misplacedQuote(start) }
      if endsCell() { break }
    }
    width = cells.count
    return .cells(cells)
  }

  /// Steps over the comma or the line end behind a cell, and tells whether the cell was the last of its line.
  private mutating func endsCell() -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else {
      takeLineEnd()
      return true
    }
    position += 1
    return false
  }

  private mutating func misplacedQuote(_ start: Int) -> Content {
    _ = restOfLine()
    return .unreadable(.misplacedQuote(line: start))
  }

  /// A cell without quotes; `nil` if there is one in it.
  private mutating func plainCell() -> String? {
    let start = position
    while !isAtEndOfCell {
      if bytes[position] == UInt8(ascii: "\"") { return nil }
      position += 1
    }
    var end = position
    while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// A cell as it is written: in quotes where it would read as something else.
  public static func quoted(_ cell: String) -> String {
    // A line that begins with # is a remark.
    // By bytes: a comma and an accent are one character to Swift, and no comma.
    let bytes = cell.utf8
    let blanks = " \t".utf8
    let isPlain =
      bytes.first != UInt8(ascii: "#") && !bytes.contains { ",\"\n\r".utf8.contains($0) }
      && ![bytes.first, bytes.last].contains { $0.map(blanks.contains) ?? false }
    guard !isPlain else { return cell }
    let quote = UInt8(ascii: "\"")
    return String(
      decoding: [quote] + bytes.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote],
      as: UTF8.self)
  }

  /// A cell in quotes; `nil` if they are not closed.
  private mutating func quotedCell() -> String? {
    var cell: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        guard position < bytes.count, bytes[position] == byte else {
          return String(decoding: cell, as: UTF8.self)
        }
        cell.append(byte)
        position += 1
        continue
      }
      let start = position
      if !takeLineEnd() { position += 1 }
      cell += bytes[start..<position]
    }
    return nil
  }

  private mutating func restOfLine() -> String {
    let start = position
    while position < bytes.count, !Self.endsLine(bytes[position]) { position += 1 }
    defer { takeLineEnd() }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  @discardableResult
  private mutating func takeLineEnd() -> Bool {
    guard position < bytes.count, Self.endsLine(bytes[position]) else { return false }
    let isPair =
      bytes[position] == UInt8(ascii: "\r") && position + 1 < bytes.count
      && bytes[position + 1] == UInt8(ascii: "\n")
    position += isPair ? 2 : 1
    line += 1
    return true
  }

  private mutating func skipBlanks() {
    while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
  }

  private var isAtEndOfCell: Bool {
    position >= bytes.count || bytes[position] == UInt8(ascii: ",")
      || Self.endsLine(bytes[position])
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static func endsLine(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}

import Reach
import Units

/// Events as CSV: one line an event behind a header of comment lines, numbers in the shortest form that reads back to the
/// same double.
public struct EventTable: EventFile, ~Copyable {
  private var file: OutputFile

  /// Opens a table and writes its head.
  public init(at path: String, card: RunCard) throws(FileError) {
    var file = try OutputFile(at: path)
    let header = Provenance(of: card).headerLines(title: EventFileFormat.title(card))
    try file.write(
      (header + EventFileFormat.remarks.map { "# " + $0 }).joined(separator: "\n") + "\n")
    try file.write(Self.columnNames.joined(separator: ",") + "\n")
    self.file = file
  }

  /// The names of the columns.
  public static let columnNames = EventBlock.Column.all.map(\.name)

  /// Writes events.
  public mutating func write(_ events: EventBlock) throws(FileError) {
    var text = ""
    text.reserveCapacity(events.count * 700)
    let columns = EventBlock.Column.all.map { events.values($0) }
    for row in 0..<events.count {
      for (c, column) in columns.enumerated() {
        if c > 0 { text += "," }
        text += ShortestNumber.text(column[row])
      }
      text += "\n"
    }
    try file.write(text)
  }

  /// Gives the file its name.
  public consuming func commit() throws(FileError) { try file.commit() }
}

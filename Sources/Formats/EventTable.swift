import Reach
import Units

/// Events as CSV: one line an event behind a header of comment lines, numbers in the shortest form that reads back to the
/// same double.
public struct EventTable: EventText {
  private let card: RunCard
  private let outlook: EventSample.Outlook

  /// The text of a sample.
  public init(card: RunCard, outlook: EventSample.Outlook) {
    (self.card, self.outlook) = (card, outlook)
  }

  /// The header: card and provenance, remarks, the names of the columns.
  public var head: String {
    let header = Provenance(of: card).headerLines(title: EventFileHead.title(card))
    let lines =
      header + EventFileHead.remarks(card, outlook).map { "# " + $0 }
      + [Self.columnNames.joined(separator: ",")]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Nothing.
  public var tail: String { "" }

  /// The names of the columns.
  public static let columnNames = EventBlock.Column.all.map(\.name)

  /// About how many bytes a line has.
  public static let bytesPerEvent = 720

  /// Appends a line for each event.
  public func append(_ events: EventBlock, first: Int, to bytes: inout [UInt8]) {
    let columns = EventBlock.Column.all.map { events.values($0) }
    for row in 0..<events.count {
      for (c, column) in columns.enumerated() {
        if c > 0 { bytes.append(UInt8(ascii: ",")) }
        ShortestNumber.append(column[row], to: &bytes)
      }
      bytes.append(UInt8(ascii: "\n"))
    }
  }
}

import Integration
import Reach

/// Events as a text: what stands before them, for each of them, and behind them.
public protocol EventText: Sendable {
  /// The text of a sample.
  init(card: RunCard, outlook: EventSample.Outlook)
  /// What stands before the events.
  var head: String { get }
  /// What stands behind them.
  var tail: String { get }
  /// Appends events.
  ///
  /// - Parameter first: the number of the first of them in the file, from 0.
  func append(_ events: EventBlock, first: Int, to bytes: inout [UInt8])
  /// About how many bytes an event has.
  static var bytesPerEvent: Int { get }
}

/// A file of events in one of the text formats, compressed by gzip or not.
///
/// A few blocks of events at a time become text, and are compressed, on several threads; they are written in order. The
/// bytes depend on the blocks alone. No more than these blocks is in memory.
public struct EventTextFile<Text: EventText>: EventFile, ~Copyable {
  private var file: OutputFile
  private let path: String
  private let card: RunCard
  private let threads: Int
  private let isCompressed: Bool
  private var text: Text?
  private var waiting: [EventBlock] = []
  /// Events that are written or wait.
  private var eventCount = 0
  private var gzip = GzipMember()

  private static var blocksPerThread: Int { 2 }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - isCompressed: whether gzip compresses it.
  ///   - threads: how many threads may work on it.
  public init(
    at path: String, card: RunCard, isCompressed: Bool, threads: Int
  ) throws(FileError) {
    file = try OutputFile(at: path)
    self.path = path
    self.card = card
    self.threads = threads
    self.isCompressed = isCompressed
  }

  /// Writes the head.
  public mutating func begin(_ outlook: EventSample.Outlook) throws(FileError) {
    precondition(text == nil, "a file has one head")
    let text = Text(card: card, outlook: outlook)
    self.text = text
    if isCompressed { try file.write(GzipMember.head) }
    try write(Part(Array(text.head.utf8), isCompressed: isCompressed))
  }

  /// Writes events.
  public mutating func write(_ events: EventBlock) async throws {
    waiting.append(events)
    eventCount += events.count
    if waiting.count >= Self.blocksPerThread * threads { try await writeWaiting() }
  }

  /// Writes what waits and the end, and gives the file its name.
  public consuming func commit() async throws {
    guard let text else { preconditionFailure("a file begins with its head") }
    try await writeWaiting()
    try write(Part(Array(text.tail.utf8), isCompressed: isCompressed))
    if isCompressed { try file.write(gzip.tail) }
    try file.commit()
  }

  /// A piece of the file as it is written.
  private enum Part: Sendable {
    case plain([UInt8])
    case compressed(GzipPart)
    case outOfMemory

    init(_ bytes: [UInt8], isCompressed: Bool) {
      guard isCompressed else {
        self = .plain(bytes)
        return
      }
      self = GzipPart(bytes).map { .compressed($0) } ?? .outOfMemory
    }
  }

  private mutating func writeWaiting() async throws {
    guard let text else { preconditionFailure("a file begins with its head") }
    let (blocks, isCompressed) = (waiting, isCompressed)
    waiting = []
    var first = eventCount - blocks.reduce(0) { $0 + $1.count }
    let firsts = blocks.map { block in
      defer { first += block.count }
      return first
    }
    let parts = try await concurrentMap(count: blocks.count, threads: threads) { k in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(blocks[k].count * Text.bytesPerEvent)
      text.append(blocks[k], first: firsts[k], to: &bytes)
      return Part(bytes, isCompressed: isCompressed)
    }
    for part in parts { try write(part) }
  }

  private mutating func write(_ part: Part) throws(FileError) {
    switch part {
    case .plain(let bytes): try file.write(bytes)
    case .compressed(let part):
      gzip.add(part)
      try file.write(part.bytes)
    case .outOfMemory:
      throw FileError(
        "compressing", path, because: "there is not enough memory",
        mend: "free some, or write without .gz")
    }
  }
}

import Formats
import Foundation
import GRDB
import Sampling

/// The state of a scan in an SQLite file: what it is, and the outcome of every finished point.
///
/// A point is there whole or not at all, whenever the process dies: each is a transaction of its own. One process at a time has a state open
/// for writing. Every row carries a digest of its bytes, so that damage is found when a state is opened.
public final class ScanState: Sendable {
  /// The path of the file.
  public let path: String
  /// What the scan is.
  public let definition: ScanDefinition
  private let queue: DatabaseQueue
  private let lock: FileLock?

  /// How a state is opened.
  public enum Access: Sendable {
    /// For computing: nobody else may.
    case writing
    /// For a look, while somebody may compute.
    case reading
  }

  /// The state's file in the folder of a scan.
  public static func path(in folder: String) -> String { folder + "/scan.sqlite" }

  /// Opens a state for computing, and begins one where there is none.
  ///
  /// - Throws: ``ScanError``, of another scan, of a lock, of damage, of the disk.
  public convenience init(at path: String, beginning definition: ScanDefinition) throws {
    let lock = try FileLock(path + ".lock")
    let queue = try Self.opened(path, readOnly: false)
    try Self.checked(path) {
      try queue.write { database in
        if try !database.tableExists("scan") { try Self.begin(definition, in: database) }
      }
    }
    try self.init(path, queue, lock)
    if let difference = definition.difference(to: self.definition) {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
      throw ScanError.otherScan(folder: folder, difference: difference)
    }
  }

  /// Opens a state that is there.
  ///
  /// - Throws: ``ScanError``.
  public convenience init(at path: String, for access: Access) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw ScanError.noScan(
        folder: URL(fileURLWithPath: path).deletingLastPathComponent().relativePath)
    }
    let lock = try access == .writing ? FileLock(path + ".lock") : nil
    try self.init(path, Self.opened(path, readOnly: access == .reading), lock)
  }

  private init(_ path: String, _ queue: DatabaseQueue, _ lock: FileLock?) throws {
    self.path = path
    self.queue = queue
    self.lock = lock
    definition = try Self.checked(path) {
      try queue.read { database in
        let faults = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
        guard faults == ["ok"] else {
          throw ScanError.corrupted(path: path, what: faults.first ?? "no answer")
        }
        return try Self.definition(in: database, path: path)
      }
    }
    // Every row, once: damage is found before anything is built on it.
    try forEachOutcome { _, _ in }
  }

  // MARK: what the scan is

  private static let format = 1

  private static func begin(_ definition: ScanDefinition, in database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE scan (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE point (number INTEGER PRIMARY KEY, numbers BLOB NOT NULL, reason TEXT, digest INTEGER NOT NULL);
        CREATE TABLE given (number INTEGER PRIMARY KEY, cells TEXT NOT NULL);
        """)
    let facts = [
      ("format", "\(format)"), ("version", definition.version), ("commit", definition.commit),
      ("card_name", definition.card.name), ("card", definition.card.recordedText),
      ("columns", try Self.text(definition.table?.columns ?? [])),
      ("digest", "\(definition.digest)"),
    ]
    for (key, value) in facts {
      try database.execute(sql: "INSERT INTO scan VALUES (?, ?)", arguments: [key, value])
    }
    for (number, cells) in (definition.table?.rows ?? []).enumerated() {
      try database.execute(
        sql: "INSERT INTO given VALUES (?, ?)", arguments: [number, Self.text(cells)])
    }
  }

  private static func text(_ cells: [String]) throws -> String {
    String(decoding: try JSONEncoder().encode(cells), as: UTF8.self)
  }

  private static func cells(_ text: String) throws -> [String] {
    try JSONDecoder().decode([String].self, from: Data(text.utf8))
  }

  private static func definition(in database: Database, path: String) throws -> ScanDefinition {
    func damaged(_ what: String) -> ScanError { .corrupted(path: path, what: what) }
    guard try database.tableExists("scan"), try database.tableExists("point"),
      try database.tableExists("given")
    else { throw damaged("it has not the tables of a scan") }
    var facts: [String: String] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT key, value FROM scan") {
      facts[row["key"]] = row["value"]
    }
    guard facts["format"] == "\(format)" else {
      throw damaged(
        "its format is \(facts["format"] ?? "not told"), and this program reads format \(format)")
    }
    guard let text = facts["card"], let name = facts["card_name"], let version = facts["version"],
      let commit = facts["commit"], let columns = try facts["columns"].map(cells)
    else { throw damaged("the card or the version is missing") }
    let rows = try String.fetchAll(database, sql: "SELECT cells FROM given ORDER BY number")
      .map(cells)
    let definition: ScanDefinition
    do {
      definition = try ScanDefinition(
        RunCard.load(text: text, name: name),
        table: columns.isEmpty ? nil : ScanRows(columns: columns, rows: rows),
        version: version, commit: commit)
    } catch let error as RunCardError {
      throw damaged("its card is at fault: \(error.faults[0].problem)")
    }
    guard facts["digest"] == "\(definition.digest)" else {
      throw damaged("its card or its table is not what was written")
    }
    return definition
  }

  // MARK: points

  private static func digest(_ number: Int, _ numbers: Data, _ reason: String?) -> Int64 {
    var digest = Digest()
    digest.combine(UInt64(number))
    numbers.withUnsafeBytes { bytes in
      for place in stride(from: 0, to: bytes.count - 7, by: 8) {
        digest.combine(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      }
    }
    digest.combine(reason ?? "")
    return Int64(bitPattern: digest.value)
  }

  /// Keeps the outcome of a point: on the disk when this returns, as far as the process is concerned.
  ///
  /// - Throws: ``ScanError``.
  public func record(_ outcome: ScanOutcome, of point: Int) throws {
    try Self.checked(path) {
      try queue.write { try Self.insert(outcome, of: point, "INSERT", in: $0) }
    }
  }

  /// - Parameter verb: `INSERT`, or `INSERT OR IGNORE` where the point may be there.
  private static func insert(
    _ outcome: ScanOutcome, of point: Int, _ verb: String, in database: Database
  ) throws {
    let numbers = outcome.values.withUnsafeBytes { Data($0) }
    let arguments: [(any DatabaseValueConvertible)?] = [
      point, numbers, outcome.reason, digest(point, numbers, outcome.reason),
    ]
    try database.cachedStatement(sql: "\(verb) INTO point VALUES (?, ?, ?, ?)")
      .execute(arguments: StatementArguments(arguments))
  }

  /// Which points are finished.
  public func finishedPoints() throws -> Set<Int> {
    try Self.checked(path) {
      try queue.read { try Int.fetchSet($0, sql: "SELECT number FROM point") }
    }
  }

  /// How many points are finished, and how many of them have no number.
  public func progress() throws -> (finished: Int, withReason: Int) {
    try Self.checked(path) {
      try queue.read {
        (
          try Int.fetchOne($0, sql: "SELECT count(*) FROM point") ?? 0,
          try Int.fetchOne($0, sql: "SELECT count(*) FROM point WHERE reason IS NOT NULL") ?? 0
        )
      }
    }
  }

  /// Calls a function with every finished point, by number. A row whose digest does not fit is damage.
  public func forEachOutcome(_ body: (Int, ScanOutcome) throws -> Void) throws {
    let width = definition.card.plan.scan.quantity.columns.count
    try Self.checked(path) {
      try queue.read { database in
        let rows = try Row.fetchCursor(
          database, sql: "SELECT number, numbers, reason, digest FROM point ORDER BY number")
        while let row = try rows.next() {
          let number: Int = row[0]
          let numbers: Data = row[1]
          let reason: String? = row[2]
          guard numbers.count == 8 * width, (0..<definition.space.count).contains(number),
            row[3] == Self.digest(number, numbers, reason)
          else {
            throw ScanError.corrupted(path: path, what: "point \(number) is not what was written")
          }
          let values = numbers.withUnsafeBytes { bytes in
            (0..<width).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
          }
          try body(number, ScanOutcome(values: values, reason: reason))
        }
      }
    }
  }

  /// Takes over the points of another state of the same scan.
  ///
  /// - Throws: ``ScanError``.
  public func take(from other: ScanState) throws {
    if let difference = definition.difference(to: other.definition) {
      throw ScanError.otherScan(folder: other.path, difference: difference)
    }
    try Self.checked(path) {
      try queue.write { database in
        try other.forEachOutcome { number, outcome in
          try Self.insert(outcome, of: number, "INSERT OR IGNORE", in: database)
        }
      }
    }
  }

  /// Refuses a state of another version or commit of this program, whose points would differ.
  ///
  /// - Throws: ``ScanError/otherScan(folder:difference:)``.
  public func requireThisProgram() throws(ScanError) {
    let (version, commit) = (Provenance.programVersion, Provenance.programCommit)
    guard let difference = definition.difference(toVersion: version, commit) else { return }
    throw .otherScan(folder: path, difference: difference)
  }

  /// Closes the file, all of it in one.
  public func close() throws {
    try Self.checked(path) {
      // One plain file, which may be read where nothing can be written. Somebody who reads it at this moment keeps it as it is.
      queue.writeWithoutTransaction { _ = try? $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try queue.close()
    }
  }

  // MARK: the disk

  private static func opened(_ path: String, readOnly: Bool) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      // What a crash of the machine may lose in this mode are the last points, never the file.
      if !readOnly { try database.execute(sql: "PRAGMA synchronous = NORMAL") }
    }
    return try checked(path) {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      // Ahead of the file, so that readers never hold up what is written.
      if !readOnly {
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
      }
      return queue
    }
  }

  /// SQLite's errors in our words.
  private static func checked<Result>(_ path: String, _ body: () throws -> Result) throws -> Result
  {
    do { return try body() } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB:
        throw ScanError.corrupted(path: path, what: error.message ?? "SQLite cannot read it")
      case .SQLITE_FULL:
        throw ScanError.storage(
          path: path, reason: "no space left on device", remedy: "make room on the disk")
      case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
        throw ScanError.storage(
          path: path, reason: error.message ?? "it cannot be written",
          remedy: "choose a folder where you may write")
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        throw ScanError.locked(path: path, by: "SQLite says so")
      default:
        throw ScanError.storage(
          path: path, reason: error.message ?? "\(error.resultCode)", remedy: "check the disk")
      }
    }
  }
}

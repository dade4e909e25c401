import Formats
import Foundation
import GRDB
import Sampling
import Synchronization

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
  private let isClosed = Atomic(false)

  /// How a state is opened.
  public enum Access: Sendable {
    /// For computing: nobody else may.
    case writing
    /// For taking over points of others, as one task of a cluster: no memory is shared with who reads on another machine.
    case merging
    /// For a look, while somebody may compute.
    case reading
  }

  /// The state's file in the folder of a scan.
  public static func path(in folder: String) -> String { folder + "/scan.sqlite" }

  /// Opens a state for computing, and begins one where there is none.
  ///
  /// - Throws: ``ScanError``, of another scan, of a lock, of damage, of the disk.
  public convenience init(at path: String, beginning definition: ScanDefinition) throws {
    try self.init(path, beginning: definition, as: .whole)
  }

  /// Opens the state of a shard for computing, and begins one where there is none. It keeps no table of points: the scan has it.
  ///
  /// - Throws: ``ScanError``.
  public convenience init(at path: String, beginningShardOf definition: ScanDefinition) throws {
    try self.init(path, beginning: definition, as: .shard)
  }

  /// Opens the state of a shard, to read it.
  ///
  /// - Throws: ``ScanError``; ``ScanError/staleShard(path:difference:)`` where it is of another scan.
  public convenience init(at path: String, shardOf definition: ScanDefinition) throws {
    try self.init(path, Self.opened(path, readOnly: true), nil, of: definition, as: .shard)
  }

  /// Opens a state that is there.
  ///
  /// - Throws: ``ScanError``.
  public convenience init(at path: String, for access: Access) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw ScanError.noScan(folder: Self.folder(of: path))
    }
    let lock = try access == .reading ? nil : FileLock(path + ".lock")
    try self.init(
      path, Self.opened(path, readOnly: access == .reading), lock, writesAhead: access == .writing)
  }

  private enum Role { case whole, shard }

  private convenience init(
    _ path: String, beginning definition: ScanDefinition, as role: Role
  ) throws {
    let lock = try FileLock(path + ".lock")
    let queue = try Self.opened(path, readOnly: false)
    try Self.checked(path) {
      guard try queue.read(StoredScan.isEmpty) else { return }
      try Self.writeAhead(queue)
      try queue.write { try Self.begin(definition, withRows: role == .whole, in: $0) }
      // Into the file itself, so that a copy of it alone knows what scan it is.
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }
    try self.init(path, queue, lock, of: definition, as: role)
  }

  /// - Parameter known: what the state must be of.
  private init(
    _ path: String, _ queue: DatabaseQueue, _ lock: FileLock?, of known: ScanDefinition? = nil,
    as role: Role = .whole, writesAhead: Bool = true
  ) throws {
    self.path = path
    self.queue = queue
    self.lock = lock
    definition = try Self.checked(path) {
      try queue.read { database in
        let faults = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
        guard faults == ["ok"] else {
          throw ScanError.corrupted(path: path, what: faults.first ?? "no answer")
        }
        let stored = try StoredScan(database, path: path)
        guard let known else { return try stored.definition(database) }
        if let difference = known.identity.difference(to: stored.identity) {
          throw role == .shard
            ? ScanError.staleShard(path: path, difference: difference)
            : ScanError.otherScan(folder: Self.folder(of: path), difference: difference)
        }
        return known
      }
    }
    // Every row, once: damage is found before anything is built on it.
    try forEachOutcome { _, _ in }
    if lock != nil {
      try Self.checked(path) {
        if writesAhead { try Self.writeAhead(queue) } else { _ = try Self.leaveWriteAhead(queue) }
      }
    }
  }

  /// However a run ends, short of being killed, it leaves one plain file.
  deinit { _ = try? close() }

  /// The folder of a file.
  static func folder(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
  }

  // MARK: what the scan is

  private static func begin(
    _ definition: ScanDefinition, withRows: Bool, in database: Database
  ) throws {
    try database.execute(
      sql: """
        CREATE TABLE scan (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE point (number INTEGER PRIMARY KEY, numbers BLOB NOT NULL, reason TEXT, digest INTEGER NOT NULL);
        """)
    try StoredScan.write(definition, to: database)
    if withRows { try definition.space.rows?.write(to: database) }
  }

  // MARK: points

  private static func digest(_ number: Int, _ numbers: Data, _ reason: String?) -> Int64 {
    var digest = Digest()
    digest.combine(UInt64(number))
    digest.combine(numbers)
    digest.combine(reason ?? "")
    return Int64(bitPattern: digest.value)
  }

  /// Keeps the outcome of a point: on the disk when this returns, as far as the process is concerned.
  ///
  /// - Throws: ``ScanError``.
  public func record(_ outcome: ScanOutcome, of point: Int) throws {
    try Self.checked(path) {
      _ = try queue.write { try Self.insert(outcome, of: point, "INSERT", in: $0) }
    }
  }

  /// - Parameter verb: `INSERT`, or `INSERT OR IGNORE` where the point may be there.
  /// - Returns: the digest of its row.
  private static func insert(
    _ outcome: ScanOutcome, of point: Int, _ verb: String, in database: Database
  ) throws -> Int64 {
    let numbers = outcome.values.withUnsafeBytes { Data($0) }
    let digest = digest(point, numbers, outcome.reason)
    let arguments: [(any DatabaseValueConvertible)?] = [point, numbers, outcome.reason, digest]
    try database.cachedStatement(sql: "\(verb) INTO point VALUES (?, ?, ?, ?)")
      .execute(arguments: StatementArguments(arguments))
    return digest
  }

  /// Which points are finished.
  public func finishedPoints() throws -> Set<Int> {
    try Self.checked(path) {
      try queue.read { try Int.fetchSet($0, sql: "SELECT number FROM point") }
    }
  }

  /// Which finished points have a reason instead of a number.
  public func pointsWithReason() throws -> Set<Int> {
    try Self.checked(path) {
      try queue.read {
        try Int.fetchSet($0, sql: "SELECT number FROM point WHERE reason IS NOT NULL")
      }
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
          let stored = row[1] as DatabaseValue
          guard let number = Int.fromDatabaseValue(row[0]),
            let numbers = Data.fromDatabaseValue(stored),
            case .blob = stored.storage, numbers.count == 8 * width,
            (0..<definition.space.count).contains(number),
            let reason = Self.reason(row[2]),
            Int64.fromDatabaseValue(row[3]) == Self.digest(number, numbers, reason)
          else {
            throw ScanError.corrupted(
              path: path, what: "point \(row[0] as DatabaseValue) is not what was written")
          }
          let values = numbers.withUnsafeBytes { bytes in
            (0..<width).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
          }
          try body(number, ScanOutcome(values: values, reason: reason))
        }
      }
    }
  }

  /// A reason or none; `nil` where it is neither.
  private static func reason(_ value: DatabaseValue) -> String?? {
    value.isNull ? .some(nil) : String.fromDatabaseValue(value).map { .some($0) }
  }

  /// Takes over the points of another state of the same scan.
  ///
  /// - Throws: ``ScanError``; ``ScanError/corrupted(path:what:)`` where a point differs from what is here.
  public func take(from other: ScanState) throws {
    if let difference = definition.identity.difference(to: other.definition.identity) {
      throw ScanError.notMergeable(path: other.path, into: path, difference: difference)
    }
    try Self.checked(path) {
      try queue.write { database in
        try other.forEachOutcome { number, outcome in
          let digest = try Self.insert(outcome, of: number, "INSERT OR IGNORE", in: database)
          guard database.changesCount == 0 else { return }
          let here = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT digest FROM point WHERE number = ?"),
            arguments: [number])
          guard here == digest else {
            throw ScanError.corrupted(
              path: other.path, what: "its point \(number) differs from that of \(path)")
          }
        }
      }
    }
  }

  /// Refuses a state of another version or commit of this program, whose points would differ.
  ///
  /// - Throws: ``ScanError/otherProgram(path:difference:)``.
  public func requireThisProgram() throws(ScanError) {
    let (version, commit) = (Provenance.programVersion, Provenance.programCommit)
    guard let difference = definition.identity.difference(toVersion: version, commit) else {
      return
    }
    throw .otherProgram(path: path, difference: difference)
  }

  /// Closes the file: one plain file, which may be read where nothing can be written.
  ///
  /// - Returns: whether it is one. Where somebody reads it at this moment its last points stay in the log beside it.
  /// - Throws: ``ScanError``, where the disk has no room for it: the log beside it has what is missing.
  @discardableResult
  public func close() throws -> Bool {
    var isPlain = true
    if lock != nil, !isClosed.exchange(true, ordering: .relaxed) {
      try Self.checked(path) { isPlain = try Self.leaveWriteAhead(queue) }
    }
    try Self.checked(path) { try queue.close() }
    return isPlain
  }

  /// Puts the log into the file; waits two seconds for those who read.
  private static func leaveWriteAhead(_ queue: DatabaseQueue) throws -> Bool {
    try queue.writeWithoutTransaction { database in
      for attempt in 0..<20 {
        if attempt > 0 { usleep(100_000) }
        do {
          let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
          if mode == "delete" { return true }
        } catch let error as DatabaseError
          where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode)
        {}
      }
      try database.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)")
      return false
    }
  }

  // MARK: the disk

  private static func opened(_ path: String, readOnly: Bool) throws -> DatabaseQueue {
    // SQLite would throw away a log whose file has nothing in it.
    if size(of: path) == 0, size(of: path + "-wal") > 0 {
      throw ScanError.corrupted(path: path, what: "it is empty, and beside it is a log of points")
    }
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      // What a crash of the machine may lose in this mode are the last points, never the file.
      if !readOnly { try database.execute(sql: "PRAGMA synchronous = NORMAL") }
    }
    return try checked(path) {
      try DatabaseQueue(path: path, configuration: configuration)
    }
  }

  /// From now on ahead of the file, so that readers never hold up what is written.
  private static func writeAhead(_ queue: DatabaseQueue) throws {
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
  }

  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
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
        let log = path + "-wal"
        throw ScanError.storage(
          path: path, reason: error.message ?? "it cannot be written",
          remedy: FileManager.default.fileExists(atPath: log)
            ? "a run that was killed left its last points in \(log): open it once where you may write, by 'duskline scan resume'"
            : "choose a folder where you may write")
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        throw ScanError.locked(path: path, by: "SQLite says so")
      default:
        throw ScanError.storage(
          path: path, reason: error.message ?? "\(error.resultCode)", remedy: "check the disk")
      }
    }
  }
}

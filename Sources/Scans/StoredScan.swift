import Formats
import Foundation
import GRDB

/// What a state's file says of its scan, beside the points.
struct StoredScan {
  /// What tells the scan from others.
  let identity: ScanIdentity
  private let cardName: String
  private let path: String

  private static let format = "2"

  /// Whether a file has nothing in it: a run that was killed before its first word leaves one.
  static func isEmpty(_ database: Database) throws -> Bool {
    try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
  }

  /// Reads what a file says.
  ///
  /// - Throws: ``ScanError/noScan(folder:)``, ``ScanError/corrupted(path:what:)``.
  init(_ database: Database, path: String) throws {
    self.path = path
    func damaged(_ what: String) -> ScanError { .corrupted(path: path, what: what) }
    if try Self.isEmpty(database) { throw ScanError.noScan(folder: ScanState.folder(of: path)) }
    guard try database.tableExists("scan"), try database.tableExists("point") else {
      throw damaged("it has not the tables of a scan")
    }
    var facts: [String: String] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT key, value FROM scan") {
      guard let key = String.fromDatabaseValue(row[0]) else { continue }
      facts[key] = String.fromDatabaseValue(row[1])
    }
    guard facts["format"] == Self.format else {
      guard let format = facts["format"], let version = facts["version"],
        let commit = facts["commit"]
      else { throw damaged("its format is not told") }
      throw ScanError.otherProgram(
        path: path,
        difference:
          "its format is \(format), by version \(version), commit \(commit), and this one reads \(Self.format)"
      )
    }
    guard let card = facts["card"], let name = facts["card_name"], let version = facts["version"],
      let commit = facts["commit"]
    else { throw damaged("the card or the version is missing") }
    cardName = name
    identity = ScanIdentity(
      version: version, commit: commit, card: card, table: facts["table"].flatMap { UInt64($0) })
    guard facts["digest"] == "\(identity.digest)" else {
      throw damaged("its card or its version is not what was written")
    }
  }

  /// Writes what a new file says, without a table of points.
  static func write(_ definition: ScanDefinition, to database: Database) throws {
    let identity = definition.identity
    let facts =
      [
        ("format", format), ("version", identity.version), ("commit", identity.commit),
        ("card_name", definition.card.name), ("card", identity.card),
        ("digest", "\(identity.digest)"),
      ] + (identity.table.map { [("table", "\($0)")] } ?? [])
    for (key, value) in facts {
      try database.execute(sql: "INSERT INTO scan VALUES (?, ?)", arguments: [key, value])
    }
  }

  /// The scan with its points, of which a table is read from the file.
  func definition(_ database: Database) throws -> ScanDefinition {
    func damaged(_ what: String) -> ScanError { .corrupted(path: path, what: what) }
    let rows = try identity.table.map { digest in
      guard let rows = try PointRows(database), rows.digest == digest else {
        throw damaged("its table of points is not what was written")
      }
      return rows
    }
    do {
      return try ScanDefinition(RunCard.load(text: identity.card, name: cardName), rows, identity)
    } catch let error as RunCardError {
      throw damaged("its card is at fault: \(error.faults[0].problem)")
    }
  }
}

extension PointRows {
  /// Writes the table into a new file: a row a column, its values in one piece.
  func write(to database: Database) throws {
    try database.execute(
      sql:
        "CREATE TABLE given (number INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, bytes BLOB NOT NULL, texts TEXT NOT NULL)"
    )
    for (number, (key, column)) in zip(keys, columns).enumerated() {
      let column = StoredColumn(column)
      let texts = String(decoding: try JSONEncoder().encode(column.texts), as: UTF8.self)
      try database.execute(
        sql: "INSERT INTO given VALUES (?, ?, ?, ?, ?)",
        arguments: [number, key, column.kind.rawValue, column.bytes, texts])
    }
  }

  /// The table in a file; `nil` where it is none.
  init?(_ database: Database) throws {
    guard try database.tableExists("given") else { return nil }
    var (keys, columns) = ([String](), [ColumnValues]())
    for row in try Row.fetchAll(
      database, sql: "SELECT key, kind, bytes, texts FROM given ORDER BY number")
    {
      guard let key = String.fromDatabaseValue(row[0]),
        let kind = String.fromDatabaseValue(row[1]).flatMap(StoredColumn.Kind.init(rawValue:)),
        let bytes = Data.fromDatabaseValue(row[2]), let text = String.fromDatabaseValue(row[3]),
        let texts = try? JSONDecoder().decode([String].self, from: Data(text.utf8)),
        let values = StoredColumn(kind: kind, bytes: bytes, texts: texts).values
      else { return nil }
      keys.append(key)
      columns.append(values)
    }
    guard Set(columns.map(\.count)).count == 1 else { return nil }
    self.init(keys: keys, columns: columns)
  }
}

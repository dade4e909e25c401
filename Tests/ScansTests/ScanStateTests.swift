import Formats
import Foundation
import GRDB
import Reach
import Scans
import Testing

/// A folder that goes with the test.
final class ScanScratch: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "duskline-scan-\(UUID())")
      .path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: self(name))) }
}

/// Six cheap points, two of which have a reason instead of a number.
func smallCard(_ settings: String..., events: Int = 100) throws -> RunCard {
  try RunCard.load(
    settings: [
      "run.events_per_point=\(events)", "scan.m1_GeV=[0.1, 0.3]",
      "scan.splitting_over_m1=[0.001, 0.2, 0.4]",
    ] + settings)
}

@Suite("The state of a scan", .tags(.unit))
struct ScanStateTests {
  private func state(_ folder: ScanScratch, _ card: RunCard? = nil) throws -> ScanState {
    try ScanState(
      at: ScanState.path(in: folder.path), beginning: ScanDefinition(card ?? smallCard()))
  }

  private func outcome(_ x: Double, _ reason: String? = nil) -> ScanOutcome {
    ScanOutcome(values: ScanQuantity.yield.columns.map { _ in x }, reason: reason)
  }

  @Test("what is recorded is there again, bit for bit")
  func recorded() throws {
    let folder = try ScanScratch()
    do {
      let state = try state(folder)
      try state.record(outcome(1 / 3.0), of: 4)
      try state.record(
        ScanQuantity.yield.columns.reduce(outcome(.nan, "because")) { o, _ in o }, of: 0)
      try state.close()
    }
    let again = try ScanState(at: ScanState.path(in: folder.path), for: .writing)
    #expect(try again.finishedPoints() == [0, 4])
    var found: [Int: ScanOutcome] = [:]
    try again.forEachOutcome { found[$0] = $1 }
    #expect(found[4] == outcome(1 / 3.0) && found[0]?.reason == "because")
    #expect(found[0]?.values.allSatisfy(\.isNaN) == true)
    #expect(try again.definition == ScanDefinition(smallCard()))
    let progress = try again.progress()
    #expect(progress.finished == 2 && progress.withReason == 1)
  }

  @Test("a state belongs to one card and seed; others are refused, and say where they differ")
  func others() throws {
    let folder = try ScanScratch()
    try state(folder).close()
    for (setting, text) in [("run.seed=1", "seed: "), ("beam.energy_GeV=150", "energy_GeV: 160")] {
      let error = #expect(throws: ScanError.self) { try state(folder, smallCard(setting)) }
      #expect(error?.description.contains(text) == true && error?.isInputFault == true)
    }
    // Threads are no part of it.
    try state(folder, smallCard("run.threads=2")).close()
  }

  @Test("one process writes at a time; others may read")
  func locked() throws {
    let folder = try ScanScratch()
    let first = try state(folder)
    let error = #expect(throws: ScanError.self) { try state(folder) }
    guard case .locked(_, let owner) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(owner.contains("process \(ProcessInfo.processInfo.processIdentifier)"))
    try first.record(outcome(1), of: 1)
    let reader = try ScanState(at: ScanState.path(in: folder.path), for: .reading)
    #expect(try reader.finishedPoints() == [1])
  }

  @Test("a folder without a scan, a file that is none, and a folder that cannot be written say so")
  func absent() throws {
    let folder = try ScanScratch()
    let path = ScanState.path(in: folder.path)
    let none = #expect(throws: ScanError.self) { try ScanState(at: path, for: .writing) }
    #expect(none?.description.contains("there is no scan in it") == true)
    // A run that was killed before its first word.
    for bytes in [Data(), try emptyDatabase(folder)] {
      try bytes.write(to: URL(filePath: path))
      for access in [ScanState.Access.reading, .writing] {
        let empty = #expect(throws: ScanError.self) { try ScanState(at: path, for: access) }
        #expect(empty?.description.contains("there is no scan in it") == true)
      }
      try state(folder).close()
      #expect(try ScanState(at: path, for: .reading).progress().finished == 0)
      try FileManager.default.removeItem(atPath: path)
    }
    try Data(repeating: 65, count: 5000).write(to: URL(filePath: path))
    let damaged = #expect(throws: ScanError.self) { try ScanState(at: path, for: .writing) }
    guard case .corrupted = damaged else {
      Issue.record("\(String(describing: damaged))")
      return
    }
    let missing = #expect(throws: ScanError.self) {
      try ScanState(at: folder("no/such/scan.sqlite"), beginning: ScanDefinition(smallCard()))
    }
    #expect(missing?.isInputFault == false)
  }

  @Test("a file of another program is refused, and left as it is")
  func foreign() throws {
    let folder = try ScanScratch()
    let path = ScanState.path(in: folder.path)
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE TABLE point (x)") }
    try queue.close()
    let before = try folder.bytes("scan.sqlite")
    let error = #expect(throws: ScanError.self) { try state(folder) }
    #expect(error?.description.contains("not the tables of a scan") == true)
    #expect(try folder.bytes("scan.sqlite") == before)
  }

  @Test(
    "values of the wrong kind are damage, and end no program",
    arguments: [
      "UPDATE scan SET value = x'ff' WHERE key = 'card'", "UPDATE scan SET value = x'ff'",
      "UPDATE point SET digest = 'a'", "UPDATE point SET digest = 0.5",
      "UPDATE point SET numbers = 5", "UPDATE point SET numbers = zeroblob(8)",
      "UPDATE point SET reason = x'ff'", "UPDATE point SET number = 77",
      "UPDATE given SET bytes = 5", "UPDATE given SET texts = x'ff'",
      "UPDATE given SET kind = x'ff'",
      "DELETE FROM given WHERE number = 1", "DROP TABLE given", "DROP TABLE point",
    ])
  func wrongKinds(statement: String) throws {
    let folder = try ScanScratch()
    let state = try state(folder, tableCard(folder))
    try state.record(outcome(1), of: 2)
    try state.close()
    let path = ScanState.path(in: folder.path)
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: statement) }
    try queue.close()
    let error = #expect(throws: ScanError.self) { try ScanState(at: path, for: .reading) }
    #expect(error?.description.contains("is damaged") == true, "\(error?.description ?? "")")
  }

  @Test("the file alone knows what scan it is, and however a state goes it leaves one plain file")
  func plainFile() throws {
    let folder = try ScanScratch()
    let open = try state(folder)
    try open.record(outcome(1), of: 1)
    try folder.bytes("scan.sqlite").write(to: URL(filePath: folder("copy.sqlite")))
    #expect(try ScanState(at: folder("copy.sqlite"), for: .reading).definition == open.definition)
    do {
      let other = try ScanScratch()
      let state = try state(other)
      try state.record(outcome(1), of: 1)
      _ = consume state
      #expect(!FileManager.default.fileExists(atPath: other("scan.sqlite-wal")))
    }
    // Without its file, what is in the log is not thrown away.
    try Data(folder.bytes("scan.sqlite-wal")).write(to: URL(filePath: folder("lost.sqlite-wal")))
    try Data().write(to: URL(filePath: folder("lost.sqlite")))
    for access in [ScanState.Access.reading, .writing] {
      let lost = #expect(throws: ScanError.self) {
        try ScanState(at: folder("lost.sqlite"), for: access)
      }
      #expect(lost?.description.contains("a log of points") == true)
    }
    #expect(FileManager.default.fileExists(atPath: folder("lost.sqlite-wal")))
    try open.close()
  }

  @Test("a point that differs between two states of a scan is damage, and not one of them")
  func conflict() throws {
    let (a, b) = (try ScanScratch(), try ScanScratch())
    let (first, second) = (try state(a), try state(b))
    try first.record(outcome(1), of: 1)
    try second.record(outcome(1), of: 1)
    try second.record(outcome(2), of: 3)
    try first.take(from: second)
    #expect(try first.finishedPoints() == [1, 3])
    try second.record(outcome(4), of: 4)
    try first.record(outcome(5), of: 4)
    let error = #expect(throws: ScanError.self) { try first.take(from: second) }
    #expect(error?.description.contains("point 4 differs") == true)
  }

  @Test("results name the program that made them; another does not go on with them")
  func otherProgram() throws {
    let folder = try ScanScratch()
    let card = try smallCard()
    let definition = try ScanDefinition(
      card, nil,
      ScanIdentity(version: "0.0.9", commit: "abc123", card: card.recordedText, table: nil))
    let state = try ScanState(at: ScanState.path(in: folder.path), beginning: definition)
    try state.record(outcome(1), of: 1)
    let error = #expect(throws: ScanError.self) { try state.requireThisProgram() }
    #expect(error?.description.contains("by version 0.0.9, commit abc123") == true)
    try ScanResults(state).writeAll(in: folder.path)
    for format in ["csv", "json", "parquet"] {
      let text = String(decoding: try folder.bytes("results.\(format)"), as: UTF8.self)
      #expect(text.contains("abc123") && text.contains("0.0.9"), "\(format)")
    }
    try state.close()
    let queue = try DatabaseQueue(path: ScanState.path(in: folder.path))
    try queue.write { try $0.execute(sql: "UPDATE scan SET value = '1' WHERE key = 'format'") }
    try queue.close()
    let old = #expect(throws: ScanError.self) {
      try ScanState(at: ScanState.path(in: folder.path), for: .reading)
    }
    #expect(old?.isInputFault == true && old?.description.contains("its format is 1") == true)
  }

  /// A file of SQLite's with a head and nothing in it.
  private func emptyDatabase(_ folder: ScanScratch) throws -> Data {
    let queue = try DatabaseQueue(path: folder("empty.sqlite"))
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try queue.close()
    return try folder.bytes("empty.sqlite")
  }

  @Test("a table is there again, of every kind of column", .tags(.property))
  func table() throws {
    let folder = try ScanScratch()
    let card = try tableCard(folder)
    let definition = try ScanDefinition(card)
    try state(folder, card).close()
    let again = try ScanState(at: ScanState.path(in: folder.path), for: .reading).definition
    #expect(again == definition)
    #expect(
      again.space.values(of: 1) == ["0.1234567890123456", "20", "carbon", "1.0000000000000002e-29"])
  }

  /// Numbers of all digits, integers and texts.
  private func tableCard(_ folder: ScanScratch) throws -> RunCard {
    let text = """
      model.m1_GeV,beam.energy_GeV,target.material,model.y
      0.1,160,beryllium,0.1
      0.1234567890123456,20,carbon,1.0000000000000002e-29
      0.3,160,beryllium,0.5
      0.4,160,beryllium,0.5
      0.5,160,beryllium,0.5
      0.6,160,beryllium,0.5

      """
    try Data(text.utf8).write(to: URL(filePath: folder("points.csv")))
    return try smallCard("scan.table=\(folder("points.csv"))")
  }

  @Test(
    "a byte that changed in what counts is found, whichever it is", .tags(.property),
    arguments: [false, true])
  func damage(hasTable: Bool) throws {
    let folder = try ScanScratch()
    let card = try hasTable ? tableCard(folder) : smallCard()
    let definition = try ScanDefinition(card)
    let state = try state(folder, card)
    for point in 0..<6 {
      try state.record(outcome(Double(point) + 0.1, point == 2 ? "a reason" : nil), of: point)
    }
    try state.close()
    let path = ScanState.path(in: folder.path)
    let whole = try folder.bytes("scan.sqlite")
    var expected: [Int: ScanOutcome] = [:]
    try ScanState(at: path, for: .reading).forEachOutcome { expected[$0] = $1 }
    var found = 0
    for place in stride(from: 0, to: whole.count, by: 61) {
      var bytes = whole
      bytes[place] ^= 0x55
      try bytes.write(to: URL(filePath: path))
      do {
        let state = try ScanState(at: path, for: .reading)
        // Free space, or a byte of the head that nothing hangs on: what is read is what was written.
        var outcomes: [Int: ScanOutcome] = [:]
        try state.forEachOutcome { outcomes[$0] = $1 }
        #expect(outcomes == expected, "byte \(place)")
        #expect(state.definition == definition, "byte \(place)")
      } catch is ScanError {
        found += 1
      }
    }
    #expect(found > 20)
    try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
    #expect(throws: ScanError.self) { try ScanState(at: path, for: .reading) }
  }
}

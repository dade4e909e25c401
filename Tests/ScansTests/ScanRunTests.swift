import Formats
import Foundation
import GRDB
import Reach
import Scans
import Testing

@Suite("Running a scan", .tags(.unit))
struct ScanRunTests {
  private func run(
    _ folder: ScanScratch, _ card: RunCard, threads: Int = 1
  ) async throws -> [String: Data] {
    let state = try ScanState(
      at: ScanState.path(in: folder.path), beginning: ScanDefinition(card))
    try await ScanRun(state)(threads: threads)
    return try results(folder, state)
  }

  private func results(_ folder: ScanScratch, _ state: ScanState) throws -> [String: Data] {
    try ScanResults(state).writeAll(in: folder.path)
    try state.close()
    return try Dictionary(
      uniqueKeysWithValues: ["csv", "parquet", "json"].map {
        ($0, try folder.bytes("results.\($0)"))
      })
  }

  @Test("each point is what yield gives, to the last bit", .tags(.identity))
  func yields() async throws {
    let card = try smallCard("scan.alpha_D=[0.1, 0.5]", events: 20_000)
    let folder = try ScanScratch()
    let state = try ScanState(
      at: ScanState.path(in: folder.path), beginning: ScanDefinition(card))
    try await ScanRun(state)(threads: 2)
    var outcomes: [Int: ScanOutcome] = [:]
    try state.forEachOutcome { outcomes[$0] = $1 }
    #expect(outcomes.count == 12)
    let space = state.definition.space
    for (point, outcome) in outcomes {
      let settings = space.settings(of: point).map { "\($0.key)=\($0.value)" }
      let plan = try RunCard.load(settings: ["run.events_per_point=20_000"] + settings).plan
      do {
        let expected = try await plan.expectedEvents(threads: 2)
        #expect(outcome.reason == nil)
        #expect(
          outcome.values == [
            expected.events.value, expected.events.error, expected.epsilon, expected.y,
            expected.luminosity.perPicobarn, expected.crossSection.value,
            expected.crossSection.error, expected.properDecayLength,
            expected.leptonicBranchingRatio, expected.darkBranchingRatio,
          ], "\(settings)")
      } catch {
        #expect(outcome.reason == "\(error)" && outcome.values.allSatisfy(\.isNaN))
      }
    }
    #expect(outcomes.values.count { $0.reason != nil } == 4)
  }

  @Test("both crossings are what reach gives", .tags(.identity))
  func reach() async throws {
    let card = try RunCard.load(settings: [
      "run.events_per_point=2000", "scan.quantity=reach", "scan.m1_GeV=[0.1, 0.3, 1.9]",
      "scan.splitting_over_m1=[0.4]", "scan.y_precision=1",
    ])
    let folder = try ScanScratch()
    let state = try ScanState(
      at: ScanState.path(in: folder.path), beginning: ScanDefinition(card))
    try await ScanRun(state)(threads: 2)
    let points = try await card.plan.reachCurves(threads: 1)[0].points
    try state.forEachOutcome { number, outcome in
      let point = points[number]
      #expect(outcome.reason == point.reason)
      let values = outcome.values.map { $0.isNaN ? nil : $0 }
      #expect(
        values == [
          point.yLower?.value, point.yLower?.error, point.yUpper?.value, point.yUpper?.error,
          point.maximumEvents?.value, point.maximumEvents?.error, point.yAtMaximum, 4700,
        ])
    }
  }

  @Test("threads, interruptions and shards leave no trace in the results", .tags(.identity))
  func sameBytes() async throws {
    let card = try smallCard()
    let expected = try await run(ScanScratch(), card)
    #expect(try await run(ScanScratch(), card, threads: 2) == expected)

    let halves = try ScanScratch()
    let definition = try ScanDefinition(card)
    let path = ScanState.path(in: halves.path)
    for shard in [1, 0] {
      let state = try ScanState(at: path, beginning: definition)
      try await ScanRun(state, shard: shard, of: 2)(threads: 1)
      #expect(try state.progress().finished == (shard == 1 ? 3 : 6))
      try state.close()
    }
    #expect(try await run(halves, card) == expected)

    let sharded = try ScanScratch()
    try ScanState(at: ScanState.path(in: sharded.path), beginning: definition).close()
    let shards = ScanShards(in: sharded.path)
    for shard in [2, 0, 3] { try await shards.run(shard, of: 4, threads: 1) }
    #expect(shards.missing(of: 4) == [1])
    let error = #expect(throws: ScanError.self) { try shards.merge() }
    #expect(error == .missing(shards: ["1 of 4"], points: 2))
    try await shards.run(1, of: 4, threads: 1)
    // Once more: done at once, and nothing changes.
    try await shards.run(1, of: 4, threads: 1)
    #expect(try results(sharded, shards.merge()) == expected)
    let names = try FileManager.default.contentsOfDirectory(atPath: sharded("shards"))
    #expect(names.sorted() == (0..<4).map { "shard-\($0)-of-4.sqlite" })
  }

  @Test(
    "shards of a table are the bytes of one run, and carry no table of their own", .tags(.identity))
  func table() async throws {
    let folder = try ScanScratch()
    let rows = (0..<3000).map { "0.\(1 + $0 % 7),\(1 + $0)e-12,a\($0)\n" }.joined()
    let text = rows.replacing(/a\d+/, with: "{per_pb: 10}")
    try Data(("model.m1_GeV,model.y,luminosity\n" + text).utf8)
      .write(to: URL(filePath: folder("points.csv")))
    let card = try smallCard("scan.table=\(folder("points.csv"))", events: 2)
    let expected = try await run(folder, card, threads: 2)
    let sharded = try ScanScratch()
    try ScanState(at: ScanState.path(in: sharded.path), beginning: ScanDefinition(card)).close()
    // From here on the state alone knows the points.
    try FileManager.default.removeItem(atPath: folder("points.csv"))
    let shards = ScanShards(in: sharded.path)
    for shard in 0..<10 { try await shards.run(shard, of: 10, threads: 1) }
    let whole = try sharded.bytes("scan.sqlite").count
    let part = try sharded.bytes("shards/shard-3-of-10.sqlite").count
    #expect(whole > 48_000 && part < 100_000, "\(whole) and \(part) bytes")
    #expect(try results(sharded, shards.merge()) == expected)
    let other = try ScanDefinition(smallCard("run.seed=1", events: 2))
    let stale = #expect(throws: ScanError.self) {
      try ScanState(at: sharded("shards/shard-3-of-10.sqlite"), shardOf: other)
    }
    guard case .staleShard = stale else {
      Issue.record("\(String(describing: stale))")
      return
    }
  }

  @Test("a finished point is never computed again")
  func neverAgain() async throws {
    let folder = try ScanScratch()
    let definition = try ScanDefinition(smallCard())
    let state = try ScanState(at: ScanState.path(in: folder.path), beginning: definition)
    // Not what would be found: it stays as it is.
    let mark = ScanOutcome(values: ScanQuantity.yield.columns.map { _ in 42 })
    try state.record(mark, of: 3)
    try await ScanRun(state)(threads: 2)
    var outcomes: [Int: ScanOutcome] = [:]
    try state.forEachOutcome { outcomes[$0] = $1 }
    #expect(outcomes.count == 6 && outcomes[3] == mark)
    #expect(outcomes.values.count { $0 == mark } == 1)
  }

  /// A state with the points of a shard.
  private func partOfScan(
    _ definition: ScanDefinition, at path: String, shard: Int, of count: Int
  ) async throws -> ScanState {
    let state = try ScanState(at: path, beginning: definition)
    try await ScanRun(state, shard: shard, of: count)(threads: 1)
    return state
  }

  @Test("points are computed once, be it by a run or by a shard")
  func shared() async throws {
    let expected = try await run(ScanScratch(), smallCard())
    let folder = try ScanScratch()
    let definition = try ScanDefinition(smallCard())
    let path = ScanState.path(in: folder.path)
    do {
      let state = try await partOfScan(definition, at: path, shard: 1, of: 2)
      #expect(try ScanShards.finished(of: 2, in: state) == [1])
      #expect(try ScanShards.finished(of: 3, in: state) == [])
    }
    let shards = ScanShards(in: folder.path)
    // Of its two points, 0 and 3, the run has one.
    try await shards.run(0, of: 3, threads: 1)
    let part = try ScanState(at: shards.results[0], shardOf: definition)
    #expect(try part.finishedPoints() == [0])
    do {
      let again = try ScanState(at: path, for: .writing)
      try shards.collect(into: again)
      #expect(try again.finishedPoints() == [0, 1, 3, 5])
    }
    // Merged from another folder, whose own state has nothing and whose shards have all.
    let other = try ScanScratch()
    try ScanState(at: ScanState.path(in: other.path), beginning: definition).close()
    for shard in 0..<2 { try await ScanShards(in: other.path).run(shard, of: 2, threads: 1) }
    #expect(try results(folder, shards.merge([other.path])) == expected)
  }

  @Test("a result that lacks points is completed: the scan's state had them, and has them no more")
  func incompleteResult() async throws {
    let expected = try await run(ScanScratch(), smallCard())
    let folder = try ScanScratch()
    let definition = try ScanDefinition(smallCard())
    let path = ScanState.path(in: folder.path)
    _ = try await partOfScan(definition, at: path, shard: 0, of: 4)
    let shards = ScanShards(in: folder.path)
    for shard in 0..<2 { try await shards.run(shard, of: 2, threads: 1) }
    // An older copy comes back, with nothing in it.
    try FileManager.default.removeItem(atPath: path)
    do {
      let state = try ScanState(at: path, beginning: definition)
      try shards.collect(into: state)
      #expect(try ScanShards.finished(of: 2, in: state) == [1])
    }
    try await shards.run(0, of: 2, threads: 1)
    #expect(try results(folder, shards.merge()) == expected)
  }

  @Test("a shard that somebody reads takes no result's name with points still in its log")
  func readShard() async throws {
    let folder = try ScanScratch()
    let definition = try ScanDefinition(smallCard())
    try ScanState(at: ScanState.path(in: folder.path), beginning: definition).close()
    let partial = folder("shards/shard-0-of-1.sqlite.partial")
    try FileManager.default.createDirectory(
      atPath: folder("shards"), withIntermediateDirectories: true)
    do { _ = try ScanState(at: partial, beginningShardOf: definition) }
    let shards = ScanShards(in: folder.path)
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let reader = try DatabaseQueue(path: partial, configuration: configuration)
    let begin = {
      try reader.inDatabase { try $0.execute(sql: "BEGIN; SELECT count(*) FROM point") }
    }
    try begin()
    let error = await #expect(throws: ScanError.self) {
      try await shards.run(0, of: 1, threads: 1)
    }
    #expect(error?.isLock == true)
    #expect(shards.results.isEmpty)
    try reader.inDatabase { try $0.execute(sql: "COMMIT") }
    try reader.close()
    try await shards.run(0, of: 1, threads: 1)
    let state = try ScanState(at: shards.results[0], shardOf: definition)
    #expect(try state.finishedPoints().count == 6)
  }

  @Test("wrong shards are refused")
  func badShards() throws {
    let folder = try ScanScratch()
    let state = try ScanState(
      at: ScanState.path(in: folder.path), beginning: ScanDefinition(smallCard()))
    for (shard, count) in [(-1, 2), (2, 2), (0, 0), (0, 200_000)] {
      #expect(throws: ScanError.badShard(shard, of: count)) {
        try ScanRun(state, shard: shard, of: count)
      }
    }
  }
}

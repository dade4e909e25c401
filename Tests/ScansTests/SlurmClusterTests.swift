import Formats
import Foundation
import Scans
import Testing

/// The engine with a real Slurm: what is killed, cancelled and stopped ends with the bytes of a local run.
///
/// 6 min; `make test-long` runs it.
@Suite(
  .tags(.endToEnd), .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["DUSKLINE_LONG_TESTS"] != nil))
struct SlurmClusterTests {
  /// A scan on a cluster of its own. The program is a parameter: `duskline` itself, or what stands in for it.
  private struct Scan {
    let cluster: SlurmCluster
    let scratch: Scratch
    let engine: SlurmEngine

    init(
      requeueExit: Bool = false, folder: String = "scan", shards: Int = 6, throttle: Int? = nil,
      time: String = "0:10:00", executable: String? = nil
    ) throws {
      cluster = try SlurmCluster(requeueExit: requeueExit)
      scratch = try Scratch(named: folder)
      try scratch.write(StandIn.text, to: "duskline", executable: true)
      engine = try SlurmEngine(
        folder: scratch.path, executable: executable ?? "\(scratch.path)/duskline",
        settings: ClusterSettings(
          shards: shards, partition: "short", time: time, memory: "50M", throttle: throttle),
        searchPath: cluster.programs.path)
    }

    func status() async throws -> QueueStatus {
      try #require(
        try await SlurmEngine.status(
          ofScanIn: scratch.path, searchPath: cluster.programs.path))
    }

    /// Waits for a status. Requeued jobs wait some seconds by Slurm's own rule.
    func wait(
      _ what: String, seconds: Double = 60, until holds: (QueueStatus) -> Bool
    ) async throws {
      let clock = ContinuousClock()
      let deadline = clock.now + .seconds(seconds)
      while clock.now < deadline {
        // While a daemon is down there is no answer.
        if let status = try? await status(), holds(status) { return }
        try await Task.sleep(for: .milliseconds(100))
      }
      try cluster.wait(what, seconds: 0) { false }
    }

    func waitForResults() async throws {
      try await wait("the merge", seconds: 150) { $0.merge.state == .done }
      #expect(scratch.read("results.csv") == (try StandIn.localResults()))
      #expect(try await status().count(of: .done) == (try await status().shards.count))
    }

    func attempts(_ shard: Int) -> Int {
      scratch.read("attempts-\(shard)").split(separator: "\n").count
    }

    func hold(_ shards: Int...) throws {
      for shard in shards { try scratch.write("", to: "hold-\(shard)") }
    }

    func release(_ shards: Int...) { for shard in shards { scratch.remove("hold-\(shard)") } }

    /// The program of a shard that has begun.
    func process(_ shard: Int) throws -> pid_t {
      try cluster.wait("the start of shard \(shard)") {
        scratch.read("pid-\(shard)").hasSuffix("\n")
      }
      return try #require(pid_t(scratch.read("pid-\(shard)").dropLast()))
    }
  }

  @Test func `an array of shards and the merge after it give the bytes of a local run`()
    async throws
  {
    let scan = try Scan(folder: "it's a 100%a \"scan\" é", shards: 8, throttle: 2)
    // One shard stays until a second submission was refused.
    try scan.hold(5)
    let submission = try await scan.engine.submit()
    #expect(submission.shards == Array(0..<8))
    let error = await #expect(throws: ClusterError.self) { try await scan.engine.submit() }
    #expect(error?.description.contains("in the queue") == true)
    scan.release(5)
    try await scan.waitForResults()
    for shard in 0..<8 {
      #expect(scan.attempts(shard) == 1)
      #expect(scan.scratch.read("slurm/shard-\(shard).log").contains("ended with exit code 0"))
    }
    #expect(scan.scratch.read("slurm/merge.log").contains("ended with exit code 0"))
  }

  @Test func `duskline itself on Slurm gives the bytes of a local run, though a program is killed`()
    async throws
  {
    let program = try Command.binary().path(percentEncoded: false)
    let scan = try Scan(shards: 4, executable: program)
    let card = try RunCard.load(settings: [
      "run.events_per_point=100_000",
      "scan.over={model.m1_GeV: {from: 0.05, to: 1, points: 120, spacing: log}}",
    ])
    let definition = try ScanDefinition(card)
    try ScanState(at: ScanState.path(in: scan.scratch.path), beginning: definition).close()
    _ = try await scan.engine.submit()
    try await scan.wait("a shard that runs") { $0.count(of: .running) > 0 }
    try await Task.sleep(for: .milliseconds(500))
    let killer = Process()
    killer.executableURL = URL(filePath: "/usr/bin/pkill")
    killer.arguments = ["-9", "-f", "duskline scan run-shard \(scan.scratch.path)"]
    try killer.run()
    killer.waitUntilExit()
    #expect(killer.terminationStatus == 0)
    try await scan.wait("the merge", seconds: 300) { $0.merge.state == .done }
    let local = try Scratch(named: "local")
    let state = try ScanState(at: ScanState.path(in: local.path), beginning: definition)
    try await ScanRun(state)(threads: 2)
    try ScanResults(state).writeAll(in: local.path)
    for ending in ["csv", "parquet", "json"] {
      let bytes = try ["\(scan.scratch.path)", local.path].map {
        try Data(contentsOf: URL(filePath: "\($0)/results.\(ending)"))
      }
      #expect(bytes[0] == bytes[1] && bytes[0].count > 1000, "\(ending)")
    }
  }

  @Test(arguments: [false, true])
  func `exit 75 puts a shard back, once, whether or not the site does`(requeueExit: Bool)
    async throws
  {
    let scan = try Scan(requeueExit: requeueExit)
    try scan.scratch.write("", to: "stop-1")
    try scan.scratch.write("", to: "stop-4")
    _ = try await scan.engine.submit()
    try await scan.wait("a shard in the queue again") { $0.shards[1].state == .requeued }
    try await scan.waitForResults()
    #expect((0..<6).map(scan.attempts) == [1, 2, 1, 1, 2, 1])
    let status = try await scan.status()
    #expect(status.shards.map(\.restarts) == [0, 1, 0, 0, 1, 0])
  }

  @Test func `a shard whose program is killed goes back and completes`() async throws {
    let scan = try Scan()
    try scan.hold(2)
    _ = try await scan.engine.submit()
    kill(try scan.process(2), SIGKILL)
    scan.release(2)
    try await scan.waitForResults()
    #expect((0..<6).map(scan.attempts) == [1, 1, 2, 1, 1, 1])
    #expect(scan.scratch.read("slurm/shard-2.log").contains("ended with exit code 137"))
  }

  @Test func `a shard whose whole job is killed is told, and submitted again alone`() async throws {
    let scan = try Scan()
    try scan.hold(2)
    _ = try await scan.engine.submit()
    let program = try scan.process(2)
    // The batch script above it.
    let script = try #require(scan.scratch.parent(of: program))
    kill(script, SIGKILL)
    kill(program, SIGKILL)
    scan.release(2)
    try await scan.wait("a job that failed") { $0.shards[2].state == .failed && !$0.isActive }
    let failed = try await scan.status()
    #expect(failed.shards[2].signal == 9)
    #expect(failed.count(of: .done) == 5)
    #expect(failed.merge.state == .cancelled)
    #expect(try await scan.engine.submit().shards == [2])
    try await scan.waitForResults()
    #expect((0..<6).map(scan.attempts) == [1, 1, 2, 1, 1, 1])
  }

  @Test func `a slurmctld that is killed and started again goes on`() async throws {
    let scan = try Scan()
    try scan.hold(0, 5)
    _ = try await scan.engine.submit()
    _ = try scan.process(0)
    // Slurm writes its queue down within some seconds; jobs that are not would be lost: `absent`, for another submission.
    try scan.cluster.waitForSavedQueue()
    try scan.cluster.crash("slurmctld")
    // The end of this shard is told to a daemon that is not there.
    scan.release(0)
    try scan.cluster.wait("the result of shard 0") {
      scan.scratch.has("shards/shard-0-of-6.sqlite")
    }
    try scan.cluster.start("slurmctld")
    scan.release(5)
    try await scan.waitForResults()
  }

  @Test func `a slurmd that is killed and started again finds its tasks`() async throws {
    let scan = try Scan()
    try scan.hold(0)
    _ = try await scan.engine.submit()
    _ = try scan.process(0)
    try scan.cluster.crash("slurmd")
    try scan.cluster.start("slurmd")
    scan.release(0)
    try await scan.waitForResults()
  }

  @Test func `a node that dies with its tasks runs them again when it is back`() async throws {
    let scan = try Scan()
    try scan.hold(0, 1)
    _ = try await scan.engine.submit()
    let programs = [try scan.process(0), try scan.process(1)]
    try scan.cluster.crash("slurmd")
    for program in programs { scan.cluster.killJob(of: program) }
    try scan.cluster.start("slurmd")
    scan.release(0, 1)
    // Slurm counts the node's end as none of the shards': the merge still comes.
    try await scan.waitForResults()
    #expect((0..<2).map(scan.attempts) == [2, 2])
  }

  @Test(arguments: [false, true])
  func `preempted shards run again`(requeueExit: Bool) async throws {
    let scan = try Scan(requeueExit: requeueExit)
    try scan.hold(0, 1, 2, 3)
    _ = try await scan.engine.submit()
    for shard in 0..<4 { _ = try scan.process(shard) }
    try scan.cluster.ask(
      "sbatch", "--partition=urgent", "--cpus-per-task=4", "--mem=50M", "--output=/dev/null",
      "--wrap=sleep 1")
    try await scan.wait("preempted shards") { $0.count(of: .requeued) == 4 }
    scan.release(0, 1, 2, 3)
    try await scan.waitForResults()
    #expect((0..<6).map(scan.attempts) == [2, 2, 2, 2, 1, 1])
  }

  @Test func `a shard that reaches its time limit is stopped before it, and goes on`() async throws
  {
    let scan = try Scan(shards: 2, time: "0:02:00")
    try scan.hold(0)
    _ = try await scan.engine.submit()
    try await scan.wait("the minute before the limit", seconds: 150) {
      $0.shards[0].state == .requeued
    }
    scan.release(0)
    try await scan.waitForResults()
    #expect(scan.attempts(0) == 2)
    #expect(scan.scratch.read("slurm/shard-0.log").contains("ended with exit code 75"))
  }

  @Test(arguments: [false, true])
  func `a cancelled scan says so, and a second submission does the rest`(requeueExit: Bool)
    async throws
  {
    let scan = try Scan(requeueExit: requeueExit)
    try scan.hold(3, 4)
    let first = try await scan.engine.submit()
    _ = try scan.process(3)
    _ = try scan.process(4)
    try await scan.wait("the other shards") { $0.count(of: .done) == 4 }
    try scan.cluster.ask("scancel", "\(try #require(first.array))")
    try await scan.wait("the cancelled jobs") { !$0.isActive }
    let status = try await scan.status()
    #expect(status.shards.map(\.state) == [.done, .done, .done, .cancelled, .cancelled, .done])
    #expect(status.merge.state == .cancelled)
    // The programs were told to stop, and the jobs did not come back. Slurm may call a job cancelled a moment before its script has
    // written the last line.
    try scan.cluster.wait("the last line of the log", seconds: 20) {
      scan.scratch.read("slurm/shard-3.log").contains("ended with exit code")
    }
    #expect(scan.scratch.read("slurm/shard-3.log").contains("ended with exit code 75"))
    scan.release(3, 4)
    #expect(try await scan.engine.submit().shards == [3, 4])
    try await scan.waitForResults()
  }

  @Test func `a shard that fails for good cancels the merge, and its exit code is told`()
    async throws
  {
    let scan = try Scan()
    try scan.scratch.write("", to: "fail-2")
    _ = try await scan.engine.submit()
    try await scan.wait("the end") { !$0.isActive }
    let status = try await scan.status()
    #expect(status.shards[2].state == .failed && status.shards[2].exitCode == 1)
    #expect(status.merge.state == .cancelled)
    scan.scratch.remove("fail-2")
    #expect(try await scan.engine.submit().shards == [2])
    try await scan.waitForResults()
  }
}

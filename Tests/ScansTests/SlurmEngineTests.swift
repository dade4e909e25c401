import Foundation
import Scans
import Testing

/// The engine with programs in place of Slurm's, which write what they are asked and say what a test wants.
@Suite(.tags(.unit))
struct SlurmEngineTests {
  private struct Fake {
    let scan: Scratch
    let bin: Scratch

    init(folder: String = "scan") throws {
      scan = try Scratch(named: folder)
      bin = try Scratch(named: "bin")
      try bin.write(
        """
        #!/bin/bash
        cd "${0%/*}"
        printf '%s\\n' "$@" -- >>requests
        if [ -e refuse-"$(grep -c '^--$' requests)" ]; then
          echo "sbatch: error: Batch job submission failed: Invalid partition name specified" >&2
          exit 1
        fi
        echo $((100 + $(grep -c '^--$' requests)))
        """, to: "sbatch", executable: true)
      try bin.write(
        """
        #!/bin/bash
        cd "${0%/*}"
        printf '%s\\n' "$@" >questions
        [ -e down ] && { echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1; }
        [ -e queue ] && cat queue
        exit 0
        """, to: "squeue", executable: true)
    }

    func engine(shards: Int = 10, throttle: Int? = nil) throws -> SlurmEngine {
      try SlurmEngine(
        folder: scan.path, executable: "/opt/duskline",
        settings: ClusterSettings(shards: shards, throttle: throttle), searchPath: bin.path)
    }

    func status() async throws -> QueueStatus? {
      try await SlurmEngine.status(ofScanIn: scan.path, searchPath: bin.path)
    }

    /// What each `sbatch` was asked.
    var requests: [[Substring]] {
      bin.read("requests").split(separator: "\n").split(separator: "--").map { Array($0) }
    }

    func complete(_ shards: [Int], of count: Int = 10) throws {
      for shard in shards { try scan.write("", to: "shards/shard-\(shard)-of-\(count).sqlite") }
    }

    /// Rows as `squeue` prints them.
    func queue(_ rows: (String, String, String, Int, String, String)...) throws {
      let text = rows.map { job, task, state, restarts, code, reason in
        [
          (job, 16), (task, 16), (state, 20), ("\(restarts)", 12), (code, 16), ("duskline-x", 64),
          (reason, 160),
        ].map { $0.0.padding(toLength: $0.1, withPad: " ", startingAt: 0) }.joined()
      }
      try bin.write(text.joined(separator: "\n") + "\n", to: "queue")
    }
  }

  @Test func `shards that the scan has by itself are left out, and done`() async throws {
    let fake = try Fake()
    try fake.complete([1, 2])
    var engine = try fake.engine()
    engine.finishedShards = [0, 1, 2, 4, 5, 6, 7, 8]
    #expect(try await engine.submit().shards == [3, 9])
    let status = try await SlurmEngine.status(
      ofScanIn: fake.scan.path, searchPath: fake.bin.path,
      isFinished: { [0, 1, 2, 4, 5, 6, 7, 8].contains($0) && $1 == 10 })
    #expect(status?.count(of: .done) == 8)
  }

  @Test func `an array is submitted, and the merge after it`() async throws {
    let fake = try Fake(folder: "a b'%a")
    let submission = try await fake.engine(throttle: 3).submit()
    #expect(submission.array == 101 && submission.merge == 102)
    #expect(submission.shards == Array(0..<10))
    let log = fake.scan.path.replacing("%", with: "%%")
    #expect(
      fake.requests == [
        [
          "--parsable", "--chdir=\(fake.scan.path)", "--array=0-9%3",
          "--output=\(log)/slurm/shard-%a.log", "\(fake.scan.path)/slurm/shards.sh",
        ],
        [
          "--parsable", "--chdir=\(fake.scan.path)", "--dependency=afterok:101",
          "--kill-on-invalid-dep=yes", "--output=\(log)/slurm/merge.log",
          "\(fake.scan.path)/slurm/merge.sh",
        ],
      ])
    let jobs =
      try JSONSerialization.jsonObject(with: Data(fake.scan.read("slurm/jobs.json").utf8))
      as? [String: Any]
    #expect(jobs?["shards"] as? Int == 10)
    let first = (jobs?["submissions"] as? [[String: Any]])?.first
    #expect(first?["array"] as? Int == 101 && first?["merge"] as? Int == 102)
    #expect(first?["shards"] as? String == "0-9")
    let leftovers = try FileManager.default.contentsOfDirectory(atPath: "\(fake.scan.path)/slurm")
    #expect(
      Set(leftovers) == ["jobs.json", "shards.sh", "merge.sh", "submission.lock"])
  }

  @Test func `only missing shards are submitted, and of none the merge alone`() async throws {
    let fake = try Fake()
    try fake.complete([1, 2, 4, 5, 6])
    #expect(try await fake.engine(throttle: 2).submit().shards == [0, 3, 7, 8, 9])
    #expect(fake.requests[0].contains("--array=0,3,7-9%2"))
    try fake.complete([0, 3, 7, 8, 9])
    let last = try await fake.engine().submit()
    #expect(last.array == nil && last.merge == 103)
    #expect(!fake.requests[2].contains { $0.hasPrefix("--dependency") })
    #expect(last.text == "job 103: the merge; no shard is missing\n")
  }

  @Test func `what is queued already is not submitted twice`() async throws {
    let fake = try Fake()
    _ = try await fake.engine().submit()
    for state in ["PENDING", "RUNNING", "COMPLETING", "REQUEUE_HOLD", "SUSPENDED"] {
      try fake.queue(
        ("101", "0", "COMPLETED", 0, "0", "None"), ("101", "3", state, 0, "0", "Resources"))
      let error = await #expect(throws: ClusterError.self) { try await fake.engine().submit() }
      #expect(error?.isInput == false)
      #expect(error?.description.contains("in the queue: 101; wait for them") == true)
      #expect(error?.description.hasSuffix("scancel 101") == true)
    }
    #expect(fake.requests.count == 2)
    #expect(fake.bin.read("questions").contains("--name=duskline-"))
    try fake.queue(
      ("101", "3", "FAILED", 0, "256", "NonZeroExitCode"),
      ("102", "N/A", "CANCELLED", 0, "0", "DependencyNeverSatisfied"))
    try fake.complete([0, 1, 2, 4, 5, 6, 7, 8, 9])
    #expect(try await fake.engine().submit().shards == [3])
  }

  @Test func `of two that submit at a time one is refused`() async throws {
    let fake = try Fake()
    try fake.scan.write("", to: "slurm/submission.lock")
    let descriptor = open("\(fake.scan.path)/slurm/submission.lock", O_RDWR | O_CLOEXEC)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let error = await #expect(throws: ClusterError.self) { try await fake.engine().submit() }
    #expect(error?.description.contains("another command is submitting it") == true)
    flock(descriptor, LOCK_UN)
    close(descriptor)
    #expect(try await fake.engine().submit().array == 101)
  }

  @Test func `another number of shards is refused`() async throws {
    let fake = try Fake()
    _ = try await fake.engine().submit()
    let error = await #expect(throws: ClusterError.self) {
      try await fake.engine(shards: 11).submit()
    }
    #expect(error?.isInput == true)
    #expect(error?.description.contains("give --shards 10") == true)
  }

  @Test func `what sbatch refuses is told, and what was taken before it is kept`() async throws {
    let fake = try Fake()
    try fake.bin.write("", to: "refuse-1")
    let first = await #expect(throws: ClusterError.self) { try await fake.engine().submit() }
    #expect(first?.description.contains("Invalid partition name specified") == true)
    #expect(!fake.scan.has("slurm/jobs.json"))
    #expect(fake.requests.count == 1)
    try fake.bin.write("", to: "refuse-3")
    let second = await #expect(throws: ClusterError.self) { try await fake.engine().submit() }
    #expect(second?.description.contains("job 102 is queued") == true)
    try fake.queue(("102", "0", "RUNNING", 0, "0", "None"))
    let status = try #require(try await fake.status())
    #expect(status.shards[0].state == .running && status.shards[0].id == "102_0")
    #expect(status.merge.state == .absent && status.merge.id == nil)
  }

  @Test func `without Slurm's programs the error says where they may be`() async throws {
    let fake = try Fake()
    let empty = try Scratch()
    let engine = try SlurmEngine(
      folder: fake.scan.path, executable: "/opt/duskline", settings: ClusterSettings(shards: 2),
      searchPath: empty.path)
    let error = await #expect(throws: ClusterError.self) { try await engine.submit() }
    #expect(error?.description.contains("no such program in PATH; run this where") == true)
    try fake.bin.write("", to: "down")
    let down = await #expect(throws: ClusterError.self) { try await fake.engine().submit() }
    #expect(down?.description.contains("Unable to contact slurm controller") == true)
    #expect(fake.requests.isEmpty)
  }

  @Test func `the status joins the queue and the files`() async throws {
    let fake = try Fake()
    #expect(try await fake.status() == nil)
    _ = try await fake.engine().submit()
    try fake.complete([0, 1])
    try fake.queue(
      ("101", "0", "COMPLETED", 0, "0", "None"), ("101", "1", "COMPLETING", 1, "0", "None"),
      ("101", "2", "RUNNING", 2, "0", "None"), ("101", "3", "PENDING", 0, "0", "JobArrayTaskLimit"),
      ("101", "4", "PENDING", 1, "19200", "BeginTime"),
      ("101", "5", "FAILED", 0, "512", "NonZeroExitCode"),
      ("101", "6", "FAILED", 0, "9", "RaisedSignal:9(Killed)"),
      ("101", "7", "CANCELLED", 0, "0", "None"), ("101", "8", "COMPLETED", 0, "0", "None"),
      ("102", "N/A", "CANCELLED", 0, "0", "DependencyNeverSatisfied"),
      ("55", "9", "RUNNING", 0, "0", "None"))
    let status = try #require(try await fake.status())
    #expect(
      status.shards.map(\.state) == [
        .done, .done, .running, .pending, .requeued, .failed, .failed, .cancelled, .failed, .absent,
      ])
    #expect(status.shards[2].restarts == 2)
    #expect(status.shards[5].exitCode == 2 && status.shards[5].signal == nil)
    #expect(status.shards[6].exitCode == nil && status.shards[6].signal == 9)
    #expect(status.shards[8].reason == "its result is not there")
    #expect(status.merge.state == .cancelled && status.isActive)
    #expect(
      status.text == """
        done: 2 of 10 shards (0-1)
        running: 1 of 10 shards (2)
        pending: 1 of 10 shards (3): JobArrayTaskLimit
        requeued: 1 of 10 shards (4): BeginTime
        failed: 1 of 10 shards (8): COMPLETED, its result is not there
        failed: 1 of 10 shards (5): FAILED, NonZeroExitCode, exit code 2
        failed: 1 of 10 shards (6): FAILED, RaisedSignal:9(Killed), ended by signal 9
        cancelled: 1 of 10 shards (7)
        absent: 1 of 10 shards (9)
        merge: cancelled: DependencyNeverSatisfied

        """)
    let json = try JSONSerialization.jsonObject(with: Data(try status.json.text().utf8))
    let counts = (json as? [String: Any])?["counts"] as? [String: Int]
    #expect(counts?["failed"] == 3 && counts?["done"] == 2 && counts?["absent"] == 1)
  }

  @Test func `of several submissions the latest counts`() async throws {
    let fake = try Fake()
    _ = try await fake.engine().submit()
    try fake.queue(("101", "3", "FAILED", 0, "256", "NonZeroExitCode"))
    _ = try await fake.engine().submit()
    try fake.queue(
      ("103", "3", "RUNNING", 0, "0", "None"), ("101", "3", "FAILED", 0, "256", "NonZeroExitCode"))
    #expect(try await fake.status()?.shards[3].state == .running)
  }

  @Test func `forgotten jobs are judged by their files`() async throws {
    let fake = try Fake()
    _ = try await fake.engine().submit()
    try fake.complete(Array(0..<10))
    let before = try #require(try await fake.status())
    #expect(before.count(of: .done) == 10 && before.merge.state == .absent)
    try fake.scan.write("{}", to: "results.json")
    #expect(try await fake.status()?.merge.state == .done)
  }

  @Test func `a table or a file that is none is refused`() async throws {
    let fake = try Fake()
    _ = try await fake.engine().submit()
    try fake.bin.write("squeue 99: welcome\n", to: "queue")
    await #expect(throws: ClusterError.self) { try await fake.status() }
    try fake.scan.write("{", to: "slurm/jobs.json")
    let error = await #expect(throws: ClusterError.self) { try await fake.engine().submit() }
    #expect(error?.description.contains("this is not what duskline wrote") == true)
  }
}

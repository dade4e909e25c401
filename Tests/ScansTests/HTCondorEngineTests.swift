import Foundation
import Scans
import Testing

/// Submit files, read by HTCondor's own parser; no pool was ever at hand.
@Suite(.tags(.unit))
struct HTCondorEngineTests {
  private func jobs(_ scratch: Scratch, _ name: String) throws -> [[String: Any]] {
    let result = try Python.run("read-htcondor.py", "\(scratch.path)/condor/\(name)")
    try #require(result.exitCode == 0)
    let jobs = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(jobs as? [[String: Any]])
  }

  @Test func `HTCondor's parser makes one job of each missing shard`() throws {
    let scratch = try Scratch(named: "it's a \"$(HOME)\" $ENV(HOME) $INT(x) $y é")
    try scratch.write("", to: "shards/shard-1-of-4.sqlite")
    let engine = try HTCondorEngine(
      folder: scratch.path, executable: "/opt/a b/$(x)/duskline",
      settings: ClusterSettings(
        shards: 4, threads: 2, time: "1:30:00", memory: "3G", throttle: 2,
        directives: ["+AccountingGroup = \"muons\""]))
    let graph = try engine.write()
    #expect(graph == "\(scratch.path)/condor/scan.dag")
    let shards = try jobs(scratch, "shards.sub")
    #expect(shards.count == 3)
    for (job, shard) in zip(shards, [0, 2, 3]) {
      #expect(job["Cmd"] as? String == "/opt/a b/$(x)/duskline")
      #expect(
        job["words"] as? [String] == [
          "scan", "run-shard", scratch.path, "--shard", "\(shard)", "--of", "4", "--threads", "2",
        ])
      #expect(job["Iwd"] as? String == scratch.path)
      #expect(job["Out"] as? String == "condor/shard-\(shard).out")
      #expect(job["RequestCpus"] as? Int == 2 && job["RequestMemory"] as? Int == 3072)
      #expect(job["AllowedJobDuration"] as? Int == 5400)
      #expect(job["KillSig"] as? String == "SIGTERM")
    }
    let merge = try jobs(scratch, "merge.sub")
    #expect(merge.count == 1)
    #expect(merge.first?["words"] as? [String] == ["scan", "merge", scratch.path])
  }

  @Test func `by HTCondor's own rules 75 and a kill go back, 1 ends, 2 is held`() throws {
    let scratch = try Scratch()
    let engine = try HTCondorEngine(
      folder: scratch.path, executable: "/opt/duskline", settings: ClusterSettings(shards: 1))
    _ = try engine.write()
    for name in ["shards.sub", "merge.sub"] {
      let job = try #require(try jobs(scratch, name).first)
      let ends = ["success", "stopped", "failed", "input", "killed", "killedTooOften"]
      #expect(
        ends.map { job[$0] as? String } == ["remove", "again", "remove", "hold", "again", "remove"])
    }
  }

  @Test func `the graph puts the merge after the shards`() throws {
    let scratch = try Scratch()
    let engine = try HTCondorEngine(
      folder: scratch.path, executable: "/opt/duskline", settings: ClusterSettings(shards: 1))
    #expect(
      engine.graph.split(separator: "\n").filter { !$0.hasPrefix("#") } == [
        "JOB shards shards.sub", "JOB merge merge.sub", "PARENT shards CHILD merge",
      ])
    #expect(engine.graph.contains("not run on a pool"))
    #expect(engine.shardsDescription.contains("not run on a pool"))
    try scratch.write("", to: "shards/shard-0-of-1.sqlite")
    #expect(!engine.graph.contains("shards.sub"))
  }

  @Test func `what HTCondor does not have is refused`() throws {
    let scratch = try Scratch()
    for settings in [
      try ClusterSettings(shards: 1, partition: "short"),
      try ClusterSettings(shards: 1, directives: ["--account=x", "queue = 7"]),
      try ClusterSettings(shards: 1, directives: ["Executable = /bin/sh"]),
      try ClusterSettings(shards: 1, directives: ["queue 7"]),
    ] {
      let error = #expect(throws: ClusterError.self) {
        try HTCondorEngine(
          folder: scratch.path, executable: "/opt/duskline", settings: settings)
      }
      #expect(error?.isInput == true)
    }
  }
}

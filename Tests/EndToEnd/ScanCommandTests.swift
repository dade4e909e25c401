import Foundation
import Testing

/// Slow variants, `make test-long`.
private let isLong = ProcessInfo.processInfo.environment["DUSKLINE_LONG_TESTS"] != nil

/// A folder that goes with the test.
private final class ScanFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "duskline-scan-\(UUID())")
      .path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  func results(_ scan: String) throws -> [Data] {
    try ["csv", "parquet", "json"].map {
      try Data(contentsOf: URL(filePath: self("\(scan)/results.\($0)")))
    }
  }
}

@Suite("The command scan", .serialized, .tags(.endToEnd))
struct ScanCommandTests {
  private let folder: ScanFolder

  init() throws { folder = try ScanFolder() }

  private static let small = [
    "--set", "run.events_per_point=200", "--set", "scan.m1_GeV=[0.1, 0.3]",
    "--set", "scan.splitting_over_m1=[0.001, 0.4]", "--quiet",
  ]

  @Test("results carry what was scanned, what was found, and the card; Python reads all three")
  func results() throws {
    let result = try Command.duskline(["scan", "-o", folder("a")] + Self.small + ["--json"])
    #expect(result.exitCode == 0, "\(result.error)")
    #expect(result.json?["complete"] as? Bool == true && result.json?["finished"] as? Int == 4)
    let text = try String(contentsOfFile: folder("a/results.csv"), encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(
      lines[0]
        == "m1_GeV,splitting_over_m1,expected_events,expected_events_error,epsilon,y,luminosity_per_pb,cross_section_pb,cross_section_pb_error,proper_decay_length_mm,leptonic_branching_ratio,mediator_branching_ratio,reason"
    )
    #expect(lines.count == 5 && lines[1].hasPrefix("0.1,0.001,,,"))
    #expect(text.contains("# seed: 20240906\n") && text.contains("energy_GeV: 160\n"))
    let read = try Python.run("read_scan.py", folder("a"))
    #expect(read.exitCode == 0 && read.output == "ok\n")
  }

  @Test("status, resume, export, and the same command once more")
  func commands() throws {
    let scan = folder("b")
    #expect(try Command.duskline(["scan", "-o", scan] + Self.small).exitCode == 0)
    let before = try folder.results("b")
    let again = try Command.duskline(["scan", "-o", scan] + Self.small)
    #expect(again.exitCode == 0 && again.output.hasPrefix("4 of 4 points are finished"))
    let resumed = try Command.duskline(["scan", "resume", scan, "--quiet"])
    #expect(resumed.exitCode == 0)
    #expect(try folder.results("b") == before)
    let status = try Command.duskline(["scan", "status", scan])
    #expect(status.output.hasPrefix("4 of 4 points are finished, 2 of them with a reason"))
    let exported = try Command.duskline(["scan", "export", scan, "-o", folder("x.csv")])
    #expect(exported.exitCode == 0 && exported.output.hasSuffix("written: \(folder("x.csv"))\n"))
    #expect(try Data(contentsOf: URL(filePath: folder("x.csv"))) == before[0])
    let wrong = try Command.duskline(["scan", "export", scan, "-o", folder("x.txt")])
    #expect(wrong.exitCode == 2 && wrong.error.contains("use .csv, .parquet or .json"))
    let other = try Command.duskline(["scan", "-o", scan, "--seed", "1"] + Self.small)
    #expect(other.exitCode == 2 && other.error.contains("seed: "), "\(other.error)")
    let none = try Command.duskline(["scan", "status", folder("none")])
    #expect(none.exitCode == 2 && none.error.contains("there is no scan in it"))
  }

  @Test("shards on their own and merged are the bytes of one run")
  func shards() throws {
    #expect(try Command.duskline(["scan", "-o", folder("c")] + Self.small).exitCode == 0)
    let scan = folder("d")
    #expect(try Command.duskline(["scan", "prepare", "-o", scan] + Self.small).exitCode == 0)
    let finished = try Command.duskline(
      ["scan", "-o", folder("c"), "--engine", "slurm", "--shards", "2"] + Self.small)
    #expect(finished.exitCode == 0 && finished.output.hasPrefix("4 of 4 points are finished"))
    let early = try Command.duskline(["scan", "merge", scan])
    #expect(early.exitCode == 1 && early.error.contains("4 points are not finished"))
    for shard in ["1", "0", "2"] {
      let result = try Command.duskline(
        ["scan", "run-shard", scan, "--shard", shard, "--of", "3", "--quiet"])
      #expect(result.exitCode == 0, "\(result.error)")
    }
    let unmerged = try Command.duskline(["scan", "status", scan, "--json"])
    #expect(unmerged.json?["finished"] as? Int == 4 && unmerged.json?["complete"] as? Bool == false)
    #expect(try Command.duskline(["scan", "merge", scan, "--quiet"]).exitCode == 0)
    #expect(try folder.results("d") == folder.results("c"))
    // The merge names what is missing; a task that finds another at its shard comes again.
    let scan2 = folder("d2")
    #expect(try Command.duskline(["scan", "prepare", "-o", scan2] + Self.small).exitCode == 0)
    _ = try Command.duskline(["scan", "run-shard", scan2, "--shard", "0", "--of", "3", "--quiet"])
    let partly = try Command.duskline(["scan", "merge", scan2])
    #expect(partly.exitCode == 1)
    #expect(partly.error.contains("shards without a result: 1 of 3, 2 of 3"), "\(partly.error)")
    let lock = open(scan2 + "/shards/shard-1-of-3.sqlite.partial.lock", O_RDWR | O_CREAT, 0o666)
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let beside = try Command.duskline(["scan", "run-shard", scan2, "--shard", "1", "--of", "3"])
    #expect(beside.exitCode == 75 && beside.error.contains("works on it"), "\(beside.error)")
    close(lock)
    let bad = try Command.duskline(["scan", "run-shard", scan, "--shard", "3", "--of", "3"])
    #expect(bad.exitCode == 2 && bad.error.contains("from 0"))
  }

  @Test(
    "what an engine does not take is told before a folder is made",
    arguments: [
      ["--directive", "--time=3"], ["--directive", "account"], ["--threads", "auto"],
      ["--time", "90"],
    ])
  func engineFaults(options: [String]) throws {
    let result = try Command.duskline(
      ["scan", "-o", folder("e"), "--engine", "slurm", "--shards", "2"] + options + Self.small)
    #expect(result.exitCode == 2 && result.error.contains(options[1]), "\(result.error)")
    #expect(!FileManager.default.fileExists(atPath: folder("e")))
  }

  /// A scan of so many points that takes long enough to be killed in the middle.
  private func card(points: Int, events: Int = 2000) -> [String] {
    [
      "--set", "run.events_per_point=\(events)", "--set",
      "scan.over={model.m1_GeV: {from: 0.05, to: 1, points: \(points), spacing: log}}", "--quiet",
    ]
  }

  @Test(
    "killed at random moments, a scan ends with the bytes of an undisturbed one", .tags(.property))
  func killed() throws {
    let (points, kills) = isLong ? (200, 100) : (30, 6)
    let arguments = card(points: points)
    let start = Date()
    #expect(try Command.duskline(["scan", "-o", folder("whole")] + arguments).exitCode == 0)
    let wholeTime = Date().timeIntervalSince(start)
    var random = SystemRandomNumberGenerator()
    var reallyKilled = 0
    for _ in 0..<kills {
      let process = Process()
      process.executableURL = try Command.binary()
      process.arguments = ["scan", "-o", folder("killed")] + arguments
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      let pause = Double.random(
        in: 0.005...max(0.05, 3 * wholeTime / Double(kills)), using: &random)
      Thread.sleep(forTimeInterval: pause)
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        reallyKilled += 1
      }
      process.waitUntilExit()
    }
    #expect(reallyKilled > kills / 4)
    let result = try Command.duskline(["scan", "-o", folder("killed")] + arguments)
    #expect(result.exitCode == 0, "\(result.error)")
    #expect(try folder.results("killed") == folder.results("whole"))
  }

  @Test("stopped by SIGTERM, a scan says what to do; a shard ends with 75")
  func stopped() throws {
    let scan = folder("term")
    let arguments = card(points: 4000)
    let process = Process()
    let errors = Pipe()
    process.executableURL = try Command.binary()
    process.arguments = ["scan", "-o", scan] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    Thread.sleep(forTimeInterval: 0.4)
    process.terminate()
    process.waitUntilExit()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(
      process.terminationStatus == 143 && text.contains("what is finished is kept"), "\(text)")
    let shard = Process()
    shard.executableURL = try Command.binary()
    shard.arguments = ["scan", "run-shard", scan, "--shard", "0", "--of", "1", "--quiet"]
    shard.standardError = FileHandle.nullDevice
    try shard.run()
    Thread.sleep(forTimeInterval: 0.4)
    shard.terminate()
    shard.waitUntilExit()
    #expect(shard.terminationStatus == 75)
  }

  @Test("two scans on one folder: the second is refused, the first goes on")
  func twoScans() throws {
    let scan = folder("two")
    let arguments = card(points: 4000)
    let first = Process()
    first.executableURL = try Command.binary()
    first.arguments = ["scan", "-o", scan] + arguments
    first.standardOutput = FileHandle.nullDevice
    try first.run()
    Thread.sleep(forTimeInterval: 0.4)
    let second = try Command.duskline(["scan", "-o", scan] + arguments)
    #expect(
      second.exitCode == 1 && second.error.contains("another process works on it"),
      "\(second.error)")
    let status = try Command.duskline(["scan", "status", scan])
    #expect(status.exitCode == 0 && status.output.contains("of 4000 points"))
    first.terminate()
    first.waitUntilExit()
  }

  @Test("a full disk and a folder without permission are told, and the state stays sound")
  func fullDisk() throws {
    guard getuid() == 0 else { return }
    let disk = folder("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    func shell(_ command: String) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", command]
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    // Where nothing can be mounted there is no disk to fill.
    guard try shell("mount -t tmpfs -o size=200k tmpfs '\(disk)'") == 0 else { return }
    defer { _ = try? shell("umount '\(disk)'") }
    let cheap = card(points: 1000, events: 100)
    let full = try Command.duskline(["scan", "-o", disk + "/s"] + cheap)
    #expect(full.exitCode == 1 && full.error.contains("make room on the disk"), "\(full.error)")
    #expect(full.error.contains("what is finished is kept") || full.error.contains("results"))
    #expect(try shell("mount -o remount,size=20m '\(disk)'") == 0)
    let status = try Command.duskline(["scan", "status", disk + "/s"])
    #expect(status.exitCode == 0, "\(status.error)")
    let rest = try Command.duskline(["scan", "-o", disk + "/s"] + cheap)
    #expect(rest.exitCode == 0, "\(rest.error)")
    #expect(try Command.duskline(["scan", "-o", folder("roomy")] + cheap).exitCode == 0)
    #expect(
      try Data(contentsOf: URL(filePath: disk + "/s/results.csv"))
        == Data(contentsOf: URL(filePath: folder("roomy/results.csv"))))
    #expect(try shell("mount -o remount,ro '\(disk)'") == 0)
    let readOnly = try Command.duskline(["scan", "-o", disk + "/new"] + cheap)
    #expect(readOnly.exitCode == 1 && readOnly.error.contains("ead-only"), "\(readOnly.error)")
    #expect(try shell("mount -o remount,rw '\(disk)'") == 0)
  }

  @Test("a damaged state is told, and nothing of it is used")
  func damaged() throws {
    let scan = folder("damaged")
    #expect(try Command.duskline(["scan", "-o", scan] + Self.small).exitCode == 0)
    let path = URL(filePath: scan + "/scan.sqlite")
    var bytes = try Data(contentsOf: path)
    for place in stride(from: 4096, to: bytes.count, by: 97) { bytes[place] ^= 0xFF }
    try bytes.write(to: path)
    let result = try Command.duskline(["scan", "-o", scan] + Self.small)
    #expect(result.exitCode == 1 && result.error.contains("is damaged"), "\(result.error)")
  }

  @Test("a cheap point costs less than 2 ms beside its own time", .enabled(if: isLong))
  func overhead() throws {
    let arguments = [
      "--set", "run.events_per_point=100", "--set",
      "scan.over={model.alpha_D: {from: 0.1, to: 1, points: 100, spacing: log}, model.y: {from: 1e-10, to: 1e-6, points: 1000, spacing: log}}",
      "--quiet", "--threads", "1",
    ]
    let start = Date()
    let result = try Command.duskline(["scan", "-o", folder("cheap")] + arguments)
    let seconds = Date().timeIntervalSince(start)
    #expect(result.exitCode == 0, "\(result.error)")
    #expect(seconds / 1e5 < 2e-3, "\(seconds) s")
    print("10^5 points of a scan: \(seconds) s, \(seconds * 10) µs a point")
  }
}

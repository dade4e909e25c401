import Foundation
import Testing

@Suite("Event files", .serialized, .tags(.endToEnd))
struct EventFileTests {
  @Test(
    "the Parquet file holds what the CSV of the same seed holds, bit by bit, with card and provenance",
    arguments: ["weighted", "unweighted"], ["1", "2048", "5000"])
  func formatsAgree(weighting: String, count: String) throws {
    let folder = try EventFolder()
    // Two channels, so that both flavours occur.
    for file in ["x.csv", "x.parquet"] {
      let result = try folder.events(
        file,
        [
          "run.weighting=\(weighting)", "run.events_per_point=\(count)", "model.m1_GeV=0.8",
          "model.y=1e-6",
        ])
      try #require(result.exitCode == 0, "\(result.error)")
    }
    let result = try Python.run(
      "read-parquet.py", "compare", folder.path("x.parquet"), folder.path("x.csv"))
    #expect(result.exitCode == 0, "\(result.output)")
  }

  static let endings = [
    ".lhe", ".lhe.gz", ".hepmc3", ".hepmc3.gz", ".parquet", ".csv", ".csv.gz",
  ]

  @Test("equal bytes for one thread and two", arguments: ["weighted", "unweighted"], endings)
  func threads(weighting: String, ending: String) throws {
    let folder = try EventFolder()
    for threads in [1, 2] {
      let result = try folder.events(
        "\(threads)\(ending)",
        [
          "run.weighting=\(weighting)",
          // More than a group of rows of Parquet, than a few blocks of text.
          "run.events_per_point=\(ending == ".parquet" ? 70_000 : 20_000)",
        ], threads: threads)
      try #require(result.exitCode == 0, "\(result.error)")
    }
    #expect(folder.areEqual("1\(ending)", "2\(ending)"))
  }

  @Test(
    "a compressed file unpacks to the plain one, and holds neither name nor time",
    arguments: ["lhe", "hepmc3", "csv"], ["1", "20_000"])
  func compression(ending: String, count: String) throws {
    let folder = try EventFolder()
    for file in ["plain.\(ending)", "one.\(ending).gz", "other.\(ending).gz"] {
      let result = try folder.events(file, ["run.events_per_point=\(count)"])
      try #require(result.exitCode == 0, "\(result.error)")
    }
    #expect(folder.areEqual("one.\(ending).gz", "other.\(ending).gz"))
    let result = try Python.run(
      "read-events.py", "gzip", folder.path("one.\(ending).gz"), folder.path("plain.\(ending)"))
    #expect(result.exitCode == 0, "\(result.output)")
  }

  @Test(
    "an ending that names no format is told, with those that do",
    arguments: [
      "x.root", "x.parquet.gz", "x.gz", "lhe", "/dev/stdout",
    ])
  func unknownEnding(file: String) throws {
    let folder = try EventFolder()
    let result = try folder.events(file)
    #expect(result.exitCode == 2)
    #expect(
      result.error.contains(
        "use .lhe, .lhe.gz, .hepmc3, .hepmc3.gz, .parquet, .csv or .csv.gz"))
    #expect(try folder.names().isEmpty)
  }

  @Test("a missing folder and a full disk are told, and nothing is left", arguments: endings)
  func faults(ending: String) throws {
    let folder = try EventFolder()
    let missing = try folder.events("none/x\(ending)", ["run.events_per_point=10"])
    #expect(missing.exitCode != 0)
    #expect(missing.error.contains("none/x\(ending)") && missing.error.contains("make the folder"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("full\(ending)"), withDestinationPath: "/dev/full")
    let full = try folder.events("full\(ending)", ["run.events_per_point=10"])
    #expect(full.exitCode == 1)
    #expect(full.error.contains("make room on the disk"))
    #expect(try folder.names() == ["full\(ending)"])
  }

  /// A file system of one megabyte, where the machine lets us have one.
  final class SmallDisk {
    let folder: EventFolder

    init?() throws {
      folder = try EventFolder()
      guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/bin/mount"),
        try Self.run("/bin/mount", "-t", "tmpfs", "-o", "size=1m", "none", folder.path(""))
      else { return nil }
    }

    deinit { _ = try? Self.run("/bin/umount", folder.path("")) }

    private static func run(_ program: String, _ arguments: String...) throws -> Bool {
      let process = Process()
      process.executableURL = URL(filePath: program)
      process.arguments = arguments
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus == 0
    }
  }

  @Test("a disk that fills up leaves the file that was there, and no other", arguments: endings)
  func fullDisk(ending: String) throws {
    guard let disk = try SmallDisk() else { return }
    let file = "x\(ending)"
    let first = try disk.folder.events(file, ["run.events_per_point=10"])
    try #require(first.exitCode == 0, "\(first.error)")
    let before = try Data(contentsOf: disk.folder.url.appending(path: file))
    let full = try disk.folder.events(file, ["run.events_per_point=20_000"])
    #expect(full.exitCode == 1)
    #expect(full.error.contains("make room on the disk"))
    #expect(try disk.folder.names() == [file])
    #expect(try Data(contentsOf: disk.folder.url.appending(path: file)) == before)
  }

  @Test("a folder that must not be written to is told", arguments: endings)
  func readOnly(ending: String) throws {
    // A file system without room for names, on which root may not write either.
    let path = "/proc/x\(ending)"
    let result = try Command.duskline([
      "events", "--quiet", "--set", "run.events_per_point=10", "-o", path,
    ])
    #expect(result.exitCode == 1)
    #expect(result.error.contains("writing \(path)"))
  }

  @Test("a link to standard output takes the events", arguments: ["lhe", "hepmc3", "csv"])
  func standardOutput(ending: String) throws {
    let folder = try EventFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("out.\(ending)"), withDestinationPath: "/dev/stdout")
    let streamed = try folder.events("out.\(ending)", ["run.events_per_point=5000"])
    try #require(streamed.exitCode == 0, "\(streamed.error)")
    let filed = try folder.events("file.\(ending)", ["run.events_per_point=5000"])
    try #require(filed.exitCode == 0, "\(filed.error)")
    let file = try String(contentsOfFile: folder.path("file.\(ending)"), encoding: .utf8)
    #expect(streamed.output == file)
  }

  /// What a run took.
  struct Cost: Decodable {
    var seconds: Double
    var peak_kB: Double
  }

  @Test(
    "a million events take no more memory than a tenth of them, and less than ten seconds",
    .enabled(if: ProcessInfo.processInfo.environment["DUSKLINE_LONG_TESTS"] != nil),
    arguments: ["weighted", "unweighted"], endings)
  func million(weighting: String, ending: String) throws {
    let folder = try EventFolder()
    let costs = try [100_000, 1_000_000].map { count in
      let result = try Python.run(
        "read-events.py", "measure", Command.binary().path(percentEncoded: false), "events",
        "--quiet", "--set", "run.weighting=\(weighting)", "--set",
        "run.events_per_point=\(count)", "-o", folder.path("x\(ending)"))
      try #require(result.exitCode == 0, "\(result.output)")
      return try JSONDecoder().decode(Cost.self, from: Data(result.output.utf8))
    }
    print(
      "\(weighting) \(ending): 10⁵ and 10⁶ events in",
      costs.map { "\($0.seconds.formatted()) s, \(Int($0.peak_kB / 1024)) MB" })
    // 20 MB at most, the allocator's doing: 0.4 to 11 were seen. All of 10⁶ events are 280 MB in the smallest format.
    #expect(costs[1].peak_kB < costs[0].peak_kB + 20_000)
    #expect(costs[1].peak_kB < 200_000)
    // 10⁵ in a second; compressed, 5 × 10⁴ are asked of two cores.
    #expect(costs[1].seconds < (ending.hasSuffix(".gz") ? 20 : 10))
  }
}

import Foundation
import Testing

@Suite("Event files", .serialized, .tags(.endToEnd))
struct EventFileTests {
  /// A folder that goes with the test.
  final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }
  }

  func events(_ file: String, in folder: Folder, _ settings: String..., threads: Int = 2) throws
    -> CommandResult
  {
    try Command.duskline(
      ["events", "--quiet", "--threads", "\(threads)", "-o", file]
        + settings.flatMap { ["--set", $0] }, in: folder.url)
  }

  @Test(
    "the Parquet file holds what the CSV of the same seed holds, bit by bit, with card and provenance",
    arguments: ["weighted", "unweighted"], ["1", "2048", "5000"])
  func formatsAgree(weighting: String, count: String) throws {
    let folder = try Folder()
    // Two channels, so that both flavours occur.
    for file in ["x.csv", "x.parquet"] {
      let result = try events(
        file, in: folder, "run.weighting=\(weighting)", "run.events_per_point=\(count)",
        "model.m1_GeV=0.8", "model.y=1e-6")
      try #require(result.exitCode == 0, "\(result.error)")
    }
    let result = try Python.run(
      "read-parquet.py", "compare", folder.path("x.parquet"), folder.path("x.csv"))
    #expect(result.exitCode == 0, "\(result.output)")
  }

  @Test("equal bytes for one thread and two", arguments: ["weighted", "unweighted"])
  func threads(weighting: String) throws {
    let folder = try Folder()
    for threads in [1, 2] {
      let result = try events(
        "\(threads).parquet", in: folder, "run.weighting=\(weighting)",
        "run.events_per_point=70_000", threads: threads)
      try #require(result.exitCode == 0, "\(result.error)")
    }
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder.path("1.parquet"), andPath: folder.path("2.parquet")))
  }

  @Test("an ending that names no format, a missing folder and a full disk are told")
  func faults() throws {
    let folder = try Folder()
    let ending = try events("x.root", in: folder)
    #expect(ending.exitCode == 2)
    #expect(ending.error.contains("use .csv or .parquet"))
    let missing = try events("none/x.parquet", in: folder, "run.events_per_point=10")
    #expect(missing.exitCode != 0)
    #expect(missing.error.contains("none/x.parquet") && missing.error.contains("make the folder"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("full.parquet"), withDestinationPath: "/dev/full")
    let full = try events("full.parquet", in: folder, "run.events_per_point=10")
    #expect(full.exitCode == 1)
    #expect(full.error.contains("make room on the disk"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path(percentEncoded: false))
        == ["full.parquet"])
  }
}

import Foundation
import Testing

/// The scripts of Examples, run as their README says.
@Suite("Examples", .serialized, .tags(.endToEnd))
final class ExamplesTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "duskline-examples-\(UUID())").path(percentEncoded: false)

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func scan(_ name: String, _ settings: String...) throws -> String {
    let path = "\(folder)/\(name)"
    let all = settings + ["run.events_per_point=2000", "scan.y_precision=1"]
    let result = try Command.duskline(
      ["scan", "-o", path, "--quiet"] + all.flatMap { ["--set", $0] })
    try #require(result.exitCode == 0, "\(result.error)")
    return path
  }

  @Test("figure6.py draws the contours of a scan, the same from Parquet and from CSV")
  func figure6() throws {
    let results = try scan(
      "reach", "scan.quantity=reach", "scan.m1_GeV=[0.012, 0.02, 0.1, 0.3, 1, 2]",
      "scan.splitting_over_m1=[0.2, 0.4]", "scan.alpha_D=[0.1, 0.5]",
      "scan.luminosity=[paper-text, {per_pb: 1000}]")
    var printed: [[Substring]] = []
    for (source, ending, magic) in [("", "pdf", "%PDF"), ("/results.csv", "png", "\u{89}PNG")] {
      let file = "\(results)/figure-6.\(ending)"
      let drawn = try Python.run("Examples/figure6.py", results + source, "-o", file)
      try #require(drawn.exitCode == 0, "\(drawn.output)")
      let bytes = try Data(contentsOf: URL(filePath: file))
      #expect(bytes.count > 5000)
      #expect(Array(bytes.prefix(4)) == magic.unicodeScalars.map { UInt8($0.value) })
      printed.append(drawn.output.split(separator: "\n"))
    }
    #expect(printed[0].first == "read 48 points from \(results)/results.parquet")
    #expect(printed[1].first == "read 48 points from \(results)/results.csv")
    #expect(printed[0].last == "wrote \(results)/figure-6.pdf")
    let contours = printed.map { $0.dropFirst().dropLast() }
    #expect(contours[0] == contours[1])
    let names = contours[0].map { line in String(line.prefix { $0 != ":" }) }
    var expected: [String] = []
    for splitting in [0.2, 0.4] {
      for alpha in [0.1, 0.5] {
        for luminosity in [4700, 1000] {
          expected.append("Delta = \(splitting) m1, alpha_D = \(alpha), \(luminosity) /pb")
        }
      }
    }
    #expect(names == expected)
    // Of the six masses the first gives no pair that passes the cuts, and the last too few events.
    let text = "Delta = 0.4 m1, alpha_D = 0.1, 4700 /pb: 4 of 6 masses, 1 up to epsilon = 1; "
    #expect(contours[0].contains { $0.hasPrefix(text) }, "\(contours[0])")
  }

  @Test("read_results.py finds the best point, and duskline yield gives the same events there")
  func readResults() throws {
    let results = try scan(
      "yield", "scan.m1_GeV=[0.001, 0.1, 0.3]", "scan.splitting_over_m1=[0.4]")
    let program = try Command.binary().path(percentEncoded: false)
    for source in ["", "/results.csv"] {
      let read = try Python.run(
        "Examples/read_results.py", results + source, "--duskline", program)
      try #require(read.exitCode == 0, "\(read.output)")
      let lines = read.output.split(separator: "\n")
      #expect(lines[1] == "160 GeV muon beam on beryllium, seed 20240906")
      #expect(lines.contains("2 points have a number, 1 a reason why not"))
      let last = lines.suffix(3)
      #expect(last.first?.hasPrefix("best point: m1_GeV = 0.") == true, "\(last)")
      // The same card and seed give the same events, alone and in a scan.
      let events = last.suffix(2).map { $0.drop { $0 != ":" } }
      #expect(events.count == 2 && events[0] == events[1] && events[0].contains(" +- "), "\(last)")
    }
  }

  @Test("results of another quantity are refused, with what to do")
  func wrongQuantity() throws {
    let results = try scan("other", "scan.m1_GeV=[0.1]", "scan.splitting_over_m1=[0.4]")
    let drawn = try Python.run("Examples/figure6.py", results, "-o", "\(folder)/none.pdf")
    #expect(drawn.exitCode == 1)
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/none.pdf"))
  }
}

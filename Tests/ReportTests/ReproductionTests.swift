import Formats
import Foundation
import Integration
import Reach
import Report
import Synchronization
import Testing

@Suite("The reproduction", .serialized)
struct ReproductionTests {
  /// A card of few events and masses.
  func card(_ more: [String] = [], events: Int = 1000) throws -> RunCard {
    try RunCard.load(
      settings: [
        "scan.m1_GeV=[0.05, 0.3, 3]", "scan.splitting_over_m1=[0.4, 0.05]",
        "run.events_per_point=\(events)", "production.relative_precision=0.01",
      ] + more)
  }

  /// Runs without drawing, which ends with the error that says so, and returns the files.
  func files(_ card: RunCard, threads: Int) async throws -> [String: String] {
    let folder = try scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path(percentEncoded: false)
    let reproduction = Reproduction(
      card: card, folder: path, threads: threads, gnuplot: Gnuplot(program: "no-such-gnuplot"))
    await #expect(throws: GnuplotError.missing("no-such-gnuplot")) { try await reproduction.run() }
    var files: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      files[name] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    return files
  }

  @Test(
    "without gnuplot all data, scripts and the page are there, equal for any threads",
    .tags(.property))
  func withoutGnuplot() async throws {
    let first = try await files(card(), threads: 1)
    let second = try await files(card(), threads: 2)
    #expect(first == second)
    let names = [
      "figure-3-event-display", "figure-4-cross-section", "figure-4-spectra",
      "figure-5-energy-angle", "figure-6-reach", "figure-relic-abundance",
      "figure-limit-ratios", "figure-splitting-loss",
    ]
    for name in names {
      for ending in ["csv", "gp", "py"] {
        #expect(first["\(name).\(ending)"]?.isEmpty == false, "\(name).\(ending)")
      }
    }
    #expect(first["report.html"]?.contains("gnuplot-nox") == true)
    try checkTables(first)
    try checkRelic(first)
    try checkPage(#require(first["report.html"]))
  }

  func checkTables(_ files: [String: String]) throws {
    for (name, text) in files where name.hasSuffix(".csv") {
      let lines = text.split(separator: "\n")
      let header = lines.prefix { $0.hasPrefix("#") }
      for word in ["seed: ", "card:", "commit ", "platform "] {
        #expect(header.contains { $0.contains(word) }, "\(name): \(word)")
      }
      #expect(!text.contains("nan") && !text.contains(",inf"), "\(name)")
    }
    let reach = try #require(files["figure-6-reach.csv"])
    let columns = try #require(reach.split(separator: "\n").first { !$0.hasPrefix("#") })
    #expect(columns.hasPrefix("splitting_over_m1,alpha_D,luminosity_per_pb,m1_GeV,y_lower,"))
    // Two splittings, two couplings, both luminosities of the paper, three masses at least.
    let rows = reach.split(separator: "\n").filter { !$0.hasPrefix("#") }.count - 1
    #expect(rows >= 24)
  }

  /// The thermal line has the abundance asked for, and crosses the reach at Δ = 0.4 m₁ about 0.3 GeV.
  func checkRelic(_ files: [String: String]) throws {
    func rows(_ name: String) throws -> [[Substring]] {
      try #require(files["\(name).csv"]).split(separator: "\n").filter { !$0.hasPrefix("#") }
        .dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }
    let lines = try rows("figure-6-thermal-lines")
    // Two splittings, two couplings, three masses at least.
    #expect(lines.count >= 12)
    for line in lines where !line[3].isEmpty {
      let abundance = try #require(Double(line[5]))
      #expect(abs(abundance / 0.12 - 1) < 1e-5)
    }
    let inside = try rows("table-thermal-inside-reach").filter { $0[0] == "0.4" && $0[1] == "0.1" }
    #expect(inside.count == 2)
    for row in inside {
      let (lower, upper) = try (#require(Double(row[3])), #require(Double(row[4])))
      #expect(lower < 0.3 && 0.3 < upper)
    }
    let equilibrium = try rows("table-chemical-equilibrium")
    #expect(equilibrium.count == 8)
    for row in equilibrium {
      let ratio = try #require(Double(row[4]))
      #expect(abs(ratio - 1) < 1e-3)
    }
    #expect(files["figure-6-reach.gp"]?.contains("figure-6-reach-overlays.csv") == true)
  }

  /// Every tag is closed in order; nothing is loaded from elsewhere.
  func checkPage(_ page: String) throws {
    var open: [Substring] = []
    let empty: Set<Substring> = ["meta", "img", "br", "hr", "link"]
    for piece in page.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
      guard let end = piece.firstIndex(of: ">") else {
        Issue.record("a tag without an end: \(piece.prefix(40))")
        return
      }
      let tag = piece[..<end]
      let name = tag.split(separator: " ").first ?? ""
      if name.hasPrefix("!") { continue }
      if name.hasPrefix("/") {
        #expect(open.popLast() == name.dropFirst(), "\(tag)")
      } else if !empty.contains(name) {
        open.append(name)
      }
    }
    #expect(open.isEmpty)
    #expect(!page.contains("src=\"http") && !page.contains("<script"))
    #expect(!page.contains("& "), "an ampersand that is not escaped")
  }

  @Test("a folder that cannot be is said before anything is computed", .tags(.unit))
  func unwritable() async throws {
    let folder = try scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "file").path(percentEncoded: false)
    try OutputFile.write("x", to: file)
    let reproduction = Reproduction(card: try card(), folder: file + "/below", threads: 1)
    await #expect(throws: FileError.self) { try await reproduction.run() }
  }

  @Test("points that a card does not allow are left out and named", .tags(.unit))
  func absentPoints() async throws {
    let files = try await files(card(["model.mediator_mass_GeV=0.3"]), threads: 2)
    #expect(files["figure-3-event-display.csv"] == nil)
    #expect(files["report.html"]?.contains("Fig. 3 is left out") == true)
    #expect(files["table-1-points.csv"]?.contains("\n0.1,0.4,") == true)
    #expect(files["table-1-points.csv"]?.contains("\n0.3,0.4,") == false)
    try checkPage(#require(files["report.html"]))
  }

  @Test(
    "one page with drawings inside, and a summary as JSON", .tags(.unit), .enabled(if: hasGnuplot())
  )
  func whole() async throws {
    let folder = try scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path(percentEncoded: false)
    let steps = Counter()
    let reproduction = Reproduction(card: try card(), folder: path, threads: 2)
    let summary = try await reproduction.run { steps.add($0) }
    #expect(steps.value == reproduction.stepCount)
    for file in summary.files {
      #expect(FileManager.default.fileExists(atPath: "\(path)/\(file)"), "\(file)")
    }
    for file in summary.files where file.hasSuffix(".csv") {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      // Cells with commas are quoted.
      let rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.contains("\"") }
      let cells = Set(rows.map { $0.split(separator: ",", omittingEmptySubsequences: false).count })
      #expect(cells.count <= 1, "\(file): \(cells)")
    }
    let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
    #expect(page.split(separator: "data:image/svg+xml;base64,").count == 12)
    try checkPage(page)
    #expect(try summary.json.text().contains("\"y_lowest\""))
  }

  @Test("the event display passes what the selection passes", .tags(.statistical))
  func acceptance() async throws {
    let plan = try card(["model.m1_GeV=0.3", "model.y=1e-6"], events: 200_000).plan
    let expected = try await plan.expectedEvents(threads: 2)
    let share = try #require(expected.cutFlow.last?.cumulative)
    let generator = try EventGenerator(plan)
    var (all, passed, square) = (0.0, 0.0, 0.0)
    for batch in 0..<100 {
      for event in generator.batch(batch) {
        all += event.weight
        if event.passes(plan) {
          passed += event.weight
          square += event.weight * event.weight
        }
      }
    }
    // Both samples have about 200 000 events, and the drawn positions make this one the noisier: its error alone, five
    // times over.
    #expect(abs(passed / all - share) < 5 * square.squareRoot() / all)
    #expect(share > 0)
  }
}

/// A number that any thread adds to.
final class Counter: Sendable {
  private let storage = Mutex(0)

  func add(_ steps: Int) { storage.withLock { $0 += steps } }

  var value: Int { storage.withLock { $0 } }
}

import Foundation
import Testing

@Suite("Thick-target experiments on the command line", .tags(.endToEnd))
struct ThickTargetTests {
  private static let mine = """
    duskline-apparatus: 1
    kind: thick-target
    name: mine
    title: My dump
    source: a test
    status: exclusion
    beam: {particle: electron, energy_GeV: 10, particles_on_target: 1e18}
    target: {material: iron, depth_radiation_lengths: 50, tracks: primary}
    production: {inelastic: "off", annihilation: false}
    decay:
      z_mm: [5000, 10_000]
      seen_at: face
      detectors: [{share: 1, size_mm: [2000, 2000]}]
      lepton_energy: summed
      minimum_energy_GeV: 0.5
    events: 3

    """

  private static func makeFolder(_ files: [String: String] = ["mine.yaml": mine]) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "own"), withIntermediateDirectories: true)
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    return folder
  }

  private func limits(_ arguments: String..., in folder: URL) throws -> CommandResult {
    try Command.duskline(["limits"] + arguments + ["--catalogue", "own"], in: folder)
  }

  private static let masses = ["--set", "scan.m1_GeV=[0.004, 0.03, 0.1]"]

  private func e137(_ settings: String...) throws -> CommandResult {
    try Command.duskline(
      ["limits", "show", "e137-computed", "--json", "--set", "model.splitting_over_m1=0.1"]
        + Self.masses + settings.flatMap { ["--set", $0] })
  }

  @Test("show computes E137 in all its variants; a stable χ₂ is null with a reason")
  func show() throws {
    let json = try #require(try e137().json)
    #expect(json["origin"] as? String == "computed" && json["kind"] as? String == "exclusion")
    #expect(json["variant"] as? String == "default")
    let points = try #require(json["points"] as? [[String: Any]])
    #expect(points.compactMap { $0["m1_GeV"] as? Double } == [0.004, 0.03, 0.1])
    #expect(points[0]["epsilon_lower"] is NSNull)
    #expect((points[0]["reason"] as? String)?.contains("chi2 does not decay") == true)
    for point in points.dropFirst() {
      let lower = try #require(point["epsilon_lower"] as? Double)
      let upper = try #require(point["epsilon_upper"] as? Double)
      #expect(1e-5 < lower && lower < 2e-4 && 0.02 < upper && upper < 1)
    }
    let variants = try #require(json["variants"] as? [String: [[String: Any]]])
    #expect(
      variants.keys.sorted() == ["annihilation", "events-10", "inelastic", "scattering"])
    #expect(variants.values.allSatisfy { $0.count == 3 })
    let lower = try #require(points[2]["epsilon_lower"] as? Double)
    let ten = try #require(variants["events-10"]?[2]["epsilon_lower"] as? Double)
    // N ∝ ε⁴; 3 %: another sample may do for it.
    #expect(abs(ten / lower / pow(10.0 / 3, 0.25) - 1) < 0.03)
  }

  @Test("one thread and two give the same bytes; another seed gives nearly the same numbers")
  func determinism() throws {
    let one = try e137("run.threads=1")
    let two = try e137("run.threads=2")
    #expect(one.exitCode == 0)
    #expect(one.output == two.output)
    let other = try #require(try e137("run.seed=7").json)
    let json = try #require(one.json)
    func edges(_ json: [String: Any]) throws -> [Double] {
      let points = try #require(json["points"] as? [[String: Any]])
      return points.flatMap {
        [$0["epsilon_lower"] as? Double, $0["epsilon_upper"] as? Double].compactMap(\.self)
      }
    }
    let (a, b) = try (edges(json), edges(other))
    #expect(a.count == 4 && b.count == 4 && a != b)
    // 8 %: 200 events and more have 7 % of N, 1.8 % of ε, in each of two; four errors and rare heavy weights.
    for (x, y) in zip(a, b) { #expect(abs(x / y - 1) < 0.08, "\(x), \(y)") }
  }

  @Test("an experiment of one's own is shown from its file, added, listed, shown and counted")
  func add() throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let mass = "scan.m1_GeV=[0.03]"
    let fromFile = try #require(
      try limits("show", "mine.yaml", "--json", "--set", mass, in: folder).json)
    #expect(fromFile["name"] as? String == "mine-computed")
    let unknown = try limits("show", "mine-computed", in: folder)
    #expect(unknown.exitCode == 2)

    let added = try limits("add", "mine.yaml", "--json", in: folder)
    #expect(added.exitCode == 0, "\(added.error)")
    #expect(added.json?["name"] as? String == "mine-computed")
    #expect(added.json?["installed"] as? String == "own/mine.apparatus.yaml")
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "own").path(percentEncoded: false))
    #expect(kept == ["mine.apparatus.yaml"])

    #expect(try limits("list", in: folder).output.contains("mine-computed (yours)"))
    let list = try #require(
      try limits("list", "--json", in: folder).json?["curves"] as? [[String: Any]])
    let entry = try #require(list.last)
    #expect(entry["name"] as? String == "mine-computed" && entry["catalogue"] as? String == "user")
    let shown = try #require(
      try limits("show", "mine-computed", "--json", "--set", mass, in: folder).json)
    for key in ["points", "variants"] {
      #expect(
        try JSONSerialization.data(withJSONObject: #require(shown[key]), options: .sortedKeys)
          == JSONSerialization.data(withJSONObject: #require(fromFile[key]), options: .sortedKeys))
    }
    let check = try #require(
      try limits("check", "--json", "--set", "model.epsilon=1e-3", in: folder).json)
    #expect(check["excluded"] as? Bool == true)
    #expect((check["by"] as? [String])?.contains("mine-computed") == true)

    let again = try limits("add", "mine.yaml", in: folder)
    #expect(again.exitCode == 2 && again.error.contains("--replace"))
    let replaced = try limits("add", "mine.yaml", "--replace", in: folder)
    #expect(replaced.exitCode == 0 && replaced.output.contains("computed from now on"))
  }

  @Test("faults of a file are told by line, a taken name is refused, and nothing is kept")
  func refused() throws {
    let folder = try Self.makeFolder([
      "bad.yaml": Self.mine.replacing("beam:", with: "baem:").replacing("events: 3", with: ""),
      "taken.yaml": Self.mine.replacing("name: mine", with: "name: e137"),
    ])
    defer { try? FileManager.default.removeItem(at: folder) }
    for command in ["add", "show"] {
      let bad = try limits(command, "bad.yaml", in: folder)
      #expect(bad.exitCode == 2 && bad.output.isEmpty)
      #expect(bad.error.contains("bad.yaml:7:1: unknown key 'baem'; did you mean 'beam'?"))
      #expect(bad.error.contains("the key events is missing"))
    }
    let taken = try limits("add", "taken.yaml", in: folder)
    #expect(taken.exitCode == 2)
    #expect(taken.error.contains("'e137' is the name of a limit that comes with the program"))
    let missing = try limits("show", "nowhere.yaml", in: folder)
    #expect(missing.exitCode == 2 && missing.error.contains("there is no such file"))
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "own").path(percentEncoded: false))
    #expect(kept.isEmpty)
  }

  @Test("as the apparatus of a card it is refused, with the command to use instead")
  func apparatus() throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, command) in [
      ("e137", "duskline limits show e137-computed"),
      ("mine.yaml", "duskline limits show mine.yaml"),
    ] {
      let result = try Command.duskline(["explain", "--set", "apparatus=\(name)"], in: folder)
      #expect(result.exitCode == 2 && result.output.isEmpty)
      #expect(result.error.hasPrefix("--set apparatus=\(name): "))
      #expect(result.error.contains("is a thick-target experiment"))
      #expect(result.error.contains(command))
    }
  }
}

import Foundation
import Testing

@Suite("The command background", .serialized, .tags(.endToEnd))
struct BackgroundCommandTests {
  private static let report = Task { () throws -> CommandResult in
    try Command.duskline(["background", "--json", "--set", "luminosity=paper-footnote"])
  }

  private func value(_ json: Any?) throws -> Double {
    try #require((json as? [String: Double])?["value"])
  }

  @Test("the keys of the interface, the samples and the categories in their order")
  func keys() async throws {
    let result = try await Self.report.value
    #expect(result.exitCode == 0 && result.error.isEmpty, "\(result.error)")
    let json = try #require(result.json)
    for key in ["samples", "categories", "settings", "normalisation", "generator"] {
      #expect(json[key] != nil, "\(key)")
    }
    let samples = try #require(json["samples"] as? [[String: Any]])
    #expect(
      samples.map { "\($0["process"] ?? "") \($0["part"] ?? "") \($0["nucleon"] ?? "")" } == [
        "dis all n", "dis all p", "soft diffractive n", "soft non-diffractive n", "soft all p",
      ])
    for sample in samples {
      #expect(try value(sample["cross_section_pb"]) > 1e4)
      #expect((sample["events"] as? Int ?? 0) >= 40_000 && sample["failed_chunks"] as? Int == 0)
    }
    let categories = try #require(json["categories"] as? [[String: Any]])
    #expect(
      categories.map { $0["name"] as? String } == [
        "double-fake", "real-lepton-fake-hadron", "real-dilepton", "qed-hadroproduction",
        "misreconstructed-vertex",
      ])
    for category in categories {
      #expect(try value(category["expected_events"]) >= 0)
      #expect(try value(category["identified_events"]) >= 0)
    }
    #expect(categories[2]["maximum_fake_rate"] is NSNull)
    // An upper limit where no candidate passes, and there alone.
    for (index, category) in categories.enumerated() {
      for name in ["expected_events", "identified_events"] {
        if try value(category[name]) > 0 {
          #expect(category[name + "_upper"] is NSNull, "\(index)")
        } else {
          let limit = try #require(category[name + "_upper"] as? Double)
          #expect(index == 3 && limit > 0 && limit < 1)
        }
      }
    }
    #expect(json["identified_events_upper"] is NSNull)
    // The largest fake rates: N f² = 1 and N f = 1.
    let double = try value(categories[0]["expected_events"])
    let rate = try #require(categories[0]["maximum_fake_rate"] as? Double)
    // 1e-12: a root and a square.
    #expect(abs(rate * rate * double - 1) < 1e-12)
    #expect(json["normalisation"] as? String == "per-nucleon")
    #expect((json["generator"] as? String)?.hasPrefix("committed candidates (pythia 8.318") == true)
    #expect(json["luminosity_per_pb"] as? Double == 468.75)
    #expect(json["provenance"] is [String: Any])
    let settings = try #require(json["settings"] as? [String: Any])
    #expect(settings["soft_minimum_W_GeV"] as? Double == 10)
    #expect(settings["other_hadrons"] as? String == "seen")
  }

  @Test("both readings of the paper, and thresholds of the veto, stand beside the numbers")
  func readings() async throws {
    let json = try #require(try await Self.report.value.json)
    let readings = try #require(json["readings"] as? [[String: Any]])
    #expect(
      readings.map { "\($0["luminosity"] ?? "") \($0["normalisation"] ?? "")" } == [
        "paper-text per-nucleon", "paper-text per-nucleus", "paper-footnote per-nucleon",
        "paper-footnote per-nucleus",
      ])
    let numbers = try readings.map { try value($0["double-fake"]) }
    // 1e-12: products in another order.
    #expect(abs(numbers[1] / numbers[0] - 9) < 1e-11)
    // Radiation is per nucleus in both.
    let limits = readings.compactMap { $0["qed-hadroproduction_upper"] as? Double }
    #expect(limits.count == 4 && limits[0] == limits[1])
    #expect(abs(limits[0] / limits[2] / (4700 / 468.75) - 1) < 1e-12)
    #expect(abs(numbers[0] / numbers[2] / (4700 / 468.75) - 1) < 1e-12)
    let categories = try #require(json["categories"] as? [[String: Any]])
    #expect(abs(try value(categories[0]["expected_events"]) / numbers[2] - 1) < 1e-12)
    let scan = try #require(json["veto_scan"] as? [[String: Any]])
    #expect(
      scan.compactMap { $0["threshold_GeV"] as? Double } == [
        0.01, 0.03, 0.1, 0.3, 0.5, 1, 2, 3, 5,
      ])
    // The decays add up to the categories.
    let decays = try #require(json["decays"] as? [[String: Any]])
    for category in categories.prefix(3) {
      let name = try #require(category["name"] as? String)
      let sum = try decays.filter { $0["category"] as? String == name }
        .reduce(0) { $0 + (try value($1["expected_events"])) }
      #expect(abs(sum / (try value(category["expected_events"])) - 1) < 1e-12, "\(name)")
    }
  }

  @Test("one thread and two give the same bytes", .tags(.identity))
  func threads() async throws {
    let arguments = ["background", "--json", "--set", "luminosity=paper-footnote", "--threads"]
    let one = try Command.duskline(arguments + ["1"])
    #expect(one.output == (try await Self.report.value.output) && one.output.count > 1000)
    let two = try Command.duskline(arguments + ["2"])
    #expect(one.output == two.output)
  }

  @Test("the text says who made the events, what was asked, and every category")
  func text() async throws {
    let result = try Command.duskline([
      "background", "--set", "background={normalisation: per-nucleus, other_hadrons: decay}",
      "--set", "luminosity={per_pb: 468.75}",
    ])
    #expect(result.exitCode == 0)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "events: committed candidates (pythia 8.318)")
    #expect(lines[1].contains("W > 10 GeV, Q2 < 1 GeV2") && lines[1].contains("Q2 > 4 GeV2"))
    #expect(result.output.contains("468.75 /pb"))
    #expect(result.output.contains("per-nucleus, nothing else above 5 GeV"))
    for start in [
      "double-fake", "real-lepton-fake-hadron", "real-dilepton", "qed-hadroproduction",
      "misreconstructed-vertex", "all ", "paper-text", "paper-footnote", "0.01 GeV",
      "K_S -> pi+ pi-", "radiated by the muon: phi ", "pairs from the target whose vertex",
      "lepton pairs that pass all cuts", "dz at 1 mrad", "18.996 mm",
    ] {
      #expect(lines.contains { $0.hasPrefix(start) }, "\(start)")
    }
    #expect(!result.output.contains("nan") && !result.output.contains("inf"))
    #expect(lines.allSatisfy { $0.last != " " })
    // Nine nucleons, and more where other hadrons decay.
    let json = try #require(try await Self.report.value.json)
    let categories = try #require(json["categories"] as? [[String: Any]])
    let seen = try value(categories[0]["expected_events"])
    let row = try #require(lines.first { $0.hasPrefix("double-fake ") })
    let shown = try #require(
      row.dropFirst("double-fake".count).split(separator: " ").first.flatMap { Double($0) })
    #expect(shown > 9 * seen && shown < 18 * seen, "\(row)")
  }

  @Test("the text has an upper limit where no candidate passes, with fake rates too")
  func limits() async throws {
    let result = try Command.duskline(["background", "--set", "luminosity=paper-footnote"])
    let json = try #require(try await Self.report.value.json)
    let category = try #require((json["categories"] as? [[String: Any]])?[3])
    let row = try #require(
      result.output.split(separator: "\n").first { $0.hasPrefix("qed-hadroproduction ") })
    let words = row.split(separator: " ")
    #expect(words.count == 6 && words[1] == "<" && words[3] == "<" && words[5] == "-", "\(row)")
    for (place, name) in [(2, "expected_events_upper"), (4, "identified_events_upper")] {
      let shown = try #require(Double(words[place]))
      // Three digits.
      #expect(abs(shown / (try #require(category[name] as? Double)) - 1) < 0.005, "\(row)")
    }
  }

  @Test("an apparatus without a calorimeter sees nothing neutral, and says so")
  func noCalorimeter() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try """
    duskline-apparatus: 1
    name: bare
    source: a test
    target: {thickness_mm: 15}
    stations: {count: 40, pitch_mm: 1000}
    planes:
      - {centre_mm: [0, 0, 150], size_mm: [100, 100], rotation_rad: 0, tilt_rad: 0}
      - {centre_mm: [0, 0, 575], size_mm: [100, 100], rotation_rad: 0, tilt_rad: 0}
      - {centre_mm: [0, 0, 1000], size_mm: [100, 100], rotation_rad: 0, tilt_rad: 0}

    """.write(to: folder.appending(path: "bare.yaml"), atomically: true, encoding: .utf8)
    let result = try Command.duskline(
      ["background", "--set", "apparatus=bare.yaml", "--quiet"], in: folder)
    #expect(result.exitCode == 0, "\(result.error)")
    #expect(result.output.contains("per-nucleon, no calorimeter, fake rates as in the card\n"))
  }

  @Test("a beam of electrons is refused")
  func electrons() throws {
    for beam in ["electron", "positron"] {
      let result = try Command.duskline(["background", "--set", "beam.particle=\(beam)"])
      #expect(result.exitCode == 2 && result.output.isEmpty)
      #expect(result.error.contains("'\(beam)'") && result.error.contains("muon or antimuon"))
    }
  }

  @Test(
    "settings of other events need the plug-in, and the text says how to get it",
    arguments: [
      ["--set", "background.soft_minimum_W_GeV=5"], ["--set", "background.soft_maximum_Q2_GeV2=2"],
      ["--set", "background.dis_minimum_Q2_GeV2=2"], ["--set", "beam.energy_GeV=150"],
      ["--set", "beam.particle=antimuon"], ["--set", "selection.minimum_energy_GeV=3"],
      ["--set", "background.neutral_veto_threshold_GeV=8"], ["--events", "5000"],
    ])
  func needsPlugIn(arguments: [String]) throws {
    // A copy of the binary in a folder of its own has no plug-in beside it.
    let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let copy = folder.appending(path: "duskline")
    try FileManager.default.copyItem(at: try Command.binary(), to: copy)
    let result = try Command.duskline(["background"] + arguments, program: copy)
    #expect(result.exitCode == 2 && result.output.isEmpty, "\(result.error)")
    #expect(result.error.contains("make pythia"), "\(result.error)")
  }

  @Test("too few events, and a card at fault, end with 2 and a place")
  func faults() throws {
    let few = try Command.duskline(["background", "--events", "5"])
    #expect(few.exitCode == 2 && few.error.contains("1000 or more"))
    let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try """
    duskline: 1
    background:
      soft_minimum_W_GeV: high
      other_hadrons: sen
      fake_rates: {pion_as_muon: 2}
      vertex: {tails: wide}

    """.write(to: folder.appending(path: "my.yaml"), atomically: true, encoding: .utf8)
    for command in [["background", "--card", "my.yaml"], ["check", "my.yaml"]] {
      let result = try Command.duskline(command, in: folder)
      #expect(result.exitCode == 2 && result.output.isEmpty, "\(result.output)")
      for place in ["my.yaml:3:23: ", "my.yaml:4:18: ", "my.yaml:5:30: ", "my.yaml:6:12: "] {
        #expect(result.error.contains(place), "\(place) \(result.error)")
      }
    }
  }

  @Test("check and explain know the section: what explain prints is the card again")
  func explain() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try """
    duskline: 1
    background:
      soft_minimum_W_GeV: 7.5
      soft_maximum_Q2_GeV2: 2
      dis_minimum_Q2_GeV2: 2
      neutral_veto_threshold_GeV: 0.25
      other_hadrons: decay
      normalisation: per-nucleus
      fake_rates: {pion_as_muon: 0.003}
      vertex: {tail: scattering, minimum_significance: 4}

    """.write(to: folder.appending(path: "my.yaml"), atomically: true, encoding: .utf8)
    #expect(try Command.duskline(["check", "my.yaml"], in: folder).exitCode == 0)
    let first = try Command.duskline(["explain", "my.yaml"], in: folder)
    for text in [
      "soft_minimum_W_GeV: 7.5", "soft_maximum_Q2_GeV2: 2", "dis_minimum_Q2_GeV2: 2",
      "neutral_veto_threshold_GeV: 0.25", "other_hadrons: decay", "normalisation: per-nucleus",
      "pion_as_muon: 0.003", "pion_as_electron: 0.02", "tail: scattering", "tail_share: 0.01",
      "minimum_significance: 4",
    ] {
      #expect(first.output.contains(text), "\(text)")
    }
    try first.output.write(
      to: folder.appending(path: "again.yaml"), atomically: true, encoding: .utf8)
    let again = try Command.duskline(["explain", "again.yaml"], in: folder)
    #expect(again.exitCode == 0 && again.output == first.output)
  }
}

import Formats
import Foundation
import ParticleData
import Recasts
import Testing

@Suite("Files of thick-target experiments", .tags(.unit))
struct ThickTargetReaderTests {
  static let good = """
    duskline-apparatus: 1
    kind: thick-target
    name: mine
    title: My dump
    source: a test
    status: projection
    beam: {particle: electron, energy_GeV: 10, particles_on_target: 1e18}
    target: {material: iron, depth_radiation_lengths: 50, tracks: shower}
    production: {inelastic: n1, annihilation: true}
    decay:
      z_mm: [5000, 10_000]
      seen_at: volume
      detectors:
        - {share: 0.25, size_mm: [2000, 1000]}
        - {share: 0.5, size_mm: [300, 400]}
      lepton_energy: leading
      minimum_energy_GeV: 0.5
    events: 2.5

    """

  static let missing = """
    duskline-apparatus: 1
    kind: thick-target
    name: unseen-1
    title: Missing momentum
    source: a test
    status: exclusion
    beam: {particle: antimuon, energy_GeV: 100, particles_on_target: 1e10}
    target: {material: lead, depth_radiation_lengths: 40, tracks: unslowed, counted_radiation_lengths: 1}
    production: {inelastic: "off", annihilation: false}
    missing_momentum:
      survival_mm: 8000
      veto_energy_GeV: 12
      recoil_energy_GeV: [10, 80]
      recoil_transverse_momentum_GeV: 0.1
    events: 3

    """

  private func load(_ text: String) throws -> ThickTargetExperiment {
    let folder = try TemporaryFolder()
    return try ThickTargetReader.experiment(at: try folder.file("mine.yaml", text))
  }

  private func faults(_ text: String) -> [String] {
    do {
      _ = try load(text)
      return []
    } catch {
      return (error as? RunCardError)?.faults.map(\.description) ?? ["\(error)"]
    }
  }

  @Test("those that come with the program are sound, under their names")
  func builtIn() throws {
    let all = ThickTargetReader.builtIn
    #expect(all.map(\.name) == ThickTargetReader.builtInNames)
    for experiment in all {
      #expect(!experiment.title.isEmpty && !experiment.source.isEmpty)
      #expect(experiment.eventsNeeded > 0 && experiment.particlesOnTarget > 1e9)
    }
    let e137 = all[0]
    #expect(e137.beam == .electron && e137.beamEnergy == 20 && e137.particlesOnTarget == 1.87e20)
    #expect(e137.tracks == .shower && e137.eventsNeeded == 3 && e137.kind == .exclusion)
    guard case .pair(let search) = e137.search else {
      Issue.record("E137 looks for pairs")
      return
    }
    #expect(search.decayZ == 179_000...383_000 && search.minimumEnergy == 1)
    #expect(search.detectors.map(\.size) == [[2000, 3000], [3000, 3000]])
    #expect(all[1].countedDepth == 1 && all[1].depth == 200)
    #expect(all[2].countedDepth == 0.1)
  }

  @Test("every key reaches the experiment")
  func reads() throws {
    let experiment = try load(Self.good)
    #expect(
      experiment
        == ThickTargetExperiment(
          name: "mine", title: "My dump", source: "a test", kind: .projection, beam: .electron,
          beamEnergy: 10, particlesOnTarget: 1e18, target: try #require(Material.named("iron")),
          depth: 50, tracks: .shower, inelastic: .n1, annihilates: true, eventsNeeded: 2.5,
          search: .pair(
            DecaySearch(
              decayZ: 5000...10_000, place: .volume,
              detectors: [
                .init(share: 0.25, size: [2000, 1000]), .init(share: 0.5, size: [300, 400]),
              ], energy: .leading, minimumEnergy: 0.5))))
    let other = try load(Self.missing)
    #expect(other.countedDepth == 1 && other.depth == 40 && other.beam == .antimuon)
    #expect(
      other.search
        == .missingMomentum(
          MissingMomentumSearch(
            survivalLength: 8000, vetoEnergy: 12, recoilEnergy: 10...80, recoilTransverse: 0.1)))
    let own = try load(
      Self.good.replacing(
        "material: iron",
        with:
          "material: {Z: 6, A: 12, nuclear_mass_GeV: 11.17, molar_mass_g_mol: 12, density_g_cm3: 2, radiation_length_cm: 20}"
      ))
    #expect(own.target.atomicNumber == 6 && own.target.density == 2)
  }

  @Test(
    "a fault is told with its line and column",
    arguments: [
      ("duskline-apparatus: 1", "duskline-apparatus: 2", "1:21", "format 1"),
      ("kind: thick-target", "kind: thin-target", "2:7", "thick-target"),
      ("name: mine", "name: Mine", "3:7", "no name for an experiment"),
      ("name: mine", "name: -mine", "3:7", "no name for an experiment"),
      ("name: mine", "name: a/b", "3:7", "no name for an experiment"),
      ("name: mine", "name: mine-computed", "3:7", "'-computed' is added by itself"),
      ("name: mine", "name: [mine]", "3:7", "not a text"),
      ("title: My dump", "titel: My dump", "4:1", "did you mean 'title'"),
      ("title: My dump", "titel: My dump", "1:1", "the key title is missing"),
      ("status: projection", "status: hope", "6:9", "exclusion"),
      ("particle: electron", "particle: proton", "7:18", "positron"),
      ("energy_GeV: 10", "energy_GeV: 0.05", "7:40", "above 0.1"),
      ("energy_GeV: 10", "energy: 10", "7:28", "did you mean 'energy_GeV'"),
      ("1e18", "-1e18", "7:65", "above 0"),
      ("material: iron", "material: irn", "8:20", "did you mean 'iron'"),
      ("lengths: 50", "lengths: 0", "8:51", "above 0"),
      ("tracks: shower", "tracks: showers", "8:63", "did you mean 'shower'"),
      ("inelastic: n1", "inelastic: n3", "9:25", "n1"),
      ("annihilation: true", "annihilation: 1", "9:43", "true"),
      ("[5000, 10_000]", "[10_000, 5000]", "11:9", "does not ascend"),
      ("[5000, 10_000]", "[5000]", "11:9", "a list of 2 numbers"),
      ("[5000, 10_000]", "[-1, 5000]", "11:10", "out of range"),
      ("seen_at: volume", "seen_at: fase", "12:12", "did you mean 'face'"),
      ("share: 0.25", "share: 0", "14:15", "above 0"),
      ("share: 0.25", "share: 1.5", "14:15", "out of range"),
      ("share: 0.25", "share: 0.75", "14:5", "add up to more than 1"),
      ("size_mm: [2000, 1000]", "size_mm: [2000, 0]", "14:37", "above 0"),
      ("lepton_energy: leading", "lepton_energy: larger", "16:18", "leading"),
      ("minimum_energy_GeV: 0.5", "minimum_energy_GeV: abc", "17:23", "not a number"),
      ("events: 2.5", "events: 0", "18:9", "above 0"),
      ("events: 2.5", "events: many", "18:9", "not a number"),
      ("decay:", "dekay:", "10:1", "did you mean 'decay'"),
      ("particle: electron", "particle: muon", "8:63", "a muon beam makes no shower"),
      ("tracks: shower", "tracks: primary", "9:43", "positrons come from the shower"),
      ("tracks: shower", "tracks: unslowed", "9:43", "positrons come from the shower"),
    ])
  func faults(from: String, to: String, place: String, fragment: String) throws {
    let range = try #require(Self.good.range(of: from))
    let found = faults(Self.good.replacingCharacters(in: range, with: to))
    #expect(
      found.contains { $0.contains("mine.yaml:\(place): ") && $0.contains(fragment) }, "\(found)")
  }

  @Test("a file looks for one thing, and for it in one place at least")
  func searches() throws {
    let both =
      Self.good + Self.missing.split(separator: "\n")[9...13].joined(separator: "\n") + "\n"
    #expect(faults(both).contains { $0.contains("exactly one of the two") })
    let none =
      Self.missing.split(separator: "\n").enumerated().filter { !(9...13).contains($0.offset) }
      .map(\.element).joined(separator: "\n") + "\n"
    #expect(faults(none).contains { $0.contains("exactly one of the two") })
    let start = try #require(Self.good.range(of: "detectors:\n"))
    let end = try #require(Self.good.range(of: "  lepton_energy"))
    var empty = Self.good
    empty.replaceSubrange(start.lowerBound..<end.lowerBound, with: "detectors: []\n")
    #expect(faults(empty).contains { $0.contains("not a list of detectors") })
  }

  @Test("a search for missing momentum tells its faults too")
  func missingMomentum() throws {
    for (from, to, place, fragment) in [
      ("survival_mm: 8000", "survival_mm: 0", "11:16", "above 0"),
      ("veto_energy_GeV: 12", "veto_energy_GeV: -1", "12:20", "out of range"),
      ("[10, 80]", "[80, 10]", "13:22", "does not ascend"),
      ("momentum_GeV: 0.1", "momentum_GeV: no", "14:35", "not a number"),
      ("lengths: 1}", "lengths: -1}", "8:100", "above 0"),
      ("tracks: unslowed", "tracks: shower", "8:63", "a muon beam makes no shower"),
      ("annihilation: false", "annihilation: true", "9:46", "nothing in a muon beam annihilates"),
      ("tracks: unslowed", "tracks: primary", "8:99", "counts for 'tracks: unslowed' alone"),
      ("survival_mm: 8000", "survival: 8000", "11:3", "did you mean 'survival_mm'"),
    ] {
      let found = faults(Self.missing.replacing(from, with: to))
      #expect(
        found.contains { $0.contains("mine.yaml:\(place)") && $0.contains(fragment) },
        "\(to): \(found)")
    }
  }

  @Test("all faults come together, and a file that is none says so")
  func several() throws {
    let text = Self.good.replacing("events: 2.5", with: "event: 2.5").replacing(
      "iron", with: "wood"
    ).replacing("seen_at: volume", with: "seen_at: here")
    #expect(faults(text).count >= 4)
    #expect(!faults("").isEmpty && !faults("- a\n- b\n").isEmpty && !faults("a: [\n").isEmpty)
    #expect(
      throws: RunCardError.self
    ) { try ThickTargetReader.experiment(at: "/nowhere/mine.yaml") }
  }

  // MARK: the folder

  @Test("an experiment is installed, read back, and gives way only where asked")
  func install() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("x.yaml", Self.good)
    let own = CurveFolder("\(folder.path)/own")
    #expect(try own.experiments().isEmpty)
    let path = try own.installExperiment(at: file, replacing: false).path
    #expect(path == "\(folder.path)/own/mine.apparatus.yaml")
    #expect(try own.experiments() == [load(Self.good)])
    #expect(throws: InputFileError.self) {
      try own.installExperiment(at: file, replacing: false)
    }
    let changed = try folder.file("y.yaml", Self.good.replacing("events: 2.5", with: "events: 7"))
    _ = try own.installExperiment(at: changed, replacing: true)
    #expect(try own.experiments().map(\.eventsNeeded) == [7])
    // It is no curve.
    #expect(try own.catalogue().userNames.isEmpty)
  }

  @Test(
    "the names of limits that the program computes are taken",
    arguments: ["e137", "bdx", "ldmx", "na64mu", "lep", "babar", "belle2", "babar-displaced"])
  func taken(name: String) throws {
    let folder = try TemporaryFolder()
    let text = Self.good.replacing("name: mine", with: "name: \(name)")
    let file = try folder.file("x.yaml", text)
    let own = CurveFolder("\(folder.path)/own")
    let error = #expect(throws: InputFileError.self) {
      try own.installExperiment(at: file, replacing: true)
    }
    let words = error?.description ?? ""
    #expect(words.contains("'\(name)' is the name of a limit that comes with the program"))
    #expect(words.contains("change 'name:'") && !words.contains("curve"))
    // Put there by hand.
    let other = try TemporaryFolder()
    _ = try other.file("\(name).apparatus.yaml", text)
    #expect(throws: InputFileError.self) { try CurveFolder(other.path).experiments() }
  }

  @Test("a file in the folder has the name of its experiment")
  func misnamed() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("other.apparatus.yaml", Self.good)
    let error = #expect(throws: InputFileError.self) {
      try CurveFolder(folder.path).experiments()
    }
    let words = error?.description ?? ""
    #expect(words.contains("other.apparatus.yaml") && words.contains("'mine'"))
    #expect(words.contains("mine.apparatus.yaml") && !words.contains("comes with"), "\(words)")
  }

  @Test("a card that names an experiment for its apparatus is told what to do")
  func asApparatus() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("mine.yaml", Self.good)
    for (name, command) in [
      ("e137", "limits show e137-computed"), (path, "limits show \(path)"),
    ] {
      let error = #expect(throws: RunCardError.self) {
        try RunCard.load(settings: ["apparatus=\(name)"])
      }
      #expect(error?.faults.count == 1)
      let words = error?.faults.first?.description ?? ""
      #expect(words.contains("is a thick-target experiment") && words.contains(command))
    }
  }
}

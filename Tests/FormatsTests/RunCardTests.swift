import Formats
import Foundation
import Reach
import Selection
import Testing

@Suite("Run cards", .tags(.unit))
struct RunCardTests {
  func load(_ text: String = "duskline: 1\n", _ settings: String...) throws -> Plan {
    try RunCard.load(text: text, name: "my.yaml", settings: settings).plan
  }

  @Test("the built-in card holds the paper's numbers")
  func builtInCard() throws {
    let plan = try RunCard.load().plan
    #expect(plan.beam.energy == 160)
    #expect(plan.beam.particle == .muon)
    #expect(plan.target == .beryllium)
    #expect(plan.model.coupling == .y(1e-8))
    #expect(plan.model.mediatorMass == .overM1(3))
    #expect(plan.selection.decayWindow == 25...140)
    #expect(plan.selection.minimumBeamLeptonEnergy == 5)
    #expect(plan.selection.minimumOpeningAngle == 1e-3)
    #expect(plan.luminosity == .paperText)
    #expect(plan.apparatus.planes.map(\.centre.z) == [150, 575, 1000])
    #expect(plan.scan.m1.count == 40)
    #expect(plan.scan.m1.first == 0.01)
    #expect(plan.scan.m1.last == 2)
    #expect(plan.run.threads == nil)
  }

  @Test("a card with its version alone is the built-in card")
  func emptyCard() throws {
    #expect(try load() == RunCard.load().plan)
  }

  @Test("a star or an ampersand in a text, a comment or quotes is neither alias nor anchor")
  func harmlessMarks() throws {
    let plan = try load(
      """
      # *nota &bene
      duskline: 1   # *no alias
      apparatus:
        duskline-apparatus: 1
        name: 'it''s *one* & all'
        source: |
          *free* text: "with a quote
        target: {thickness_mm: 15}
        stations: {count: 40, pitch_mm: 1000}
        planes: [{centre_mm: [0, 0, 150], size_mm: [100, 100]}]
      """)
    #expect(plan.apparatus.name == "it's *one* & all")
    #expect(plan.apparatus.source == "*free* text: \"with a quote\n")
    let again = RunCard(name: "x", plan: plan).explanation()
    #expect(try load(again) == plan)
  }

  @Test("whole numbers may be written 1e6 and 50_000")
  func wholeNumbers() throws {
    #expect(try load("duskline: 1\nrun: {events_per_point: 1e6}\n").run.eventsPerPoint == 1_000_000)
    #expect(try load("duskline: 1\nrun: {events_per_point: 50_000}\n").run.eventsPerPoint == 50_000)
    // Past 2⁵³, where a double would round.
    #expect(
      try load("duskline: 1\nrun: {seed: 9007199254740993}\n").run.seed == 9_007_199_254_740_993)
  }

  @Test("off may be written with or without quotes", arguments: ["off", "\"off\"", "'off'"])
  func off(word: String) throws {
    #expect(
      try load("duskline: 1\nproduction: {inelastic: \(word)}\n").production.inelastic == .off)
  }

  @Test("the alternative given replaces the other's default")
  func alternatives() throws {
    let plan = try load("duskline: 1\nmodel: {epsilon: 1e-3, mediator_mass_GeV: 0.5}\n")
    #expect(plan.model.coupling == .epsilon(1e-3))
    #expect(plan.model.mediatorMass == .fixed(0.5))
  }

  @Test("--set replaces the alternative that a card gave")
  func settingAlternatives() throws {
    let card = "duskline: 1\nmodel: {epsilon: 1e-3, mediator_mass_GeV: 0.5}\n"
    let plan = try load(card, "model.y=1e-9", "model.mediator_mass_over_m1=4")
    #expect(plan.model.coupling == .y(1e-9))
    #expect(plan.model.mediatorMass == .overM1(4))
  }

  @Test("--set lies over the card, --seed and --threads over --set")
  func precedence() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("my.yaml", "duskline: 1\nrun: {seed: 1, threads: 1}\n")
    #expect(try RunCard.load(card: path).plan.run.seed == 1)
    #expect(try RunCard.load(card: path, settings: ["run.seed=2"]).plan.run.seed == 2)
    let top = try RunCard.load(card: path, settings: ["run.seed=2"], seed: "3", threads: "auto")
    #expect(top.plan.run.seed == 3)
    #expect(top.plan.run.threads == nil)
  }

  @Test("a value of --set is YAML in flow style")
  func flowStyle() throws {
    let plan = try load(
      "duskline: 1\n", "scan.m1_GeV=[0.1, 0.3]", "luminosity={per_pb: 4700}",
      "production.inelastic=off", "beam={energy_GeV: 100}",
      "scan.luminosity=[paper-text, {muons_on_target: 1e16}]")
    #expect(plan.scan.m1 == [0.1, 0.3])
    #expect(plan.luminosity == .perPicobarn(4700))
    #expect(plan.beam.energy == 100)
    #expect(plan.beam.particle == .muon, "a map for a section changes the keys that it names")
    #expect(
      plan.scan.luminosity == [.paperText, .beamOnTarget(particles: 1e16, modules: nil)])
  }

  @Test("--set reaches into a range and into a luminosity")
  func nestedSettings() throws {
    let plan = try load(
      "duskline: 1\n", "scan.m1_GeV.points=3", "luminosity.muons_on_target=1e15",
      "luminosity.modules=7")
    #expect(plan.scan.m1 == [0.01, 0.141421356237, 2])
    #expect(plan.luminosity == .beamOnTarget(particles: 1e15, modules: 7))
  }

  @Test("the muon's threshold follows the leptons' unless it is given")
  func muonThreshold() throws {
    #expect(
      try load("duskline: 1\n", "selection.minimum_energy_GeV=3").selection.minimumBeamLeptonEnergy
        == 3)
    let plan = try load(
      "duskline: 1\n", "selection.minimum_energy_GeV=3", "selection.minimum_muon_energy_GeV=10")
    #expect(plan.selection.minimumBeamLeptonEnergy == 10)
    #expect(plan.selection.minimumLeptonEnergy == 3)
  }

  @Test("a closed mediator is no fault for a point of a scan, nor a stable chi2 for any")
  func whatIsNoFault() throws {
    _ = try load("duskline: 1\nscan: {splitting_over_m1: [0.4, 1.5], m1_GeV: 0.2}\n")
    _ = try load("duskline: 1\nmodel: {splitting_over_m1: 0}\n")
  }

  @Test("thresholds that no event passes do not keep a cross section from being computed")
  func scope() throws {
    let text = "duskline: 1\nbeam: {energy_GeV: 4, particle: electron}\n"
    #expect(throws: RunCardError.self) { try RunCard.load(text: text, name: "my.yaml") }
    let card = try RunCard.load(text: text, name: "my.yaml", scope: .physicsOnly)
    #expect(card.plan.beam.energy == 4)
  }

  @Test("all faults come together, in the order of the card, options last")
  func allTogether() {
    let text = """
      duskline: 1
      modle: {}
      model: {m1_GeV: -1, alpha_D: x}
      run:
        seed: 1
        seed: 2
      background: {soft_minimum_W_GeV: 3}
      """
    let faults = RunCardFaultTests.faults(text, settings: ["beam.energy_GeV=abc", "oops"])
    let places = faults.map { $0.prefix { $0 != " " } }
    #expect(
      places == [
        "my.yaml:2:1:", "my.yaml:3:17:", "my.yaml:3:30:", "my.yaml:6:3:", "my.yaml:7:34:", "--set",
        "--set",
      ])
  }
}

/// A folder that goes when its last owner does.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func file(_ name: String, _ text: String) throws -> String {
    let path = "\(self.path)/\(name)"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}

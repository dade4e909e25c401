import Foundation
import Testing

/// Les Houches and HepMC3 files, read by other people's programs.
@Suite("Event records", .serialized, .tags(.endToEnd, .identity))
struct EventRecordTests {
  /// A card, and what must be found in its files.
  struct Setting: Sendable, CustomTestStringConvertible {
    var name: String
    var settings: [String] = []
    var beam = (code: 13, mass: Self.muonMass, energy: 160.0)
    var nucleus = 1_000_040_090
    var m1 = 0.1
    var m2 = 0.14
    var mediator = 0.3
    var isWeighted = true
    var isNarrow = true
    var spot = [0.0, 0.0]
    var depth = 0.0
    var testDescription: String { name }

    // CODATA 2022.
    static let muonMass = 0.105_658_375_5
    static let electronMass = 0.510_998_950_69e-3
  }

  static let settings = [
    Setting(name: "weighted"),
    Setting(name: "unweighted", settings: ["run.weighting=unweighted"], isWeighted: false),
    Setting(
      name: "two channels", settings: ["model.m1_GeV=0.8", "model.y=1e-6"], m1: 0.8,
      m2: 0.8 + 0.4 * 0.8, mediator: 3 * 0.8),
    Setting(
      name: "off shell", settings: ["production.mediator=spectral", "model.alpha_D=0.5"],
      isNarrow: false),
    Setting(
      name: "positrons on hydrogen",
      settings: [
        "beam.particle=positron", "beam.energy_GeV=8", "target.material=hydrogen",
        "model.mediator_mass_GeV=0.5", "run.weighting=unweighted",
      ], beam: (-11, Setting.electronMass, 8), nucleus: 2212, mediator: 0.5, isWeighted: false),
    Setting(
      name: "a spread interaction point",
      settings: [
        "beam.spot_mm=[2, 3]", "selection.interaction_vertex=spread",
        "target.material=lead",
      ], nucleus: 1_000_822_080, spot: [2, 3], depth: 15),
  ]

  @Test(
    "pylhe and pyhepmc read what the CSV of the same seed holds; momenta, masses, vertices and weights hold",
    arguments: settings, ["lhe", "hepmc3", "lhe.gz", "hepmc3.gz"])
  func readBack(_ setting: Setting, ending: String) throws {
    let folder = try EventFolder()
    let settings = setting.settings + ["run.events_per_point=5000"]
    let table = try folder.events("x.csv", settings)
    try #require(table.exitCode == 0, "\(table.error)")
    let events = try folder.events("x.\(ending)", settings, options: ["--json"])
    try #require(events.exitCode == 0, "\(events.error)")
    let widths = try Command.duskline(["width", "--json"] + settings.flatMap { ["--set", $0] })
    var summary = try #require(events.json)
    summary["proper_decay_length_mm"] = try #require(widths.json)["proper_decay_length_mm"]
    summary.merge([
      "beam_pdg_id": setting.beam.code, "beam_mass": setting.beam.mass,
      "beam_energy": setting.beam.energy, "nucleus_pdg_id": setting.nucleus, "m1": setting.m1,
      "m2": setting.m2, "mA": setting.mediator, "is_narrow": setting.isNarrow,
      "is_weighted": setting.isWeighted, "spot_mm": setting.spot, "depth_mm": setting.depth,
      "lepton_mass": ["11": Setting.electronMass, "13": Setting.muonMass],
    ]) { $1 }
    let text = String(decoding: try JSONSerialization.data(withJSONObject: summary), as: UTF8.self)
    let format = ending.replacing(".gz", with: "")
    let result = try Python.run(
      "read-events.py", format, folder.path("x.\(ending)"), folder.path("x.csv"), text)
    #expect(result.exitCode == 0, "\(result.output)")
  }
}

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
    "the heads of tables tell what their weights add up to, and the share that is leptonic",
    arguments: ["weighted", "unweighted"])
  func heads(weighting: String) throws {
    let folder = try EventFolder()
    let settings = [
      "run.events_per_point=500", "model.m1_GeV=1.2", "model.splitting_over_m1=0.8",
      "run.weighting=\(weighting)",
    ]
    let csv = try folder.events("x.csv", settings, options: ["--json"])
    let summary = try #require(csv.json)
    let share = try #require(summary["leptonic_branching_ratio"] as? Double)
    let sigma = try #require(summary["cross_section_pb"] as? [String: Double])
    let (value, error) = try (#require(sigma["value"]), #require(sigma["error"]))
    #expect(share > 0.3 && share < 0.7)
    let lines = try String(contentsOfFile: folder.path("x.csv"), encoding: .utf8).split(
      separator: "\n")
    let remarks = lines.filter { $0.hasPrefix("#") }
    let told = try #require(
      remarks.joined().firstMatch(
        of: /cross_section_pb = (\S+) with the error (\S+);.*leptonic_branching_ratio = (\S+):/))
    // The report's numbers went through a reader of JSON.
    func agree(_ texts: [String?]) -> Bool {
      zip(texts, [value, error, share]).allSatisfy { text, number in
        text.flatMap(Double.init).map { abs($0 - number) <= 1e-14 * number } ?? false
      }
    }
    #expect(agree([told.1, told.2, told.3].map(String.init)))
    #expect(remarks.contains { $0.contains("come twice") } == (weighting == "unweighted"))
    let rows = lines.dropFirst(remarks.count).map { $0.split(separator: ",") }
    let column = try #require(rows[0].firstIndex(of: "weight_pb"))
    let sum = rows.dropFirst().compactMap { Double($0[column]) }.reduce(0, +)
    #expect(abs(sum - value) < 1e-12 * value)
    _ = try folder.events("x.parquet", settings)
    let read = try Python.run("read-parquet.py", "describe", folder.path("x.parquet"))
    let described = try JSONSerialization.jsonObject(with: Data(read.output.utf8)) as? [String: Any]
    let metadata = try #require(described?["metadata"] as? [String: String])
    #expect(
      agree(
        ["cross_section_pb", "cross_section_pb_error", "leptonic_branching_ratio"]
          .map { metadata["duskline.\($0)"] }))
  }

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

import Formats
import Foundation
import Reach
import Scans
import Testing

@Suite("The points of a scan", .tags(.unit))
struct ScanSpaceTests {
  private func space(_ settings: String...) throws -> ScanSpace {
    try ScanSpace(RunCard.load(settings: settings.map { "scan.\($0)" }).plan.scan)
  }

  @Test("the card's own lists make a product, the first changing slowest")
  func grid() throws {
    let space = try space("m1_GeV=[0.1, 0.3]", "splitting_over_m1=[0.2, 0.4, 0.6]")
    #expect(space.count == 6 && space.columns == ["m1_GeV", "splitting_over_m1"])
    #expect(space.keys == ["model.m1_GeV", "model.splitting_over_m1"])
    #expect(
      (0..<6).map(space.values(of:)) == [
        ["0.1", "0.2"], ["0.1", "0.4"], ["0.1", "0.6"], ["0.3", "0.2"], ["0.3", "0.4"],
        ["0.3", "0.6"],
      ])
    let more = try self.space(
      "m1_GeV=0.1", "splitting_over_m1=0.4", "alpha_D=[0.1, 0.5]",
      "luminosity=[paper-text, {per_pb: 100}]")
    #expect(more.columns == ["m1_GeV", "splitting_over_m1", "alpha_D", "luminosity"])
    #expect(more.values(of: 3) == ["0.1", "0.4", "0.5", "{per_pb: 100}"])
  }

  @Test("any key may be scanned: lists, ranges, words and maps")
  func over() throws {
    let space = try space(
      "over={beam.energy_GeV: [100, 160], target.material: [beryllium, carbon], "
        + "model.y: {from: 1e-9, to: 1e-7, points: 3, spacing: log}, luminosity: [{per_pb: 10}, paper-text]}"
    )
    #expect(space.keys == ["beam.energy_GeV", "target.material", "model.y", "luminosity"])
    #expect(space.columns == space.keys && space.count == 24)
    #expect(space.values(of: 0) == ["100", "beryllium", "1e-9", "{per_pb: 10}"])
    #expect(space.values(of: 23) == ["160", "carbon", "1e-7", "paper-text"])
    #expect(space.settings(of: 2).map(\.value) == ["100", "beryllium", "1e-8", "{per_pb: 10}"])
    let linear = try self.space(
      "over={beam.energy_GeV: {from: 10, to: 20, points: 3, spacing: linear}}")
    #expect((0..<3).map { linear.values(of: $0)[0] } == ["10", "15", "20"])
  }

  @Test("results show texts without the card's quotes")
  func labels() throws {
    let space = try space("over={target.material: [\"beryllium\", carbon], model.y: [1e-9]}")
    #expect((0..<2).map(space.labels(of:)) == [["beryllium", "1e-9"], ["carbon", "1e-9"]])
    #expect(space.values(of: 0) == ["\"beryllium\"", "1e-9"])
  }

  @Test("a value of a table that no card may have is told with its row")
  func tableValues() throws {
    let folder = try ScanScratch()
    let path = folder("points.csv")
    let text =
      "model.m1_GeV,model.y,target.material\n0.1,1e-8,beryllium\n# a remark\n0.2,-1e-9,berylium\n"
    try Data(text.utf8).write(to: URL(filePath: path))
    let error = #expect(throws: RunCardError.self) {
      try ScanDefinition(RunCard.load(settings: ["scan.table=\(path)"]))
    }
    #expect(
      error?.faults.map(\.location.description) == Array(repeating: "\(path), line 4", count: 2))
    #expect(error?.description.contains("did you mean 'beryllium'") == true)
  }

  @Test("every point reads as the card with its settings", .tags(.identity))
  func variations() throws {
    let card = try RunCard.load(settings: [
      "scan.over={model.m1_GeV: [0.1, 0.2], model.epsilon: [1e-4, 1e-3], luminosity: [{per_pb: 10}, paper-text]}"
    ])
    let space = try ScanSpace(card.plan.scan)
    let variations = RunCard.Variations(of: card)
    for point in 0..<space.count {
      let settings = space.settings(of: point)
      let whole = try RunCard.load(
        text: card.recordedText, name: "whole", settings: settings.map { "\($0.key)=\($0.value)" })
      #expect(try variations.plan(with: settings) == whole.plan)
    }
    #expect(throws: RunCardError.self) { try variations.plan(with: [("model.m1_GeV", "-1")]) }
  }

  @Test(
    "what a scan may not change is refused where it stands",
    arguments: [
      ("over={modle.y: [1]}", "did you mean"), ("over={model.yy: [1]}", "did you mean"),
      ("over={scan.m1_GeV: [1]}", "names no key"), ("over={run.threads: [1]}", "names no key"),
      ("over={duskline: [1]}", "names no key"), ("over={model: [1]}", "names no key"),
      ("over={model.y: []}", "empty list"), ("over={model.y: ~}", "is empty"),
      ("over=[1]", "not a map"), ("over=3", "not a map"),
      ("over={model.y: {from: 2, to: 1, points: 3, spacing: log}}", "swap"),
      ("over={model.y: {from: 1e-300, to: 1e300, points: 3, spacing: log}}", "smaller range"),
      ("over={model.y: {from: -1e308, to: 1e308, points: 3, spacing: linear}}", "smaller range"),
      ("over={apparatus: [no/such.yaml]}", "neither built in nor a file"),
      ("quantity=yeild", "did you mean 'yield'"), ("table=", "is empty"),
    ])
  func faults(setting: String, text: String) {
    let error = #expect(throws: RunCardError.self) { try space(setting) }
    #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
  }

  @Test(
    "a value that no card may have is a fault of the scan, and no result",
    arguments: [
      "target.material: [berylium, carbon]", "model.alpha_D: [0.1, 12]", "model.y.x: [1]",
      "selection.decay_z_mm: [25, 140]", "production.method: [improved-ww]",
    ])
  func values(axis: String) {
    #expect(throws: RunCardError.self) {
      try RunCard.load(settings: ["scan.over={\(axis)}"])
    }
  }

  @Test("a value at fault is told where it stands, one of a range where the range does")
  func places() {
    let card = """
      duskline: 1
      scan:
        over:
          model.y: [1e-9, 5, 1e-7]
          selection.last_modules: [1, 2.5, 40]
          beam.energy_GeV: {from: 1, to: 1e9, points: 3, spacing: log}
      """
    let error = #expect(throws: RunCardError.self) { try RunCard.load(text: card, name: "my.yaml") }
    #expect(
      error?.faults.map(\.location.description) == ["my.yaml:4:21", "my.yaml:5:33", "my.yaml:6:22"])
  }

  @Test(
    "keys that need each other are checked together",
    arguments: [
      "luminosity.muons_on_target: [1e15, 2e15], luminosity.modules: [20, 40]",
      "statistics.background_events: [1, 10], statistics.background_error: [1, 2]",
    ])
  func together(axes: String) throws {
    let card = try RunCard.load(settings: ["scan.over={\(axes)}"])
    let space = try ScanDefinition(card).space
    #expect(space.count == 4)
    for point in 0..<4 {
      _ = try RunCard.Variations(of: card).plan(with: space.settings(of: point))
    }
  }

  @Test("what only looks like a number is a fault", arguments: ["0x1p-28", "0x7", "nan"])
  func noNumber(text: String) {
    #expect(throws: RunCardError.self) {
      try RunCard.load(settings: ["scan.over={model.y: [1e-9, \(text), 1e-8]}"])
    }
  }

  @Test("many different words cost no more than their number", .timeLimit(.minutes(1)))
  func manyWords() throws {
    let folder = try ScanScratch()
    let text = "luminosity\n" + (1...200_000).map { "{per_pb: \($0)}\n" }.joined()
    try Data(text.utf8).write(to: URL(filePath: folder("s.csv")))
    let table = try ScanDefinition(RunCard.load(settings: ["scan.table=\(folder("s.csv"))"]))
    #expect(table.space.count == 200_000)
  }

  @Test("integers that no double has stay texts, and the largest seed is one")
  func largeIntegers() throws {
    let space = try space("over={run.seed: [1, 9007199254740993, 9223372036854775807]}")
    #expect(space.labels(of: 1) == ["9007199254740993"])
    let folder = try ScanScratch()
    try Data("run.seed\n1\n9223372036854775807\n".utf8).write(to: URL(filePath: folder("s.csv")))
    let table = try ScanDefinition(RunCard.load(settings: ["scan.table=\(folder("s.csv"))"]))
    #expect(table.space.values(of: 1) == ["9223372036854775807"])
  }

  @Test(
    "two keys of which one replaces the other are refused",
    arguments: [
      "model.y: [1e-9], model.epsilon: [1e-3]", "luminosity: [paper-text], luminosity.per_pb: [1]",
      "model.mediator_mass_GeV: [1], model.mediator_mass_over_m1: [3]",
    ])
  func rivals(axes: String) {
    let error = #expect(throws: ScanError.self) {
      try ScanDefinition(RunCard.load(settings: ["scan.over={\(axes)}"]))
    }
    #expect(error?.description.contains("keep one of them") == true)
  }

  @Test("masses that do not fit together are a point's reason, and no fault")
  func relations() throws {
    let card = try RunCard.load(settings: ["scan.over={model.mediator_mass_over_m1: [2.1, 3]}"])
    #expect(try ScanDefinition(card).space.count == 2)
  }

  @Test("an apparatus file is written out: the scan does not change with it")
  func apparatus() throws {
    let folder = try ScanScratch()
    let text = """
      duskline-apparatus: 1
      name: two planes
      source: a test
      target: {thickness_mm: 15}
      stations: {count: 40, pitch_mm: 1000}
      planes:
        - {centre_mm: [0, 0, 150], size_mm: [100, 100]}
        - {centre_mm: [0, 0, 1000], size_mm: [100, 100]}
      """
    try Data(text.utf8).write(to: URL(filePath: folder("x.yaml")))
    let scan = try RunCard.load(settings: [
      "scan.over={apparatus: [muone-paper, \(folder("x.yaml"))]}"
    ])
    try FileManager.default.removeItem(atPath: folder("x.yaml"))
    let definition = try ScanDefinition(scan)
    #expect(definition.space.values(of: 0) == ["muone-paper"])
    #expect(definition.space.values(of: 1)[0].contains("name: \"two planes\""))
    #expect((0..<2).map(definition.space.labels(of:)) == [["muone-paper"], ["two planes"]])
    try Data(text.utf8).write(to: URL(filePath: folder("x.yaml")))
    try Data(text.replacing("150", with: "160").utf8).write(to: URL(filePath: folder("y.yaml")))
    let twins = #expect(throws: RunCardError.self) {
      try RunCard.load(settings: [
        "scan.over={apparatus: [\(folder("x.yaml")), \(folder("y.yaml"))]}"
      ])
    }
    #expect(twins?.description.contains("both are called 'two planes'") == true)
    // A table may name them too.
    try Data("apparatus,model.y\n\(folder("x.yaml")),1e-8\nmuone-paper,1e-8\n".utf8)
      .write(to: URL(filePath: folder("points.csv")))
    let table = try ScanDefinition(RunCard.load(settings: ["scan.table=\(folder("points.csv"))"]))
    #expect(table.space.values(of: 0)[0] == definition.space.values(of: 1)[0])
    #expect((0..<2).map { table.space.labels(of: $0)[0] } == ["two planes", "muone-paper"])
    try Data("apparatus\nno/such.yaml\n\(folder("x.yaml"))\n\(folder("y.yaml"))\n".utf8)
      .write(to: URL(filePath: folder("points.csv")))
    let faults = #expect(throws: RunCardError.self) {
      try ScanDefinition(RunCard.load(settings: ["scan.table=\(folder("points.csv"))"]))
    }
    #expect(faults?.faults.map { "\($0.location)".suffix(6) } == ["line 2", "line 4"])
    let plan = try RunCard.Variations(of: scan).plan(with: definition.space.settings(of: 1))
    #expect(plan.apparatus.planes.count == 2 && plan.apparatus.name == "two planes")
  }

  @Test("too many points are refused before any memory is taken")
  func tooMany() {
    let error = #expect(throws: ScanError.self) {
      var settings = ScanSettings(m1: [0.1], splittingOverM1: [0.4])
      let values = (1...1000).map { "\($0)" }
      settings.axes = ["a", "b", "c", "d"].map { ScanAxis(key: $0, values: values) }
      _ = try ScanSpace(settings)
    }
    #expect(error?.isInputFault == true)
  }

  @Test("a card with a scan reads back as it was written", .tags(.property))
  func roundTrip() throws {
    let card = try RunCard.load(settings: [
      "scan.quantity=reach",
      "scan.over={target.material: [beryllium], luminosity: [{per_pb: 10}], model.y: [1e-8, 2e-8]}",
    ])
    let again = try RunCard.load(text: card.explanation(), name: "again")
    #expect(again.plan == card.plan)
    let table = try RunCard.load(settings: ["scan.table=\"my points.csv\""])
    #expect(table.plan.scan.table == "my points.csv")
    #expect(try RunCard.load(text: table.explanation(), name: "again").plan == table.plan)
  }
}

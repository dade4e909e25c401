import Formats
import Foundation
import Reach
import Testing

@Suite("Apparatus files", .tags(.unit))
struct ApparatusFileTests {
  static let good = """
    duskline-apparatus: 1
    name: bench
    source: a test
    target: {thickness_mm: 10}
    stations: {count: 2, pitch_mm: 500}
    planes:
      - {centre_mm: [0, 0, 400], size_mm: [50, 60]}
      - {centre_mm: [1, 2, 100], size_mm: [50, 60], rotation_rad: 0.5, tilt_rad: 0.2}
    calorimeter: {z_mm: 600, size_mm: [100, 100]}
    """

  func load(_ apparatus: String) throws -> Plan {
    let folder = try TemporaryFolder()
    _ = try folder.file("bench.yaml", apparatus)
    let card = try folder.file(
      "my.yaml", "duskline: 1\napparatus: bench.yaml\nselection: {last_modules: 1}\n")
    return try RunCard.load(card: card).plan
  }

  @Test("a path counts from the card's folder, and planes are ordered along the beam")
  func reads() throws {
    let apparatus = try load(Self.good).apparatus
    #expect(apparatus.name == "bench")
    #expect(apparatus.planes.map(\.centre.z) == [100, 400])
    #expect(apparatus.planes.first?.rotation == 0.5)
    #expect(apparatus.planes.last?.tilt == 0)
    #expect(apparatus.calorimeter?.z == 600)
    #expect(apparatus.muonFilter == nil)
  }

  @Test("explain writes a user's apparatus out in full, and reads it back the same")
  func roundTrip() throws {
    let plan = try load(Self.good)
    let text = RunCard(name: "x", plan: plan).explanation()
    #expect(text.contains("thickness_mm: 10"))
    #expect(try RunCard.load(text: text, name: "again.yaml").plan == plan)
  }

  @Test("the apparatus file of a realistic station is sound")
  func tiltedStation() throws {
    let path = URL(filePath: #filePath).appending(path: "../../../RunCards/apparatus")
      .standardizedFileURL.path(percentEncoded: false)
    let card = try RunCard.load(settings: ["apparatus=\(path)/muone-tilted.yaml"])
    #expect(card.plan.apparatus.planes.count == 6)
    #expect(card.plan.apparatus.stationPitch == 1173)
  }

  @Test(
    "a fault of an apparatus file is reported in that file",
    arguments: [
      ("planes:", "plans:", "6:1", "did you mean 'planes'"),
      ("duskline-apparatus: 1", "duskline-apparatus: 3", "1:21", "format 3"),
      ("name: bench", "name: []", "2:7", "not a text"),
      ("thickness_mm: 10", "thickness_mm: -1", "4:24", "above 0"),
      ("count: 2", "count: 1.5", "5:19", "whole number"),
      ("[0, 0, 400]", "[0, 0, -400]", "7:17", "not behind the target"),
      ("[1, 2, 100]", "[1, 2, 6]", "8:17", "not behind the target"),
      ("[0, 0, 400]", "[0, 0, 501]", "7:17", "lies in the next station"),
      ("size_mm: [50, 60]}", "size_mm: [0, 60]}", "7:40", "above 0"),
      ("tilt_rad: 0.2", "tilt_rad: 13", "8:78", "out of range"),
      ("z_mm: 600", "z_mm: 300", "9:21", "stands before the last plane"),
      ("calorimeter:", "muon_filtr:", "9:1", "did you mean 'muon_filter'"),
    ])
  func faults(from: String, to: String, place: String, fragment: String) throws {
    let range = try #require(Self.good.range(of: from))
    let text = Self.good.replacingCharacters(in: range, with: to)
    let error = #expect(throws: RunCardError.self) { try load(text) }
    let lines = error?.faults.map(\.description) ?? []
    #expect(
      lines.contains { $0.contains("bench.yaml:\(place): ") && $0.contains(fragment) }, "\(lines)")
  }
}

import Foundation
import ParticleData
import Showers
import Testing

@Suite("Muon track lengths") struct MuonTrackLengthTests {
  private func material(_ name: String) throws -> Material { try #require(.named(name)) }

  @Test(
    "the mean loss meets published tables", .tags(.reference),
    // MeV cm²/g. Aluminium: the table of PDG 2020 after Groom et al. (2001); iron, lead, beryllium: the
    // tables of the open PUMAS materials, computed with other cross sections.
    arguments: [
      ("aluminium", 10.0, 2.117, 0.004), ("aluminium", 30, 2.312, 0.004),
      ("aluminium", 100, 2.693, 0.004), ("aluminium", 170, 3.025, 0.01),
      ("aluminium", 1000, 6.909, 0.004), ("aluminium", 2, 1.858, 0.04),
      ("iron", 1000, 9.813, 0.02), ("lead", 1000, 19.37, 0.02),
      ("beryllium", 1000, 4.218, 0.02),
    ])
  func loss(name: String, kinetic: Double, expected: Double, tolerance: Double) throws {
    let target = try material(name)
    let beam = try MuonTrackLength(
      beam: .muon, beamEnergy: kinetic + Mass.muon, material: target, depth: 1)
    let value =
      beam.loss(at: kinetic + Mass.muon) / target.radiationLength / target.density * 1000
    // The tolerances: 0.4 % where β is read off this table, 1 % between its nodes, 2 % elsewhere, 4 % below 10 GeV, where
    // the density effect is not complete.
    #expect(abs(value / expected - 1) < tolerance, "\(value)")
  }

  @Test("a thin target keeps the beam's energy", .tags(.limit))
  func thin() throws {
    let beam = try MuonTrackLength(
      beam: .antimuon, beamEnergy: 160, material: .beryllium, depth: 0.1)
    let track = try beam(edges: TrackLength.makeEdges(from: 1, to: 160))
    let last = track.binCount - 1
    // 1e-12: the root's tolerance.
    #expect(abs(track.positive.lengths[last].value - 0.1) < 1e-12)
    #expect(track.above(1).value == track.positive.lengths[last].value)
    // Half of what is lost on the way; 1e-7: the loss changes by 10⁻⁴ of itself.
    #expect(
      abs(track.positive.meanEnergies[last] - (160 - 0.05 * beam.loss(at: 160))) < 1e-5)
    #expect(track.negative.lengths.allSatisfy { $0.value == 0 })
  }

  @Test("the energy at the far side agrees with steps through the target", .tags(.identity))
  func steps() throws {
    let iron = try material("iron")
    let beam = try MuonTrackLength(beam: .muon, beamEnergy: 50, material: iron, depth: 1000)
    let track = try beam(edges: TrackLength.makeEdges(from: 1, to: 50))
    var E = 50.0
    var moment = 0.0
    for _ in 0..<20_000 {
      let half = E - 0.025 * beam.loss(at: E)
      E -= 0.05 * beam.loss(at: half)
      moment += 0.05 * half
    }
    // 1e-6: second-order steps of 2·10⁻⁵ of the energy.
    #expect(abs(track.above(1).value - 1000) < 1e-9)
    #expect(abs(track.sum { $0 }.value / moment - 1) < 1e-6)
    let reached = track.negative.lengths.firstIndex { $0.value > 0 }
    #expect(try track.edges[#require(reached)] < E)
  }

  @Test("a muon's whole range in aluminium is the published one", .tags(.reference))
  func range() throws {
    let target = try material("aluminium")
    let beam = try MuonTrackLength(
      beam: .muon, beamEnergy: 100 + Mass.muon, material: target, depth: .infinity)
    let track = try beam(edges: [10 + Mass.muon, 30, 100 + Mass.muon])
    let range = track.above(1).value * target.radiationLength * target.density
    // CSDA ranges at 100 and 10 GeV, 4.199·10⁴ and 5.092·10³ g/cm² (PDG 2020); 0.5 %: the loss.
    #expect(abs(range / (41_990 - 5092) - 1) < 0.005)
  }

  @Test("other beams and energies are refused", .tags(.unit))
  func refused() throws {
    #expect(throws: ShowerError.wrongBeam("electron")) {
      try MuonTrackLength(beam: .electron, beamEnergy: 20, material: .beryllium, depth: 1)
    }
    let beam = try MuonTrackLength(
      beam: .muon, beamEnergy: 20, material: .beryllium, depth: 1)
    #expect(throws: ShowerError.self) { try beam(edges: [0.5, 20]) }
  }
}

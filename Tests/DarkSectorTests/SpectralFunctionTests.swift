import DarkSector
import Foundation
import ParticleData
import Testing

@Suite("The spectral function") struct SpectralFunctionTests {
  @Test("the embedded table parses, ascends and says where it is from", .tags(.unit))
  func table() {
    let table = SpectralFunction.ratioTable
    #expect(table.x.count > 100)
    #expect(table.x.first == 0.3)
    #expect(table.y.allSatisfy { $0 > 0 })
    #expect(zip(table.x, table.x.dropFirst()).allSatisfy(<))
  }

  @Test("leptons are 0 at and below threshold and reach 1", .tags(.limit))
  func leptons() {
    for flavour in LeptonFlavour.allCases {
      let m = flavour.mass
      #expect(SpectralFunction.lepton(flavour, at: 2 * m) == 0)
      #expect(SpectralFunction.lepton(flavour, at: m) == 0)
      #expect(SpectralFunction.lepton(flavour, at: (2 * m).nextUp) > 0)
      // 1 - R = 6 (m/Q)⁴ at leading order; 1e-3 of that is the next one, (m/Q)².
      let missing = 1 - SpectralFunction.lepton(flavour, at: 100 * m)
      #expect(abs(missing / 6e-8 - 1) < 2e-3)
    }
  }

  @Test("hadrons are 0 at and below two pion masses, and rise like β³", .tags(.limit))
  func hadronThreshold() {
    let threshold = SpectralFunction.hadronThreshold
    #expect(threshold == 2 * Mass.chargedPion)
    #expect(SpectralFunction.hadrons(at: threshold) == 0)
    #expect(SpectralFunction.hadrons(at: 0.1) == 0)
    let near = SpectralFunction.hadrons(at: threshold * 1.0001)
    let nearer = SpectralFunction.hadrons(at: threshold * (1 + 0.25e-4))
    // β² ∝ δ: β³ falls by 4^1.5 = 8 when δ falls by 4; corrections of order 10⁻⁴.
    #expect(abs(near / nearer - 8) < 0.01)
  }

  @Test("the pion form factor hands over to the table without a large step", .tags(.unit))
  func handOver() {
    let edge = SpectralFunction.tableStart
    let below = SpectralFunction.hadrons(at: edge.nextDown)
    let above = SpectralFunction.hadrons(at: edge)
    // The table's points scatter by some 5 % there.
    #expect(abs(below / above - 1) < 0.08)
    // Elsewhere R is continuous: no step beyond the table's own slopes, however fine the grid.
    for index in 0..<20_000 {
      let energy = 0.37 + Double(index) * 1e-4
      let step = SpectralFunction.hadrons(at: energy + 1e-9) - SpectralFunction.hadrons(at: energy)
      // The steepest slope, at the φ, is below 10⁵ per GeV.
      #expect(abs(step) < 1e-4)
    }
  }

  @Test("ρ, ω and φ stand where they should, and R reaches 11/3 above charm", .tags(.reference))
  func features() {
    let table = SpectralFunction.ratioTable
    let peak = { (range: ClosedRange<Double>) -> Double in
      zip(table.x, table.y).filter { range.contains($0.0) }.max { $0.1 < $1.1 }?.0 ?? 0
    }
    // PDG 2024 masses of ω and φ; the table's points are some MeV apart.
    #expect(abs(peak(0.7...0.9) - 0.78266) < 0.006)
    #expect(abs(peak(0.95...1.1) - 1.01946) < 0.003)
    // Five flavours above the Υ: 11/3 (1 + α_s/π) ≈ 3.85 with α_s(20 GeV) ≈ 0.15; data scatter by 10 %, bound 12 %.
    for energy in [14.0, 20, 25, 30] {
      #expect(abs(SpectralFunction.hadrons(at: energy) / 3.85 - 1) < 0.12)
    }
  }

  @Test("the total is the sum of its parts", .tags(.identity))
  func total() {
    for energy in [0.001, 0.1, 0.25, 0.3, 0.78, 2, 10] {
      let parts =
        SpectralFunction.lepton(.electron, at: energy) + SpectralFunction.lepton(.muon, at: energy)
        + SpectralFunction.lepton(.tau, at: energy) + SpectralFunction.hadrons(at: energy)
      #expect(abs(SpectralFunction.total(at: energy) - parts) < 1e-14)
    }
  }
}

@Suite("Model points") struct ModelPointTests {
  @Test("y and ε turn into one another", .tags(.unit))
  func conversions() throws {
    let point = try ModelPoint(chi1Mass: 0.2, massSplitting: 0.08, darkPhotonMass: 0.6)
    #expect(abs(point.chi2Mass - 0.28) < 1e-15 && abs(point.pairThreshold - 0.48) < 1e-15)
    // ε² = y (mA/m₁)⁴/α_D = 81 y/α_D.
    #expect(abs(point.epsilonSquared(y: 1e-8, alphaD: 0.1) / 8.1e-6 - 1) < 1e-14)
    let epsilon = point.epsilonSquared(y: 3e-9, alphaD: 0.5).squareRoot()
    #expect(abs(point.y(epsilon: epsilon, alphaD: 0.5) / 3e-9 - 1) < 1e-14)
  }

  @Test("masses that make no model are refused by name", .tags(.unit))
  func refusals() {
    for bad in [0, -1, Double.infinity] {
      #expect(throws: DarkSectorError.massOutOfRange(name: "m1", value: bad)) {
        try ModelPoint(chi1Mass: bad, massSplitting: 0.1, darkPhotonMass: 3)
      }
      #expect(throws: DarkSectorError.massOutOfRange(name: "mA", value: bad)) {
        try ModelPoint(chi1Mass: 1, massSplitting: 0.1, darkPhotonMass: bad)
      }
    }
    for bad in [-0.1, Double.infinity] {
      #expect(throws: DarkSectorError.massOutOfRange(name: "the splitting", value: bad)) {
        try ModelPoint(chi1Mass: 1, massSplitting: bad, darkPhotonMass: 3)
      }
    }
    for place in 0..<3 {
      let masses = (0..<3).map { $0 == place ? Double.nan : [1, 0.1, 3][$0] }
      #expect(throws: DarkSectorError.self) {
        try ModelPoint(chi1Mass: masses[0], massSplitting: masses[1], darkPhotonMass: masses[2])
      }
    }
  }

  @Test("an A′ too light for the pair is refused, at threshold too", .tags(.limit))
  func tooLight() {
    for mediator in [2.5, 2.4] {
      #expect(throws: DarkSectorError.mediatorTooLight(mediator: mediator, pair: 2.5)) {
        try ModelPoint(chi1Mass: 1, massSplitting: 0.5, darkPhotonMass: mediator)
      }
    }
    #expect(throws: Never.self) {
      try ModelPoint(chi1Mass: 1, massSplitting: 0.5, darkPhotonMass: 2.5.nextUp)
    }
  }

  @Test("errors say what to do", .tags(.unit))
  func messages() {
    let errors: [DarkSectorError] = [
      .massOutOfRange(name: "m1", value: -1), .mediatorTooLight(mediator: 1, pair: 2),
      .closedChannel(splitting: 1e-4, threshold: 1e-3),
    ]
    for error in errors {
      #expect(error.description.contains("raise") || error.description.contains("give"))
    }
  }
}

import Background
import Detector
import Foundation
import ParticleData
import Selection
import Testing

@Suite("Pairs made in material", .tags(.unit))
struct SecondaryProcessesTests {
  private let cuts = ForcedDecays.paper().cuts
  private let apparatus = ForcedDecays.paper().apparatus

  private func estimates(
    _ target: Material = .beryllium, tail: VertexResolution.Tail = .gaussian,
    significance: Double = 10, luminosity: Double = 100
  ) -> SecondaryProcesses {
    let resolution = VertexResolution(
      angularResolution: 0.02e-3,
      leverArm: VertexResolution.leverArm(of: apparatus.planes.map(\.centre.z), vertex: 0),
      tail: tail, significance: significance)
    return SecondaryProcesses(
      beam: .muon, beamEnergy: 160, target: target, apparatus: apparatus, cuts: cuts,
      resolution: resolution, loneHadrons: 1e4, luminosity: luminosity)
  }

  /// Petrukhin and Shestakov's dσ/dv as PDG 2024 and Groom, Mokhov and Striganov (2001), Eq. (14) to (16), have it.
  private func spectrum(_ v: Double, _ Z: Double) -> Double {
    let (m, M, E) = (Mass.electron, Mass.muon, 160.0)
    let delta = M * M * v / (2 * E * (1 - v))
    let fe =
      Z <= 10
      ? log((189 * M / m * pow(Z, -1 / 3.0)) / (1 + 189 * exp(0.5) / m * delta * pow(Z, -1 / 3.0)))
      : log(
        (2 / 3.0 * 189 * M / m * pow(Z, -2 / 3.0))
          / (1 + 189 * exp(0.5) / m * delta * pow(Z, -1 / 3.0)))
    return 7.297_352_57e-3 * pow(2 * Z * m / M * 2.817_940_32, 2) * 1e10
      * (4 / 3.0 - 4 / 3.0 * v + v * v) * fe / v
  }

  @Test(
    "bremsstrahlung above 10 GeV, light and heavy nuclei", .tags(.reference),
    arguments: [("Be", 4.0), ("Fe", 26.0), ("Pb", 82.0)])
  func bremsstrahlung(symbol: String, Z: Double) throws {
    let material = try #require(Material.builtIn.first { $0.atomicNumber == Int(Z) }, "\(symbol)")
    var sum = 0.0
    let steps = 20_000
    let range = log(160.0 / (2 * cuts.minimumLeptonEnergy))
    for k in 0..<steps {
      let v = exp(-range * (Double(k) + 0.5) / Double(steps))
      sum += v * spectrum(v, Z) * range / Double(steps)
    }
    // 1e-4: a rule of 32 nodes at the end v = 1, where the logarithm goes to zero.
    #expect(abs(estimates(material).bremsstrahlung / sum - 1) < 1e-4)
  }

  @Test("a vertex in the first plane is found in the window behind which it stands", .tags(.unit))
  func firstPlane() throws {
    let found = try #require(
      estimates().estimates.first { $0.name == "conversion, first plane" })
    // The window ends 10 mm and begins 125 mm before a plane at 150 mm; the lever arm to it from 150, 575 and 1000 mm.
    let mean = 1725 / 3.0
    let variance = (pow(150 - mean, 2) + pow(1000 - mean, 2)) / 3
    let error = 2.0.squareRoot() * 0.02 * (variance + pow(150 - mean, 2)).squareRoot()
    let (near, far) = (
      150 - cuts.decayWindow.upperBound, 150 - cuts.decayWindow.lowerBound
    )
    func tail(_ k: Double) -> Double { erfc(k / 2.0.squareRoot()) / 2 }
    let expected = tail(near / error) - tail(far / error)
    #expect(abs(found.vertexProbability / expected - 1) < 1e-9, "\(expected)")
    #expect(abs(found.events - found.pairs * found.vertexProbability) < 1e-9 * found.events)
  }

  @Test("pairs are proportional to the luminosity, and none of a Gaussian comes from the target")
  func proportional() {
    let (one, two) = (estimates(luminosity: 100), estimates(luminosity: 200))
    for (a, b) in zip(one.estimates, two.estimates) {
      #expect(abs(b.pairs / a.pairs - 2) < 1e-12 && a.vertexProbability == b.vertexProbability)
    }
    #expect(one.estimates.filter { $0.name.hasSuffix("target") }.allSatisfy { $0.events < 1e-9 })
    let wide = estimates(tail: .wider(share: 1, factor: 50), significance: 3)
    #expect(wide.estimates.filter { $0.name.hasSuffix("target") }.allSatisfy { $0.events > 0 })
  }
}

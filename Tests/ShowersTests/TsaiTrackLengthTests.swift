import Calculus
import Foundation
import ParticleData
import Showers
import Testing

@Suite("Tsai's track length") struct TsaiTrackLengthTests {
  private func tsai(_ depth: Double, beam: BeamParticle = .electron) throws -> TsaiTrackLength {
    try TsaiTrackLength(beam: beam, beamEnergy: 20, depth: depth)
  }

  /// I(E₀, E, t) by the printed formula.
  private func density(_ E: Double, _ t: Double, b: Double = 4.0 / 3) -> Double {
    let a = b * t
    return exp((a - 1) * log(log(20 / E)) - lgamma(a)) / 20
  }

  @Test("the fraction above an energy is the integral of the density", .tags(.identity))
  func fraction() throws {
    let track = try tsai(1)
    for t in [0.8, 2, 7.5] {
      for E in [0.1, 3, 12] {
        // In w = (ln E₀/E)^{1/4}, which is smooth at the beam's energy.
        let end = pow(log(20 / E), 0.25)
        let edges = (0...20).map { end * Double($0) / 20 }
        let integral = GaussLegendre.order32.integrate(over: edges) { w in
          let energy = 20 * exp(-w * w * w * w)
          return w == 0 ? 0 : density(energy, t) * energy * 4 * w * w * w
        }
        // 1e-10: the printed density loses digits of ln(E₀/E) at the beam's energy.
        #expect(abs(track.fraction(above: E, atDepth: t) - integral) < 1e-10, "\(t) \(E)")
      }
    }
  }

  @Test("all have the beam's energy at no depth, and all have more than none", .tags(.limit))
  func limits() throws {
    let track = try tsai(1)
    #expect(track.fraction(above: 19.9, atDepth: 0) == 1)
    // 1e-6: P(4/3·t, ln E₀/E₁) at ln = 46.
    #expect(abs(track.fraction(above: 1e-19, atDepth: 3) - 1) < 1e-6)
    #expect(track.fraction(above: 20, atDepth: 3) == 0)
    let thin = try tsai(1e-4)(edges: [1, 10, 19.8, 20])
    // 7e-4: b t ln 100 of a thin target lies below the last bin.
    #expect(abs(thin.negative.lengths[2].value / 1e-4 - 1) < 7e-4)
  }

  @Test("bins add up to what is above, and hold their mean energy", .tags(.identity))
  func bins() throws {
    for depth in [0.1, 2, Double.infinity] {
      let track = try tsai(depth)
      let bins = track(edges: TrackLength.makeEdges(from: 0.3, to: 20))
      // 1e-10: what length(above:) promises.
      #expect(abs(bins.above(0.3).value - track.length(above: 0.3)) < 1e-10)
      #expect(bins.positive.lengths.allSatisfy { $0.value == 0 })
      for (bin, mean) in bins.negative.meanEnergies.enumerated() {
        #expect(mean > bins.edges[bin] && mean < bins.edges[bin + 1], "\(bin)")
      }
      // The mean energies by another way: Σ T Ē = E₁ T(>E₁) + ∫ T(>E) dE.
      let edges = (0...40).map { 0.3 + 19.7 * (1 - pow(1 - Double($0) / 40, 3)) }
      let integral = GaussLegendre.order32.integrate(over: edges) { track.length(above: $0) }
      let expected = 0.3 * track.length(above: 0.3) + integral
      // 1e-5: T(>E) has a vertical tangent at the beam's energy.
      #expect(abs(bins.sum { $0 }.value / expected - 1) < 1e-5, "\(depth)")
    }
  }

  @Test("an infinite depth is the limit of large ones, by another quadrature", .tags(.limit))
  func infinite() throws {
    let endless = try tsai(.infinity)
    for E in [0.1, 5, 19] {
      // 1e-9: beyond 60 radiation lengths less than that is left.
      #expect(abs(endless.length(above: E) - (try tsai(60).length(above: E))) < 1e-9)
      let trapezium =
        (1..<60_000).reduce(0.5) {
          $0 + endless.fraction(above: E, atDepth: Double($1) * 1e-3)
        } * 1e-3
      // 1e-6: h²/12 times the slope at no depth, at most 4/3·E₁(x) = 5.
      #expect(abs(endless.length(above: E) - trapezium) < 1e-6, "\(E)")
    }
  }

  @Test("positrons, other beams and depths", .tags(.unit))
  func beams() throws {
    let bins = try tsai(1, beam: .positron)(edges: [1, 20])
    #expect(bins.negative.lengths[0].value == 0 && bins.positive.lengths[0].value > 0.8)
    #expect(throws: ShowerError.wrongBeam("muon")) { try tsai(1, beam: .muon) }
    #expect(throws: ShowerError.noDepth(depth: 0)) { try tsai(0) }
    // b = 4/3 + 0.0252 in aluminium, from Z = 13 by hand.
    let target = try #require(Material.named("aluminium"))
    let aluminium = try TsaiTrackLength(
      beam: .electron, beamEnergy: 20, depth: 1, material: target)
    #expect(abs(aluminium.b - 4.0 / 3 - 0.0252) < 1e-4)
  }
}

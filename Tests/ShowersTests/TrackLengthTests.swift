import Foundation
import Integration
import ParticleData
import Showers
import Testing

@Suite("Track lengths") struct TrackLengthTests {
  private func spectrum(_ values: [Double], error: Double = 0) -> TrackSpectrum {
    TrackSpectrum(
      lengths: values.map { Estimate(value: $0, error: error) },
      meanEnergies: [1.5, 3, 7], meanSquareAngles: [0, 0, 0])
  }

  @Test("bins ascend to the beam, with the finer ones at the top", .tags(.unit))
  func edges() {
    let edges = TrackLength.makeEdges(from: 0.3, to: 20, topWidth: 0.002)
    #expect(edges.first == 0.3 && edges.last == 20)
    #expect(zip(edges, edges.dropFirst()).allSatisfy(<))
    // 1e-12: a difference of numbers near 20.
    #expect(abs(edges[edges.count - 2] - 20 * 0.998) < 1e-12)
    for (lower, upper) in zip(edges, edges.dropFirst()) {
      #expect(log10(upper / lower) < 0.1 + 1e-12)
    }
    #expect(TrackLength.makeEdges(from: 1, to: 10, binsPerDecade: 5, topWidth: nil).count == 6)
    #expect(TrackLength.makeEdges(from: 9.99, to: 10) == [9.99, 10])
  }

  @Test("sums weigh bins and share them in ln E", .tags(.unit))
  func sums() {
    let track = TrackLength(
      edges: [1, 2, 4, 10], negative: spectrum([8, 4, 2], error: 0.3),
      positive: spectrum([4, 2, 0], error: 0.4))
    #expect(track.above(0.5).value == 20)
    #expect(track.above(4).value == 2)
    #expect(track.above(10).value == 0)
    // 1e-14: rounding.
    #expect(abs(track.above(8.0.squareRoot()).value - 5) < 1e-14)
    #expect(abs(track.above(0.5).error - (3 * (0.09 + 0.16)).squareRoot()) < 1e-14)
    #expect(abs(track.sum { $0 }.value - (12 * 1.5 + 6 * 3 + 2 * 7)) < 1e-13)
  }

  @Test("correlated bins give the error of their sum", .tags(.unit))
  func covariance() {
    // Two bins, e⁻ only, fully correlated: errors 1 and 2 add to 3, their difference has 1.
    let one = TrackSpectrum(
      lengths: [Estimate(value: 5, error: 1), Estimate(value: 7, error: 2)],
      meanEnergies: [1.5, 3], meanSquareAngles: [0, 0])
    let none = TrackSpectrum(
      lengths: [.exact(0), .exact(0)], meanEnergies: [1.5, 3], meanSquareAngles: [0, 0])
    var matrix = [Double](repeating: 0, count: 16)
    (matrix[0], matrix[1], matrix[4], matrix[5]) = (1, 2, 2, 4)
    let track = TrackLength(
      edges: [1, 2, 4], negative: one, positive: none, covariance: matrix)
    #expect(track.above(1).error == 3)
    #expect(track.sum(negative: [-1, 1], positive: [0, 0]).error == 1)
  }
}

import Background
import Foundation
import Sampling
import Testing

@Suite("Resolution of vertices")
struct VertexResolutionTests {
  private let tails: [VertexResolution.Tail] = [
    .gaussian, .wider(share: 0.01, factor: 5), .scattering(share: 0.01),
    .wider(share: 1, factor: 2),
    .scattering(share: 1),
  ]

  private func resolution(
    _ tail: VertexResolution.Tail = .gaussian, significance: Double = 0
  ) -> VertexResolution {
    VertexResolution(
      angularResolution: 0.02e-3, leverArm: 150, tail: tail, significance: significance)
  }

  /// Found beyond a distance, however far.
  private func probability(
    _ model: VertexResolution, beyond distance: Double, openingAngle: Double
  ) -> Double {
    model.probability(within: distance...Double.infinity, openingAngle: openingAngle)
  }

  @Test(
    "what is found in a window is what is beyond its lower end less what is beyond its upper one",
    .tags(.identity))
  func window() {
    for tail in tails {
      for significance in [0.0, 4, 10] {
        let model = resolution(tail, significance: significance)
        let delta = model.error(openingAngle: 2e-3)
        for (a, b) in [(0.0, 3.0), (2, 5), (4, 4), (3, 30), (12, 40)] {
          let inside = model.probability(within: a * delta...b * delta, openingAngle: 2e-3)
          let lower = probability(model, beyond: a * delta, openingAngle: 2e-3)
          let upper = probability(model, beyond: b * delta, openingAngle: 2e-3)
          // Where the rule of δz begins behind the window, nothing is left.
          let expected = max(a, significance) < b ? lower - upper : 0
          #expect(abs(inside - expected) <= 1e-15, "\(tail) \(significance) \(a) \(b)")
        }
        let whole = [0.0, 1, 2, 5, 9, 20].map { $0 * delta }
        let parts = zip(whole, whole.dropFirst()).reduce(0) {
          $0 + model.probability(within: $1.0...$1.1, openingAngle: 2e-3)
        }
        let all = model.probability(within: 0...20 * delta, openingAngle: 2e-3)
        #expect(abs(parts - all) < 1e-15)
      }
    }
  }

  @Test("the tail of a Gaussian is half of erfc", .tags(.reference))
  func gaussian() {
    let model = resolution()
    for k in [0.0, 0.3, 1, 2, 3, 5, 8, 12, 20] {
      let found = probability(
        model, beyond: k * model.error(openingAngle: 0.01), openingAngle: 0.01)
      let expected = erfc(k / 2.0.squareRoot()) / 2
      // 1e-11: k²/2 of 200 with its rounding in the exponent.
      #expect(abs(found / expected - 1) < 1e-11, "\(k): \(found) \(expected)")
    }
    // Ten standard deviations leave nothing: 7.6e-24.
    let far = probability(resolution(significance: 10), beyond: 0, openingAngle: 0.01)
    #expect(abs(far / 7.62e-24 - 1) < 1e-3)  // three printed digits
  }

  @Test("δz is √2 σ L/θ: 4.24 mm at 1 mrad for 0.02 mrad and 150 mm", .tags(.reference))
  func numbers() {
    // 5e-4: three printed digits.
    #expect(abs(resolution().error(openingAngle: 1e-3) / 4.243 - 1) < 5e-4)
    #expect(abs(resolution().error(openingAngle: 10e-3) / 0.4243 - 1) < 5e-4)
  }

  @Test(
    "tracks smeared in direction at the first plane cross with that spread", .tags(.statistical),
    arguments: [2e-3, 10e-3, 50e-3])
  func closestApproach(angle: Double) {
    let model = resolution()
    var stream = RandomStream(seed: 3, purpose: .test, point: 1, batch: 0)
    func gauss() -> Double {
      (-2 * log(stream.uniform())).squareRoot() * cos(2 * .pi * stream.uniform())
    }
    let (sigma, L) = (model.angularResolution, model.leverArm)
    let count = 40_000
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<count {
      // Two tracks from the origin at ± θ/2 in x, each known where it meets the plane, its direction smeared in x and y.
      func track(_ slope: Double) -> (at: SIMD3<Double>, along: SIMD3<Double>) {
        (
          SIMD3(slope * L, 0, L),
          SIMD3(slope + sigma * gauss(), sigma * gauss(), 1)
        )
      }
      let (a, b) = (track(tan(angle / 2)), track(-tan(angle / 2)))
      // Closest approach of two lines in space: the middle of the shortest distance.
      func dot(_ p: SIMD3<Double>, _ q: SIMD3<Double>) -> Double { (p * q).sum() }
      let w = a.at - b.at
      let (aa, ab, bb) = (dot(a.along, a.along), dot(a.along, b.along), dot(b.along, b.along))
      let (aw, bw) = (dot(a.along, w), dot(b.along, w))
      let determinant = aa * bb - ab * ab
      let s = (ab * bw - bb * aw) / determinant
      let t = (aa * bw - ab * aw) / determinant
      let z = 0.5 * (a.at.z + s * a.along.z + b.at.z + t * b.along.z)
      sum += z
      squares += z * z
    }
    let mean = sum / Double(count)
    let spread = (squares / Double(count) - mean * mean).squareRoot()
    // Five standard errors of a spread, 1/√2N, and second order: δz/L = √2 σ/θ of 1.4 % at 2 mrad, which enters the variance
    // squared, eight times.
    let ratio = model.error(openingAngle: angle) / L
    let tolerance = 5 / (2 * Double(count)).squareRoot() + 8 * ratio * ratio
    #expect(abs(spread / model.error(openingAngle: angle) - 1) < tolerance)
  }

  @Test("tails are probabilities that fall with the distance and with the angle", .tags(.property))
  func monotonic() {
    for tail in tails {
      for significance in [0.0, 3, 10] {
        let model = resolution(tail, significance: significance)
        for angle in [1e-3, 3e-3, 0.03, 0.3] {
          let values = stride(from: 0.0, through: 200, by: 5).map {
            probability(model, beyond: $0, openingAngle: angle)
          }
          #expect(values.allSatisfy { (0...1).contains($0) }, "\(tail)")
          #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 }, "\(tail)")
        }
        let angles = [1e-3, 2e-3, 5e-3, 0.02, 0.1, 1].map {
          probability(model, beyond: 25, openingAngle: $0)
        }
        #expect(zip(angles, angles.dropFirst()).allSatisfy { $0 >= $1 }, "\(tail)")
      }
    }
  }

  @Test("each tail adds what it says")
  func tailShares() {
    let angle = 1e-3
    let delta = resolution().error(openingAngle: angle)
    func gauss(_ k: Double) -> Double { erfc(k / 2.0.squareRoot()) / 2 }
    func probability(_ tail: VertexResolution.Tail, _ k: Double) -> Double {
      self.probability(resolution(tail), beyond: k * delta, openingAngle: angle)
    }
    // 1e-11, as above.
    let wide = probability(.wider(share: 0.01, factor: 5), 10)
    #expect(abs(wide / (0.99 * gauss(10) + 0.01 * gauss(2)) - 1) < 1e-11)
    // The share lies beyond three δz on both sides; a tenth of its square root further, a hundredth.
    #expect(abs(probability(.scattering(share: 0.02), 3) - gauss(3) - 0.01) < 1e-12)
    #expect(abs(probability(.scattering(share: 0.02), 30) / 1e-4 - 1) < 1e-11)
    #expect(probability(.scattering(share: 0), 7) == probability(.gaussian, 7))
    #expect(probability(.wider(share: 0, factor: 5), 7) == probability(.gaussian, 7))
    // Settings of a card make the models.
    let settings = BackgroundSettings.VertexSettings(tail: .wide, tailShare: 0.2, significance: 4)
    #expect(
      settings.resolution(leverArm: 180)
        == VertexResolution(
          angularResolution: 0.02e-3, leverArm: 180, tail: .wider(share: 0.2, factor: 5),
          significance: 4))
  }
}

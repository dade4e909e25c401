import Calculus
import DarkSector
import Integration
import Production
import Reach

/// The cross section with an A′ line shape as `∫ ρ(Q²) σ(Q) dQ²` over narrow cross sections: the second method beside
/// sampling Q² with the event.
///
/// In ln of (Q/threshold - 1) the line and both ends are smooth; ρ follows from the width of ``ModelPoint``, not from the
/// production room's line shape.
struct LineShapeQuadrature: Sendable {
  private let plan: Plan
  private let point: ModelPoint
  private let alphaD: Double

  init(_ plan: Plan, point: ModelPoint, alphaD: Double) {
    self.plan = plan
    self.point = point
    self.alphaD = alphaD
  }

  /// σ in pb at ε = 1 from ln σ interpolated between narrow masses, one a twelfth of a power of ten.
  func crossSection(_ setup: ValidationSetup) async throws -> Estimate {
    let threshold = point.pairThreshold
    let largest =
      try plan.productionSetup(point, alphaD: alphaD).largestSystemMass
      - plan.beam.particle.mass
    let step = Elementary.log(10) / 12
    let start = Elementary.log(threshold)
    // Beyond the last node σ, cut off by the beam's energy, adds nothing: ρ has fallen by orders of magnitude.
    let count = min(Int((Elementary.log(largest / threshold) - 0.3) / step), 30)
    var logarithms: [Double] = []
    var error = 0.0
    for node in 0...count {
      let mass = threshold * Elementary.exp(Double(node) * step)
      let value = try await setup.crossSection(
        try setup.production(mass: mass), relativePrecision: 1e-3)
      logarithms.append(Elementary.log(value.value))
      error = max(error, value.relativeError)
    }
    let curve = EquidistantInterpolant(start: start, step: step, values: logarithms)
    let top = threshold * Elementary.exp(Double(count) * step)
    let mA = point.darkPhotonMass
    let edges = [-14, -8, -5, -3, -2, -1, 0, 1, 2, 3, Elementary.log(top / threshold - 1)]
      .filter { $0 <= Elementary.log(top / threshold - 1) }
    let integral = GaussLegendre.order32.integrate(over: edges) { logExcess in
      let excess = threshold * Elementary.exp(logExcess)
      let Q = threshold + excess
      let width = alphaD * point.darkMediatorWidth(atVirtuality: Q)
      let away = (Q - mA) * (Q + mA)
      let density = Q * width / .pi / (away * away + Q * Q * width * width)
      return 2 * Q * excess * density * Elementary.exp(curve(Elementary.log(Q)))
    }
    return Estimate(value: integral, error: integral * error)
  }
}

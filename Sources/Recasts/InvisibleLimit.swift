import Calculus

/// A published limit, or projection, on ε of an A′ that leaves nothing in the detector, as a function of m_A′: an input.
///
/// Between points ln ε is linear in ln m_A′.
public struct InvisibleLimit: Sendable, Hashable {
  private let logMass: [Double]
  private let logEpsilon: [Double]

  /// A limit from its points, masses in GeV and ascending.
  public init(_ points: [(darkPhotonMass: Double, epsilon: Double)]) {
    precondition(
      points.count > 1 && points.allSatisfy { $0.darkPhotonMass > 0 && $0.epsilon > 0 }
        && zip(points, points.dropFirst()).allSatisfy { $0.darkPhotonMass < $1.darkPhotonMass },
      "a limit has points of ascending mass")
    logMass = points.map { Elementary.log($0.darkPhotonMass) }
    logEpsilon = points.map { Elementary.log($0.epsilon) }
  }

  /// The masses covered, in GeV.
  public var masses: ClosedRange<Double> {
    Elementary.exp(logMass[0])...Elementary.exp(logMass[logMass.count - 1])
  }

  /// ε of the limit, or `nil` at masses that it does not cover.
  public func callAsFunction(darkPhotonMass: Double) -> Double? {
    let x = Elementary.log(darkPhotonMass)
    guard x >= logMass[0], x <= logMass[logMass.count - 1] else { return nil }
    let above = min(max(logMass.firstIndex { $0 > x } ?? logMass.count - 1, 1), logMass.count - 1)
    let t = (x - logMass[above - 1]) / (logMass[above] - logMass[above - 1])
    return Elementary.exp(logEpsilon[above - 1] + t * (logEpsilon[above] - logEpsilon[above - 1]))
  }
}

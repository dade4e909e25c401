import Calculus

/// A published limit, or projection, on ε of an A′ that leaves nothing in the detector, as a function of m_A′: an input.
///
/// Between points ln ε is linear in ln m_A′.
public struct InvisibleLimit: Sendable, Hashable {
  /// ln ε against ln m_A′.
  private let logarithms: LinearInterpolant

  /// A limit from its points, masses in GeV and ascending.
  public init(_ points: [(darkPhotonMass: Double, epsilon: Double)]) {
    precondition(
      points.allSatisfy { $0.darkPhotonMass > 0 && $0.epsilon > 0 },
      "masses and mixings are positive")
    logarithms = LinearInterpolant(
      x: points.map { Elementary.log($0.darkPhotonMass) },
      y: points.map { Elementary.log($0.epsilon) })
  }

  private var logMasses: ClosedRange<Double> {
    logarithms.x[0]...logarithms.x[logarithms.x.count - 1]
  }

  /// The masses covered, in GeV.
  public var masses: ClosedRange<Double> {
    Elementary.exp(logMasses.lowerBound)...Elementary.exp(logMasses.upperBound)
  }

  /// ε of the limit, or `nil` at masses that it does not cover.
  public func callAsFunction(darkPhotonMass: Double) -> Double? {
    let x = Elementary.log(darkPhotonMass)
    return logMasses.contains(x) ? Elementary.exp(logarithms(x)) : nil
  }
}

import Calculus
import Units

/// How far behind the target a vertex of two tracks from it may be found.
///
///     δz = √2 σ_θ L/θ
///
/// for tracks at an angle θ, each known to σ_θ: the error of where they cross. An angle turns a track about the middle of its hits, and the
/// hits' own error moves it, so that for n planes at z_i the lever arm to a vertex at z is
///
///     L² = Σ(z_i - z̄)²/n + (z̄ - z)²
///
/// which is 0.67 m for planes at 150, 575 and 1000 mm and a vertex at 0: 19 mm at 1 mrad and 0.02 mrad. Multiple scattering is not in it. What Gaussian errors leave beyond ten δz is
/// nothing; what counts is the tail, which is therefore an assumption, stated and varied.
///
/// Source: the propagation of errors; the ten δz are those of arXiv:2409.00170.
public struct VertexResolution: Sendable, Hashable {
  /// σ_θ in rad.
  public var angularResolution: Double
  /// L in mm: ``leverArm(of:vertex:)``.
  public var leverArm: Double
  /// The tail.
  public var tail: Tail
  /// A vertex has to be so many δz from the target.
  public var significance: Double

  /// What is beyond a Gaussian.
  public enum Tail: Sendable, Hashable {
    /// Nothing.
    case gaussian
    /// A share of vertices with an error so many times as large.
    case wider(share: Double, factor: Double)
    /// A share of vertices beyond three δz that falls with the inverse square of the distance: single scattering in the planes, whose
    /// angles are distributed as 1/θ³.
    case scattering(share: Double)
  }

  /// A resolution from its parts.
  public init(angularResolution: Double, leverArm: Double, tail: Tail, significance: Double) {
    self.angularResolution = angularResolution
    self.leverArm = leverArm
    self.tail = tail
    self.significance = significance
  }

  /// L in mm of tracks that are seen in planes at these positions, for a vertex at another.
  public static func leverArm(of planes: [Double], vertex z: Double) -> Double {
    let n = Double(max(planes.count, 1))
    let mean = planes.reduce(0, +) / n
    let variance = planes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    return (variance + (mean - z) * (mean - z)).squareRoot()
  }

  /// δz in mm of two tracks at an angle in rad.
  public func error(openingAngle: Double) -> Double {
    2.0.squareRoot() * angularResolution * leverArm / openingAngle
  }

  /// The probability that a vertex is found at a distance of so many mm from where it is, to one side, and beyond the δz asked for.
  public func probability(within distances: ClosedRange<Double>, openingAngle: Double) -> Double {
    let error = error(openingAngle: openingAngle)
    let nearest = max(distances.lowerBound / error, significance)
    let farthest = distances.upperBound / error
    return nearest < farthest ? share(beyond: nearest) - share(beyond: farthest) : 0
  }

  /// The share of vertices that are misplaced by more than k δz to one side.
  private func share(beyond k: Double) -> Double {
    switch tail {
    case .gaussian: return Self.gaussianTail(k)
    case .wider(let share, let factor):
      return (1 - share) * Self.gaussianTail(k) + share * Self.gaussianTail(k / factor)
    case .scattering(let share):
      return Self.gaussianTail(k) + 0.5 * share * min(9 / (k * k), 1)
    }
  }

  /// The share of a Gaussian beyond k standard deviations on one side: `erfc(k/√2)/2 = Q(½, k²/2)/2`.
  private static func gaussianTail(_ k: Double) -> Double {
    0.5 * GammaFunction.upperRegularised(0.5, 0.5 * k * k)
  }
}

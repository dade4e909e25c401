/// A momentum in light-front components, `p⁺ = E + p_z` and `p_⊥`, in GeV; `p⁻ = (m² + p_⊥²)/p⁺`.
///
/// From the rest frame of a parent of mass M and momentum K a daughter is boosted by
///
///     p⁺ → (K⁺/M) p⁺,   p_⊥ → p_⊥ + (p⁺/M) K_⊥
///
/// where nothing cancels, however large γ is: p⁺ never changes sign, and small transverse momenta are not
/// differences of large numbers. These boosts form a group, so that a chain of decays needs no rotation
/// between frames; the axes of each rest frame are light-front axes.
///
/// Source: S. J. Brodsky, H.-C. Pauli, S. Pinsky, arXiv:hep-ph/9705477, § 2.
public struct LightFrontMomentum: Sendable, Hashable {
  /// E + p_z.
  public var plus: Double
  /// Momentum along x.
  public var x: Double
  /// Momentum along y.
  public var y: Double

  /// A momentum from its components.
  @inlinable @inline(__always)
  public init(plus: Double, x: Double, y: Double) {
    self.plus = plus
    self.x = x
    self.y = y
  }

  /// The light-front components of a four-momentum. For p_z < 0 the sum E + p_z is taken as (m² + p_⊥²)/(E - p_z).
  public init(_ p: FourMomentum, mass: Double) {
    let plus =
      p.z >= 0
      ? p.energy + p.z : (mass * mass + p.x * p.x + p.y * p.y) / (p.energy - p.z)
    self.init(plus: plus, x: p.x, y: p.y)
  }

  /// E - p_z for a particle of squared mass `mass2`.
  @inlinable @inline(__always)
  public func minus(mass2: Double) -> Double { (mass2 + x * x + y * y) / plus }

  /// The four-momentum of a particle of that mass.
  @inlinable
  public func fourMomentum(mass: Double) -> FourMomentum {
    let minus = minus(mass2: mass * mass)
    return FourMomentum(energy: 0.5 * (plus + minus), x: x, y: y, z: 0.5 * (plus - minus))
  }

  /// The momentum that is left of this one when `other` is taken away.
  @inlinable
  public func subtracting(_ other: LightFrontMomentum) -> LightFrontMomentum {
    LightFrontMomentum(plus: plus - other.plus, x: x - other.x, y: y - other.y)
  }

  /// This momentum, given in the rest frame of a parent, in the frame where the parent has `momentum`.
  @inlinable @inline(__always)
  public func boosted(byParent parent: LightFrontMomentum, mass: Double) -> LightFrontMomentum {
    let fraction = plus / mass
    return LightFrontMomentum(
      plus: fraction * parent.plus, x: x + fraction * parent.x, y: y + fraction * parent.y)
  }

  /// This momentum in the rest frame of a parent that has the given momentum here.
  @inlinable @inline(__always)
  public func inRestFrame(ofParent parent: LightFrontMomentum, mass: Double) -> LightFrontMomentum {
    let fraction = plus / parent.plus
    return LightFrontMomentum(
      plus: fraction * mass, x: x - fraction * parent.x, y: y - fraction * parent.y)
  }
}

import Calculus

/// A four-momentum in GeV, metric (+,-,-,-), z along the beam.
public struct FourMomentum: Sendable, Hashable, Codable {
  /// Energy.
  public var energy: Double
  /// Momentum along x.
  public var x: Double
  /// Momentum along y.
  public var y: Double
  /// Momentum along z.
  public var z: Double

  /// A four-momentum from its components.
  @inlinable
  public init(energy: Double, x: Double, y: Double, z: Double) {
    self.energy = energy
    self.x = x
    self.y = y
    self.z = z
  }

  /// The four-momentum of a particle of that mass: the energy follows.
  @inlinable
  public init(mass: Double, x: Double, y: Double, z: Double) {
    self.init(energy: (mass * mass + x * x + y * y + z * z).squareRoot(), x: x, y: y, z: z)
  }

  /// p², which may have either sign.
  @inlinable public var invariantMassSquared: Double { dot(self) }

  /// The Minkowski product.
  @inlinable
  public func dot(_ other: FourMomentum) -> Double {
    energy * other.energy - x * other.x - y * other.y - z * other.z
  }

  /// The sum.
  @inlinable
  public static func + (left: FourMomentum, right: FourMomentum) -> FourMomentum {
    FourMomentum(
      energy: left.energy + right.energy, x: left.x + right.x, y: left.y + right.y,
      z: left.z + right.z)
  }

  /// The difference.
  @inlinable
  public static func - (left: FourMomentum, right: FourMomentum) -> FourMomentum {
    FourMomentum(
      energy: left.energy - right.energy, x: left.x - right.x, y: left.y - right.y,
      z: left.z - right.z)
  }

  /// A multiple.
  @inlinable
  public static func * (factor: Double, p: FourMomentum) -> FourMomentum {
    FourMomentum(energy: factor * p.energy, x: factor * p.x, y: factor * p.y, z: factor * p.z)
  }

  /// The magnitude of the momentum.
  @inlinable public var momentum: Double { (x * x + y * y + z * z).squareRoot() }

  /// The momentum that one given in the rest frame of another has where that one moves.
  ///
  /// - Parameter mass: of the other in GeV, above zero. For γ above 10⁷ the smaller components of a backward momentum are lost.
  @inlinable
  public func boosted(from frame: FourMomentum, mass: Double) -> FourMomentum {
    let along = x * frame.x + y * frame.y + z * frame.z
    let factor = (along / (frame.energy + mass) + energy) / mass
    return FourMomentum(
      energy: (energy * frame.energy + along) / mass, x: x + factor * frame.x,
      y: y + factor * frame.y, z: z + factor * frame.z)
  }

  /// The angle in rad to another momentum, without cancellation at small ones.
  public func angle(to other: FourMomentum) -> Double {
    let (a, b) = (momentum, other.momentum)
    func half(_ sign: Double) -> Double {
      let (dx, dy, dz) = (
        x / a + sign * other.x / b, y / a + sign * other.y / b, z / a + sign * other.z / b
      )
      return (dx * dx + dy * dy + dz * dz).squareRoot()
    }
    return 4 * .pi * Elementary.arctangentTurns(half(-1) / half(1))
  }

  /// The momentum across the beam.
  @inlinable public var transverse: Double { (x * x + y * y).squareRoot() }
}

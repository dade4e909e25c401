import Calculus

/// A plane's axes in space, made once, and where a track from a decaying particle meets it.
///
/// A vertex at distance ζ from the interaction point (x₀, y₀, z₀), along a parent with slopes (c_x, c_y), and a
/// track from it with slopes (s_x, s_y): the coordinates of the track on the plane are linear in ζ whatever the
/// plane's orientation, so that the ζ for which it lies inside the plane's edges form one interval.
@frozen
public struct PlaneFrame: Sendable, Hashable {
  /// The centre in mm.
  public let centre: SIMD3<Double>
  /// The unit vector of the first measuring axis.
  public let u: SIMD3<Double>
  /// The unit vector of the second measuring axis.
  public let v: SIMD3<Double>
  /// The unit normal, with a positive component along the beam.
  public let normal: SIMD3<Double>
  /// Half the plane's width and height in mm.
  public let halfSize: SIMD2<Double>

  /// The frame of a plane, shifted along the beam by `offset` in mm.
  public init(_ plane: Plane, offset: Double = 0) {
    let (sinTilt, cosTilt) = Elementary.sinCos(turns: plane.tilt / (2 * .pi))
    let (sinRotation, cosRotation) = Elementary.sinCos(turns: plane.rotation / (2 * .pi))
    func rotated(_ a: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(cosRotation * a.x - sinRotation * a.y, sinRotation * a.x + cosRotation * a.y, a.z)
    }
    centre = plane.centre + SIMD3(0, 0, offset)
    u = rotated(SIMD3(cosTilt, 0, -sinTilt))
    v = rotated(SIMD3(0, 1, 0))
    normal = rotated(SIMD3(sinTilt, 0, cosTilt))
    halfSize = plane.size / 2
  }

  /// Whether a track from a fixed point hits the plane, downstream of that point.
  @inlinable @inline(__always)
  public func isHit(
    fromX x0: Double, _ y0: Double, _ z0: Double, slopeX: Double, slopeY: Double
  ) -> Bool {
    let (rx, ry, rz) = (x0 - centre.x, y0 - centre.y, z0 - centre.z)
    let nd = normal.x * slopeX + normal.y * slopeY + normal.z
    let step = -(normal.x * rx + normal.y * ry + normal.z * rz) / nd
    let (hx, hy, hz) = (rx + step * slopeX, ry + step * slopeY, rz + step)
    let a = u.x * hx + u.y * hy + u.z * hz
    let b = v.x * hx + v.y * hy + v.z * hz
    return step >= 0 && abs(a) <= halfSize.x && abs(b) <= halfSize.y
  }

  /// The interval of ζ, in mm, in which the track hits the plane downstream of the vertex; the lower bound lies above the
  /// upper when there is none.
  @inlinable @inline(__always)
  public func hitInterval(
    fromX x0: Double, _ y0: Double, _ z0: Double, parentSlopeX cx: Double, parentSlopeY cy: Double,
    slopeX sx: Double, slopeY sy: Double
  ) -> (lower: Double, upper: Double) {
    let (rx, ry, rz) = (x0 - centre.x, y0 - centre.y, z0 - centre.z)
    let inverse = 1 / (normal.x * sx + normal.y * sy + normal.z)
    let along0 = normal.x * rx + normal.y * ry + normal.z * rz
    let along1 = normal.x * cx + normal.y * cy + normal.z
    let kappaU = (u.x * sx + u.y * sy + u.z) * inverse
    let kappaV = (v.x * sx + v.y * sy + v.z) * inverse
    let a0 = (u.x * rx + u.y * ry + u.z * rz) - kappaU * along0
    let a1 = (u.x * cx + u.y * cy + u.z) - kappaU * along1
    let b0 = (v.x * rx + v.y * ry + v.z * rz) - kappaV * along0
    let b1 = (v.x * cx + v.y * cy + v.z) - kappaV * along1
    // A coordinate that does not move with ζ: a tiny slope sends both ends to ±huge with the right signs.
    let inverseA = 1 / (a1 == 0 ? 1e-200 : a1)
    let inverseB = 1 / (b1 == 0 ? 1e-200 : b1)
    let a2 = (-halfSize.x - a0) * inverseA
    let a3 = (halfSize.x - a0) * inverseA
    let b2 = (-halfSize.y - b0) * inverseB
    let b3 = (halfSize.y - b0) * inverseB
    let lowerA = a2 < a3 ? a2 : a3
    let upperA = a2 < a3 ? a3 : a2
    let lowerB = b2 < b3 ? b2 : b3
    let upperB = b2 < b3 ? b3 : b2
    // Downstream: -(along0 + ζ along1)/nd ≥ 0. The vertex reaches the plane at ζ = -along0/along1 and must lie before it,
    // or beyond it where the plane is so steep that parent and track cross it in opposite senses.
    let meeting = -along0 / along1
    let isBefore = along1 * inverse > 0
    let lower = lowerA > lowerB ? lowerA : lowerB
    let upper = upperA < upperB ? upperA : upperB
    let first = isBefore ? lower : meeting
    let last = isBefore ? meeting : upper
    return (lower > first ? lower : first, upper < last ? upper : last)
  }
}

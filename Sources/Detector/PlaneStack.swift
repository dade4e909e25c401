/// Planes that lie one behind the other on the beam axis, across it and of one size: of these only the first and the last bind a
/// straight track.
public struct PlaneStack: Sendable, Hashable {
  /// The position of the first plane in mm.
  public let first: Double
  /// The position of the last plane in mm.
  public let last: Double
  /// Half the planes' width and height in mm.
  public let halfSize: SIMD2<Double>

  /// The stack that planes form, or `nil` if they do not: tilted, rotated, off the axis, upstream, or of different sizes.
  public init?(_ planes: [Plane]) {
    let positions = planes.map(\.centre.z)
    guard let size = planes.first?.size, let first = positions.min(), let last = positions.max(),
      first > 0,
      planes.allSatisfy({
        $0.size == size && $0.tilt == 0 && $0.rotation == 0 && $0.centre.x == 0 && $0.centre.y == 0
      })
    else { return nil }
    self.first = first
    self.last = last
    halfSize = size / 2
  }
}

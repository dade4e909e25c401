import Units

/// A rectangular tracking plane, anywhere, of any orientation.
///
/// The plane lies across the beam at first, its measuring axes along x and y; it is then tilted by
/// ``tilt`` about its own y axis and rotated by ``rotation`` about the beam.
public struct Plane: Sendable, Hashable, Codable {
  /// The centre in mm, from the centre of the station's target.
  public var centre: SIMD3<Double>
  /// Full width and height in mm along the plane's own axes.
  public var size: SIMD2<Double>
  /// Rotation about the beam in rad.
  public var rotation: Double
  /// Tilt about the plane's own y axis in rad.
  public var tilt: Double

  /// A plane from its centre and full size in mm, rotation about the beam and tilt in rad.
  public init(
    centre: SIMD3<Double>, size: SIMD2<Double>, rotation: Double = 0, tilt: Double = 0
  ) {
    self.centre = centre
    self.size = size
    self.rotation = rotation
    self.tilt = tilt
  }
}

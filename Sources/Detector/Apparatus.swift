import Units

/// What exists: targets, tracking stations, calorimeter and muon filter of a fixed-target experiment.
///
/// The origin is the centre of a station's own target, z along the beam, lengths in mm. All stations
/// are alike and follow one another at ``stationPitch``; what a selection requires of them is not said
/// here. An apparatus is a readable file, so that a user writes another one without touching Swift.
public struct Apparatus: Sendable, Hashable, Codable {
  /// A short name, such as `muone-paper`.
  public var name: String
  /// Where the numbers come from.
  public var source: String
  /// The thickness of one target along the beam in mm.
  public var targetThickness: Double
  /// The number of stations, each behind a target of its own.
  public var stationCount: Int
  /// The distance of one station's target from the next in mm.
  public var stationPitch: Double
  /// The tracking planes of one station, ordered along the beam.
  public var planes: [Plane]
  /// The electromagnetic calorimeter behind the last station, if there is one.
  public var calorimeter: Calorimeter?
  /// The muon filter behind the calorimeter, if there is one.
  public var muonFilter: MuonFilter?

  /// An apparatus from its parts, lengths in mm.
  public init(
    name: String, source: String, targetThickness: Double, stationCount: Int,
    stationPitch: Double, planes: [Plane], calorimeter: Calorimeter?, muonFilter: MuonFilter?
  ) {
    self.name = name
    self.source = source
    self.targetThickness = targetThickness
    self.stationCount = stationCount
    self.stationPitch = stationPitch
    self.planes = planes
    self.calorimeter = calorimeter
    self.muonFilter = muonFilter
  }
}

/// An electromagnetic calorimeter: a rectangle across the beam.
public struct Calorimeter: Sendable, Hashable, Codable {
  /// The distance of its face from the last station's target in mm.
  public var z: Double
  /// Full width and height in mm.
  public var size: SIMD2<Double>

  /// A calorimeter from its face's distance and its full size in mm.
  public init(z: Double, size: SIMD2<Double>) {
    self.z = z
    self.size = size
  }
}

/// A muon filter: an absorber behind the calorimeter that muons alone pass.
public struct MuonFilter: Sendable, Hashable, Codable {
  /// The distance of its face from the last station's target in mm.
  public var z: Double
  /// Full width and height in mm.
  public var size: SIMD2<Double>

  /// A filter from its face's distance and its full size in mm.
  public init(z: Double, size: SIMD2<Double>) {
    self.z = z
    self.size = size
  }
}

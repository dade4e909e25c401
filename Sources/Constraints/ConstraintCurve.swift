/// A published exclusion or projection: one curve, with where it comes from and what it was made under.
///
/// The region that it excludes or probes is a polygon in (log m₁, log ordinate), straight between the
/// points; its edge belongs to it.
public struct ConstraintCurve: Sendable, Hashable {
  /// What it is called: lower-case letters, digits and hyphens.
  public let name: String
  /// The experiment or search, in words.
  public let experiment: String
  /// Whether it excludes or projects.
  public let kind: ConstraintKind
  /// Whether it was digitised or computed.
  public let origin: ConstraintOrigin
  /// What is observed.
  public let observable: String
  /// The publication and figure, as far as they are known.
  public let source: String
  /// How the numbers came here.
  public let obtained: String
  /// Under which licence.
  public let licence: String
  /// The confidence level, such as 0.9; `nil` where the source of the numbers does not tell.
  public let confidenceLevel: Double?
  /// What it was made under.
  public let assumptions: CurveAssumptions
  /// What the points give beside m₁.
  public let ordinate: CurveOrdinate
  /// Which side of the points is excluded or probed.
  public let region: CurveRegion
  /// What a reader has to know, one sentence each.
  public let caveats: [String]
  /// The points, in their order.
  public let points: [CurvePoint]
  /// The least and the greatest m₁ of its points, in GeV.
  public let massRange: ClosedRange<Double>
  /// The region's edge in logarithms.
  let outline: CurveOutline

  /// A curve from its parts.
  ///
  /// - Throws: ``ConstraintError/malformed(faults:)`` with all faults together.
  public init(
    name: String, experiment: String, kind: ConstraintKind, origin: ConstraintOrigin,
    observable: String, source: String, obtained: String, licence: String,
    confidenceLevel: Double?, assumptions: CurveAssumptions, ordinate: CurveOrdinate,
    region: CurveRegion, caveats: [String] = [], points: [CurvePoint]
  ) throws(ConstraintError) {
    var check = CurveCheck()
    check.name(name, line: nil)
    for (key, text) in [
      ("experiment", experiment), ("observable", observable), ("source", source),
      ("obtained", obtained), ("licence", licence),
    ] + caveats.map({ ("caveat", $0) }) {
      check.text(text, of: key, line: nil)
    }
    if let confidenceLevel { check.confidenceLevel(confidenceLevel, line: nil) }
    check.assumptions(assumptions)
    check.points(points, ordinate: ordinate, region: region)
    try check.throwIfAny()
    self.name = name
    self.experiment = experiment
    self.kind = kind
    self.origin = origin
    self.observable = observable
    self.source = source
    self.obtained = obtained
    self.licence = licence
    self.confidenceLevel = confidenceLevel
    self.assumptions = assumptions
    self.ordinate = ordinate
    self.region = region
    self.caveats = caveats
    self.points = points
    let masses = points.map(\.m1)
    massRange = (masses.min() ?? 0)...(masses.max() ?? 0)
    outline = CurveOutline(points: points, region: region)
  }
}

extension ConstraintCurve {
  /// The keys that the header of a curve's file must have.
  public static var requiredKeys: [String] { CurveKeys.required }
}

/// Whether a limit rests on data or is a forecast.
public enum ConstraintKind: String, Sendable, Hashable, CaseIterable {
  /// Data exclude it.
  case exclusion
  /// Data to come would probe it: it never excludes anything.
  case projection
}

/// Where a limit's numbers come from.
public enum ConstraintOrigin: String, Sendable, Hashable, CaseIterable {
  /// Read off a figure.
  case digitised
  /// Computed.
  case computed
}

/// What a curve's points give beside m₁.
public enum CurveOrdinate: String, Sendable, Hashable, CaseIterable {
  /// The kinetic mixing ε.
  case epsilon
  /// `y = ε² α_D (m₁/m_A′)⁴`.
  case y
}

/// Which side of its points a curve excludes or probes.
public enum CurveRegion: Sendable, Hashable {
  /// Inside the closed outline; the last point is joined to the first. `top` is the ordinate of the source
  /// figure's frame, if the outline runs along it: an edge there is drawn, not derived.
  case inside(top: Double?)
  /// Above an open curve of ascending masses, up to `top`.
  case above(top: Double)

  /// The ordinate up to which something is said, where it is stated.
  public var top: Double? {
    switch self {
    case .inside(let top): top
    case .above(let top): top
    }
  }
}

/// A point of a curve.
public struct CurvePoint: Sendable, Hashable {
  /// The mass of χ₁ in GeV.
  public let m1: Double
  /// ε or y.
  public let ordinate: Double

  /// A point from its parts.
  public init(m1: Double, ordinate: Double) {
    self.m1 = m1
    self.ordinate = ordinate
  }
}

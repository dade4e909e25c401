import Calculus
import Constraints
import Formats
import Integration
import Reach
import Recasts

/// Computed limits over the digitised curves of the same searches, where these were made: Δ/m₁ = 0.1, α_D = 0.1, m_A′ = 3 m₁.
public struct LimitRatioData: Sendable, Hashable {
  /// One computed limit beside its digitised curve.
  public struct Line: Sendable, Hashable {
    /// The computed limit's name.
    public var name: String
    /// How it was computed.
    public var variant: String
    /// The digitised curve's name.
    public var digitised: String
    /// The masses at which the digitised curve has a lower edge, rising.
    public var points: [Point]
  }

  /// The lower edges of both at one mass.
  public struct Point: Sendable, Hashable {
    /// m₁ in GeV.
    public var m1: Double
    /// ε computed; `nil` where the computed limit says nothing.
    public var computed: Double?
    /// ε digitised.
    public var digitised: Double
    /// Whether the digitised curve has a point here, and is not drawn straight between two.
    public var isDigitised: Bool

    /// Computed over digitised.
    public var ratio: Double? { computed.map { $0 / digitised } }
  }

  /// How ratios lie about 1.
  public struct Agreement: Sendable, Hashable {
    /// How many.
    public var count: Int
    /// exp of the mean of ln ratio.
    public var mean: Double
    /// The root mean square of ln ratio about its mean.
    public var spread: Double
    /// The ratio furthest from 1, in ln.
    public var worst: Double
    /// The least and the largest ratio.
    public var range: ClosedRange<Double>
  }

  /// The lines in the order of ``pairs``.
  public var lines: [Line]

  static let splittingOverM1 = 0.1
  static let alphaD = 0.1
  static let mediatorMassOverM1 = 3.0

  private typealias Name = ComputedCurve.Name
  private typealias Variant = ComputedCurve.VariantName

  /// What is compared: computed limit, variants, digitised curve.
  private static let pairs = [
    (
      Name.lep, [Variant.published, Variant.treeLevelOneSided, Variant.treeLevelTwoSided], "lep"
    ),
    (Name.baBar, [Variant.veto, Variant.noVeto], "babar"),
    (Name.belle2, [Variant.veto, Variant.noVeto], "belle2"),
    (
      Name.baBarDisplaced, [Variant.vertexFrom10mm, Variant.vertexFrom236mm], "babar-displaced"
    ),
    (Name.e137, [Variant.asDescribed, Variant.events(10)], "e137"),
    (Name.bdx, [Variant.asDescribed], "bdx"),
    (Name.ldmx, [Variant.asDescribed], "ldmx"),
  ]

  /// The number of lines.
  public static let lineCount = pairs.reduce(0) { $0 + $1.1.count }

  /// Computes the ratios at every digitised mass and at sixteen a decade between.
  ///
  /// - Parameter progress: called with 1 after each line.
  public static func compute(
    confidenceLevel: Double, seed: UInt64, threads: Int,
    progress: @Sendable (Int) -> Void = { _ in }
  ) async throws -> LimitRatioData {
    let computed = ComputedCurve.all(confidenceLevel: confidenceLevel, seed: seed)
    var lines: [Line] = []
    for (name, variants, digitisedName) in pairs {
      let curve = ComputedCurve.named(name, among: computed)
      let digitised = try ConstraintCatalogue.builtIn.curve(named: digitisedName)
      let masses = masses(of: digitised)
      for variant in variants.map({ curve.variant(named: $0) }) {
        let points = try await concurrentMap(count: masses.count, threads: threads) { index in
          point(at: masses[index], curve, variant, digitised)
        }
        lines.append(
          Line(
            name: name, variant: variant.name, digitised: digitisedName,
            points: points.compactMap(\.self)))
        progress(1)
      }
    }
    return LimitRatioData(lines: lines)
  }

  private static func point(
    at m1: Double, _ curve: ComputedCurve, _ variant: ComputedCurve.Variant,
    _ digitised: ConstraintCurve
  ) -> Point? {
    let place = ConstraintPoint(
      m1: m1, splittingOverM1: splittingOverM1, alphaD: alphaD,
      mediatorMassOverM1: mediatorMassOverM1, epsilon: 1e-3)
    guard let theirs = digitised.reading(at: place).lowestEdge,
      // An outline that begins with its frame has no edge of its own there.
      theirs < 0.9 * (digitised.region.top ?? .infinity)
    else { return nil }
    return Point(
      m1: m1, computed: curve.reading(at: place, variant: variant).lowestEdge, digitised: theirs,
      isDigitised: digitised.points.contains { $0.m1 == m1 })
  }

  private static func masses(of curve: ConstraintCurve) -> [Double] {
    let range = curve.massRange
    let grid = (-32...32).map {
      NumberText.rounded(Elementary.powerOfTen(Double($0) / 16), digits: 4)
    }
    return Set(grid.filter { range.contains($0) } + curve.points.map(\.m1)).sorted()
  }

  /// A line.
  func line(_ name: String, _ variant: String) -> Line? {
    lines.first { $0.name == name && $0.variant == variant }
  }
}

extension LimitRatioData.Line {
  /// How the ratios lie about 1 at the digitised masses below one, or at those sixteen a decade between them; `nil` without any.
  public func agreement(below m1: Double, atDigitised isDigitised: Bool = true)
    -> LimitRatioData.Agreement?
  {
    let ratios = points.filter { $0.isDigitised == isDigitised && $0.m1 < m1 }
      .compactMap(\.ratio)
    guard let least = ratios.min(), let most = ratios.max() else { return nil }
    let logs = ratios.map(Elementary.log)
    let mean = logs.compensatedSum() / Double(logs.count)
    let square = logs.map { ($0 - mean) * ($0 - mean) }.compensatedSum() / Double(logs.count)
    return LimitRatioData.Agreement(
      count: ratios.count, mean: Elementary.exp(mean), spread: square.squareRoot(),
      worst: 1 / least > most ? least : most, range: least...most)
  }
}

extension ConstraintReading {
  /// The least ε that is excluded or probed.
  var lowestEdge: Double? { epsilons.first?.lowerBound }
}

import Constraints
import Integration
import Reach
import Recasts

/// What is left of BaBar's limit for an A′ that is never seen as Δ/m₁ grows, at α_D = 0.1 and m_A′ = 3 m₁.
public struct SplittingLossData: Sendable, Hashable {
  /// One mass at one splitting.
  public struct Point: Sendable, Hashable {
    /// m₁ in GeV.
    public var m1: Double
    /// ε of the limit without χ₂ decays.
    public var invisible: Double
    /// The excluded ε for each of ``vetoes``.
    public var excluded: [[ClosedRange<Double>]]

    /// The lowest excluded ε over the limit without χ₂ decays, for each veto; `nil` where nothing is excluded.
    public var ratios: [Double?] {
      excluded.map { intervals in intervals.first.map { $0.lowerBound / invisible } }
    }
  }

  /// The masses at one splitting.
  public struct Line: Sendable, Hashable {
    /// Δ/m₁.
    public var splittingOverM1: Double
    /// Its points, masses rising.
    public var points: [Point]
  }

  /// The lines by rising splitting.
  public var lines: [Line]

  /// Δ/m₁ of the lines.
  public static let splittings = [0.1, 0.2, 0.4, 0.6, 0.8]
  /// Variants of the limit by the energy above which a charged product is noticed: the default, then the ends of the band.
  static let vetoes = [
    ComputedCurve.VariantName.veto, ComputedCurve.VariantName.keenestVeto,
    ComputedCurve.VariantName.laxestVeto,
  ]

  /// Computes every line.
  ///
  /// - Parameters:
  ///   - splittings: Δ/m₁ of the lines.
  ///   - masses: m₁ in GeV.
  ///   - progress: called with 1 after each splitting.
  public static func compute(
    splittings: [Double] = splittings, masses: [Double], seed: UInt64, threads: Int,
    progress: @Sendable (Int) -> Void = { _ in }
  ) async throws -> SplittingLossData {
    let curve = ComputedCurve.baBar(seed: seed)
    let unseen = curve.variant(named: ComputedCurve.VariantName.noVeto)
    let variants = vetoes.map { curve.variant(named: $0) }
    var lines: [Line] = []
    for splitting in splittings {
      let points = try await concurrentMap(count: masses.count, threads: threads) {
        index -> Point? in
        let place = ConstraintPoint(
          m1: masses[index], splittingOverM1: splitting, alphaD: LimitRatioData.alphaD,
          mediatorMassOverM1: LimitRatioData.mediatorMassOverM1, epsilon: 1e-3)
        guard let invisible = curve.reading(at: place, variant: unseen).lowestEdge else {
          return nil
        }
        return Point(
          m1: masses[index], invisible: invisible,
          excluded: variants.map { curve.reading(at: place, variant: $0).epsilons })
      }
      lines.append(Line(splittingOverM1: splitting, points: points.compactMap(\.self)))
      progress(1)
    }
    return SplittingLossData(lines: lines)
  }

  /// The m₁ from which on, up to the last, a veto weakens the limit by more than a factor; `nil` where it never does.
  ///
  /// - Parameter veto: the number of the veto in ``vetoes``.
  package func lossMass(_ line: Line, factor: Double, veto: Int = 0) -> Double? {
    var first: Double?
    for point in line.points {
      let isLost = point.ratios[veto].map { $0 > factor } ?? true
      first = isLost ? first ?? point.m1 : nil
    }
    return first
  }
}

import Calculus
import Reach
import Statistics

/// The contours of a plan's scan, with masses added where contours close.
///
/// Source: arXiv:2409.00170, Fig. 6. Its text does not state the splittings.
public struct ReachData: Sendable {
  /// The contour of one (Δ/m₁, α_D, luminosity).
  public struct Contour: Sendable {
    /// Δ/m₁.
    public var splittingOverM1: Double
    /// α_D.
    public var alphaD: Double
    /// The luminosity and its origin.
    public var luminosity: LuminosityLedger
    /// One point a mass, by rising mass.
    public var points: [ReachPoint]
  }

  /// One contour per Δ/m₁, α_D and luminosity, in this order of nesting.
  public var contours: [Contour]
  /// The number of events that a signal must exceed.
  public var eventsNeeded: Double

  /// Computes the scan, then once more near the tips of its contours.
  ///
  /// - Parameter progress: called after each mass of the card, and after each splitting's tips.
  public static func compute(
    _ plan: Plan, threads: Int, progress: @escaping @Sendable (Int) -> Void
  ) async throws -> ReachData {
    let needed = CountingLimit(confidenceLevel: plan.statistics.confidenceLevel)
      .medianUpperLimit(background: plan.statistics.backgroundEvents)
    var plan = plan
    plan.scan.m1.sort()
    let coarse = try await plan.reachCurves(threads: threads, progress: progress)
    var contours: [Contour] = []
    for splitting in plan.scan.splittingOverM1 {
      let own = coarse.filter { $0.splittingOverM1 == splitting }.map(Contour.init)
      var refined = plan
      refined.scan.splittingOverM1 = [splitting]
      refined.scan.m1 = massesNearTips(own, needed: needed)
      let more =
        refined.scan.m1.isEmpty ? [] : try await refined.reachCurves(threads: threads)
      contours += own.enumerated().map { index, contour in
        more.isEmpty ? contour : contour.merged(with: more[index])
      }
      progress(1)
    }
    return ReachData(contours: contours, eventsNeeded: needed)
  }

  /// Masses between the last one inside a contour and its estimated tip: few, and denser towards the tip, where the
  /// contour turns round.
  private static func massesNearTips(_ contours: [Contour], needed: Double) -> [Double] {
    let known = Set(contours.flatMap { $0.points.map(\.m1) })
    var masses: Set<Double> = []
    for contour in contours {
      let samples = contour.samples
      for (left, right) in zip(samples, samples.dropFirst()) where left.isInside != right.isInside {
        let (inside, outside) = left.isInside ? (left, right) : (right, left)
        guard let tip = ContourOutline.tip(inside: inside, outside: outside, needed) else {
          continue
        }
        let (from, to) = (Elementary.log(inside.m1), Elementary.log(tip.m1))
        for share in [0.5, 0.8, 0.95, 1.1] {
          let mass = NumberText.rounded(Elementary.exp(from + share * (to - from)), digits: 5)
          let isBetween = mass > min(left.m1, right.m1) && mass < max(left.m1, right.m1)
          if isBetween, !known.contains(mass) { masses.insert(mass) }
        }
      }
    }
    return masses.sorted()
  }
}

extension ReachData.Contour {
  init(_ curve: ReachCurve) {
    self.init(
      splittingOverM1: curve.splittingOverM1, alphaD: curve.alphaD, luminosity: curve.luminosity,
      points: curve.points)
  }

  /// The contour with the points of a curve, by rising mass.
  func merged(with curve: ReachCurve) -> ReachData.Contour {
    var contour = self
    contour.points = (points + curve.points).sorted { $0.m1 < $1.m1 }
    return contour
  }

  /// What an outline is drawn from.
  var samples: [ContourOutline.Sample] {
    points.map {
      ContourOutline.Sample(
        m1: $0.m1, lower: $0.yLower?.value, upper: $0.yUpper?.value,
        maximumEvents: $0.maximumEvents?.value, yAtMaximum: $0.yAtMaximum)
    }
  }

  /// The point with the most events, if any point has some.
  var best: ReachPoint? {
    points.filter { $0.maximumEvents != nil }
      .max { ($0.maximumEvents?.value ?? 0) < ($1.maximumEvents?.value ?? 0) }
  }

  /// The masses inside the contour, in GeV.
  var massRange: ClosedRange<Double>? {
    let inside = points.filter { $0.yLower != nil }.map(\.m1)
    guard let first = inside.min(), let last = inside.max() else { return nil }
    return first...last
  }
}

import Calculus
import Reach

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
    /// The mass of the A′.
    public var mediatorMass: MediatorMass
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
    let needed = plan.statistics.eventsNeeded
    var plan = plan
    plan.scan.m1.sort()
    let coarse = try await plan.reachCurves(threads: threads, progress: progress)
    var contours: [Contour] = []
    for splitting in plan.scan.splittingOverM1 {
      let own = coarse.filter { $0.splittingOverM1 == splitting }
        .map { Contour($0, mediatorMass: plan.model.mediatorMass) }
      var refined = plan
      refined.scan.splittingOverM1 = [splitting]
      let added = own.map { massesNearTips($0, needed: needed) }
      refined.scan.m1 = Set(added.joined()).sorted()
      let more =
        refined.scan.m1.isEmpty ? [] : try await refined.reachCurves(threads: threads)
      contours += own.enumerated().map { index, contour in
        // Each contour takes its own masses only: near the tip of another they would add nothing.
        more.isEmpty ? contour : contour.merged(with: more[index], at: Set(added[index]))
      }
      progress(1)
    }
    return ReachData(contours: contours, eventsNeeded: needed)
  }

  /// Masses between the last but one inside a contour and its estimated tip, denser towards the tip, where the contour
  /// turns round like a parabola.
  ///
  /// Where no event at all is accepted outside, the edge is a threshold that few events of the sample reach: more masses
  /// would show their noise.
  private static func massesNearTips(_ contour: Contour, needed: Double) -> [Double] {
    let samples = contour.samples
    let known = Set(samples.map(\.m1))
    var masses: Set<Double> = []
    for i in samples.indices.dropLast() where samples[i].isInside != samples[i + 1].isInside {
      let (inside, outside) = samples[i].isInside ? (i, i + 1) : (i + 1, i)
      guard (samples[outside].maximumEvents ?? 0) > 0,
        let tip = ContourOutline.tip(inside: samples[inside], outside: samples[outside], needed)
      else { continue }
      let first = min(max(2 * inside - outside, samples.startIndex), samples.endIndex - 1)
      let (from, to) = (Elementary.log(samples[first].m1), Elementary.log(tip.m1))
      for share in [0.1, 0.25, 0.45, 0.7] {
        let mass = NumberText.rounded(
          Elementary.exp(to + share * share * (from - to)), digits: 5)
        if !known.contains(mass) { masses.insert(mass) }
      }
    }
    return masses.sorted()
  }
}

extension ReachData.Contour {
  init(_ curve: ReachCurve, mediatorMass: MediatorMass) {
    self.init(
      splittingOverM1: curve.splittingOverM1, alphaD: curve.alphaD, luminosity: curve.luminosity,
      mediatorMass: mediatorMass, points: curve.points)
  }

  /// y at ε = 1, up to which crossings are searched.
  func highestY(atM1 m1: Double) -> Double {
    let ratio = m1 / mediatorMass.mass(atM1: m1)
    return alphaD * (ratio * ratio) * (ratio * ratio)
  }

  /// The contour with those points of a curve that have the given masses, by rising mass.
  func merged(with curve: ReachCurve, at masses: Set<Double>) -> ReachData.Contour {
    var contour = self
    let added = curve.points.filter { masses.contains($0.m1) }
    contour.points = (points + added).sorted { $0.m1 < $1.m1 }
    return contour
  }

  /// What an outline is drawn from. A contour that is not closed at ε = 1 ends there.
  var samples: [ContourOutline.Sample] {
    points.map {
      ContourOutline.Sample(
        m1: $0.m1, lower: $0.yLower?.value,
        upper: $0.yLower == nil ? nil : $0.yUpper?.value ?? highestY(atM1: $0.m1),
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

import Calculus
import ParticleData
import Reach
import Relic

/// The thermal lines of a plan's scan, y for the observed abundance, with masses added where they bend.
///
/// Source: arXiv:2409.00170, Fig. 6 and Eq. (3), which is inverted there: Ω falls with y.
public struct ThermalLineData: Sendable {
  /// One line per Δ/m₁ and α_D, by rising mass.
  public var lines: [ThermalLine]

  package init(lines: [ThermalLine]) { self.lines = lines }

  /// How far ln y at a mass may lie from the straight line between its neighbours.
  private static let largestBend = 0.05
  /// The closest that masses are halved to, in ln m₁. Steps at thresholds are narrower and have masses of their own.
  private static let leastStep = 0.012
  /// How often the intervals at bends are halved.
  private static let rounds = 2

  /// Computes the lines at the scan's masses, on both sides of those at which m₁ + m₂ passes a narrow resonance or a lepton pair,
  /// and then twice between those at which a line bends.
  ///
  /// - Parameter progress: called after each mass of the card.
  public static func compute(
    _ plan: Plan, threads: Int, progress: @escaping @Sendable (Int) -> Void
  ) async throws -> ThermalLineData {
    var plan = plan
    plan.scan.m1.sort()
    let coarse = try await plan.thermalLines(threads: threads, progress: progress)
    var lines: [ThermalLine] = []
    for splitting in plan.scan.splittingOverM1 {
      var own = coarse.filter { $0.splittingOverM1 == splitting }
      var steps = plan
      steps.scan.splittingOverM1 = [splitting]
      steps.scan.m1 = massesAtSteps(splitting, within: plan.scan.m1)
      if !steps.scan.m1.isEmpty {
        let more = try await steps.thermalLines(threads: threads)
        own = zip(own, more).map { $0.merged(with: $1) }
      }
      var refined = plan
      refined.scan.splittingOverM1 = [splitting]
      for _ in 0..<rounds {
        refined.scan.m1 = Set(own.flatMap { massesAtBends($0.points) }).sorted()
        if refined.scan.m1.isEmpty { break }
        let more = try await refined.thermalLines(threads: threads)
        own = zip(own, more).map { $0.merged(with: $1) }
      }
      lines += own
    }
    return ThermalLineData(lines: lines)
  }

  /// Masses a thousandth below and above those at which a final state or narrow resonance lies at threshold, √s = m₁ + m₂.
  private static func massesAtSteps(_ splittingOverM1: Double, within scan: [Double]) -> [Double] {
    guard let first = scan.first, let last = scan.last else { return [] }
    let energies = NarrowResonance.all.map(\.mass) + LeptonFlavour.allCases.map { 2 * $0.mass }
    return energies.map { $0 / (2 + splittingOverM1) }
      .flatMap { [0.999 * $0, 1.001 * $0] }
      .filter { first < $0 && $0 < last }
      .map { NumberText.rounded($0, digits: 5) }
      .sorted()
  }

  /// The middles of the intervals on either side of each mass at which the line bends.
  private static func massesAtBends(_ points: [ThermalPoint]) -> [Double] {
    let known = points.compactMap { point in
      point.density.map { (Elementary.log(point.m1), Elementary.log($0.y)) }
    }
    guard known.count > 2 else { return [] }
    var masses: [Double] = []
    for i in 1..<(known.count - 1) {
      let (left, middle, right) = (known[i - 1], known[i], known[i + 1])
      let share = (middle.0 - left.0) / (right.0 - left.0)
      let straight = left.1 + share * (right.1 - left.1)
      guard abs(middle.1 - straight) > largestBend else { continue }
      for (from, to) in [(left.0, middle.0), (middle.0, right.0)] where to - from > 2 * leastStep {
        masses.append(NumberText.rounded(Elementary.exp((from + to) / 2), digits: 5))
      }
    }
    return masses
  }

  /// The points as computed.
  var table: DataTable {
    var table = DataTable(
      title: "Thermal relic: y for the observed abundance against m₁",
      columns: [
        "splitting_over_m1", "alpha_D", "m1_GeV", "y", "epsilon", "abundance", "freeze_out_x",
        "reason",
      ])
    for line in lines {
      for point in line.points {
        let density = point.density
        let numbers = [density?.y, density?.epsilon, density?.abundance, density?.freezeOutX]
        table.rows.append(
          [line.splittingOverM1, line.alphaD, point.m1].map(NumberText.data)
            + numbers.map { $0.map { NumberText.data(NumberText.rounded($0, digits: 8)) } ?? "" }
            + [point.reason ?? ""])
      }
    }
    return table
  }

  /// What ``ReachFigure`` draws: a line for each run of masses that have one.
  func overlays(alphaDs: [Double]) -> [ReachFigure.Overlay] {
    lines.flatMap { line -> [ReachFigure.Overlay] in
      let runs = line.points.split { $0.density == nil }
      return runs.map { run in
        ReachFigure.Overlay(
          label: "thermal relic, α_D = \(line.alphaD)", splittingOverM1: line.splittingOverM1,
          vertices: run.compactMap { point in
            point.density.map {
              ContourOutline.Vertex(m1: point.m1, y: NumberText.rounded($0.y, digits: 8))
            }
          }, style: (alphaDs.firstIndex(of: line.alphaD) ?? 0) == 0 ? .solid : .dashDotted)
      }
    }
  }
}

extension ThermalLine {
  /// The line with the points of another, by rising mass.
  func merged(with other: ThermalLine) -> ThermalLine {
    let own = Set(points.map(\.m1))
    return ThermalLine(
      splittingOverM1: splittingOverM1, alphaD: alphaD,
      points: (points + other.points.filter { !own.contains($0.m1) }).sorted { $0.m1 < $1.m1 })
  }

  /// ln y at ln m₁, straight between the points in the logarithms, or `nil` outside and in gaps.
  func logY(atLogM1 logM1: Double) -> Double? {
    guard let upper = points.firstIndex(where: { Elementary.log($0.m1) >= logM1 }) else {
      return nil
    }
    guard let above = points[upper].density else { return nil }
    let x1 = Elementary.log(points[upper].m1)
    if x1 == logM1 { return Elementary.log(above.y) }
    guard upper > 0, let below = points[upper - 1].density else { return nil }
    let x0 = Elementary.log(points[upper - 1].m1)
    let (y0, y1) = (Elementary.log(below.y), Elementary.log(above.y))
    return y0 + (logM1 - x0) / (x1 - x0) * (y1 - y0)
  }
}

import Calculus
import Reach

/// Where the thermal line lies inside the reach: the masses between its crossings of a contour.
///
/// Contour and line are straight in ln m₁ and ln y between the masses at which they are known, so that each crossing is exact.
public struct ThermalReach: Sendable {
  /// The masses of one (Δ/m₁, α_D, luminosity).
  public struct Entry: Sendable, Hashable {
    /// Δ/m₁.
    public var splittingOverM1: Double
    /// α_D.
    public var alphaD: Double
    /// In pb⁻¹.
    public var luminosity: Double
    /// The intervals of m₁ in GeV by rising mass; none where the line stays outside.
    public var intervals: [Interval]

    package init(
      splittingOverM1: Double, alphaD: Double, luminosity: Double, intervals: [Interval]
    ) {
      self.splittingOverM1 = splittingOverM1
      self.alphaD = alphaD
      self.luminosity = luminosity
      self.intervals = intervals
    }
  }

  /// Masses at which the line lies inside.
  public struct Interval: Sendable, Hashable {
    /// The ends in GeV.
    public var masses: ClosedRange<Double>
    /// Whether the scan's masses begin inside, so that the true lower end is lower.
    public var isOpenBelow: Bool
    /// Whether they end inside.
    public var isOpenAbove: Bool

    package init(
      masses: ClosedRange<Double>, isOpenBelow: Bool = false, isOpenAbove: Bool = false
    ) {
      self.masses = masses
      self.isOpenBelow = isOpenBelow
      self.isOpenAbove = isOpenAbove
    }
  }

  /// One entry a contour, in the contours' order.
  public var entries: [Entry]

  package init(entries: [Entry]) { self.entries = entries }

  /// The intervals of all contours.
  public init(_ reach: ReachData, lines: ThermalLineData) {
    entries = reach.contours.map { contour in
      let line = lines.lines.first {
        $0.splittingOverM1 == contour.splittingOverM1 && $0.alphaD == contour.alphaD
      }
      let bands = Band.bands(contour.samples, needed: reach.eventsNeeded)
      return Entry(
        splittingOverM1: contour.splittingOverM1, alphaD: contour.alphaD,
        luminosity: contour.luminosity.perPicobarn,
        intervals: line.map { line in bands.flatMap { $0.intervals(of: line) } } ?? [])
    }
  }

  /// The intervals as numbers, a row each; empty cells where there is none.
  public var table: DataTable {
    var table = DataTable(
      title: "Masses at which the thermal line lies inside the reach",
      columns: [
        "splitting_over_m1", "alpha_D", "luminosity_per_pb", "m1_lower_GeV", "m1_upper_GeV",
        "lower_is_end_of_scan", "upper_is_end_of_scan",
      ])
    for entry in entries {
      let key = [entry.splittingOverM1, entry.alphaD, entry.luminosity].map(NumberText.data)
      if entry.intervals.isEmpty { table.rows.append(key + ["", "", "", ""]) }
      for interval in entry.intervals {
        table.rows.append(
          key
            + [interval.masses.lowerBound, interval.masses.upperBound].map {
              NumberText.data(NumberText.rounded($0, digits: 5))
            } + ["\(interval.isOpenBelow)", "\(interval.isOpenAbove)"])
      }
    }
    return table
  }

  /// The intervals in words: a row for each Δ/m₁, a column for each α_D and luminosity.
  public var pageTable: DataTable {
    let alphaDs = entries.map(\.alphaD).distinct()
    let luminosities = entries.map(\.luminosity).distinct()
    let columns = alphaDs.flatMap { alphaD in luminosities.map { (alphaD, $0) } }
    return DataTable(
      title: "m₁ in GeV at which the thermal line lies inside the reach",
      columns: ["Δ/m₁"]
        + columns.map { "α_D = \($0.0), \(NumberText.plain($0.1)) pb⁻¹" },
      rows: entries.map(\.splittingOverM1).distinct().map { splitting in
        ["\(splitting)"]
          + columns.map { column in
            let entry = entries.first {
              $0.splittingOverM1 == splitting && $0.alphaD == column.0 && $0.luminosity == column.1
            }
            let texts = (entry?.intervals ?? []).map(\.text)
            return texts.isEmpty ? "none" : texts.joined(separator: ", ")
          }
      })
  }
}

extension ThermalReach.Interval {
  var text: String {
    let (lower, upper) = (masses.lowerBound, masses.upperBound)
    return (isOpenBelow ? "≤ " : "") + NumberText.short(lower, digits: 2) + "–"
      + (isOpenAbove ? "≥ " : "") + NumberText.short(upper, digits: 2)
  }
}

/// A part of a contour: its bounds against ln m₁, meeting at tips.
private struct Band {
  /// ln m₁.
  var x: [Double] = []
  /// ln of the lower bound.
  var lower: [Double] = []
  /// ln of the upper bound.
  var upper: [Double] = []
  var hasLeftTip = false
  var hasRightTip = false

  private mutating func append(m1: Double, lower: Double, upper: Double) {
    x.append(Elementary.log(m1))
    self.lower.append(Elementary.log(lower))
    self.upper.append(Elementary.log(upper))
  }

  /// The parts of a contour, between the masses outside.
  static func bands(_ samples: [ContourOutline.Sample], needed: Double) -> [Band] {
    var bands: [Band] = []
    var band = Band()
    for (index, sample) in samples.enumerated() {
      guard let lower = sample.lower, let upper = sample.upper else {
        if !band.x.isEmpty {
          if let tip = ContourOutline.tip(inside: samples[index - 1], outside: sample, needed) {
            band.append(m1: tip.m1, lower: tip.y, upper: tip.y)
            band.hasRightTip = true
          }
          bands.append(band)
        }
        band = Band()
        continue
      }
      if band.x.isEmpty, index > 0,
        let tip = ContourOutline.tip(inside: sample, outside: samples[index - 1], needed)
      {
        band.append(m1: tip.m1, lower: tip.y, upper: tip.y)
        band.hasLeftTip = true
      }
      band.append(m1: sample.m1, lower: lower, upper: upper)
    }
    return band.x.isEmpty ? bands : bands + [band]
  }

  /// The distances of ln y from the bounds, both positive inside, at a knot between two of this band.
  private func room(_ line: ThermalLine, at u: Double) -> (above: Double, below: Double)? {
    guard let y = line.logY(atLogM1: u), let i = x.firstIndex(where: { $0 >= u }) else {
      return nil
    }
    let share = i == 0 ? 0 : (u - x[i - 1]) / (x[i] - x[i - 1])
    let j = max(i - 1, 0)
    let low = i == 0 ? lower[0] : lower[j] + share * (lower[i] - lower[j])
    let high = i == 0 ? upper[0] : upper[j] + share * (upper[i] - upper[j])
    return (y - low, high - y)
  }

  /// Where the line lies between the bounds.
  func intervals(of line: ThermalLine) -> [ThermalReach.Interval] {
    guard let first = x.first, let last = x.last else { return [] }
    let own = line.points.map { Elementary.log($0.m1) }.filter { first < $0 && $0 < last }
    let knots = Set(x + own).sorted()
    var intervals: [(from: Double, to: Double)] = []
    for (u0, u1) in zip(knots, knots.dropFirst()) {
      guard let at0 = room(line, at: u0), let at1 = room(line, at: u1) else { continue }
      // Between knots both distances are straight: each leaves a part of [0, 1] where it is positive.
      var (from, to) = (0.0, 1.0)
      for (f0, f1) in [(at0.above, at1.above), (at0.below, at1.below)] {
        if f0 <= 0, f1 <= 0 {
          to = from
        } else if f0 < 0 {
          from = max(from, f0 / (f0 - f1))
        } else if f1 < 0 {
          to = min(to, f0 / (f0 - f1))
        }
      }
      guard from < to else { continue }
      let (start, end) = (u0 + from * (u1 - u0), u0 + to * (u1 - u0))
      if let previous = intervals.last, start - previous.to < 1e-9 {
        intervals[intervals.count - 1].to = end
      } else {
        intervals.append((start, end))
      }
    }
    return intervals.map {
      ThermalReach.Interval(
        masses: Elementary.exp($0.from)...Elementary.exp($0.to),
        isOpenBelow: !hasLeftTip && $0.from - first < 1e-9,
        isOpenAbove: !hasRightTip && last - $0.to < 1e-9)
    }
  }
}

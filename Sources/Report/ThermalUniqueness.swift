import Calculus
import Constraints
import Reach

/// Which masses of the thermal line inside the reach are excluded already, which other projections reach, and which only this
/// experiment reaches, among the limits that hold at that Δ/m₁, for each variant of those that have some.
public struct ThermalUniqueness: Sendable {
  /// The masses of one Δ/m₁ and luminosity.
  public struct Entry: Sendable, Hashable {
    /// Δ/m₁.
    public var splittingOverM1: Double
    /// In pb⁻¹.
    public var luminosity: Double
    /// How limits with variants were computed; `nil` for their defaults.
    public var variant: String?
    /// Inside the reach.
    public var inside: [ClosedRange<Double>]
    /// Inside the reach, and excluded by the search of that name.
    public var excluded: [String: [ClosedRange<Double>]]
    /// Inside the reach, not excluded, and projected by the search of that name.
    public var projected: [String: [ClosedRange<Double>]]
    /// Inside the reach, neither excluded nor projected elsewhere.
    public var unique: [ClosedRange<Double>]
    /// Searches of which nothing is known at this Δ/m₁.
    public var unknown: [String]
  }

  /// α_D, the one that the limits are drawn at.
  public var alphaD: Double
  /// One entry a contour at that α_D.
  public var entries: [Entry]

  /// Masses an interval is looked at.
  package static let steps = 400

  /// The entries of all contours at the limits' α_D.
  public init(_ reach: ThermalReach, lines: ThermalLineData, limits: ExistingLimits) {
    alphaD = limits.alphaD
    let variants = [nil] + limits.regions.compactMap(\.variant).distinct().map(Optional.some)
    entries = reach.entries.filter { $0.alphaD == limits.alphaD }.flatMap { entry in
      variants.map { Self.entry(entry, variant: $0, lines, limits) }
    }
  }

  private static func entry(
    _ entry: ThermalReach.Entry, variant: String?, _ lines: ThermalLineData,
    _ limits: ExistingLimits
  ) -> Entry {
    let line = lines.lines.first {
      $0.splittingOverM1 == entry.splittingOverM1 && $0.alphaD == entry.alphaD
    }
    // A limit that does not have the variant keeps its default.
    let varying = Set(limits.regions.filter { $0.variant == variant }.map(\.name))
    let regions = limits.regions.filter {
      $0.splittingOverM1 == entry.splittingOverM1
        && $0.variant == (varying.contains($0.name) ? variant : nil)
    }.map(Region.init)
    var result = Entry(
      splittingOverM1: entry.splittingOverM1, luminosity: entry.luminosity, variant: variant,
      inside: entry.intervals.map(\.masses), excluded: [:], projected: [:], unique: [],
      unknown: limits.absences.filter { $0.splittingOverM1 == entry.splittingOverM1 }
        .map(\.label))
    for interval in entry.intervals {
      guard let line else { continue }
      sort(interval.masses, of: line, regions, into: &result)
    }
    return result
  }

  /// A region to look points up in.
  private struct Region {
    let label: String
    let kind: ConstraintKind
    private let strips: [LimitStrip.Lookup]

    init(_ region: ExistingLimits.Region) {
      label = region.label
      kind = region.kind
      strips = region.strips.map(LimitStrip.Lookup.init)
    }

    func contains(logM1: Double, logY: Double) -> Bool {
      strips.contains { $0.contains(logM1: logM1, logY: logY) }
    }
  }

  /// Walks along an interval of the line, and notes where it is inside which region.
  private static func sort(
    _ masses: ClosedRange<Double>, of line: ThermalLine, _ regions: [Region],
    into entry: inout Entry
  ) {
    let (first, last) = (Elementary.log(masses.lowerBound), Elementary.log(masses.upperBound))
    func logMass(_ step: Double) -> Double { first + (last - first) * step / Double(steps) }
    var to = masses.lowerBound
    // Each step stands for its middle, so that neighbouring runs meet.
    for step in 0..<steps {
      let from = to
      // Ends are exact, and no rounding leads beyond them.
      to =
        step + 1 == steps
        ? masses.upperBound
        : min(max(Elementary.exp(logMass(Double(step + 1))), from), masses.upperBound)
      let x = logMass(Double(step) + 0.5)
      guard let logY = line.logY(atLogM1: x) else { continue }
      let cell = from...to
      let around = regions.filter { $0.contains(logM1: x, logY: logY) }
      let excluding = around.filter { $0.kind == .exclusion }.map(\.label)
      let projecting = around.filter { $0.kind == .projection }.map(\.label)
      for label in excluding { entry.excluded[label, default: []].join(cell) }
      guard excluding.isEmpty else { continue }
      for label in projecting { entry.projected[label, default: []].join(cell) }
      if projecting.isEmpty { entry.unique.join(cell) }
    }
  }

  /// A row an entry, in words.
  public var pageTable: DataTable {
    func text(_ ranges: [ClosedRange<Double>]) -> String {
      ranges.isEmpty
        ? "–"
        : ranges.map {
          "\(NumberText.short($0.lowerBound, digits: 2))–\(NumberText.short($0.upperBound, digits: 2))"
        }.joined(separator: ", ")
    }
    func text(_ ranges: [String: [ClosedRange<Double>]]) -> String {
      ranges.isEmpty
        ? "–"
        : ranges.keys.sorted().map { "\($0): \(text(ranges[$0] ?? []))" }.joined(separator: "; ")
    }
    let variants = entries.compactMap(\.variant).distinct()
    return DataTable(
      title: "Thermal line inside the reach at α_D = \(alphaD): m₁ in GeV",
      columns: [
        "Δ/m₁", "L [pb⁻¹]", "inside", "excluded already", "also projected", "only here",
      ] + variants.map { "only here, \($0.replacing("-", with: " "))" } + [
        "not known at this Δ/m₁"
      ],
      rows: entries.filter { $0.variant == nil }.map { entry in
        let others = variants.map { variant in
          text(
            entries.first {
              $0.splittingOverM1 == entry.splittingOverM1 && $0.luminosity == entry.luminosity
                && $0.variant == variant
            }?.unique ?? [])
        }
        return [
          "\(entry.splittingOverM1)", NumberText.plain(entry.luminosity), text(entry.inside),
          text(entry.excluded), text(entry.projected), text(entry.unique),
        ] + others + [
          entry.unknown.isEmpty ? "–" : entry.unknown.joined(separator: ", ")
        ]
      })
  }

  /// The same as numbers, a row an interval.
  public var table: DataTable {
    var table = DataTable(
      title: "Masses of the thermal line inside the reach, by what else excludes or projects them",
      columns: [
        "splitting_over_m1", "alpha_D", "luminosity_per_pb", "variant", "status", "search",
        "m1_lower_GeV", "m1_upper_GeV",
      ])
    for entry in entries {
      let key =
        [entry.splittingOverM1, alphaD, entry.luminosity].map(NumberText.data)
        + [entry.variant ?? ""]
      func add(_ status: String, _ search: String, _ ranges: [ClosedRange<Double>]) {
        table.rows += ranges.map { range in
          key + [status, search]
            + [range.lowerBound, range.upperBound].map {
              NumberText.data(NumberText.rounded($0, digits: 5))
            }
        }
      }
      add("inside", "", entry.inside)
      for name in entry.excluded.keys.sorted() { add("excluded", name, entry.excluded[name] ?? []) }
      for name in entry.projected.keys.sorted() {
        add("projected", name, entry.projected[name] ?? [])
      }
      add("unique", "", entry.unique)
    }
    return table
  }
}

extension [ClosedRange<Double>] {
  /// Adds a range behind the others, joined to the last where they touch.
  fileprivate mutating func join(_ range: ClosedRange<Double>) {
    if let end = last, range.lowerBound <= end.upperBound * (1 + 1e-12) {
      self[count - 1] = end.lowerBound...range.upperBound
    } else {
      append(range)
    }
  }
}

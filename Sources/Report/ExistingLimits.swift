import Calculus
import Constraints
import Integration
import Reach
import Recasts
import Units

/// The existing limits and projections of Fig. 6, for each Δ/m₁ those that hold there, and the reasons for which others do not.
///
/// Computed curves stand in for the digitised ones of the same search; these are drawn under their own assumptions only.
public struct ExistingLimits: Sendable {
  /// A region of one limit in one pane, in strips.
  public struct Region: Sendable, Hashable {
    /// The search, as a figure's key has it.
    public var label: String
    /// The limit's name in the catalogue.
    public var name: String
    /// Whether it excludes or projects.
    public var kind: ConstraintKind
    /// How it was computed; `nil` for the default, or a digitised one.
    public var variant: String?
    /// Δ/m₁.
    public var splittingOverM1: Double
    /// Parts between a lower and an upper edge over m₁.
    public var strips: [LimitStrip]
    /// The outline in y as it was digitised; `nil` for what is computed.
    public var outline: [ContourOutline.Vertex]?

    package init(
      label: String, name: String, kind: ConstraintKind, variant: String?,
      splittingOverM1: Double, strips: [LimitStrip], outline: [ContourOutline.Vertex]?
    ) {
      self.label = label
      self.name = name
      self.kind = kind
      self.variant = variant
      self.splittingOverM1 = splittingOverM1
      self.strips = strips
      self.outline = outline
    }
  }

  /// A limit that is not drawn in a pane.
  public struct Absence: Sendable, Hashable {
    /// The search.
    public var label: String
    /// Δ/m₁.
    public var splittingOverM1: Double
    /// Why.
    public var reason: String

    package init(label: String, splittingOverM1: Double, reason: String) {
      self.label = label
      self.splittingOverM1 = splittingOverM1
      self.reason = reason
    }
  }

  /// The regions, pane by pane.
  public var regions: [Region]
  /// What is missing, pane by pane.
  public var absences: [Absence]
  /// α_D and m_A′/m₁ that the regions are for.
  public var alphaD: Double
  /// m_A′/m₁; `nil` for a mediator of fixed mass, for which there are none.
  public var mediatorMassOverM1: Double?

  package init(
    regions: [Region], absences: [Absence], alphaD: Double, mediatorMassOverM1: Double?
  ) {
    self.regions = regions
    self.absences = absences
    self.alphaD = alphaD
    self.mediatorMassOverM1 = mediatorMassOverM1
  }

  /// y at ε = 1, where regions end.
  var frame: Double {
    mediatorMassOverM1.map {
      YieldVariable.y(epsilon: 1, alphaD: alphaD, massRatio: 1 / $0)
    } ?? .infinity
  }

  /// One search: how the key names it, and the names of its limits, the preferred first.
  struct Search: Sendable {
    let label: String
    let names: [String]
  }

  /// The searches of the paper's figure, in the order of the key.
  static let searches = [
    Search(label: "BaBar", names: ["babar-computed"]),
    Search(label: "LEP", names: ["lep-computed"]),
    Search(label: "E137", names: ["e137"]), Search(label: "Belle II", names: ["belle2-computed"]),
    Search(label: "BDX", names: ["bdx"]), Search(label: "LDMX", names: ["ldmx"]),
    Search(label: "MiniBooNE", names: ["miniboone"]),
  ]

  /// The variants between which a single-photon limit is uncertain: the veto that notices least leaves a rim, the one that notices
  /// most an edge within.
  static let band = (rim: "veto-0.3-GeV", edge: "veto-0.05-GeV")

  /// Masses between two of the card's, for curves that are computed.
  private static let massesPerStep = 3

  /// Computes the regions of a plan's panes.
  public static func compute(_ plan: Plan, threads: Int) async throws -> ExistingLimits {
    let alphaD = plan.scan.alphaD.first ?? plan.model.alphaD
    guard case .overM1(let ratio) = plan.model.mediatorMass else {
      return ExistingLimits(
        regions: [],
        absences: plan.scan.splittingOverM1.flatMap { splitting in
          searches.map {
            Absence(
              label: $0.label, splittingOverM1: splitting,
              reason: "the mediator has a fixed mass, and curves are for a fixed mA/m1")
          }
        }, alphaD: alphaD, mediatorMassOverM1: nil)
    }
    let computed = ComputedCurve.all(
      confidenceLevel: plan.statistics.confidenceLevel, seed: plan.run.seed)
    let masses = Self.masses(plan.scan.m1)
    guard !masses.isEmpty else {
      return ExistingLimits(
        regions: [], absences: [], alphaD: alphaD, mediatorMassOverM1: ratio)
    }
    // One job a pane and variant: what is digitised costs nothing.
    var jobs:
      [(splitting: Double, search: Search, variant: ComputedCurve.Variant?, limit: any Constraint)] =
        []
    for splitting in plan.scan.splittingOverM1 {
      for search in searches {
        for name in search.names {
          if let curve = computed.first(where: { $0.name == name }) {
            let variants =
              curve.variants.prefix(1)
              + curve.variants.filter { [band.rim, band.edge].contains($0.name) }
            jobs += variants.map { (splitting, search, $0, curve) }
          } else if let curve = ConstraintCatalogue.builtIn.curves.first(where: { $0.name == name })
          {
            jobs.append((splitting, search, nil, curve))
          }
        }
      }
    }
    let work = jobs
    let results = try await concurrentMap(count: work.count, threads: threads) { index in
      let job = work[index]
      // A digitised outline has corners of its own.
      let corners = (job.limit as? ConstraintCurve)?.points.map(\.m1) ?? []
      let own = corners.filter { masses[0] < $0 && $0 < masses[masses.count - 1] }
      let readings = Set(masses + own).sorted().map {
        m1 -> (m1: Double, reading: ConstraintReading) in
        let point = ConstraintPoint(
          m1: m1, splittingOverM1: job.splitting, alphaD: alphaD, mediatorMassOverM1: ratio,
          epsilon: 1e-3)
        if let curve = job.limit as? ComputedCurve, let variant = job.variant {
          return (m1, curve.reading(at: point, variant: variant))
        }
        return (m1, job.limit.reading(at: point, beyondValidity: false))
      }
      return result(readings, of: job.limit, job.search, job.variant, job.splitting, alphaD, ratio)
    }
    return ExistingLimits(
      regions: results.compactMap(\.region), absences: results.compactMap(\.absence),
      alphaD: alphaD, mediatorMassOverM1: ratio)
  }

  private static func result(
    _ readings: [(m1: Double, reading: ConstraintReading)], of limit: any Constraint,
    _ search: Search, _ variant: ComputedCurve.Variant?, _ splitting: Double, _ alphaD: Double,
    _ ratio: Double
  ) -> (region: Region?, absence: Absence?) {
    let columns = readings.map { LimitColumn(m1: $0.m1, intervals: $0.reading.epsilons) }
    let strips = LimitStrip.strips(columns).map { $0.inY(alphaD: alphaD, massRatio: 1 / ratio) }
    let isDefault = (limit as? ComputedCurve)?.variants.first?.name == variant?.name
    guard !strips.isEmpty else {
      return (nil, isDefault ? absence(readings, search, splitting) : nil)
    }
    return (
      Region(
        label: search.label, name: limit.name, kind: limit.kind,
        variant: isDefault ? nil : variant?.name, splittingOverM1: splitting, strips: strips,
        outline: (limit as? ConstraintCurve).flatMap { outline(of: $0, alphaD, ratio) }), nil
    )
  }

  private static func outline(
    of curve: ConstraintCurve, _ alphaD: Double, _ ratio: Double
  ) -> [ContourOutline.Vertex]? {
    guard case .inside = curve.region,
      let points = try? curve.points(as: .y, alphaD: alphaD, mediatorMassOverM1: ratio)
    else { return nil }
    return (points + points.prefix(1)).map { ContourOutline.Vertex(m1: $0.m1, y: $0.ordinate) }
  }

  private static func absence(
    _ readings: [(m1: Double, reading: ConstraintReading)], _ search: Search, _ splitting: Double
  ) -> Absence {
    guard readings.allSatisfy({ $0.reading.epsilons.isEmpty }) else {
      return Absence(
        label: search.label, splittingOverM1: splitting,
        reason: "what it excludes overlaps at no two neighbouring masses")
    }
    let reasons = readings.compactMap { entry -> String? in
      switch entry.reading {
      case .doesNotApply(let reason), .isSilent(let reason): "\(reason)"
      case .excludes: nil
      }
    }
    return Absence(
      label: search.label, splittingOverM1: splitting,
      reason: reasons.first ?? "it excludes nothing at these masses")
  }

  /// The card's masses and some between them.
  private static func masses(_ card: [Double]) -> [Double] {
    let sorted = card.sorted()
    guard let last = sorted.last else { return [] }
    return zip(sorted, sorted.dropFirst()).flatMap { lower, upper in
      (0..<massesPerStep).map { step in
        let share = Double(step) / Double(massesPerStep)
        return NumberText.rounded(
          Elementary.exp(
            (1 - share) * Elementary.log(lower) + share * Elementary.log(upper)), digits: 5)
      }
    } + [last]
  }

  /// The regions' strips, a row a mass.
  var table: DataTable {
    var table = DataTable(
      title: "Existing limits and projections at α_D = \(alphaD)",
      columns: [
        "splitting_over_m1", "name", "label", "kind", "variant", "part", "m1_GeV", "y_lower",
        "y_upper",
      ])
    for region in regions {
      for (part, strip) in region.strips.enumerated() {
        for edge in strip.edges {
          table.rows.append([
            NumberText.data(region.splittingOverM1), region.name, region.label,
            region.kind.rawValue, region.variant ?? "", "\(part + 1)", NumberText.data(edge.m1),
            NumberText.data(NumberText.rounded(edge.lower, digits: 6)),
            NumberText.data(NumberText.rounded(edge.upper, digits: 6)),
          ])
        }
      }
    }
    return table
  }

  /// What is missing, a row a search and reason.
  package var absenceTable: DataTable {
    var table = DataTable(
      title: "Not drawn in Fig. 6", columns: ["search", "Δ/m₁", "why"])
    var order: [[String]] = []
    var splittings: [[String]: [String]] = [:]
    for absence in absences {
      // The splitting asked at is in the second column.
      let reason = absence.reason.replacing(/(Delta\/m1 = [^,;]*), asked at [^;]*/) { $0.1 }
      let key = [absence.label, reason]
      if splittings[key] == nil { order.append(key) }
      splittings[key, default: []].append("\(absence.splittingOverM1)")
    }
    table.rows = order.map { key in
      [key[0], (splittings[key] ?? []).joined(separator: ", "), key[1]]
    }
    return table
  }
}

import Calculus
import Constraints
import Formats
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
    public var reason: ConstraintReason

    package init(label: String, splittingOverM1: Double, reason: ConstraintReason) {
      self.label = label
      self.splittingOverM1 = splittingOverM1
      self.reason = reason
    }
  }

  /// The regions, pane by pane.
  public var regions: [Region]
  /// What is missing, pane by pane.
  public var absences: [Absence]
  /// α_D that the regions are for: the first of the scan's, or the model's.
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

  /// One search: how the key names it, and the name of its limit, computed where that can be.
  struct Search: Sendable {
    let label: String
    let name: String
  }

  /// The searches of the paper's figure, in the order of the key.
  static let searches = [
    Search(label: "BaBar", name: ComputedCurve.Name.baBar),
    Search(label: "LEP", name: ComputedCurve.Name.lep),
    Search(label: "E137", name: ComputedCurve.Name.e137),
    Search(label: "Belle II", name: ComputedCurve.Name.belle2),
    Search(label: "BDX", name: ComputedCurve.Name.bdx),
    Search(label: "LDMX", name: ComputedCurve.Name.ldmx),
    Search(label: "MiniBooNE", name: "miniboone"),
  ]

  /// The variants between which a single-photon limit is uncertain: the veto that notices least leaves a rim, the one that notices
  /// most an edge within.
  static let band = (
    rim: ComputedCurve.VariantName.laxestVeto, edge: ComputedCurve.VariantName.keenestVeto
  )

  /// The variants that make a band: of single photons the veto's ends, of E137 ten events instead of three, which meet the published
  /// curve.
  private static func bands(of name: String) -> [String] {
    switch name {
    case ComputedCurve.Name.baBar, ComputedCurve.Name.belle2: [band.rim, band.edge]
    case ComputedCurve.Name.e137: [ComputedCurve.VariantName.events(10)]
    default: []
    }
  }

  /// Masses between two of the card's, for curves that are computed.
  private static let massesPerStep = 3

  /// One limit in one pane, in one variant: what is computed at a time.
  private struct Job: Sendable {
    let search: Search
    let limit: any Constraint
    /// `nil` for a digitised curve.
    let variant: ComputedCurve.Variant?
    let splittingOverM1: Double
    let alphaD: Double
    let mediatorMassOverM1: Double

    /// Whether the variant is not the limit's default.
    var isOther: Bool { (limit as? ComputedCurve)?.variants.first?.name != variant?.name }
  }

  /// What a limit says at a mass.
  private typealias Reading = (m1: Double, reading: ConstraintReading)

  /// Computes the regions of a plan's panes.
  public static func compute(_ plan: Plan, threads: Int) async throws -> ExistingLimits {
    let alphaD = plan.scan.alphaD.first ?? plan.model.alphaD
    guard case .overM1(let ratio) = plan.model.mediatorMass else {
      return none(plan.scan.splittingOverM1, alphaD: alphaD)
    }
    let masses = Self.masses(plan.scan.m1)
    guard !masses.isEmpty else {
      return ExistingLimits(
        regions: [], absences: [], alphaD: alphaD, mediatorMassOverM1: ratio)
    }
    let jobs = try Self.jobs(plan, alphaD, ratio)
    let results = try await concurrentMap(count: jobs.count, threads: threads) { index in
      result(of: jobs[index], readings(of: jobs[index], masses))
    }
    return ExistingLimits(
      regions: results.compactMap(\.region), absences: results.compactMap(\.absence),
      alphaD: alphaD, mediatorMassOverM1: ratio)
  }

  /// Nothing to draw, for a mediator of fixed mass.
  private static func none(_ splittings: [Double], alphaD: Double) -> ExistingLimits {
    let reason = ConstraintReason.words(
      "the mediator has a fixed mass, and curves are for a fixed mA/m1")
    let absences = splittings.flatMap { splitting in
      searches.map {
        Absence(label: $0.label, splittingOverM1: splitting, reason: reason)
      }
    }
    return ExistingLimits(
      regions: [], absences: absences, alphaD: alphaD, mediatorMassOverM1: nil)
  }

  /// One job a pane and variant: what is digitised costs nothing.
  private static func jobs(_ plan: Plan, _ alphaD: Double, _ ratio: Double) throws -> [Job] {
    let computed = ComputedCurve.all(
      confidenceLevel: plan.statistics.confidenceLevel, seed: plan.run.seed)
    var jobs: [Job] = []
    for splitting in plan.scan.splittingOverM1 {
      for search in searches {
        func add(_ limit: any Constraint, _ variant: ComputedCurve.Variant?) {
          jobs.append(
            Job(
              search: search, limit: limit, variant: variant, splittingOverM1: splitting,
              alphaD: alphaD, mediatorMassOverM1: ratio))
        }
        if let curve = computed.first(where: { $0.name == search.name }) {
          add(curve, curve.variants.first)
          for variant in curve.variants where bands(of: curve.name).contains(variant.name) {
            add(curve, variant)
          }
        } else {
          add(try ConstraintCatalogue.builtIn.curve(named: search.name), nil)
        }
      }
    }
    return jobs
  }

  /// What a limit says at the card's masses and, where it is digitised, at the corners of its outline between them.
  private static func readings(of job: Job, _ masses: [Double]) -> [Reading] {
    let corners = (job.limit as? ConstraintCurve)?.points.map(\.m1) ?? []
    let own = corners.filter { masses[0] < $0 && $0 < masses[masses.count - 1] }
    return Set(masses + own).sorted().map { m1 in
      let point = ConstraintPoint(
        m1: m1, splittingOverM1: job.splittingOverM1, alphaD: job.alphaD,
        mediatorMassOverM1: job.mediatorMassOverM1, epsilon: 1e-3)
      if let curve = job.limit as? ComputedCurve, let variant = job.variant {
        return (m1, curve.reading(at: point, variant: variant))
      }
      return (m1, job.limit.reading(at: point, beyondValidity: false))
    }
  }

  private static func result(
    of job: Job, _ readings: [Reading]
  ) -> (region: Region?, absence: Absence?) {
    let columns = readings.map { LimitColumn(m1: $0.m1, intervals: $0.reading.epsilons) }
    let strips = LimitStrip.strips(columns).map {
      $0.inY(alphaD: job.alphaD, massRatio: 1 / job.mediatorMassOverM1)
    }
    guard !strips.isEmpty else {
      return (nil, job.isOther ? nil : absence(readings, job.search, job.splittingOverM1))
    }
    let outline = (job.limit as? ConstraintCurve).flatMap {
      Self.outline(of: $0, job.alphaD, job.mediatorMassOverM1)
    }
    return (
      Region(
        label: job.search.label, name: job.limit.name, kind: job.limit.kind,
        variant: job.isOther ? job.variant?.name : nil, splittingOverM1: job.splittingOverM1,
        strips: strips, outline: outline), nil
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
    _ readings: [Reading], _ search: Search, _ splitting: Double
  ) -> Absence {
    let isEmpty = readings.allSatisfy { $0.reading.epsilons.isEmpty }
    return Absence(
      label: search.label, splittingOverM1: splitting,
      reason: isEmpty
        ? readings.lazy.compactMap(\.reading.reason).first { $0 != .nothingExcluded }
          ?? .words("it excludes nothing at these masses")
        : .words("what it excludes overlaps at no two neighbouring masses"))
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
      let key = [absence.label, absence.reason.words(leavingOut: "Delta/m1")]
      if splittings[key] == nil { order.append(key) }
      splittings[key, default: []].append("\(absence.splittingOverM1)")
    }
    table.rows = order.map { key in
      [key[0], (splittings[key] ?? []).joined(separator: ", "), key[1]]
    }
    return table
  }
}

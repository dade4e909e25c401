import Calculus
import Integration
import ParticleData
import Reach

/// Expected events and contours.
enum ReachValidation {
  static let outline = ValidationOutline(
    title: "Yields and contours",
    introduction: """
      Expected events and the two crossings in y at the set-up of the paper (Table I, pencil beam, 4700 or \
      470 pb⁻¹, α_D = 0.1, m_A′ = 3m₁) with the form-factor constants 111 and 773. Brute force draws the decay \
      position in the window for every event of the sample, follows each track to each plane, and counts: \
      it shares the events with the yield above it, but none of the selection.
      """,
    steps: [
      ValidationStep(make: yields), ValidationStep(make: contours),
      ValidationStep(make: visibleDecays),
    ])

  /// One million events: about 0.4 % on a yield.
  private static let events = 1_000_000

  private static func yields(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    var rows: [ValidationRow] = []
    for record in try ReferenceTable.yields.records() {
      let m1 = try record.number("m1_GeV")
      let splitting = try record.number("splitting_over_m1")
      let y = try record.number("y")
      let plan = setup.referencePlan.at(m1: m1, splittingOverM1: splitting, y: y)
        .with { $0.run.eventsPerPoint = events }
      let value = try await plan.expectedEvents(threads: setup.threads).events
      let expected = try record.number("expected_events")
      let place = "m₁ = \(short(m1)) GeV, Δ/m₁ = \(short(splitting)), y = \(short(y))"
      rows.append(
        ValidationRow(
          "N, \(place)", value: value,
          expectation: .number(
            Estimate(value: expected, error: expected * (try record.number("relative_error"))),
            .relative(0.015)), source: ProductionValidation.reference))
      let tally = try await BruteForce(plan).tally(batches: 240, threads: setup.threads)
      rows.append(
        ValidationRow(
          "N by brute force, \(place)", value: tally.expectedEvents,
          expectation: .number(value, .standardErrors(5)), source: "Duskline's decay intervals"))
    }
    return rows
  }

  private static func contourPlan(_ setup: ValidationSetup) throws -> Plan {
    let records = try ReferenceTable.contour.records()
    var (masses, luminosities): ([Double], [Double]) = ([], [])
    for record in records {
      let (m1, luminosity) = (
        try record.number("m1_GeV"), try record.number("luminosity_per_pb")
      )
      if !masses.contains(m1) { masses.append(m1) }
      if !luminosities.contains(luminosity) { luminosities.append(luminosity) }
    }
    return setup.referencePlan.with {
      $0.scan = ScanSettings(
        m1: masses, splittingOverM1: [0.4], alphaD: [0.1],
        luminosity: luminosities.map { .perPicobarn($0) })
      $0.statistics.confidenceLevel = 0.950213
      $0.run.eventsPerPoint = events
    }
  }

  private static func contours(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let curves = try await contourPlan(setup).reachCurves(threads: setup.threads)
    var rows: [ValidationRow] = []
    for record in try ReferenceTable.contour.records() {
      let (m1, luminosity) = (
        try record.number("m1_GeV"), try record.number("luminosity_per_pb")
      )
      let point = curves.first { $0.luminosity.perPicobarn == luminosity }?
        .points.first { $0.m1 == m1 }
      for (name, column, value) in [
        ("y_lower", "y_lower", point?.yLower), ("y_upper", "y_upper", point?.yUpper),
      ] {
        let reference = try record.number(column)
        rows.append(
          ValidationRow(
            "\(name), m₁ = \(short(m1)) GeV, Δ/m₁ = 0.4, \(short(luminosity)) pb⁻¹",
            // A crossing that is not found is no number, and disagrees.
            value: value ?? Estimate(value: .nan, error: 0),
            expectation: .number(
              Estimate(value: reference, error: 5e-3 * reference), .relative(0.03)),
            source: ProductionValidation.reference))
      }
    }
    return rows
  }

  /// What BR(A′ → χ₁χ₂) does to the upper crossing: the contour at N/BR events, BR at the crossing.
  private static func visibleDecays(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let plan = try contourPlan(setup).with {
      $0.scan.m1 = [0.1]
      $0.scan.luminosity = [.perPicobarn(4700)]
      $0.run.eventsPerPoint = 200_000
    }
    guard let with = try await upperCrossing(plan, setup) else { return [] }
    let point = try plan.modelPoint(m1: 0.1, splittingOverM1: 0.4)
    let branching = point.darkBranchingRatio(
      epsilonSquared: point.epsilonSquared(y: with.value, alphaD: 0.1), alphaD: 0.1)
    // Without the branching ratio, N = 3 where N with it is 3 BR.
    let needed = -Elementary.log(1 - plan.statistics.confidenceLevel) * branching
    let without = try await upperCrossing(
      plan.with { $0.statistics.confidenceLevel = 1 - Elementary.exp(-needed) }, setup)
    guard let without else { return [] }
    return [
      ValidationRow(
        "y_upper without BR(A′ → χ₁χ₂) over y_upper, less 1, m₁ = 0.1 GeV, 4700 pb⁻¹",
        value: .exact(without.value / with.value - 1), expectation: .none, source: "no reference",
        note: """
          N holds BR(A′ → χ₁χ₂), which the reference calculation leaves out. At this crossing ε² is \
          \(ValidationText.number(with.value * 810, error: 0)) and BR \
          \(ValidationText.number(branching, error: 0)); at the lower crossings the effect is below 10⁻⁵.
          """)
    ]
  }

  private static func upperCrossing(
    _ plan: Plan, _ setup: ValidationSetup
  ) async throws -> Estimate? {
    try await plan.reachCurves(threads: setup.threads).first?.points.first?.yUpper
  }

  private static func short(_ value: Double) -> String { ValidationText.number(value, error: 0) }
}

import Foundation
import Integration
import ParticleData
import Production
import Reach
import Statistics
import Units

/// Limits, luminosities, and whether the quoted errors are what they say.
enum StatisticsValidation {
  static let outline = ValidationOutline(
    title: "Limits, luminosity, errors",
    introduction: """
      Poisson limits without background; the paper's luminosities, from 40 targets of 15 mm of beryllium \
      (1.848 g/cm³); and the deviations of ten seeds from the reference in units of the errors that \
      Duskline quotes: χ² of ten degrees lies between 1.48 and 29.59 with a probability of 99.8 %.
      """,
    steps: [
      ValidationStep(make: limits), ValidationStep(make: luminosity),
      ValidationStep(make: crossSectionSeeds), ValidationStep(make: yieldSeeds),
    ])

  private static func limits(_ setup: ValidationSetup) -> [ValidationRow] {
    let limit = CountingLimit(confidenceLevel: 0.95)
    return [2.996, 4.744, 6.296, 7.754].enumerated().map { observed, reference in
      ValidationRow(
        "upper limit at 95 % CL, \(observed) observed, no background",
        value: .exact(limit.upperLimit(observed: observed, background: 0)),
        expectation: .number(.exact(reference), .absolute(0.0005)),
        source: "Gehrels, Astrophys. J. 303, 336 (1986), Table 1")
    }
  }

  private static func luminosity(_ setup: ValidationSetup) -> [ValidationRow] {
    let plan = setup.plan
    let all = LuminosityLedger.perParticle(plan, modules: plan.apparatus.stationCount)
    let last = LuminosityLedger.perParticle(plan, modules: plan.selection.lastModules)
    let Z = Double(plan.target.atomicNumber)
    let ledger = "arXiv:2409.00170, footnote 6"
    func row(
      _ quantity: String, _ value: Double, _ reference: Double, _ rounding: Double,
      _ source: String, note: String? = nil
    ) -> ValidationRow {
      ValidationRow(
        quantity, value: .exact(value),
        expectation: .number(.exact(reference), .absolute(rounding)), source: source, note: note)
    }
    let muons = 1.5e4 / (Z * all)
    return [
      row(
        "nuclei of beryllium [cm⁻³]", plan.target.nucleiPerCubicCentimetre, 1.2349e23, 0.5e19,
        "ρ N_A/M with PDG 2024"),
      row(
        "muons for 1.5·10⁴ pb⁻¹ per electron on 60 cm", muons, 5.06e14, 0.5e12,
        "independent calculation",
        note: "the paper states 10¹⁶ muons beside this luminosity."),
      row(
        "luminosity per nucleus of these muons, 40 modules [pb⁻¹]", muons * all, 3750, 1e-6,
        "1.5·10⁴ pb⁻¹/4"),
      row(
        "luminosity per nucleus of these muons, the last 5 modules [pb⁻¹]", muons * last,
        LuminosityLedger.paperFootnote, 1e-6, ledger,
        note: "the text and the caption of Fig. 6 use 4.7·10³ pb⁻¹, ten times as much."),
      row(
        "luminosity per nucleus of 10¹⁶ muons, the last 5 modules [pb⁻¹]", 1e16 * last, 9.3e3, 50,
        "independent calculation"),
    ]
  }

  /// χ² of ten seeds against a reference, with the errors that go with each.
  private static func chiSquared(
    _ quantity: String, _ values: [Estimate], _ reference: Estimate
  ) -> ValidationRow {
    let chiSquared = values.reduce(0) {
      let pull = $1.pull(against: reference)
      return $0 + pull * pull
    }
    let mean = values.map { $0.value / reference.value - 1 }.meanWithError
    return ValidationRow(
      "χ² of seeds 1 … 10 against the reference, \(quantity)", value: .exact(chiSquared),
      expectation: .range(1.479...29.588, .absolute(0)), source: ProductionValidation.reference,
      note: """
        probability of a larger χ² \(String(format: "%.2f", probability(chiSquared))); mean \
        deviation \(ValidationText.number(100 * mean.value, error: 100 * mean.error)) %.
        """)
  }

  /// The probability of a larger χ² with ten degrees of freedom: of fewer than five counts at a mean of χ²/2.
  private static func probability(_ chiSquared: Double) -> Double {
    let half = chiSquared / 2
    var (term, sum) = (1.0, 1.0)
    for k in 1..<5 {
      term *= half / Double(k)
      sum += term
    }
    return exp(-half) * sum
  }

  private static func crossSectionSeeds(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    var rows: [ValidationRow] = []
    for record in try ReferenceTable.production.records() {
      let mass = try record.number("mA_GeV")
      let expected = try record.number("elastic_pb")
      let reference = Estimate(
        value: expected, error: expected * (try record.number("elastic_relerr")))
      let production = try setup.production(mass: mass)
      var values: [Estimate] = []
      for seed: UInt64 in 1...10 {
        values.append(
          try await setup.crossSection(production, relativePrecision: 1e-3, seed: seed))
      }
      rows.append(
        chiSquared(
          "σ at precision 10⁻³, m_A′ = \(ProductionValidation.short(mass)) GeV", values, reference))
    }
    return rows
  }

  private static func yieldSeeds(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    var rows: [ValidationRow] = []
    for record in try ReferenceTable.yields.records() {
      let m1 = try record.number("m1_GeV")
      let splitting = try record.number("splitting_over_m1")
      let y = try record.number("y")
      let expected = try record.number("expected_events")
      let reference = Estimate(
        value: expected, error: expected * (try record.number("relative_error")))
      let plan = setup.referencePlan.at(m1: m1, splittingOverM1: splitting, y: y)
        .with { $0.run.seed = 1 }
      let values = try await setup.yields(
        plan, seeds: 10, events: plan.run.eventsPerPoint)
      let place =
        "m₁ = \(ProductionValidation.short(m1)) GeV, Δ/m₁ = \(ProductionValidation.short(splitting)), "
        + "y = \(ProductionValidation.short(y))"
      rows.append(chiSquared("N of 50 000 events, \(place)", values, reference))
    }
    return rows
  }
}

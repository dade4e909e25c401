import Foundation
import Integration
import ParticleData
import Production

/// Cross sections of ℓN → ℓNA′.
enum ProductionValidation {
  static let outline = ValidationOutline(
    title: "Production",
    introduction: """
      σ(μ Be → μ Be A′) at ε = 1 for muons of 160 GeV, with the form-factor constants 111 and 773 \
      (`tsai-generic`) unless a row says otherwise. Exact cross sections are integrated to 2·10⁻⁴, ten \
      times finer than the tolerance; Weizsäcker–Williams values are quadratures.
      """,
    steps: [
      ValidationStep(make: exact), ValidationStep(make: equivalentPhoton),
      ValidationStep(make: events), ValidationStep(make: nuclearMass),
      ValidationStep(make: formFactors), ValidationStep(make: otherBeams),
    ])

  static let reference = "independent reference calculation"

  private static func exact(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let kinds: [(String, String, FormFactorModel, InelasticModel)] = [
      ("elastic", "elastic_pb", .tsaiGeneric, .off),
      ("with quasi-elastic, n = 1", "elastic_plus_inelastic_n1_pb", .tsaiGeneric, .n1),
      ("with quasi-elastic, n = 2", "elastic_plus_inelastic_n2_pb", .tsaiGeneric, .n2),
      ("point-like nucleus", "point_like_pb", .point, .off),
    ]
    var rows: [ValidationRow] = []
    for record in try ReferenceTable.production.records() {
      let mass = try record.number("mA_GeV")
      for (name, column, formFactor, inelastic) in kinds {
        let value = try await setup.crossSection(
          setup.production(mass: mass, formFactor: formFactor, inelastic: inelastic))
        let expected = try record.number(column)
        // The table gives an error for the elastic column; the others are of the same quality.
        let error = try record.number("elastic_relerr") * expected
        rows.append(
          ValidationRow(
            "σ \(name), m_A′ = \(short(mass)) GeV [pb]", value: value,
            expectation: .number(Estimate(value: expected, error: error), .relative(2e-3)),
            source: reference))
      }
    }
    return rows
  }

  private static func equivalentPhoton(_ setup: ValidationSetup) throws -> [ValidationRow] {
    let methods: [(String, String, ProductionMethod)] = [
      ("Weizsäcker–Williams", "ww_pb", .weizsaeckerWilliams),
      ("improved Weizsäcker–Williams", "improved_ww_pb", .improvedWeizsaeckerWilliams),
    ]
    var rows: [ValidationRow] = []
    for record in try ReferenceTable.production.records() {
      let mass = try record.number("mA_GeV")
      for (name, column, method) in methods {
        let value = try setup.production(mass: mass).equivalentPhotonCrossSection(method).estimate
        rows.append(
          ValidationRow(
            "σ \(name), m_A′ = \(short(mass)) GeV [pb]", value: value,
            expectation: .number(.exact(try record.number(column)), .relative(5e-3)),
            source: reference))
      }
    }
    return rows
  }

  /// The weights of an event sample must add up to the cross section, which draws from other streams.
  private static func events(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let plan = setup.referencePlan.with { $0.run.eventsPerPoint = 1_000_000 }
    let sample = try await plan.expectedEvents(threads: setup.threads).crossSection
    let point = try plan.modelPoint()
    let integral = try await setup.crossSection(
      plan.productionSetup(point, alphaD: plan.model.alphaD))
    return [
      ValidationRow(
        "Σ of the weights of 10⁶ events, m_A′ = 0.3 GeV [pb]", value: sample,
        expectation: .number(integral, .standardErrors(5)),
        source: "Duskline's integral, with random numbers of its own")
    ]
  }

  private static func nuclearMass(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let shift = ValidationSetup.referenceBerylliumMass / Material.beryllium.nuclearMass - 1
    var rows: [ValidationRow] = []
    for mass in [0.1, 1] {
      // A change of 24 parts in 10⁵ drowns in the integration's error: the slope is taken over ±20 %.
      var values: [Estimate] = []
      for factor in [0.8, 1.2] {
        var nucleus = Material.beryllium
        nucleus.nuclearMass *= factor
        values.append(
          try await setup.crossSection(setup.production(mass: mass, target: nucleus)))
      }
      let change = shift / 0.4 * values[1].ratio(to: values[0]).less(1)
      rows.append(
        ValidationRow(
          "σ with the mass of the atom over σ, less 1, m_A′ = \(short(mass)) GeV", value: change,
          expectation: .number(.exact(0), .absolute(1e-4)), source: "Documentation/Physics.md, § 1")
      )
    }
    rows[0].note = """
      the reference calculation used the mass of the atom, 8.39479 GeV, Duskline that of the bare nucleus, \
      8.39275 GeV. Taken from the slope of σ over ±20 % in the mass of the nucleus.
      """
    return rows
  }

  private static func formFactors(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    var rows: [ValidationRow] = []
    for mass in [0.01, 0.1, 1] {
      let generic = try await setup.crossSection(setup.production(mass: mass))
      let tsai = try await setup.crossSection(setup.production(mass: mass, formFactor: .tsai))
      rows.append(
        ValidationRow(
          "σ with `tsai` over σ with `tsai-generic`, less 1, m_A′ = \(short(mass)) GeV",
          value: tsai.ratio(to: generic).less(1), expectation: .none,
          source: "Tsai, Rev. Mod. Phys. 46, 815 (1974)"))
    }
    rows[0].note = """
      the default takes Tsai's own screening constants for beryllium (106.0, 571.4), the reference \
      calculation the generic ones (111, 773); screening matters where t is least.
      """
    return rows
  }

  private static func otherBeams(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let cases: [(String, BeamParticle, Double, String)] = [
      ("e W, 4 GeV", .electron, 4, "tungsten"), ("e W, 8 GeV", .electron, 8, "tungsten"),
      ("μ Pb, 160 GeV", .muon, 160, "lead"),
    ]
    var rows: [ValidationRow] = []
    for (name, beam, energy, target) in cases {
      guard let material = Material.named(target) else { continue }
      for mass in [0.01, 0.1] {
        let production = try setup.production(
          mass: mass, beam: beam, energy: energy, target: material, formFactor: .tsai)
        let value = try await setup.crossSection(production, relativePrecision: 5e-4)
        let approximate = try production.equivalentPhotonCrossSection(.weizsaeckerWilliams)
        let ratio = approximate.estimate.value / value.value
        rows.append(
          ValidationRow(
            "σ \(name), m_A′ = \(short(mass)) GeV [pb]", value: value, expectation: .none,
            source: "no reference",
            note: "Weizsäcker–Williams gives \(String(format: "%.2f", ratio)) of it."))
      }
    }
    return rows
  }

  static func short(_ value: Double) -> String { ValidationText.number(value, error: 0) }
}

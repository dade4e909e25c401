import DarkSector
import Integration
import ParticleData
import Production
import Reach
import Selection

/// How much each condition of the analysis matters, and the treatments of the A′ that are a choice.
enum ConditionsValidation {
  static let outline = ValidationOutline(
    title: "Conditions and treatments",
    introduction: """
      Ratios of yields with one thing changed. Both sides share their random numbers; a ratio is the mean \
      over eight seeds of 50 000 events, its error their spread. Figures quoted to so many digits are met \
      within their rounding.
      """,
    steps: [
      ValidationStep(make: cuts), ValidationStep(make: origin),
      ValidationStep(make: polarisation), ValidationStep(make: spectral),
      ValidationStep(make: lineShapeByQuadrature), ValidationStep(make: narrowLimit),
    ])

  static let quoted = "independent calculation, quoted in Documentation/Physics.md, § 6.1"

  private static func cuts(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let place = "m₁ = 0.3 GeV, Δ/m₁ = 0.4"
    var rows: [ValidationRow] = []
    for (y, name) in [(1e-9, "10⁻⁹"), (1e-8, "10⁻⁸"), (1e-7, "10⁻⁷")] {
      let plan = setup.referencePlan.at(m1: 0.3, splittingOverM1: 0.4, y: y)
      let baseline = try await setup.yields(plan)
      let leptons = try await setup.yields(plan.with { $0.selection.minimumLeptonEnergy = 0 })
      rows.append(
        ValidationRow(
          "N with no energy cut on the leptons over N, \(place), y = \(name)",
          value: leptons.meanRatio(to: baseline), expectation: .none,
          source: "independent calculation: 2.8, given without its y"))
      guard y == 1e-8 else { continue }
      let muon = try await setup.yields(plan.with { $0.selection.minimumBeamLeptonEnergy = 0 })
      let angle = try await setup.yields(plan.with { $0.selection.minimumOpeningAngle = 0 })
      rows.append(
        ValidationRow(
          "N with no energy cut on the muon over N, \(place), y = \(name)",
          value: muon.meanRatio(to: baseline),
          expectation: .number(.exact(1.2), .absolute(0.05)), source: quoted))
      rows.append(
        ValidationRow(
          "N with no cut on the opening angle over N, \(place), y = \(name)",
          value: angle.meanRatio(to: baseline),
          expectation: .number(.exact(1.03), .absolute(0.005)), source: quoted))
    }
    rows[0].note = """
      the quoted 2.8 does not say at which y, and the ratio depends on it: soft leptons come from slow χ₂, \
      which decay before the window when lifetimes are short. It falls from 3.06 for long lifetimes through \
      2.8 near y = 7·10⁻⁸ to 2.1 at 10⁻⁶. At y = 10⁻⁸, the built-in card's, it is outside the rounding \
      of 2.8. No verdict until the y of the quotation is known.
      """
    return rows
  }

  /// Distances from the downstream face of the target: the window, or window and planes, further from the interaction.
  private static func origin(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let reference = setup.referencePlan
    let half = reference.apparatus.targetThickness / 2
    let readings = [
      (half, false, 2e-9, "window alone, interaction at the centre, y = 2·10⁻⁹"),
      (half, true, 1e-10, "window and planes, interaction at the centre, y = 10⁻¹⁰"),
      (2 * half, true, 1e-10, "window and planes, interaction at the upstream face, y = 10⁻¹⁰"),
    ]
    var rows: [ValidationRow] = []
    for (shift, movesPlanes, y, reading) in readings {
      let plan = reference.at(m1: 1, splittingOverM1: 0.4, y: y)
      let moved = plan.with { plan in
        let window = plan.selection.decayWindow
        plan.selection.decayWindow = window.lowerBound + shift...window.upperBound + shift
        guard movesPlanes else { return }
        for i in plan.apparatus.planes.indices { plan.apparatus.planes[i].centre.z += shift }
      }
      let baseline = try await setup.yields(plan)
      rows.append(
        ValidationRow(
          "N from the target's downstream face over N, less 1, m₁ = 1 GeV, Δ/m₁ = 0.4: \(reading)",
          value: try await setup.yields(moved).meanRatio(to: baseline).less(1), expectation: .none,
          source: "independent calculation: −0.9 %, given without Δ and y"))
    }
    rows[0].note = """
      more than one reading comes near the quoted −0.9 %: for long lifetimes the geometry decides, for \
      shorter ones the window (−4 % at y = 10⁻⁸), so that the quotation does not tell them apart.
      """
    return rows
  }

  private static func polarisation(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    var rows: [ValidationRow] = []
    for (m1, splitting, y) in [
      (0.03, 0.4, 1e-8), (0.1, 0.4, 1e-8), (0.3, 0.2, 1e-7), (1, 0.4, 1e-7),
    ] {
      let plan = setup.referencePlan.at(m1: m1, splittingOverM1: splitting, y: y)
      let full = try await setup.yields(plan)
      let isotropic = try await setup.yields(plan.with { $0.production.polarisation = .isotropic })
      rows.append(
        ValidationRow(
          "N with an unpolarised A′ over N, less 1, m₁ = \(ProductionValidation.short(m1)) GeV, "
            + "Δ/m₁ = \(ProductionValidation.short(splitting))",
          value: isotropic.meanRatio(to: full).less(1),
          expectation: .range(-0.02...0.02, .absolute(0)),
          source: "independent calculation: 0.3 % typically, 2 % in corners"))
    }
    return rows
  }

  private static func spectral(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    var rows: [ValidationRow] = []
    for (m1, splitting) in [(0.01, 0.4), (0.03, 0.1), (0.1, 0.1), (0.1, 0.4), (0.3, 0.4), (1, 0.4)]
    {
      let change = try await spectralShift(setup, m1: m1, splitting: splitting, alphaD: 0.5)
      let isHeavy = 3 * m1 > Mass.muon
      rows.append(
        ValidationRow(
          "σ with the line shape over σ, less 1, α_D = 0.5, m₁ = \(ProductionValidation.short(m1)) "
            + "GeV, Δ/m₁ = \(ProductionValidation.short(splitting))", value: change,
          expectation: isHeavy ? .range(-0.18...(-0.10), .absolute(0.005)) : .none,
          source: "independent calculation: −10 … −18 %, masses not stated"))
    }
    rows[0].note = """
      the two A′ lighter than a muon lie outside the quoted −10 … −18 %, which is compared with the \
      heavier ones only. σ falls less steeply with a mass below m_μ (like m^−0.8 between 0.01 and 0.1 GeV, \
      m^−1.8 between 0.1 and 1 GeV), so that the part of the line above m_A′ loses less. The rows below \
      check these masses by a second method.
      """
    return rows
  }

  /// ∫ρ(Q²) σ(Q) dQ² with narrow cross sections at the nodes of a Gauss–Legendre rule, against the direct sampling of Q².
  private static func lineShapeByQuadrature(
    _ setup: ValidationSetup
  ) async throws -> [ValidationRow] {
    var rows: [ValidationRow] = []
    for m1 in [0.01, 0.3] {
      let plan = setup.referencePlan.at(m1: m1, splittingOverM1: 0.4, y: 1e-8)
      let point = try plan.modelPoint()
      let direct = try await setup.crossSection(
        plan.with { $0.production.mediator = .spectral }.productionSetup(point, alphaD: 0.5))
      let byNodes = try await LineShapeQuadrature(plan, point: point, alphaD: 0.5)
        .crossSection(setup)
      rows.append(
        ValidationRow(
          "σ with the line shape, α_D = 0.5, m₁ = \(ProductionValidation.short(m1)) GeV, Δ/m₁ = 0.4 [pb]",
          value: direct, expectation: .number(byNodes, .relative(5e-3)),
          source: "Duskline's narrow cross sections, integrated over ρ(Q²) by quadrature"))
    }
    return rows
  }

  private static func narrowLimit(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let change = try await spectralShift(setup, m1: 0.1, splitting: 0.4, alphaD: 1e-4)
    return [
      ValidationRow(
        "σ with the line shape over σ, less 1, α_D = 10⁻⁴, m₁ = 0.1 GeV, Δ/m₁ = 0.4",
        value: change, expectation: .number(.exact(0), .absolute(1e-3)),
        source: "limit of a narrow A′")
    ]
  }

  private static func spectralShift(
    _ setup: ValidationSetup, m1: Double, splitting: Double, alphaD: Double
  ) async throws -> Estimate {
    let narrow = setup.referencePlan.at(m1: m1, splittingOverM1: splitting, y: 1e-8)
    let spectral = narrow.with { $0.production.mediator = .spectral }
    let point = try narrow.modelPoint()
    let off = try await setup.crossSection(spectral.productionSetup(point, alphaD: alphaD))
    let on = try await setup.crossSection(narrow.productionSetup(point, alphaD: alphaD))
    return off.ratio(to: on).less(1)
  }
}

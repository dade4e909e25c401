import Calculus
import DarkSector
import Integration
import Reach
import Relic

/// The thermal relic density.
enum RelicValidation {
  static let outline = ValidationOutline(
    title: "Relic density",
    introduction: """
      y at which χ₁χ₂ → A′* → Standard Model leaves Ωh² = 0.12, for m_A′ = 3 m₁ and α_D = 0.1 unless a row \
      says otherwise. Ω falls with y, the more slowly the larger Δ: the paper's Eq. (3) is inverted.
      """,
    steps: [
      ValidationStep(make: references), ValidationStep(make: slopes), ValidationStep(make: width),
      ValidationStep(make: quadrature), ValidationStep(make: twoSpecies),
    ])

  private static func point(
    _ setup: ValidationSetup, _ m1: Double, _ splitting: Double
  ) throws -> ModelPoint {
    try setup.referencePlan.modelPoint(m1: m1, splittingOverM1: splitting)
  }

  private static func references(_ setup: ValidationSetup) throws -> [ValidationRow] {
    var rows: [ValidationRow] = []
    for record in try ReferenceTable.relic.records() {
      let m1 = try record.number("m1_GeV")
      let splitting = try record.number("splitting_over_m1")
      let point = try point(setup, m1, splitting)
      let name = "m₁ = \(NumberText.plain(m1)) GeV, Δ = \(NumberText.plain(splitting)) m₁"
      let leptons = try RelicSettings(finalStates: .leptons).coupling(point, alphaD: 0.1)
      rows.append(
        ValidationRow(
          "y, leptons only, \(name)", value: .exact(leptons.y),
          expectation: .number(.exact(try record.number("y_leptons_only")), .relative(0.02)),
          source: "micrOMEGAs 6"))
      let full = try RelicSettings().coupling(point, alphaD: 0.1)
      rows.append(
        ValidationRow(
          "y, leptons and hadrons, \(name)", value: .exact(full.y),
          expectation: .number(.exact(try record.number("y_full")), .relative(0.02)),
          source: ProductionValidation.reference))
    }
    return rows
  }

  private static func slopes(_ setup: ValidationSetup) throws -> [ValidationRow] {
    try [(0, -0.94), (0.1, -0.84), (0.2, -0.76), (0.4, -0.64)].map { splitting, expected in
      // A splitting of 0 has no decay; 10⁻⁶ is the same to all digits shown.
      let point = try point(setup, 0.1, splitting == 0 ? 1e-6 : splitting)
      let density = try RelicSettings().coupling(point, alphaD: 0.1)
      let centre = density.epsilon * density.epsilon
      let freezeOut = RelicSettings().freezeOut(point, alphaD: 0.1, epsilonSquared: centre)
      let step = 1.05
      let up = try freezeOut.abundance(epsilonSquared: centre * step)
      let down = try freezeOut.abundance(epsilonSquared: centre / step)
      return ValidationRow(
        "d ln Ω/d ln y, m₁ = 0.1 GeV, \(splitting == 0 ? "Δ → 0" : "Δ = \(NumberText.plain(splitting)) m₁")",
        value: .exact(Elementary.log(up / down) / (2 * Elementary.log(step))),
        expectation: .number(.exact(expected), .absolute(0.01)),
        source: ProductionValidation.reference,
        note: splitting == 0.4
          ? "A later freeze-out suppresses χ₂ further, so that Ω falls more slowly than 1/y." : nil)
    }
  }

  private static func width(_ setup: ValidationSetup) throws -> [ValidationRow] {
    try [(0.05, 0.1), (0.1, 0.2), (0.1, 0.4), (0.3, 0.4)].map { m1, splitting in
      let point = try point(setup, m1, splitting)
      let constant = try RelicSettings().coupling(point, alphaD: 0.5)
      let running = try RelicSettings(mediatorWidth: .running).coupling(point, alphaD: 0.5)
      return ValidationRow(
        "change of y by a running width, α_D = 0.5, m₁ = \(NumberText.plain(m1)) GeV, "
          + "Δ = \(NumberText.plain(splitting)) m₁",
        value: .exact(running.y / constant.y - 1),
        expectation: .range(-0.13...(-0.08), .absolute(0.005)),
        source: ProductionValidation.reference)
    }
  }

  private static func quadrature(_ setup: ValidationSetup) throws -> [ValidationRow] {
    try [(0.03, 0.1), (0.3, 0.4), (0.5, 0.1)].map { m1, splitting in
      let point = try point(setup, m1, splitting)
      let own = try RelicSettings().coupling(point, alphaD: 0.1)
      let finer = try RelicSettings().coupling(point, alphaD: 0.1, refinement: 2)
      return ValidationRow(
        "y with twice the panels over y, m₁ = \(NumberText.plain(m1)) GeV, "
          + "Δ = \(NumberText.plain(splitting)) m₁",
        value: .exact(finer.y / own.y), expectation: .number(.exact(1), .relative(1e-5)),
        source: "Duskline, every panel of the quadrature cut in two")
    }
  }

  private static func twoSpecies(_ setup: ValidationSetup) throws -> [ValidationRow] {
    try [(0.03, 0.1), (0.1, 0.4)].map { m1, splitting in
      let point = try point(setup, m1, splitting)
      let density = try RelicSettings().coupling(point, alphaD: 0.1)
      let two = try TwoSpecies(point, settings: RelicSettings(), density: density)
        .result(scale: 1e3)
      return ValidationRow(
        "Ω of two species with fast conversion over Ω of one, m₁ = \(NumberText.plain(m1)) GeV, "
          + "Δ = \(NumberText.plain(splitting)) m₁",
        value: .exact(two.abundance / density.abundance),
        expectation: .number(.exact(1), .relative(1e-5)),
        source: "the one-species equation, its limit",
        note: splitting == 0.4 ? "The conversion rate is scaled up a thousandfold." : nil)
    }
  }
}

import DarkSector
import Integration
import Units

/// Widths of χ₂ and A′.
enum DecayValidation {
  static let outline = ValidationOutline(
    title: "Decays",
    introduction: """
      Partial widths of χ₂ → χ₁X and the width of A′ → χ₁χ₂ at m_A′ = 3m₁, α_D = 0.1, ε = 10⁻³; the limit \
      of small splittings, `Γ = 4ε²αα_DΔ⁵/(15π m_A′⁴)`; and the paper's own example of it.
      """,
    steps: [
      ValidationStep(make: widths), ValidationStep(make: smallSplitting),
      ValidationStep(make: footnote),
    ])

  private static func widths(_ setup: ValidationSetup) throws -> [ValidationRow] {
    let (epsilonSquared, alphaD) = (1e-6, 0.1)
    var rows: [ValidationRow] = []
    for record in try ReferenceTable.decays.records() {
      let m1 = try record.number("m1_GeV")
      let splitting = try record.number("splitting_over_m1")
      let point = try ModelPoint(
        chi1Mass: m1, massSplitting: splitting * m1, darkPhotonMass: 3 * m1)
      let widths = point.chi2Widths()
      func row(
        _ name: String, _ column: String, _ value: Double, _ tolerance: Double, note: String? = nil
      ) throws {
        let reference = try record.number(column)
        // A closed channel is exactly 0.
        rows.append(
          ValidationRow(
            "\(name), m₁ = \(short(m1)) GeV, Δ/m₁ = \(short(splitting)) [GeV]",
            value: .exact(value),
            expectation: .number(
              .exact(reference), reference == 0 ? .absolute(0) : .relative(tolerance)),
            source: ProductionValidation.reference, note: note))
      }
      let factor = epsilonSquared * alphaD
      try row("Γ(χ₂ → χ₁ee)", "width_ee_GeV", factor * widths.electrons, 1e-4)
      try row("Γ(χ₂ → χ₁μμ)", "width_mumu_GeV", factor * widths.muons, 1e-4)
      try row(
        "Γ(χ₂ → χ₁ hadrons)", "width_hadrons_GeV", factor * widths.hadrons, 1e-2,
        note: widths.hadrons > 0
          ? """
          both sides integrate the same compilation of R, so that this tests the integral; hadronic widths \
          near threshold are model-dependent at the 10 % level.
          """ : nil)
      try row(
        "Γ(A′ → χ₁χ₂)", "width_A_to_chi1chi2_GeV",
        alphaD * point.darkMediatorWidth(atVirtuality: point.darkPhotonMass), 1e-4)
    }
    return rows
  }

  private static func smallSplitting(_ setup: ValidationSetup) throws -> [ValidationRow] {
    // At m₁ = 1 GeV the electron is massless to 3·10⁻⁵ for the splittings quoted.
    let quoted = [(0.1, 0.87), (0.2, 0.77), (0.4, 0.64)].map { splitting, ratio in
      (m1: 1.0, splitting: splitting, ratio: ratio, rounding: 0.005)
    }
    // Δ/m₁ = 10⁻³ leaves a relative correction of the order of Δ/m₁.
    let limit = (m1: 1000.0, splitting: 1e-3, ratio: 1.0, rounding: 0.002)
    return try (quoted + [limit]).map { m1, splitting, ratio, rounding in
      let point = try ModelPoint(
        chi1Mass: m1, massSplitting: splitting * m1, darkPhotonMass: 3 * m1)
      let value = point.chi2Widths().electrons / point.dielectronWidthSmallSplitting()
      return ValidationRow(
        "Γ(χ₂ → χ₁ee) over its small-Δ limit, Δ/m₁ = \(short(splitting))", value: .exact(value),
        expectation: .number(.exact(ratio), .absolute(rounding)),
        source: splitting < 0.01 ? "analytic limit" : "independent evaluation, quoted to two digits"
      )
    }
  }

  /// m_A′ = 100 MeV, Δ = 20 MeV, ε²α_D = 10⁻⁷.
  private static func footnote(_ setup: ValidationSetup) throws -> [ValidationRow] {
    let mediator = 100 * Double.MeV
    let point = try ModelPoint(
      chi1Mass: mediator / 3, massSplitting: 20 * .MeV, darkPhotonMass: mediator)
    let coupling = 1e-7
    let limit = properDecayLength(ofWidth: coupling * point.dielectronWidthSmallSplitting()) / .cm
    let exact = properDecayLength(ofWidth: coupling * point.chi2Widths().total) / .cm
    let place = "m_A′ = 100 MeV, Δ = 20 MeV, ε²α_D = 10⁻⁷ [cm]"
    return [
      ValidationRow(
        "cτ of χ₂ in the small-Δ limit, \(place)", value: .exact(limit),
        expectation: .number(.exact(10), .absolute(0.5)), source: "arXiv:2409.00170, footnote 2",
        note: """
          the footnote prints the inverse of the width as τ⁻¹, and calls the 10 cm "cτ/γ"; they are cτ, \
          and the length in the laboratory is βγcτ.
          """),
      ValidationRow(
        "cτ of χ₂ exactly, m₁ = m_A′/3, \(place)", value: .exact(exact), expectation: .none,
        source: "no reference",
        note: "here Δ/m₁ = 0.6, where the limit makes the width 1.8 times too large."),
    ]
  }

  private static func short(_ value: Double) -> String { ValidationText.number(value, error: 0) }
}

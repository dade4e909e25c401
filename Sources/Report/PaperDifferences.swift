import Production
import Reach

/// What differs from arXiv:2409.00170, and why. `Documentation/Physics.md`, section 10, argues at length.
enum PaperDifferences {
  /// The differences of a run, as headings and explanations.
  static func entries(_ plan: Plan) -> [(heading: String, text: String)] {
    [
      (
        "Luminosity",
        "The text and the caption of Fig. 6 use 4.7 × 10³ pb⁻¹, footnote 6 gives 468.75 pb⁻¹ (1.5 × 10⁴ pb⁻¹ per "
          + "electron, over Z = 4, in 5 of 40 modules). They differ tenfold, so Fig. 6 is drawn for both. At "
          + "fixed m₁ the lower edge of the contour in y moves by about √10."
      ),
      (
        "Muons on target",
        "1.5 × 10⁴ pb⁻¹ of muon–electron luminosity over 60 cm of beryllium needs 5.06 × 10¹⁴ muons; the paper states "
          + "10¹⁶, which would give 9.3 × 10³ pb⁻¹ per nucleus on the last 5 modules."
      ),
      (
        "Majorana states",
        "Eq. (1) read literally, χ̄₂γ^μχ₁ + h.c. without an i, vanishes for Majorana fields, and with an i its h.c. "
          + "doubles the coupling. Here the coupling is i g_D χ̄₂γ^μχ₁, once. Two Dirac fields would double "
          + "Γ(A′ → χ₁χ₂) and leave the χ₂ width."
      ),
      (
        "Width of χ₂",
        "Footnote 2 prints the inverse of the small-splitting width. Here the width is exact in Δ, with lepton masses "
          + "and hadrons from measured R: 0.87, 0.77 and 0.64 of the small-splitting limit at Δ/m₁ = 0.1, 0.2 and 0.4 "
          + "for m_A′ = 3 m₁. The “cτ/γ ≈ 10 cm” after it is cτ; the length in the laboratory is βγcτ."
      ),
      (
        "Production",
        "All yields use the exact 2 → 3 matrix element and phase space, the A′ spin state included; the "
          + "Weizsäcker–Williams approximation appears in Fig. 4 only. The nuclear form factor is "
          + formFactor(plan.production.formFactor) + "."
      ),
      (
        "Fig. 4, right",
        "The text and the caption disagree about whose energy is shown. Both spectra are drawn."
      ),
      (
        "Fig. 5",
        "The values of m₁ are our choice; Δ = 0.4 m₁ is the paper's."
      ),
      (
        "Fig. 6",
        "The paper's text does not state the splittings; a pane for each of \(list(plan.scan.splittingOverM1)) is "
          + "drawn. Both crossings of the contour are found by root finding. The paper asks for 3 events; at "
          + "\(NumberText.plain(100 * plan.statistics.confidenceLevel)) % confidence the exact number without "
          + "background is −ln(1 − CL), 2.996 at 95 %."
      ),
      (
        "Relic line and existing limits",
        "The line of the observed relic density is computed here: the Boltzmann equation of both states in chemical "
          + "equilibrium, with the thermal average of χ₁χ₂ → A′* → leptons and hadrons and the A′ propagator. The "
          + "paper's Eq. (3) for the abundance is inverted: Ω ∝ 1/y, and not quite, since a later freeze-out "
          + "suppresses χ₂ further. Limits and projections of other experiments are drawn where they hold: the published "
          + "curves were made for one splitting, Δ/m₁ = 0.1, MiniBooNE's for 0.05. All but MiniBooNE are computed at "
          + "each splitting, BaBar and Belle II with decays of χ₂ inside the detector seen."
      ),
      (
        "Background",
        (plan.statistics.backgroundEvents == 0
          ? "None is assumed, as for the paper's contour"
          : "\(NumberText.plain(plan.statistics.backgroundEvents)) events are assumed, where the paper's contour has none")
          + "; backgrounds themselves are not simulated yet."
      ),
      (
        "Width of the A′",
        plan.production.mediator == .narrow
          ? "The A′ is on its mass shell, as in the paper. With its line shape (production.mediator: spectral) "
            + "production at α_D = 0.5 and m_A′ = 3 m₁ is 11–16 % lower for m_A′ of 0.3–1 GeV, up to 18.5 % at "
            + "3 GeV, less below, and not lower at 10 MeV."
          : "The A′ has its line shape here; the paper takes it on its mass shell. Figs. 4 and 5 are drawn against "
            + "the mass: Fig. 4 has a narrow A′."
      ),
      (
        "Apparatus",
        "As in the paper: a pencil beam, straight tracks, full efficiency, planes at the stated distances from the "
          + "interaction point. Multiple scattering, energy loss and showers are not modelled."
      ),
    ]
  }

  private static func formFactor(_ model: FormFactorModel) -> String {
    switch model {
    case .tsai: "Tsai's, with the screening constants of this nucleus"
    case .tsaiGeneric:
      "Tsai's, with the constants 111 and 773 that the literature uses for every nucleus"
    case .point: "that of a point charge"
    }
  }

  private static func list(_ values: [Double]) -> String {
    values.map { "\($0)" }.joined(separator: ", ")
  }
}

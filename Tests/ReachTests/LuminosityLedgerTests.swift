import ParticleData
import Reach
import Testing

@Suite("Luminosity ledger")
struct LuminosityLedgerTests {
  private let plan = Plan.paper()

  private func perPicobarn(_ settings: LuminositySettings) -> Double {
    LuminosityLedger(settings, plan: plan).perPicobarn
  }

  @Test(
    "Beryllium has 1.2349e23 nuclei and four times as many electrons per cm³", .tags(.reference))
  func beryllium() {
    // 1e-4: five printed digits.
    #expect(abs(Material.beryllium.nucleiPerCubicCentimetre / 1.2349e23 - 1) < 1e-4)
    #expect(
      Material.beryllium.electronsPerCubicCentimetre
        == 4 * Material.beryllium.nucleiPerCubicCentimetre)
  }

  @Test(
    "The muons behind 1.5e4 /pb per electron give 3750 and 468.75 /pb per nucleus",
    .tags(.reference))
  func muons() {
    // n_e · 60 cm · N = 1.5e4 /pb: N = 1.5e40 cm⁻² / (4.9395e23 · 60 cm⁻²).
    let muons = 1.5e4 * 1e36 / (4 * Material.beryllium.nucleiPerCubicCentimetre * 60)
    #expect(abs(muons / 5.06e14 - 1) < 1e-3)  // three printed digits
    // 1e-12: one division back and forth.
    #expect(
      abs(perPicobarn(.beamOnTarget(particles: muons, modules: 5)) / 468.75 - 1) < 1e-12)
    #expect(
      abs(perPicobarn(.beamOnTarget(particles: muons, modules: 40)) / 3750 - 1) < 1e-12)
  }

  @Test("1e16 muons give 9.3e3 /pb on the last five modules", .tags(.reference))
  func statedMuons() {
    // Two printed digits.
    #expect(
      abs(perPicobarn(.beamOnTarget(particles: 1e16, modules: nil)) / 9.3e3 - 1) < 0.01)
    #expect(
      abs(perPicobarn(.beamOnTarget(particles: 1e16, modules: 40)) / 7.41e4 - 1) < 1e-3)
  }

  @Test("The paper's two numbers go by name, others as given", .tags(.unit))
  func named() {
    #expect(perPicobarn(.paperText) == 4700 && perPicobarn(.paperFootnote) == 468.75)
    #expect(perPicobarn(.perPicobarn(123.5)) == 123.5)
    #expect(LuminosityLedger(.paperText, plan: plan).origin.contains("paper-text"))
    #expect(LuminosityLedger(.paperFootnote, plan: plan).origin.contains("footnote 6"))
    #expect(LuminosityLedger(.perPicobarn(1), plan: plan).origin.contains("card"))
    #expect(
      LuminosityLedger(.beamOnTarget(particles: 1e16, modules: 3), plan: plan).origin
        .contains("3 modules"))
  }

  @Test("No number of modules means those of the selection", .tags(.unit))
  func defaultModules() {
    let seven = plan.with { $0.selection.lastModules = 7 }
    let a = LuminosityLedger(.beamOnTarget(particles: 1e15, modules: nil), plan: seven)
    let b = LuminosityLedger(.beamOnTarget(particles: 1e15, modules: 7), plan: plan)
    #expect(a.perPicobarn == b.perPicobarn)
  }

  @Test("The lines do the arithmetic", .tags(.unit))
  func lines() {
    let text = LuminosityLedger(.paperText, plan: plan).lines.joined(separator: "\n")
    for part in [
      "1.235e23 per cm3 of beryllium", "electrons 4.939e23", "40 of 1.5 cm, 5 used",
      "4700 /pb per nucleus, needs 5.075e15", "468.75 /pb needs 5.061e14",
      "needs 5.061e14 beam particles", "9262 /pb per nucleus on 5",
    ] {
      #expect(text.contains(part), "\(part) in:\n\(text)")
    }
  }

  @Test("The ledger follows the target and its thickness", .tags(.property))
  func materials() {
    for material in Material.builtIn {
      let thick = plan.with {
        $0.target = material
        $0.apparatus.targetThickness = 30
      }
      let ledger = LuminosityLedger(.beamOnTarget(particles: 1e12, modules: 1), plan: thick)
      // 1e-12: a product of four numbers.
      #expect(
        abs(ledger.perPicobarn / (1e12 * material.nucleiPerCubicCentimetre * 3 * 1e-36) - 1)
          < 1e-12)
    }
  }
}

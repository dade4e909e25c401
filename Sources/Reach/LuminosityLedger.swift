import Detector
import ParticleData
import Selection
import Units

/// How a luminosity comes about: beam particles on so many modules of so much material, and the paper's two numbers beside it.
///
/// The paper's 1.5·10⁴ pb⁻¹ of μe luminosity over 60 cm of beryllium needs 5.06·10¹⁴ muons, not 10¹⁶; the same muons give
/// 3750 pb⁻¹ of μ-Be luminosity in 40 modules and 468.75 pb⁻¹ in the last 5 (its footnote 6), while its text and caption
/// use 4.7·10³ pb⁻¹. Both are carried by name, never a number without a source.
public struct LuminosityLedger: Sendable, Hashable {
  /// 4.7·10³ pb⁻¹: arXiv:2409.00170, text and caption of Fig. 6.
  public static let paperText = 4700.0
  /// 468.75 pb⁻¹: arXiv:2409.00170, footnote 6: 1.5·10⁴ pb⁻¹ / 4 · 5/40.
  public static let paperFootnote = 468.75
  /// The μe luminosity from which the paper starts, in pb⁻¹.
  static let paperElectronLuminosity = 1.5e4

  /// The luminosity per nucleus that the run uses, in pb⁻¹.
  public let perPicobarn: Double
  /// How it was come by, in words.
  public let origin: String
  /// Where the number does not fit the plan, a line each.
  public let remarks: [String]
  /// The arithmetic and the remarks, a line each.
  public let lines: [String]

  /// The ledger of a plan for one of its luminosities.
  public init(_ settings: LuminositySettings, plan: Plan) {
    let modules: Int
    switch settings {
    case .paperText:
      perPicobarn = Self.paperText
      origin = "paper-text: arXiv:2409.00170, text and caption of Fig. 6"
      modules = plan.selection.lastModules
    case .paperFootnote:
      perPicobarn = Self.paperFootnote
      origin =
        "paper-footnote: arXiv:2409.00170, footnote 6 (1.5e4 /pb over Z = 4, 5 of 40 modules)"
      modules = plan.selection.lastModules
    case .perPicobarn(let value):
      perPicobarn = value
      origin = "given in the card"
      modules = plan.selection.lastModules
    case .beamOnTarget(let particles, let given):
      modules = given ?? plan.selection.lastModules
      perPicobarn = particles * Self.perParticle(plan, modules: modules)
      origin = "\(particles) beam particles on \(modules) modules"
    }
    remarks = Self.remarks(settings, plan: plan, modules: modules)
    lines = Self.arithmetic(plan, modules: modules, luminosity: perPicobarn) + remarks
  }

  /// pb⁻¹ per beam particle: nuclei per area of so many targets.
  ///
  ///     L/N = n d k · 10⁻³⁶ cm² pb⁻¹
  ///
  /// with n nuclei per cm³, d the thickness of one target in cm and k targets. Thin targets: neither the beam's
  /// loss of energy nor of particles is counted.
  ///
  /// Source: the definition of luminosity; the 468.75 pb⁻¹ of arXiv:2409.00170, footnote 6, follow from it.
  public static func perParticle(_ plan: Plan, modules: Int) -> Double {
    plan.target.nucleiPerCubicCentimetre * (plan.apparatus.targetThickness / .cm)
      * Double(modules) * 1e-36
  }

  /// The paper's numbers belong to its beam, target and modules; beam particles are counted on modules that the selection uses.
  private static func remarks(
    _ settings: LuminositySettings, plan: Plan, modules: Int
  ) -> [String] {
    switch settings {
    case .perPicobarn: return []
    case .paperText, .paperFootnote:
      let isPaper =
        plan.beam.particle == .muon && plan.target == .beryllium
        && plan.apparatus.targetThickness == 15 && plan.apparatus.stationCount == 40
        && plan.selection.lastModules == 5
      return isPaper
        ? []
        : [
          "note: the paper's luminosity is for muons on the last 5 of 40 modules of 15 mm of beryllium, which this "
            + "card changes; give luminosity.muons_on_target instead"
        ]
    case .beamOnTarget:
      return modules == plan.selection.lastModules
        ? []
        : [
          "note: luminosity.modules = \(modules) differs from selection.last_modules = "
            + "\(plan.selection.lastModules); leave it out to count the modules that are used"
        ]
    }
  }

  private static func arithmetic(_ plan: Plan, modules: Int, luminosity: Double) -> [String] {
    let target = plan.target
    let perParticle = perParticle(plan, modules: modules)
    let all = perParticle * Double(plan.apparatus.stationCount) / Double(modules)
    let Z = Double(target.atomicNumber)
    return [
      "nuclei: \(short(target.nucleiPerCubicCentimetre)) per cm3 of \(target.name), "
        + "electrons \(short(target.electronsPerCubicCentimetre)) per cm3",
      "targets: \(plan.apparatus.stationCount) of \(plan.apparatus.targetThickness / .cm) cm, "
        + "\(modules) used",
      "this luminosity, \(short(luminosity)) /pb per nucleus, needs "
        + "\(short(luminosity / perParticle)) beam particles",
      "paper-text \(ShortestNumber.text(paperText)) /pb needs \(short(paperText / perParticle)), "
        + "paper-footnote \(ShortestNumber.text(paperFootnote)) /pb needs \(short(paperFootnote / perParticle))",
      "1.5e4 /pb per electron on all targets needs "
        + "\(short(paperElectronLuminosity / (Z * all))) beam particles",
      "1e16 beam particles would give \(short(1e16 * perParticle)) /pb per nucleus on \(modules) "
        + "modules",
    ]
  }

  /// A number with four significant digits.
  static func short(_ value: Double) -> String { ShortestNumber.text(value, digits: 4) }
}

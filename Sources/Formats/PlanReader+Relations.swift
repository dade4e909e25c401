import Background
import Detector
import Foundation
import Reach
import Selection
import Units

// Relations between numbers of different keys.
extension PlanReader {
  /// Notes what does not fit together in a plan whose every number is in range by itself.
  func checkRelations(of plan: Plan, in tree: CardNode) {
    guard scope != .valuesAlone else { return }
    checkMasses(of: plan.model, in: tree)
    checkBeam(of: plan, in: tree)
    checkStations(of: plan, in: tree)
    checkVirtualities(of: plan.background, in: tree)
    if scope == .wholeChain {
      checkThresholds(of: plan, in: tree)
      checkWindow(of: plan, in: tree)
    }
  }

  /// The node that a fault between several keys is best reported at: the one given last of all.
  private func culprit(_ paths: [String], in tree: CardNode) -> CardNode {
    let nodes = paths.compactMap { path in
      path.split(separator: ".").reduce(Optional(tree)) { $0?[String($1)] }
    }
    return nodes.reduce(nodes.first ?? tree) { $1.source.layer > $0.source.layer ? $1 : $0 }
  }

  /// A number for a message: at most twelve digits, as 1.4 × 0.1 is 0.13999999999999999.
  private func text(_ value: Double) -> String {
    ShortestNumber.text(Double(String(format: "%.11e", value)) ?? value)
  }

  private func checkMasses(of model: ModelSettings, in tree: CardNode) {
    let m1 = model.m1
    let m2 = m1 * (1 + model.splittingOverM1)
    let mA = model.mediatorMass.mass(atM1: m1)
    let isOpen =
      switch model.mediatorMass {
      // By the ratio, where it is given: 3 m1 and m1 + 2 m1 may differ by a rounding.
      case .overM1(let ratio): ratio > 2 + model.splittingOverM1
      case .fixed(let mass): mass > m1 + m2
      }
    guard !isOpen else { return }
    let node = culprit(
      [
        "model.mediator_mass_GeV", "model.mediator_mass_over_m1", "model.splitting_over_m1",
        "model.m1_GeV",
      ], in: tree)
    log.add(
      at: node,
      "the mediator cannot decay into chi1 chi2 (mA = \(text(mA)) GeV, m1 + m2 = \(text(m1)) + "
        + "\(text(m2)) = \(text(m1 + m2)) GeV)",
      mend: "make the mediator heavier, or m1_GeV or splitting_over_m1 smaller")
  }

  private func checkBeam(of plan: Plan, in tree: CardNode) {
    guard plan.beam.energy <= plan.beam.particle.mass else { return }
    log.add(
      at: culprit(["beam.energy_GeV", "beam.particle"], in: tree),
      "beam.energy_GeV = \(text(plan.beam.energy)) does not exceed the \(plan.beam.particle)'s "
        + "mass (\(text(plan.beam.particle.mass)) GeV)", mend: "give the total energy in GeV")
  }

  /// Events of both processes would be counted twice.
  private func checkVirtualities(of background: BackgroundSettings, in tree: CardNode) {
    let (soft, hard) = (background.softMaximumQ2, background.disMinimumQ2)
    guard hard < soft else { return }
    log.add(
      at: culprit(
        ["background.dis_minimum_Q2_GeV2", "background.soft_maximum_Q2_GeV2"], in: tree),
      "events between Q2 = \(text(hard)) and \(text(soft)) GeV2 would count twice "
        + "(background.dis_minimum_Q2_GeV2 lies below soft_maximum_Q2_GeV2)",
      mend: "raise dis_minimum_Q2_GeV2, or lower soft_maximum_Q2_GeV2")
  }

  private func checkThresholds(of plan: Plan, in tree: CardNode) {
    let energy = plan.beam.energy
    guard energy > plan.beam.particle.mass else { return }
    let cuts = [
      ("minimum_energy_GeV", plan.selection.minimumLeptonEnergy),
      ("minimum_muon_energy_GeV", plan.selection.minimumBeamLeptonEnergy),
    ]
    for (key, threshold) in cuts where threshold >= energy {
      let path = "selection.\(key)"
      // Where the second key follows the first, one report is enough.
      if key == "minimum_muon_energy_GeV", threshold == plan.selection.minimumLeptonEnergy {
        continue
      }
      log.add(
        at: culprit([path, "beam.energy_GeV"], in: tree),
        "no event can pass \(path) = \(text(threshold)): the beam has \(text(energy)) GeV",
        mend: "lower the threshold, or raise beam.energy_GeV")
    }
  }

  private func checkWindow(of plan: Plan, in tree: CardNode) {
    let start = plan.selection.decayWindow.lowerBound
    let last = plan.apparatus.planes.map(\.centre.z).max() ?? 0
    // Hits further down the line may still see a later decay.
    guard plan.selection.tracking == .ownStation, start >= last else { return }
    log.add(
      at: culprit(["selection.decay_z_mm", "apparatus"], in: tree),
      "the decay window begins at \(text(start)) mm, behind the station's last plane at "
        + "\(text(last)) mm", mend: "begin the window upstream of a plane")
  }

  private func checkStations(of plan: Plan, in tree: CardNode) {
    let stations = plan.apparatus.stationCount
    func refuse(_ path: String, _ count: Int, of total: Int, _ what: String) {
      guard count > total else { return }
      log.add(
        at: culprit([path, "apparatus"], in: tree),
        "\(path) = \(count), but the apparatus \(plan.apparatus.name) has \(total) \(what)",
        mend: "give at most \(total)")
    }
    refuse("selection.last_modules", plan.selection.lastModules, of: stations, "stations")
    if case .atLeast(let planes) = plan.selection.requiredPlanes {
      refuse(
        "selection.required_planes", planes, of: plan.apparatus.planes.count,
        "planes in a station")
    }
    let luminosities =
      [("luminosity", plan.luminosity)] + plan.scan.luminosity.map { ("scan.luminosity", $0) }
    for case (let path, .beamOnTarget(_, let modules?)) in luminosities {
      refuse(path, modules, of: stations, "stations")
    }
  }
}

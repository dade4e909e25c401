import Background
import ParticleData
import Production
import Reach
import Selection
import Units

/// Writes a plan back as a card: complete, and read again the same plan.
///
/// Every number is the shortest decimal that reads back to the same double. An apparatus or a
/// material of the user's own is written out in full, so that the text depends on no other file.
public struct CardWriter: Sendable {
  /// Whether the number of threads is written. Data files say `auto`, as no result depends on it.
  public var statesThreads: Bool

  /// A writer; one for `explain` states the threads, one for data files does not.
  public init(statesThreads: Bool = true) {
    self.statesThreads = statesThreads
  }

  /// The card of a plan, with notes as comment lines behind it.
  public func text(of plan: Plan, notes: [String] = []) -> String {
    var card = CardText()
    card.add("duskline", "1")
    write(plan.beam, to: &card)
    card.add("target")
    card.add("material", material(plan.target), depth: 1)
    write(plan.model, to: &card)
    write(plan.production, to: &card)
    ApparatusWriter.write(plan.apparatus, to: &card)
    write(plan.selection, to: &card)
    card.add("luminosity", plan.luminosity.cardText)
    card.add("statistics")
    card.add("confidence_level", number(plan.statistics.confidenceLevel), depth: 1)
    card.add("background_events", number(plan.statistics.backgroundEvents), depth: 1)
    card.add("background_error", number(plan.statistics.backgroundError), depth: 1)
    write(plan.background, to: &card)
    card.add("relic")
    card.add("solve_for", plan.relic.solveFor.rawValue, depth: 1)
    card.add("abundance", number(plan.relic.abundance), depth: 1)
    card.add("final_states", plan.relic.finalStates.rawValue, depth: 1)
    card.add("mediator_width", plan.relic.mediatorWidth.rawValue, depth: 1)
    write(plan.scan, to: &card)
    write(plan.run, to: &card)
    if !notes.isEmpty {
      card.gap()
      for note in notes { card.comment(note) }
    }
    return card.text
  }

  private func number(_ value: Double) -> String { ShortestNumber.text(value) }

  private func write(_ beam: Beam, to card: inout CardText) {
    card.add("beam")
    card.add("particle", beam.particle.rawValue, depth: 1)
    card.add("energy_GeV", number(beam.energy), depth: 1)
    card.add("spot_mm", CardText.list([number(beam.spot.x), number(beam.spot.y)]), depth: 1)
    let divergence = [beam.divergence.x, beam.divergence.y]
    card.add(
      "divergence_mrad", CardText.list(divergence.map { ShortestNumber.text($0, in: .mrad) }),
      depth: 1)
  }

  private func material(_ material: Material) -> String {
    if Material.named(material.name) == material { return material.name }
    return CardText.map([
      ("Z", "\(material.atomicNumber)"), ("A", number(material.massNumber)),
      ("nuclear_mass_GeV", number(material.nuclearMass)),
      ("molar_mass_g_mol", number(material.molarMass)),
      ("density_g_cm3", number(material.density)),
      ("radiation_length_cm", number(material.radiationLength)),
    ])
  }

  private func write(_ model: ModelSettings, to card: inout CardText) {
    card.add("model")
    card.add("kind", "inelastic-dark-matter", depth: 1)
    card.add("m1_GeV", number(model.m1), depth: 1)
    card.add("splitting_over_m1", number(model.splittingOverM1), depth: 1)
    switch model.mediatorMass {
    case .overM1(let ratio): card.add("mediator_mass_over_m1", number(ratio), depth: 1)
    case .fixed(let mass): card.add("mediator_mass_GeV", number(mass), depth: 1)
    }
    card.add("alpha_D", number(model.alphaD), depth: 1)
    switch model.coupling {
    case .y(let y): card.add("y", number(y), depth: 1)
    case .epsilon(let epsilon): card.add("epsilon", number(epsilon), depth: 1)
    }
  }

  private func write(_ production: ProductionSettings, to card: inout CardText) {
    card.add("production")
    card.add("method", production.method.rawValue, depth: 1)
    card.add("form_factor", production.formFactor.rawValue, depth: 1)
    // Quoted: a bare off is false to other readers of YAML.
    card.add("inelastic", CardText.quoted(production.inelastic.rawValue), depth: 1)
    card.add("mediator", production.mediator.rawValue, depth: 1)
    card.add("polarisation", production.polarisation.rawValue, depth: 1)
    card.add("relative_precision", number(production.relativePrecision), depth: 1)
  }

  private func write(_ background: BackgroundSettings, to card: inout CardText) {
    card.add("background")
    card.add("soft_minimum_W_GeV", number(background.softMinimumW), depth: 1)
    card.add("soft_maximum_Q2_GeV2", number(background.softMaximumQ2), depth: 1)
    card.add("dis_minimum_Q2_GeV2", number(background.disMinimumQ2), depth: 1)
    card.add("dis_minimum_mass_GeV", number(background.disMinimumMass), depth: 1)
    card.add("neutral_veto_threshold_GeV", number(background.neutralVetoThreshold), depth: 1)
    card.add("other_hadrons", background.otherHadrons.rawValue, depth: 1)
    card.add("normalisation", background.normalisation.rawValue, depth: 1)
    let rates = background.fakeRates
    let numbers = [
      rates.pionAsElectron, rates.pionAsMuon, rates.protonAsElectron, rates.protonAsMuon,
    ]
    card.add(
      "fake_rates",
      CardText.map(zip(PlanReader.fakeRateKeys, numbers).map { ($0, number($1)) }), depth: 1)
    let vertex = background.vertex
    card.add(
      "vertex",
      CardText.map([
        ("angular_resolution_mrad", ShortestNumber.text(vertex.angularResolution, in: .mrad)),
        ("tail", vertex.tail.rawValue), ("tail_share", number(vertex.tailShare)),
        ("minimum_significance", number(vertex.significance)),
      ]), depth: 1)
  }

  private func write(_ cuts: SelectionCuts, to card: inout CardText) {
    let window = cuts.decayWindow
    card.add("selection")
    card.add(
      "decay_z_mm", CardText.list([number(window.lowerBound), number(window.upperBound)]),
      depth: 1)
    card.add("minimum_energy_GeV", number(cuts.minimumLeptonEnergy), depth: 1)
    card.add("minimum_muon_energy_GeV", number(cuts.minimumBeamLeptonEnergy), depth: 1)
    card.add(
      "minimum_opening_angle_mrad", ShortestNumber.text(cuts.minimumOpeningAngle, in: .mrad),
      depth: 1)
    switch cuts.requiredPlanes {
    case .all: card.add("required_planes", "all", depth: 1)
    case .atLeast(let planes): card.add("required_planes", "\(planes)", depth: 1)
    }
    card.add("tracking", cuts.tracking.rawValue, depth: 1)
    card.add("last_modules", "\(cuts.lastModules)", depth: 1)
    card.add("interaction_vertex", cuts.interactionVertex.rawValue, depth: 1)
  }

  private func write(_ scan: ScanSettings, to card: inout CardText) {
    card.add("scan")
    card.add("m1_GeV", list: scan.m1.map(number), depth: 1)
    card.add("splitting_over_m1", list: scan.splittingOverM1.map(number), depth: 1)
    card.add("alpha_D", list: scan.alphaD.map(number), depth: 1)
    card.add("luminosity", list: scan.luminosity.map(\.cardText), depth: 1)
    card.add("y_precision", number(scan.yPrecision), depth: 1)
    card.add("quantity", scan.quantity.rawValue, depth: 1)
    if scan.axes.isEmpty {
      card.add("over", "{}", depth: 1)
    } else {
      card.add("over", depth: 1)
      for axis in scan.axes { card.add(axis.key, list: axis.values, depth: 2) }
    }
    card.add("table", scan.table.map(CardText.quoted) ?? "none", depth: 1)
  }

  private func write(_ run: RunSettings, to card: inout CardText) {
    card.add("run")
    card.add("seed", "\(run.seed)", depth: 1)
    card.add("events_per_point", "\(run.eventsPerPoint)", depth: 1)
    card.add("weighting", run.weighting.rawValue, depth: 1)
    let threads = statesThreads ? run.threads : nil
    card.add("threads", threads.map { "\($0)" } ?? "auto", depth: 1)
  }
}

extension LuminositySettings {
  /// The luminosity as a card has it, on one line.
  package var cardText: String {
    switch self {
    case .paperText: "paper-text"
    case .paperFootnote: "paper-footnote"
    case .perPicobarn(let value): CardText.map([("per_pb", ShortestNumber.text(value))])
    case .beamOnTarget(let particles, let modules):
      CardText.map([
        ("muons_on_target", ShortestNumber.text(particles)),
        ("modules", modules.map { "\($0)" } ?? "selected"),
      ])
    }
  }
}

import Reach
import Relic
import Selection
import Statistics
import Units

// Selection, luminosity, statistics, relic, run.
extension PlanReader {
  func selection(_ reader: SectionReader) -> SelectionCuts? {
    let window = decayWindow(reader)
    let leptonEnergy = reader.number("minimum_energy_GeV", .nonNegative)
    let muonEnergy: Double?
    if case .scalar("same", _)? = reader.given("minimum_muon_energy_GeV")?.content {
      muonEnergy = leptonEnergy
    } else {
      muonEnergy = reader.number("minimum_muon_energy_GeV", .nonNegative)
    }
    let halfTurn = (Double.pi / .mrad).rounded(.down)
    let angle = reader.number(
      "minimum_opening_angle_mrad",
      .within(0, halfTurn, because: "two tracks open by half a turn at most"))
    let planes = requiredPlanes(reader)
    let tracking = reader.choice("tracking", of: TrackingStations.self)
    let modules = reader.integer("last_modules", 1...Int.max)
    let vertex = reader.choice("interaction_vertex", of: InteractionVertex.self)
    guard let window, let leptonEnergy, let muonEnergy, let angle, let planes, let tracking,
      let modules, let vertex
    else { return nil }
    return SelectionCuts(
      decayWindow: window, minimumBeamLeptonEnergy: muonEnergy, minimumLeptonEnergy: leptonEnergy,
      minimumOpeningAngle: angle * .mrad, requiredPlanes: planes, tracking: tracking,
      lastModules: modules, interactionVertex: vertex)
  }

  private func decayWindow(_ reader: SectionReader) -> ClosedRange<Double>? {
    guard let window = reader.numbers("decay_z_mm", count: 2, .nonNegative),
      let node = reader.given("decay_z_mm")
    else { return nil }
    guard window[0] < window[1] else {
      let text = window.map(ShortestNumber.text).joined(separator: ", ")
      let isPoint = window[0] == window[1]
      log.add(
        at: node,
        "decay window is empty (decay_z_mm = [\(text)]: "
          + (isPoint ? "both are the same)" : "the first lies beyond the second)"),
        mend: isPoint ? "give two different ends" : "swap the two")
      return nil
    }
    return window[0]...window[1]
  }

  private func requiredPlanes(_ reader: SectionReader) -> RequiredPlanes? {
    guard let node = reader.required("required_planes") else { return nil }
    if case .scalar("all", _) = node.content { return .all }
    if case .scalar(let text, _) = node.content, case .notANumber = ScalarSyntax.number(text) {
      log.add(
        at: node, "selection.required_planes = \(node.summary) is unknown",
        mend: "give 'all' or a number of planes")
      return nil
    }
    return reader.integer(node, "selection.required_planes", 1...Int.max).map { .atLeast($0) }
  }

  func luminosity(_ node: CardNode, _ reader: SectionReader, name: String) -> LuminositySettings? {
    guard case .map = node.content else {
      guard case .scalar("paper-text", _) = node.content else {
        guard case .scalar("paper-footnote", _) = node.content else {
          reader.reportUnknownWord(
            node, name,
            among: ["paper-text", "paper-footnote", "{per_pb: …}", "{muons_on_target: …}"])
          return nil
        }
        return .paperFootnote
      }
      return .paperText
    }
    let keys = ["per_pb", "muons_on_target", "modules"]
    guard let map = SectionReader(node, path: name, keys: keys, log: log) else { return nil }
    if map.given("per_pb") != nil {
      if map.given("muons_on_target") != nil {
        // The run's own luminosity has been checked with the alternatives of its source.
        if name != "luminosity" {
          log.add(
            at: node, "\(name) gives both per_pb and muons_on_target",
            mend: "keep one of them: either follows from the other")
        }
        return nil
      }
      if let modules = map.given("modules") {
        log.add(
          at: modules, "\(name).modules has no meaning beside per_pb", mend: "remove one of them")
      }
      return map.number("per_pb", .above(0, upTo: 1e15, because: "no experiment comes near")).map {
        .perPicobarn($0)
      }
    }
    let muons = map.number(
      "muons_on_target", .above(0, upTo: 1e30, because: "no beam comes near"))
    guard let node = map.given("modules"), node.content != .scalar("selected", isPlain: true)
    else { return muons.map { .beamOnTarget(particles: $0, modules: nil) } }
    let modules = map.integer("modules", 1...Int.max)
    guard let muons, let modules else { return nil }
    return .beamOnTarget(particles: muons, modules: modules)
  }

  func statistics(_ reader: SectionReader) -> StatisticsSettings? {
    let level = reader.number("confidence_level", .strictlyBetween(0, 1))
    let counts = NumberRange(text: "between 0 and 1e12") {
      (0...CountingExperiment.largestCount).contains($0)
    }
    let background = reader.number("background_events", counts)
    let error = reader.number("background_error", counts)
    guard let level, let background, let error else { return nil }
    // A relation, as those of `checkRelations`.
    if scope != .valuesAlone {
      do {
        _ = try CountingExperiment(background: background, backgroundError: error)
      } catch {
        log.add(
          at: reader.given("background_error") ?? reader.node,
          "statistics.background_error: \(error)", mend: "give 0, or what fits background_events")
        return nil
      }
    }
    return StatisticsSettings(
      confidenceLevel: level, backgroundEvents: background, backgroundError: error)
  }

  func relic(_ reader: SectionReader) -> RelicSettings? {
    let unknown = reader.choice("solve_for", of: RelicUnknown.self)
    let abundance = reader.number("abundance", .positive)
    let finalStates = reader.choice("final_states", of: RelicFinalStates.self)
    let width = reader.choice("mediator_width", of: MediatorWidthModel.self)
    guard let unknown, let abundance, let finalStates, let width else { return nil }
    return RelicSettings(
      solveFor: unknown, abundance: abundance, finalStates: finalStates, mediatorWidth: width)
  }

  func run(_ reader: SectionReader) -> RunSettings? {
    let seed = reader.integer("seed", 0...Int.max)
    let events = reader.integer(
      "events_per_point", 1...1_000_000_000, because: "more than 10⁹ would not end")
    let weighting = reader.choice("weighting", of: EventWeighting.self)
    var threads: Int?
    var threadsAreRead = true
    if let node = reader.required("threads") {
      if node.content != .scalar("auto", isPlain: true),
        node.content != .scalar("auto", isPlain: false)
      {
        threads = reader.integer(node, "run.threads", 1...1024, because: "or 'auto'")
        threadsAreRead = threads != nil
      }
    } else {
      threadsAreRead = false
    }
    guard let seed, let events, let weighting, threadsAreRead else { return nil }
    return RunSettings(
      seed: UInt64(seed), eventsPerPoint: events, weighting: weighting, threads: threads)
  }
}

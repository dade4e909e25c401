import Constraints
import ParticleData
import Production
import Recasts
import Units

/// Reads a thick-target experiment: an apparatus file that says `kind: thick-target`.
public struct ThickTargetReader {
  private let log: FaultLog

  private static let keys = [
    "duskline-apparatus", "kind", "name", "title", "source", "status", "beam", "target",
    "production", "decay", "missing_momentum", "events",
  ]

  /// The names of those that come with the program.
  public static let builtInNames = ["e137", "bdx", "ldmx", "na64mu"]

  /// Those that come with the program, read once.
  public static let builtIn: [ThickTargetExperiment] = [
    PackageResources.e137_apparatus_yaml, PackageResources.bdx_apparatus_yaml,
    PackageResources.ldmx_apparatus_yaml, PackageResources.na64mu_apparatus_yaml,
  ].map { bytes in
    let log = FaultLog()
    let source = CardSource(name: "built in", folder: ".", layer: 2)
    let root = YAMLText(text: CardFile.text(of: bytes), source: source).root(log: log)
    guard let experiment = root.flatMap({ ThickTargetReader(log: log).experiment($0) }) else {
      preconditionFailure("an experiment that comes with the program is at fault: \(log.sorted)")
    }
    return experiment
  }

  /// The experiment in a file.
  ///
  /// - Throws: ``RunCardError`` with all faults, each with line and column.
  public static func experiment(at path: String) throws(RunCardError) -> ThickTargetExperiment {
    let log = FaultLog()
    let source = CardSource(name: path, folder: ".", layer: 2)
    let experiment = CardFile.read(source, path: path, log: log)?.root(log: log)
      .flatMap { ThickTargetReader(log: log).experiment($0) }
    try log.throwIfAny()
    guard let experiment else { preconditionFailure("what could not be read must have been noted") }
    return experiment
  }

  private init(log: FaultLog) { self.log = log }

  private func experiment(_ node: CardNode) -> ThickTargetExperiment? {
    guard
      let reader = SectionReader(
        node, path: "", label: "an apparatus file", keys: Self.keys, log: log)
    else { return nil }
    let version = reader.integer(
      "duskline-apparatus", 1...1, because: "this program reads format 1")
    let kind = reader.word("kind", among: ["thick-target"])
    let name = name(reader)
    let title = reader.text("title")
    let source = reader.text("source")
    let status = reader.choice("status", of: ConstraintKind.self)
    let beam = reader.section("beam", keys: ["particle", "energy_GeV", "particles_on_target"])
    let particle = beam?.choice("particle", of: BeamParticle.self)
    let energy = beam?.number("energy_GeV", .above(0.1, upTo: 1e5))
    let particles = beam?.number("particles_on_target", .positive)
    let target = reader.section(
      "target",
      keys: ["material", "depth_radiation_lengths", "tracks", "counted_radiation_lengths"])
    let material = target?.material("material")
    let depth = target?.number("depth_radiation_lengths", .above(0, upTo: 1000))
    let tracks = target?.choice("tracks", of: ThickTargetExperiment.ShowerTracks.self)
    let counted =
      target?.given("counted_radiation_lengths") == nil
      ? depth : target?.number("counted_radiation_lengths", .above(0, upTo: 1000))
    let production = reader.section("production", keys: ["inelastic", "annihilation"])
    let inelastic = production?.choice("inelastic", of: InelasticModel.self)
    let annihilation = production?.word("annihilation", among: ["true", "false"])
    let events = reader.number("events", .positive)
    let search = search(reader)
    guard version != nil, kind != nil, let name, let title, let source, let status, let particle,
      let energy, let particles, let material, let depth, let counted, let tracks, let inelastic,
      let annihilation, let events, let search
    else { return nil }
    let experiment = ThickTargetExperiment(
      name: name, title: title, source: source, kind: status, beam: particle, beamEnergy: energy,
      particlesOnTarget: particles, target: material, depth: depth, countedDepth: counted,
      tracks: tracks,
      inelastic: inelastic, annihilates: annihilation == "true", eventsNeeded: events,
      search: search)
    for inconsistency in experiment.inconsistencies {
      let place =
        switch inconsistency {
        case .muonShower: target?.given("tracks")
        case .muonAnnihilation, .annihilationWithoutShower: production?.given("annihilation")
        case .quasiElasticHydrogen: production?.given("inelastic")
        case .muonEnergy: beam?.given("energy_GeV")
        case .nothingSeen: reader.given("decay")
        }
      log.add(at: place ?? node, "\(inconsistency)", mend: inconsistency.mend)
    }
    checkCountedDepth(of: experiment, target, node)
    return log.isEmpty ? experiment : nil
  }

  /// A depth to count stands where, and only where, the beam is taken at its full energy.
  private func checkCountedDepth(
    of experiment: ThickTargetExperiment, _ target: SectionReader?, _ node: CardNode
  ) {
    let counted = target?.given("counted_radiation_lengths")
    if experiment.tracks == .unslowed, experiment.depth > 1, counted == nil {
      log.add(
        at: target?.given("tracks") ?? node,
        "a beam particle does not keep its energy over \(ShortestNumber.text(experiment.depth)) radiation lengths",
        mend: "give target.counted_radiation_lengths, such as 1, or write 'tracks: primary'")
    }
    if experiment.tracks != .unslowed, let counted {
      log.add(
        at: counted,
        "target.counted_radiation_lengths counts for 'tracks: unslowed' alone, and they are "
          + "'\(experiment.tracks.rawValue)'",
        mend: "remove it, or write 'tracks: unslowed'")
    }
  }

  /// It becomes part of a limit's name and of a file's.
  private func name(_ reader: SectionReader) -> String? {
    guard let name = reader.text("name") else { return nil }
    let ending = ComputedCurve.Name.ending
    guard ConstraintCurve.isSoundName(name), !name.hasSuffix(ending) else {
      log.add(
        at: reader.given("name") ?? reader.node, "'\(name)' is no name for an experiment",
        mend: "use up to 64 lower-case letters, digits and hyphens; '\(ending)' is added by itself")
      return nil
    }
    return name
  }

  private func search(_ reader: SectionReader) -> ThickTargetExperiment.Search? {
    switch (reader.given("decay"), reader.given("missing_momentum")) {
    case (.some, .none): return decay(reader).map { .pair($0) }
    case (.none, .some): return missingMomentum(reader).map { .missingMomentum($0) }
    default:
      log.add(
        at: reader.node, "an experiment looks for one thing: 'decay' or 'missing_momentum'",
        mend: "give exactly one of the two")
      return nil
    }
  }

  private func decay(_ reader: SectionReader) -> DecaySearch? {
    let keys = ["z_mm", "seen_at", "detectors", "lepton_energy", "minimum_energy_GeV"]
    guard let map = reader.section("decay", keys: keys) else { return nil }
    let z = range(map, "z_mm")
    let place = map.choice("seen_at", of: DecaySearch.Place.self)
    let energy = map.choice("lepton_energy", of: DecaySearch.LeptonEnergy.self)
    let minimum = map.number("minimum_energy_GeV", .nonNegative)
    let detectors = detectors(map)
    guard let z, let place, let energy, let minimum, let detectors else { return nil }
    return DecaySearch(
      decayZ: z, place: place, detectors: detectors, energy: energy, minimumEnergy: minimum)
  }

  private func detectors(_ map: SectionReader) -> [DecaySearch.Detector]? {
    guard let node = map.required("detectors") else { return nil }
    guard case .list(let nodes) = node.content, !nodes.isEmpty else {
      log.add(
        at: node, "\(map.path)detectors is \(node.summary), not a list of detectors",
        mend: "give one at least: - {share: 1, size_mm: [3000, 3000]}")
      return nil
    }
    let detectors = nodes.enumerated().map { index, node -> DecaySearch.Detector? in
      guard
        let entry = SectionReader(
          node, path: "\(map.path)detectors[\(index)]", keys: ["share", "size_mm"], log: log)
      else { return nil }
      let share = entry.number("share", .above(0, upTo: 1))
      let size = entry.numbers("size_mm", count: 2, .positive)
      guard let share, let size else { return nil }
      return DecaySearch.Detector(share: share, size: SIMD2(size[0], size[1]))
    }
    guard !detectors.contains(nil) else { return nil }
    let all = detectors.compactMap(\.self)
    if all.reduce(0, { $0 + $1.share }) > 1 + 1e-9 {
      log.add(
        at: node, "the shares of \(map.path)detectors add up to more than 1",
        mend: "give each the share of the beam particles that it saw")
      return nil
    }
    return all
  }

  private func missingMomentum(_ reader: SectionReader) -> MissingMomentumSearch? {
    let keys = [
      "survival_mm", "veto_energy_GeV", "recoil_energy_GeV", "recoil_transverse_momentum_GeV",
    ]
    guard let map = reader.section("missing_momentum", keys: keys) else { return nil }
    let survival = map.number("survival_mm", .positive)
    let veto = map.number("veto_energy_GeV", .nonNegative)
    let recoil = range(map, "recoil_energy_GeV")
    let transverse = map.number("recoil_transverse_momentum_GeV", .nonNegative)
    guard let survival, let veto, let recoil, let transverse else { return nil }
    return MissingMomentumSearch(
      survivalLength: survival, vetoEnergy: veto, recoilEnergy: recoil,
      recoilTransverse: transverse)
  }

  /// Two ascending numbers.
  private func range(_ map: SectionReader, _ key: String) -> ClosedRange<Double>? {
    guard let ends = map.numbers(key, count: 2, .nonNegative) else { return nil }
    guard ends[0] < ends[1] else {
      log.add(
        at: map.given(key) ?? map.node, "\(map.path)\(key) does not ascend",
        mend: "give the lower end first")
      return nil
    }
    return ends[0]...ends[1]
  }
}

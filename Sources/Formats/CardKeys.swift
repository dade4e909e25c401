/// The keys of a run card: what each section holds, and which keys stand in for one another.
enum CardKeys {
  /// The sections of a card with their keys; those of a map that a value may be are not listed.
  static let sections: [(name: String, keys: [String])] = [
    ("beam", ["particle", "energy_GeV", "spot_mm", "divergence_mrad"]),
    ("target", ["material"]),
    (
      "model",
      [
        "kind", "m1_GeV", "splitting_over_m1", "mediator_mass_over_m1", "mediator_mass_GeV",
        "alpha_D", "y", "epsilon",
      ]
    ),
    (
      "production",
      ["method", "form_factor", "inelastic", "mediator", "polarisation", "relative_precision"]
    ),
    (
      "selection",
      [
        "decay_z_mm", "minimum_energy_GeV", "minimum_muon_energy_GeV",
        "minimum_opening_angle_mrad", "required_planes", "tracking", "last_modules",
        "interaction_vertex",
      ]
    ),
    ("statistics", ["confidence_level", "background_events", "background_error"]),
    (
      "background",
      [
        "soft_minimum_W_GeV", "soft_maximum_Q2_GeV2", "dis_minimum_Q2_GeV2", "dis_minimum_mass_GeV",
        "neutral_veto_threshold_GeV", "other_hadrons", "normalisation", "fake_rates", "vertex",
      ]
    ),
    ("background.fake_rates", PlanReader.fakeRateKeys),
    ("background.vertex", PlanReader.vertexKeys),
    ("relic", ["solve_for", "abundance", "final_states", "mediator_width"]),
    (
      "scan",
      [
        "m1_GeV", "splitting_over_m1", "alpha_D", "luminosity", "y_precision", "quantity", "over",
        "table",
      ]
    ),
    ("run", ["seed", "events_per_point", "weighting", "threads"]),
  ]

  /// The keys at the root of a card.
  static let root = [
    "duskline", "beam", "target", "model", "production", "apparatus", "selection", "luminosity",
    "statistics", "background", "relic", "scan", "run",
  ]

  /// Keys of the format that no code stands behind yet: refused by name, never ignored.
  static let notAvailable = ["limits"]

  /// Pairs of which one is given: the one given replaces the other's default.
  static let alternatives: [(section: String, keys: [String])] = [
    ("model", ["y", "epsilon"]),
    ("model", ["mediator_mass_GeV", "mediator_mass_over_m1"]),
    ("luminosity", ["per_pb", "muons_on_target"]),
  ]

  /// The keys of a section.
  static func keys(of section: String) -> [String] {
    sections.first { $0.name == section }?.keys ?? []
  }

  /// Whether a path is a section whose keys are overridden one by one.
  static func isSection(_ path: String) -> Bool {
    path.isEmpty || sections.contains { $0.name == path }
  }

  /// What to do about the path of a key that a scan cannot change; `nil` for one that it can.
  static func remedy(forScanning path: String) -> String? {
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let first = keys.first, root.contains(first) else {
      let home = keys.count == 1 ? section(holding: path) : nil
      return home.map { "did you mean '\($0).\(path)'?" }
        ?? KeySuggestion.remedy(for: keys.first ?? "", among: root)
    }
    if ["duskline", "scan"].contains(first) || path == "run.threads" {
      return "give a key of the model, the beam, the apparatus or another part of the set-up"
    }
    // Deeper than a section lie values that are maps, which their readers check.
    guard keys.count > 1, isSection(first) else {
      return isSection(first)
        ? "give a key of it, such as '\(first).\(self.keys(of: first)[0])'" : nil
    }
    return self.keys(of: first).contains(keys[1])
      ? nil : KeySuggestion.remedy(for: keys[1], among: self.keys(of: first))
  }

  /// The section that knows a key, for one that was put in the wrong place.
  static func section(holding key: String) -> String? {
    sections.first { $0.keys.contains(key) }?.name
  }
}

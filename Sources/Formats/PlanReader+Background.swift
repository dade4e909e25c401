import Background
import Units

extension PlanReader {
  static let fakeRateKeys = [
    "pion_as_electron", "pion_as_muon", "proton_as_electron", "proton_as_muon",
  ]
  static let vertexKeys = ["angular_resolution_mrad", "tail", "tail_share", "minimum_significance"]

  func background(_ reader: SectionReader) -> BackgroundSettings? {
    // Below 4 GeV a photon and a nucleon make resonances, which the generator does not describe.
    let minimumW = reader.number(
      "soft_minimum_W_GeV",
      .within(4, 15, because: "the generator describes hadrons above resonances"))
    let maximumQ2 = reader.number(
      "soft_maximum_Q2_GeV2", .within(0.01, 4, because: "a soft photon is nearly real"))
    let disQ2 = reader.number(
      "dis_minimum_Q2_GeV2", .within(1, 100, because: "deep inelastic scattering is hard"))
    let disMass = reader.number(
      "dis_minimum_mass_GeV", .within(1, 15, because: "it is the mass of a lepton and a quark"))
    let veto = reader.number("neutral_veto_threshold_GeV", .positive)
    let others = reader.choice("other_hadrons", of: BackgroundSettings.OtherHadrons.self)
    let normalisation = reader.choice(
      "normalisation", of: BackgroundSettings.Normalisation.self)
    let rates = reader.section("fake_rates", keys: Self.fakeRateKeys).flatMap(fakeRates)
    let vertex = reader.section("vertex", keys: Self.vertexKeys).flatMap(vertex)
    guard let minimumW, let maximumQ2, let disQ2, let disMass, let veto, let others,
      let normalisation,
      let rates, let vertex
    else { return nil }
    return BackgroundSettings(
      softMinimumW: minimumW, softMaximumQ2: maximumQ2, disMinimumQ2: disQ2,
      disMinimumMass: disMass,
      neutralVetoThreshold: veto, otherHadrons: others, normalisation: normalisation,
      fakeRates: rates, vertex: vertex)
  }

  private func fakeRates(_ reader: SectionReader) -> FakeRates? {
    let rates = Self.fakeRateKeys.map {
      reader.number($0, .within(0, 1, because: "it is a probability"))
    }
    guard let a = rates[0], let b = rates[1], let c = rates[2], let d = rates[3] else { return nil }
    return FakeRates(pionAsElectron: a, pionAsMuon: b, protonAsElectron: c, protonAsMuon: d)
  }

  private func vertex(_ reader: SectionReader) -> BackgroundSettings.VertexSettings? {
    let resolution = reader.number(
      "angular_resolution_mrad", .within(1e-4, 10, because: "tracks are known to microradians"))
    let tail = reader.choice("tail", of: BackgroundSettings.VertexSettings.Tail.self)
    let share = reader.number("tail_share", .within(0, 1, because: "it is a share"))
    let significance = reader.number("minimum_significance", .nonNegative)
    guard let resolution, let tail, let share, let significance else { return nil }
    return BackgroundSettings.VertexSettings(
      angularResolution: resolution * .mrad, tail: tail, tailShare: share,
      significance: significance)
  }
}

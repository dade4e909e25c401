extension RunCardFaultTests {
  private static func bad(_ name: String, _ body: String, at column: Int, _ words: String)
    -> BadCard
  {
    BadCard(name, "duskline: 1\nbackground: {\(body)}\n", at: "2:\(column)", words)
  }

  /// Each key of the section: a wrong type, a number out of range, an unknown word or key.
  static let backgrounds = [
    bad("W: a word", "soft_minimum_W_GeV: abc", at: 34, "'abc', not a number"),
    bad("W: a list", "soft_minimum_W_GeV: [10]", at: 34, "a list"),
    bad("W: too low", "soft_minimum_W_GeV: 3", at: 34, "between 4 and 15"),
    bad("W: too high", "soft_minimum_W_GeV: 16", at: 34, "between 4 and 15"),
    bad("soft Q2: a word", "soft_maximum_Q2_GeV2: x", at: 36, "not a number"),
    bad("soft Q2: too high", "soft_maximum_Q2_GeV2: 5", at: 36, "between 0.01 and 4"),
    bad("hard Q2: a word", "dis_minimum_Q2_GeV2: x", at: 35, "not a number"),
    bad("hard Q2: too low", "dis_minimum_Q2_GeV2: 0.5", at: 35, "between 1 and 100"),
    bad(
      "events twice", "soft_maximum_Q2_GeV2: 3, dis_minimum_Q2_GeV2: 2", at: 60,
      "would count twice"),
    bad(
      "events twice, by one key", "dis_minimum_Q2_GeV2: 1, soft_maximum_Q2_GeV2: 1.5", at: 35,
      "between Q2 = 1 and 1.5 GeV2"),
    bad("veto: a word", "neutral_veto_threshold_GeV: x", at: 42, "not a number"),
    bad("veto: zero", "neutral_veto_threshold_GeV: 0", at: 42, "above 0"),
    bad("others: a misspelling", "other_hadrons: seeen", at: 29, "did you mean 'seen'"),
    bad("others: a number", "other_hadrons: 3", at: 29, "seen, decay"),
    bad("normalisation: unknown", "normalisation: nucleon", at: 29, "per-nucleon, per-nucleus"),
    bad("normalisation: a list", "normalisation: [per-nucleon]", at: 29, "a list"),
    bad("rates: a number", "fake_rates: 3", at: 26, "not a map"),
    bad("rates: a misspelling", "fake_rates: {pion_as_mu: 0.1}", at: 27, "'pion_as_muon'"),
    bad("rates: above one", "fake_rates: {pion_as_muon: 1.5}", at: 41, "between 0 and 1"),
    bad("rates: below zero", "fake_rates: {pion_as_electron: -0.1}", at: 45, "between 0 and 1"),
    bad("rates: a word", "fake_rates: {proton_as_muon: x}", at: 43, "not a number"),
    bad("rates: in per cent", "fake_rates: {proton_as_electron: 2}", at: 47, "a probability"),
    bad("vertex: a list", "vertex: []", at: 22, "not a map"),
    bad("vertex: an unknown key", "vertex: {x: 1}", at: 23, "angular_resolution_mrad"),
    bad("vertex: an unknown tail", "vertex: {tail: gauss}", at: 29, "wide, scattering"),
    bad("vertex: a share", "vertex: {tail_share: 2}", at: 35, "between 0 and 1"),
    bad("vertex: a share in words", "vertex: {tail_share: x}", at: 35, "not a number"),
    bad(
      "vertex: a resolution in rad", "vertex: {angular_resolution_mrad: 2e-5}", at: 48,
      "between 0.0001 and 10"),
    bad("vertex: a negative cut", "vertex: {minimum_significance: -1}", at: 45, "0 or more"),
    bad("an unknown key", "soft_W: 3", at: 14, "known here: soft_minimum_W_GeV"),
  ]
}

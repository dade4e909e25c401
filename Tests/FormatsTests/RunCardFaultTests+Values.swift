extension RunCardFaultTests {
  static let types = [
    BadCard("an empty section", "duskline: 1\nmodel:\n", at: "2:7", "model is empty"),
    BadCard("a section that is a number", "duskline: 1\nmodel: 5\n", at: "2:8", "not a map"),
    BadCard("an empty value", "duskline: 1\nrun: {seed: }\n", at: "2:13", "run.seed is empty"),
    BadCard("a word for a number", "duskline: 1\nmodel: {m1_GeV: abc}\n", at: "2:17", "'abc'"),
    BadCard("a list for a number", "duskline: 1\nmodel: {m1_GeV: [1]}\n", at: "2:17", "a list"),
    BadCard("a quoted number", "duskline: 1\nmodel: {m1_GeV: '1'}\n", at: "2:17", "quotes"),
    BadCard("a number with a unit", "duskline: 1\nmodel: {m1_GeV: 1 GeV}\n", at: "2:17", "bare"),
    BadCard("a decimal comma", "duskline: 1\nmodel:\n  m1_GeV: 0,1\n", at: "3:11", "a point"),
    BadCard("a sexagesimal", "duskline: 1\nmodel:\n  m1_GeV: 1:30\n", at: "3:11", "not a number"),
    BadCard("a hexadecimal", "duskline: 1\nrun: {seed: 0x10}\n", at: "2:13", "not a number"),
    BadCard("a loose underscore", "duskline: 1\nrun: {seed: 5_}\n", at: "2:13", "not a number"),
    BadCard("NaN", "duskline: 1\nmodel: {m1_GeV: .nan}\n", at: "2:17", "not finite"),
    BadCard("infinity", "duskline: 1\nmodel: {m1_GeV: -.inf}\n", at: "2:17", "not finite"),
    BadCard("overflow", "duskline: 1\nmodel: {m1_GeV: 1e999}\n", at: "2:17", "too large"),
    BadCard(
      "a fraction of events", "duskline: 1\nrun: {events_per_point: 1.5}\n", at: "2:25", "whole"),
    BadCard("a short list", "duskline: 1\nbeam: {spot_mm: [0]}\n", at: "2:17", "list of 2"),
    BadCard("a long list", "duskline: 1\nbeam: {spot_mm: [0, 0, 0]}\n", at: "2:17", "list of 3"),
    BadCard("a bad element", "duskline: 1\nbeam: {spot_mm: [0, x]}\n", at: "2:21", "spot_mm[1]"),
    BadCard(
      "an unknown word", "duskline: 1\nproduction: {method: exat}\n", at: "2:22",
      "did you mean 'exact'", "weizsaecker-williams"),
    BadCard("an unknown particle", "duskline: 1\nbeam: {particle: tau}\n", at: "2:18", "muon"),
    BadCard("an unknown model", "duskline: 1\nmodel: {kind: alp}\n", at: "2:15", "inelastic-dark"),
    BadCard(
      "an unknown material", "duskline: 1\ntarget: {material: berylium}\n", at: "2:20",
      "did you mean 'beryllium'"),
    BadCard(
      "an unknown luminosity", "duskline: 1\nluminosity: paper-txt\n", at: "2:13",
      "did you mean 'paper-text'"),
    BadCard(
      "a material without a key",
      "duskline: 1\ntarget:\n  material: {Z: 4, A: 9, nuclear_mass_GeV: 8.39, "
        + "density_g_cm3: 1.8, radiation_length_cm: 35}\n", at: "3:13",
      "molar_mass_g_mol is missing"),
  ]

  static let ranges = [
    BadCard(
      "a negative mass", "duskline: 1\nmodel: {m1_GeV: -1}\n", at: "2:17", "between 1e-9 and 100000"
    ),
    BadCard(
      "a mass of zero", "duskline: 1\nmodel: {m1_GeV: 0}\n", at: "2:17", "between 1e-9 and 100000"),
    BadCard(
      "a negative splitting", "duskline: 1\nmodel: {splitting_over_m1: -0.1}\n", at: "2:28",
      "0 or more"),
    BadCard(
      "a strong coupling", "duskline: 1\nmodel: {alpha_D: 12}\n", at: "2:18", "between 1e-6 and 1"),
    BadCard(
      "a mixing that is none", "duskline: 1\nmodel: {epsilon: 1e-200}\n", at: "2:18",
      "between 1e-15 and 1"),
    BadCard(
      "a mixing above 1", "duskline: 1\nmodel: {epsilon: 2}\n", at: "2:18", "between 1e-15 and 1"),
    BadCard("a y of zero", "duskline: 1\nmodel: {y: 0}\n", at: "2:12", "between 1e-30 and 1"),
    BadCard(
      "an empty window", "duskline: 1\nselection:\n  decay_z_mm: [140, 25]\n", at: "3:15",
      "decay window is empty (decay_z_mm = [140, 25]: the first lies beyond the second)",
      "swap the two"),
    BadCard(
      "a window of a point", "duskline: 1\nselection: {decay_z_mm: [25, 25]}\n", at: "2:25",
      "both are the same"),
    BadCard(
      "a confidence level in per cent", "duskline: 1\nstatistics: {confidence_level: 95}\n",
      at: "2:32", "below 1"),
    BadCard(
      "a negative background", "duskline: 1\nstatistics: {background_events: -1}\n", at: "2:33",
      "between 0 and 1e12"),
    BadCard(
      "a hopeless precision", "duskline: 1\nproduction: {relative_precision: 1e-9}\n",
      at: "2:34", "between 1e-6 and 0.1"),
    BadCard("no events", "duskline: 1\nrun: {events_per_point: 0}\n", at: "2:25", "from 1"),
    BadCard("no threads", "duskline: 1\nrun: {threads: 0}\n", at: "2:16", "'auto'"),
    BadCard("a negative seed", "duskline: 1\nrun: {seed: -1}\n", at: "2:13", "0 or more"),
    BadCard(
      "an endless seed", "duskline: 1\nrun: {seed: 99999999999999999999}\n", at: "2:13",
      "out of range"),
    BadCard("an empty scan", "duskline: 1\nscan: {m1_GeV: []}\n", at: "2:16", "empty list"),
    BadCard(
      "a backward range",
      "duskline: 1\nscan: {m1_GeV: {from: 2, to: 1, points: 3, spacing: log}}\n", at: "2:16",
      "swap the two"),
    BadCard(
      "a range of a billion",
      "duskline: 1\nscan: {m1_GeV: {from: 1, to: 2, points: 1e9, spacing: log}}\n", at: "2:41",
      "from 2 to 10000"),
    BadCard(
      "a range without spacing", "duskline: 1\nscan: {m1_GeV: {from: 1, to: 2, points: 3}}\n",
      at: "2:16", "spacing is missing"),
    BadCard(
      "a logarithm from zero",
      "duskline: 1\nscan: {splitting_over_m1: {from: 0, to: 1, points: 3, spacing: log}}\n",
      at: "2:34", "linear"),
  ]

  static let relations = [
    BadCard(
      "a mediator too light", "duskline: 1\nmodel: {mediator_mass_over_m1: 2.2}\n", at: "2:32",
      "mA = 0.22 GeV", "0.1 + 0.14 = 0.24 GeV"),
    BadCard(
      "a mediator at threshold", "duskline: 1\nmodel: {splitting_over_m1: 1}\n", at: "2:28",
      "cannot decay"),
    BadCard("a beam at rest", "duskline: 1\nbeam: {energy_GeV: 0.1}\n", at: "2:20", "mass"),
    BadCard(
      "a threshold above the beam", "duskline: 1\nselection: {minimum_energy_GeV: 170}\n",
      at: "2:33", "no event can pass", "160 GeV"),
    BadCard(
      "a window behind the planes", "duskline: 1\nselection: {decay_z_mm: [1000, 1100]}\n",
      at: "2:25", "behind the station's last plane"),
    BadCard(
      "too many modules", "duskline: 1\nselection: {last_modules: 41}\n", at: "2:27",
      "40 stations"),
    BadCard(
      "too many planes", "duskline: 1\nselection: {required_planes: 4}\n", at: "2:30", "3 planes"),
    BadCard(
      "a nucleus in MeV",
      "duskline: 1\ntarget:\n  material: {Z: 4, A: 9, nuclear_mass_GeV: 8394, "
        + "molar_mass_g_mol: 9, density_g_cm3: 1.8, radiation_length_cm: 35}\n", at: "3:44",
      "does not fit A = 9"),
    BadCard(
      "an apparatus nowhere", "duskline: 1\napparatus: muone-papr\n", at: "2:12",
      "did you mean 'muone-paper'"),
  ]
}

import Detector
import Formats
import Foundation
import ParticleData
import Production
import Reach
import Selection
import Testing

/// A small generator of its own, so that the same cards come in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite("explain")
struct ExplanationTests {
  @Test("what explain prints is a card of the same plan, byte for byte", .tags(.unit))
  func roundTripOfDefaults() throws {
    let card = try RunCard.load()
    let text = card.explanation(notes: ["luminosity: 4700 /pb", "two\nlines"])
    let again = try RunCard.load(text: text, name: "again.yaml")
    #expect(again.plan == card.plan)
    #expect(again.explanation() == card.explanation())
    #expect(text.contains("\n# luminosity: 4700 /pb\n# two\n# lines\n"))
  }

  @Test("every default of the built-in card is filled in", .tags(.unit))
  func isComplete() throws {
    let text = try RunCard.load(text: "duskline: 1\n", name: "my.yaml").explanation()
    for key in [
      "particle", "energy_GeV", "spot_mm", "divergence_mrad", "material", "kind", "m1_GeV",
      "splitting_over_m1", "mediator_mass_over_m1", "alpha_D", "y", "method", "form_factor",
      "inelastic", "mediator", "polarisation", "relative_precision", "apparatus", "decay_z_mm",
      "minimum_energy_GeV", "minimum_muon_energy_GeV", "minimum_opening_angle_mrad",
      "required_planes", "tracking", "last_modules", "interaction_vertex", "luminosity",
      "confidence_level", "background_events", "soft_minimum_W_GeV", "soft_maximum_Q2_GeV2",
      "dis_minimum_Q2_GeV2", "neutral_veto_threshold_GeV", "other_hadrons", "normalisation",
      "pion_as_electron", "pion_as_muon", "proton_as_electron", "proton_as_muon",
      "angular_resolution_mrad", "tail", "tail_share", "minimum_significance", "seed",
      "events_per_point", "weighting", "threads", "quantity", "over", "table",
    ] { #expect(text.contains("\(key): "), "\(key)") }
  }

  @Test("any plan that a card can hold survives explain", .tags(.property))
  func roundTripOfRandomCards() throws {
    var generator = SplitMix(state: 20_240_906)
    for _ in 0..<200 {
      let settings = Self.randomSettings(using: &generator)
      let card = try RunCard.load(settings: settings)
      let text = card.explanation()
      let again = try RunCard.load(text: text, name: "again.yaml")
      #expect(again.plan == card.plan, "\(settings)")
      #expect(again.explanation() == text, "\(settings)")
    }
  }

  static func randomSettings(using generator: inout SplitMix) -> [String] {
    func number(_ range: ClosedRange<Double>) -> String {
      let value = Double.random(in: range, using: &generator)
      // Few digits as users write them, or all of them.
      return Bool.random(using: &generator) ? String(format: "%.3g", value) : "\(value)"
    }
    func word(_ choices: [String]) -> String { choices.randomElement(using: &generator) ?? "" }
    let threshold = number(0...50)
    return [
      "beam.particle=" + word(BeamParticle.allCases.map(\.rawValue)),
      "beam.energy_GeV=" + number(60...300),
      "beam.spot_mm=[\(number(0...30)), \(number(0...30))]",
      "beam.divergence_mrad=[\(number(0...1)), \(number(0...1))]",
      "target.material=" + word(Material.builtIn.map(\.name)),
      "model.m1_GeV=" + number(0.01...2),
      "model.splitting_over_m1=" + number(0...0.8),
      "model."
        + word(["mediator_mass_over_m1=" + number(3...5), "mediator_mass_GeV=" + number(6...9)]),
      "model.alpha_D=" + number(0.001...1),
      "model." + word(["y=" + number(1e-12...1e-4), "epsilon=" + number(1e-7...1e-1)]),
      "production.method=" + word(ProductionMethod.allCases.map(\.rawValue)),
      "production.inelastic=" + word(InelasticModel.allCases.map(\.rawValue)),
      "production.relative_precision=" + number(1e-5...0.1),
      "selection.decay_z_mm=[\(number(0...50)), \(number(51...900))]",
      "selection.minimum_energy_GeV=" + threshold,
      "selection.minimum_opening_angle_mrad=" + number(0...30),
      "selection.required_planes=" + word(["all", "1", "2", "3"]),
      "selection.tracking=" + word(TrackingStations.allCases.map(\.rawValue)),
      "luminosity="
        + word([
          "paper-text", "paper-footnote", "{per_pb: \(number(1...1e5))}",
          "{muons_on_target: \(number(1e12...1e17)), modules: 3}", "{muons_on_target: 1e16}",
        ]),
      "background.soft_minimum_W_GeV=" + number(4...15),
      "background.soft_maximum_Q2_GeV2=" + number(0.01...1),
      "background.dis_minimum_Q2_GeV2=" + number(1.1...100),
      "background.dis_minimum_mass_GeV=" + number(1...15),
      "background.neutral_veto_threshold_GeV=" + number(0.01...20),
      "background.other_hadrons=" + word(["seen", "decay"]),
      "background.normalisation=" + word(["per-nucleon", "per-nucleus"]),
      "background.fake_rates.pion_as_muon=" + number(0...1),
      "background.fake_rates.proton_as_electron=" + number(0...1),
      "background.vertex={tail: \(word(["gaussian", "wide", "scattering"])), "
        + "tail_share: \(number(0...1)), minimum_significance: \(number(0...20)), "
        + "angular_resolution_mrad: \(number(1e-3...10))}",
      "scan.m1_GeV="
        + word([
          "[\(number(0.1...1))]", "{from: 0.1, to: \(number(1...2)), points: 17, spacing: log}",
        ]),
      "scan.alpha_D=[0.1, \(number(0.1...1))]",
      "scan.luminosity=[paper-text, {per_pb: \(number(1...1e5))}]",
      "scan.quantity=" + word(["yield", "reach"]),
      word([
        "scan.over={model.y: [1e-9, \(number(1e-8...1e-6))], target.material: [lead, beryllium]}",
        "scan.over={beam.energy_GeV: {from: 20, to: \(number(30...200)), points: 5, spacing: linear}}",
        "scan.table=\"a table.parquet\"",
      ]),
      "run.seed=\(UInt64.random(in: 0...UInt64(Int.max), using: &generator))",
    ]
  }

  @Test("what data files record does not know the number of threads", .tags(.unit))
  func recordedCard() throws {
    let one = try RunCard.load(threads: "1")
    let two = try RunCard.load(threads: "2")
    #expect(one.explanation() != two.explanation())
    #expect(one.recordedText == two.recordedText)
    #expect(Provenance(of: one) == Provenance(of: two))
    #expect(Provenance(of: one).headerLines(title: "reach").allSatisfy { $0.hasPrefix("# ") })
  }

  @Test("damaged cards give faults, never a crash", .tags(.property))
  func damagedCards() throws {
    var generator = SplitMix(state: 7)
    let card = Array(try RunCard.load().explanation().unicodeScalars)
    let junk = Array("[]{}:,-?*&!|>'\"%@`#\t\n \\~0.e<=\u{E000}é".unicodeScalars)
    for _ in 0..<500 {
      var damaged = card
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = damaged.indices.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0...2, using: &generator) {
        case 0: damaged.remove(at: index)
        case 1: damaged.insert(junk.randomElement(using: &generator) ?? " ", at: index)
        default: damaged[index] = junk.randomElement(using: &generator) ?? " "
        }
      }
      let text = String(String.UnicodeScalarView(damaged))
      for fault in RunCardFaultTests.faults(text) {
        #expect(fault.hasPrefix("my.yaml:") && fault.contains("; "), "\(fault)\n\(text)")
      }
    }
  }
}

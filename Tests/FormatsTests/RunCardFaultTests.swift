import Formats
import Foundation
import Testing

/// A card at fault, with what must be said about it.
struct BadCard: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  /// `line:column` of the fault.
  var place: String
  /// What the message must hold.
  var fragments: [String]

  init(_ name: String, _ text: String, at place: String, _ fragments: String...) {
    self.name = name
    self.text = text
    self.place = place
    self.fragments = fragments
  }

  var testDescription: String { name }
}

@Suite("A card at fault is refused with place, reason and remedy", .tags(.unit))
struct RunCardFaultTests {
  static func faults(_ text: String, settings: [String] = []) -> [String] {
    do {
      _ = try RunCard.load(text: text, name: "my.yaml", settings: settings)
      return []
    } catch {
      return error.faults.map(\.description)
    }
  }

  @Test("each fault is reported alone, at its line and column", arguments: cards)
  func reports(card: BadCard) {
    let faults = Self.faults(card.text)
    #expect(faults.count == 1, "\(faults)")
    let fault = faults.first ?? ""
    #expect(fault.hasPrefix("my.yaml:\(card.place): "), "\(fault)")
    for fragment in card.fragments { #expect(fault.contains(fragment), "\(fault)") }
    #expect(fault.contains("; "), "every fault says how to mend it: \(fault)")
  }

  static let cards: [BadCard] = text + keys + types + ranges + relations + backgrounds

  static let text = [
    BadCard("an empty file", "", at: "1:1", "nothing in it", "duskline: 1"),
    BadCard("comments alone", "# nothing\n", at: "1:1", "nothing in it"),
    BadCard("a null", "~\n", at: "1:1", "nothing in it"),
    BadCard("a list", "- 1\n- 2\n", at: "1:1", "map of keys", "a list"),
    BadCard("a scalar", "hello\n", at: "1:1", "map of keys", "'hello'"),
    BadCard("unbalanced brackets", "duskline: 1\nbeam: {spot_mm: [0, 0}\n", at: "2:22", "not YAML"),
    BadCard("a tab", "duskline: 1\nbeam:\n\tenergy_GeV: 1\n", at: "3:1", "not YAML", "tabs"),
    BadCard("a control character", "duskline: 1\nbeam: \u{1}\n", at: "2:7", "not YAML"),
    BadCard("two documents", "duskline: 1\n---\nduskline: 1\n", at: "2:1", "another document"),
    BadCard("no version", "run: {seed: 1}\n", at: "1:1", "duskline is missing"),
    BadCard("another version", "duskline: 2\n", at: "1:11", "format 2"),
    BadCard("a version in quotes", "duskline: '1'\n", at: "1:11", "remove the quotes"),
    BadCard("an anchor", "duskline: 1\nrun: {seed: &s 1}\n", at: "2:13", "anchors"),
    BadCard("an alias as a key", "duskline: 1\n? *s\n: 1\n", at: "2:3", "aliases"),
    BadCard("a merge key", "duskline: 1\n<<: {run: 1}\n", at: "2:1", "merge keys"),
    BadCard("a tag", "duskline: 1\nrun: {seed: !!int 1}\n", at: "2:13", "'!!int'"),
    BadCard("a key that is no word", "duskline: 1\n? [a]\n: 1\n", at: "2:3", "key must be a word"),
    BadCard(
      "deep nesting", "duskline: " + String(repeating: "[", count: 100_000), at: "1:43",
      "nested too deep"),
    BadCard(
      "deep lists", "duskline: 1\n" + String(repeating: "- ", count: 100_000), at: "2:65",
      "nested too deep"),
  ]

  static let keys = [
    BadCard("a misspelt section", "duskline: 1\nmodle: {}\n", at: "2:1", "did you mean 'model'"),
    BadCard(
      "a misspelt key", "duskline: 1\nmodel:\n  alpha_d: 0.1\n", at: "3:3", "'alpha_d' in model",
      "did you mean 'alpha_D'"),
    BadCard(
      "a wrong unit", "duskline: 1\nbeam: {energy_MeV: 1}\n", at: "2:8",
      "did you mean 'energy_GeV'", "convert the value to GeV"),
    BadCard(
      "a missing unit", "duskline: 1\nselection: {decay_z: [1, 2]}\n", at: "2:13",
      "did you mean 'decay_z_mm'"),
    BadCard("a key elsewhere", "duskline: 1\nseed: 3\n", at: "2:1", "belongs under 'run'"),
    BadCard(
      "a key without likeness", "duskline: 1\nrun: {zzzzzzzz: 3}\n", at: "2:7", "known here: seed"),
    BadCard(
      "a duplicate key", "duskline: 1\nrun:\n  seed: 3\n  seed: 4\n", at: "4:3",
      "duplicate key 'seed'", "line 3"),
    BadCard(
      "a duplicate between Windows line breaks",
      "duskline: 1\r\nrun:\r\n  seed: 3\r\n  seed: 4\r\n",
      at: "4:3", "duplicate key 'seed'", "line 3"),
    BadCard(
      "a duplicate in quotes", "duskline: 1\nrun: {'seed': 3, seed: 4}\n", at: "2:18",
      "duplicate key 'seed'"),
    BadCard(
      "both couplings", "duskline: 1\nmodel:\n  y: 1e-8\n  epsilon: 1e-3\n", at: "4:3",
      "y and model.epsilon are both given"),
    BadCard(
      "both mediator masses",
      "duskline: 1\nmodel: {mediator_mass_GeV: 1, mediator_mass_over_m1: 3}\n", at: "2:31",
      "both given"),
    BadCard(
      "both luminosities", "duskline: 1\nluminosity: {per_pb: 1, muons_on_target: 1}\n",
      at: "2:25", "both given"),
    BadCard(
      "a product and a table", "duskline: 1\nscan: {over: {model.y: [1e-8]}, table: a.csv}\n",
      at: "2:40",
      "scan.over and scan.table are both given"),
    BadCard(
      "a key not built yet", "duskline: 1\nlimits: lep\n", at: "2:1", "limits is not available yet"),
  ]
}

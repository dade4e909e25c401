import Formats
import Testing

/// An option at fault, with what must be said about it.
struct BadSetting: Sendable, CustomTestStringConvertible {
  var settings: [String]
  var head: String
  var fragment: String

  init(_ settings: String..., head: String, _ fragment: String) {
    self.settings = settings
    self.head = head
    self.fragment = fragment
  }

  var testDescription: String { settings.joined(separator: " ") }
}

@Suite("An option at fault is refused by its own words", .tags(.unit))
struct SettingFaultTests {
  @Test(
    "each fault is reported alone, without a line",
    arguments: [
      BadSetting(
        "model.m1_GeV=abc", head: "--set model.m1_GeV=abc: ", "model.m1_GeV is 'abc', not a number"),
      BadSetting("model.m1_GeV=", head: "--set model.m1_GeV=: ", "is empty"),
      BadSetting("model.m1_GeV", head: "--set model.m1_GeV: ", "no '='"),
      BadSetting("=3", head: "--set =3: ", "not a path of keys"),
      BadSetting("model..m1_GeV=3", head: "--set model..m1_GeV=3: ", "not a path of keys"),
      BadSetting("modle.m1_GeV=1", head: "--set modle.m1_GeV=1: ", "did you mean 'model'"),
      BadSetting("model.m1=1", head: "--set model.m1=1: ", "did you mean 'm1_GeV'"),
      BadSetting("m1_GeV=1", head: "--set m1_GeV=1: ", "belongs under 'model'"),
      BadSetting("beam=5", head: "--set beam=5: ", "not a map"),
      BadSetting("run.seed.x=5", head: "--set run.seed.x=5: ", "a map, not a number"),
      BadSetting("model.m1_GeV=[1, 2", head: "--set model.m1_GeV=[1, 2: ", "not YAML"),
      BadSetting("model.m1_GeV=*x", head: "--set model.m1_GeV=*x: ", "aliases"),
      BadSetting(
        "background.soft_minimum_W_GeV=3", head: "--set background.soft_minimum_W_GeV=3: ",
        "between 4 and 15"),
      BadSetting(
        "background={soft_minimum_W_GeV: 3}", head: "--set background={soft_minimum_W_GeV: 3}: ",
        "between 4 and 15"),
      BadSetting(
        "scan.quantity=reech", head: "--set scan.quantity=reech: ", "did you mean 'reach'?"),
      BadSetting(
        "model.y=1", "model.epsilon=1", head: "--set model.epsilon=1: ", "both given"),
      BadSetting(
        "model={y: 1, epsilon: 1}", head: "--set model={y: 1, epsilon: 1}: ", "both given"),
      BadSetting(
        "model.y=1e-9", "model.y=1e-8", head: "--set model.y=1e-8: ", "set twice"),
      BadSetting(
        "model.mediator_mass_over_m1=2", head: "--set model.mediator_mass_over_m1=2: ",
        "cannot decay"),
      BadSetting("duskline=2", head: "--set duskline=2: ", "format 2"),
    ])
  func reports(bad: BadSetting) {
    let faults = RunCardFaultTests.faults("duskline: 1\n", settings: bad.settings)
    #expect(faults.count == 1, "\(faults)")
    let fault = faults.first ?? ""
    #expect(fault.hasPrefix(bad.head), "\(fault)")
    #expect(fault.contains(bad.fragment), "\(fault)")
  }

  @Test("--seed and --threads are named in their faults")
  func ownOptions() {
    let error = #expect(throws: RunCardError.self) {
      try RunCard.load(seed: "abc", threads: "0")
    }
    let lines = error?.faults.map(\.description) ?? []
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("--seed abc: run.seed is 'abc', not a number") == true)
    #expect(lines.last?.hasPrefix("--threads 0: run.threads = 0 is out of range") == true)
  }

  @Test("a fault between two keys is reported at the one given last")
  func culprit() {
    let card = "duskline: 1\nmodel: {mediator_mass_GeV: 0.3}\n"
    let faults = RunCardFaultTests.faults(card, settings: ["model.m1_GeV=0.2"])
    #expect(faults.count == 1)
    #expect(faults.first?.hasPrefix("--set model.m1_GeV=0.2: the mediator cannot decay") == true)
  }
}

import Foundation
import Testing

@Suite("The command line", .serialized, .tags(.endToEnd))
struct CommandLineTests {
  /// Writes a card into a fresh folder and runs `duskline` there.
  func run(_ arguments: String..., card: String? = nil) throws -> CommandResult {
    let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    if let card { try Data(card.utf8).write(to: folder.appending(path: "my.yaml")) }
    return try Command.duskline(arguments, in: folder)
  }

  @Test(
    "check finds no fault in the cards that come with the program",
    arguments: [
      "RunCards/quick.yaml", "RunCards/figure-5.yaml", "RunCards/figure-6.yaml", "muone-paper",
    ])
  func goodCards(card: String) throws {
    let result = try Command.duskline(["check", card])
    #expect(result.exitCode == 0, "\(result.error)")
    #expect(result.output == "\(card): no faults\n")
    #expect(result.error.isEmpty)
  }

  @Test("check reports all faults on standard error and ends with 2")
  func badCard() throws {
    let card = """
      duskline: 1
      modle: {}
      selection:
        decay_z_mm: [140, 25]
      """
    let result = try run("check", "my.yaml", card: card)
    #expect(result.exitCode == 2)
    #expect(result.output.isEmpty)
    #expect(
      result.error == """
        my.yaml:2:1: unknown key 'modle'; did you mean 'model'?
        my.yaml:4:15: decay window is empty (decay_z_mm = [140, 25]: the first lies beyond the \
        second); swap the two

        """)
  }

  @Test("check --json lists the faults; with --json any other failure leaves standard output empty")
  func failureWithJSON() throws {
    let failed = try run("yield", "--card", "my.yaml", "--json", card: "duskline: 2\n")
    #expect(failed.exitCode == 2)
    #expect(failed.output.isEmpty)
    let result = try run("check", "my.yaml", "--json", card: "duskline: 2\n")
    #expect(result.exitCode == 2)
    #expect(result.output.contains("\"location\" : \"my.yaml:1:11\""))
    #expect(result.output.contains("\"valid\" : false"))
    #expect(result.error.hasPrefix("my.yaml:1:11: "))
  }

  @Test("check --json is one JSON object with its provenance")
  func checkJSON() throws {
    let result = try run("check", "--card", "my.yaml", "--json", card: "duskline: 1\n")
    #expect(result.exitCode == 0)
    #expect(result.json?["valid"] as? Bool == true)
    let provenance = result.json?["provenance"] as? [String: Any]
    for key in ["card", "seed", "version", "commit", "platform"] {
      #expect(provenance?[key] != nil, "\(key)")
    }
  }

  @Test("--quiet says nothing of a sound card")
  func quiet() throws {
    let result = try run("check", "my.yaml", "--quiet", card: "duskline: 1\n")
    #expect(result.exitCode == 0)
    #expect(result.output.isEmpty && result.error.isEmpty)
  }

  @Test("what explain prints is a card that explain prints again, byte for byte")
  func explainTwice() throws {
    let first = try run("explain", "--set", "model.m1_GeV=0.3", "--seed", "7", "--threads", "2")
    #expect(first.exitCode == 0)
    #expect(first.output.contains("m1_GeV: 0.3\n"))
    #expect(first.output.contains("seed: 7\n"))
    let second = try run("explain", "my.yaml", card: first.output)
    #expect(second.output == first.output)
  }

  @Test("explain --json holds the plan key for key")
  func explainJSON() throws {
    let result = try run("explain", "--json")
    let plan = result.json?["plan"] as? [String: Any]
    let beam = plan?["beam"] as? [String: Any]
    #expect(beam?["energy_GeV"] as? Double == 160)
  }

  @Test("an option's fault is named by the option", arguments: ["yield", "reach", "cross-section"])
  func badSetting(command: String) throws {
    let result = try run(command, "--set", "model.m1_GeV=abc")
    #expect(result.exitCode == 2)
    #expect(result.error.hasPrefix("--set model.m1_GeV=abc: model.m1_GeV is 'abc', not a number"))
  }

  @Test(
    "a missing file, a folder, a huge file and a binary one end with 2",
    arguments: ["nowhere.yaml", ".", "huge.yaml", "binary.yaml"])
  func badFiles(name: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(repeating: 0x61, count: 10_000_000).write(to: folder.appending(path: "huge.yaml"))
    try Data([0xFF, 0xFE, 0, 1, 2]).write(to: folder.appending(path: "binary.yaml"))
    let result = try Command.duskline(["check", name], in: folder)
    #expect(result.exitCode == 2)
    #expect(result.error.hasPrefix("\(name): "), "\(result.error)")
    #expect(result.error.contains("; "))
  }

  @Test("relic: keys, text, and the card's fault where no coupling does")
  func relic() throws {
    let result = try Command.duskline(["relic", "--json"])
    let json = try #require(result.json)
    let abundance = try #require(json["abundance"] as? Double)
    #expect(abs(abundance / 0.12 - 1) < 1e-6)
    for key in ["y", "epsilon", "freeze_out_x", "m1_GeV", "splitting_GeV", "mediator_mass_GeV"] {
      #expect(json[key] is Double, "\(key)")
    }
    #expect(json["final_states"] as? String == "all")
    let y = try #require(json["y"] as? Double)
    let back = try Command.duskline(
      ["relic", "--json", "--set", "relic.solve_for=abundance", "--set", "model.y=\(y)"])
    let returned = try #require(back.json?["abundance"] as? Double)
    #expect(abs(returned / abundance - 1) < 1e-5)
    for (fault, word) in [
      ("model.m1_GeV=1e-9", "too light"), ("model.alpha_D=1e-6", "the least is"),
      ("relic.abundance=1e30", "without annihilation"),
      ("model.mediator_mass_over_m1=2.3", "m1 + m2"),
    ] {
      let failed = try Command.duskline(["relic", "--set", fault])
      #expect(failed.exitCode == 2 && failed.output.isEmpty, "\(fault)")
      #expect(failed.error.contains(word), "\(failed.error)")
    }
  }

  @Test(
    "a command line at fault ends with 2",
    arguments: [
      ["explode"], ["check"], ["check", "a", "b"], ["check", "--bar"], ["explain", "--set"],
      ["events"], ["explain", "a.yaml", "--card", "b.yaml"], ["--nonsense"],
    ])
  func badCommandLine(arguments: [String]) throws {
    let result = try Command.duskline(arguments)
    #expect(result.exitCode == 2)
    #expect(result.output.isEmpty)
    #expect(!result.error.isEmpty)
  }

  @Test(
    "help and version are printed and end with 0",
    arguments: [
      ["--help"], ["help"], ["--version"], ["check", "--help"], ["help", "events"],
    ])
  func help(arguments: [String]) throws {
    let result = try Command.duskline(arguments)
    #expect(result.exitCode == 0)
    #expect(!result.output.isEmpty)
    #expect(result.error.isEmpty)
  }
}

import Foundation
import Testing

@Suite("The command limits", .tags(.endToEnd))
struct LimitsTests {
  /// Runs `duskline limits` with a fresh folder of files and a catalogue within it.
  private func limits(
    _ arguments: String..., files: [String: String] = [:], in folder: URL? = nil
  ) throws -> CommandResult {
    let scratch = try folder ?? Self.makeFolder()
    defer { if folder == nil { try? FileManager.default.removeItem(at: scratch) } }
    for (name, text) in files {
      try Data(text.utf8).write(to: scratch.appending(path: name))
    }
    let own = arguments.contains("--catalogue") ? [] : ["--catalogue", "own"]
    return try Command.duskline(["limits"] + arguments + own, in: scratch)
  }

  private static func makeFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "own"), withIntermediateDirectories: true)
    return folder
  }

  private static let mine = """
    # curve: mine
    # experiment: My search
    # kind: exclusion
    # origin: digitised
    # observable: nothing
    # source: none, made for a test
    # obtained: by hand
    # licence: none
    # confidence_level: unknown
    # splitting_over_m1: 0.4
    # alpha_D: independent
    # mediator_mass_over_m1: 3
    # region: above
    # top: 1e-5
    m1_GeV,y
    0.01,1e-9
    1,1e-9

    """

  @Test("list names every curve with what it was made under")
  func list() throws {
    let curves = try #require(try limits("list", "--json").json?["curves"] as? [[String: Any]])
    #expect(
      curves.compactMap { $0["name"] as? String } == [
        "babar", "lep", "e137", "lsnd", "babar-displaced", "bdx", "ldmx", "miniboone", "belle2",
        "seaquest", "jsns2", "lep-computed", "babar-computed", "belle2-computed",
        "babar-displaced-computed", "belle2-displaced-computed", "e137-computed", "bdx-computed",
        "ldmx-computed", "na64mu-computed",
      ])
    #expect(
      curves.compactMap { $0["variant"] as? String } == [
        "published", "veto-0.1-GeV", "veto-0.1-GeV", "vertex-from-10-mm", "vertex-from-170-mm",
        "default", "default", "default", "default",
      ])
    for curve in curves {
      for key in ["name", "experiment", "kind", "origin", "source", "assumptions"] {
        #expect(curve[key] != nil, "\(key)")
      }
    }
    let lep = try #require(curves.first { $0["name"] as? String == "lep" })
    let assumptions = try #require(lep["assumptions"] as? [String: Any])
    #expect(assumptions["splitting_over_m1"] is NSNull)
    #expect(assumptions["mediator_mass_over_m1"] as? Double == 3)
    let text = try limits("list")
    #expect(text.exitCode == 0 && text.error.isEmpty)
    #expect(text.output.contains("belle2") && text.output.contains("projection"))
  }

  @Test("show gives the numbers with their provenance; a misspelt name ends with 2")
  func show() throws {
    let json = try #require(try limits("show", "miniboone", "--json").json)
    let outline = try #require(json["outline"] as? [[Double]])
    #expect(outline.count == 50 && outline[0] == [0.0240474, 0.1])
    #expect(json["kind"] as? String == "projection" && json["origin"] as? String == "digitised")
    #expect((json["assumptions"] as? [String: Any])?["splitting_over_m1"] as? Double == 0.05)
    #expect(json["confidence_level"] is NSNull)
    #expect(json["applies"] as? Bool == false)
    #expect((json["provenance"] as? [String: Any])?["card"] != nil)
    let text = try limits("show", "lep")
    #expect(text.output.hasPrefix("# curve: lep\n"))
    #expect(text.output.contains("likely origin arXiv:1006.0973, to be confirmed"))
    let failed = try limits("show", "bell2")
    #expect(failed.exitCode == 2 && failed.output.isEmpty)
    #expect(failed.error.contains("did you mean 'belle2'?"))
  }

  @Test(
    "show computes a curve over the scan's masses; what has no point or limit is null with a reason"
  )
  func showComputed() throws {
    // At a fixed A' mass the third point has m_A' < m₁ + m₂; no decay is open at the first.
    let json = try #require(
      try limits(
        "show", "babar-computed", "--json", "--set", "model.mediator_mass_GeV=1",
        "--set", "model.splitting_over_m1=0.2", "--set", "scan.m1_GeV=[0.004, 0.3, 0.6]"
      ).json)
    for key in ["name", "kind", "origin", "assumptions", "source"] {
      #expect(json[key] != nil, "\(key)")
    }
    #expect(json["origin"] as? String == "computed")
    let points = try #require(json["points"] as? [[String: Any]])
    #expect(points.compactMap { $0["m1_GeV"] as? Double } == [0.004, 0.3, 0.6])
    let lower = points.map { $0["epsilon_lower"] as? Double }
    let variants = try #require(json["variants"] as? [String: [[String: Any]]])
    #expect(
      variants.keys.sorted() == ["no-veto", "veto-0.05-GeV", "veto-0.15-GeV", "veto-0.3-GeV"])
    let unseen = try #require(variants["no-veto"]?.first?["epsilon_lower"] as? Double)
    // χ₂ is stable at the first mass: all that is left is BR(A′ → χ₁χ₂), 1 - O(ε²α/α_D).
    #expect(abs(try #require(lower[0]) / unseen - 1) < 1e-5)
    #expect(try #require(lower[1]) > unseen)
    #expect(
      points[1]["upper_is_frame"] as? Bool == true && points[1]["epsilon_upper"] as? Double == 1)
    for key in ["epsilon_lower", "epsilon_upper"] { #expect(points[2][key] is NSNull) }
    #expect((points[2]["reason"] as? String)?.contains("m1 + m2") == true)
    let text = try limits("show", "lep-computed", "--set", "scan.m1_GeV=[1, 30.4]")
    let rows = text.output.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(rows[0] == "variant,m1_GeV,epsilon_lower,epsilon_upper,reason")
    #expect(rows.count == 7 && rows[1].hasPrefix("published,1,0.02"))
    #expect(rows[2].hasPrefix("published,30.4,,,\"m_A' lies within 2 GeV of m_Z"))
    for line in ["# limit: lep-computed", "# program: duskline", "# seed: ", "# card:"] {
      #expect(text.output.contains("\(line)"), "\(line)")
    }
  }

  @Test("several intervals of one mass are all told, the lowest first")
  func intervals() throws {
    let json = try #require(
      try limits(
        "show", "babar-computed", "--json", "--set", "model.splitting_over_m1=0.4",
        "--set", "scan.m1_GeV=0.1"
      ).json)
    let variants = try #require(json["variants"] as? [String: [[String: Any]]])
    let point = try #require(variants["veto-0.05-GeV"]?.first)
    // Long-lived below, and what is never seen above.
    let intervals = try #require(point["intervals"] as? [[Double]])
    #expect(intervals.count == 2 && intervals[0][1] < intervals[1][0] && intervals[1][1] == 1)
    #expect(point["epsilon_upper"] as? Double == intervals[0][1])
  }

  @Test("check counts exclusions that hold, and tells why others do not")
  func check() throws {
    let point = "model.epsilon=2e-3"
    let result = try limits(
      "check", "--json", "--set", point, "--set", "model.splitting_over_m1=0.1")
    let json = try #require(result.json)
    #expect(json["excluded"] as? Bool == true)
    #expect(json["by"] as? [String] == ["babar", "e137", "babar-computed", "e137-computed"])
    let others = try #require(json["not_applicable"] as? [[String: String]])
    #expect(
      others == [["name": "miniboone", "reason": "made for Delta/m1 = 0.05, asked at 0.1"]])
    let margins = try #require(json["margins"] as? [[String: Any]])
    let babar = try #require(margins.first { $0["name"] as? String == "babar" })
    // Between the points (0.00996343, 0.000947586) and (0.47396, 0.000971427), straight in logarithms.
    let t = log(0.1 / 0.00996343) / log(0.47396 / 0.00996343)
    let edge = 0.000947586 * pow(0.000971427 / 0.000947586, t)
    let margin = try #require(babar["epsilon_over_lower"] as? Double)
    #expect(abs(margin / (2e-3 / edge) - 1) < 1e-9)

    let far = "model.splitting_over_m1=0.8"
    let elsewhere = try #require(
      try limits("check", "--json", "--set", point, "--set", far).json)
    #expect(elsewhere["excluded"] as? Bool == false)
    #expect((elsewhere["by"] as? [String])?.isEmpty == true)
    #expect((elsewhere["not_applicable"] as? [Any])?.count == 10)
    #expect(elsewhere["beyond_validity"] == nil)
  }

  @Test("--beyond-validity tells what curves would say, with a caveat, and counts none")
  func beyondValidity() throws {
    // No decay of χ₂ is in BaBar's digitised curve; the computed one says that it would be seen here.
    let arguments = ["--set", "model={epsilon: 2e-3, splitting_over_m1: 0.8}"]
    let json = try #require(
      try limits("check", "--json", "--beyond-validity", arguments[0], arguments[1]).json)
    #expect(json["excluded"] as? Bool == false)
    let beyond = try #require(json["beyond_validity"] as? [[String: Any]])
    let babar = try #require(beyond.first { $0["name"] as? String == "babar" })
    #expect((babar["would_say"] as? [String: Any])?["inside"] as? Bool == true)
    #expect((babar["caveat"] as? String)?.contains("not counted") == true)
    let text = try limits("check", "--beyond-validity", arguments[0], arguments[1])
    #expect(text.output.hasPrefix("not excluded\n"))
    #expect(text.output.contains("BEYOND THEIR VALIDITY"))
  }

  @Test("a closed χ₂ decay is a result; mA < m1 + m2 and ε > 1 end with 2")
  func borders() throws {
    let closed = try limits(
      "check", "--json", "--set", "model.m1_GeV=0.01", "--set", "model.splitting_over_m1=0.01")
    #expect(closed.exitCode == 0)
    #expect((closed.json?["remark"] as? String)?.contains("stable") == true)
    for fault in ["model.mediator_mass_over_m1=2.1", "model.y=1"] {
      let result = try limits("check", "--json", "--set", fault)
      #expect(result.exitCode == 2 && result.output.isEmpty, "\(fault)")
    }
  }

  @Test("a table of 10⁴ points is checked in the order given, within seconds")
  func grid() throws {
    var rows = ["m1_GeV,epsilon", "0.1,2e-3", "0.1,1e-7"]
    for i in 0..<9_998 {
      rows.append("\(0.01 * pow(1e3, Double(i % 100) / 100)),\(pow(1e-6, Double(i / 100) / 100))")
    }
    let clock = ContinuousClock()
    var result: CommandResult?
    let time = try clock.measure {
      result = try limits(
        "check", "--points", "points.csv", "--json", "--set", "model.splitting_over_m1=0.1",
        files: ["points.csv": rows.joined(separator: "\n")])
    }
    let json = try #require(result?.json)
    let points = try #require(json["points"] as? [[String: Any]])
    #expect(points.count == 10_000)
    #expect(points[0]["by"] as? [String] == ["babar", "e137", "babar-computed", "e137-computed"])
    #expect(points[1]["excluded"] as? Bool == false)
    // BaBar, LEP and E137, as digitised and computed; LSND ends below this mass.
    #expect(points[1]["limits_that_speak"] as? Int == 6)
    #expect((json["not_applicable"] as? [Any])?.count == 1)
    // 8 s: some 1 s on two free processors, for E137 at each mass; the other tests run at the same time.
    #expect(time < .seconds(8))
  }

  @Test("a table tells what curves would say beyond their validity, and counts none of it")
  func pointsBeyondValidity() throws {
    let files = ["p.csv": "m1_GeV,epsilon\n0.1,2e-3\n"]
    let far = "model.splitting_over_m1=0.8"
    let json = try #require(
      try limits(
        "check", "--points", "p.csv", "--beyond-validity", "--set", far, "--json", files: files
      ).json)
    let points = try #require(json["points"] as? [[String: Any]])
    #expect(points[0]["excluded"] as? Bool == false)
    #expect((points[0]["beyond_validity"] as? [String])?.contains("babar") == true)
    #expect((json["caveat"] as? String)?.contains("not counted") == true)
    let text = try limits(
      "check", "--points", "p.csv", "--beyond-validity", "--set", far, files: files)
    #expect(text.output.hasPrefix("# beyond_validity names curves"))
    #expect(
      text.output.contains(
        "\nm1_GeV,epsilon,excluded,by,limits_that_speak,reason,beyond_validity\n"))
    #expect(text.output.contains("\n0.1,0.002,false,,4,,babar e137 "))
  }

  @Test("points without a model are null with a reason; a bad table is refused by its line")
  func badPoints() throws {
    let table = "m1_GeV,y\n0.1,1e-8\n0.2,1e-8\n0.1,1\n"
    let result = try limits(
      "check", "--points", "p.csv", "--json", "--set", "model.mediator_mass_GeV=0.4",
      files: ["p.csv": table])
    let points = try #require(result.json?["points"] as? [[String: Any]])
    #expect(points[0]["excluded"] is Bool)
    #expect(points[1]["excluded"] is NSNull)
    #expect((points[1]["reason"] as? String)?.contains("m1 + m2") == true)
    #expect((points[2]["reason"] as? String)?.contains("would be 50.5964, above 1") == true)
    #expect(points[1]["limits_that_speak"] is NSNull)
    let csv = try limits(
      "check", "--points", "p.csv", "--set", "model.mediator_mass_GeV=0.4",
      files: ["p.csv": table])
    let lines = csv.output.split(separator: "\n")
    #expect(lines[0] == "m1_GeV,y,excluded,by,limits_that_speak,reason")
    #expect(lines[2].hasPrefix("0.2,1e-8,,,,\"mA = 0.4 GeV does not exceed"))
    for (table, fault) in [
      ("m1_GeV,y\n0.1,1e-8\n0.1,abc\n", "p.csv:3: 'abc' is not a finite number"),
      ("m1_GeV,y\n0.1,-1\n", "p.csv:2: y is -1, not positive"),
      ("m1_GeV,z\n0.1,1\n", "p.csv:1: the columns are m1_GeV, z"),
    ] {
      let failed = try limits("check", "--points", "p.csv", files: ["p.csv": table])
      #expect(failed.exitCode == 2 && failed.output.isEmpty)
      #expect(failed.error.hasPrefix(fault), "\(failed.error)")
    }
    let missing = try limits("check", "--points", "nowhere.csv")
    #expect(missing.exitCode == 2 && missing.error.contains("there is no such file"))
  }

  @Test("masses that no laboratory has are refused, in a table by their line")
  func extremeMasses() throws {
    let table = "m1_GeV,epsilon\n1e-161,1e-3\n0.1,1e-3\n1e160,abc\n1e6,1e-3\n"
    let checked = try limits("check", "--points", "p.csv", files: ["p.csv": table])
    #expect(checked.exitCode == 2 && checked.output.isEmpty)
    #expect(
      checked.error == """
        p.csv:2: m1_GeV = 1e-161 is out of range; give a number between 1e-9 and 100000 (masses are in GeV)
        p.csv:4: 'abc' is not a finite number; write it as in 0.1 or 1e-8
        p.csv:5: m1_GeV = 1000000 is out of range; give a number between 1e-9 and 100000 (masses are in GeV)

        """)
    for mass in ["1e-170", "1e160"] {
      let shown = try limits("show", "lep-computed", "--set", "scan.m1_GeV=[\(mass)]")
      #expect(shown.exitCode == 2 && shown.output.isEmpty)
      #expect(shown.error.contains("scan.m1_GeV[0] = \(mass) is out of range"), "\(shown.error)")
    }
    let ends = try limits(
      "check", "--points", "p.csv", files: ["p.csv": "m1_GeV,epsilon\n1e-9,1e-200\n1e5,1\n"])
    #expect(ends.exitCode == 0, "\(ends.error)")
  }

  @Test("what lies in the place of the folder is left alone, with the same message everywhere")
  func noFolder() throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["dear": "do not touch\n", "mine.csv": Self.mine]
    let commands = [["list"], ["show", "lep"], ["check"], ["add", "mine.csv"]]
    for command in commands {
      for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
      let result = try Command.duskline(
        ["limits"] + command + ["--catalogue", "dear"], in: folder)
      #expect(result.exitCode == 2)
      #expect(
        result.error
          == "dear: this is not a folder, and curves are kept in one; name another place with --catalogue\n"
      )
    }
    let missing = try limits("add", "nowhere.csv", in: folder)
    #expect(missing.error == "nowhere.csv: there is no such file; check the path\n")
  }

  @Test("add --help names the keys that a curve must have")
  func addHelp() throws {
    let help = try limits("add", "--help").output
    for key in ["curve", "confidence_level", "mediator_mass_over_m1", "region", "top", "caveat"] {
      #expect(help.contains(key), "\(key)")
    }
  }

  @Test("of several that add one name at a time, one succeeds")
  func concurrentAdds() async throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(Self.mine.utf8).write(to: folder.appending(path: "mine.csv"))
    let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
      for _ in 0..<6 {
        group.addTask { try limits("add", "mine.csv", in: folder).exitCode }
      }
      return try await group.reduce(into: [Int32]()) { $0.append($1) }
    }
    #expect(codes.sorted() == [0, 2, 2, 2, 2, 2])
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "own").path(percentEncoded: false))
    #expect(kept == ["mine.csv"])
  }

  @Test("a curve of one's own is added, listed, shown and counted")
  func add() throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["mine.csv": Self.mine]
    let added = try limits("add", "mine.csv", files: files, in: folder)
    #expect(added.exitCode == 0, "\(added.error)")
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "own").path(percentEncoded: false))
    #expect(kept == ["mine.csv"])
    #expect(try limits("list", in: folder).output.contains("mine (yours)"))
    let shown = try #require(try limits("show", "mine", "--json", in: folder).json)
    #expect(shown["catalogue"] as? String == "user")
    #expect(shown["file_ordinate"] as? String == "y")
    // The top is converted as the outline is.
    let top = try #require(shown["top"] as? Double)
    #expect(abs(top / (1e-5 * 81 / 0.1).squareRoot() - 1) < 1e-12)
    let outline = try #require(shown["outline"] as? [[Double]])
    // y = ε² α_D/81 at the card's α_D = 0.1, as the curve does not depend on it.
    #expect(abs(outline[0][1] / (1e-9 * 81 / 0.1).squareRoot() - 1) < 1e-12)
    let check = try limits("check", "--json", in: folder)
    #expect((check.json?["by"] as? [String])?.contains("mine") == true)
    let again = try limits("add", "mine.csv", in: folder)
    #expect(again.exitCode == 2 && again.error.contains("--replace"))
    #expect(try limits("add", "mine.csv", "--replace", in: folder).exitCode == 0)
  }

  @Test("a malformed curve and a built-in name are refused, and nothing is kept")
  func refused() throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let cases = [
      (Self.mine.replacing("1,1e-9", with: "1,-1e-9"), "bad.csv:17: y is -1e-09, not positive"),
      (Self.mine.replacing("# curve: mine", with: "# curve: lep"), "'lep' is the name of a limit"),
      (Self.mine.replacing("curve: mine", with: "curve: x-computed"), "'x-computed' is a name"),
    ]
    for (text, fault) in cases {
      let result = try limits("add", "bad.csv", files: ["bad.csv": text], in: folder)
      #expect(result.exitCode == 2 && result.output.isEmpty)
      #expect(result.error.contains(fault), "\(result.error)")
    }
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "own").path(percentEncoded: false))
    #expect(kept.isEmpty)
    // What somebody else put there is not passed over in silence.
    try Data("nonsense\n".utf8).write(to: folder.appending(path: "own/odd.csv"))
    let broken = try limits("list", in: folder)
    #expect(broken.exitCode == 2 && broken.error.hasPrefix("own/odd.csv: "), "\(broken.error)")
  }
}

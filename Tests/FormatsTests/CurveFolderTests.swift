import Constraints
import Formats
import Foundation
import Testing

@Suite("Folders of curves", .tags(.unit))
struct CurveFolderTests {
  private func text(_ name: String, epsilon: String = "1e-3") -> String {
    """
    # curve: \(name)
    # experiment: My search
    # kind: exclusion
    # origin: digitised
    # observable: nothing
    # source: none, made for a test
    # obtained: by hand
    # licence: none
    # confidence_level: unknown
    # splitting_over_m1: 0.1
    # alpha_D: 0.1
    # mediator_mass_over_m1: 3
    # region: above
    # top: 0.1
    m1_GeV,epsilon
    0.1,\(epsilon)
    1,1e-3

    """
  }

  private func write(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  /// What is said where a catalogue is refused.
  private func refusal(_ path: String) -> String? {
    do {
      _ = try CurveFolder(path).catalogue()
      return nil
    } catch {
      return error.description
    }
  }

  @Test("a folder that is not there holds no curves; what cannot be read is refused")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let missing = CurveFolder(folder.at("none"))
    #expect(!missing.exists)
    #expect(try missing.catalogue() == ConstraintCatalogue.builtIn)
    try write("a file", folder.at("file"))
    #expect(refusal(folder.at("file"))?.contains("this is not a folder") == true)
    // Below a file, and around in a circle: rights would not stop a test that runs as root.
    #expect(refusal(folder.at("file/own"))?.contains("cannot be read") == true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.at("circle"), withDestinationPath: "circle")
    #expect(refusal(folder.at("circle"))?.contains("cannot be read") == true)
  }

  @Test("curves stand behind the built-in ones, by name; other files are passed over")
  func catalogue() throws {
    let folder = try TemporaryFolder()
    try write(text("mine"), folder.at("mine.csv"))
    try write(text("also-mine"), folder.at("also-mine.csv"))
    try write("nonsense", folder.at("notes.txt"))
    try write("nonsense", folder.at(".hidden.csv"))
    let found = try CurveFolder(folder.path).catalogue()
    #expect(found.curves.suffix(2).map(\.name) == ["also-mine", "mine"])
    #expect(found.userNames == ["also-mine", "mine"])
  }

  @Test(
    "a name that the program has or computes is refused, added or put there by hand",
    arguments: ["babar-computed", "mine-computed", "lep"])
  func reserved(name: String) throws {
    let folder = try TemporaryFolder()
    #expect(CurveFolder.isTaken(name))
    let curve = try ConstraintCurve(parsing: text(name))
    #expect(throws: InputFileError.self) {
      try CurveFolder(folder.path).install(curve, replacing: true)
    }
    try write(text(name), folder.at("\(name).csv"))
    #expect(refusal(folder.path)?.contains("\(name).csv: '\(name)' is ") == true)
  }

  @Test("a pipe in the folder is refused, not waited for")
  func pipe() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.at("mine.csv"), 0o600) == 0)
    #expect(refusal(folder.path)?.contains("this is not a regular file") == true)
    let curve = try ConstraintCurve(parsing: text("mine"))
    for replacing in [false, true] {
      #expect(throws: InputFileError.self) {
        try CurveFolder(folder.path).install(curve, replacing: replacing)
      }
    }
  }

  @Test("a curve gives way only where that is asked for")
  func install() throws {
    let folder = try TemporaryFolder()
    let own = CurveFolder(folder.at("new/own"))
    let first = try ConstraintCurve(parsing: text("mine"))
    let second = try ConstraintCurve(parsing: text("mine", epsilon: "2e-3"))
    let file = try own.install(first, replacing: false)
    #expect(try CurveFolder.curve(at: file) == first)
    #expect(throws: InputFileError.self) {
      try own.install(second, replacing: false)
    }
    #expect(try CurveFolder.curve(at: file) == first)
    _ = try own.install(second, replacing: true)
    #expect(try CurveFolder.curve(at: file) == second)
  }

  @Test("a file that comes to be there in the meantime is not overwritten")
  func exclusive() throws {
    let folder = try TemporaryFolder()
    let path = folder.at("a.csv")
    var file = try OutputFile(at: path)
    try file.write("mine\n")
    try write("theirs\n", path)
    do {
      try file.commit(replacing: false)
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.reason == "File exists")
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "theirs\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.csv"])
  }

  @Test("what a process that is gone left half written is removed")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    // The number of a process that has ended, and that of one that runs: this one.
    let ended = Process()
    ended.executableURL = URL(filePath: "/bin/sh")
    ended.arguments = ["-c", "exit 0"]
    try ended.run()
    ended.waitUntilExit()
    let (dead, alive) = (ended.processIdentifier, ProcessInfo.processInfo.processIdentifier)
    for process in [dead, alive] {
      try write("half", folder.at("other.csv.\(process).partial"))
    }
    try write("half", folder.at("mine.csv.\(dead).partial"))
    let curve = try ConstraintCurve(parsing: text("mine"))
    _ = try CurveFolder(folder.path).install(curve, replacing: false)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    // Those of other curves go when these are added.
    #expect(
      Set(left) == ["mine.csv", "other.csv.\(dead).partial", "other.csv.\(alive).partial"])
  }

  @Test("a byte-order mark, an indented comment and a line of tabs change nothing")
  func byteOrderMark() throws {
    let folder = try TemporaryFolder()
    let plain = text("mine")
    let other =
      "\u{FEFF}"
      + plain.replacing("# kind", with: "\t # kind").replacing("\n0.1", with: "\n\t\n0.1")
    try write(other, folder.at("mine.csv"))
    #expect(try CurveFolder.curve(at: folder.at("mine.csv")) == ConstraintCurve(parsing: plain))
    // Only one is dropped.
    try write("\u{FEFF}" + other, folder.at("twice.csv"))
    #expect(throws: InputFileError.self) { try CurveFolder.curve(at: folder.at("twice.csv")) }
  }

  @Test("a file that is missing, too large or no text says so")
  func noText() throws {
    let folder = try TemporaryFolder()
    func problem(_ name: String) -> String? {
      do {
        _ = try CurveFolder.curve(at: folder.at(name))
        return nil
      } catch {
        return error.faults.first?.problem
      }
    }
    try write(String(repeating: "# caveat: x\n", count: 30_000), folder.at("large.csv"))
    try Data([0x23, 0xFF, 0xFE]).write(to: URL(filePath: folder.at("binary.csv")))
    #expect(problem("missing.csv") == "there is no such file")
    #expect(problem("") == "this is a folder, not a file")
    #expect(problem("large.csv") == "the file is larger than 256 KiB")
    #expect(problem("binary.csv") == "this is not text in UTF-8")
  }
}

extension TemporaryFolder {
  /// The path of a file in it.
  fileprivate func at(_ name: String) -> String { "\(path)/\(name)" }
}

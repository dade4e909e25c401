import Formats
import Foundation
import Synchronization
import Testing
import Units

@Suite("JSON", .tags(.unit))
struct JSONValueTests {
  @Test("keys are sorted, nulls are written, slashes are plain")
  func text() throws {
    let value: JSONValue = [
      "b": .null, "a": [1, 2.5, true], "c": .estimate(3, error: 1e-9), "d": "x/y",
    ]
    let text = try value.text()
    #expect(text.contains("\"b\" : null"))
    #expect(text.contains("\"x/y\""))
    #expect(text.hasSuffix("}\n"))
    let keys = ["\"a\"", "\"b\"", "\"c\"", "\"d\""].map { text.range(of: $0)?.lowerBound }
    #expect(keys.compactMap(\.self).count == 4)
    #expect(keys.compactMap(\.self) == keys.compactMap(\.self).sorted())
  }

  @Test(
    "a number that is none is refused, and its place is named",
    arguments: [
      Double.nan, .infinity, -.infinity,
    ])
  func notFinite(value: Double) {
    let report: JSONValue = ["points": [["y": 1.0], ["y": .number(value)]]]
    #expect(throws: JSONError.notFinite(path: "points[1].y")) { try report.text() }
  }

  @Test("a number reads back to the same double", .tags(.property))
  func shortestNumbers() {
    var generator = SplitMix(state: 3)
    for _ in 0..<10_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(Double(ShortestNumber.text(value)) == value)
    }
    #expect(ShortestNumber.text(160) == "160")
    #expect(ShortestNumber.text(1e-8) == "1e-8")
    #expect(ShortestNumber.text(2.5e16) == "2.5e16")
    #expect(ShortestNumber.text(1e16) == "1e16")
  }

  @Test("a number in another unit comes back with the digits it was given")
  func unit() {
    for tenths in 0...10_000 {
      let given = Double(tenths) / 10
      #expect(ShortestNumber.text(given * 1e-3, in: 1e-3) == ShortestNumber.text(given))
    }
  }
}

@Suite("Files", .tags(.unit))
struct OutputFileTests {
  @Test("a file appears whole, and only once it is committed")
  func commit() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/out.csv"
    try OutputFile.write("old\n", to: path)
    do {
      var file = try OutputFile(at: path)
      try file.write("new\n")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old\n")
      try file.write("rows\n")
      try file.commit()
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new\nrows\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.csv"])
  }

  @Test("a file that is given up leaves nothing behind")
  func givenUp() throws {
    let folder = try TemporaryFolder()
    do {
      var file = try OutputFile(at: "\(folder.path)/out.csv")
      try file.write("half")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("a missing folder and a folder in the way are named, with a remedy")
  func errors() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: FileError.self) {
      try OutputFile.write("x", to: "\(folder.path)/none/out.csv")
    }
    #expect(missing?.description.contains("none/out.csv") == true)
    #expect(missing?.remedy == "make the folder first, or give another path")
    let isFolder = #expect(throws: FileError.self) { try OutputFile.write("x", to: folder.path) }
    #expect(isFolder?.remedy.contains("folder") == true)
    let file = try folder.file("file", "x")
    let inTheWay = #expect(throws: FileError.self) { try OutputFile.makeFolder(at: "\(file)/sub") }
    #expect(inTheWay != nil)
  }

  @Test(
    "a full disk is an error", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() {
    let error = #expect(throws: FileError.self) { try OutputFile.write("x", to: "/dev/full") }
    #expect(error?.remedy.contains("room") == true)
  }
}

@Suite("Progress", .tags(.unit))
struct ProgressBarTests {
  /// A clock that stands until it is set, and what was written.
  final class Stage: Sendable {
    let time = Mutex(Duration.zero)
    let text = Mutex("")

    func bar(_ style: ProgressBar.Style) -> ProgressBar {
      ProgressBar(
        "reach", total: 10, style: style, elapsed: { self.time.withLock { $0 } },
        write: { part in self.text.withLock { $0 += part } })
    }

    func advance(_ bar: ProgressBar, at seconds: Int) {
      time.withLock { $0 = .seconds(seconds) }
      bar.advance()
    }

    var written: String { text.withLock { $0 } }
  }

  @Test("a terminal sees a bar with the time left, which goes in the end")
  func bar() {
    let stage = Stage()
    let bar = stage.bar(.bar)
    stage.advance(bar, at: 30)
    #expect(
      stage.written.contains("reach [###...") && stage.written.contains("10 %, 4 min 30 s left"))
    bar.finish()
    bar.finish()
    #expect(stage.written.hasSuffix("left\r\u{1B}[K"))
  }

  @Test("a log sees a line in ten seconds at most, and nothing of a short run")
  func lines() {
    let stage = Stage()
    let bar = stage.bar(.lines)
    stage.advance(bar, at: 9)
    #expect(stage.written.isEmpty)
    stage.advance(bar, at: 11)
    stage.advance(bar, at: 12)
    #expect(stage.written == "reach: 20 %, 44 s left\n")
  }

  @Test("silence is silent")
  func silent() {
    let stage = Stage()
    let bar = stage.bar(.silent)
    stage.advance(bar, at: 1000)
    bar.finish()
    #expect(stage.written.isEmpty)
  }

  @Test("rounding to digits gives the double nearest to the decimal", .tags(.unit))
  func rounding() {
    let cases: [(Double, Int, String)] = [
      (0.18039999999, 4, "0.1804"), (2.34567e-8, 3, "2.35e-8"), (468.75, 4, "468.8"),
      (99_999, 3, "1e5"), (2024 * .leastNonzeroMagnitude, 2, "1e-320"), (-0.0012345, 2, "-0.0012"),
      (1.7976e308, 3, "1.8e308"), (9.9996, 4, "10"), (0, 3, "0"), (123_456_789, 2, "1.2e8"),
      (4700, 2, "4700"),
    ]
    for (value, digits, text) in cases {
      #expect(ShortestNumber.text(value, digits: digits) == text, "\(value), \(digits)")
    }
    #expect(ShortestNumber.text(.infinity, digits: 3) == "inf")
  }
}

import Constraints
import Testing

@Suite("Curve files") struct CurveParsingTests {
  private func faults(in text: String, name: String? = nil) -> [CurveFault] {
    do {
      _ = try ConstraintCurve(parsing: text, name: name)
      return []
    } catch .malformed(let faults) {
      return faults
    } catch {
      return []
    }
  }

  @Test("a sound file gives its curve", .tags(.unit))
  func sound() throws {
    let curve = try ConstraintCurve(
      parsing: curveText(adding: ["# top: 0.1", "# caveat: a: b", "#", "# caveat: c"]))
    #expect(curve.name == "mine" && curve.kind == .exclusion && curve.origin == .digitised)
    #expect(curve.confidenceLevel == 0.9)
    #expect(curve.region == .inside(top: 0.1))
    #expect(curve.caveats == ["a: b", "c"])
    #expect(curve.points.count == 4 && curve.ordinate == .epsilon)
    #expect(curve.massRange == 0.1...1)
  }

  @Test("what is unknown or independent has no number", .tags(.unit))
  func unknown() throws {
    let curve = try ConstraintCurve(
      parsing: curveText(replacing: [
        "confidence_level": "confidence_level: unknown",
        "splitting_over_m1": "splitting_over_m1: independent",
        "alpha_D": "alpha_D: independent",
        "mediator_mass_over_m1": "mediator_mass_over_m1: independent",
      ]))
    #expect(curve.confidenceLevel == nil)
    #expect(
      curve.assumptions
        == CurveAssumptions(splittingOverM1: nil, alphaD: nil, mediatorMassOverM1: nil))
  }

  @Test("what is written reads back as the same curve", .tags(.property))
  func roundTrip() throws {
    for curve in ConstraintCatalogue.builtIn.curves {
      #expect(try ConstraintCurve(parsing: curve.text) == curve, "\(curve.name)")
    }
    let open = try ConstraintCurve(
      parsing: curveText(
        replacing: ["region": "region: above"], adding: ["# top: 1e-5"], columns: "m1_GeV,y",
        rows: ["0.1,1e-9", "0.123456789012345,2.5e-10"]))
    #expect(open.ordinate == .y && open.region == .above(top: 1e-5))
    #expect(try ConstraintCurve(parsing: open.text) == open)
  }

  @Test("the file's name is that of the curve", .tags(.unit))
  func expectedName() throws {
    #expect(try ConstraintCurve(parsing: curveText(), name: "mine").name == "mine")
    let found = faults(in: curveText(), name: "yours")
    #expect(found.map(\.line) == [1])
    #expect(found[0].problem == "the curve is called 'mine', not 'yours'")
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var text: String
    var line: Int?
    var problem: String
    var remedy: String
    var testDescription: String { problem }
  }

  static let bad: [Bad] = [
    Bad(
      text: curveText(replacing: ["licence": nil]), line: 13,
      problem: "the header lacks 'licence'", remedy: "add a line '# licence: …'"),
    Bad(
      text: curveText(replacing: ["licence": "license: none"]), line: 8,
      problem: "unknown key 'license'", remedy: "did you mean 'licence'?"),
    Bad(
      text: curveText(replacing: ["curve": "curve: ../../etc"]), line: 1,
      problem: "'../../etc' is no name for a curve", remedy: "lower-case letters"),
    Bad(
      text: curveText(adding: ["# kind: projection"]), line: 14,
      problem: "kind is given twice, in line 3 already", remedy: "keep one"),
    Bad(
      text: curveText(adding: ["# a remark without a key"]), line: 14,
      problem: "this comment has no key", remedy: "# caveat:"),
    Bad(
      text: curveText(replacing: ["kind": "kind: exclusoin"]), line: 3,
      problem: "kind is 'exclusoin', not exclusion or projection",
      remedy: "did you mean 'exclusion'?"),
    Bad(
      text: curveText(replacing: ["source": "source:"]), line: 6, problem: "source says nothing",
      remedy: "in a few words"),
    Bad(
      text: curveText(replacing: ["confidence_level": "confidence_level: 90"]), line: 9,
      problem: "confidence_level is 90.0, not between 0 and 1", remedy: "0.9 for 90 %"),
    Bad(
      text: curveText(replacing: ["splitting_over_m1": "splitting_over_m1: small"]), line: 10,
      problem: "splitting_over_m1 is 'small', not a number", remedy: "'independent'"),
    Bad(
      text: curveText(replacing: ["alpha_D": "alpha_D: -0.1"]), line: 11,
      problem: "alpha_D is -0.1", remedy: "positive"),
    Bad(
      text: curveText(replacing: ["alpha_D": "alpha_D: nan"]), line: 11,
      problem: "alpha_D is 'nan', not a number", remedy: "'independent'"),
    Bad(
      text: curveText(replacing: ["region": "region: below"]), line: 13,
      problem: "region is 'below', not inside or above", remedy: "known here: inside, above"),
    Bad(
      text: curveText(replacing: ["region": "region: above"]), line: 13,
      problem: "a region above a curve needs a top", remedy: "# top: 1"),
    Bad(
      text: curveText(adding: ["# top: 0"]), line: 14, problem: "top is 0.0, not positive",
      remedy: "upper edge"),
    Bad(
      text: curveText(adding: ["# top: 5e-3"]), line: 18,
      problem: "epsilon = 0.01 lies above the top, 0.005", remedy: "raise 'top'"),
    Bad(
      text: curveText(rows: ["0.1,1e-3", "1,abc"]), line: 16,
      problem: "'abc' is not a finite number", remedy: "write it as"),
    Bad(
      text: curveText(rows: ["0.1,1e-3", "1,1e-3,1"]), line: 16,
      problem: "3 cells where 2 columns are named", remedy: "one value a column"),
    Bad(text: curveText(rows: []), line: nil, problem: "there is no row", remedy: "column names"),
    Bad(
      text: curveText(rows: ["0.1,1e-3", "1,0", "1,1e-2"]), line: 16,
      problem: "epsilon is 0.0, not positive", remedy: "logarithmic"),
    Bad(
      text: curveText(rows: ["-0.1,1e-3", "1,1e-3", "1,1e-2"]), line: 15,
      problem: "m1_GeV is -0.1, not positive", remedy: "logarithmic"),
    Bad(
      text: curveText(rows: ["0.1,1e-3", "1,1e-3"]), line: 16,
      problem: "a closed outline of 2 different points has no inside", remedy: "3 or more"),
    Bad(
      text: curveText(rows: ["0.1,1e-3", "1,1e-2", "1,1e-3", "0.1,1e-2"]), line: 17,
      problem: "the outline crosses or touches itself", remedy: "in the order of the outline"),
    Bad(
      text: curveText(rows: ["0.1,1e-3", "1,1e-3", "0.5,1e-3"]), line: 16,
      problem: "the outline crosses or touches itself", remedy: "in the order of the outline"),
    Bad(
      text: curveText(
        replacing: ["region": "region: above"], adding: ["# top: 1"], rows: ["0.1,1e-3"]),
      line: nil, problem: "an open curve of 1 points has no length", remedy: "2 or more"),
    Bad(
      text: curveText(
        replacing: ["region": "region: above"], adding: ["# top: 1"],
        rows: ["0.1,1e-3", "", "0.2,1e-3", "0.2,1e-2"]), line: 19,
      problem: "m1_GeV = 0.2 does not exceed that of the point before, 0.2", remedy: "sort"),
    Bad(
      text: curveText(columns: "m1_GeV,eps"), line: 14, problem: "unknown column 'eps'",
      remedy: "known here"),
    Bad(
      text: curveText(columns: "m1_MeV,epsilon"), line: 14, problem: "unknown column 'm1_MeV'",
      remedy: "did you mean 'm1_GeV'?"),
    Bad(
      text: curveText(columns: "m1_GeV,epsilon,y", rows: ["1,1,1"]), line: 14,
      problem: "epsilon and y are both given", remedy: "keep one"),
    Bad(
      text: curveText(columns: "m1_GeV,epsilon,epsilon", rows: ["1,1,1"]), line: 14,
      problem: "the column epsilon is given twice", remedy: "keep one"),
  ]

  @Test("a fault is named with its line, and how to mend it", .tags(.unit), arguments: bad)
  func faultIsNamed(bad: Bad) throws {
    let found = faults(in: bad.text)
    let fault = try #require(
      found.first { $0.problem.hasPrefix(bad.problem) }, "\(found.map(\.description))")
    #expect(fault.line == bad.line)
    #expect(fault.remedy.contains(bad.remedy), "\(fault.remedy)")
  }

  @Test("all faults are reported together, by line", .tags(.unit))
  func together() {
    let text = curveText(
      replacing: ["kind": "kind: x", "alpha_D": "alpha_D: y", "licence": nil],
      rows: ["0,1e-3", "1,1e-3", "1,1e-2"])
    #expect(faults(in: text).map(\.line) == [3, 10, 13, 14])
  }

  @Test("bad cells are reported with the faults of the header", .tags(.unit))
  func cellsAndHeader() {
    let text = curveText(
      replacing: ["kind": "kind: x"], rows: ["0.1,1e-3", "1,abc", "1", "1,-1e-2", "2,x"])
    // What the sound rows outline is not asked.
    #expect(faults(in: text).map(\.line) == [3, 16, 17, 18, 19])
  }

  @Test("points are to be positive even where the region is unknown", .tags(.unit))
  func pointsWithoutRegion() {
    let text = curveText(
      replacing: ["region": "region: below"], rows: ["0.1,1e-3", "1,-1", "1,1e-2"])
    #expect(faults(in: text).map(\.line) == [13, 16])
  }

  @Test("what is no table at all has one fault", .tags(.unit))
  func noTable() {
    #expect(faults(in: "nonsense\n").count == 1)
    #expect(faults(in: "").count == 1)
  }

  @Test("a mixing above 1 is refused, a y is not", .tags(.unit))
  func mixingAboveOne() {
    let rows = ["0.1,1e-3", "1,1e-3", "1,1.5"]
    let found = faults(in: curveText(adding: ["# top: 2"], rows: rows))
    #expect(found.map(\.line) == [14, 18])
    #expect(found[1].problem == "epsilon = 1.5 is a mixing above 1")
    let y = curveText(adding: ["# top: 2"], columns: "m1_GeV,y", rows: rows)
    #expect(faults(in: y).isEmpty)
  }

  @Test("a key without a text says what could stand there", .tags(.unit))
  func emptyKeys() {
    func remedy(_ key: String) -> String? {
      faults(in: curveText(replacing: [key: "\(key):"])).first?.remedy
    }
    #expect(remedy("curve")?.contains("lower-case letters") == true)
    #expect(remedy("kind") == "write exclusion or projection")
    #expect(remedy("alpha_D") == "give a number, or 'independent'")
    let small = faults(in: curveText(replacing: ["splitting_over_m1": "splitting_over_m1: -1"]))
    #expect(small.first?.remedy == "give 0 or a positive number, or 'independent'")
  }

  @Test("a curve made in code is checked like one that is read", .tags(.unit))
  func madeInCode() {
    #expect(throws: ConstraintError.self) { try curve([(0.1, 1e-3), (1, 1e-3)]) }
    #expect(throws: ConstraintError.self) { try curve([(0.1, 1), (1, 1), (1, .nan)]) }
    #expect(throws: ConstraintError.self) {
      try curve([(0.1, 1e-3), (1, 1e-3), (1, 1e-2)], name: "No Name")
    }
    #expect(throws: ConstraintError.self) {
      try curve(
        [(0.1, 1e-3), (1, 1e-3), (1, 1e-2)],
        assumptions: CurveAssumptions(splittingOverM1: -1, alphaD: nil, mediatorMassOverM1: nil))
    }
  }

  @Test(
    "points given twice in a row, and a first one repeated at the end, change nothing", .tags(.unit)
  )
  func repeatedPoints() throws {
    let plain = try curve([(0.1, 1e-3), (1, 1e-3), (1, 1e-2)])
    let repeated = try curve([(0.1, 1e-3), (1, 1e-3), (1, 1e-3), (1, 1e-2), (0.1, 1e-3)])
    for mass in [0.1, 0.3, 1] {
      #expect(plain.excludedOrdinates(atM1: mass) == repeated.excludedOrdinates(atM1: mass))
    }
  }
}

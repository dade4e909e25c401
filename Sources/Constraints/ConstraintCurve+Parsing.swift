import Tables

extension ConstraintCurve {
  /// Reads a curve from its file's text: a header of lines `# key: text`, then columns m1_GeV and epsilon or y.
  ///
  ///     # curve: my-search
  ///     # experiment: My search
  ///     # kind: exclusion                 (or projection)
  ///     # origin: digitised               (or computed)
  ///     # observable: single photon and missing energy
  ///     # source: arXiv:2409.00170, Fig. 6
  ///     # obtained: read off the figure with a ruler, 2026-11
  ///     # licence: CC BY 4.0
  ///     # confidence_level: 0.9           (or unknown)
  ///     # splitting_over_m1: 0.1          (or independent)
  ///     # alpha_D: 0.1                    (or independent)
  ///     # mediator_mass_over_m1: 3        (or independent)
  ///     # region: inside                  (or above, which needs top)
  ///     # top: 0.1                        (the frame of the figure; optional with inside)
  ///     # caveat: any number of these
  ///     m1_GeV,epsilon
  ///     0.1,1e-3
  ///
  /// - Parameters:
  ///   - text: the text of the file.
  ///   - name: the name that the curve must have; `nil` takes the header's.
  /// - Throws: ``ConstraintError/malformed(faults:)`` with all faults together, each with its line.
  public init(parsing text: String, name: String? = nil) throws(ConstraintError) {
    var faults: [TableError] = []
    let table = NumericTable(parsing: text, faults: &faults)
    // What has neither header nor numbers is no curve: each key that it lacks would be noise.
    if faults == [.empty], table.provenance.isEmpty {
      throw .malformed(faults: faults.map(CurveFault.init))
    }
    var reader = CurveReader(table, faults)
    try self.init(reading: &reader, name: name)
  }

  private init(reading reader: inout CurveReader, name expected: String?) throws(ConstraintError) {
    let name = reader.name(expected: expected)
    let experiment = reader.text("experiment")
    let kind = reader.choice("kind", of: ConstraintKind.self)
    let origin = reader.choice("origin", of: ConstraintOrigin.self)
    let observable = reader.text("observable")
    let source = reader.text("source")
    let obtained = reader.text("obtained")
    let licence = reader.text("licence")
    let confidenceLevel = reader.confidenceLevel()
    let assumptions = CurveAssumptions(
      splittingOverM1: reader.assumption("splitting_over_m1") { $0 >= 0 },
      alphaD: reader.assumption("alpha_D") { $0 > 0 },
      mediatorMassOverM1: reader.assumption("mediator_mass_over_m1") { $0 > 0 })
    let region = reader.region()
    let (ordinate, points) = reader.points(region: region)
    try reader.check.throwIfAny()
    guard let kind, let origin, let ordinate, let region else {
      preconditionFailure("what could not be read must have been noted")
    }
    try self.init(
      name: name, experiment: experiment, kind: kind, origin: origin, observable: observable,
      source: source, obtained: obtained, licence: licence, confidenceLevel: confidenceLevel,
      assumptions: assumptions, ordinate: ordinate, region: region, caveats: reader.caveats(),
      points: points)
  }
}

/// Takes a curve's table apart and notes what is wrong with it.
private struct CurveReader {
  let table: NumericTable
  var check = CurveCheck()

  /// The first line after the header, where what is missing would have had to be.
  private var headerEnd: Int? { table.columnNames.isEmpty ? nil : table.lines.columnNames }

  /// Whether all rows could be read, so that it makes sense to ask what they outline.
  private let isComplete: Bool

  init(_ table: NumericTable, _ faults: [TableError]) {
    self.table = table
    isComplete = faults.isEmpty
    for fault in faults { check.add(fault.line, fault.problem, mend: fault.remedy) }
    var seen: [String: Int] = [:]
    for (entry, line) in zip(table.provenance, table.lines.provenance) {
      guard CurveKeys.all.contains(entry.key) else {
        noteUnknown(entry, line: line)
        continue
      }
      if let earlier = seen[entry.key], entry.key != CurveKeys.repeatable {
        check.add(
          line, "\(entry.key) is given twice, in line \(earlier) already", mend: "keep one of them")
      }
      seen[entry.key] = line
      check.text(entry.text, of: entry.key, line: line)
    }
    for key in CurveKeys.required where seen[key] == nil {
      check.add(
        headerEnd, "the header lacks '\(key)'", mend: "add a line '# \(key): …' above this one")
    }
  }

  private mutating func noteUnknown(_ entry: (key: String, text: String), line: Int) {
    if entry.key.isEmpty, entry.text.isEmpty { return }
    if entry.key.isEmpty {
      check.add(
        line, "this comment has no key", mend: "write '# caveat: …', or take it out")
    } else {
      check.add(
        line, "unknown key '\(entry.key)'",
        mend: NearestWord.remedy(for: entry.key, among: CurveKeys.all))
    }
  }

  private func entry(_ key: String) -> (text: String, line: Int)? {
    guard let index = table.provenance.firstIndex(where: { $0.key == key }) else { return nil }
    return (table.provenance[index].text, table.lines.provenance[index])
  }

  func text(_ key: String) -> String { entry(key)?.text ?? "" }

  func caveats() -> [String] {
    table.provenance.filter { $0.key == CurveKeys.repeatable }.map(\.text)
  }

  mutating func name(expected: String?) -> String {
    guard let (name, line) = entry("curve"), !name.isEmpty else { return "" }
    check.name(name, line: line)
    if let expected, expected != name {
      check.add(
        line, "the curve is called '\(name)', not '\(expected)'",
        mend: "give file and curve the same name")
    }
    return name
  }

  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, of type: Choice.Type
  ) -> Choice? {
    guard let (text, line) = entry(key), !text.isEmpty else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    check.add(
      line, "\(key) is '\(text)', not \(known.joined(separator: " or "))",
      mend: NearestWord.remedy(for: text, among: known))
    return nil
  }

  mutating func confidenceLevel() -> Double? {
    guard let value = number("confidence_level", or: "unknown", example: "0.9") else { return nil }
    check.confidenceLevel(value, line: entry("confidence_level")?.line)
    return value
  }

  mutating func assumption(_ key: String, isAllowed: (Double) -> Bool) -> Double? {
    guard let value = number(key, or: "independent", example: "0.1") else { return nil }
    check.assumption(key, value, isAllowed: isAllowed(value), line: entry(key)?.line)
    return value
  }

  /// A number, or `nil` for the word that stands for none.
  private mutating func number(_ key: String, or word: String, example: String) -> Double? {
    guard let (text, line) = entry(key), !text.isEmpty, text != word else { return nil }
    if let value = Double(text), value.isFinite { return value }
    check.add(
      line, "\(key) is '\(text)', not a number", mend: "write it as in \(example), or '\(word)'")
    return nil
  }

  mutating func region() -> CurveRegion? {
    guard let (text, line) = entry("region"), !text.isEmpty else { return nil }
    let (before, top) = (check.faults.count, number("top", or: "unknown", example: "0.1"))
    switch text {
    case "inside": return check.faults.count == before ? .inside(top: top) : nil
    case "above":
      if let top { return .above(top: top) }
      if check.faults.count == before {
        check.add(
          line, "a region above a curve needs a top",
          mend: "add '# top: 1', the ordinate up to which the source says something")
      }
    default:
      check.add(
        line, "region is '\(text)', not inside or above",
        mend: NearestWord.remedy(for: text, among: ["inside", "above"]))
    }
    return nil
  }

  mutating func points(region: CurveRegion?) -> (CurveOrdinate?, [CurvePoint]) {
    let names = table.columnNames
    guard !names.isEmpty else { return (nil, []) }
    let ordinates = CurveOrdinate.allCases.filter { names.contains($0.rawValue) }
    let known = ["m1_GeV"] + CurveOrdinate.allCases.map(\.rawValue)
    for (index, name) in names.enumerated() {
      if !known.contains(name) {
        check.add(
          headerEnd, "unknown column '\(name)'", mend: NearestWord.remedy(for: name, among: known))
      } else if names.firstIndex(of: name) != index {
        check.add(headerEnd, "the column \(name) is given twice", mend: "keep one of them")
      }
    }
    if ordinates.count == 2 {
      check.add(
        headerEnd, "epsilon and y are both given",
        mend: "keep one of them: either follows from the other")
    }
    guard let masses = table.column("m1_GeV"), ordinates.count == 1,
      let values = table.column(ordinates[0].rawValue)
    else {
      if !names.contains("m1_GeV") || ordinates.isEmpty {
        check.add(
          headerEnd, "the columns are \(names.joined(separator: ", "))",
          mend: "name them m1_GeV and epsilon, or m1_GeV and y")
      }
      return (nil, [])
    }
    let points = zip(masses, values).map { CurvePoint(m1: $0, ordinate: $1) }
    check.points(
      points, ordinate: ordinates[0], region: isComplete ? region : nil,
      lines: (table.lines.rows, entry("top")?.line))
    return (ordinates[0], points)
  }
}

/// The keys of a curve's header.
enum CurveKeys {
  static let required = [
    "curve", "experiment", "kind", "origin", "observable", "source", "obtained", "licence",
    "confidence_level", "splitting_over_m1", "alpha_D", "mediator_mass_over_m1", "region",
  ]
  static let repeatable = "caveat"
  static let all = required + ["top", repeatable]

  /// What to write where a key has no text.
  static func remedyIfEmpty(_ key: String) -> String {
    switch key {
    case "curve": "give a name of lower-case letters, digits and hyphens, as in babar-displaced"
    case "kind": "write exclusion or projection"
    case "origin": "write digitised or computed"
    case "region": "write inside or above"
    case "confidence_level": "write it as in 0.9, or 'unknown'"
    case "splitting_over_m1", "alpha_D", "mediator_mass_over_m1":
      "give a number, or 'independent'"
    case "top", repeatable: "give it, or take the line out"
    default: "say it in a few words, or 'unknown'"
    }
  }
}

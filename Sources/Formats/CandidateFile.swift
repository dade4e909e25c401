import Background
import Constraints
import Integration
import ParticleData
import Tables
import Units

/// Reads and writes candidate events for backgrounds: what `duskline-pythia` says, and the files that come with the program.
///
///     # duskline-candidates: 1
///     # generator: pythia 8.318
///     # process: soft                     (or dis)
///     # part: all                         (or non-diffractive, diffractive)
///     # nucleon: p                        (or n: what the sample stands for)
///     # generated_on: p
///     # beam: muon
///     # beam_energy_GeV: 160
///     # candidate_energy_GeV: 5
///     # pair_energy_GeV: 5
///     # veto_energy_GeV: 5
///     # soft_minimum_W_GeV: 10            (and any others)
///     # events: 50000                     (generated)
///     # failed_events: 0
///     # failed_chunks: 0                  (of a run; a chunk itself leaves it out)
///     # cross_section_pb: 816600
///     # cross_section_error_pb: 1200
///     event 17 V 1 0.02714 10.62 6
///     13 0.1 -0.2 98.3
///     ...                                 (one line for each of the 6 particles)
///     count V 1640 1640
///     count P 4000 40
///     count L 2 2
///     q2 -13 2071                         (all events by Q², any number of bins: from 10^(-13/10) to 10^(-12/10) GeV²)
///     end 50000
///
/// An event's line has its number, class, weight, Q² in GeV², W in GeV and the number of its particles, a particle's the
/// Monte Carlo number and the momentum in GeV. Without the last line a file is not complete, whatever it has.
public enum CandidateFile {
  /// The largest file that is read: 256 MiB, as much as 10⁷ generated events with the usual prescales.
  static let largestSize = 1 << 28
  /// The largest count that is read: sums of a few million of them are whole numbers still.
  static let largestCount = 1_000_000_000_000

  /// The samples that come with the program, at the default settings of ``GeneratorSettings``, read once.
  public static let builtIn: [CandidateSample] = EmbeddedCandidates.all.map { name, text in
    let text = text.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    do {
      return try sample(parsing: text, name: name)
    } catch {
      preconditionFailure("candidates that come with the program are at fault: \(error)")
    }
  }

  /// The sample in a file.
  ///
  /// - Throws: ``InputFileError``.
  public static func sample(at path: String) throws(InputFileError) -> CandidateSample {
    let text: String
    do {
      text = try TextFile.read(
        path, largestSize: largestSize, subject: "a file of candidates", ifMissing: "check the path"
      )
    } catch {
      throw InputFileError(path, error)
    }
    return try sample(parsing: text, name: path)
  }

  /// The sample in a text.
  ///
  /// - Parameter name: what errors call the text.
  /// - Throws: ``InputFileError`` with the first fault of the events, or all faults of the header.
  public static func sample(parsing text: String, name: String) throws(InputFileError)
    -> CandidateSample
  {
    do {
      var reader = CandidateReader(text)
      return try reader.sample()
    } catch {
      throw InputFileError(name, error.faults)
    }
  }
}

/// All that is wrong with the part of a text that was read.
private struct CandidateFaults: Error {
  var faults: [CurveFault]

  init(_ faults: [CurveFault]) { self.faults = faults }

  init(_ line: Int?, _ problem: String, mend remedy: String) {
    faults = [CurveFault(line: line, problem, mend: remedy)]
  }
}

/// Goes through the lines of a text once.
private struct CandidateReader {
  private typealias Line = Substring.UTF8View

  private let lines: [Line]
  /// The index of the next line.
  private var next = 0

  private static let remake = "it may have been cut or edited: make it again"

  init(_ text: String) {
    let newline = UInt8(ascii: "\n")
    var lines = text[...].utf8.split(separator: newline, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    self.lines = lines
  }

  mutating func sample() throws(CandidateFaults) -> CandidateSample {
    // Files are cut more often than they are wrong, and the last line tells.
    guard let last = lines.last, words(last).first == "end" else {
      throw CandidateFaults(
        lines.isEmpty ? nil : lines.count, "the file is not complete: its last line is no 'end'",
        mend: "make it again")
    }
    let header = CandidateHeader(readHeader())
    var sample = try header.sample()
    while next < lines.count {
      let fields = words(lines[next])
      guard fields.first == "event" else { break }
      sample.events.append(try event(fields, generated: sample.eventsGenerated))
    }
    (sample.found, sample.virtualities) = try counts(of: sample)
    return sample
  }

  private mutating func readHeader() -> [CandidateHeader.Entry] {
    var entries: [CandidateHeader.Entry] = []
    while next < lines.count, lines[next].first == UInt8(ascii: "#") {
      let line = Substring(lines[next].dropFirst())
      next += 1
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      entries.append(
        CandidateHeader.Entry(
          line: next, name: trimmed(line[..<colon]), text: trimmed(line[colon...].dropFirst())))
    }
    return entries
  }

  private mutating func event(_ fields: [Substring], generated: Int) throws(CandidateFaults)
    -> CandidateEvent
  {
    let line = next + 1
    next += 1
    guard fields.count == 7, let number = Int(fields[1]), (1...generated).contains(number),
      let kind = CandidateClass(rawValue: String(fields[2])), let weight = finite(fields[3]),
      let virtuality = finite(fields[4]), virtuality >= 0, let mass = finite(fields[5]), mass >= 0,
      let count = Int(fields[6]), (1...100_000).contains(count)
    else {
      throw CandidateFaults(
        line, "this is no 'event NUMBER CLASS WEIGHT Q2 W PARTICLES'", mend: Self.remake)
    }
    guard next + count < lines.count else {
      throw CandidateFaults(
        line, "\(count) particles are announced, and the file ends before", mend: Self.remake)
    }
    var particles: [CandidateParticle] = []
    particles.reserveCapacity(count)
    for _ in 0..<count { particles.append(try particle()) }
    return CandidateEvent(
      number: number, kind: kind, weight: weight, virtuality: virtuality, hadronicMass: mass,
      particles: particles)
  }

  private mutating func particle() throws(CandidateFaults) -> CandidateParticle {
    let fields = words(lines[next])
    next += 1
    guard fields.count == 4, let pdgID = Int(fields[0]),
      (1...9_999_999_999).contains(pdgID.magnitude),
      let x = finite(fields[1]), let y = finite(fields[2]), let z = finite(fields[3])
    else { throw CandidateFaults(next, "this is no 'PDG PX PY PZ'", mend: Self.remake) }
    return CandidateParticle(pdgID: pdgID, x: x, y: y, z: z)
  }

  /// What stands behind the events: how many there were of each class, and the end.
  private mutating func counts(of sample: CandidateSample) throws(CandidateFaults)
    -> (found: [CandidateClass: Int], virtualities: [Int: Double])
  {
    var found: [CandidateClass: Int] = [:]
    var virtualities: [Int: Double] = [:]
    while next < lines.count - 1 {
      let fields = words(lines[next])
      next += 1
      if fields.count == 3, fields[0] == "q2", let bin = Int(fields[1]), virtualities[bin] == nil,
        let weight = finite(fields[2])
      {
        virtualities[bin] = weight
        continue
      }
      guard fields.count == 4, fields[0] == "count",
        let kind = CandidateClass(rawValue: String(fields[1])), found[kind] == nil,
        let all = Int(fields[2]), (0...CandidateFile.largestCount).contains(all),
        let kept = Int(fields[3]), (0...all).contains(kept)
      else {
        throw CandidateFaults(
          next, "this is neither an event nor a 'count CLASS FOUND KEPT' or 'q2 BIN WEIGHT'",
          mend: Self.remake)
      }
      let here = sample.events.lazy.count { $0.kind == kind }
      guard kept == here else {
        throw CandidateFaults(
          next, "\(kept) events of class \(kind.rawValue) should be here, and \(here) are",
          mend: Self.remake)
      }
      found[kind] = all
    }
    for kind in CandidateClass.allCases where found[kind] == nil {
      throw CandidateFaults(
        lines.count, "there is no 'count \(kind.rawValue) FOUND KEPT'", mend: Self.remake)
    }
    let end = words(lines[lines.count - 1])
    guard end.count == 2, Int(end[1]) == sample.eventsGenerated else {
      throw CandidateFaults(
        lines.count, "the last line is not 'end \(sample.eventsGenerated)', as the header has it",
        mend: Self.remake)
    }
    return (found, virtualities)
  }

  private func words(_ line: Line) -> [Substring] {
    line.split(separator: UInt8(ascii: " ")).map { Substring($0) }
  }

  private func finite(_ text: Substring) -> Double? {
    Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  private func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// Takes the header apart and notes what is wrong with it.
private struct CandidateHeader {
  struct Entry {
    var line: Int
    var name: String
    var text: String
  }

  private let entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries }

  func sample() throws(CandidateFaults) -> CandidateSample {
    guard let format = entries.first, format.name == "duskline-candidates" else {
      throw CandidateFaults(
        1, "this is no file of candidates: it does not begin with '# duskline-candidates: 1'",
        mend: "name another file")
    }
    guard format.text == "1" else {
      throw CandidateFaults(
        1, "these are candidates of format \(format.text), and this program reads 1",
        mend: "make them again, or use the program that made them")
    }
    var faults: [CurveFault] = []
    for (name, others) in Dictionary(grouping: entries, by: \.name)
    where others.count > 1 && CandidateKeys.typed.contains(name) {
      faults.append(
        CurveFault(line: others[1].line, "\(name) is given twice", mend: "keep one of them"))
    }
    let generator = text("generator", &faults)
    let process = choice("process", of: CandidateProcess.self, &faults)
    let part = choice("part", of: CandidatePart.self, &faults)
    let nucleon = choice("nucleon", of: Nucleon.self, &faults)
    let generatedOn = choice("generated_on", of: Nucleon.self, &faults)
    let beam = choice("beam", of: BeamParticle.self, &faults)
    let beamEnergy = number("beam_energy_GeV", .positive, &faults)
    let candidate = number("candidate_energy_GeV", .nonNegative, &faults)
    let pair = number("pair_energy_GeV", .nonNegative, &faults)
    let veto = number("veto_energy_GeV", .nonNegative, &faults)
    let events = count("events", from: 1, &faults)
    let failedEvents = count("failed_events", from: 0, &faults)
    let failedChunks = entry("failed_chunks") == nil ? 0 : count("failed_chunks", from: 0, &faults)
    let crossSection = number("cross_section_pb", .positive, &faults)
    let error = number("cross_section_error_pb", .nonNegative, &faults)
    guard faults.isEmpty, let generator, let process, let part, let nucleon, let generatedOn,
      let beam, let beamEnergy, let candidate, let pair, let veto, let events, let failedEvents,
      let failedChunks, let crossSection, let error
    else { throw CandidateFaults(faults.sorted { ($0.line ?? 0) < ($1.line ?? 0) }) }
    return CandidateSample(
      generator: generator, process: process, part: part, nucleon: nucleon,
      generatedOn: generatedOn, beam: beam, beamEnergy: beamEnergy,
      thresholds: CandidateThresholds(
        candidateEnergy: candidate, pairEnergy: pair, vetoEnergy: veto),
      settings: entries.filter { !CandidateKeys.typed.contains($0.name) }.map {
        CandidateSetting($0.name, $0.text)
      }, eventsGenerated: events, failedEvents: failedEvents, failedChunks: failedChunks,
      crossSection: .picobarn * Estimate(value: crossSection, error: error), found: [:],
      events: [])
  }

  private func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  private func text(_ name: String, _ faults: inout [CurveFault]) -> String? {
    guard let entry = entry(name), !entry.text.isEmpty else {
      faults.append(
        CurveFault(
          line: entry(name)?.line ?? 1, "the header lacks '\(name)'",
          mend: "it may have been edited: make it again"))
      return nil
    }
    return entry.text
  }

  private func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Choice.Type, _ faults: inout [CurveFault]
  ) -> Choice? {
    guard let text = text(name, &faults) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    faults.append(
      CurveFault(
        line: entry(name)?.line, "\(name) is '\(text)', not \(known.joined(separator: " or "))",
        mend: NearestWord.remedy(for: text, among: known)))
    return nil
  }

  private func number(_ name: String, _ range: NumberRange, _ faults: inout [CurveFault])
    -> Double?
  {
    guard let text = text(name, &faults) else { return nil }
    if let value = Double(text), value.isFinite, range.contains(value) { return value }
    faults.append(
      CurveFault(
        line: entry(name)?.line, "\(name) is '\(text)'", mend: "give a number \(range.text)"))
    return nil
  }

  private func count(_ name: String, from least: Int, _ faults: inout [CurveFault]) -> Int? {
    guard let text = text(name, &faults) else { return nil }
    if let value = Int(text), (least...CandidateFile.largestCount).contains(value) { return value }
    faults.append(
      CurveFault(
        line: entry(name)?.line, "\(name) is '\(text)'",
        mend: "give a whole number from \(least) to 1e12"))
    return nil
  }
}

/// The keys of the header that are more than settings, in their order.
enum CandidateKeys {
  static let typed = [
    "duskline-candidates", "generator", "process", "part", "nucleon", "generated_on", "beam",
    "beam_energy_GeV", "candidate_energy_GeV", "pair_energy_GeV", "veto_energy_GeV", "events",
    "failed_events", "failed_chunks", "cross_section_pb", "cross_section_error_pb",
  ]
}

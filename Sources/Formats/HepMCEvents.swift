import ParticleData
import Reach
import Units

/// Events as the text of HepMC3, `Asciiv3`, in GeV and mm.
///
/// The interaction and the decay of the A′ are at the interaction point, the decay of χ₂ at the end of its flight, at the time
/// that the flight takes, in mm of ct. The weights `nominal` add up to σ in pb, the weights `leptonic` to σ times the share of
/// χ₂ that decay into e⁺e⁻ or μ⁺μ⁻; the A′'s branching ratio is in neither.
///
/// Source: A. Buckley et al., arXiv:1912.08005, § 4; read back by its own library in the tests.
public struct HepMCEvents: EventText {
  private let card: RunCard
  private let outlook: EventSample.Outlook
  private let record: EventRecord

  /// The text of a sample.
  public init(card: RunCard, outlook: EventSample.Outlook) {
    self.card = card
    self.outlook = outlook
    record = EventRecord(card.plan)
  }

  /// About how many bytes an event has.
  public static let bytesPerEvent = 1400

  // MARK: Head

  /// The version of the format, names of the weights, the program, card and provenance as attributes of the run.
  public var head: String {
    let provenance = Provenance(of: card)
    let remarks =
      [
        "nominal weights add up to the production cross section in pb at the card's epsilon, leptonic ones to this "
          + "times the share of chi2 that decay into e+e- or mu+mu-"
      ] + EventRecord.remarks
    let attributes =
      [("duskline.title", EventFileHead.title(card))] + provenance.metadata
      + [("duskline.remarks", remarks.joined(separator: "\n"))]
    let lines =
      [
        "HepMC::Version 3.02.05", "HepMC::Asciiv3-START_EVENT_LISTING",
        "W " + Self.escaped("nominal\nleptonic"),
        "T " + Self.escaped("duskline\n\(provenance.version)\n\(EventFileHead.title(card))"),
      ] + attributes.map { "A \($0.0) \(Self.escaped($0.1))" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The end of the file.
  public var tail: String { "HepMC::Asciiv3-END_EVENT_LISTING\n\n" }

  /// A text on one line.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\n", with: "\\|")
  }

  // MARK: Events

  /// Appends events.
  public func append(_ events: EventBlock, first: Int, to bytes: inout [UInt8]) {
    let columns = EventRecord.Columns(events)
    let vertices = Vertices(events, columns, chi2Mass: record.chi2Mass)
    let fixed = FixedText(record, outlook)
    var interaction: [UInt8] = []
    for row in 0..<events.count {
      bytes.append("E \(first + row) 3 10\nU GEV MM\nW")
      bytes.append(spaced: columns.weight[row])
      bytes.append(spaced: columns.weight[row] * outlook.leptonicBranchingRatio)
      bytes.append(contentsOf: fixed.incoming)
      interaction.removeAll(keepingCapacity: true)
      vertices.appendInteraction(row, to: &interaction)
      bytes.append(contentsOf: interaction)
      bytes.append(contentsOf: fixed.scattered)
      columns.scattered.append(row, to: &bytes)
      bytes.append(contentsOf: fixed.beamEnd)
      bytes.append(contentsOf: fixed.recoil)
      columns.recoil.append(row, to: &bytes)
      bytes.append(contentsOf: fixed.targetEnd)
      bytes.append(contentsOf: fixed.mediator)
      columns.mediator.append(row, to: &bytes)
      bytes.append(spaced: columns.mediatorMass[row])
      bytes.append(contentsOf: fixed.mediatorVertex)
      bytes.append(contentsOf: interaction)
      bytes.append(contentsOf: fixed.chi1)
      columns.chi1.append(row, to: &bytes)
      bytes.append(contentsOf: fixed.chi1End)
      bytes.append(contentsOf: fixed.chi2)
      columns.chi2.append(row, to: &bytes)
      bytes.append(contentsOf: fixed.chi2Vertex)
      vertices.appendDecay(row, to: &bytes)
      bytes.append(contentsOf: fixed.chi1Soft)
      columns.chi1Soft.append(row, to: &bytes)
      bytes.append(contentsOf: fixed.chi1End)
      columns.appendPair(row, fixed.electron, fixed.muon, to: &bytes)
    }
  }

  /// Where and when things happen, in mm.
  private struct Vertices {
    let (x, y, z): ([Double], [Double], [Double])
    let decayZ: [Double]
    let columns: EventRecord.Columns
    let chi2Mass: Double

    init(_ events: EventBlock, _ columns: EventRecord.Columns, chi2Mass: Double) {
      (x, y, z) = (
        events.values(.vertexX), events.values(.vertexY), events.values(.vertexZ)
      )
      decayZ = events.values(.decayZ)
      self.columns = columns
      self.chi2Mass = chi2Mass
    }

    func appendInteraction(_ row: Int, to bytes: inout [UInt8]) {
      bytes.append(spaced: x[row])
      bytes.append(spaced: y[row])
      bytes.append(spaced: z[row])
      bytes.append(" 0")
    }

    /// Position and time after a flight of cτ: p/m₂ and E/m₂ times it, along z as the table's column has it.
    func appendDecay(_ row: Int, to bytes: inout [UInt8]) {
      bytes.append(spaced: x[row] + columns.chi2.x[row] / chi2Mass * columns.properFlight[row])
      bytes.append(spaced: y[row] + columns.chi2.y[row] / chi2Mass * columns.properFlight[row])
      bytes.append(spaced: z[row] + decayZ[row])
      bytes.append(spaced: columns.chi2.energy[row] / chi2Mass * columns.properFlight[row])
    }
  }

  /// What is the same in all events: lines up to the momentum of a particle, and from its mass or status on.
  private struct FixedText {
    /// Cross sections for both weights, both incoming particles, and the vertex they meet in, up to its place.
    let incoming: [UInt8]
    let scattered: [UInt8]
    let recoil: [UInt8]
    let mediator: [UInt8]
    let mediatorVertex = Array(" 2\nV -2 0 [5] @".utf8)
    let chi1: [UInt8]
    let chi2: [UInt8]
    let chi2Vertex: [UInt8]
    let chi1Soft: [UInt8]
    let electron: EventRecord.PairText
    let muon: EventRecord.PairText
    let beamEnd: [UInt8]
    let targetEnd: [UInt8]
    let chi1End: [UInt8]

    init(_ record: EventRecord, _ outlook: EventSample.Outlook) {
      let number = { ShortestNumber.text($0) }
      /// Behind the place of a vertex or the status of a particle, hence the line's end in front.
      func start(_ id: Int, from vertex: Int, _ code: Int, endsLine: Bool = false) -> [UInt8] {
        Array("\(endsLine ? "\n" : "")P \(id) \(vertex) \(code)".utf8)
      }
      func end(_ mass: Double, status: Int = 1) -> [UInt8] {
        Array(" \(number(mass)) \(status)\n".utf8)
      }
      func pair(_ flavour: LeptonFlavour) -> EventRecord.PairText {
        EventRecord.PairText(
          minus: start(9, from: -3, flavour.pdgID), plus: start(10, from: -3, -flavour.pdgID),
          end: end(flavour.mass))
      }
      let (cross, share) = (outlook.crossSection, outlook.leptonicBranchingRatio)
      incoming =
        Array(
          ("\nA 0 GenCrossSection \(number(cross.value)) \(number(cross.error)) \(outlook.events) -1 "
            + "\(number(cross.value * share)) \(number(cross.error * share))\n").utf8)
        + start(1, from: 0, record.beamCode)
        + Array(" 0 0 \(number(record.beam.z)) \(number(record.beam.energy))".utf8)
        + end(record.beamMass, status: 4) + start(2, from: 0, record.targetCode)
        + Array(" 0 0 0 \(number(record.target.energy))".utf8)
        + end(record.targetMass, status: 4) + Array("V -1 0 [1,2] @".utf8)
      scattered = start(3, from: -1, record.beamCode, endsLine: true)
      recoil = start(4, from: -1, record.targetCode)
      mediator = start(5, from: -1, ParticleCode.darkPhoton)
      chi1 = start(6, from: -2, ParticleCode.chi1, endsLine: true)
      chi2 = start(7, from: -2, ParticleCode.chi2)
      chi2Vertex = Array(" \(number(record.chi2Mass)) 2\nV -3 0 [7] @".utf8)
      chi1Soft = start(8, from: -3, ParticleCode.chi1, endsLine: true)
      (electron, muon) = (pair(.electron), pair(.muon))
      (beamEnd, targetEnd) = (end(record.beamMass), end(record.targetMass))
      chi1End = end(record.chi1Mass)
    }
  }
}

import ParticleData
import Reach
import Units

/// Events as a Les Houches event file, version 3.0.
///
/// - Weighted: IDWTUP = 4; the mean of XWGTUP over the file is σ in pb.
/// - Unweighted: IDWTUP = 3; XWGTUP is 1, and σ is XSECUP.
///
/// Branching ratios are not in σ. The weight `leptonic` is `nominal`, which is XWGTUP, times the share of χ₂ that decay into
/// e⁺e⁻ or μ⁺μ⁻. VTIMUP of χ₂ is cτ of its decay in mm; the format has no place for the interaction point.
///
/// Source: hep-ph/0109068 (numbers), hep-ph/0609017 (file), arXiv:1405.1067, ch. 13 (version 3.0).
public struct LesHouchesEvents: EventText {
  private let card: RunCard
  private let outlook: EventSample.Outlook
  private let record: EventRecord
  private let isWeighted: Bool

  /// The text of a sample.
  public init(card: RunCard, outlook: EventSample.Outlook) {
    self.card = card
    self.outlook = outlook
    record = EventRecord(card.plan)
    isWeighted = card.plan.run.weighting == .weighted
  }

  /// About how many bytes an event has.
  public static let bytesPerEvent = 1300

  // MARK: Head

  /// What the numbers mean, the weights, the card, the run.
  public var head: String {
    """
    <LesHouchesEvents version="3.0">
    <!--
    \(([EventFileHead.title(card)] + remarks).joined(separator: "\n"))
    -->
    <header>
    <initrwgt>
    <weight id='nominal'>XWGTUP</weight>
    <weight id='leptonic'>XWGTUP times the share of chi2 that decay into e+e- or mu+mu-</weight>
    </initrwgt>
    \(provenance)
    </header>
    \(run)

    """
  }

  private var remarks: [String] {
    let weights =
      isWeighted
      ? "IDWTUP = 4: the mean of XWGTUP is the production cross section in pb at the card's epsilon"
      : "IDWTUP = 3: XWGTUP is 1, XSECUP the production cross section in pb at the card's epsilon"
    return [weights + "; branching ratios are not in it"] + EventRecord.remarks + [
      "VTIMUP of chi2 is c tau of its decay in mm"
    ]
  }

  private var provenance: String {
    let provenance = Provenance(of: card)
    return "<duskline version='\(provenance.version)' commit='\(provenance.commit)' "
      + "platform='\(provenance.platform)' seed='\(provenance.seed)'><![CDATA[\n"
      + Self.characterData(provenance.card) + "]]></duskline>"
  }

  /// A text for a section of character data: the mark that ends one is cut in two, control characters are left out.
  private static func characterData(_ text: String) -> String {
    var plain = text
    plain.unicodeScalars.removeAll { $0.value < 32 && $0 != "\n" && $0 != "\t" }
    return plain.replacing("]]>", with: "]]]]><![CDATA[>")
  }

  private var run: String {
    let number = { ShortestNumber.text($0) }
    let largest = isWeighted ? Double(outlook.events) * outlook.largestWeight : 1
    let (value, error) = (outlook.crossSection.value, outlook.crossSection.error)
    return """
      <init>
      \(record.beamCode) \(record.targetCode) \(number(record.beam.energy)) \
      \(number(record.target.energy)) 0 0 0 0 \(isWeighted ? 4 : 3) 1
      \(number(value)) \(number(error)) \(number(largest)) 1
      <generator name='duskline' version='\(Provenance.programVersion)'>lepton nucleus to lepton nucleus A', \
      A' to chi1 chi2, chi2 to chi1 and a lepton pair</generator>
      <xsecinfo neve='\(outlook.events)' totxsec='\(number(value))' maxweight='\(number(largest))' \
      meanweight='\(number(isWeighted ? value : 1))' negweights='no' varweights='\(isWeighted ? "yes" : "no")' />
      </init>
      """
  }

  /// The end of the file.
  public var tail: String { "</LesHouchesEvents>\n" }

  // MARK: Events

  /// Appends events.
  public func append(_ events: EventBlock, first: Int, to bytes: inout [UInt8]) {
    let columns = EventRecord.Columns(events)
    let fixed = FixedText(record)
    for row in 0..<events.count {
      appendWeight(columns.weight[row], to: &bytes)
      bytes.append(contentsOf: fixed.incoming)
      bytes.append(contentsOf: fixed.scattered)
      columns.scattered.append(row, to: &bytes)
      bytes.append(contentsOf: fixed.beamEnd)
      bytes.append(contentsOf: fixed.recoil)
      columns.recoil.append(row, to: &bytes)
      bytes.append(contentsOf: fixed.targetEnd)
      bytes.append(contentsOf: fixed.mediator)
      columns.mediator.append(row, to: &bytes)
      bytes.append(spaced: columns.mediatorMass[row])
      bytes.append(contentsOf: fixed.stableEnd)
      bytes.append(contentsOf: fixed.chi1)
      columns.chi1.append(row, to: &bytes)
      bytes.append(contentsOf: fixed.chi1End)
      bytes.append(contentsOf: fixed.chi2)
      columns.chi2.append(row, to: &bytes)
      bytes.append(contentsOf: fixed.chi2Mass)
      bytes.append(spaced: columns.properFlight[row])
      bytes.append(contentsOf: fixed.spinEnd)
      bytes.append(contentsOf: fixed.chi1Soft)
      columns.chi1Soft.append(row, to: &bytes)
      bytes.append(contentsOf: fixed.chi1End)
      columns.appendPair(row, fixed.electron, fixed.muon, to: &bytes)
      appendWeights(columns.weight[row], to: &bytes)
    }
  }

  /// XWGTUP of an event of that weight in pb.
  private func eventWeight(_ weight: Double) -> Double {
    isWeighted ? weight * Double(outlook.events) : 1
  }

  private func appendWeight(_ weight: Double, to bytes: inout [UInt8]) {
    bytes.append("<event>\n10 1")
    bytes.append(spaced: eventWeight(weight))
  }

  private func appendWeights(_ weight: Double, to bytes: inout [UInt8]) {
    let nominal = eventWeight(weight)
    bytes.append("<rwgt>\n<wgt id='nominal'>")
    bytes.append(spaced: nominal)
    bytes.append(" </wgt>\n<wgt id='leptonic'>")
    bytes.append(spaced: nominal * outlook.leptonicBranchingRatio)
    bytes.append(" </wgt>\n</rwgt>\n</event>\n")
  }

  /// What is the same in all events: number, status, mothers and colours before the momentum, mass, cτ and spin behind it.
  private struct FixedText {
    /// Scale (which there is none of), couplings, and both incoming particles.
    let incoming: [UInt8]
    let scattered: [UInt8]
    let recoil: [UInt8]
    let mediator: [UInt8]
    let chi1: [UInt8]
    let chi2: [UInt8]
    let chi1Soft: [UInt8]
    let electron: EventRecord.PairText
    let muon: EventRecord.PairText
    let beamEnd: [UInt8]
    let targetEnd: [UInt8]
    let chi1End: [UInt8]
    let chi2Mass: [UInt8]
    let stableEnd = Array(" 0 9\n".utf8)
    let spinEnd = Array(" 9\n".utf8)

    init(_ record: EventRecord) {
      func start(_ code: Int, _ status: Int, _ first: Int, _ last: Int) -> [UInt8] {
        Array("\(code) \(status) \(first) \(last) 0 0".utf8)
      }
      func end(_ mass: Double) -> [UInt8] { Array(" \(ShortestNumber.text(mass)) 0 9\n".utf8) }
      func pair(_ flavour: LeptonFlavour) -> EventRecord.PairText {
        EventRecord.PairText(
          minus: start(flavour.pdgID, 1, 7, 7), plus: start(-flavour.pdgID, 1, 7, 7),
          end: end(flavour.mass))
      }
      let number = { ShortestNumber.text($0) }
      incoming =
        Array(" -1 \(number(PhysicalConstant.fineStructure)) 0\n".utf8)
        + start(record.beamCode, -1, 0, 0)
        + Array(" 0 0 \(number(record.beam.z)) \(number(record.beam.energy))".utf8)
        + end(record.beamMass) + start(record.targetCode, -1, 0, 0)
        + Array(" 0 0 0 \(number(record.target.energy))".utf8) + end(record.targetMass)
      scattered = start(record.beamCode, 1, 1, 2)
      recoil = start(record.targetCode, 1, 1, 2)
      mediator = start(ParticleCode.darkPhoton, 2, 1, 2)
      chi1 = start(ParticleCode.chi1, 1, 5, 5)
      chi2 = start(ParticleCode.chi2, 2, 5, 5)
      chi1Soft = start(ParticleCode.chi1, 1, 7, 7)
      (electron, muon) = (pair(.electron), pair(.muon))
      (beamEnd, targetEnd) = (end(record.beamMass), end(record.targetMass))
      chi1End = end(record.chi1Mass)
      chi2Mass = Array(" \(number(record.chi2Mass))".utf8)
    }
  }
}

import Reach
import Units

/// A file that events are written to, block by block.
public protocol EventFile: ~Copyable {
  /// Writes the head, once what it says is known.
  mutating func begin(_ outlook: EventSample.Outlook) throws
  /// Writes events.
  mutating func write(_ events: EventBlock) async throws
  /// Gives the file its name.
  consuming func commit() async throws
}

/// The formats of event files, by the ending of the name.
public struct EventFileFormat: Sendable, Hashable {
  /// What is written.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A Les Houches event file.
    case lhe
    /// The text form of HepMC3.
    case hepmc3
    /// Apache Parquet.
    case parquet
    /// A text with one line for each event.
    case csv
  }

  /// What is written.
  public let kind: Kind
  /// Whether it is compressed by gzip.
  public let isCompressed: Bool

  /// All formats. Parquet has compression of its own, and readers of it expect no other.
  public static let all = Kind.allCases.flatMap { kind in
    [Self(kind: kind, isCompressed: false)]
      + (kind == .parquet ? [] : [Self(kind: kind, isCompressed: true)])
  }

  private init(kind: Kind, isCompressed: Bool) {
    self.kind = kind
    self.isCompressed = isCompressed
  }

  /// The format that the ending of a path names.
  public init?(path: String) {
    guard let format = Self.all.first(where: { path.hasSuffix($0.ending) }) else { return nil }
    self = format
  }

  /// The ending of a name: `.lhe.gz`.
  public var ending: String { ".\(kind.rawValue)" + (isCompressed ? ".gz" : "") }

  /// The endings of all formats in words.
  public static let endings =
    all.dropLast().map(\.ending).joined(separator: ", ") + " or " + (all.last?.ending ?? "")
}

/// What the heads of event files say.
enum EventFileHead {
  /// What a table says of its columns.
  static func remarks(_ card: RunCard, _ outlook: EventSample.Outlook) -> [String] {
    let sigma = outlook.crossSection
    let twice = "events of a production whose weight is above the largest foreseen come twice"
    return [
      "weight_pb adds up to the production cross section at the card's epsilon, cross_section_pb = "
        + "\(ShortestNumber.text(sigma.value)) with the error \(ShortestNumber.text(sigma.error)); branching ratios are not in it",
      "leptonic_branching_ratio = \(ShortestNumber.text(outlook.leptonicBranchingRatio)): weight_pb times it adds up to that of the events that are here",
      "lepton_pdg_id is drawn by branching ratio among e+e- and mu+mu-; scattered is the beam lepton,"
        + " recoil the nucleus, chi1 from the A', chi1_soft from chi2",
      "decay_z_mm is drawn from the lifetime at the card's couplings, from the interaction point",
    ] + (card.plan.run.weighting == .unweighted ? [twice] : [])
  }

  /// The first line of the head.
  static func title(_ card: RunCard) -> String {
    "duskline events: \(card.plan.run.weighting.rawValue), beam along +z, target at rest"
  }
}

/// Events as Apache Parquet, columns as in ``EventTable``: doubles, and 32-bit integers for `lepton_pdg_id`.
///
/// The file's metadata hold title, program, version, commit, platform, seed, card, cross section, leptonic share and remarks,
/// under keys that begin with `duskline.`.
public struct EventParquet: EventFile, ~Copyable {
  private var file: ParquetWriter
  private let card: RunCard
  private static let integer = EventBlock.Column.leptonPDGID

  /// Opens a file.
  public init(at path: String, card: RunCard) throws(FileError) {
    let provenance = Provenance(of: card)
    file = try ParquetWriter(
      at: path,
      columns: EventBlock.Column.all.map { .init($0.name, $0 == Self.integer ? .int32 : .double) },
      metadata: [("duskline.title", EventFileHead.title(card))] + provenance.metadata)
    self.card = card
  }

  /// Puts what the sample will be into the metadata.
  public mutating func begin(_ outlook: EventSample.Outlook) {
    let number = { ShortestNumber.text($0) }
    file.metadata += [
      ("duskline.cross_section_pb", number(outlook.crossSection.value)),
      ("duskline.cross_section_pb_error", number(outlook.crossSection.error)),
      ("duskline.leptonic_branching_ratio", number(outlook.leptonicBranchingRatio)),
      ("duskline.remarks", EventFileHead.remarks(card, outlook).joined(separator: "\n")),
    ]
  }

  /// Writes events.
  public mutating func write(_ events: EventBlock) throws(FileError) {
    for (c, column) in EventBlock.Column.all.enumerated() {
      events.withColumn(column) { numbers in
        if column == Self.integer {
          file.append(numbers.map { Int32($0) }, to: c)
        } else {
          file.append(numbers, to: c)
        }
      }
    }
    try file.endRows()
  }

  /// Gives the file its name.
  public consuming func commit() throws(FileError) { try file.commit() }
}

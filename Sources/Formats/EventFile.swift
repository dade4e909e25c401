import Reach

/// A file that events are written to, block by block.
public protocol EventFile: ~Copyable {
  /// Opens a file and writes its head.
  init(at path: String, card: RunCard) throws(FileError)
  /// Writes events.
  mutating func write(_ events: EventBlock) throws(FileError)
  /// Gives the file its name.
  consuming func commit() throws(FileError)
}

/// The formats of event files, by the ending of the name.
public enum EventFileFormat: String, Sendable, Hashable, CaseIterable {
  /// A text with one line for each event.
  case csv
  /// Apache Parquet.
  case parquet

  /// The format that the ending of a path names.
  public init?(path: String) {
    guard let format = Self.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
      return nil
    }
    self = format
  }

  /// What the head of a file says of its columns.
  static let remarks = [
    "weight_pb adds up to the production cross section at the card's epsilon; branching ratios "
      + "are not in it",
    "lepton_pdg_id is drawn by branching ratio among e+e- and mu+mu-; scattered is the beam lepton,"
      + " recoil the nucleus, chi1 from the A', chi1_soft from chi2",
    "decay_z_mm is drawn from the lifetime at the card's couplings, from the interaction point",
  ]

  /// The first line of the head.
  static func title(_ card: RunCard) -> String {
    "duskline events: \(card.plan.run.weighting.rawValue), beam along +z, target at rest"
  }
}

/// Events as Apache Parquet, columns as in ``EventTable``: doubles, and 32-bit integers for `lepton_pdg_id`.
///
/// The file's metadata hold title, program, version, commit, platform, seed, card and remarks, under keys that begin with
/// `duskline.`.
public struct EventParquet: EventFile, ~Copyable {
  private var file: ParquetWriter
  private static let integer = EventBlock.Column.leptonPDGID

  /// Opens a file.
  public init(at path: String, card: RunCard) throws(FileError) {
    let provenance = Provenance(of: card)
    file = try ParquetWriter(
      at: path,
      columns: EventBlock.Column.all.map { .init($0.name, $0 == Self.integer ? .int32 : .double) },
      metadata: [("duskline.title", EventFileFormat.title(card))] + provenance.metadata + [
        ("duskline.remarks", EventFileFormat.remarks.joined(separator: "\n"))
      ])
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

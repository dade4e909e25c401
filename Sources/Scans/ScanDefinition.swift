import Formats
import Sampling
import Units

/// What a scan is: the card with its seed, the table of points if there is one, and the program that computes it.
public struct ScanDefinition: Sendable, Hashable {
  /// The complete card.
  public let card: RunCard
  /// The points.
  public let space: ScanSpace
  let table: ScanRows?
  let version: String
  let commit: String

  /// The scan of a card by this program. Reads the card's table of points.
  ///
  /// - Throws: ``ScanError``, `InputFileError`.
  public init(_ card: RunCard) throws {
    let table = try card.plan.scan.table.map { ScanRows(try ScanTable(at: $0)) }
    for column in table?.columns ?? [] {
      if let remedy = RunCard.remedy(forScanning: column) {
        throw ScanError.badColumn(column, remedy: remedy)
      }
    }
    try self.init(
      card, table: table, version: Provenance.programVersion, commit: Provenance.programCommit)
    if let (first, second) = RunCard.rivals(among: space.keys) {
      throw ScanError.rivalKeys(first, second)
    }
    try checkValues()
  }

  /// Checks every value by itself: one that a card may not have is a fault of the scan, and no result. Of numbers, the smallest and the
  /// largest tell, as ranges have no holes.
  private func checkValues() throws(RunCardError) {
    let variations = RunCard.Variations(of: card)
    for (column, key) in space.keys.enumerated() {
      let values = space.distinctValues(of: column)
      let numbers = values.compactMap { Double($0) }.filter(\.isFinite)
      let words = values.filter { Double($0)?.isFinite != true }.sorted()
      let ends = Set([numbers.min(), numbers.max()].compactMap(\.self))
      for value in ends.sorted().map({ ShortestNumber.text($0) }) + words {
        _ = try variations.plan(with: [(key, value)], scope: .valuesAlone)
      }
    }
  }

  init(_ card: RunCard, table: ScanRows?, version: String, commit: String) throws(ScanError) {
    self.card = card
    self.table = table
    self.version = version
    self.commit = commit
    space = try ScanSpace(card.plan.scan, table: table)
  }

  /// A number that tells this scan from others: of the card, the table, the version and the commit.
  public var digest: UInt64 {
    var digest = Digest()
    digest.combine("scan")
    digest.combine(version)
    digest.combine(commit)
    digest.combine(card.recordedText)
    for text in (table?.columns ?? []) + (table?.rows ?? []).flatMap(\.self) {
      digest.combine(text)
    }
    return digest.value
  }

  /// Where the program that computes this scan differs from another, in words; `nil` where it is the same.
  func difference(toVersion version: String, _ commit: String) -> String? {
    guard self.version != version || self.commit != commit else { return nil }
    return
      "it is by version \(self.version), commit \(self.commit), and this is \(version), commit \(commit)"
  }

  /// Where another scan differs, in words; `nil` where it is the same.
  func difference(to other: ScanDefinition) -> String? {
    if let difference = other.difference(toVersion: version, commit) { return difference }
    let (own, others) = (
      card.recordedText.split(separator: "\n"), other.card.recordedText.split(separator: "\n")
    )
    if let pair = zip(own, others).first(where: { $0 != $1 }) {
      return "its card has '\(pair.1.trimmed)', and this one '\(pair.0.trimmed)'"
    }
    if own.count != others.count { return "its card has other lines" }
    return table == other.table ? nil : "its table of points is another"
  }
}

extension Substring {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}

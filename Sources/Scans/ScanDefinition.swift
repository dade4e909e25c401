import Formats
import Units

/// What a scan is: the card with its seed, the table of points if there is one, and the program that computes it.
public struct ScanDefinition: Sendable, Hashable {
  /// The complete card.
  public let card: RunCard
  /// The points.
  public let space: ScanSpace
  let identity: ScanIdentity

  /// The scan of a card by this program. Reads the card's table of points.
  ///
  /// - Throws: ``ScanError``, `InputFileError`.
  public init(_ card: RunCard) throws {
    let table = try card.plan.scan.table.map { try ScanTable(at: $0) }
    for column in table?.columnNames ?? [] {
      if let remedy = RunCard.remedy(forScanning: column) {
        throw ScanError.badColumn(column, remedy: remedy)
      }
    }
    let rows = try table.map { try PointRows($0, path: card.plan.scan.table ?? "") }
    try self.init(
      card, rows,
      ScanIdentity(
        version: Provenance.programVersion, commit: Provenance.programCommit,
        card: card.recordedText, table: rows?.digest))
    if let (first, second) = RunCard.rivals(among: space.keys) {
      throw ScanError.rivalKeys(first, second)
    }
    if let table { try check(table) }
  }

  package init(
    _ card: RunCard, _ rows: PointRows?, _ identity: ScanIdentity
  ) throws(ScanError) {
    self.card = card
    self.identity = identity
    space = if let rows { try ScanSpace(rows) } else { try ScanSpace(card.plan.scan) }
  }

  /// Checks every value of a table beside the others of its row, as reading the card does with those of `scan.over`: one that a card may not
  /// have is a fault of the scan, and no result.
  private func check(_ table: ScanTable) throws(RunCardError) {
    let variations = RunCard.Variations(of: card)
    let rows = Set((space.rows?.columns ?? []).flatMap(RunCard.representatives)).sorted()
    var faults: [RunCardFault] = []
    for row in rows where faults.count < RunCard.mostFaultsOfScans {
      do {
        _ = try variations.plan(with: space.settings(of: row), scope: .valuesAlone)
      } catch {
        let place = CardLocation.row(
          table.place(ofRow: row), ofTable: card.plan.scan.table ?? "scan.table")
        faults += error.faults.map { RunCardFault(at: place, $0.problem, mend: $0.remedy) }
      }
    }
    guard faults.isEmpty else { throw RunCardError(faults: faults) }
  }
}

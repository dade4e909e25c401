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
    let rows = table.map(PointRows.init)
    for column in rows?.keys ?? [] {
      if let remedy = RunCard.remedy(forScanning: column) {
        throw ScanError.badColumn(column, remedy: remedy)
      }
    }
    try self.init(
      card, rows,
      ScanIdentity(
        version: Provenance.programVersion, commit: Provenance.programCommit,
        card: card.recordedText, table: rows?.digest))
    if let (first, second) = RunCard.rivals(among: space.keys) {
      throw ScanError.rivalKeys(first, second)
    }
    try checkValues(table)
  }

  init(_ card: RunCard, _ rows: PointRows?, _ identity: ScanIdentity) throws(ScanError) {
    self.card = card
    self.identity = identity
    space = if let rows { try ScanSpace(rows) } else { try ScanSpace(card.plan.scan) }
  }

  /// Checks every value by itself: one that a card may not have is a fault of the scan, and no result.
  private func checkValues(_ table: ScanTable?) throws(RunCardError) {
    let variations = RunCard.Variations(of: card)
    var faults: [RunCardFault] = []
    for (column, key) in space.keys.enumerated() {
      for value in space.representatives(of: column) {
        do {
          _ = try variations.plan(with: [(key, value)], scope: .valuesAlone)
        } catch {
          let location = place(of: value, column, table)
          faults += error.faults.map { RunCardFault(at: location, $0.problem, mend: $0.remedy) }
        }
      }
    }
    guard faults.isEmpty else { throw RunCardError(faults: faults) }
  }

  /// Where a value of a column was given first.
  private func place(of value: String, _ column: Int, _ table: ScanTable?) -> CardLocation {
    guard let table, let path = card.plan.scan.table,
      let row = (0..<table.rowCount).first(where: {
        let text = table.columns[column].text(at: $0)
        return text == value || Double(text) == Double(value) ?? .nan
      })
    else { return .option("scan.over") }
    return .row(table.place(ofRow: row), ofTable: path)
  }
}

import Formats

/// Our numbers beside published and independent ones, chapter by chapter.
///
///     let table = try await ValidationTable.make(seed: 20240906, threads: 2)
///     print(table.markdown, table.disagreements.isEmpty)
///
/// The rows are made by the code that users run, at the references' own set-ups. Nothing depends on the number of threads.
public struct ValidationTable: Sendable {
  /// The chapters in their order.
  public var chapters: [Chapter]
  /// The seed of every random stream, but where a row says otherwise.
  public var seed: UInt64

  /// Rows on one subject.
  public struct Chapter: Sendable {
    /// The heading.
    public var title: String
    /// What is compared and how, in a paragraph.
    public var introduction: String
    /// The rows.
    public var rows: [ValidationRow]

    /// A chapter from its parts.
    public init(title: String, introduction: String, rows: [ValidationRow] = []) {
      self.title = title
      self.introduction = introduction
      self.rows = rows
    }
  }

  /// A table from its chapters.
  public init(chapters: [Chapter], seed: UInt64) {
    self.chapters = chapters
    self.seed = seed
  }

  /// All rows in their order.
  public var rows: [ValidationRow] { chapters.flatMap(\.rows) }

  /// The rows that disagree.
  public var disagreements: [ValidationRow] { rows.filter { $0.verdict == .disagrees } }

  /// How many rows have that verdict.
  public func count(_ verdict: ValidationRow.Verdict) -> Int {
    rows.count { $0.verdict == verdict }
  }
}

/// Some rows of a chapter that are made together.
struct ValidationStep: Sendable {
  let make: @Sendable (ValidationSetup) async throws -> [ValidationRow]
}

/// A chapter before its rows are made.
struct ValidationOutline: Sendable {
  let title: String
  let introduction: String
  let steps: [ValidationStep]
}

extension ValidationTable {
  static let outlines = [
    ProductionValidation.outline, KinematicsValidation.outline, DecayValidation.outline,
    ReachValidation.outline, ConditionsValidation.outline, ApparatusValidation.outline,
    StatisticsValidation.outline, RelicValidation.outline,
    RecastsValidation.outline, BackgroundValidation.outline,
  ]

  /// How many steps ``make(seed:threads:progress:)`` takes.
  public static var stepCount: Int { outlines.reduce(0) { $0 + $1.steps.count } }

  /// Makes all rows. Cost: about a minute on two cores.
  ///
  /// - Parameter progress: called after each step.
  /// - Throws: what the computations throw; a disagreement is a row, not an error.
  public static func make(
    seed: UInt64, threads: Int, progress: @Sendable () -> Void = {}
  ) async throws -> ValidationTable {
    let setup = try ValidationSetup(seed: seed, threads: threads)
    var chapters: [Chapter] = []
    for outline in outlines {
      var chapter = Chapter(title: outline.title, introduction: outline.introduction)
      for step in outline.steps {
        chapter.rows += try await step.make(setup)
        progress()
      }
      chapters.append(chapter)
    }
    return ValidationTable(chapters: chapters, seed: seed)
  }
}

/// The error of a table with rows that disagree: the run has failed, though the table is whole.
public struct ValidationDisagreement: Error, Sendable, Hashable, CustomStringConvertible {
  /// The rows.
  public let rows: [ValidationRow]

  /// An error for these rows, or `nil` when there are none.
  public init?(in table: ValidationTable) {
    guard !table.disagreements.isEmpty else { return nil }
    rows = table.disagreements
  }

  /// Which rows, with both numbers.
  public var description: String {
    let list = rows.map { row in
      let cells = ValidationText.cells(of: row)
      return "  \(row.quantity): \(cells.value), where \(cells.reference) is expected"
    }
    return "\(rows.count) of the numbers disagree with their references:\n"
      + list.joined(separator: "\n")
  }
}

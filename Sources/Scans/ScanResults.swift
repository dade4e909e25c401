import Formats
import Foundation
import Reach
import Tables
import Units

/// The results of a scan as files: one row a finished point, in the order of points, the card as metadata.
///
/// Columns are what the points change, then the numbers found, then `reason`, which says why a number is missing: an empty cell in CSV,
/// null in JSON, NaN in Parquet, whose reasons are empty texts where nothing is missing.
public struct ScanResults {
  private let state: ScanState

  /// The results of a state.
  public init(_ state: ScanState) { self.state = state }

  /// The formats, by the ending of a file's name.
  public enum Format: String, Sendable, Hashable, CaseIterable {
    /// Comma-separated values behind a head of lines that begin with `#`.
    case csv
    /// Apache Parquet.
    case parquet
    /// One JSON object.
    case json

    /// The format that the ending of a path names.
    public init?(path: String) {
      guard let format = Self.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
        return nil
      }
      self = format
    }
  }

  private var space: ScanSpace { state.definition.space }
  private var quantity: ScanQuantity { state.definition.card.plan.scan.quantity }
  /// Of the program that computed the points, which need not be this one.
  private var provenance: Provenance {
    let definition = state.definition
    return Provenance(
      of: definition.card, version: definition.identity.version, commit: definition.identity.commit)
  }

  private var title: String { "duskline scan: \(quantity.rawValue) at \(space.count) points" }

  /// Writes a file.
  ///
  /// - Throws: `FileError`, ``ScanError``.
  public func write(_ format: Format, to path: String) throws {
    switch format {
    case .csv: try writeCSV(to: path)
    case .parquet: try writeParquet(to: path)
    case .json: try writeJSON(to: path)
    }
  }

  /// Writes all formats beside the state.
  public func writeAll(in folder: String) throws {
    for format in Format.allCases {
      // What a run left that was killed while it wrote: nobody else writes while the state is held.
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      where name.hasPrefix("results.\(format.rawValue).") && name.hasSuffix(".partial") {
        unlink("\(folder)/\(name)")
      }
      try write(format, to: "\(folder)/results.\(format.rawValue)")
    }
  }

  /// Calls a function with every finished point: what was given, as results show it, and what was found.
  private func forEachRow(
    _ body: (_ given: [String], _ outcome: ScanOutcome) throws -> Void
  ) throws {
    try state.forEachOutcome { number, outcome in try body(space.labels(of: number), outcome) }
  }

  private func writeCSV(to path: String) throws {
    var file = try OutputFile(at: path)
    let names = space.columns + quantity.columns + ["reason"]
    let head = provenance.headerLines(title: title)
    var text = head.joined(separator: "\n") + "\n" + names.joined(separator: ",") + "\n"
    try forEachRow { given, outcome in
      text += given.map(CommaSeparatedText.quoted).joined(separator: ",")
      for value in outcome.values {
        text += ","
        if value.isFinite { text += ShortestNumber.text(value) }
      }
      text += "," + CommaSeparatedText.quoted(outcome.reason ?? "") + "\n"
      if text.utf8.count > 1 << 20 {
        try file.write(text)
        text = ""
      }
    }
    try file.write(text)
    try file.commit()
  }

  private func writeParquet(to path: String) throws {
    let given = numericColumns
    let columns =
      zip(space.columns, given).map { ParquetWriter.Column($0, $1 ? .double : .text) }
      + quantity.columns.map { ParquetWriter.Column($0, .double) } + [.init("reason", .text)]
    var file = try ParquetWriter(
      at: path, columns: columns, metadata: [("duskline.title", title)] + provenance.metadata)
    try forEachRow { cells, outcome in
      for (c, cell) in cells.enumerated() {
        if given[c] {
          file.append([Double(cell) ?? .nan], to: c)
        } else {
          file.append([cell], to: c)
        }
      }
      for (c, value) in outcome.values.enumerated() { file.append([value], to: cells.count + c) }
      file.append([outcome.reason ?? ""], to: cells.count + outcome.values.count)
      try file.endRows()
    }
    try file.commit()
  }

  /// Whether all values of a column that points change are numbers.
  private var numericColumns: [Bool] { space.columns.indices.map(space.isNumeric) }

  private func writeJSON(to path: String) throws {
    var file = try OutputFile(at: path)
    let given = numericColumns
    let head: JSONValue = [
      "quantity": .string(quantity.rawValue), "points_in_all": .integer(space.count),
      "scanned": .array(space.keys.map { .string($0) }), "provenance": provenance.json,
    ]
    // The points are written as they come: the object is closed after them.
    var text = try head.text()
    while text.last == "\n" || text.last == "}" { text.removeLast() }
    text += ",\n  \"points\": ["
    var isFirst = true
    try forEachRow { cells, outcome in
      var members: [String: JSONValue] = [:]
      for (c, cell) in cells.enumerated() {
        members[space.columns[c]] = given[c] ? .number(Double(cell) ?? .nan) : .string(cell)
      }
      for (name, value) in zip(quantity.columns, outcome.values) {
        members[name] = value.isFinite ? .number(value) : .null
      }
      members["reason"] = outcome.reason.map { .string($0) } ?? .null
      text += (isFirst ? "\n" : ",\n") + (try JSONValue.object(members).text(indented: false))
      isFirst = false
      if text.utf8.count > 1 << 20 {
        try file.write(text)
        text = ""
      }
    }
    try file.write(text + "\n  ]\n}\n")
    try file.commit()
  }
}

import Formats
import Foundation

/// Numbers and names as the cells of a validation table.
enum ValidationText {
  struct Cells {
    let value: String
    let reference: String
    let ratio: String
    let tolerance: String
  }

  static func cells(of row: ValidationRow) -> Cells {
    let ratio = row.ratio.map { String(format: "%.5f", $0) } ?? "–"
    switch row.expectation {
    case .none:
      return Cells(value: number(row), reference: "–", ratio: ratio, tolerance: "–")
    case .number(let reference, let tolerance):
      return Cells(
        value: number(row), reference: number(reference.value, error: reference.error),
        ratio: ratio, tolerance: text(tolerance, of: row))
    case .range(let range, let tolerance):
      return Cells(
        value: number(row),
        reference: "\(number(range.lowerBound, error: 0)) … \(number(range.upperBound, error: 0))",
        ratio: ratio, tolerance: tolerance == .absolute(0) ? "within" : text(tolerance, of: row))
    }
  }

  private static func number(_ row: ValidationRow) -> String {
    number(row.value.value, error: row.value.error)
  }

  private static func text(_ tolerance: ValidationRow.Tolerance, of row: ValidationRow) -> String {
    switch tolerance {
    case .relative(let fraction): return percent(fraction)
    case .absolute(0): return "exact"
    case .absolute(let difference): return "± \(number(difference, error: 0))"
    case .standardErrors(let count):
      guard case .number(let reference, _) = row.expectation, reference.value != 0,
        let allowed = row.allowedDifference
      else { return "\(number(count, error: 0)) σ" }
      return "\(number(count, error: 0)) σ = \(percent(allowed / abs(reference.value)))"
    }
  }

  private static func percent(_ fraction: Double) -> String {
    String(format: "%.2g %%", 100 * fraction)
  }

  /// A number with its error, both to two digits of the error; without one, or with one below 10⁻⁷ of it, to six digits.
  static func number(_ value: Double, error: Double) -> String {
    guard value.isFinite, error.isFinite else { return "not a number" }
    // The error of a quadrature says no more than that all digits shown are good.
    guard error > 1e-7 * abs(value) else { return String(format: "%.6g", value) }
    let errorPower = Int(log10(error).rounded(.down))
    let valuePower = value == 0 ? errorPower : Int(log10(abs(value)).rounded(.down))
    if valuePower < -3 || valuePower > 5 {
      let scale = pow(10, Double(valuePower))
      let digits = min(max(valuePower - errorPower + 1, 0), 12)
      return String(
        format: "(%.\(digits)f ± %.\(digits)f)e%d", value / scale, error / scale, valuePower)
    }
    let digits = min(max(1 - errorPower, 0), 12)
    return String(format: "%.\(digits)f ± %.\(digits)f", value, error)
  }
}

extension ValidationTable {
  /// The columns of the tables, the same in every chapter.
  public static let columns = [
    "Quantity", "Duskline", "Reference", "Ratio", "Tolerance", "Source", "Verdict",
  ]

  /// The rows of a chapter as a table of texts.
  public static func table(of chapter: Chapter) -> DataTable {
    DataTable(
      title: chapter.title, columns: columns,
      rows: chapter.rows.map { row in
        let cells = ValidationText.cells(of: row)
        let verdict = row.verdict == .disagrees ? "**disagrees**" : row.verdict.rawValue
        return [
          row.quantity, cells.value, cells.reference, cells.ratio, cells.tolerance, row.source,
          verdict,
        ].map { $0.replacing("|", with: "\\|") }
      })
  }

  /// The page `Documentation/Validation.md`.
  ///
  /// - Parameter provenance: lines that say what made it.
  public func markdown(provenance: [String]) -> String {
    let sections = chapters.map { chapter in
      let notes = chapter.rows.compactMap { row in
        row.note.map { Self.wrapped("- *\(row.quantity)*: \($0)", indent: "  ") }
      }
      return
        ([
          "## \(chapter.title)", Self.wrapped(chapter.introduction),
          Self.table(of: chapter).markdown.trimmed,
        ]
        + (notes.isEmpty ? [] : [notes.joined(separator: "\n")])).joined(separator: "\n\n")
    }
    return ([heading(provenance)] + [summary] + sections).joined(separator: "\n\n") + "\n"
  }

  private func heading(_ provenance: [String]) -> String {
    """
    # Validation

    Written by `duskline validate`; do not edit. The numbers come from the code that users run, at the
    references' own set-ups. "The paper" is arXiv:2409.00170; "independent reference calculation" is one
    that shares no code with Duskline and was done by two methods that agree within its error.

    A value is followed by its standard error, where it has one. *Tolerance* is the difference allowed
    between the two numbers, relative to the reference unless it says otherwise; σ are standard errors
    of both combined. A row without a reference informs.

    \(provenance.map { "- \($0)" }.joined(separator: "\n"))
    """
  }

  /// A paragraph in lines of at most 100 characters.
  static func wrapped(_ text: String, indent: String = "") -> String {
    var lines = [""]
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if line.count + 1 + word.count > 100 {
        lines.append(indent + word)
      } else {
        lines[lines.count - 1] = line + " " + word
      }
    }
    return lines.joined(separator: "\n")
  }

  private var summary: String {
    let count =
      "**\(rows.count) rows: \(self.count(.agrees)) agree, \(self.count(.disagrees)) disagree, "
      + "\(self.count(.information)) inform.**"
    guard !disagreements.isEmpty else {
      return count + " No row disagrees; what is unclear stands in the notes."
    }
    let list = disagreements.map {
      Self.wrapped("- \($0.quantity): \($0.note ?? "not understood yet.")", indent: "  ")
    }
    return count + " Open disagreements:\n\n" + list.joined(separator: "\n")
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .newlines) }
}

extension ValidationTable {
  /// The table as a member-by-member JSON report.
  public func json(provenance: JSONValue) -> JSONValue {
    [
      "rows": .array(
        chapters.flatMap { chapter in chapter.rows.map { Self.json(of: $0, in: chapter.title) } }),
      "agrees": .integer(count(.agrees)), "disagrees": .integer(count(.disagrees)),
      "information": .integer(count(.information)), "provenance": provenance,
    ]
  }

  private static func json(of row: ValidationRow, in chapter: String) -> JSONValue {
    var members: [String: JSONValue] = [
      "chapter": .string(chapter), "quantity": .string(row.quantity),
      "value": .estimate(row.value.value, error: row.value.error), "reference": .null,
      "reference_range": .null, "ratio": .number(orNull: row.ratio),
      "allowed_difference": .number(orNull: row.allowedDifference),
      "source": .string(row.source), "verdict": .string(row.verdict.rawValue),
      "note": row.note.map { .string($0) } ?? .null,
    ]
    switch row.expectation {
    case .none: break
    case .number(let reference, _):
      members["reference"] = .estimate(reference.value, error: reference.error)
    case .range(let range, _):
      members["reference_range"] = [.number(range.lowerBound), .number(range.upperBound)]
    }
    return .object(members)
  }
}

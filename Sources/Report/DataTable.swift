import Formats
import Tables
import Units

/// A table with a title and column names: one content, written as CSV, Markdown or HTML.
public struct DataTable: Sendable, Hashable {
  /// What the table shows, in one line.
  public var title: String
  /// Column names; units stand in them.
  public var columns: [String]
  /// Cells, `rows[row][column]`.
  public var rows: [[String]]

  /// A table from its cells.
  public init(title: String, columns: [String], rows: [[String]] = []) {
    self.title = title
    self.columns = columns
    self.rows = rows
  }

  /// Adds a row of numbers, each in the shortest form that reads back to the same double.
  public mutating func append(_ numbers: [Double]) {
    rows.append(numbers.map(ShortestNumber.text))
  }

  /// As CSV behind comment lines; cells with commas or quotes are quoted.
  public func csv(header: [String] = []) -> String {
    let comments = header.map { "# \($0)" }
    return ((comments + [line(columns)] + rows.map(line)).joined(separator: "\n")) + "\n"
  }

  private func line(_ cells: [String]) -> String {
    cells.map(CommaSeparatedText.quoted).joined(separator: ",")
  }

  /// As a Markdown table.
  public var markdown: String {
    let rule = columns.map { _ in "---" }
    return ([columns, rule] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n") + "\n"
  }

  /// As an HTML table with a caption.
  public var html: String {
    func cells(_ row: [String], _ tag: String) -> String {
      "<tr>" + row.map { "<\(tag)>\(HTMLText.escaped($0))</\(tag)>" }.joined() + "</tr>"
    }
    return """
      <table><caption>\(HTMLText.escaped(title))</caption>
      <thead>\(cells(columns, "th"))</thead>
      <tbody>\(rows.map { cells($0, "td") }.joined(separator: "\n"))</tbody></table>
      """
  }
}

/// Text for HTML pages.
enum HTMLText {
  /// The text with the characters that HTML reads as markup replaced.
  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}

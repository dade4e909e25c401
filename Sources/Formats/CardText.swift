/// Lines of YAML, laid out as cards are: two spaces, flow lists, comments.
struct CardText {
  private(set) var lines: [String] = []

  /// The whole text, ending in a newline.
  var text: String { lines.joined(separator: "\n") + "\n" }

  /// A comment; every line of the text gets its own `#`.
  mutating func comment(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      lines.append(line.isEmpty ? "#" : "# \(line)")
    }
  }

  /// An empty line.
  mutating func gap() { lines.append("") }

  /// `key: value`, or `key:` at the head of a section.
  mutating func add(_ key: String, _ value: String = "", depth: Int = 0) {
    let indentation = String(repeating: "  ", count: depth)
    lines.append(value.isEmpty ? "\(indentation)\(key):" : "\(indentation)\(key): \(value)")
  }

  /// `key: [a, b, …]`, broken into lines of at most 100 columns.
  mutating func add(_ key: String, list: [String], depth: Int) {
    let whole = Self.list(list)
    guard key.count + whole.count + 2 * depth + 2 > 100 else {
      add(key, whole, depth: depth)
      return
    }
    let indentation = String(repeating: "  ", count: depth)
    var line = "\(indentation)\(key): ["
    for (index, element) in list.enumerated() {
      let piece = element + (index == list.count - 1 ? "]" : ",")
      if line.count + piece.count + 1 > 100 {
        lines.append(line)
        line = indentation + "   "
      }
      line += (line.hasSuffix("[") ? "" : " ") + piece
    }
    lines.append(line)
  }

  /// `- {…}`, one element of a list.
  mutating func add(element: String, depth: Int) {
    lines.append(String(repeating: "  ", count: depth) + "- " + element)
  }

  /// `[a, b]`.
  static func list(_ elements: [String]) -> String {
    "[" + elements.joined(separator: ", ") + "]"
  }

  /// `{a: 1, b: 2}`.
  static func map(_ entries: [(String, String)]) -> String {
    "{" + entries.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + "}"
  }

  /// A text in double quotes, on one line, whatever it holds.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
      // What YAML would take for a line break, a byte order mark, or refuse.
      case "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
        result += "\\u" + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

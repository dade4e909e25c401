/// Finds, before a text is parsed, what a card has no use for and what could hurt the parser.
///
/// Aliases can make a small text stand for a huge one, and deep nesting overflows the stack of a
/// recursive parser. Both are found by a scan that knows quotes, comments and block scalars.
struct YAMLGuard {
  /// Lists and maps nest at most so deep; a card needs four.
  static let deepestNesting = 32
  /// The widest indentation of a line.
  static let widestIndentation = 200

  /// Something refused, at a line and a column that count from 1.
  struct Finding {
    var line: Int
    var column: Int
    var problem: String
    var remedy: String
  }

  private enum State { case plain, singleQuoted, doubleQuoted }

  private var state = State.plain
  private var flowDepth = 0
  private var blockScalarIndentation: Int?
  private var findings: [Finding] = []

  /// All findings in a text, top to bottom; at most one for depth, where the scan ends.
  static func findings(in text: String) -> [Finding] {
    var scan = YAMLGuard()
    var line = 0
    for content in text.unicodeScalars.split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      line += 1
      if !scan.read(Array(content), line: line) { break }
    }
    return scan.findings
  }

  /// Reads one line; `false` ends the scan.
  private mutating func read(_ line: [Unicode.Scalar], line number: Int) -> Bool {
    let indentation = line.prefix { $0 == " " }.count
    let isBlank = line.allSatisfy { $0 == " " || $0 == "\t" || $0 == "\r" }
    if let parent = blockScalarIndentation {
      if isBlank || indentation > parent { return true }
      blockScalarIndentation = nil
    }
    if isBlank { return true }
    if indentation > Self.widestIndentation { return tooDeep(number, indentation + 1) }

    var blockIndicators = 0
    var atTokenStart = true
    var index = 0
    while index < line.count {
      let character = line[index]
      let next = index + 1 < line.count ? line[index + 1] : " "
      let spaceFollows = next == " " || next == "\t" || next == "\r"
      switch state {
      case .doubleQuoted:
        if character == "\\" { index += 1 } else if character == "\"" { state = .plain }
        atTokenStart = false
      case .singleQuoted:
        if character == "'" && next == "'" {
          index += 1
        } else if character == "'" {
          state = .plain
        }
        atTokenStart = false
      case .plain:
        if character == " " || character == "\t" || character == "\r" { break }
        let followsSpace = index == 0 || line[index - 1] == " " || line[index - 1] == "\t"
        if character == "#" && followsSpace { return true }
        switch character {
        case "[", "{":
          guard atTokenStart || flowDepth > 0 else { break }
          flowDepth += 1
          if flowDepth > Self.deepestNesting { return tooDeep(number, index + 1) }
          atTokenStart = true
        case "]", "}":
          flowDepth = max(0, flowDepth - 1)
          atTokenStart = false
        case "," where flowDepth > 0: atTokenStart = true
        case ":" where spaceFollows || flowDepth > 0: atTokenStart = true
        case "-", "?":
          guard atTokenStart && spaceFollows else {
            atTokenStart = false
            break
          }
          blockIndicators += 1
          if blockIndicators > Self.deepestNesting { return tooDeep(number, index + 1) }
        case "\"" where atTokenStart: state = .doubleQuoted
        case "'" where atTokenStart: state = .singleQuoted
        case "*" where atTokenStart && !spaceFollows, "&" where atTokenStart && !spaceFollows:
          findings.append(
            Finding(
              line: number, column: index + 1,
              problem: character == "*"
                ? "aliases are not part of a card ('*' stands for a value given elsewhere)"
                : "anchors are not part of a card ('&' names a value for use elsewhere)",
              remedy: "write the value out, or quote it if it is a text"))
          atTokenStart = false
        case "|", ">":
          if atTokenStart && flowDepth == 0 {
            blockScalarIndentation = indentation
            return true
          }
          atTokenStart = false
        default: atTokenStart = false
        }
      }
      index += 1
    }
    return true
  }

  private mutating func tooDeep(_ line: Int, _ column: Int) -> Bool {
    findings.append(
      Finding(
        line: line, column: column, problem: "lists and maps are nested too deep for a card",
        remedy: "a card needs four levels at most"))
    return false
  }
}

/// How numbers are written in a card.
///
/// Decimal digits with an optional point and exponent; single underscores may group digits. What
/// YAML 1.1 would read as octal, hexadecimal or base 60 is no number here.
enum ScalarSyntax {
  /// What a text is, as a number.
  enum Reading {
    case number(Double)
    case notFinite
    case tooLarge
    case notANumber
  }

  /// Reads a text as a real number.
  static func number(_ text: String) -> Reading {
    let sign = text.utf8.first
    let isSigned = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
    let unsigned = Substring(text.utf8.dropFirst(isSigned ? 1 : 0))
    guard isDecimal(unsigned) else {
      let words = ["nan", ".nan", "inf", ".inf", "infinity", ".infinity"]
      return words.contains(unsigned.lowercased()) ? .notFinite : .notANumber
    }
    let isGrouped = text.utf8.contains(UInt8(ascii: "_"))
    guard let value = Double(isGrouped ? text.replacing("_", with: "") : text) else {
      return .notANumber
    }
    return value.isFinite ? .number(value) : .tooLarge
  }

  /// Whether a text is `12`, `12.`, `12.5` or `.5`, with an exponent or without, digits in groups.
  private static func isDecimal(_ text: Substring) -> Bool {
    var rest = text.utf8[...]
    let whole = takeDigits(&rest, grouped: true)
    var fraction = false
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = takeDigits(&rest, grouped: true)
    }
    guard whole || fraction else { return false }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
      guard takeDigits(&rest, grouped: false) else { return false }
    }
    return rest.isEmpty
  }

  /// Takes digits from the front, single underscores between them where groups are allowed.
  private static func takeDigits(_ text: inout Substring.UTF8View.SubSequence, grouped: Bool)
    -> Bool
  {
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { (48...57).contains($0) } ?? false }
    guard isDigit(text.first) else { return false }
    while let byte = text.first {
      let isSeparator =
        grouped && byte == UInt8(ascii: "_") && isDigit(text.dropFirst().first)
      guard isDigit(byte) || isSeparator else { break }
      text.removeFirst()
    }
    return true
  }
}

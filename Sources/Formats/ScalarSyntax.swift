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
    let lowered = text.lowercased()
    let isSigned = lowered.hasPrefix("-") || lowered.hasPrefix("+")
    let unsigned = isSigned ? lowered.dropFirst() : lowered[...]
    if ["nan", ".nan", "inf", ".inf", "infinity", ".infinity"].contains(unsigned) {
      return .notFinite
    }
    // Digits in groups; then either "12", "12.", "12.5" or ".5"; then an exponent.
    let pattern =
      /(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:e[-+]?[0-9]+)?/
    guard unsigned.wholeMatch(of: pattern) != nil,
      let value = Double(lowered.replacing("_", with: ""))
    else { return .notANumber }
    return value.isFinite ? .number(value) : .tooLarge
  }
}

import Formats
import Integration

/// Numbers as a person reads them in a terminal; files and JSON carry every digit.
enum NumberText {
  /// A number with five significant digits.
  static func short(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "0" }
    return rounded(value, toPowerOfTen: decade(of: value) - 4)
  }

  /// `value +- error`, the error with two digits and the value to the same place.
  static func estimate(_ estimate: Estimate) -> String {
    guard estimate.error > 0 else { return short(estimate.value) }
    let place = min(
      decade(of: estimate.error) - 1, decade(of: max(abs(estimate.value), estimate.error)))
    return "\(rounded(estimate.value, toPowerOfTen: place)) +- "
      + rounded(estimate.error, toPowerOfTen: decade(of: estimate.error) - 1)
  }

  /// A text with blanks behind it, one at least.
  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func decade(of value: Double) -> Int {
    var exponent = 0
    var magnitude = abs(value)
    while magnitude >= 10 {
      magnitude /= 10
      exponent += 1
    }
    while magnitude < 1 {
      magnitude *= 10
      exponent -= 1
    }
    return exponent
  }

  private static func rounded(_ value: Double, toPowerOfTen place: Int) -> String {
    let scale = power(of: abs(place))
    let result =
      place >= 0 ? (value / scale).rounded() * scale : (value * scale).rounded() / scale
    return ShortestNumber.text(result)
  }

  private static func power(of exponent: Int) -> Double {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}

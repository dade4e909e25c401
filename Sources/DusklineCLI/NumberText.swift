import Background
import Integration
import Units

/// Numbers as a person reads them in a terminal; files and JSON carry every digit.
enum NumberText {
  /// A number with five significant digits.
  static func short(_ value: Double) -> String {
    value.isFinite ? ShortestNumber.text(value, digits: 5) : "0"
  }

  /// `value +- error`, the error with two digits and the value to the same place.
  static func estimate(_ estimate: Estimate) -> String {
    guard estimate.error > 0, estimate.error.isFinite, estimate.value.isFinite else {
      return short(estimate.value)
    }
    let last = ShortestNumber.decade(of: estimate.error) - 1
    let place = min(last, ShortestNumber.decade(of: max(abs(estimate.value), estimate.error)))
    let value = ShortestNumber.rounded(estimate.value, toPowerOfTen: place)
    return "\(ShortestNumber.text(value)) +- \(ShortestNumber.text(estimate.error, digits: 2))"
  }

  /// That of a sum over candidates; where none passes `< 0.0123`, its limit at 95 % confidence, or `-` without any.
  static func estimate(_ sum: CandidateSum) -> String {
    guard let limit = sum.upperLimit else { return sum.value > 0 ? estimate(sum.estimate) : "-" }
    return limit > 0 ? "< " + ShortestNumber.text(limit, digits: 3) : "0"
  }

  /// A line of a table: each cell padded to its width.
  static func row(_ cells: [String], widths: [Int]) -> String {
    zip(cells, widths).map { padded($0, to: $1) }.joined()
  }

  /// A text with blanks behind it, one at least.
  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}

import Units

/// The numbers that a key takes, with the words that say so.
struct NumberRange: Sendable {
  var text: String
  var contains: @Sendable (Double) -> Bool

  /// Above zero.
  static let positive = NumberRange(text: "above 0") { $0 > 0 }
  /// Zero or more.
  static let nonNegative = NumberRange(text: "0 or more") { $0 >= 0 }
  /// Any finite number.
  static let any = NumberRange(text: "a finite number") { _ in true }

  /// Between two numbers, both allowed.
  static func within(_ lowest: Double, _ highest: Double, because reason: String? = nil)
    -> NumberRange
  {
    let text = "between \(ShortestNumber.text(lowest)) and \(ShortestNumber.text(highest))"
    return NumberRange(text: with(reason, text)) { lowest <= $0 && $0 <= highest }
  }

  /// Above one number, up to and with another.
  static func above(_ bound: Double, upTo highest: Double, because reason: String? = nil)
    -> NumberRange
  {
    let text = "above \(ShortestNumber.text(bound)), at most \(ShortestNumber.text(highest))"
    return NumberRange(text: with(reason, text)) { bound < $0 && $0 <= highest }
  }

  /// Between two numbers, neither allowed.
  static func strictlyBetween(_ lower: Double, _ upper: Double, because reason: String? = nil)
    -> NumberRange
  {
    let text = "above \(ShortestNumber.text(lower)) and below \(ShortestNumber.text(upper))"
    return NumberRange(text: with(reason, text)) { lower < $0 && $0 < upper }
  }

  private static func with(_ reason: String?, _ text: String) -> String {
    reason.map { "\(text) (\($0))" } ?? text
  }
}

import Foundation
import Units

/// Numbers as pages and labels show them. Data files have them in full.
enum NumberText {
  /// A number with so many significant digits: `27.65`, `1.72 × 10⁷`.
  static func short(_ value: Double, digits: Int = 4) -> String {
    guard value != 0 else { return "0" }
    let text = String(format: "%.\(digits - 1)e", value)
    let parts = text.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]), let mantissa = Double(parts[0]) else {
      return text
    }
    guard exponent < -2 || exponent > 4 else {
      return String(format: "%.\(max(0, digits - 1 - exponent))f", value)
    }
    return (mantissa == 1 ? "" : "\(ShortestNumber.text(mantissa)) × ") + "10"
      + superscript(exponent)
  }

  /// A number as data files and scripts have it: the shortest that reads back to the same double.
  static func data(_ value: Double) -> String { ShortestNumber.text(value) }

  /// A number as a label has it, without needless zeros: `160`, `0.4`, `468.75`, `1e-8`.
  static func plain(_ value: Double, digits: Int = 6) -> String {
    ShortestNumber.text(rounded(value, digits: digits))
  }

  /// A whole number in raised digits.
  static func superscript(_ number: Int) -> String {
    String(
      "\(number)".map { character -> Character in
        switch character {
        case "-": "⁻"
        case "0": "⁰"
        case "1": "¹"
        case "2": "²"
        case "3": "³"
        case "4": "⁴"
        case "5": "⁵"
        case "6": "⁶"
        case "7": "⁷"
        case "8": "⁸"
        case "9": "⁹"
        default: character
        }
      })
  }

  /// A number rounded to so many significant digits.
  static func rounded(_ value: Double, digits: Int) -> Double {
    ShortestNumber.rounded(value, digits: digits)
  }

  /// A share in per cent: `12.3 %`.
  static func percent(_ share: Double) -> String {
    share == 0 ? "0" : short(100 * share, digits: 3) + " %"
  }
}

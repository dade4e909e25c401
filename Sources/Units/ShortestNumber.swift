/// Numbers as cards and tables write them: the shortest decimals that read back to the same double.
public enum ShortestNumber {
  /// The text of a finite number: `160`, `0.4`, `1e-8`, `1e16`.
  ///
  /// - Precondition: the number is finite; results are checked before they are written.
  public static func text(_ value: Double) -> String {
    var bytes: [UInt8] = []
    append(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends ``text(_:)`` of a finite number in ASCII, as files of many numbers are written.
  ///
  /// - Precondition: the number is finite; results are checked before they are written.
  public static func append(_ value: Double, to bytes: inout [UInt8]) {
    precondition(value.isFinite, "only finite numbers are written")
    var text = value.description
    text.withUTF8 { digits in
      let exponent = digits.lastIndex(of: UInt8(ascii: "e"))
      var mantissa = digits[..<(exponent ?? digits.count)]
      if mantissa.count > 2, mantissa.last == UInt8(ascii: "0"),
        mantissa[mantissa.endIndex - 2] == UInt8(ascii: ".")
      {
        mantissa = mantissa.dropLast(2)
      }
      bytes.append(contentsOf: mantissa)
      guard let exponent else { return }
      // Of e-08 and e+16: e-8 and e16.
      bytes.append(digits[exponent])
      var power = digits[(exponent + 1)...]
      if power.first == UInt8(ascii: "-") { bytes.append(UInt8(ascii: "-")) }
      if let sign = power.first, !(48...57).contains(sign) { power = power.dropFirst() }
      bytes.append(contentsOf: power.drop { $0 == UInt8(ascii: "0") })
    }
  }

  /// The text of a number rounded to so many significant digits: `468.8`, `1.234e-9`; `nan` and `inf` by name.
  public static func text(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "\(value)" }
    let rounded = rounded(value, digits: digits)
    guard rounded != 0, decade(of: rounded) >= max(digits, 5) else { return text(rounded) }
    let exponent = decade(of: rounded)
    let mantissa = Double(
      "\(Int((rounded / power(exponent - digits + 1)).rounded()))e\(1 - digits)")
    return "\(text(mantissa ?? rounded))e\(exponent)"
  }

  /// A finite number rounded to so many significant digits: the double nearest to that decimal.
  public static func rounded(_ value: Double, digits: Int) -> Double {
    value == 0 || !value.isFinite
      ? value : rounded(value, toPowerOfTen: decade(of: value) - digits + 1)
  }

  /// A finite number rounded to a multiple of a power of ten.
  public static func rounded(_ value: Double, toPowerOfTen place: Int) -> Double {
    // In two factors, since 10⁻³²⁰ has no reciprocal.
    let half = place / 2
    let multiple = (value / power(half) / power(place - half)).rounded()
    guard abs(multiple) < 9e15 else { return value }
    let result = Double("\(Int(multiple))e\(place)") ?? value
    return result.isFinite ? result : value
  }

  /// The power of ten at or below a finite number's size.
  public static func decade(of value: Double) -> Int {
    precondition(value.isFinite && value != 0, "only finite numbers have a size")
    let text = abs(value).description
    if let e = text.firstIndex(of: "e") { return Int(text[text.index(after: e)...]) ?? 0 }
    let whole = text.prefix { $0 != "." }
    if whole != "0" { return whole.count - 1 }
    return -1 - text.dropFirst(2).prefix { $0 == "0" }.count
  }

  private static func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 1 }

  /// The shortest number that gives exactly `value` once multiplied by `unit`.
  ///
  /// `value / unit` may miss by a rounding: 0.3 mrad, read as 0.3 × 10⁻³ rad, would come back as
  /// 0.30000000000000004. The neighbours are tried, and the one with the fewest digits is taken.
  public static func text(_ value: Double, in unit: Double) -> String {
    let quotient = value / unit
    var candidates = [quotient]
    var (below, above) = (quotient, quotient)
    for _ in 0..<3 {
      (below, above) = (below.nextDown, above.nextUp)
      candidates += [below, above]
    }
    let texts = candidates.filter { $0 * unit == value }.map(text)
    return texts.min { ($0.count, $0) < ($1.count, $1) } ?? text(quotient)
  }
}

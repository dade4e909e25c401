/// Numbers as cards and tables write them: the shortest decimals that read back to the same double.
public enum ShortestNumber {
  /// The text of a finite number: `160`, `0.4`, `1e-8`, `1e16`.
  ///
  /// - Precondition: the number is finite; results are checked before they are written.
  public static func text(_ value: Double) -> String {
    precondition(value.isFinite, "only finite numbers are written")
    var text = value.description
    if text.hasSuffix(".0") { text.removeLast(2) }
    guard let exponent = text.firstIndex(of: "e") else { return text }
    var mantissa = text[..<exponent]
    if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    let power = Int(text[text.index(after: exponent)...]) ?? 0
    return "\(mantissa)e\(power)"
  }

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

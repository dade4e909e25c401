/// Functions for drawing variables, twice as fast as their exact sisters: one rounding constant, fewer terms, no guards.
///
/// A variable may be drawn by any smooth law, as long as its weight belongs to that law. So a map by these is as good as one by
/// the exact function; only the weight, taken for the exact function's derivative, is off at a point: by 10⁻¹¹ of itself for
/// exponentials, by 4·10⁻¹¹ for angles beyond a hundredth of a turn from 0. An integral sees the difference of values at most.
/// Nothing but drawing may use them. Coefficients: interpolation at Chebyshev nodes in 60-digit arithmetic.
extension Elementary {
  /// `eˣ` within 10⁻¹³ for |x| below 300.
  @inlinable @inline(__always)
  public static func quickExp(_ x: Double) -> Double {
    let shifted = x * 1.4426950408889634 + roundingShift
    let r = x - (shifted - roundingShift) * 0.6931471805599453
    let r2 = r * r
    let first = 0.49999999999797773 + r * 0.1666666666664829
    let second = 0.0416666668910917 + r * 0.008333333353729397
    let third = 0.001388882165071769 + r * 0.00019841208732536384
    let fourth = 2.4876178959085513e-05 + r * 2.762511557828763e-06
    // e^r = 1 + r + r² q.
    let q = (first + r2 * second) + (r2 * r2) * (third + r2 * fourth)
    let scale = Double(bitPattern: (shifted.bitPattern << 52) &+ 0x3FF0_0000_0000_0000)
    return (scale + scale * r) + (scale * r2) * q
  }

  /// `ln x` within 2·10⁻¹³ of itself for normal x ≥ 1.
  @inlinable @inline(__always)
  public static func quickLog(_ x: Double) -> Double {
    // As in `log`; the exponent of x ≥ 1 is never negative.
    let offset = x.bitPattern &- 0x3FE6_A09E_667F_3BCD
    let exponent =
      Double(bitPattern: (offset >> 52) &+ 0x4330_0000_0000_0000) - 4_503_599_627_370_496
    let m = Double(bitPattern: (offset & 0x000F_FFFF_FFFF_FFFF) &+ 0x3FE6_A09E_667F_3BCD)
    let f = m - 1
    let s = f / (m + 1)
    let z = s * s
    let z2 = z * z
    let tail =
      (0.6666666666737868 + z * 0.3999999879244169)
      + z2 * ((0.28571755535032944 + z * 0.22191337428065783) + z2 * 0.19363884986633198)
    return (exponent * 0.6931471805599453 + (s + s)) + (s * z) * tail
  }

  /// `sin π(turns - ½)` for turns from 0 to 1, within 10⁻¹³, and ±1 at the ends: what ``circlePoint(halfSine:)`` takes.
  @inlinable @inline(__always)
  public static func halfSine(turns: Double) -> Double {
    let v = turns - 0.5
    let z = v * v
    let z2 = z * z
    let low =
      (3.141592653589478 + z * -5.167712779942643)
      + z2 * (2.5501640337930294 + z * -0.5992643978751043)
    let high =
      (0.08214451656935803 + z * -0.007363016896886311) + z2 * 0.0004461742347294296
    return v * (low + (z2 * z2) * high)
  }

  /// A point of the unit circle from half its angle's sine: on the circle to rounding whatever the sine is.
  @inlinable @inline(__always)
  public static func circlePoint(halfSine h: Double) -> (sine: Double, cosine: Double) {
    // A sine above 1 by a last digit is 1.
    let square = h * h
    let h2 = square < 1 ? square : 1
    return (-2 * h * (1 - h2).squareRoot(), 2 * h2 - 1)
  }

  /// A point of the unit circle, uniform in angle for uniform turns from 0 to 1. Turns within 8·10⁻⁹ of 0 and 1 become 0.
  @inlinable @inline(__always)
  public static func circlePoint(turns: Double) -> (sine: Double, cosine: Double) {
    circlePoint(halfSine: halfSine(turns: turns))
  }
}

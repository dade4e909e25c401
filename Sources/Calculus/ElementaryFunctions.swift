/// Elementary functions for loops over batches, as polynomials.
///
/// The system's `exp` and `log` are never vectorised, and their bits differ between machines. These are
/// straight-line code that a compiler turns into vector instructions, with the same bits whatever the
/// vector width. Coefficients: interpolation at Chebyshev nodes in 50-digit arithmetic; the
/// approximation errors, relative, are 3·10⁻¹⁹ (exp), 3·10⁻¹⁸ (log), 2·10⁻²¹ (sine), 4·10⁻²⁰ (cosine),
/// so that rounding, about one unit in the last place, is all that is left.
public enum Elementary {
  /// 1.5·2⁵²: adding and subtracting it rounds to the nearest integer.
  @inlinable @inline(__always) package static var roundingShift: Double { 6_755_399_441_055_744 }

  /// `(eʳ - 1)/r` for |r| ≤ ½ ln 2.
  @inlinable @inline(__always)
  static func reducedExponential(_ r: Double) -> Double {
    let low = 1.0 + r * (0.5 + r * (0.1666666666666668 + r * 0.04166666666666668))
    let r4 = (r * r) * (r * r)
    let middle =
      0.008333333333319601
      + r * (0.0013888888888879082 + r * (0.00019841269890047113 + r * 2.480158733642132e-05))
    let high =
      2.755724091857897e-06
      + r * (2.755726330147475e-07 + r * (2.5110037605963777e-08 + r * 2.0918129454967065e-09))
    return low + r4 * (middle + r4 * high)
  }

  /// `10ˣ` within 10⁻¹⁵(1 + |x|) of itself.
  public static func powerOfTen(_ x: Double) -> Double { exp(x * 2.302_585_092_994_046) }

  /// `eˣ` within one unit in the last place; 0 below -708, and the largest finite scale above 709.
  @inlinable @inline(__always)
  public static func exp(_ x: Double) -> Double {
    let clamped = x < -708 ? -708 : (x > 709 ? 709 : x)
    let shifted = clamped * 1.4426950408889634 + roundingShift
    let k = shifted - roundingShift
    let r = (clamped - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10
    let scale = Double(bitPattern: (shifted.bitPattern << 52) &+ 0x3FF0_0000_0000_0000)
    let value = scale + scale * (r * reducedExponential(r))
    return x < -708 ? 0 : value
  }

  /// `eˣ - 1`, without cancellation near zero.
  @inlinable @inline(__always)
  public static func expMinusOne(_ x: Double) -> Double {
    let clamped = x < -708 ? -708 : (x > 709 ? 709 : x)
    let shifted = clamped * 1.4426950408889634 + roundingShift
    let k = shifted - roundingShift
    let r = (clamped - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10
    let scale = Double(bitPattern: (shifted.bitPattern << 52) &+ 0x3FF0_0000_0000_0000)
    return (scale - 1) + scale * (r * reducedExponential(r))
  }

  /// `ln x` for normal x > 0, within one unit in the last place.
  @inlinable @inline(__always)
  public static func log(_ x: Double) -> Double {
    // x = 2ᵉ m with m in [√½, √2): the offset moves the exponent's edge to √½.
    let offset = x.bitPattern &- 0x3FE6_A09E_667F_3BCD
    let exponent = Double(bitPattern: (offset >> 52) &+ 0x4330_0000_0000_0000)
    // The exponent field is taken modulo 2¹², so that negative exponents arrive as 4096 + e.
    let e0 = exponent - 4_503_599_627_370_496
    let e = e0 > 2048 ? e0 - 4096 : e0
    let mantissaBits =
      (offset & 0x000F_FFFF_FFFF_FFFF) &+ 0x3FE6_A09E_667F_3BCD
    let m = Double(bitPattern: mantissaBits)
    let f = m - 1
    let s = f / (m + 1)
    let z = s * s
    let z2 = z * z
    let z4 = z2 * z2
    let low =
      (0.6666666666666666 + z * 0.4000000000000088)
      + z2 * (0.28571428570803614 + z * 0.22222222391713917)
    let high =
      (0.18181795640132906 + z * 0.15386239702814658)
      + z2 * (0.13268773138656886 + z * 0.13086626147840102)
    let tail = z * (low + z4 * high)
    // 2 atanh(s) = 2s + s·tail, and 2s = f - s·f: the form that rounds best.
    return e * 0.693147180369123816490 + (f - (s * (f - tail) - e * 1.90821492927058770002e-10))
  }

  /// arctan x in turns, by Newton's iteration on sine and cosine, to 10⁻¹⁵: for what stands outside of loops.
  public static func arctangentTurns(_ x: Double) -> Double {
    // tan is inverted where it is flat: beyond 1 by the complement.
    if x > 1 { return 0.25 - arctangentTurns(1 / x) }
    if x < -1 { return -0.25 - arctangentTurns(1 / x) }
    var turns = x / 8
    for _ in 0..<30 {
      let (sine, cosine) = sinCos(turns: turns)
      let step = (x * cosine - sine) * cosine / (2 * .pi)
      turns += step
      if abs(step) < 1e-17 { break }
    }
    return turns
  }

  /// Sine and cosine of `2π turns`, for |turns| below 2⁴⁹: beyond, the shift does not round to an
  /// integer any more.
  @inlinable @inline(__always)
  public static func sinCos(turns: Double) -> (sine: Double, cosine: Double) {
    let shifted = turns * 4 + roundingShift
    let quadrant = shifted.bitPattern
    let r = turns - (shifted - roundingShift) * 0.25
    let z = r * r
    let z2 = z * z
    let sineLow =
      (6.283185307179586 + z * -41.34170224039976) + z2
      * (81.60524927607493 + z * -76.70585975299812)
    let sineHigh =
      (42.05869392898878 + z * -15.094640403891546)
      + z2 * (3.8197881201632113 + z * -0.7116358090781666)
    let sine = r * (sineLow + (z2 * z2) * sineHigh)
    let cosineLow =
      (1.0 + z * -19.739208802178716) + z2 * (64.93939402266795 + z * -85.45681720652271)
    let cosineHigh =
      (60.244641328867296 + z * -26.426250908622137)
      + z2 * (7.903091687751697 + z * -1.6968494702918826)
    let cosine = cosineLow + (z2 * z2) * cosineHigh
    let swapped = (quadrant & 1) != 0
    let a = swapped ? cosine : sine
    let b = swapped ? sine : cosine
    let sineSign = (quadrant & 2) << 62
    let cosineSign = ((quadrant &+ 1) & 2) << 62
    return (
      Double(bitPattern: a.bitPattern ^ sineSign), Double(bitPattern: b.bitPattern ^ cosineSign)
    )
  }
}

import Calculus

/// Tails of the normal law and their inverse, exact to rounding however far out.
enum NormalLaw {
  /// `½ ln 2π`.
  static let halfLogTwoPi = 0.918_938_533_204_672_8

  /// `e^{y²} erfc(y)` for y ≥ 0: what is left of a tail when its exponential is taken out.
  ///
  /// Source: DLMF 7.9.3 (continued fraction) and 7.6.1 (series), by the incomplete gamma function of order ½.
  static func scaledComplement(_ y: Double) -> Double {
    if y < 2 {
      return GammaFunction.upperRegularised(0.5, y * y) * Elementary.exp(y * y)
    }
    // √π e^{y²} erfc(y) = 1/(y + (1/2)/(y + 1/(y + (3/2)/(y + …)))): 60 steps from the back suffice from y = 2 on.
    var denominator = y
    for k in stride(from: 80, to: 0, by: -1) { denominator = y + Double(k) / 2 / denominator }
    return 1 / (denominator * 1.772_453_850_905_516)
  }

  /// `ln ∫_z^∞ e^{-u²/2} du/√2π`.
  static func logUpperTail(_ z: Double) -> Double {
    let y = abs(z) * 0.707_106_781_186_547_5
    let tail = 0.5 * scaledComplement(y)
    if z >= 0 { return Elementary.log(tail) - y * y }
    return PoissonLaw.logOnePlus(-tail * Elementary.exp(-y * y))
  }

  /// `∫_z^∞ e^{-u²/2} du/√2π`.
  static func upperTail(_ z: Double) -> Double { Elementary.exp(logUpperTail(z)) }

  /// The z whose upper tail has the logarithm `logTail`, and the lower one `logOther`: of the two the smaller one decides, so
  /// that nothing is lost in 1 - p.
  static func standardDeviations(logTail: Double, logOther: Double) -> Double {
    logTail <= logOther ? deviation(logTail) : -deviation(logOther)
  }

  /// z ≥ 0 for a tail of at most one half, by Newton's iteration on its logarithm, which is concave.
  private static func deviation(_ logTail: Double) -> Double {
    guard logTail < -0.693_147_180_559_945_3 else { return 0 }
    var z = max(0.1, (-2 * logTail).squareRoot() - 1)
    for _ in 0..<100 {
      let value = logUpperTail(z)
      let slope = -Elementary.exp(-0.5 * z * z - halfLogTwoPi - value)
      let step = (value - logTail) / slope
      z = max(0, z - step)
      if abs(step) < 1e-14 * (1 + z) { break }
    }
    return z
  }
}

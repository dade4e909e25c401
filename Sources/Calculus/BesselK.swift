/// The modified Bessel functions K₁ and K₂, scaled by eˣ so that they neither vanish nor overflow.
///
/// For x ≥ 1: Chebyshev series in 1/x of `√x eˣ K_ν(x)` on [1, 4] and [4, ∞), coefficients from 40-digit arithmetic, truncated at
/// 2·10⁻¹⁸ relative. Below 1: the trapezoidal sum of `∫₀^∞ exp(-x(cosh t - 1)) cosh(νt) dt`, which converges
/// exponentially. Errors: a few units in the last place.
///
/// Source: the integral is NIST DLMF 10.32.9; trapezoidal sums: L. N. Trefethen, J. A. C. Weideman, SIAM Rev. 56, 385 (2014).
public enum BesselK {
  /// `eˣ K₁(x)` for x > 0.
  @inlinable
  public static func scaled1(_ x: Double) -> Double {
    x >= 4 ? series(far1, 8 / x - 1) / x.squareRoot() : near(order: 1, x)
  }

  /// `eˣ K₂(x)` for x > 0.
  @inlinable
  public static func scaled2(_ x: Double) -> Double {
    x >= 4 ? series(far2, 8 / x - 1) / x.squareRoot() : near(order: 2, x)
  }

  @usableFromInline
  static func near(order: Int, _ x: Double) -> Double {
    precondition(x > 0, "K diverges at zero")
    guard x < 1 else {
      return series(order == 1 ? near1 : near2, (8 / x - 5) / 3) / x.squareRoot()
    }
    // Beyond t_max the integrand is below 10⁻¹⁷ of its maximum.
    let step = 1.0 / 16
    var sum = 0.5
    var t = step
    while true {
      let growth = Elementary.exp(t)
      let cosh = (growth + 1 / growth) / 2
      let weight = order == 1 ? cosh : 2 * cosh * cosh - 1
      let term = weight * Elementary.exp(-x * (cosh - 1))
      sum += term
      if term < 1e-18 * sum, x * cosh > 40 { break }
      t += step
    }
    return sum * step
  }

  /// Clenshaw's recurrence.
  @inlinable @inline(__always)
  static func series(_ coefficients: [Double], _ t: Double) -> Double {
    var (b1, b2) = (0.0, 0.0)
    var i = coefficients.count - 1
    while i > 0 {
      (b1, b2) = (2 * t * b1 - b2 + coefficients[i], b1)
      i -= 1
    }
    return t * b1 - b2 + coefficients[0]
  }

  @usableFromInline static let far1: [Double] = [
    1.309110465519912, 0.054882601373290416, -0.0008752048254308488, 3.609632670112028e-05,
    -2.2298383903188206e-06, 1.769725283734553e-07, -1.6786885648913215e-08, 1.8253144568624018e-09,
    -2.2145387075478276e-10, 2.942043990297814e-11, -4.221447018608477e-12, 6.474034557829495e-13,
    -1.0525166763589504e-13, 1.8020469875584357e-14, -3.2318354365439015e-15, 6.04412992098339e-16,
    -1.1742043288426136e-16, 2.357490188122697e-17, -4.677855923560566e-18,
  ]

  @usableFromInline static let far2: [Double] = [
    1.569591848278934, 0.32355417958548466, 0.007145196792066207, -0.00012522799935040297,
    5.633295426610956e-06, -3.751586567816879e-07, 3.176997996380766e-08, -3.1885290568268875e-09,
    3.6433548306563695e-10, -4.619258733605105e-11, 6.383659625849402e-12, -9.491839148476204e-13,
    1.5035900027244308e-13, -2.5179820155275588e-14, 4.430261737250745e-15, -8.1481078194143035e-16,
    1.5597939113853238e-16, -3.0911100012665906e-17, 6.067357131893177e-18,
  ]

  @usableFromInline static let near1: [Double] = [
    1.5036543256551052, 0.1362304149356005, -0.003976546772170741, 0.0002675902415041597,
    -2.4739398941594998e-05, 2.7444994777371167e-06, -3.440598346572436e-07, 4.7163733419862495e-08,
    -6.926850712765877e-09, 1.0751911012852724e-09, -1.7468382605231073e-10, 2.949359222115168e-11,
    -5.146772530587839e-12, 9.242963592198098e-13, -1.7024058244613888e-13, 3.206800555212405e-14,
    -6.163509926778274e-15, 1.2063758178491386e-15, -2.400405469816253e-16, 4.8405610243734467e-17,
    -9.501729586634698e-18,
  ]

  @usableFromInline static let near2: [Double] = [
    3.1101844099002323, 1.2596347344481833, 0.048198484240625006, -0.0013273270963394706,
    8.688884145312458e-05, -7.912372910562137e-06, 8.698778243114138e-07, -1.0843549943722688e-07,
    1.4810275849064418e-08, -2.1700086404778442e-09, 3.363154303981654e-10, -5.458808246994328e-11,
    9.211500882273075e-12, -1.607011137815013e-12, 2.885796291516553e-13, -5.3156123868823855e-14,
    1.0014883865637878e-14, -1.925396085595917e-15, 3.769552552634201e-16, -7.490982343669054e-17,
    1.4521852014618442e-17,
  ]
}

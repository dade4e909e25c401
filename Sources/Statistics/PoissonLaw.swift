import Calculus

/// Probabilities of a Poisson law and their sums, as logarithms, so that none vanishes.
///
/// A count may be any real number: `P(N ≤ n | μ) = Q(n + 1, μ)`, the incomplete gamma function. Cost: O(1), some 250
/// terms at most. Relative errors are 10⁻¹³ for means up to 10⁶ and grow to 10⁻¹⁰ at 10¹².
enum PoissonLaw {
  /// `ln P(N ≤ count)`.
  static func logCumulative(_ count: Double, mean: Double) -> Double {
    if count < 0 { return -.infinity }
    guard mean > 0 else { return 0 }
    return count == 0 ? -mean : logTails(count + 1, mean).upper
  }

  /// `ln P(N ≥ count)`.
  static func logAtLeast(_ count: Double, mean: Double) -> Double {
    if count <= 0 { return 0 }
    guard mean > 0 else { return -.infinity }
    return logTails(count, mean).lower
  }

  /// `ln P(N = count)`.
  ///
  ///     ln P = -n φ((μ - n)/n) - ½ ln(2πn) - δ(n),   φ(u) = u - ln(1 + u)
  ///
  /// so that μ - n ln μ + ln n! does not cancel. Source: C. Loader, "Fast and accurate computation of binomial
  /// probabilities" (2000).
  static func logProbability(_ count: Double, mean: Double) -> Double {
    guard mean > 0 else { return count == 0 ? 0 : -.infinity }
    guard count > 0 else { return count == 0 ? -mean : -.infinity }
    return -count * excessOverLog((mean - count) / count) - 0.5 * Elementary.log(count)
      - NormalLaw.halfLogTwoPi - stirlingError(count)
  }

  /// `u - ln(1 + u)` for u > -1, without cancellation near zero.
  static func excessOverLog(_ u: Double) -> Double {
    guard abs(u) < 0.3 else { return u - Elementary.log(1 + u) }
    // ln(1 + u) = 2 artanh r with r = u/(2 + u).
    let r = u / (2 + u)
    let w = r * r
    var sum = 0.0
    for k in stride(from: 27.0, through: 3, by: -2) { sum = sum * w + 1 / k }
    return r * u - 2 * r * w * sum
  }

  /// `ln(1 + u)`, without cancellation near zero.
  static func logOnePlus(_ u: Double) -> Double { u - excessOverLog(u) }

  /// `δ(n) = ln Γ(n + 1) - (n + ½) ln n + n - ½ ln 2π`, the error of Stirling's formula. Source: DLMF 5.11.1.
  static func stirlingError(_ n: Double) -> Double {
    guard n >= 12 else {
      return GammaFunction.log(n + 1) - (n + 0.5) * Elementary.log(n) + n - NormalLaw.halfLogTwoPi
    }
    let w = 1 / (n * n)
    return (1.0 / 12 - w * (1.0 / 360 - w * (1.0 / 1260 - w * (1.0 / 1680 - w * (1.0 / 1188)))))
      / n
  }

  /// `ln P(a, x)` and `ln Q(a, x)` of the incomplete gamma functions, for a > 0 and x > 0.
  static func logTails(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
    let deviation = (x - a) / a
    if a >= 200, abs(deviation) < 0.25 { return uniformTails(a, deviation) }
    // xᵃ e⁻ˣ/Γ(a + 1).
    let logFactor = logProbability(a, mean: x)
    if x < a + 1 {
      let lower = min(logFactor + Elementary.log(GammaFunction.lowerSeries(a, x)), 0)
      return (lower, logOfRest(lower))
    }
    let upper = min(logFactor + Elementary.log(a * GammaFunction.upperFraction(a, x)), 0)
    return (logOfRest(upper), upper)
  }

  /// `ln(1 - eˡ)`.
  static func logOfRest(_ l: Double) -> Double {
    l < 0 ? Elementary.log(max(-Elementary.expMinusOne(l), 1e-300)) : -.infinity
  }

  /// The tails for large a and x near a, where series and fraction would need √a terms:
  ///
  ///     Q = ½ erfc(η√(a/2)) + e^{-aη²/2}/√(2πa) Σ_k c_k(η) a^{-k},   η²/2 = φ((x - a)/a)
  ///
  /// Source: N. M. Temme, Math. Comput. 33, 163 (1979); DLMF 8.12.3, 8.12.7. Coefficients by its recursion in 60 digits.
  private static func uniformTails(_ a: Double, _ deviation: Double) -> (
    lower: Double, upper: Double
  ) {
    let phi = excessOverLog(deviation)
    let size = (2 * phi).squareRoot()
    let eta = deviation < 0 ? -size : size
    var sum = 0.0
    for row in coefficients.reversed() {
      sum = sum / a + row.reversed().reduce(0) { $0 * eta + $1 }
    }
    sum /= (2 * .pi * a).squareRoot()
    // Each is exact on its own side, and the other one is its rest.
    let half = 0.5 * NormalLaw.scaledComplement(size * (a / 2).squareRoot())
    if deviation >= 0 {
      let upper = Elementary.log(half + sum) - a * phi
      return (logOfRest(upper), upper)
    }
    let lower = Elementary.log(half - sum) - a * phi
    return (lower, logOfRest(lower))
  }

  /// `coefficients[k][n]`: of ηⁿ in c_k.
  private static let coefficients: [[Double]] = [
    [
      -0.333333333333333333, 0.0833333333333333333, -0.0148148148148148148, 0.00115740740740740741,
      0.0003527336860670194, -0.000178755144032921811, 3.91926317852243778e-5,
      -2.18544851067999216e-6, -1.85406221071515996e-6, 8.29671134095308601e-7,
      -1.76659527368260793e-7, 6.70785354340149858e-9, 1.0261809784240308e-8,
      -4.38203601845335319e-9,
    ],
    [
      -0.00185185185185185185, -0.00347222222222222222, 0.0026455026455026455,
      -0.000990226337448559671, 0.000205761316872427984, -4.01877572016460905e-7,
      -1.80985503344899778e-5, 7.64916091608111008e-6, -1.6120900894563446e-6,
      4.64712780280743434e-9, 1.37863344691572096e-7, -5.75254560351770496e-8,
    ],
    [
      0.0041335978835978836, -0.00268132716049382716, 0.000771604938271604938,
      2.00938786008230453e-6, -0.000107366532263651605, 5.29234488291201254e-5,
      -1.27606351886187277e-5, 3.42357873409613807e-8, 1.37219573090629332e-6,
    ],
    [
      0.000649434156378600823, 0.000229472093621399177, -0.000469189494395255712,
      0.000267720632062838853, -7.56180167188397641e-5, -2.39650511386729665e-7,
    ],
    [
      -0.000861888290916711699, 0.000784039221720066627, -0.00029907248030319018,
      -1.46384525788434182e-6,
    ],
    [-0.00033679855336635815, -6.97281375836585777e-5],
  ]
}

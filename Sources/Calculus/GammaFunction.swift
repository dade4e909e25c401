/// The logarithm of the gamma function, and the incomplete gamma functions.
public enum GammaFunction {
  /// `ln Γ(a)` for a > 0, within 10⁻¹⁴ of max(1, |ln Γ|).
  ///
  /// Stirling's series at a ≥ 12, reached from below by `Γ(a + 1) = a Γ(a)`.
  ///
  /// Source: DLMF 5.11.1 and 5.5.1.
  public static func log(_ a: Double) -> Double {
    precondition(a > 0, "ln Γ is taken of numbers above zero")
    var z = a
    var product = 1.0
    while z < 12 {
      product *= z
      z += 1
    }
    let inverse = 1 / z
    let w = inverse * inverse
    // B₂ₖ/(2k(2k - 1)); the first one left out is 6·10⁻¹⁸ at z = 12.
    let series =
      inverse
      * (1.0 / 12
        - w
        * (1.0 / 360
          - w
          * (1.0 / 1260
            - w
            * (1.0 / 1680 - w * (1.0 / 1188 - w * (691.0 / 360_360 - w * (1.0 / 156)))))))
    let halfLogTwoPi = 0.918_938_533_204_672_8
    return (z - 0.5) * Elementary.log(z) - z + halfLogTwoPi + series - Elementary.log(product)
  }

  /// The regularised lower incomplete gamma function `P(a, x) = ∫₀ˣ e⁻ᵘ uᵃ⁻¹ du / Γ(a)` for a ≥ 0, x ≥ 0,
  /// within 10⁻¹³; its limit at a = 0 is 1 for x > 0.
  ///
  /// By its power series below `x = a + 1`, by the continued fraction of `Q = 1 - P` above. Cost: O(√max(a, x)).
  ///
  /// Source: DLMF 8.7.1 and 8.9.2.
  public static func lowerRegularised(_ a: Double, _ x: Double) -> Double {
    precondition(a >= 0 && x >= 0, "the incomplete gamma function is taken at a, x of zero or more")
    guard x > 0 else { return 0 }
    guard a > 0, x < .infinity else { return 1 }
    return x < a + 1 ? series(a, x) : 1 - continuedFraction(a, x)
  }

  /// The regularised upper incomplete gamma function `Q(a, x) = 1 - P(a, x)`, without cancellation where it is small.
  ///
  /// Source: as ``lowerRegularised(_:_:)``.
  public static func upperRegularised(_ a: Double, _ x: Double) -> Double {
    precondition(a >= 0 && x >= 0, "the incomplete gamma function is taken at a, x of zero or more")
    guard x > 0 else { return 1 }
    guard a > 0, x < .infinity else { return 0 }
    return x < a + 1 ? 1 - series(a, x) : continuedFraction(a, x)
  }

  /// P: `xᵃ e⁻ˣ Σ xⁿ/Γ(a + n + 1)`.
  private static func series(_ a: Double, _ x: Double) -> Double {
    lowerSeries(a, x) * Elementary.exp(a * Elementary.log(x) - x - log(a + 1))
  }

  /// `Σ xʲ/((a + 1)…(a + j))`: P over `xᵃ e⁻ˣ/Γ(a + 1)`. Source: DLMF 8.7.1.
  package static func lowerSeries(_ a: Double, _ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var n = a
    while term > sum * 1e-17 {
      n += 1
      term *= x / n
      sum += term
    }
    return sum
  }

  /// Q, for x of a + 1 or more.
  private static func continuedFraction(_ a: Double, _ x: Double) -> Double {
    upperFraction(a, x) * Elementary.exp(a * Elementary.log(x) - x - log(a))
  }

  /// Q over `xᵃ e⁻ˣ/Γ(a)`, by Lentz's method; its denominators are above zero for x > a + 1. Source: DLMF 8.9.2.
  package static func upperFraction(_ a: Double, _ x: Double) -> Double {
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var h = d
    for i in 1..<100_000 {
      let numerator = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / (numerator * d + b)
      c = b + numerator / c
      let factor = d * c
      h *= factor
      if abs(factor - 1) < 1e-16 { break }
    }
    return h
  }
}

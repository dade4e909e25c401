import Foundation

/// A number as the unevaluated sum of two doubles: some 31 digits, for formulae that cancel.
///
/// Source: T. J. Dekker, Numer. Math. 18, 224 (1971).
struct DoubleDouble: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  var high: Double
  var low: Double

  init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = low
  }

  init(floatLiteral value: Double) { self.init(value) }
  init(integerLiteral value: Int) { self.init(Double(value)) }

  /// high + low with |low| below |high|.
  private static func renormalised(_ high: Double, _ low: Double) -> DoubleDouble {
    let sum = high + low
    return DoubleDouble(sum, low - (sum - high))
  }

  static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let sum = a.high + b.high
    let part = sum - a.high
    let error = (a.high - (sum - part)) + (b.high - part)
    return renormalised(sum, error + a.low + b.low)
  }

  static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(-a.high, -a.low) }

  static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

  static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = a.high * b.high
    let error = (-product).addingProduct(a.high, b.high)
    return renormalised(product, error + (a.high * b.low + a.low * b.high))
  }

  static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    let rest = a - DoubleDouble(first) * b
    let second = rest.high / b.high
    let last = rest - DoubleDouble(second) * b
    return renormalised(first, second) + DoubleDouble(last.high / b.high)
  }

  /// The root, 0 for what rounding has put below 0.
  func squareRoot() -> DoubleDouble {
    guard high > 0 else { return 0 }
    let root = high.squareRoot()
    let rest = self - DoubleDouble(root) * DoubleDouble(root)
    return Self.renormalised(root, rest.high / (2 * root))
  }
}

/// The closed form of the squared amplitude for any P with P·q = 0,
///
///     A = 2 (s̃² + ũ²)/(s̃ũ) P² - 8t/(s̃ũ) [ (P·p)² + (P·p′)² + (t₂ + m_A′²) P²/2 ]
///         + 2 ((s̃+ũ)/(s̃ũ))² (m_A′² + 2m²) [ P² t - 4 ((ũ P·p + s̃ P·p′)/(s̃+ũ))² ]
///
/// evaluated in twice the working precision, since it cancels.
///
/// Source: arXiv:1705.01633, Eq. (6)–(9).
func closedFormAmplitude(
  s: DoubleDouble, u: DoubleDouble, t: DoubleDouble, t2: DoubleDouble, leptonMass2 m2: DoubleDouble,
  mediatorMass2 k2: DoubleDouble, Pp: DoubleDouble, PpPrime: DoubleDouble, P2: DoubleDouble
) -> DoubleDouble {
  let su = s * u
  let sum = s + u
  let mixed = (u * Pp + s * PpPrime) / sum
  let ratio = sum / su
  let first = 2 * (s * s + u * u) / su * P2
  let second = 8 * t / su * (Pp * Pp + PpPrime * PpPrime + (t2 + k2) * P2 * 0.5)
  let third = 2 * ratio * ratio * (k2 + 2 * m2) * (P2 * t - 4 * mixed * mixed)
  return first - second + third
}

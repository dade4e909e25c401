import Calculus

/// A factor of about 1 that is not known exactly, as a law of its logarithm w: concave there, whatever its width.
enum UncertainFactor {
  /// A gamma law of mean 1 and variance 1/shape.
  case gamma(shape: Double)
  /// A normal law of w with that width.
  case logNormal(width: Double)

  /// A length over which the law changes.
  var scale: Double {
    switch self {
    case .gamma(let shape): 1 / shape.squareRoot()
    case .logNormal(let width): width
    }
  }

  /// The logarithm of the density of w.
  func logDensity(_ w: Double) -> Double {
    switch self {
    case .gamma(let shape):
      // k w - k e^w + k ln k - ln Γ(k), with Stirling's formula taken out.
      -shape * Self.excess(w) + 0.5 * Elementary.log(shape) - NormalLaw.halfLogTwoPi
        - PoissonLaw.stirlingError(shape)
    case .logNormal(let width):
      -0.5 * (w / width) * (w / width) - Elementary.log(width) - NormalLaw.halfLogTwoPi
    }
  }

  /// `e^w - 1 - w`, without cancellation near zero.
  private static func excess(_ w: Double) -> Double {
    guard abs(w) < 0.5 else { return Elementary.expMinusOne(w) - w }
    var sum = 0.0
    for k in stride(from: 16.0, through: 3, by: -1) { sum = (1 + sum) * w / k }
    return 0.5 * w * w * (1 + sum)
  }

  /// The logarithm of the mean of `e^{g}` over the law; g is concave in w.
  func logMean(tolerance: Double, _ exponent: (Double) -> Double) -> Double {
    LogConcaveIntegral.log(startingAt: 0, width: scale, tolerance: tolerance) {
      logDensity($0) + exponent($0)
    }
  }
}

import Foundation
import Sampling

/// Counts drawn at random, with nothing of the room Statistics.
struct Toys {
  var stream: RandomStream

  init(_ batch: Int) {
    stream = RandomStream(seed: 20_240_906, purpose: .test, point: 1, batch: batch)
  }

  /// A Poisson count, by Knuth's product of uniforms.
  mutating func poisson(_ mean: Double) -> Int {
    let least = exp(-mean)
    var (count, product) = (0, stream.uniform())
    while product > least {
      count += 1
      product *= stream.uniform()
    }
    return count
  }

  /// A normal number, by Box and Muller.
  mutating func normal() -> Double {
    (-2 * log(stream.uniform())).squareRoot() * cos(2 * .pi * stream.uniform())
  }

  /// A gamma number of mean 1 and variance 1/shape, by Marsaglia and Tsang (2000).
  mutating func gamma(shape: Double) -> Double {
    guard shape >= 1 else {
      let larger = gamma(shape: shape + 1) * (shape + 1)
      return larger * pow(stream.uniform(), 1 / shape) / shape
    }
    let d = shape - 1.0 / 3
    while true {
      let x = normal()
      let v = pow(1 + x / (9 * d).squareRoot(), 3)
      if v > 0, log(stream.uniform()) < 0.5 * x * x + d - d * v + d * log(v) {
        return d * v / shape
      }
    }
  }
}

/// Sums over counts, written out.
enum Sums {
  static func poisson(_ count: Int, _ mean: Double) -> Double {
    mean > 0
      ? exp(Double(count) * log(mean) - mean - lgamma(Double(count) + 1)) : (count == 0 ? 1 : 0)
  }

  static func poisson(upTo count: Int, _ mean: Double) -> Double {
    count < 0 ? 0 : (0...count).reduce(0) { $0 + poisson($1, mean) }
  }

  /// The probability of a Poisson count whose mean has a gamma law: negative binomial.
  static func negativeBinomial(_ count: Int, mean: Double, error: Double) -> Double {
    let k = (mean / error) * (mean / error)
    let n = Double(count)
    return exp(
      lgamma(n + k) - lgamma(n + 1) - lgamma(k) + k * log(k / (k + mean))
        + n * log(mean / (k + mean)))
  }

  /// Counts up to a number, from a signal and a background with errors: two negative binomial laws.
  static func both(
    upTo count: Int, signal: Double, signalError: Double, background: Double, error: Double
  ) -> Double {
    (0...count).reduce(0) { sum, fromBackground in
      let rest = count - fromBackground
      let fromSignal =
        signalError > 0 && signal > 0
        ? (0...rest).reduce(0) {
          $0 + negativeBinomial($1, mean: signal, error: signal * signalError)
        } : poisson(upTo: rest, signal)
      return sum + negativeBinomial(fromBackground, mean: background, error: error) * fromSignal
    }
  }
}

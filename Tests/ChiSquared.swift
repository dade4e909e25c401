import Foundation

/// The probability of a χ² at least this large for so many degrees of freedom: the regularised upper
/// incomplete gamma function Q(k/2, χ²/2), by its series below k/2 + 1 and its continued fraction above.
///
/// Source: Abramowitz & Stegun, 26.4.19, 6.5.29 and 6.5.31.
func chiSquaredProbability(_ chiSquared: Double, degrees: Int) -> Double {
  let (a, x) = (Double(degrees) / 2, chiSquared / 2)
  guard x > 0 else { return 1 }
  let front = exp(-x + a * log(x) - lgamma(a))
  if x < a + 1 {
    var (term, sum, n) = (1 / a, 1 / a, a)
    while term > sum * 1e-16 {
      n += 1
      term *= x / n
      sum += term
    }
    return 1 - front * sum
  }
  var b = x + 1 - a
  var c = 1e300
  var d = 1 / b
  var h = d
  for i in 1..<10_000 {
    let an = -Double(i) * (Double(i) - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    let factor = d * c
    h *= factor
    if abs(factor - 1) < 1e-15 { break }
  }
  return front * h
}

/// A histogram of weighted entries on bins with given edges; entries outside count towards the total only.
struct WeightedHistogram {
  let edges: [Double]
  private(set) var sums: [Double]
  private(set) var squares: [Double]
  private(set) var total = 0.0

  init(edges: [Double]) {
    self.edges = edges
    sums = .init(repeating: 0, count: edges.count - 1)
    squares = sums
  }

  mutating func add(_ value: Double, weight: Double = 1) {
    total += weight
    guard value >= edges[0], value < edges[edges.count - 1] else { return }
    var (low, high) = (0, edges.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle } else { high = middle }
    }
    sums[low] += weight
    squares[low] += weight * weight
  }

  /// χ² of the bins' shares against expected shares, which make up 1: one degree fewer than bins.
  ///
  /// The variance is that of S_b/Σw, Σ_b w² (1-p)² + Σ_rest w² p²; the factor 1 - p takes the sum of
  /// correlated bins to Pearson's χ², exactly for equal weights.
  func chiSquared(expectedShares: [Double]) -> Double {
    let allSquares = squares.reduce(0, +)
    var chi = 0.0
    for (bin, p) in expectedShares.enumerated() {
      let deviation = sums[bin] - p * total
      let variance = squares[bin] * (1 - p) * (1 - p) + (allSquares - squares[bin]) * p * p
      chi += deviation * deviation / variance * (1 - p)
    }
    return chi
  }

  /// The probability of a χ² at least this large.
  func probability(expectedShares: [Double]) -> Double {
    chiSquaredProbability(
      chiSquared(expectedShares: expectedShares), degrees: expectedShares.count - 1)
  }
}

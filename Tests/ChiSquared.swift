import Calculus
import Foundation

/// The probability of a χ² at least this large for so many degrees of freedom: Q(k/2, χ²/2).
///
/// Source: Abramowitz & Stegun, 26.4.19.
func chiSquaredProbability(_ chiSquared: Double, degrees: Int) -> Double {
  guard chiSquared > 0 else { return 1 }
  return GammaFunction.upperRegularised(Double(degrees) / 2, chiSquared / 2)
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

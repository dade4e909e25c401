import Calculus
import Integration

/// A sum over candidates that pass, in pb or in events, and an upper limit on it where none does.
///
/// Candidates of expected number μ_i, each of which would contribute x_i, make a sum `B = Σ μ_i x_i`. That none is found has the
/// probability `exp(-Σ μ_i)`, which is below 5 % where `Σ μ_i > -ln 0.05`: at 95 % confidence
///
///     B < 2.996 max x_i
///
/// The largest contribution is taken from the candidates at hand that fail nothing but the vetoes. It stands for those that would pass as
/// far as these are no heavier, which nothing but the sample says. Samples share one limit: zero in all of them bounds the sum of their μ.
///
/// Source: PDG 2024, chapter Statistics, limits for Poisson data.
public struct CandidateSum: Sendable, Hashable {
  /// The sum, with the error of what passes: 0 where nothing does.
  public var estimate: Estimate
  /// Where the sum is 0, the most that one candidate would add to it but for the vetoes. `nil` where something passes, and where no
  /// candidate has the tracks.
  public private(set) var largestVetoed: Double?
  /// Whether a candidate passes.
  private var hasPassing: Bool

  /// A sum from its parts.
  public init(_ estimate: Estimate, largestVetoed: Double?) {
    self.estimate = estimate
    self.largestVetoed = largestVetoed
    hasPassing = estimate.value > 0
  }

  /// What is computed without candidates: it says nothing of whether one passes.
  public static func computed(_ estimate: Estimate) -> CandidateSum {
    var sum = CandidateSum(estimate, largestVetoed: nil)
    sum.hasPassing = false
    return sum
  }

  /// That of no candidates.
  public static let empty = CandidateSum(.exact(0), largestVetoed: nil)

  /// The mean at which a count of zero has a probability of 5 %.
  package static let zeroCountLimit = -Elementary.log(0.05)

  /// The upper limit at 95 % confidence where nothing passes; `nil` where something does or what is computed is more, and where no candidate
  /// has the tracks.
  public var upperLimit: Double? {
    guard !hasPassing, let largestVetoed else { return nil }
    let limit = Self.zeroCountLimit * largestVetoed
    return limit >= value ? limit + value : nil
  }

  /// The sum.
  public var value: Double { estimate.value }
  /// One standard deviation of it.
  public var error: Double { estimate.error }

  /// The sum over two independent samples.
  public static func + (left: CandidateSum, right: CandidateSum) -> CandidateSum {
    var sum = CandidateSum(left.estimate + right.estimate, largestVetoed: nil)
    sum.hasPassing = left.hasPassing || right.hasPassing
    if !sum.hasPassing {
      sum.largestVetoed = [left.largestVetoed, right.largestVetoed].compactMap(\.self).max()
    }
    return sum
  }

  /// The sum times an exact factor, which is not negative.
  public static func * (factor: Double, sum: CandidateSum) -> CandidateSum {
    var product = sum
    product.estimate = factor * sum.estimate
    product.largestVetoed = sum.largestVetoed.map { factor * $0 }
    return product
  }
}

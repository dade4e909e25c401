import Calculus
import Integration
import Sampling

/// A cross section with its error and how it was come by.
public struct CrossSection: Sendable, Hashable, Codable {
  /// σ in pb at ε = 1.
  public let estimate: Estimate
  /// Integrand evaluations after training.
  public let calls: Int
  /// χ² per degree of freedom of the independent parts against their mean, or `nil` for a deterministic integral.
  public let chiSquaredPerDegree: Double?

  /// A result from its parts.
  public init(estimate: Estimate, calls: Int, chiSquaredPerDegree: Double?) {
    self.estimate = estimate
    self.calls = calls
    self.chiSquaredPerDegree = chiSquaredPerDegree
  }
}

extension ProductionSampler {
  /// Sums of weights and of their squares over one batch.
  struct BatchSums: Sendable {
    var weight = 0.0
    var square = 0.0
    var count = 0
  }

  /// Batches are added in rounds of this many, so that the stopping point does not depend on threads.
  static let batchesPerRound = 16
  /// The fewest rounds, about a million calls: they take a few hundredths of a second, and leave a χ² that says something and
  /// an error well below what is usually asked.
  static let fewestRounds = 32
  /// The most rounds: 2³² calls in all.
  static let mostRounds = 1 << 17

  private func sums(ofBatch index: Int) -> BatchSums {
    let scratch = ColumnBatch(columns: ProductionKernel.Column.count)
    let stream = RandomStream(seed: seed, purpose: .crossSection, point: digest, batch: index)
    kernel.sample(scratch, count: BatchLayout.capacity, map: map, stream: stream)
    var (sum, square) = (CompensatedSum(), CompensatedSum())
    let weight = scratch.base + ProductionKernel.Column.weight
    for i in 0..<BatchLayout.capacity {
      sum.add(weight[i])
      square.add(weight[i] * weight[i])
    }
    return BatchSums(weight: sum.value, square: square.value, count: BatchLayout.capacity)
  }

  /// σ in pb at ε = 1 to a relative precision, by the trained map.
  ///
  /// The error is the sample's standard deviation. χ² compares the rounds with their mean; a value far above 1 says that
  /// the error is not to be trusted.
  ///
  /// - Throws: ``ProductionError/precisionNotReached(error:target:calls:)``.
  public func crossSection(relativePrecision: Double, threads: Int) async throws -> CrossSection {
    var rounds: [BatchSums] = []
    while rounds.count < Self.mostRounds {
      let first = rounds.count * Self.batchesPerRound
      // Rounds double in number, so that few synchronisations are needed for many calls.
      let wanted = max(1, min(rounds.count, 64))
      let parts = try await concurrentMap(
        count: wanted * Self.batchesPerRound, threads: threads
      ) { sums(ofBatch: first + $0) }
      for round in 0..<wanted {
        var total = BatchSums()
        for part in parts[round * Self.batchesPerRound..<(round + 1) * Self.batchesPerRound] {
          total.weight += part.weight
          total.square += part.square
          total.count += part.count
        }
        rounds.append(total)
      }
      let result = Self.combined(rounds)
      guard result.estimate.value.isFinite else {
        throw ProductionError.notFinite(calls: result.calls)
      }
      if rounds.count >= Self.fewestRounds, result.estimate.relativeError <= relativePrecision {
        return result
      }
    }
    let result = Self.combined(rounds)
    throw ProductionError.precisionNotReached(
      error: result.estimate.relativeError, target: relativePrecision, calls: result.calls)
  }

  static func combined(_ rounds: [BatchSums]) -> CrossSection {
    let calls = rounds.reduce(0) { $0 + $1.count }
    let n = Double(calls)
    let mean = rounds.map(\.weight).compensatedSum() / n
    let square = rounds.map(\.square).compensatedSum() / n
    let variance = max(square - mean * mean, 0) / (n - 1)
    let error = variance.squareRoot()
    var chiSquared = 0.0
    for round in rounds {
      let deviation = round.weight / Double(round.count) - mean
      chiSquared += deviation * deviation / (variance * n / Double(round.count))
    }
    return CrossSection(
      estimate: Estimate(value: mean, error: error), calls: calls,
      chiSquaredPerDegree: rounds.count > 1 && variance > 0
        ? chiSquared / Double(rounds.count - 1) : nil)
  }
}

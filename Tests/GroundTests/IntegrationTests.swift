import Calculus
import Foundation
import Integration
import Sampling
import Testing

@Suite("Concurrent map") struct ConcurrentMapTests {
  @Test("results come in order and are the same for any number of threads", .tags(.unit))
  func order() async throws {
    let work: @Sendable (Int) -> Double = { index in
      var stream = RandomStream(seed: 1, purpose: .test, point: 0, batch: index)
      // Uneven work, so that tasks overtake one another.
      return (0..<(index % 7) * 500).reduce(0.0) { sum, _ in sum + stream.uniform() }
    }
    let serial = (0..<300).map(work)
    for threads in [1, 2, 7] {
      #expect(try await concurrentMap(count: 300, threads: threads, work) == serial)
    }
    #expect(try await concurrentMap(count: 0, threads: 3, work).isEmpty)
  }

  private struct Fault: Error, Equatable { let index: Int }

  @Test("the first error in the order of indices is thrown, whoever ends first", .tags(.unit))
  func firstError() async {
    for threads in [1, 2, 7] {
      await #expect(throws: Fault(index: 40)) {
        try await concurrentMap(count: 200, threads: threads) { index in
          // The first fault takes the longest.
          if index == 40 { usleep(20_000) }
          if index % 40 == 0 && index > 0 { throw Fault(index: index) }
          return index
        }
      }
    }
  }
}

@Suite("Estimates") struct EstimateTests {
  @Test("independent errors add in quadrature, correlated ones linearly", .tags(.unit))
  func errors() {
    let (a, b) = (Estimate(value: 10, error: 3), Estimate(value: -4, error: 4))
    #expect(a + b == Estimate(value: 6, error: 5))
    #expect(a.addingCorrelated(b) == Estimate(value: 6, error: 7))
    #expect(-2 * a == Estimate(value: -20, error: 6))
    #expect(b.relativeError == 1)
    #expect(Estimate.exact(0).relativeError == 0)
    #expect(a.pull(against: Estimate(value: 0, error: 4)) == 2)
    #expect(Estimate.exact(1).pull(against: .exact(1)) == 0)
    #expect(Estimate.exact(1).pull(against: .exact(2)) == .infinity)
  }
}

@Suite("Importance map") struct ImportanceMapTests {
  /// Points of a batch through a map, with their Jacobians, on the axes of a two-dimensional map.
  private func draw(
    _ map: ImportanceMap, batch: Int, _ body: (Double, Double) -> Double, histogram: inout [Double]
  ) -> [Double] {
    let n = BatchLayout.capacity
    let columns = ColumnBatch(columns: 5)
    let at = { (index: Int) in columns.base + ColumnBatch.column(index) }
    let stream = RandomStream(seed: 2, purpose: .test, point: 77, batch: batch)
    let weight = at(4)
    for i in 0..<n { weight[i] = 1 }
    for axis in 0..<2 {
      stream.fill(at(axis), count: n, label: UInt32(axis))
      at(axis + 2).update(from: at(axis), count: n)
      map.apply(axis: axis, to: at(axis), weight: weight, count: n)
    }
    for i in 0..<n { weight[i] *= body(at(0)[i], at(1)[i]) }
    for axis in 0..<2 {
      map.accumulate(
        axis: axis, uniform: at(axis + 2), weight: weight, count: n, into: &histogram)
    }
    return (0..<n).map { weight[$0] }
  }

  private static let width = 0.02

  /// A peak of width 0.02 off the centre, whose integral over the square is 1 to 10⁻¹².
  private static func peak(_ x: Double, _ y: Double) -> Double {
    let (u, v) = ((x - 0.3) / width, (y - 0.65) / width)
    return exp(-(u * u + v * v) / 2) / (2 * .pi * width * width)
  }

  private func trained(iterations: Int) -> ImportanceMap {
    var map = ImportanceMap(dimensions: 2)
    for iteration in 0..<iterations {
      var histogram = [Double](repeating: 0, count: 2 * ImportanceMap.binCount)
      for batch in 0..<4 {
        _ = draw(map, batch: iteration * 4 + batch, Self.peak, histogram: &histogram)
      }
      map.refine(histogram: histogram, damping: 0.8)
      ascends(map)
    }
    return map
  }

  private func ascends(_ map: ImportanceMap) {
    let n = ImportanceMap.binCount
    for axis in 0..<2 {
      let edges = Array(map.edges[axis * (n + 1)..<(axis + 1) * (n + 1)])
      #expect(edges[0] == 0 && edges[n] == 1)
      let ascends = zip(edges, edges.dropFirst()).allSatisfy(<)
      #expect(ascends)
    }
  }

  @Test("the identity map changes nothing", .tags(.identity))
  func identity() {
    let map = ImportanceMap(dimensions: 1)
    let columns = ColumnBatch(columns: 2)
    let (x, weight) = (columns.base, columns.base + ColumnBatch.column(1))
    RandomStream(seed: 1, purpose: .test, point: 0, batch: 0).fill(x, count: 2048, label: 0)
    let before = (0..<2048).map { x[$0] }
    for i in 0..<2048 { weight[i] = 1 }
    map.apply(axis: 0, to: x, weight: weight, count: 2048)
    #expect((0..<2048).allSatisfy { abs(x[$0] - before[$0]) < 1e-15 && weight[$0] == 1 })
  }

  @Test("the Jacobian integrates to 1, and points stay in the square", .tags(.identity))
  func jacobian() {
    let map = trained(iterations: 6)
    let columns = ColumnBatch(columns: 2)
    let (x, weight) = (columns.base, columns.base + ColumnBatch.column(1))
    for axis in 0..<2 {
      // 2048 midpoints are 32 in each of 64 bins: the mean of the widths times 64, exactly 1.
      for i in 0..<2048 { (x[i], weight[i]) = ((Double(i) + 0.5) / 2048, 1) }
      map.apply(axis: axis, to: x, weight: weight, count: 2048)
      let mean = (0..<2048).map { weight[$0] }.compensatedSum() / 2048
      #expect(abs(mean - 1) < 1e-13)
      #expect((1..<2048).allSatisfy { x[$0] > x[$0 - 1] } && x[0] > 0 && x[2047] < 1)
    }
  }

  @Test("the map is the integral of its Jacobian", .tags(.identity))
  func derivative() {
    let map = trained(iterations: 4)
    let columns = ColumnBatch(columns: 2)
    let (x, weight) = (columns.base, columns.base + ColumnBatch.column(1))
    let points = [0.001, 0.0101, 0.2503, 0.49, 0.777, 0.9999]
    for (i, u) in points.enumerated() { (x[i], weight[i]) = (u, 1) }
    for (i, u) in points.enumerated() { (x[10 + i], weight[10 + i]) = (u + 1e-7, 1) }
    map.apply(axis: 1, to: x, weight: weight, count: 20)
    for i in points.indices {
      // 1e-6: the difference of two numbers of order 1, 10⁻⁷ apart or the 0.02 of that in the peak.
      #expect(abs((x[10 + i] - x[i]) / 1e-7 / weight[i] - 1) < 1e-6)
    }
  }

  @Test("refining lowers the variance and leaves the integral", .tags(.statistical))
  func refining() {
    var results: [(value: Double, error: Double)] = []
    for iterations in [0, 8] {
      let map = trained(iterations: iterations)
      var unused = [Double](repeating: 0, count: 2 * ImportanceMap.binCount)
      // Batches that no training saw.
      let weights = (1000..<1050).flatMap {
        draw(map, batch: $0, Self.peak, histogram: &unused)
      }
      let n = Double(weights.count)
      let mean = weights.compensatedSum() / n
      let square = weights.map { $0 * $0 }.compensatedSum() / n
      results.append((mean, ((square - mean * mean) / n).squareRoot()))
    }
    for (value, error) in results { #expect(abs(value - 1) < 4 * error, "\(value) ± \(error)") }
    // Flat: spread √(1/4πw²) = 14; a separable peak leaves the map's resolution of 64 bins, below 0.3.
    #expect(results[1].error < results[0].error / 30)
    // The tilted function has another integral: the agreement above is not empty.
    #expect(abs(results[1].value - 1.01) > 4 * results[1].error)
  }

  @Test("edges ascend whatever the histogram", .tags(.property))
  func degenerateHistograms() {
    let n = ImportanceMap.binCount
    var spike = [Double](repeating: 0, count: 2 * n)
    spike[5] = 1
    spike[n + n - 1] = 1e300
    var map = ImportanceMap(dimensions: 2)
    for _ in 0..<40 {
      map.refine(histogram: spike, damping: 1.5)
      ascends(map)
    }
    let before = map
    map.refine(histogram: .init(repeating: 0, count: 2 * n), damping: 1)
    #expect(map == before)
    map.refine(histogram: .init(repeating: .nan, count: 2 * n), damping: 1)
    #expect(map == before)
  }

  @Test("a flat histogram and no damping leave a map as it is", .tags(.limit))
  func fixedPoint() {
    let start = trained(iterations: 3)
    for damping in [0.0, 0.8] {
      var map = start
      map.refine(
        histogram: .init(repeating: 2.5, count: 2 * ImportanceMap.binCount), damping: damping)
      // 1e-12: 64 shares summed, against edges of order 1.
      #expect(zip(map.edges, start.edges).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test("a share of uniform points bounds the weights and keeps integrals", .tags(.property))
  func mixedMap() {
    var map = ImportanceMap(dimensions: 2)
    for _ in 0..<6 {
      // All but two bins of each axis empty: as sharp as a map becomes.
      var histogram = [Double](repeating: 0, count: 2 * ImportanceMap.binCount)
      histogram[20] = 1
      histogram[ImportanceMap.binCount + 40] = 1
      map.refine(histogram: histogram, damping: 1)
    }
    let mixed = map.mixed(withUniform: 0.1)
    var stream = RandomStream(seed: 5, purpose: .test, point: 6, batch: 0)
    let n = 200_000
    for axis in 0..<2 {
      var u = (0..<n).map { _ in stream.uniform() }
      var weight = [Double](repeating: 1, count: n)
      mixed.apply(axis: axis, to: &u, weight: &weight, count: n)
      // A bin of the mixture straddles edges of the map: a little above 1/share at most.
      #expect((weight.max() ?? 0) < 10.5)
      for power in 0...2 {
        let values = zip(u, weight).map { pow($0, Double(power)) * $1 }
        let mean = values.reduce(0, +) / Double(n)
        let square = values.reduce(0) { $0 + $1 * $1 } / Double(n)
        let error = ((square - mean * mean) / Double(n)).squareRoot()
        #expect(abs(mean - 1 / Double(power + 1)) < 4 * error + 1e-12)
      }
    }
  }
}

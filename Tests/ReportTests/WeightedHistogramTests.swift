import Report
import Testing

@Suite("Weighted histograms")
struct WeightedHistogramTests {
  @Test("the density integrates to the share of the weight inside", .tags(.unit))
  func normalisation() {
    let axis = HistogramAxis(from: 0, to: 10, bins: 4)
    var histogram = WeightedHistogram(axis)
    for (value, weight) in [(1.0, 2.0), (2.5, 1), (9.9, 3), (10, 1), (11, 5), (-1, 4)] {
      histogram.add(value, weight: weight)
    }
    let integral = (0..<4).reduce(0) { $0 + histogram.density($1).value * axis.width }
    // 7 of 16 inside: small whole numbers, exact up to a division.
    #expect(abs(integral - 7.0 / 16) < 1e-15)
    #expect(histogram.shareInside == 7.0 / 16)
    #expect(histogram.density(0).value == 2.0 / 16 / 2.5)
    #expect(histogram.density(1).value == 1.0 / 16 / 2.5)
  }

  @Test("for equal weights the error is that of a binomial share", .tags(.limit))
  func binomialError() {
    var histogram = WeightedHistogram(HistogramAxis(from: 0, to: 1, bins: 1))
    for i in 0..<100 { histogram.add(i < 30 ? 0.5 : 2, weight: 0.7) }
    let expected = (0.3 * 0.7 / 100).squareRoot()
    // 1e-12: sums of a hundred numbers.
    #expect(abs(histogram.density(0).error / expected - 1) < 1e-12)
  }

  @Test("a sum of batches is the histogram of all", .tags(.unit))
  func addition() {
    let axis = HistogramAxis(from: 0, to: 1, bins: 8)
    var (all, first, second) = (
      WeightedHistogram(axis), WeightedHistogram(axis), WeightedHistogram(axis)
    )
    for i in 0..<64 {
      let value = Double(i) / 60
      all.add(value, weight: 1)
      if i < 20 { first.add(value, weight: 1) } else { second.add(value, weight: 1) }
    }
    first.add(second)
    #expect(first == all)
  }

  @Test("a map integrates to the share of the weight inside", .tags(.unit))
  func map() {
    let axis = HistogramAxis(from: 0, to: 4, bins: 4)
    var map = WeightedMap(x: axis, y: axis)
    map.add(0.5, 3.5, weight: 1)
    map.add(0.6, 3.6, weight: 2)
    map.add(5, 1, weight: 1)
    #expect(map.density(0, 3) == 0.75)
    #expect(map.density(3, 0) == 0)
    #expect(map.shareInside == 0.75)
  }
}

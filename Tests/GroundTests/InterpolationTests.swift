import Calculus
import Foundation
import Sampling
import Testing

@Suite("Interpolation and sums") struct InterpolationTests {
  @Test("the linear interpolant passes through its points and is constant beyond", .tags(.unit))
  func linear() {
    let table = LinearInterpolant(x: [0, 1, 3], y: [2, 4, -2])
    #expect(table(0) == 2 && table(1) == 4 && table(3) == -2)
    #expect(table(0.5) == 3 && table(2) == 1)
    #expect(table(-1) == 2 && table(9) == -2)
    #expect(table(-.infinity) == 2 && table(.infinity) == -2)
  }

  @Test("the linear interpolant's error falls like h²", .tags(.limit))
  func linearOrder() {
    let errors = [16, 32].map { (count: Int) -> Double in
      let x = (0...count).map { Double($0) / Double(count) }
      let table = LinearInterpolant(x: x, y: x.map { sin(3 * $0) })
      return (0..<1000).map { abs(table(Double($0) / 1000) - sin(3 * Double($0) / 1000)) }.max()
        ?? 0
    }
    // 4 in the limit; the next order at h = 1/16 and the sampling of the maximum leave some per cent.
    #expect(abs(errors[0] / errors[1] - 4) < 0.2)
  }

  @Test("monotone interpolation keeps rises and falls, with a continuous slope", .tags(.property))
  func monotone() {
    var stream = RandomStream(seed: 3, purpose: .test, point: 31, batch: 0)
    for _ in 0..<50 {
      var x = [stream.uniform(in: -1...1)]
      var y = [stream.uniform(in: -1...1)]
      for _ in 0..<20 {
        x.append(x[x.count - 1] + stream.uniform(in: 0.01...1))
        y.append(y[y.count - 1] + stream.uniform(in: -1...1))
      }
      let curve = MonotoneInterpolant(x: x, y: y)
      for i in 0..<20 {
        #expect(curve(x[i]) == y[i])
        let samples = (0...50).map { curve(x[i] + Double($0) / 50 * (x[i + 1] - x[i])) }
        // 1e-14: rounding at flat ends.
        for (a, b) in zip(samples, samples.dropFirst()) {
          #expect((b - a) * (y[i + 1] - y[i]) > -1e-14)
        }
        if i > 0 {
          let h = 1e-6
          let left = (curve(x[i]) - curve(x[i] - h)) / h
          let right = (curve(x[i] + h) - curve(x[i])) / h
          // Differences over h see the second derivative, at most 6·rise/length² = 6·10⁴.
          #expect(abs(left - right) < 0.2, "\(left), \(right)")
        }
      }
    }
    let line = MonotoneInterpolant(x: [0, 1, 3, 4], y: [1, 3, 7, 9])
    for point in [0.3, 1.7, 3.5] { #expect(abs(line(point) - 1 - 2 * point) < 1e-14) }
    #expect(line(-5) == 1 && line(9) == 9)
  }

  @Test("monotone interpolation's error falls like h³ or faster where nothing turns", .tags(.limit))
  func monotoneOrder() {
    let errors = [32, 64].map { (count: Int) -> Double in
      let x = (0...count).map { Double($0) / Double(count) }
      let curve = MonotoneInterpolant(x: x, y: x.map { exp(2 * $0) })
      return (0..<1000).map { abs(curve(Double($0) / 1000) - exp(2 * Double($0) / 1000)) }.max()
        ?? 0
    }
    #expect(errors[0] / errors[1] > 7 && errors[0] / errors[1] < 18, "\(errors)")
  }

  @Test("six-point interpolation is exact for degree 5 and not for degree 6", .tags(.identity))
  func equidistantExactness() {
    let polynomial: (Double, Double) -> Double = { x, power in pow(x - 0.3, power) }
    for (power, exact) in [(5.0, true), (6.0, false)] {
      let values = (0..<9).map { polynomial(Double($0) * 0.25, power) }
      let table = EquidistantInterpolant(start: 0, step: 0.25, values: values)
      let worst =
        (0...200).map { abs(table(Double($0) / 100) - polynomial(Double($0) / 100, power)) }.max()
        ?? 0
      #expect(exact ? worst < 1e-13 : worst > 1e-6)
    }
  }

  @Test("six-point interpolation's error falls like h⁶, at the ends too", .tags(.limit))
  func equidistantOrder() {
    let errors = [20, 40].map { (count: Int) -> Double in
      let step = 2 / Double(count)
      let values = (0...count).map { exp(sin(3 * Double($0) * step)) }
      let table = EquidistantInterpolant(start: 0, step: step, values: values)
      return (0...2000).map { abs(table(Double($0) / 1000) - exp(sin(3 * Double($0) / 1000))) }
        .max()
        ?? 0
    }
    // 64 in the limit; h = 0.1 is not yet the limit for derivatives of size 3ⁿ.
    #expect(errors[0] / errors[1] > 35 && errors[0] / errors[1] < 110)
  }

  @Test("a compensated sum keeps what a plain sum loses", .tags(.unit))
  func compensatedSum() {
    #expect([1, 1e100, 1, -1e100].compensatedSum() == 2)
    #expect([1e16, 1, 1, 1, 1, -1e16].compensatedSum() == 4)
    #expect([Double]().compensatedSum() == 0)
    let tenths = [Double](repeating: 0.1, count: 1_000_000)
    // 0.1 as a Double is 0.1 + 5.55e-18; 10⁶ of them are 10⁵ + 5.6e-12, below half an ulp.
    #expect(tenths.compensatedSum() == 100_000)
    #expect(tenths.reduce(0, +) != 100_000)
  }

  @Test("a compensated sum hardly depends on the order of its terms", .tags(.property))
  func compensatedOrder() {
    var stream = RandomStream(seed: 3, purpose: .test, point: 30, batch: 0)
    let terms = (0..<10_000).map { _ in pow(10, stream.uniform(in: -20...5)) }
    let forwards = terms.compensatedSum()
    // Both are within one ulp of the exact sum.
    #expect(abs(forwards - Array(terms.reversed()).compensatedSum()) <= 2 * forwards.ulp)
  }
}

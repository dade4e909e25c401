import Calculus
import Foundation
import Sampling
import Testing

// The reference is the system's library in 80 bits where there is such a type: its own error, below
// 0.001 units in the last place of a Double, then plays no part.
#if arch(x86_64)
  private typealias Wide = Float80
#else
  private typealias Wide = Double
#endif

/// |value - exact| in units in the last place of the value.
private func ulps(_ value: Double, _ exact: Wide) -> Double {
  Double(abs(Wide(value) - exact) / Wide(value.ulp))
}

@Suite("Elementary functions") struct ElementaryFunctionsTests {
  /// 200 000 numbers in a range, the same at every run.
  private func numbers(in range: ClosedRange<Double>, point: UInt64) -> [Double] {
    var stream = RandomStream(seed: 1, purpose: .test, point: point, batch: 0)
    return (0..<200_000).map { _ in stream.uniform(in: range) }
  }

  /// The largest error of a function over some numbers, and where it lies.
  private func worst(
    _ points: [Double], _ function: (Double) -> Double, _ exact: (Wide) -> Wide
  ) -> (ulps: Double, at: Double) {
    var worst = (ulps: 0.0, at: 0.0)
    for x in points {
      let error = ulps(function(x), exact(Wide(x)))
      if !(error <= worst.ulps) { worst = (error, x) }
    }
    return worst
  }

  // 2 ulp where nothing else is said: the comments of the functions promise about one.

  @Test("exp agrees with the system within two units in the last place", .tags(.unit))
  func exponential() {
    let tiny: [Double] = [
      0, -0.0, .leastNonzeroMagnitude, 1e-300, -.leastNormalMagnitude / 8, -1e-17, 1e-16, 1e-8,
      -708, 709, 1, -1,
    ]
    let points: [Double] =
      numbers(in: -708...709, point: 1) + numbers(in: -1...1, point: 2)
      + numbers(in: -1e-6...1e-6, point: 3) + tiny
    let worst = worst(points, Elementary.exp) { exp($0) }
    #expect(worst.ulps < 2, "at \(worst.at)")
  }

  @Test("exp is exactly 1 at 0, 0 far below, and finite far above", .tags(.unit))
  func exponentialExtremes() {
    #expect(Elementary.exp(0) == 1)
    #expect(Elementary.exp(-708.5) == 0)
    #expect(Elementary.exp(-.infinity) == 0)
    #expect(Elementary.exp(-1e300) == 0)
    #expect(Elementary.exp(1e300).isFinite)
    #expect(Elementary.exp(.infinity) == Elementary.exp(709))
    #expect(Elementary.exp(.nan).isNaN)
  }

  @Test("exp - 1 agrees with the system, also where it cancels", .tags(.unit))
  func exponentialMinusOne() {
    let tiny: [Double] = [
      .leastNonzeroMagnitude, -.leastNormalMagnitude / 8, 1e-300, -1e-200, 1e-17, -1e-16, 1e-8,
      -708, 709,
    ]
    let powers: [Double] = (1...1000).map { exp2(-Double($0)) }
    let points: [Double] =
      numbers(in: -708...709, point: 4) + numbers(in: -3...3, point: 5)
      + numbers(in: -1e-6...1e-6, point: 6) + tiny + powers
      + powers.map { -$0 }
    let worst = worst(points, Elementary.expMinusOne) { expm1($0) }
    // 3 ulp: about x = 0.37 two terms, 1 and -0.55, leave 0.45 and their roundings.
    #expect(worst.ulps < 3, "at \(worst.at)")
    #expect(Elementary.expMinusOne(0) == 0)
    #expect(Elementary.expMinusOne(-.infinity) == -1)
  }

  @Test("log agrees with the system from the least normal number to the greatest", .tags(.unit))
  func logarithm() {
    let everywhere = numbers(in: -1021.9...1023.9, point: 7).map { (x: Double) in exp2(x) }
    let nearOne = numbers(in: 0.5...2, point: 8)
    let steps: [Double] = (1...52).map { exp2(-Double($0)) }
    let veryNear: [Double] = steps.map { 1 + $0 } + steps.map { 1 - $0 }
    let root = 0.5.squareRoot()
    let edges: [Double] = [
      .leastNormalMagnitude, .greatestFiniteMagnitude, root, root.nextDown, root.nextUp,
      2 * root, (2 * root).nextDown, (2 * root).nextUp,
    ]
    let points: [Double] = everywhere + nearOne + veryNear + edges
    let worst = worst(points, Elementary.log) { log($0) }
    #expect(worst.ulps < 2, "at \(worst.at)")
    #expect(Elementary.log(1) == 0)
  }

  @Test("the quick functions keep what they promise, 10⁻¹³ and 2·10⁻¹³", .tags(.unit))
  func quickFunctions() {
    for x in numbers(in: -300...300, point: 21) + numbers(in: -1...1, point: 22) + [0, 1e-300] {
      #expect(abs(Elementary.quickExp(x) / Elementary.exp(x) - 1) < 1e-13, "at \(x)")
    }
    let ratios = numbers(in: 0...1000, point: 23).map { (x: Double) in exp2(x) }
    let nearOne: [Double] = (1...52).map { 1 + exp2(-Double($0)) }
    for x in ratios + nearOne + numbers(in: 1...2, point: 24) {
      #expect(abs(Elementary.quickLog(x) / Elementary.log(x) - 1) < 2e-13, "at \(x)")
    }
    #expect(Elementary.quickLog(1) == 0)
    #expect(Elementary.quickExp(0) == 1)
  }

  @Test("powers of ten", .tags(.unit))
  func powersOfTen() {
    for (x, power) in [(-3.0, 1e-3), (0, 1), (1, 10), (2, 100), (-12, 1e-12)] {
      #expect(abs(Elementary.powerOfTen(x) / power - 1) < 1e-14)
    }
  }

  @Test("points drawn on the circle lie on it, at their angle", .tags(.identity))
  func circle() {
    let ends: [Double] =
      [0, 1, 0.25, 0.5, 0.75] + [1e-9, 0x1p-33, 8e-9, 2e-8, 1e-7].flatMap { [$0, 1 - $0] }
    for turns in numbers(in: 0...1, point: 25) + ends {
      let (sine, cosine) = Elementary.circlePoint(turns: turns)
      let exact = Elementary.sinCos(turns: turns)
      #expect(abs(sine * sine + cosine * cosine - 1) < 1e-15, "at \(turns)")
      #expect(abs(cosine - exact.cosine) < 5e-13, "at \(turns)")
      // The sine is the square root of what the cosine leaves: turns up to 8·10⁻⁹ become 0.
      #expect(abs(sine - exact.sine) < 6e-8, "at \(turns)")
      if abs(exact.sine) > 1e-3 { #expect(abs(sine - exact.sine) < 1e-9, "at \(turns)") }
    }
  }

  @Test("sine and cosine agree with the system, also after many turns", .tags(.unit))
  func sineAndCosine() {
    let points: [Double] =
      numbers(in: -1...1, point: 9) + numbers(in: -1e-9...1e-9, point: 10)
      + numbers(in: -1e6...1e6, point: 11) + numbers(in: -5.6e14...5.6e14, point: 12)
      + (-16...16).map { Double($0) / 8 } + (-16...16).map { (Double($0) / 8).nextUp }
    // The nearest multiple of a quarter turn is taken off exactly, so that what the reference sees is small.
    let reduced: (Wide) -> (Int, Wide) = { turns in
      let quarters = (turns * 4).rounded()
      return (
        Int(quarters.truncatingRemainder(dividingBy: 4)), (turns - quarters / 4) * 2 * Wide.pi
      )
    }
    let sine = worst(points, { Elementary.sinCos(turns: $0).sine }) { turns in
      let (quarter, r) = reduced(turns)
      return [sin(r), cos(r), -sin(r), -cos(r)][(quarter + 4) % 4]
    }
    let cosine = worst(points, { Elementary.sinCos(turns: $0).cosine }) { turns in
      let (quarter, r) = reduced(turns)
      return [cos(r), -sin(r), -cos(r), sin(r)][(quarter + 4) % 4]
    }
    // 3 ulp: polynomial and product round after one another, worst just above 1/2.
    #expect(sine.ulps < 3, "at \(sine.at)")
    #expect(cosine.ulps < 3, "at \(cosine.at)")
  }

  @Test("the arctangent in turns inverts the tangent, from the tiniest to infinity", .tags(.unit))
  func arctangent() {
    let powers: [Double] = (-1000...1000).map { exp2(Double($0)) }
    let ordinary: [Double] = numbers(in: -3...3, point: 13)
    let ends: [Double] = [1, -1, 1.0.nextUp, (-1.0).nextDown]
    let points: [Double] = ordinary + powers + powers.map { -$0 } + ends
    var worst = (relative: 0.0, inverse: 0.0)
    for x in points {
      let turns = Elementary.arctangentTurns(x)
      let exact = Double(atan(Wide(x)) / (2 * Wide.pi))
      worst.relative = max(worst.relative, abs(turns / exact - 1))
      let (sine, cosine) = Elementary.sinCos(turns: turns)
      // x cos = sin, on the scale of both.
      worst.inverse = max(
        worst.inverse, abs(x) > 1 ? abs(cosine - sine / x) : abs(x * cosine - sine))
    }
    // 10⁻¹⁵, as promised.
    #expect(worst.relative < 1e-15 && worst.inverse < 1e-15, "\(worst)")
    #expect(Elementary.arctangentTurns(0) == 0)
    #expect(Elementary.arctangentTurns(.infinity) == 0.25)
    #expect(Elementary.arctangentTurns(-.infinity) == -0.25)
  }

  @Test("quarter turns are exact", .tags(.identity))
  func quarterTurns() {
    for quarter in -8...8 {
      let (sine, cosine) = Elementary.sinCos(turns: Double(quarter) / 4)
      let step = ((quarter % 4) + 4) % 4
      #expect(sine == [0, 1, 0, -1][step])
      #expect(cosine == [1, 0, -1, 0][step])
    }
  }

  @Test("a function off by 10⁻¹⁵ would be seen", .tags(.unit))
  func measureIsSensitive() {
    let worst = worst(numbers(in: -1...1, point: 2), { Elementary.exp($0) * (1 + 1e-15) }) {
      exp($0)
    }
    #expect(worst.ulps > 2)
  }
}

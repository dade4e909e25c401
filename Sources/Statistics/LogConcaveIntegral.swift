import Calculus

/// `ln ∫ e^{g(w)} dw` for a function g that is concave, such as the logarithm of a Gaussian beside a step.
///
/// One peak, and nothing worth counting beyond where g has fallen by some 40: the search for both cannot go wrong. Panels of 16
/// nodes are halved until two agree with one, so that a narrow step under a broad peak is found.
enum LogConcaveIntegral {
  /// The logarithm of the integral.
  ///
  /// - Parameters:
  ///   - start: where the search for the peak begins.
  ///   - width: a length over which g changes; any positive number will do.
  ///   - tolerance: the change, relative to the integral, below which a panel is not halved again.
  static func log(
    startingAt start: Double, width: Double, tolerance: Double = 1e-13,
    of exponent: (Double) -> Double
  ) -> Double {
    let (peak, top) = highest(
      start: start, width: width, roughness: tolerance < 1e-9 ? 1e-3 : 0.03, exponent)
    guard top > -.infinity else { return -.infinity }
    let bottom = top + Elementary.log(tolerance) - 10
    let left = edge(from: peak, above: bottom, step: -width, exponent)
    let right = edge(from: peak, above: bottom, step: width, exponent)
    func value(_ w: Double) -> Double { Elementary.exp(exponent(w) - top) }
    let rule = GaussLegendre.order16
    var sum = CompensatedSum()
    let halves = [(left, peak), (peak, right)].map {
      ($0, $1, rule.integrate(from: $0, to: $1, value))
    }
    let scale = tolerance * (halves[0].2 + halves[1].2)
    var panels = 2000
    for (from, to, whole) in halves {
      refine(from, to, whole, scale: scale, left: &panels, into: &sum, rule, value)
    }
    return top + Elementary.log(sum.value)
  }

  /// Adds the integral over a panel, in halves where one rule over it is not enough.
  private static func refine(
    _ from: Double, _ to: Double, _ whole: Double, scale: Double, left panels: inout Int,
    into sum: inout CompensatedSum, _ rule: GaussLegendre, _ value: (Double) -> Double
  ) {
    let middle = 0.5 * (from + to)
    let first = rule.integrate(from: from, to: middle, value)
    let second = rule.integrate(from: middle, to: to, value)
    if abs(first + second - whole) <= scale || panels <= 0 {
      sum.add(first)
      sum.add(second)
      return
    }
    panels -= 2
    refine(from, middle, first, scale: scale, left: &panels, into: &sum, rule, value)
    refine(middle, to, second, scale: scale, left: &panels, into: &sum, rule, value)
  }

  /// The peak, roughly, and the height there: steps that grow uphill, then a golden section.
  private static func highest(
    start: Double, width: Double, roughness: Double, _ exponent: (Double) -> Double
  ) -> (Double, Double) {
    var step = width
    var (middle, height) = (start, exponent(start))
    var (left, right) = (middle - step, middle + step)
    var (leftHeight, rightHeight) = (exponent(left), exponent(right))
    // Where nothing is defined, what lies right of it is: counts need a mean.
    while height == -.infinity, rightHeight == -.infinity, step < 1e6 * width {
      step *= 2
      right += step
      rightHeight = exponent(right)
    }
    while rightHeight > height, step < 1e9 * width {
      (left, middle, height) = (middle, right, rightHeight)
      step *= 2
      right += step
      rightHeight = exponent(right)
      leftHeight = -.infinity
    }
    while leftHeight > height, step < 1e9 * width {
      (right, middle, height) = (middle, left, leftHeight)
      step *= 2
      left -= step
      leftHeight = exponent(left)
    }
    // The best place seen is kept: beside a steep step the last one may lie far down.
    var best = (middle, height)
    _ = maximum(
      of: { w in
        let value = exponent(w)
        if value > best.1 { best = (w, value) }
        return value
      }, from: left, to: right, tolerance: roughness * (right - left))
    return best
  }

  /// Where the exponent has fallen to the bottom, or a little below.
  private static func edge(
    from peak: Double, above bottom: Double, step: Double, _ exponent: (Double) -> Double
  ) -> Double {
    var inner = peak
    var step = step
    var outer = peak + step
    while exponent(outer) > bottom {
      inner = outer
      step *= 2
      outer += step
    }
    for _ in 0..<4 {
      let middle = 0.5 * (inner + outer)
      if exponent(middle) > bottom { inner = middle } else { outer = middle }
    }
    return outer
  }
}

/// A root of a continuous function inside a bracket, by Brent's method.
///
/// - Parameters:
///   - lower: one end of the bracket.
///   - upper: the other end; the function must differ in sign between the two (or vanish at one).
///   - tolerance: the absolute width at which the search stops.
/// - Returns: the root, or `nil` when the bracket holds no change of sign.
///
/// Source: R. P. Brent, *Algorithms for Minimization without Derivatives* (1973), ch. 4.
@inlinable
public func root(
  of function: (Double) -> Double, from lower: Double, to upper: Double, tolerance: Double
) -> Double? {
  var (a, b) = (lower, upper)
  var (fa, fb) = (function(a), function(b))
  if fa == 0 { return a }
  if fb == 0 { return b }
  guard (fa < 0) != (fb < 0) else { return nil }
  var (c, fc) = (a, fa)
  var d = b - a
  var e = d
  for _ in 0..<200 {
    if (fb < 0) == (fc < 0) {
      (c, fc) = (a, fa)
      d = b - a
      e = d
    }
    if abs(fc) < abs(fb) { (a, b, c, fa, fb, fc) = (b, c, b, fb, fc, fb) }
    let limit = 2 * b.ulp + 0.5 * tolerance
    let half = 0.5 * (c - b)
    if abs(half) <= limit || fb == 0 { return b }
    if abs(e) >= limit && abs(fa) > abs(fb) {
      let s = fb / fa
      var p: Double
      var q: Double
      if a == c {
        p = 2 * half * s
        q = 1 - s
      } else {
        let r = fb / fc
        q = fa / fc
        p = s * (2 * half * q * (q - r) - (b - a) * (r - 1))
        q = (q - 1) * (r - 1) * (s - 1)
      }
      if p > 0 { q = -q } else { p = -p }
      if 2 * p < min(3 * half * q - abs(limit * q), abs(e * q)) {
        e = d
        d = p / q
      } else {
        d = half
        e = half
      }
    } else {
      d = half
      e = half
    }
    (a, fa) = (b, fb)
    b += abs(d) > limit ? d : (half > 0 ? limit : -limit)
    fb = function(b)
  }
  return b
}

/// The place of the maximum of a unimodal function in an interval, by golden-section search.
///
/// - Parameter tolerance: the absolute width at which the search stops.
@inlinable
public func maximum(
  of function: (Double) -> Double, from lower: Double, to upper: Double, tolerance: Double
) -> Double {
  let golden = 0.618_033_988_749_894_9
  var (a, b) = (lower, upper)
  var x1 = b - golden * (b - a)
  var x2 = a + golden * (b - a)
  var (f1, f2) = (function(x1), function(x2))
  while b - a > tolerance {
    if f1 < f2 {
      (a, x1, f1) = (x1, x2, f2)
      x2 = a + golden * (b - a)
      f2 = function(x2)
    } else {
      (b, x2, f2) = (x2, x1, f1)
      x1 = b - golden * (b - a)
      f1 = function(x1)
    }
  }
  return 0.5 * (a + b)
}

/// The Källén function of squared masses, `λ(a, b, c) = a² + b² + c² - 2ab - 2bc - 2ca`, from masses, as a product in
/// which thresholds stay exact: `(M² - (m₁+m₂)²)(M² - (m₁-m₂)²)`.
///
/// Source: PDG 2024, review *Kinematics*, two-body decays.
@inlinable @inline(__always)
public func kaellen(mass M: Double, _ m1: Double, _ m2: Double) -> Double {
  let sum = m1 + m2
  let difference = m1 - m2
  return (M - sum) * (M + sum) * (M - difference) * (M + difference)
}

/// The momentum of either daughter in the rest frame of a parent, in GeV; 0 at threshold and below.
///
///     p = √λ(M², m₁², m₂²) / 2M
///
/// Source: PDG 2024, review *Kinematics*, two-body decays.
@inlinable @inline(__always)
public func twoBodyMomentum(mass M: Double, _ m1: Double, _ m2: Double) -> Double {
  let lambda = kaellen(mass: M, m1, m2)
  return M > m1 + m2 && lambda > 0 ? lambda.squareRoot() / (2 * M) : 0
}

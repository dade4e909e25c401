/// `y = ε² α_D (m₁/m_A′)⁴`, the variable in which thermal targets of different couplings and mediators lie on one line.
///
/// Source: arXiv:2409.00170.
public enum YieldVariable {
  /// y of a kinetic mixing.
  @inlinable
  public static func y(epsilon: Double, alphaD: Double, massRatio: Double) -> Double {
    epsilon * epsilon * alphaD * fourthPower(massRatio)
  }

  /// ε² of y.
  @inlinable
  public static func epsilonSquared(y: Double, alphaD: Double, massRatio: Double) -> Double {
    y / (alphaD * fourthPower(massRatio))
  }

  /// x⁴; the ratio is m₁/m_A′.
  @inlinable
  static func fourthPower(_ x: Double) -> Double { (x * x) * (x * x) }
}

import Calculus

/// A Monte Carlo number: its value and the standard error of it.
public struct Estimate: Sendable, Hashable, Codable {
  /// The value.
  public var value: Double
  /// One standard deviation of the value.
  public var error: Double

  /// A value with its error.
  @inlinable
  public init(value: Double, error: Double) {
    self.value = value
    self.error = error
  }

  /// A number known without error.
  public static func exact(_ value: Double) -> Estimate { Estimate(value: value, error: 0) }

  /// The sum of independent contributions, whose number is not known beforehand: √Σx².
  public static func sum(of contributions: [Double]) -> Estimate {
    Estimate(
      value: contributions.compensatedSum(),
      error: contributions.map { $0 * $0 }.compensatedSum().squareRoot())
  }

  /// |error/value|, or 0 for a value of zero.
  public var relativeError: Double { value == 0 ? 0 : abs(error / value) }

  /// The sum of two independent estimates.
  public static func + (left: Estimate, right: Estimate) -> Estimate {
    Estimate(
      value: left.value + right.value,
      error: (left.error * left.error + right.error * right.error).squareRoot())
  }

  /// The sum of two fully correlated estimates, such as two channels on one production sample: errors add.
  public func addingCorrelated(_ other: Estimate) -> Estimate {
    Estimate(value: value + other.value, error: error + other.error)
  }

  /// The estimate times an exact factor.
  public static func * (factor: Double, estimate: Estimate) -> Estimate {
    Estimate(value: factor * estimate.value, error: abs(factor) * estimate.error)
  }

  /// How many standard errors lie between this and a reference with an error of its own.
  public func pull(against reference: Estimate) -> Double {
    let spread = (error * error + reference.error * reference.error).squareRoot()
    return spread == 0
      ? (value == reference.value ? 0 : .infinity) : (value - reference.value) / spread
  }
}

import Integration

/// One comparison: our number beside another, with the difference that is allowed and the verdict.
public struct ValidationRow: Sendable, Hashable {
  /// What is compared, with its unit.
  public var quantity: String
  /// Our number with its standard error; an error of 0 is a number without one.
  public var value: Estimate
  /// What it is compared with.
  public var expectation: Expectation
  /// Where the other number comes from.
  public var source: String
  /// What else a reader should know, in a sentence or two.
  public var note: String?

  /// A row from its parts.
  public init(
    _ quantity: String, value: Estimate, expectation: Expectation, source: String,
    note: String? = nil
  ) {
    self.quantity = quantity
    self.value = value
    self.expectation = expectation
    self.source = source
    self.note = note
  }

  /// What a number is compared with.
  public enum Expectation: Sendable, Hashable {
    /// A number with its error (0 where none is given).
    case number(Estimate, Tolerance)
    /// Anything between two numbers, which are quoted to within the tolerance.
    case range(ClosedRange<Double>, Tolerance)
    /// Nothing: the row informs.
    case none
  }

  /// How far apart two numbers may lie.
  public enum Tolerance: Sendable, Hashable {
    /// So much of the reference.
    case relative(Double)
    /// So much, in the row's unit.
    case absolute(Double)
    /// So many standard errors, those of both numbers combined.
    case standardErrors(Double)
  }

  /// What came of the comparison.
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// The difference is no larger than the tolerance.
    case agrees
    /// The difference is larger than the tolerance, or one of the numbers is none.
    case disagrees
    /// Nothing to compare with.
    case information
  }

  /// The verdict. A difference equal to the tolerance still agrees.
  public var verdict: Verdict {
    switch expectation {
    case .none: .information
    case .number(let reference, _):
      agrees(from: reference.value, to: reference.value) ? .agrees : .disagrees
    case .range(let range, _):
      agrees(from: range.lowerBound, to: range.upperBound) ? .agrees : .disagrees
    }
  }

  /// Our number over the reference, or `nil` where there is no single reference, or it is 0.
  public var ratio: Double? {
    guard case .number(let reference, _) = expectation, reference.value != 0 else { return nil }
    return value.value / reference.value
  }

  /// The difference that is allowed, in the row's unit; `nil` for a row that informs.
  public var allowedDifference: Double? {
    switch expectation {
    case .none: nil
    case .number(let reference, let tolerance):
      allowed(tolerance, scale: reference.value, error: reference.error)
    case .range(let range, let tolerance):
      allowed(tolerance, scale: max(abs(range.lowerBound), abs(range.upperBound)), error: 0)
    }
  }

  private func allowed(_ tolerance: Tolerance, scale: Double, error: Double) -> Double {
    switch tolerance {
    case .relative(let fraction): fraction * abs(scale)
    case .absolute(let difference): difference
    case .standardErrors(let count):
      count * (value.error * value.error + error * error).squareRoot()
    }
  }

  private func agrees(from lower: Double, to upper: Double) -> Bool {
    guard let allowed = allowedDifference, value.value.isFinite, value.error.isFinite else {
      return false
    }
    // Room for the rounding of the difference itself, so that the edge is inside.
    let edge = allowed + 4 * max(abs(lower), abs(upper)).ulp
    return value.value >= lower - edge && value.value <= upper + edge
  }
}

/// A running sum whose rounding error does not grow with the number of terms (Neumaier's variant of
/// Kahan summation), so that batch results add up to the same value in the same order to the last bit
/// and small terms are not lost beside large ones.
public struct CompensatedSum: Sendable, Hashable {
  @usableFromInline var total = 0.0
  @usableFromInline var compensation = 0.0

  /// An empty sum.
  @inlinable public init() {}

  /// Adds a term.
  @inlinable @inline(__always)
  public mutating func add(_ term: Double) {
    let next = total + term
    compensation += abs(total) >= abs(term) ? (total - next) + term : (term - next) + total
    total = next
  }

  /// The sum so far.
  @inlinable public var value: Double { total + compensation }
}

extension Sequence where Element == Double {
  /// The compensated sum of the elements, in their order.
  @inlinable
  public func compensatedSum() -> Double {
    var sum = CompensatedSum()
    for term in self { sum.add(term) }
    return sum.value
  }
}

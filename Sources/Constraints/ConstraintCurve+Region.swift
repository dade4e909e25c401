import Calculus

extension ConstraintCurve {
  /// The intervals of the ordinate that are excluded or probed at m₁ (GeV), ascending and apart; none beyond the
  /// curve's masses. Cost: O(points).
  public func excludedOrdinates(atM1 m1: Double) -> [ClosedRange<Double>] {
    guard m1.isNormal, m1 > 0 else { return [] }
    return outline.slice(at: Elementary.log(m1)).map {
      Elementary.exp($0.lowerBound)...Elementary.exp($0.upperBound)
    }
  }

  /// Whether an ordinate is that of the source figure's frame, where an edge is drawn, not derived.
  func isFrame(_ ordinate: Double) -> Bool {
    // 2 %: digitised frames wander; those of E137, LSND, JSNS2 and LDMX at 0.1 have points at 0.0988.
    region.top.map { ordinate > 0.98 * $0 } ?? false
  }
}

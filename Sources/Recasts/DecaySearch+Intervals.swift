import Kinematics

extension DecaySearch {
  /// The intervals of z in which a decay is seen, each with the share of the beam particles for which it is.
  @inline(__always)
  package func intervals(_ event: DecayedEvent, _ body: (Double, ClosedRange<Double>) -> Void) {
    guard event.chi2.z > 0 else { return }
    let (first, second) = (event.positive, event.negative)
    let summed = energy == .summed
    guard
      summed
        ? first.energy + second.energy > minimumEnergy
        : max(first.energy, second.energy) > minimumEnergy
    else { return }
    for detector in detectors {
      switch place {
      case .volume:
        let z = decayZ.inside(size: detector.size, event.chi2)
        if let z { body(detector.share, z) }
      case .face:
        let a = hits(event.chi2, first, detector.size)
        let b = hits(event.chi2, second, detector.size)
        let both = a.flatMap { a in b.flatMap { a.common($0) } }
        switch (first.energy > minimumEnergy, second.energy > minimumEnergy) {
        case (true, true):
          if let a, let b, both != nil {
            body(
              detector.share,
              min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound))
          } else {
            if let a { body(detector.share, a) }
            if let b { body(detector.share, b) }
          }
        case (true, false): if let a { body(detector.share, a) }
        case (false, true): if let b { body(detector.share, b) }
        case (false, false): if summed, let both { body(detector.share, both) }
        }
      }
    }
  }

  /// How close a pair comes to being seen: 1 where it is.
  func closeness(_ event: DecayedEvent) -> Double {
    guard event.chi2.z > 0 else { return 0 }
    var isSeen = false
    intervals(event) { _, _ in isSeen = true }
    if isSeen { return 1 }
    let (first, second) = (event.positive.energy, event.negative.energy)
    let share = min((energy == .summed ? first + second : max(first, second)) / minimumEnergy, 1)
    // As steep as a map needs to climb to a threshold; what has the energy but misses counts little.
    return 0.01 * (share * share) * (share * share)
  }

  /// Where χ₂ must decay for a lepton to hit the rectangle at the end of the decay region.
  @inline(__always)
  private func hits(
    _ chi2: FourMomentum, _ lepton: FourMomentum, _ size: SIMD2<Double>
  ) -> ClosedRange<Double>? {
    guard lepton.z > 0 else { return nil }
    let face = decayZ.upperBound
    let (toX, toY) = (lepton.x / lepton.z, lepton.y / lepton.z)
    return decayZ.where(toX * face, chi2.x / chi2.z - toX, within: 0.5 * size.x)?
      .where(toY * face, chi2.y / chi2.z - toY, within: 0.5 * size.y)
  }
}

extension ClosedRange<Double> {
  /// The z at which |a + bz| is at most a bound.
  @inline(__always)
  fileprivate func `where`(_ a: Double, _ b: Double, within bound: Double) -> ClosedRange? {
    guard b != 0 else { return abs(a) <= bound ? self : nil }
    let (p, q) = ((-bound - a) / b, (bound - a) / b)
    let lower = Swift.max(lowerBound, Swift.min(p, q))
    let upper = Swift.min(upperBound, Swift.max(p, q))
    return lower < upper ? lower...upper : nil
  }

  /// The z at which a track from the origin is inside a rectangle about the axis.
  @inline(__always)
  fileprivate func inside(size: SIMD2<Double>, _ p: FourMomentum) -> ClosedRange? {
    self.where(0, p.x / p.z, within: 0.5 * size.x)?.where(0, p.y / p.z, within: 0.5 * size.y)
  }

  @inline(__always)
  fileprivate func common(_ other: ClosedRange) -> ClosedRange? {
    let lower = Swift.max(lowerBound, other.lowerBound)
    let upper = Swift.min(upperBound, other.upperBound)
    return lower < upper ? lower...upper : nil
  }
}

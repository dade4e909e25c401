import Detector
import Sampling
import Testing

@Suite("Sets of positions along the beam")
struct IntervalSetTests {
  @Test("An interval whose bounds are out of order is empty", .tags(.unit))
  func emptiness() {
    #expect(IntervalSet(from: 2, to: 1).isEmpty)
    #expect(IntervalSet(from: 1, to: 1).isEmpty)
    #expect(IntervalSet().length == 0)
    #expect(IntervalSet(from: 1, to: 3).intervals == [1...3])
  }

  @Test("Union joins what touches and keeps apart what does not", .tags(.unit))
  func union() {
    let left = IntervalSet(from: 0, to: 1)
    #expect(left.union(IntervalSet(from: 1, to: 2)).intervals == [0...2])
    #expect(left.union(IntervalSet(from: 2, to: 3)).intervals == [0...1, 2...3])
    #expect(left.union(IntervalSet(from: -1, to: 5)).intervals == [-1...5])
    #expect(left.union(IntervalSet()).intervals == [0...1])
  }

  @Test("Intersection keeps the common part of each pair", .tags(.unit))
  func intersection() {
    let two = IntervalSet(from: 0, to: 1).union(IntervalSet(from: 2, to: 4))
    let other = IntervalSet(from: 0.5, to: 3)
    #expect(two.intersection(other).intervals == [0.5...1, 2...3])
    #expect(two.intersection(IntervalSet(from: 1, to: 2)).isEmpty)
    #expect(two.intersection(IntervalSet()).isEmpty)
  }

  @Test("At least two of three sets: the parts that two share", .tags(.unit))
  func atLeastTwo() {
    let sets = [
      IntervalSet(from: 0, to: 2), IntervalSet(from: 1, to: 4), IntervalSet(from: 3, to: 5),
    ]
    #expect(IntervalSet.inAtLeast(2, of: sets).intervals == [1...2, 3...4])
    #expect(IntervalSet.inAtLeast(3, of: sets).isEmpty)
    #expect(IntervalSet.inAtLeast(1, of: sets).intervals == [0...5])
    #expect(IntervalSet.inAtLeast(4, of: sets).isEmpty)
  }

  /// Up to five intervals with ends on whole numbers, so that touching and coinciding ends are frequent.
  private func randomSet(_ stream: inout RandomStream) -> (
    set: IntervalSet, parts: [(Double, Double)]
  ) {
    let count = Int(stream.uniform() * 6)
    let parts = (0..<count).map { _ in
      let lower = (stream.uniform() * 20).rounded(.down)
      return (lower, lower + (stream.uniform() * 6).rounded(.down))
    }
    let set = parts.reduce(IntervalSet()) { $0.union(IntervalSet(from: $1.0, to: $1.1)) }
    return (set, parts)
  }

  private func holds(_ set: IntervalSet, _ point: Double) -> Bool {
    set.intervals.contains { $0.contains(point) }
  }

  /// Disjoint, ascending, none touching.
  private func isOrdered(_ set: IntervalSet) -> Bool {
    set.intervals.allSatisfy { $0.lowerBound < $0.upperBound }
      && zip(set.intervals, set.intervals.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
  }

  @Test("Union, intersection and at-least agree with sampling point by point", .tags(.property))
  func bruteForce() {
    var stream = RandomStream(seed: 1, purpose: .test, point: 1, batch: 0)
    for trial in 0..<500 {
      let drawn = (0..<5).map { _ in randomSet(&stream) }
      let sets = drawn.map(\.set)
      let union = sets[0].union(sets[1])
      let common = sets[0].intersection(sets[1])
      let atLeast = (1...5).map { IntervalSet.inAtLeast($0, of: sets) }
      #expect(isOrdered(union) && isOrdered(common), "trial \(trial): \(drawn.map(\.parts))")
      #expect(atLeast.allSatisfy(isOrdered), "trial \(trial): \(drawn.map(\.parts))")
      // Ends are whole numbers: the points half-way between them decide.
      for k in -1...27 {
        let point = Double(k) + 0.5
        let inside = drawn.map { $0.parts.contains { $0.0 < point && point < $0.1 } }
        let depth = inside.count { $0 }
        #expect(holds(union, point) == (inside[0] || inside[1]), "trial \(trial) at \(point)")
        #expect(holds(common, point) == (inside[0] && inside[1]), "trial \(trial) at \(point)")
        for count in 1...5 {
          #expect(
            holds(atLeast[count - 1], point) == (depth >= count),
            "trial \(trial) at \(point), at least \(count)")
        }
      }
    }
  }

  @Test("Lengths obey |A| + |B| = |A or B| + |A and B|", .tags(.identity, .property))
  func inclusionExclusion() {
    var stream = RandomStream(seed: 2, purpose: .test, point: 1, batch: 0)
    for _ in 0..<500 {
      let (a, b) = (randomSet(&stream).set, randomSet(&stream).set)
      // Whole numbers: equal to the bit.
      #expect(a.length + b.length == a.union(b).length + a.intersection(b).length)
    }
  }
}

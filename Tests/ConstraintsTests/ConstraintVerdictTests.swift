import Constraints
import Testing

@Suite("Verdicts on model points") struct ConstraintVerdictTests {
  private let square = [(0.01, 1e-4), (1, 1e-4), (1, 1e-2), (0.01, 1e-2)]

  @Test("exclusions that hold count, projections and others do not", .tags(.unit))
  func counts() throws {
    let other = CurveAssumptions(splittingOverM1: 0.4, alphaD: 0.1, mediatorMassOverM1: 3)
    let limits: [any Constraint] = [
      try curve(square, name: "first"), try curve(square, name: "forecast", kind: .projection),
      try curve(square, name: "other", assumptions: other),
      try curve(square.map { ($0.0 * 1000, $0.1) }, name: "elsewhere"),
    ]
    let verdict = ConstraintVerdict(on: point(epsilon: 1e-3), by: limits)
    #expect(verdict.isExcluded && verdict.excludedBy == ["first"])
    #expect(verdict.margins.map(\.name) == ["first", "forecast", "elsewhere"])
    #expect(verdict.margins.map(\.isInside) == [true, true, false])
    #expect(verdict.margins[2].reason?.description.contains("outside its masses") == true)
    // "first" alone: a forecast does not count, and "elsewhere" is silent at this mass.
    #expect(verdict.speakingExclusions == 1)
    #expect(verdict.notApplicable.map(\.name) == ["other"])
    #expect(
      verdict.notApplicable[0].reason.description == "made for Delta/m1 = 0.4, asked at 0.1")
    #expect(verdict.notApplicable[0].beyondValidity == nil)
    #expect(!ConstraintVerdict(on: point(epsilon: 1e-5), by: limits).isExcluded)
  }

  @Test("beyond its validity a limit is read, and counts for nothing", .tags(.unit))
  func beyondValidity() throws {
    let limits: [any Constraint] = [try curve(square)]
    let verdict = ConstraintVerdict(
      on: point(splittingOverM1: 0.4, epsilon: 1e-3), by: limits, beyondValidity: true)
    #expect(!verdict.isExcluded && verdict.margins.isEmpty)
    #expect(verdict.notApplicable[0].beyondValidity?.isInside == true)
  }

  @Test("margins are ε over the edges of the nearest interval", .tags(.unit))
  func margins() throws {
    let limits: [any Constraint] = [
      try curve(square), try curve(square, region: .inside(top: 1e-2), name: "framed"),
    ]
    for epsilon in [1e-5, 1e-4, 2e-3, 1e-2, 0.1] {
      let margins = ConstraintVerdict(on: point(epsilon: epsilon), by: limits).margins
      // 1e-12: edges come back from their logarithms.
      let lower = try #require(margins[0].epsilonOverLower)
      let upper = try #require(margins[0].epsilonOverUpper)
      #expect(abs(lower / (epsilon / 1e-4) - 1) < 1e-12)
      #expect(abs(upper / (epsilon / 1e-2) - 1) < 1e-12)
      #expect(margins[0].isInside == (epsilon >= 1e-4 && epsilon <= 1e-2), "\(epsilon)")
      #expect(margins[1].epsilonOverUpper == nil, "a frame is no edge")
      #expect(margins[1].interval?.endsAtFrame == true)
    }
  }

  @Test("a curve in y excludes the same points as in ε", .tags(.identity))
  func inY() throws {
    let y = try curve(square).points(as: .y, alphaD: 0.1, mediatorMassOverM1: 3)
    let limits: [any Constraint] = [try curve(y.map { ($0.m1, $0.ordinate) }, ordinate: .y)]
    for (epsilon, isInside) in [
      (0.99e-4, false), (1.01e-4, true), (0.99e-2, true), (1.01e-2, false),
    ] {
      #expect(ConstraintVerdict(on: point(epsilon: epsilon), by: limits).isExcluded == isInside)
    }
  }

  @Test("a limit of another kind takes part through the protocol", .tags(.unit))
  func anotherKind() {
    struct Computed: Constraint {
      let name = "mine-computed"
      let experiment = "Mine"
      let source = "none"
      let kind = ConstraintKind.exclusion
      let origin = ConstraintOrigin.computed
      let assumptions = CurveAssumptions(
        splittingOverM1: nil, alphaD: nil, mediatorMassOverM1: nil)
      func reading(at point: ConstraintPoint, beyondValidity: Bool) -> ConstraintReading {
        .excludes([ExcludedInterval(1e-4...1e-3), ExcludedInterval(1e-2...0.1)])
      }
    }
    func verdict(_ epsilon: Double) -> ConstraintVerdict {
      ConstraintVerdict(on: point(epsilon: epsilon), by: [Computed()])
    }
    #expect(verdict(5e-4).excludedBy == ["mine-computed"])
    #expect(!verdict(2e-3).isExcluded)
    #expect(verdict(2e-3).margins[0].interval?.epsilon == 1e-4...1e-3)
    #expect(verdict(8e-3).margins[0].interval?.epsilon == 1e-2...0.1)
  }
}

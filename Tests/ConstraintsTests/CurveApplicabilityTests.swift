import Constraints
import Testing

@Suite("Validity and conversion of curves") struct CurveApplicabilityTests {
  private let assumptions = CurveAssumptions(
    splittingOverM1: 0.1, alphaD: 0.1, mediatorMassOverM1: 3)

  private func reason(_ splitting: Double, _ alphaD: Double, _ ratio: Double) -> String? {
    assumptions.applicability(
      splittingOverM1: splitting, alphaD: alphaD, mediatorMassOverM1: ratio
    ).reason?.description
  }

  @Test("a curve applies at its own parameters, within the tolerance", .tags(.unit))
  func applies() {
    #expect(reason(0.1, 0.1, 3) == nil)
    #expect(reason(0.3 / 3, 0.1, 0.3 / 0.1) == nil)
    // The tolerance is 1e-6: on either side of it.
    #expect(reason(0.1 * (1 + 0.9e-6), 0.1, 3 * (1 - 0.9e-6)) == nil)
    #expect(reason(0.1 * (1 + 1.1e-6), 0.1, 3) != nil)
  }

  @Test("it says for what it was made, and what was asked", .tags(.unit))
  func reasons() {
    #expect(reason(0.4, 0.1, 3) == "made for Delta/m1 = 0.1, asked at 0.4")
    #expect(
      reason(0.1, 0.5, 4) == "made for alpha_D = 0.1, asked at 0.5; for mA/m1 = 3, asked at 4")
    #expect(reason(.nan, 0.1, 3) != nil)
  }

  @Test("what a curve does not depend on may have any value", .tags(.unit))
  func independent() {
    let lep = CurveAssumptions(splittingOverM1: nil, alphaD: nil, mediatorMassOverM1: 3)
    let there = lep.applicability(splittingOverM1: 0.8, alphaD: 0.5, mediatorMassOverM1: 3)
    #expect(there == .applies)
  }

  @Test("ε and y convert into one another at a curve's own α_D and mass ratio", .tags(.identity))
  func converts() throws {
    let points = [(0.1, 1e-3), (1, 2e-3), (1, 1e-2)]
    let mine = try curve(points)
    let y = try mine.points(as: .y, alphaD: 0.1, mediatorMassOverM1: 3)
    for (y, (m1, epsilon)) in zip(y, points) {
      // 1e-15: a few roundings.
      #expect(y.m1 == m1 && abs(y.ordinate / (epsilon * epsilon * 0.1 / 81) - 1) < 1e-15)
    }
    let back = try curve(y.map { ($0.m1, $0.ordinate) }, ordinate: .y)
      .points(as: .epsilon, alphaD: 0.1, mediatorMassOverM1: 3)
    for (point, (_, epsilon)) in zip(back, points) {
      // 1e-14: the same roundings again, and a root.
      #expect(abs(point.ordinate / epsilon - 1) < 1e-14)
    }
  }

  @Test(
    "elsewhere a conversion is exact only where the limit does not depend on what differs",
    .tags(.unit))
  func refuses() throws {
    let corners = [(0.1, 1e-3), (1, 2e-3), (1, 1e-2)]
    #expect(throws: ConstraintError.self) {
      try curve(corners).points(as: .y, alphaD: 0.5, mediatorMassOverM1: 3)
    }
    #expect(throws: ConstraintError.self) {
      try curve(corners).points(as: .y, alphaD: 0.1, mediatorMassOverM1: 4)
    }
    let free = try curve(
      corners,
      assumptions: CurveAssumptions(splittingOverM1: 0.1, alphaD: nil, mediatorMassOverM1: 3))
    let y = try free.points(as: .y, alphaD: 0.5, mediatorMassOverM1: 3)
    // 1e-15: a few roundings.
    #expect(abs(y[0].ordinate / (1e-6 * 0.5 / 81) - 1) < 1e-15)
  }
}

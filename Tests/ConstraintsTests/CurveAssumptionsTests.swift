import Constraints
import Testing

@Suite("Assumptions of curves") struct CurveAssumptionsTests {
  @Test("assumptions that differ in one part differ", .tags(.unit))
  func differ() {
    let all = CurveAssumptions(splittingOverM1: 0.1, alphaD: 0.1, mediatorMassOverM1: 3)
    #expect(all != CurveAssumptions(splittingOverM1: 0.1, alphaD: nil, mediatorMassOverM1: 3))
  }
}

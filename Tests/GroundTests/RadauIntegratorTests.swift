import Calculus
import Foundation
import Testing

private func integrator(_ tolerance: Double) -> RadauIntegrator {
  RadauIntegrator(relativeTolerance: tolerance, absoluteTolerance: tolerance)
}

@Suite("Radau integrator") struct RadauIntegratorTests {
  @Test("exponential decay and growth", .tags(.limit), arguments: [-5.0, -0.1, 0.5, 3])
  func linear(rate: Double) throws {
    let y = try integrator(1e-10).integrate(
      { _, y, f, J in
        f[0] = rate * y[0]
        J[0] = rate
      }, from: 0, to: 2, initial: [1], firstStep: 0.1)
    // 1e-8: some tens of steps of 1e-10, carried along e^{2·3}.
    #expect(abs(y[0] - exp(2 * rate)) < 1e-8 * max(1, exp(2 * rate)))
  }

  @Test("an oscillator keeps its phase over five turns", .tags(.limit))
  func oscillator() throws {
    let end = 10 * Double.pi
    let y = try integrator(1e-10).integrate(
      { _, y, f, J in
        (f[0], f[1]) = (y[1], -y[0])
        (J[0], J[1], J[2], J[3]) = (0, 1, -1, 0)
      }, from: 0, to: end, initial: [1, 0], firstStep: 0.1)
    // 1e-7: errors of 1e-10 a step add up over some hundred steps.
    #expect(abs(y[0] - 1) < 1e-7 && abs(y[1]) < 1e-7)
  }

  @Test("a polynomial of degree five in t is integrated exactly", .tags(.identity))
  func polynomials() throws {
    // One step: the tolerance is loose. Radau IIA with three stages is a quadrature exact to degree four.
    let y = try integrator(10).integrate(
      { t, _, f, J in
        f[0] = 5 * t * t * t * t
        J[0] = 0
      }, from: 0, to: 2, initial: [1], firstStep: 2)
    // 1e-13: rounding of a few operations, at 33.
    #expect(abs(y[0] - 33) < 1e-13 * 33)
  }

  @Test(
    "a stiff equation follows its slow solution in few steps", .tags(.limit),
    arguments: [1e3, 1e6, 1e10])
  func proteroRobinson(stiffness: Double) throws {
    // y′ = -λ (y - cos t) - sin t, y(0) = 2: a jump down to cos t, then along it.
    var steps = 0
    let y = try integrator(1e-8).integrate(
      { t, y, f, J in
        f[0] = -stiffness * (y[0] - cos(t)) - sin(t)
        J[0] = -stiffness
      }, from: 0, to: 3, initial: [2], firstStep: 0.1, observe: { _, _ in steps += 1 })
    // 1e-7: the tolerance of a step, and a margin.
    #expect(abs(y[0] - cos(3)) < 1e-7)
    // An explicit method would need λ steps.
    #expect(steps < 300, "\(steps) steps")
  }

  @Test("Robertson's chemistry", .tags(.reference))
  func robertson() throws {
    let y = try RadauIntegrator(relativeTolerance: 1e-9, absoluteTolerance: 1e-14).integrate(
      { _, y, f, J in
        let (a, b, c) = (0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] * y[1])
        (f[0], f[1], f[2]) = (-a + b, a - b - c, c)
        (J[0], J[1], J[2]) = (-0.04, 1e4 * y[2], 1e4 * y[1])
        (J[3], J[4], J[5]) = (0.04, -1e4 * y[2] - 6e7 * y[1], -1e4 * y[1])
        (J[6], J[7], J[8]) = (0, 6e7 * y[1], 0)
      }, from: 0, to: 40, initial: [1, 0, 0], firstStep: 1e-6)
    // Source: A. C. Hindmarsh et al., the cvRoberts example of SUNDIALS, four figures; 1e-4 is their last.
    #expect(abs(y[0] / 7.158e-1 - 1) < 1e-4)
    #expect(abs(y[1] / 9.185e-6 - 1) < 1e-4)
    #expect(abs(y[2] / 2.842e-1 - 1) < 2e-4)
    // 1e-11: Newton's iteration keeps a linear invariant to rounding.
    #expect(abs(y[0] + y[1] + y[2] - 1) < 1e-11)
  }

  @Test(
    "a logistic equation meets its closed form, and the error follows the tolerance",
    .tags(.limit))
  func logistic() throws {
    var errors: [Double] = []
    for tolerance in [1e-4, 1e-7, 1e-10] {
      let y = try integrator(tolerance).integrate(
        { _, y, f, J in
          f[0] = y[0] * (1 - y[0])
          J[0] = 1 - 2 * y[0]
        }, from: 0, to: 5, initial: [0.01], firstStep: 0.5)
      errors.append(abs(y[0] - 1 / (1 + 99 * exp(-5))))
      // 20: steps, and growth of their errors.
      #expect(errors[errors.count - 1] < 20 * tolerance)
    }
    #expect(errors[2] < errors[0])
  }

  @Test("a solution that blows up is an error, not a number", .tags(.unit))
  func blowUp() {
    #expect(throws: RadauIntegrator.Failure.self) {
      // y′ = y²: y = 1/(1 - t).
      try integrator(1e-6).integrate(
        { _, y, f, J in
          f[0] = y[0] * y[0]
          J[0] = 2 * y[0]
        }, from: 0, to: 2, initial: [1], firstStep: 0.1)
    }
  }
}

import Calculus
import Foundation
import Integration
import Kinematics
import ParticleData
import Production
import Sampling
import Testing
import Units

@Suite("e⁺e⁻ → A′ on atomic electrons") struct ResonantAnnihilationTests {
  /// m_A′ = 3 m₁, Δ = m₁/10: resonant at 7.9 GeV.
  private func shape(alphaD: Double, mass: Double = 0.09) -> LineShape {
    LineShape(mass: mass, sumMass: 0.7 * mass, massSplitting: mass / 30, alphaD: alphaD)
  }

  /// The mean weight, its error from the scatter of batches: in each the rows have fixed ways of being drawn.
  private func mean(
    _ process: ResonantAnnihilation, batches: Int = 32, _ density: (Double) -> Double
  ) -> Estimate {
    let events = ColumnBatch(columns: EventColumn.count)
    let n = BatchLayout.capacity
    let means = (0..<batches).map { batch in
      process.fill(
        events, count: n,
        stream: RandomStream(seed: 5, purpose: .test, point: 1, batch: batch),
        trackLength: density)
      return (0..<n).reduce(0) { $0 + events.base[EventColumn.weight + $1] } / Double(n)
    }
    let mean = means.reduce(0, +) / Double(batches)
    let square = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Estimate(
      value: mean, error: (square / Double(batches * (batches - 1))).squareRoot())
  }

  @Test("for a narrow A′ all that counts is the density at the resonance", .tags(.limit))
  func narrow() throws {
    // 4π²α∫ρ ds/2m = 2π²α/m.
    let integral =
      2 * .pi * .pi * PhysicalConstant.fineStructure / Mass.electron * .hbarCSquared_GeV2pb
    #expect(abs(ResonantAnnihilation.narrowIntegral / integral - 1) < 1e-14)
    let process = try #require(ResonantAnnihilation(shape(alphaD: 1e-6), highestEnergy: 20))
    let constant = mean(process, batches: 1024) { _ in 0.3 }
    // 10⁻⁵: tails of Γ/m = 3·10⁻⁷, times what the width of far virtualities differs by. What is drawn evenly brings an error.
    #expect(constant.relativeError < 2e-5)
    #expect(
      abs(constant.value / (0.3 * integral) - 1) < 1e-5 + 4 * constant.relativeError,
      "\(constant)")
    let energy = 0.09 * 0.09 / (2 * Mass.electron) - Mass.electron
    #expect(
      abs(ResonantAnnihilation.positronEnergy(squaredMass: 0.09 * 0.09) / energy - 1) < 1e-14)
    let falling = mean(process, batches: 1024) { 1 / ($0 * $0) }
    #expect(falling.relativeError < 2e-5)
    #expect(
      abs(falling.value * energy * energy / integral - 1) < 1e-5 + 4 * falling.relativeError,
      "\(falling)")
  }

  @Test(
    "the mean weight is a quadrature of line shape and tracks", .tags(.identity),
    arguments: [(0.5, 20.0), (0.1, 20), (0.5, 7.0), (0.02, 8)])
  func broad(alphaD: Double, highest: Double) throws {
    let shape = shape(alphaD: alphaD)
    let process = try #require(ResonantAnnihilation(shape, highestEnergy: highest))
    func density(_ energy: Double) -> Double { 0.2 / (energy * energy) }
    let found = mean(process, density)
    // In an angle that makes the resonance flat: s = m² + w tan u.
    let m = Mass.electron
    let square = shape.mass * shape.mass
    let w = shape.massTimesWidth(square)
    let first = atan((shape.sumMass * shape.sumMass - square) / w)
    let last = atan((2 * m * (m + highest) - square) / w)
    let panels = (0...400).map { first + (last - first) * Double($0) / 400 }
    let integral = GaussLegendre.order16.integrate(over: panels) { u in
      let s = square + w * tan(u)
      let running = shape.massTimesWidth(s)
      let lineShape = running / .pi / ((s - square) * (s - square) + running * running)
      let energy = (s - 2 * m * m) / (2 * m)
      return 4 * .pi * .pi * PhysicalConstant.fineStructure * lineShape * density(energy) / (2 * m)
        * w * (1 + tan(u) * tan(u))
    }
    let expected = integral * .hbarCSquared_GeV2pb
    #expect(found.relativeError < 0.01)
    // Five errors, and 10⁻⁵ for the root at the threshold.
    #expect(
      abs(found.value - expected) < 5 * found.error + 1e-5 * expected, "\(found), \(expected)")
    // A density of another power is told apart.
    #expect(abs(mean(process) { 0.1 / $0 }.value - expected) > 10 * found.error)
  }

  @Test("positrons that make no pair, and an A′ that cannot decay to one, give nil", .tags(.limit))
  func threshold() {
    let shape = shape(alphaD: 0.1)
    // 2m(m + E) = (m₁ + m₂)².
    let least = shape.sumMass * shape.sumMass / (2 * Mass.electron) - Mass.electron
    #expect(ResonantAnnihilation(shape, highestEnergy: least * (1 - 1e-9)) == nil)
    #expect(ResonantAnnihilation(shape, highestEnergy: least * (1 + 1e-9)) != nil)
    let closed = LineShape(mass: 0.06, sumMass: 0.06, massSplitting: 0.002, alphaD: 0.1)
    #expect(ResonantAnnihilation(closed, highestEnergy: 20) == nil)
  }

  @Test("the A′ takes all of the positron's momentum, along z and transverse", .tags(.identity))
  func events() throws {
    for (alphaD, mass) in [(0.5, 0.09), (1e-4, 0.03), (0.1, 0.14)] {
      let shape = shape(alphaD: alphaD, mass: mass)
      let process = try #require(ResonantAnnihilation(shape, highestEnergy: 20))
      let events = ColumnBatch(columns: EventColumn.count)
      for i in 0..<events.columnCount * BatchLayout.stride { events.base[i] = .nan }
      let n = 1500
      process.fill(
        events, count: n, stream: RandomStream(seed: 5, purpose: .test, point: 2, batch: 0)
      ) { $0 }
      var worst = 0.0
      var faults = 0
      for i in 0..<n {
        let at = { [base = events.base] (column: Int) in base[column + i] }
        let Q = at(EventColumn.mediatorMass)
        // E₊ is the weight's last factor: the density here.
        let energy = (Q * Q - 2 * Mass.electron * Mass.electron) / (2 * Mass.electron)
        let momentum = LightFrontMomentum(
          plus: at(EventColumn.mediatorPlus), x: at(EventColumn.mediatorX),
          y: at(EventColumn.mediatorY)
        ).fourMomentum(mass: Q)
        worst = max(worst, abs(momentum.energy / (energy + Mass.electron) - 1))
        let positron = (energy * energy - Mass.electron * Mass.electron).squareRoot()
        worst = max(worst, abs(momentum.z / positron - 1))
        let isInside = Q >= shape.sumMass * (1 - 1e-12) && energy <= 20 * (1 + 1e-12)
        let isTransverse =
          at(EventColumn.densityXX) == 0.5 && at(EventColumn.densityYY) == 0.5
          && [EventColumn.densityXY, EventColumn.densityXZ, EventColumn.densityYZ].allSatisfy {
            at($0) == 0
          }
        let isAlong = momentum.x == 0 && momentum.y == 0
        let rest = [
          EventColumn.momentumTransfer, EventColumn.recoilX, EventColumn.recoilY,
          EventColumn.recoilZ, EventColumn.scatteredPlus, EventColumn.scatteredX,
          EventColumn.scatteredY,
        ]
        let isSane = at(EventColumn.weight) > 0 && rest.allSatisfy { at($0) == 0 }
        if !isInside || !isTransverse || !isAlong || !isSane { faults += 1 }
      }
      #expect(faults == 0)
      // 1e-8: p_z from p⁺ - p⁻, where Q/E is 0.004 and more.
      #expect(worst < 1e-8)
    }
  }
}

import Integration
import ParticleData
import Production
import Testing

@Suite("A map for many energies") struct SharedMapTests {
  private func setup(_ energy: Double, mass: Double, inelastic: InelasticModel) throws
    -> ProductionSetup
  {
    try ProductionSetup(
      beam: .electron, beamEnergy: energy, target: material("tungsten"),
      mediator: .narrow(mass: mass), inelastic: inelastic)
  }

  /// The sum of the weights of a sample, and its error.
  private func crossSection(_ sampler: ProductionSampler) -> Estimate {
    let total = 65_536
    var (sum, squares) = (0.0, 0.0)
    sampler.forEachEvent(of: total) {
      sum += $0.weight
      squares += $0.weight * $0.weight
    }
    return Estimate(
      value: sum, error: max(squares - sum * sum / Double(total), 0).squareRoot())
  }

  @Test(
    "the map of 8 GeV gives the cross sections of maps of their own", .tags(.statistical),
    arguments: [0.03, 0.3], [InelasticModel.off, .n2])
  func energies(mass: Double, inelastic: InelasticModel) throws {
    let trained = ProductionSampler(try setup(8, mass: mass, inelastic: inelastic), seed: 3)
    var values: [Double] = []
    for energy in [8.0, 4, 2] {
      let setup = try setup(energy, mass: mass, inelastic: inelastic)
      let shared = ProductionSampler(setup, likeThatOf: trained)
      let own = ProductionSampler(setup, seed: 4)
      #expect(shared.setup == setup && shared.digest == own.digest && shared.seed == 3)
      let (a, b) = (crossSection(shared), crossSection(own))
      #expect(abs(a.value - b.value) < 5 * (a.error * a.error + b.error * b.error).squareRoot())
      // Worse than its own, but of use.
      #expect(a.relativeError < 0.02, "\(energy): \(a), \(b)")
      values.append(a.value)
    }
    // Another energy would be noticed.
    #expect(values[0] > 1.1 * values[1] && values[1] > 1.1 * values[2])
  }

  @Test("at its own energy a shared map gives the same events", .tags(.identity))
  func same() throws {
    let trained = ProductionSampler(try setup(8, mass: 0.1, inelastic: .off), seed: 3)
    let shared = ProductionSampler(trained.setup, likeThatOf: trained)
    var weights: [[Double]] = []
    for sampler in [trained, shared] {
      var own: [Double] = []
      sampler.forEachEvent(of: 100) { own.append($0.weight) }
      weights.append(own)
    }
    #expect(weights[0] == weights[1])
  }
}

import Calculus
import DarkSector
import Formats
import Integration
import ParticleData
import Production
import Reach
import Tables

/// What all steps share: the built-in card as a plan, and how many threads to use.
struct ValidationSetup: Sendable {
  /// The built-in card's plan with the run's seed.
  let plan: Plan
  /// Threads; no result depends on them.
  let threads: Int

  init(seed: UInt64, threads: Int) throws(RunCardError) {
    var plan = try RunCard.load().plan
    plan.run.seed = seed
    self.plan = plan
    self.threads = threads
  }

  /// The plan of the independent reference calculation: as built in, with the form-factor constants 111 and 773.
  var referencePlan: Plan {
    var plan = plan
    plan.production.formFactor = .tsaiGeneric
    return plan
  }

  /// The mass of beryllium-9 in the reference calculation: that of the atom, in GeV.
  static let referenceBerylliumMass = 8.39479

  /// The plan of 160 GeV muons on beryllium, or of another beam, at one A′ mass.
  func production(
    mass: Double, beam: BeamParticle = .muon, energy: Double = 160,
    target: Material = .beryllium, formFactor: FormFactorModel = .tsaiGeneric,
    inelastic: InelasticModel = .off
  ) throws(ProductionError) -> ProductionSetup {
    try ProductionSetup(
      beam: beam, beamEnergy: energy, target: target, mediator: .narrow(mass: mass),
      formFactor: formFactor, inelastic: inelastic)
  }

  /// The exact cross section of a set-up.
  func crossSection(
    _ setup: ProductionSetup, relativePrecision: Double = 2e-4, seed: UInt64? = nil
  ) async throws -> Estimate {
    try await ProductionSampler(setup, seed: seed ?? plan.run.seed)
      .crossSection(relativePrecision: relativePrecision, threads: threads).estimate
  }

  /// Expected events of a plan with several seeds, from the run's own on: what ratios are formed of.
  func yields(_ plan: Plan, seeds: Int = 8, events: Int = 50_000) async throws -> [Estimate] {
    var results: [Estimate] = []
    for offset in 0..<seeds {
      var plan = plan
      plan.run.seed = plan.run.seed &+ UInt64(offset)
      plan.run.eventsPerPoint = events
      results.append(try await plan.expectedEvents(threads: threads).events)
    }
    return results
  }
}

extension Plan {
  /// The plan at another model point.
  func at(m1: Double, splittingOverM1: Double, y: Double) -> Plan {
    var plan = self
    plan.model.m1 = m1
    plan.model.splittingOverM1 = splittingOverM1
    plan.model.coupling = .y(y)
    return plan
  }

  /// The plan with one thing changed.
  func with(_ change: (inout Plan) -> Void) -> Plan {
    var plan = self
    change(&plan)
    return plan
  }
}

extension [Estimate] {
  /// The mean ratio of paired estimates, with its error from their spread: pairs share their random numbers.
  func meanRatio(to others: [Estimate]) -> Estimate {
    zip(self, others).map { $0.value / $1.value }.meanWithError
  }
}

extension [Double] {
  /// The mean, with the standard error that the spread of the elements gives.
  var meanWithError: Estimate {
    precondition(count > 1, "a spread needs two numbers")
    let n = Double(count)
    let mean = compensatedSum() / n
    let squares = map { ($0 - mean) * ($0 - mean) }.compensatedSum()
    return Estimate(value: mean, error: (squares / (n * (n - 1))).squareRoot())
  }
}

extension Estimate {
  /// The ratio of two independent estimates.
  func ratio(to other: Estimate) -> Estimate {
    let ratio = value / other.value
    let relative =
      (relativeError * relativeError + other.relativeError * other.relativeError).squareRoot()
    return Estimate(value: ratio, error: abs(ratio) * relative)
  }

  /// The estimate less an exact number.
  func less(_ number: Double) -> Estimate { Estimate(value: value - number, error: error) }
}

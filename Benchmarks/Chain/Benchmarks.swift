import Benchmark
import Formats
import Foundation
@_spi(Kernels) import Production
import Reach
import Relic
import Sampling
import Selection

// Each benchmark runs in a process of its own, which registers them all: what is made here is quick.
let benchmarks: @Sendable () -> Void = {
  do {
    let plan = try RunCard.load().plan
    let setup = try plan.productionSetup(plan.modelPoint(), alphaD: plan.model.alphaD)
    let point = ProductionPoint(setup, seed: plan.run.seed)
    let difference = point.largestDifference()
    // 1e-12: roundings of one order of operations, where a compiler may choose another for constants.
    guard difference < 1e-12 else {
      throw YardstickError(difference: difference)
    }
    measureProduction(point)
    try measureEvents(plan, EventChain(plan, point.sampler))
    measureAnswers(plan)
  } catch {
    FileHandle.standardError.write(Data("benchmarks: \(error)\n".utf8))
    exit(1)
  }
}

/// The C code computes something else than the Swift code that it is to be compared with.
private struct YardstickError: Error, CustomStringConvertible {
  let difference: Double

  var description: String {
    "weights of production in C differ from those in Swift by up to \(difference) of themselves; "
      + "bring Benchmarks/Yardstick in line with Sources/Production/ProductionKernel.swift"
  }
}

private func measureProduction(_ point: ProductionPoint) {
  // A clock costs 50 ns: eight times 2048 points, and weights stay finite.
  let repetitions = 8
  let items = repetitions * ProductionPoint.size
  for stage in ProductionKernel.Stage.allCases {
    measure(
      "stage \(stage.rawValue)", items: items, prepare: { point.prepare(stage) },
      inC: { for _ in 0..<repetitions { point.runInC(stage) } }
    ) {
      for _ in 0..<repetitions { point.run(stage) }
    }
  }
  measure(
    "point", items: items, prepare: point.resetWeights,
    inC: { for _ in 0..<repetitions { point.evaluateInC() } }
  ) {
    for _ in 0..<repetitions { point.evaluate() }
  }
  measure("point with random numbers and map", items: items) {
    for _ in 0..<repetitions { point.sample() }
  }
  let setup = point.sampler.setup
  let seed = point.sampler.seed
  measure("map training", items: 1) { blackHole(ProductionSampler(setup, seed: seed)) }
}

private func measureEvents(_ plan: Plan, _ chain: EventChain) throws {
  let events = EventChain.batches * BatchLayout.capacity
  measure("event chain", items: events) { blackHole(chain.accepted()) }
  measure("decays and cuts", items: events, prepare: { chain.produce(0) }) {
    var accepted = AcceptedEvents()
    for batch in 0..<EventChain.batches { chain.decayAndSelect(batch, into: &accepted) }
    blackHole(accepted)
  }
  let accepted = chain.accepted()
  measure("survival curve", items: accepted.count) {
    blackHole(SurvivalCurve(accepted, sampleSize: events))
  }
  var unweighted = plan
  unweighted.run.weighting = .unweighted
  unweighted.run.eventsPerPoint = 1_000_000
  let sample = try EventSample(unweighted)
  measure("unweighted events", items: unweighted.run.eventsPerPoint, threads: 1) { threads in
    _ = try await sample.generate(threads: threads) { blackHole($0) }
  }
}

private func measureAnswers(_ plan: Plan) {
  measure("yield point", items: 1, threads: 1) { threads in
    blackHole(try await plan.expectedEvents(threads: threads))
  }
  var contour = plan
  contour.scan.splittingOverM1 = [plan.model.splittingOverM1]
  measure("contour", items: 1, threads: 1, seconds: 4) { threads in
    blackHole(try await contour.reachCurves(threads: threads))
  }
  var figure6 = plan
  figure6.scan.alphaD = [0.1, 0.5]
  figure6.scan.luminosity = [.paperText, .paperFootnote]
  figure6.run.eventsPerPoint = 25 * BatchLayout.capacity
  for threads in 1...2 {
    measure("figure 6", items: 1, threads: threads, seconds: 12, warmups: 0) { threads in
      blackHole(try await figure6.reachCurves(threads: threads))
    }
  }
  measure("relic line", items: 1, seconds: 2) {
    for m1 in plan.scan.m1 {
      let point = try plan.modelPoint(m1: m1, splittingOverM1: plan.model.splittingOverM1)
      // No coupling may do at a mass: that is an answer too.
      blackHole(try? plan.relic.coupling(point, alphaD: plan.model.alphaD))
    }
  }
}

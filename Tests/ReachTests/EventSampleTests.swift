import Kinematics
import Reach
import Sampling
import Testing

@Suite("Event samples") struct EventSampleTests {
  /// The numbers of a sample, column by column, and its summary.
  struct Whole {
    var columns: [[Double]]
    var summary: EventSample.Summary

    var weights: [Double] { columns[0] }
    /// All but the weights.
    var events: [[Double]] { Array(columns.dropFirst()) }
  }

  func collect(_ sample: EventSample, threads: Int = 2) async throws -> Whole {
    var columns = [[Double]](repeating: [], count: EventBlock.Column.all.count)
    let summary = try await sample.generate(threads: threads) { block in
      #expect(block.count > 0 && block.count <= BatchLayout.capacity)
      for (c, column) in EventBlock.Column.all.enumerated() { columns[c] += block.values(column) }
    }
    return Whole(columns: columns, summary: summary)
  }

  func plan(_ events: Int, _ weighting: EventWeighting, m1: Double = 0.1) -> Plan {
    var plan = Plan.paper(m1: m1, events: events)
    plan.run.weighting = weighting
    return plan
  }

  /// Plain hit-or-miss: all events made, L raised to the largest weight until none exceeds it.
  func hitOrMiss(_ plan: Plan, headroom: Double) throws -> (rows: [[Double]], generated: Int) {
    let generator = try EventGenerator(plan)
    func batch(_ index: Int) -> EventBlock { generator.batch(index) }
    var largest =
      headroom * (0..<16).map { batch($0).values(.weight).max() ?? 0 }.reduce(0) { max($0, $1) }
    while true {
      var (rows, generated, seen, index) = ([[Double]](), 0, 0.0, 0)
      while rows.count < plan.run.eventsPerPoint {
        let block = batch(index)
        let columns = EventBlock.Column.all.map { block.values($0) }
        var stream = RandomStream(
          seed: plan.run.seed, purpose: .unweighting, point: 0, batch: index)
        for i in 0..<block.count {
          seen = max(seen, columns[0][i])
          guard stream.uniform() < columns[0][i] / largest,
            rows.count < plan.run.eventsPerPoint
          else { continue }
          rows.append(columns.dropFirst().map { $0[i] })
          generated = index * BatchLayout.capacity + i + 1
        }
        index += 1
      }
      if seen <= largest { return (rows, generated) }
      largest = seen
    }
  }

  @Test(
    "unweighted events are those of plain hit-or-miss, bit by bit, whatever the sieve leaves out",
    .tags(.identity),
    arguments: [(0.1, 1.25), (0.1, 0.4), (0.8, 1.25)], [1, Int.max])
  func sieve(setting: (m1: Double, headroom: Double), fewestForSieve: Int) async throws {
    // At m₁ = 0.8 GeV both flavours occur; with a headroom of 0.4 the largest weight is raised on the way.
    let plan = plan(6000, .unweighted, m1: setting.m1)
    let reference = try hitOrMiss(plan, headroom: setting.headroom)
    let sample = try await collect(
      EventSample(plan, fewestForSieve: fewestForSieve, headroom: setting.headroom))
    for (c, column) in sample.events.enumerated() {
      let isSame = column == reference.rows.map { $0[c] }
      #expect(isSame, "\(EventBlock.Column.all[c + 1].name)")
    }
    #expect(sample.summary.unweightingEfficiency == 6000 / Double(reference.generated))
    #expect(Set(sample.weights).count == 1)
    // σ from chain weights of the weighted sample, on other events: five of both errors.
    let weighted = try await collect(
      EventSample(self.plan(100_000, .weighted, m1: setting.m1)))
    #expect(
      abs(sample.summary.crossSection.pull(against: weighted.summary.crossSection)) < 5)
    // 1e-12: 6000 equal terms.
    let sum = sample.weights.reduce(0, +)
    #expect(abs(sum / sample.summary.crossSection.value - 1) < 1e-12)
  }

  @Test("what is forgotten is found again, and nothing depends on threads", .tags(.unit))
  func memory() async throws {
    let plan = plan(30_000, .unweighted)
    // The lower headroom raises the largest weight while some events are forgotten; what is sieved again at another L
    // leaves another estimate of σ.
    for headroom in [1.25, 0.7] {
      let all = try await collect(EventSample(plan, headroom: headroom), threads: 1)
      let few = try await collect(
        EventSample(plan, mostRemembered: 5000, headroom: headroom), threads: 2)
      let again = try await collect(
        EventSample(plan, mostRemembered: 5000, headroom: headroom), threads: 1)
      let (areSameEvents, areSameNumbers) = (
        all.events == few.events, few.columns == again.columns
      )
      #expect(areSameEvents && areSameNumbers)
      #expect(few.summary == again.summary)
      #expect(all.summary.unweightingEfficiency == few.summary.unweightingEfficiency)
      #expect(abs(all.summary.crossSection.pull(against: few.summary.crossSection)) < 5)
    }
  }

  @Test(
    "weighted events are those of the generator, with weights that add up to σ", .tags(.identity))
  func weighted() async throws {
    let count = 3000
    let plan = plan(count, .weighted)
    let sample = try await collect(EventSample(plan))
    let generator = try EventGenerator(plan)
    let blocks = [generator.batch(0), generator.batch(1)]
    for (c, column) in EventBlock.Column.all.enumerated() {
      var numbers = blocks.flatMap { $0.values(column) }[..<count]
      if c == 0 { numbers = numbers.map { $0 * (1 / Double(count)) }[...] }
      let isSame = sample.columns[c] == Array(numbers)
      #expect(isSame, "\(column.name)")
    }
    // 1e-12: 3000 terms of one sign.
    let sum = sample.weights.reduce(0, +)
    #expect(abs(sum / sample.summary.crossSection.value - 1) < 1e-12)
  }

  @Test("rows and columns of a block are the same numbers, and momenta balance", .tags(.identity))
  func rows() throws {
    let plan = plan(1, .weighted, m1: 0.8)
    let block = try EventGenerator(plan).batch(3)
    #expect(block.count == BatchLayout.capacity)
    #expect(Set(block.map(\.flavour)).count == 2)
    let energy = block.values(.energy(.leptonMinus))
    for (row, event) in block.enumerated() {
      #expect(event.leptonMinus.energy == energy[row])
      let pair = event.leptonPlus + event.leptonMinus
      let final = event.scattered + event.recoil + event.chi1 + event.chi1Soft + pair
      let beam = FourMomentum(mass: plan.beam.particle.mass, x: 0, y: 0, z: 0)
      let momentum = (160.0 * 160 - beam.energy * beam.energy).squareRoot()
      // 1e-9 GeV: the differences of components of 160 GeV, a few roundings each.
      #expect(abs(final.z - momentum) < 1e-9)
      #expect(abs(final.energy - 160 - plan.target.nuclearMass) < 1e-9)
      #expect(abs(final.x) < 1e-9 && abs(final.y) < 1e-9)
      let mass = event.flavour.mass
      // p² of a lepton of up to 160 GeV: 160² × 2⁻⁵², and some room.
      #expect(abs(event.leptonPlus.invariantMassSquared - mass * mass) < 1e-10)
    }
    #expect(EventBlock.Column("chi1_soft_px_GeV") == .x(.chi1Soft))
    #expect(EventBlock.Column("nonsense") == nil)
  }
}

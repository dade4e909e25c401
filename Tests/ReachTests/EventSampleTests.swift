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

  struct Setting: Sendable, CustomTestStringConvertible {
    var m1 = 0.1
    var isSpectral = false
    var headroom: Double?
    var testDescription: String {
      "m₁ = \(m1) GeV\(isSpectral ? ", off shell" : "")\(headroom == nil ? "" : ", low bounds")"
    }

    func plan(_ events: Int, _ weighting: EventWeighting, seed: UInt64) -> Plan {
      var plan = Plan.paper(
        m1: m1, alphaD: isSpectral ? 0.5 : 0.1, events: events, seed: seed)
      plan.production.mediator = isSpectral ? .spectral : .narrow
      plan.run.weighting = weighting
      return plan
    }
  }

  /// What is compared: production, either decay, how they hang together, and where χ₂ decays.
  static let variables: [(name: String, of: @Sendable (ChainEvent) -> Double)] = [
    ("t", { $0.momentumTransfer }), ("A′ mass", { $0.mediator.invariantMassSquared }),
    ("A′ energy", { $0.mediator.energy }),
    (
      "lepton's transverse momentum",
      { $0.scattered.x * $0.scattered.x + $0.scattered.y * $0.scattered.y }
    ),
    ("azimuth", { $0.mediator.x / $0.mediator.y }),
    ("χ₂ energy over A′", { $0.chi2.energy / $0.mediator.energy }),
    ("χ₂ beside A′", { $0.chi2.x * $0.mediator.x + $0.chi2.y * $0.mediator.y }),
    ("pair mass", { ($0.leptonPlus + $0.leptonMinus).invariantMassSquared }),
    ("pair energy over χ₂", { ($0.leptonPlus.energy + $0.leptonMinus.energy) / $0.chi2.energy }),
    ("lepton energies", { $0.leptonPlus.energy / ($0.leptonPlus.energy + $0.leptonMinus.energy) }),
    ("lepton energy", { $0.leptonMinus.energy }),
    ("lepton's slope", { $0.leptonPlus.x / $0.leptonPlus.z }),
    ("decay z", { $0.decayZ }), ("proper flight", { $0.decayZ / $0.chi2.z }),
    ("flavour", { $0.flavour == .muon ? 1 : 0 }),
  ]

  /// Values of all variables with their weights.
  struct Drawn {
    var values = [[Double]](repeating: [], count: variables.count)
    var weights: [Double] = []
    var productions: [Double: Double] = [:]
    var summary: EventSample.Summary?

    /// How much larger variances are, since an event may occur with other decays.
    var inflation: Double {
      productions.values.reduce(0) { $0 + $1 * $1 } / productions.values.reduce(0, +)
    }
  }

  func draw(_ sample: EventSample) async throws -> Drawn {
    var drawn = Drawn()
    drawn.summary = try await sample.generate(threads: 2) { block in
      for event in block {
        for (v, variable) in Self.variables.enumerated() {
          drawn.values[v].append(variable.of(event))
        }
        drawn.weights.append(event.weight)
        drawn.productions[event.momentumTransfer, default: 0] += 1
      }
    }
    return drawn
  }

  /// The probability of a χ² at least as large as that of two samples in bins of about equal content.
  func probability(_ variable: Int, _ first: Drawn, _ second: Drawn) -> Double {
    let sorted = second.values[variable].sorted()
    let bins = 40
    var edges = (1..<bins).map { sorted[$0 * sorted.count / bins] }
    edges = edges.enumerated().filter { $0.offset == 0 || $0.element > edges[$0.offset - 1] }
      .map(\.element)
    func shares(_ drawn: Drawn) -> (shares: [Double], variances: [Double]) {
      var (sums, squares) = (
        [Double](repeating: 0, count: edges.count + 1),
        [Double](repeating: 0, count: edges.count + 1)
      )
      for (value, weight) in zip(drawn.values[variable], drawn.weights) {
        let bin = edges.firstIndex { value < $0 } ?? edges.count
        sums[bin] += weight
        squares[bin] += weight * weight
      }
      let total = sums.reduce(0, +)
      return (
        sums.map { $0 / total }, squares.map { $0 / (total * total) * drawn.inflation }
      )
    }
    let (a, b) = (shares(first), shares(second))
    // As for a table of two rows: the variance of a bin has no factor 1 - p.
    var (chi, used) = (0.0, 0)
    for bin in a.shares.indices where a.variances[bin] + b.variances[bin] > 0 {
      let difference = a.shares[bin] - b.shares[bin]
      chi += difference * difference / (a.variances[bin] + b.variances[bin])
      used += 1
    }
    return used < 2 ? 1 : chiSquaredProbability(chi, degrees: used - 1)
  }

  @Test(
    "unweighted events are distributed as weighted ones, and as no others", .tags(.statistical),
    arguments: [
      Setting(), Setting(m1: 0.8), Setting(isSpectral: true), Setting(m1: 0.8, headroom: 0.5),
    ])
  func distribution(_ setting: Setting) async throws {
    let weighted = try await draw(EventSample(setting.plan(400_000, .weighted, seed: 1)))
    let unweighted = try await draw(
      EventSample(setting.plan(200_000, .unweighted, seed: 2), headroom: setting.headroom))
    for (v, variable) in Self.variables.enumerated() {
      let p = probability(v, unweighted, weighted)
      // Sixty numbers between 0 and 1: one below 10⁻⁴ is what a fault looks like.
      #expect(p > 1e-4, "\(variable.name)")
    }
    var careless = weighted
    careless.weights = [Double](repeating: 1, count: weighted.weights.count)
    let wrong = Self.variables.indices.filter { probability($0, careless, weighted) < 1e-9 }
    #expect(wrong.count >= 3)

    let (summary, reference) = (try #require(unweighted.summary), try #require(weighted.summary))
    #expect(abs(summary.crossSection.pull(against: reference.crossSection)) < 5)
    #expect(Set(unweighted.weights).count == 1)
    // 1e-10: 200 000 equal terms.
    #expect(abs(unweighted.weights.reduce(0, +) / summary.crossSection.value - 1) < 1e-10)
    let copies = unweighted.weights.count - unweighted.productions.count
    #expect(copies == summary.overflowCount)
    #expect(setting.headroom == nil ? summary.overflowCount < 50 : summary.overflowCount > 5000)
    #expect(summary.unweightingEfficiency > 0.3)
  }

  @Test("an unweighted sample begins like a longer one, for any number of threads", .tags(.unit))
  func beginning() async throws {
    for setting in [Setting(), Setting(m1: 0.8, headroom: 0.5)] {
      let short = try await collect(
        EventSample(setting.plan(3000, .unweighted, seed: 3), headroom: setting.headroom),
        threads: 1)
      let long = try await collect(
        EventSample(setting.plan(40_000, .unweighted, seed: 3), headroom: setting.headroom))
      #expect(short.columns[0].count == 3000 && long.columns[0].count == 40_000)
      let isBeginning = zip(short.events, long.events).allSatisfy { $0 == Array($1.prefix(3000)) }
      #expect(isBeginning)
      #expect(short.summary.crossSection == long.summary.crossSection)
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

  @Test("what records of particles are made from fits the columns of tables", .tags(.identity))
  func recordColumns() throws {
    var plan = plan(1, .weighted)
    plan.production.mediator = .spectral
    plan.model.alphaD = 0.5
    let block = try EventGenerator(plan).batch(1)
    let (mass, flight) = (block.values(.mediatorMass), block.values(.properFlight))
    let chi2Mass = try plan.modelPoint().chi2Mass
    #expect(Set(mass).count == block.count)
    for (row, event) in block.enumerated() {
      // p² of an A′ of up to 160 GeV, as above.
      #expect(abs(event.mediator.invariantMassSquared - mass[row] * mass[row]) < 1e-10)
      #expect(event.chi2.z / chi2Mass * flight[row] == event.decayZ)
    }
    for column in [EventBlock.Column.vertexX, .vertexY, .vertexZ] {
      let isCentre = block.values(column).allSatisfy { $0 == 0 }
      #expect(isCentre)
    }
    #expect(EventBlock.Column.all.last == .decayZ)
    #expect(EventBlock.Column("vertex_z_mm") == .vertexZ)
  }

  @Test(
    "a spread interaction point has the card's spread, and moves nothing else", .tags(.statistical)
  )
  func interactionPoint() async throws {
    var spread = plan(40_000, .weighted)
    spread.beam.spot = [2, 3]
    spread.selection.interactionVertex = .spread
    var squares = [0.0, 0, 0]
    _ = try await EventSample(spread).generate(threads: 2) { block in
      for (k, column) in [EventBlock.Column.vertexX, .vertexY, .vertexZ].enumerated() {
        squares[k] += block.values(column).reduce(0) { $0 + $1 * $1 }
      }
      let isInside = block.values(.vertexZ).allSatisfy { abs($0) <= 7.5 }
      #expect(isInside)
    }
    for (square, expected) in zip(squares, [4, 9, 15.0 * 15 / 12]) {
      // Five standard errors: the variance of a square is at most twice its own.
      #expect(abs(square / 40_000 / expected - 1) < 5 * (2.0 / 40_000).squareRoot())
    }
    let moved = try await collect(EventSample(spread))
    let fixed = try await collect(EventSample(plan(40_000, .weighted)))
    #expect(moved.columns == fixed.columns)
  }

  @Test(
    "the outlook says what the sample will be", .tags(.unit),
    arguments: [
      EventWeighting.weighted, .unweighted,
    ])
  func outlook(_ weighting: EventWeighting) async throws {
    var outlook: EventSample.Outlook?
    var largest = 0.0
    let summary = try await EventSample(plan(5000, weighting)).generate(threads: 2) {
      outlook = $0
    } _: { block in
      #expect(outlook != nil)
      largest = max(largest, block.values(.weight).max() ?? 0)
    }
    #expect(outlook?.events == 5000 && outlook?.crossSection == summary.crossSection)
    #expect(outlook?.largestWeight == largest)
    #expect(outlook?.leptonicBranchingRatio == summary.leptonicBranchingRatio)
  }
}

import Calculus
import Constraints
import DarkSector
import Decay
import Foundation
import Integration
import Kinematics
import ParticleData
import Production
import Recasts
import Sampling
import Showers
import Testing
import Units

@Suite("Thick-target experiments") struct ThickTargetSearchTests {
  /// E137 with its beam and dump, and a search to be changed.
  private func dump(
    tracks: ThickTargetExperiment.ShowerTracks = .primary, eventsNeeded: Double = 3,
    _ change: (inout DecaySearch) -> Void = { _ in }
  ) -> ThickTargetExperiment {
    var search = DecaySearch(
      decayZ: 179_000...383_000, place: .face,
      detectors: [
        .init(share: 1.0 / 3, size: [2000, 3000]), .init(share: 2.0 / 3, size: [3000, 3000]),
      ], energy: .summed, minimumEnergy: 1)
    change(&search)
    return ThickTargetExperiment(
      name: "dump", title: "A dump", source: "a test", kind: .exclusion, beam: .electron,
      beamEnergy: 20, particlesOnTarget: 1.87e20, target: material("aluminium"), depth: 200,
      tracks: tracks, inelastic: .off, eventsNeeded: eventsNeeded, search: .pair(search))
  }

  private func missingMomentum(
    tracks: ThickTargetExperiment.ShowerTracks, depth: Double, annihilates: Bool = false,
    _ search: MissingMomentumSearch = MissingMomentumSearch(
      survivalLength: 20_000, vetoEnergy: 0, recoilEnergy: 0...8, recoilTransverse: 0)
  ) -> ThickTargetExperiment {
    ThickTargetExperiment(
      name: "unseen", title: "Missing momentum", source: "a test", kind: .projection,
      beam: .electron, beamEnergy: 8, particlesOnTarget: 1e16, target: material("tungsten"),
      depth: depth, tracks: tracks, inelastic: .off, annihilates: annihilates, eventsNeeded: 3,
      search: .missingMomentum(search))
  }

  private func material(_ name: String) -> Material {
    guard let material = Material.named(name) else { preconditionFailure("no material \(name)") }
    return material
  }

  private func point(_ m1: Double, _ splitting: Double) throws -> ModelPoint {
    try ModelPoint(chi1Mass: m1, massSplitting: splitting * m1, darkPhotonMass: 3 * m1)
  }

  private func tsai(_ experiment: ThickTargetExperiment, binsPerDecade: Int = 10) throws
    -> TrackLength
  {
    try TsaiTrackLength(
      beam: experiment.beam, beamEnergy: experiment.beamEnergy, depth: experiment.depth)(
        edges: TrackLength.makeEdges(
          from: 1, to: experiment.beamEnergy, binsPerDecade: binsPerDecade))
  }

  private struct NoMixings: Error {}

  /// The only interval of ε.
  private func interval(
    _ experiment: ThickTargetExperiment, _ tracks: TrackLength, _ point: ModelPoint,
    seed: UInt64 = 1
  ) throws -> ClosedRange<Double> {
    let finding = try ThickTargetSearch(experiment: experiment, tracks: tracks)
      .mixings(point, alphaD: 0.1, seed: seed)
    guard case .mixings(let found) = finding else {
      Issue.record("\(experiment.name) found \(finding)")
      throw NoMixings()
    }
    #expect(found.intervals.count == 1)
    return try #require(found.intervals.first)
  }

  /// Mean and its error, from the scatter over seeds.
  private func mean(_ seeds: Int, _ value: (UInt64) throws -> Double) rethrows -> Estimate {
    let values = try (1...seeds).map { try value(UInt64($0)) }
    let mean = values.reduce(0, +) / Double(seeds)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Estimate(
      value: mean, error: (square / Double(seeds * (seeds - 1))).squareRoot())
  }

  private func lower(
    _ experiment: ThickTargetExperiment, _ point: ModelPoint, variant: Int = 0, seed: UInt64 = 1
  ) throws -> Double {
    let curve = ComputedCurve.thickTarget(experiment, seed: seed)
    let reading = curve.reading(
      at: ConstraintPoint(
        m1: point.chi1Mass, splittingOverM1: point.massSplitting / point.chi1Mass, alphaD: 0.1,
        mediatorMassOverM1: point.darkPhotonMass / point.chi1Mass, epsilon: 1e-3),
      variant: curve.variants[variant])
    return try #require(reading.epsilons.first).lowerBound
  }

  // MARK: brute force

  /// One chain of decays, weight in pb X₀ at ε = 1.
  private struct Event {
    let weight: Double
    let chi2: FourMomentum
    let leptons: [FourMomentum]
  }

  /// Events with a map of its own for each energy.
  private func events(
    _ experiment: ThickTargetExperiment, _ tracks: TrackLength, _ point: ModelPoint,
    perEnergy total: Int
  ) throws -> [Event] {
    let decay = try DecaySampler(
      point, flavour: .electron, width: point.chi2Widths().electrons)
    let columns = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let decayScratch = ColumnBatch(columns: DecaySampler.scratchColumnCount)
    var events: [Event] = []
    for bin in 0..<tracks.binCount {
      let sampler = ProductionSampler(
        try ProductionSetup(
          beam: experiment.beam, beamEnergy: tracks.negative.meanEnergies[bin],
          target: experiment.target, mediator: .narrow(mass: point.darkPhotonMass),
          inelastic: experiment.inelastic), seed: 99)
      for batch in 0..<BatchLayout.batchCount(forEvents: total) {
        let n = sampler.fill(columns, scratch: scratch, batch: batch, of: total)
        decay.fill(
          columns, scratch: decayScratch, count: n,
          stream: RandomStream(seed: 99, purpose: .test, point: UInt64(bin), batch: batch))
        for i in 0..<n {
          func momentum(_ plus: Int, _ x: Int, _ y: Int, _ mass: Double) -> FourMomentum {
            let base = columns.base
            return LightFrontMomentum(plus: base[plus + i], x: base[x + i], y: base[y + i])
              .fourMomentum(mass: mass)
          }
          events.append(
            Event(
              weight: tracks.negative.lengths[bin].value
                * columns.base[EventColumn.chainWeight + i],
              chi2: momentum(
                EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y, point.chi2Mass),
              leptons: [
                momentum(
                  EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY,
                  Mass.electron),
                momentum(
                  EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY,
                  Mass.electron),
              ]))
        }
      }
    }
    return events
  }

  /// Expected events at ε, each χ₂ decaying at drawn places.
  private func count(
    _ events: [Event], _ experiment: ThickTargetExperiment, _ point: ModelPoint, epsilon: Double
  ) throws -> Estimate {
    guard case .pair(let search) = experiment.search else { preconditionFailure("no pair") }
    let length = try #require(
      point.chi2Widths().properDecayLength(epsilonSquared: epsilon * epsilon, alphaD: 0.1))
    var stream = RandomStream(seed: 98, purpose: .test, point: 0, batch: 0)
    var (sum, squares) = (0.0, 0.0)
    let draws = 4
    for event in events {
      var seen = 0.0
      for _ in 0..<draws {
        let z = -log(stream.uniform()) * length * event.chi2.z / point.chi2Mass
        guard search.decayZ.contains(z) else { continue }
        for detector in search.detectors
        where search.isSeen(detector.size, chi2: event.chi2, event.leptons, at: z) {
          seen += detector.share
        }
      }
      let weight = event.weight * seen / Double(draws)
      sum += weight
      squares += weight * weight
    }
    let target = experiment.target
    // Nuclei per cm², and 10⁻³⁶ cm² in a pb.
    let nuclei =
      target.density * target.radiationLength * 6.022_140_76e23 / target.molarMass * 1e-36
    let scale =
      experiment.particlesOnTarget * nuclei * epsilon * epsilon
      * point.darkBranchingRatio(epsilonSquared: epsilon * epsilon, alphaD: 0.1)
    return Estimate(value: scale * sum, error: scale * squares.squareRoot())
  }

  @Test(
    "where a limit lies, counting decays drawn one by one finds the events needed",
    .tags(.identity), arguments: [DecaySearch.Place.face, .volume])
  func bruteForce(place: DecaySearch.Place) throws {
    // A detector of 30 m sees some of a hundred decays.
    let point = try point(0.05, 0.4)
    var experiment = dump {
      $0.place = place
      $0.detectors = [
        .init(share: 0.4, size: [15_000, 20_000]), .init(share: 0.6, size: [30_000, 30_000]),
      ]
    }
    let tracks = try tsai(experiment)
    let events = try events(experiment, tracks, point, perEnergy: 8192)
    // ε at which a χ₂ of 10 GeV flies 200 m on average, where about the most is seen.
    let length = try #require(
      point.chi2Widths().properDecayLength(epsilonSquared: 1, alphaD: 0.1))
    let epsilon = (length * 10 / point.chi2Mass / 200_000).squareRoot()
    experiment.eventsNeeded = try count(events, experiment, point, epsilon: epsilon).value / 2
    let seeds = 8
    let intervals = try (1...seeds).map {
      try interval(experiment, tracks, point, seed: UInt64($0))
    }
    for end in [\ClosedRange<Double>.lowerBound, \.upperBound] {
      let boundary = mean(seeds) { intervals[Int($0) - 1][keyPath: end] }
      let here = try count(events, experiment, point, epsilon: boundary.value)
      // The boundary's own error, through the slope of N.
      let beside = try count(events, experiment, point, epsilon: 1.1 * boundary.value)
      let slope = log(beside.value / here.value) / log(1.1)
      let (a, b) = (slope * boundary.relativeError, here.relativeError)
      let error = (a * a + b * b).squareRoot()
      let difference = here.value / experiment.eventsNeeded - 1
      #expect(abs(difference) < 5 * error, "\(difference) ± \(error)")
      #expect(error < 0.03)
    }
  }

  // MARK: limits

  @Test(
    "where χ₂ lives long events grow as ε⁴, and the boundary as their fourth root", .tags(.limit))
  func fourthPower() throws {
    let point = try point(0.03, 0.1)
    let tracks = try tsai(dump())
    let few = try interval(dump(eventsNeeded: 3), tracks, point).lowerBound
    let many = try interval(dump(eventsNeeded: 48), tracks, point).lowerBound
    // 10⁻⁵: cτγ is 10⁶ times the distance, and a root is sought to 10⁻⁹.
    #expect(abs(many / few - 2) < 1e-5)
  }

  @Test("what is missing for long is N n X₀ T σ, whether χ₂ decays or not", .tags(.limit))
  func allMissing() async throws {
    let experiment = missingMomentum(tracks: .unslowed, depth: 0.1)
    // Δ = 0.9 MeV: stable; 1.2 MeV: for kilometres and more.
    for splitting in [0.03, 0.04] {
      let point = try point(0.03, splitting)
      let sigma = try await ProductionSampler(
        try ProductionSetup(
          beam: .electron, beamEnergy: 8, target: experiment.target,
          mediator: .narrow(mass: 0.09)), seed: 1
      ).crossSection(relativePrecision: 1e-3, threads: 1).estimate.value
      let target = experiment.target
      let nuclei =
        target.density * target.radiationLength * 6.022_140_76e23 / target.molarMass * 1e-36
      let expected = (3 / (1e16 * nuclei * 0.1 * sigma)).squareRoot()
      let found = try mean(12) { try lower(experiment, point, seed: $0) }
      #expect(found.relativeError < 0.01)
      // Five errors, and 10⁻³ of the cross section's.
      #expect(abs(found.value / expected - 1) < 5 * found.relativeError + 1e-3, "\(splitting)")
    }
  }

  @Test("across the threshold of decays what is missing does not jump", .tags(.limit))
  func threshold() throws {
    // At 0.06 GeV positrons of 3.5 GeV annihilate: most of what is made in a thick target.
    let below = try ModelPoint(
      chi1Mass: 0.02, massSplitting: 1.0219e-3, darkPhotonMass: 0.06)
    let above = try ModelPoint(
      chi1Mass: 0.02, massSplitting: 1.0221e-3, darkPhotonMass: 0.06)
    for annihilates in [false, true] {
      let experiment = missingMomentum(tracks: .shower, depth: 30, annihilates: annihilates)
      let (a, b) = try (lower(experiment, below), lower(experiment, above))
      // 2 %: the spin weights of 2048 decays, whose mean is 1, on the same A′.
      #expect(abs(a / b - 1) < 0.02, "\(annihilates): \(a), \(b)")
    }
    let without = try lower(missingMomentum(tracks: .shower, depth: 30), below)
    let with = try lower(
      missingMomentum(tracks: .shower, depth: 30, annihilates: true), below)
    #expect(with < 0.8 * without)
  }

  @Test(
    "tracks too slow for the resonance leave a number, and no less than without them", .tags(.limit)
  )
  func slowPositrons() throws {
    // m_A′ = 9 MeV is made by positrons of 79 MeV, which are not followed.
    let point = try point(0.003, 0.4)
    let without = try lower(missingMomentum(tracks: .shower, depth: 0.1), point)
    let with = try lower(missingMomentum(tracks: .shower, depth: 0.1, annihilates: true), point)
    #expect(with > 0.5 * without && with <= without * (1 + 1e-9), "\(with), \(without)")
  }

  @Test("cuts on the recoil take events away", .tags(.property))
  func recoil() throws {
    let point = try point(0.1, 0.05)
    func reach(_ energies: ClosedRange<Double>, _ transverse: Double, seed: UInt64 = 1) throws
      -> Double
    {
      try lower(
        missingMomentum(
          tracks: .unslowed, depth: 0.1,
          MissingMomentumSearch(
            survivalLength: 20_000, vetoEnergy: 0, recoilEnergy: energies,
            recoilTransverse: transverse)), point, seed: seed)
    }
    // Events of both parts are those of the whole: 1/ε² adds.
    let sum = try mean(24) { seed in
      let all = try reach(0...8, 0, seed: seed)
      let (soft, hard) = try (reach(0...2, 0, seed: seed), reach(2...8, 0, seed: seed))
      #expect(soft > all && hard > all)
      return (1 / (soft * soft) + 1 / (hard * hard)) * all * all
    }
    #expect(sum.error < 0.015 && abs(sum.value - 1) < 4 * sum.error, "\(sum)")
    #expect(try reach(0...8, 0.05) > reach(0...8, 0))
  }

  @Test("a veto that asks for more energy keeps more", .tags(.property))
  func veto() throws {
    func top(_ energy: Double, _ length: Double) throws -> Double {
      let experiment = missingMomentum(
        tracks: .unslowed, depth: 0.1,
        MissingMomentumSearch(
          survivalLength: length, vetoEnergy: energy, recoilEnergy: 0...8, recoilTransverse: 0))
      let curve = ComputedCurve.thickTarget(experiment, seed: 1)
      let reading = curve.reading(
        at: ConstraintPoint(
          m1: 0.1, splittingOverM1: 0.4, alphaD: 0.1, mediatorMassOverM1: 3, epsilon: 1e-3))
      return try #require(reading.epsilons.last).upperBound
    }
    let standard = try top(0, 20_000)
    #expect(try top(1, 20_000) > standard && top(0, 10_000) > standard)
    // λ ∝ 1/ε²: half the length, √2 in ε where the exponential decides.
    #expect(abs(try top(0, 10_000) / standard / 2.0.squareRoot() - 1) < 0.1)
    // More than there is: nothing is ever seen.
    #expect(try top(10, 20_000) == 1)
  }

  @Test(
    "what the beam cannot make, and a stable χ₂ for pairs, is silent with a reason", .tags(.limit))
  func silent() throws {
    func reading(_ experiment: ThickTargetExperiment, _ m1: Double, _ splitting: Double)
      -> ConstraintReading
    {
      ComputedCurve.thickTarget(experiment, seed: 1).reading(
        at: ConstraintPoint(
          m1: m1, splittingOverM1: splitting, alphaD: 0.1, mediatorMassOverM1: 3, epsilon: 1e-3))
    }
    let unseen = missingMomentum(tracks: .unslowed, depth: 0.1)
    for (experiment, m1, splitting) in [
      (dump(), 7.0, 0.1), (dump(), 0.005, 0.1), (unseen, 3, 0.1), (unseen, 3, 0),
    ] {
      guard case .isSilent(let reason) = reading(experiment, m1, splitting) else {
        Issue.record("\(experiment.name) speaks at \(m1)")
        continue
      }
      #expect("\(reason)".contains("the beam does not make the A'"))
    }
    // Missing momentum needs no decay.
    #expect(!reading(unseen, 0.005, 0.1).epsilons.isEmpty)
    // Made, but too few: nothing is excluded, which is no silence.
    #expect(reading(dump(), 2, 0.1) == .excludes([]))
  }

  // MARK: tracks

  @Test(
    "bins half as wide move a boundary by less than 1 %", .tags(.identity),
    arguments: [0.03, 0.1, 0.3])
  func bins(m1: Double) throws {
    let point = try point(m1, 0.1)
    let experiment = dump()
    let (coarse, fine) = (try tsai(experiment), try tsai(experiment, binsPerDecade: 20))
    #expect(fine.binCount > coarse.binCount + 10)
    let a = try mean(48) { try interval(experiment, coarse, point, seed: $0).lowerBound }
    let b = try mean(48) { try interval(experiment, fine, point, seed: $0 + 100).lowerBound }
    let error = (a.relativeError * a.relativeError + b.relativeError * b.relativeError)
      .squareRoot()
    #expect(error < 0.005)
    #expect(abs(a.value / b.value - 1) < 0.01, "\(a), \(b)")
  }

  @Test("Tsai's primary stands for the simulated one, and nearly for the shower", .tags(.reference))
  func primary() throws {
    let point = try point(0.1, 0.1)
    let experiment = dump()
    let tsai = try tsai(experiment)
    func reach(_ tracks: TrackLength) throws -> Estimate {
      try mean(12) { try interval(experiment, tracks, point, seed: $0).lowerBound }
    }
    let expected = try reach(tsai)
    for processes in [ShowerProcesses.primaryBremsstrahlung, .all] {
      let shower = try ShowerSimulation(
        beam: .electron, material: experiment.target, depth: 200, edges: tsai.edges,
        processes: processes
      ).run(primaries: 8192, seed: 1).trackLength
      let found = try reach(shower)
      // 2 %: Tsai's track is longer by 5 % where it counts, which is a quarter of it in ε; five errors are 1.5 % more.
      #expect(abs(found.value / expected.value - 1) < 0.035, "\(found), \(expected)")
    }
  }

  @Test("another seed moves a boundary by what its events allow", .tags(.statistical))
  func seeds() throws {
    let point = try point(0.05, 0.1)
    let experiment = dump()
    let tracks = try tsai(experiment)
    let found = try mean(16) { try interval(experiment, tracks, point, seed: $0).lowerBound }
    // 400 events of one weight: 5 % of N, 1.3 % of ε; the mean of 16 has a quarter.
    #expect(found.relativeError < 0.013 / 4 * 1.5)
    #expect(found.relativeError > 1e-5)
  }

  // MARK: sizes of samples

  @Test(
    "close to the end that kinematics sets, every seed finds the same", .tags(.statistical),
    arguments: [(0.05, 0.6), (0.04, 0.6), (0.05, 0.8)])
  func kinematicEnd(splitting: Double, m1: Double) throws {
    // Both leptons have at most 1.3 times the energy asked for, and few of 10⁴ events that.
    let experiment = dump()
    let (tracks, point) = (try tsai(experiment), try point(m1, splitting))
    let found = try mean(10) { try interval(experiment, tracks, point, seed: $0).lowerBound }
    // 400 events of one weight: 1.3 % of ε where N ∝ ε⁴; close to the upper boundary less steep.
    #expect(found.relativeError < 0.013 / 10.0.squareRoot() * 2)
  }

  @Test("A′ are turned by the width that is asked for", .tags(.identity))
  func turned() throws {
    let columns = DecayColumns()
    let (width, energy) = (0.01, 5.0)
    var (x, y, plus) = (0.0, 0.0, 0.0)
    let batches = 32
    for batch in 0..<batches {
      let base = columns.events.base
      for i in 0..<BatchLayout.capacity {
        base[EventColumn.mediatorPlus + i] = 2 * energy
        (base[EventColumn.mediatorX + i], base[EventColumn.mediatorY + i]) = (0, 0)
      }
      columns.turn(
        count: BatchLayout.capacity, by: { _ in width },
        stream: RandomStream(seed: 1, purpose: .test, point: 3, batch: batch))
      for i in 0..<BatchLayout.capacity {
        // Light, so that p_z is the energy.
        x += pow(base[EventColumn.mediatorX + i] / energy, 2)
        y += pow(base[EventColumn.mediatorY + i] / energy, 2)
        plus = max(plus, abs(base[EventColumn.mediatorPlus + i] / (2 * energy) - 1))
      }
    }
    let n = Double(batches * BatchLayout.capacity)
    // The variance of a Gaussian's square: √(2/n), 0.6 %.
    for square in [x / n, y / n] {
      #expect(abs(square / (width * width) - 1) < 5 * (2 / n).squareRoot())
    }
    #expect(plus < 1e-12)
  }

  @Test("a pair that cannot have the energy asked for is seen nowhere", .tags(.limit))
  func kinematicBound() throws {
    let (m1, splitting) = (0.1, 0.02)
    let point = try point(m1, splitting)
    let channels = try DecayChannels(point)
    let (energy, m2) = (20.0, m1 * (1 + splitting))
    // Far above all masses: E₂ = E (E* + p*)/m_A′, and the pair has E₂ (1 - m₁²/m₂²).
    let mA = point.darkPhotonMass
    let p =
      ((mA * mA - (m1 + m2) * (m1 + m2)) * (mA * mA - (m2 - m1) * (m2 - m1))).squareRoot()
      / (2 * mA)
    let expected = energy * ((p * p + m2 * m2).squareRoot() + p) / mA * (1 - m1 * m1 / (m2 * m2))
    let bound = channels.greatestPairEnergy(darkPhotonEnergy: energy, mass: mA)
    // Electron masses and 1/γ² are left out above.
    #expect(abs(bound / expected - 1) < 0.3 && bound < expected)
    func reading(_ threshold: Double) throws -> ThickTargetSearch.Finding {
      let experiment = dump { $0.minimumEnergy = threshold }
      return try ThickTargetSearch(experiment: experiment, tracks: try tsai(experiment))
        .mixings(point, alphaD: 0.1, seed: 1)
    }
    guard case .mixings(let none) = try reading(1.01 * bound) else {
      Issue.record("what cannot be is not too rare")
      return
    }
    #expect(none.intervals.isEmpty)
    // A hair below the bound no sample of this size finds any.
    guard case .tooRare = try reading((1 - 1e-6) * bound) else {
      Issue.record("no event stands for nothing")
      return
    }
  }

  @Test(
    "no sampled pair has more energy than kinematics allows, and some come close", .tags(.limit))
  func greatestEnergy() throws {
    for (m1, splitting, energy) in [(0.1, 0.1, 20.0), (0.3, 0.6, 2.5), (0.5, 0.05, 11)] {
      let point = try point(m1, splitting)
      let channels = try DecayChannels(point)
      let mass = point.darkPhotonMass
      let columns = DecayColumns()
      // A′ of one energy along z, as annihilation makes them.
      for i in 0..<BatchLayout.capacity {
        let base = columns.events.base
        for column in 0..<EventColumn.count { base[ColumnBatch.column(column) + i] = 0 }
        base[EventColumn.weight + i] = 1
        base[EventColumn.mediatorPlus + i] = energy + (energy * energy - mass * mass).squareRoot()
        base[EventColumn.mediatorMass + i] = mass
        base[EventColumn.densityXX + i] = 0.5
        base[EventColumn.densityYY + i] = 0.5
      }
      let bound = channels.greatestPairEnergy(darkPhotonEnergy: energy, mass: mass)
      var most = 0.0
      for batch in 0..<32 {
        channels.forEach(
          columns, count: BatchLayout.capacity, production: 7, seed: 1, batch: batch
        ) { _, _, event in
          most = max(most, event.positive.energy + event.negative.energy)
        }
      }
      #expect(most <= bound * (1 + 1e-12) && most > 0.9 * bound, "\(most) of \(bound)")
    }
  }

  @Test("a narrow window of the recoil leaves a number that seeds agree on", .tags(.statistical))
  func narrowRecoil() throws {
    let point = try point(0.03, 0.1)
    let narrow = MissingMomentumSearch(
      survivalLength: 20_000, vetoEnergy: 0, recoilEnergy: 0.05...0.1, recoilTransverse: 0.08)
    let experiment = missingMomentum(tracks: .unslowed, depth: 0.1, narrow)
    let found = try mean(8) { try lower(experiment, point, seed: $0) }
    // N ∝ ε²: 2.5 % of ε.
    #expect(found.relativeError < 0.025 / 8.0.squareRoot() * 2)
    // A stable χ₂ counts like one that lives long.
    let stable = try mean(8) {
      try lower(
        experiment,
        ModelPoint(
          chi1Mass: 0.03, massSplitting: 0.5e-3, darkPhotonMass: 0.09), seed: $0)
    }
    let error = found.relativeError + stable.relativeError
    #expect(error < 0.025 / 8.0.squareRoot() * 4 && abs(stable.value / found.value - 1) < 4 * error)
  }

  @Test("what annihilation adds does not depend on the seed", .tags(.statistical))
  func annihilationFlank() throws {
    // BDX at 20 MeV: only the flank of the resonance makes pairs of 0.5 GeV.
    let experiment = dump(tracks: .shower) {
      $0 = DecaySearch(
        decayZ: 20_000...22_950, place: .volume,
        detectors: [.init(share: 1, size: [500, 550])], energy: .summed, minimumEnergy: 0.5)
    }
    var with = experiment
    with.beamEnergy = 11
    with.annihilates = true
    var without = with
    without.annihilates = false
    let point = try point(0.02, 0.1)
    let gain = try mean(10) {
      try lower(without, point, seed: $0) / lower(with, point, seed: $0)
    }
    #expect(gain.value > 1.2 && gain.relativeError < 0.02 / 10.0.squareRoot() * 2)
  }

  @Test("positrons of a thin target are known, though few showers make one", .tags(.statistical))
  func thinPositrons() throws {
    let experiment = missingMomentum(tracks: .shower, depth: 0.05, annihilates: true)
    let point = try point(0.02, 0.1)
    let found = try mean(6) { try lower(experiment, point, seed: $0) }
    let without = try lower(missingMomentum(tracks: .shower, depth: 0.05), point)
    #expect(found.value < without && found.relativeError < 0.025 / 6.0.squareRoot() * 2)
  }

  // MARK: variants

  @Test("variants change one thing each, and have names of their own", .tags(.unit))
  func variants() {
    func names(_ experiment: ThickTargetExperiment) -> [String] {
      ComputedCurve.thickTarget(experiment, seed: 1).variants.map(\.name)
    }
    #expect(
      names(dump(tracks: .shower)) == [
        "default", "events-10", "annihilation", "scattering", "inelastic",
      ])
    #expect(
      names(missingMomentum(tracks: .unslowed, depth: 0.1)) == [
        "default", "events-10", "annihilation", "inelastic",
      ])
    #expect(
      names(missingMomentum(tracks: .shower, depth: 1, annihilates: true)).contains(
        "no-annihilation"))
    var muons = missingMomentum(tracks: .primary, depth: 1)
    muons.beam = .muon
    muons.eventsNeeded = 2.3
    #expect(names(muons) == ["default", "events-3", "events-10", "inelastic"])
    for name in ["e137", "bdx", "ldmx"] {
      #expect(ComputedCurve.Name.thickTarget(name) == "\(name)-computed")
    }
  }

  @Test("angles of the shower change little, and shares of detectors add", .tags(.property))
  func scattering() throws {
    let point = try point(0.05, 0.1)
    let experiment = dump(tracks: .shower)
    let curve = ComputedCurve.thickTarget(experiment, seed: 1)
    let index = try #require(curve.variants.firstIndex { $0.name == "scattering" })
    let (straight, scattered) = try (
      lower(experiment, point), lower(experiment, point, variant: index)
    )
    #expect(straight != scattered && abs(scattered / straight - 1) < 0.05)
    // Two halves of one detector are the detector.
    func reach(_ shares: [Double]) throws -> Double {
      try lower(
        dump { $0.detectors = shares.map { .init(share: $0, size: [3000, 3000]) } }, point)
    }
    // Which sample suffices may differ, by the weights of halves: a per cent or two.
    #expect(abs(try reach([0.5, 0.5]) / reach([1]) - 1) < 0.02)
    // N ∝ ε⁴: half the beam seen.
    #expect(abs(try reach([0.5]) / reach([1]) / pow(2, 0.25) - 1) < 0.02)
  }
}

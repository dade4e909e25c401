import Background
import Integration
import ParticleData
import Sampling
import Testing

@Suite("Sums over candidates, and their limits where none passes")
struct CandidateSumTests {
  private let open = HadronBackground.Vetoes(neutralEnergy: .infinity, trackEnergy: .infinity)
  private let closed = HadronBackground.Vetoes(neutralEnergy: 5, trackEnergy: 5)
  private let photon = CandidateParticle(pdgID: 22, x: 0.1, y: 0, z: 20)

  private func isDoubleFake(_ decay: HadronDecay) -> Double {
    decay.category == .doubleFake ? 1 : 0
  }

  private func sum(
    _ samples: [CandidateSample], _ vetoes: HadronBackground.Vetoes,
    _ factor: ((HadronDecay) -> Double)? = nil
  ) async throws -> CandidateSum {
    try await HadronBackground(samples, .paper(), seed: 1, threads: 2)
      .crossSection(on: .beryllium, vetoes, factor ?? isDoubleFake)
  }

  @Test("a count of zero has a probability of 5 % at 2.996", .tags(.reference))
  func zeroCount() throws {
    let limit = try #require(CandidateSum(.exact(0), largestVetoed: 1).upperLimit)
    // -ln 0.05; 2.996 is what tables print.
    #expect(abs(limit - 2.995_732_273_553_991) < 1e-15)
    #expect(CandidateSum(Estimate(value: 2, error: 1), largestVetoed: nil).upperLimit == nil)
    #expect(CandidateSum.empty.upperLimit == nil)
  }

  @Test("sums keep the largest as long as nothing passes, and factors scale it", .tags(.unit))
  func arithmetic() {
    let (few, more) = (
      CandidateSum(.exact(0), largestVetoed: 2), CandidateSum(.exact(0), largestVetoed: 3)
    )
    let some = CandidateSum(Estimate(value: 5, error: 1), largestVetoed: nil)
    #expect((few + more).largestVetoed == 3 && (few + .empty).largestVetoed == 2)
    #expect((few + some) == some && (some + more) == some && (.empty + .empty) == .empty)
    #expect((4 * few).largestVetoed == 8 && (4 * some).estimate == Estimate(value: 20, error: 4))
    #expect((0 * few).upperLimit == 0)
    // What is computed beside it neither ends a limit nor is lost in it; where it is more, it is the answer.
    let little = CandidateSum.computed(Estimate(value: 1e-15, error: 1e-16))
    #expect((few + little).upperLimit == CandidateSum.zeroCountLimit * 2 + 1e-15)
    #expect((little + few).value == 1e-15 && little.upperLimit == nil)
    let much = CandidateSum.computed(Estimate(value: 31_000, error: 1500))
    #expect((few + much).upperLimit == nil && (few + much).value == 31_000)
    #expect((some + little).upperLimit == nil)
  }

  @Test("the limit is 2.996 times the heaviest candidate that only vetoes stop", .tags(.identity))
  func heaviest() async throws {
    // Each by itself, and without vetoes: what it would contribute.
    let alone = Sample.of([[Sample.kaon, photon]])
    let passing = try await sum([alone], open)
    let vetoed = try await sum([alone], closed)
    #expect(passing.value > 0 && passing.upperLimit == nil)
    #expect(vetoed.estimate == .exact(0))
    // 1e-13: sums in another order.
    let limit = try #require(vetoed.upperLimit)
    #expect(abs(limit / (2.995_732_273_553_991 * passing.value) - 1) < 1e-13)
    // Many of the same do not add: the weight of one, ten times as large where ten times as many generated events are behind each.
    let many = try await sum(
      [Sample.of(Array(repeating: [Sample.kaon, photon], count: 40))], closed)
    // 60 %: the largest of forty, each of which is a hundred decays that spread by a fifth at most.
    #expect(try #require(many.upperLimit) >= limit && #require(many.upperLimit) < 1.6 * limit)
    let heavy = try await sum([Sample.of([[Sample.kaon, photon]], weight: 10)], closed)
    #expect(abs(try #require(heavy.upperLimit) / (10 * limit) - 1) < 1e-13)
    let fewer = try await sum([Sample.of([[Sample.kaon, photon]], generated: 10)], closed)
    #expect(abs(try #require(fewer.upperLimit) / (10 * limit) - 1) < 1e-13)
    // Of two samples the heavier, with its nucleons: 5 neutrons of 900 pb, 4 protons of 1000 pb.
    let neutrons = Sample.of([[Sample.kaon, photon]], picobarn: 900, nucleon: .neutron)
    let neutron = try await sum([neutrons], closed)
    let both = try await sum([alone, neutrons], closed)
    #expect(both.upperLimit == neutron.upperLimit)
    #expect(try #require(both.upperLimit) > limit && #require(both.upperLimit) < 1.5 * limit)
    // One that passes ends it.
    let one = try await sum([alone, Sample.of([[Sample.kaon]], nucleon: .neutron)], closed)
    #expect(one.value > 0 && one.upperLimit == nil)
  }

  @Test(
    "fake rates scale the limit of what they identify; what nothing can make is 0", .tags(.unit))
  func identified() async throws {
    let sample = Sample.of([[Sample.kaon, photon]])
    let all = try #require(try await sum([sample], closed).upperLimit)
    let rates = FakeRates(
      pionAsElectron: 0.01, pionAsMuon: 0.02, protonAsElectron: 0, protonAsMuon: 0)
    let taken = try await sum([sample], closed) {
      isDoubleFake($0) * rates.probability($0.positive, $0.negative)
    }
    // 1e-13: K_S -> pi pi alone: f_e² + f_μ².
    #expect(abs(try #require(taken.upperLimit) / (5e-4 * all) - 1) < 1e-13)
    let never = try await sum([sample], closed) { _ in 0 }
    #expect(never.estimate == .exact(0) && never.upperLimit == 0)
    // No candidate has such tracks: nothing is known.
    let proton = try await sum([sample], closed) { $0.parent == .lambda ? 1 : 0 }
    #expect(proton == .empty)
  }

  /// Candidates of many energies, of which one in five has nothing beside it.
  private var mixture: CandidateSample {
    var stream = RandomStream(seed: 5, purpose: .test, point: 0, batch: 0)
    let events = (0..<2000).map { number in
      let kaon = CandidateParticle(
        pdgID: 310, x: 0.3 * stream.uniform(), y: -0.2 * stream.uniform(),
        z: 11 + 60 * stream.uniform())
      return number % 5 == 0 ? [kaon] : [kaon, photon]
    }
    return Sample.of(events, generated: 100_000)
  }

  @Test(
    "thinned samples in which nothing passes: the limit lies above the truth", .tags(.statistical))
  func coverage() async throws {
    let whole = mixture
    let truth = try await sum([whole], closed).value
    let forced = ForcedDecays.paper(repetitions: 20)
    // Of 400 candidates that may pass, so many are left on average.
    for (mean, tries) in [(0.5, 100), (1, 120), (2, 200), (4, 200)] {
      var stream = RandomStream(seed: 6, purpose: .test, point: UInt64(10 * mean), batch: 0)
      var (empty, known, covered, byOne) = (0, 0, 0, 0)
      for _ in 0..<tries {
        var thin = whole
        thin.events = whole.events.filter { _ in stream.uniform() < mean / 400 }
        thin.eventsGenerated = Int(100_000 * mean / 400)
        let found = try await HadronBackground([thin], forced, seed: 1, threads: 1)
          .crossSection(on: .beryllium, closed, isDoubleFake)
        guard found.value == 0 else { continue }
        empty += 1
        guard let limit = found.upperLimit else { continue }
        known += 1
        if limit > truth { covered += 1 }
        if limit > 2.996 * truth { byOne += 1 }
      }
      // Of all samples at most one in twenty is empty with a truth above its limit.
      #expect(Double(known - covered) <= 0.05 * Double(tries), "\(mean)")
      // The weight of one candidate instead of 2.996 would not do.
      if mean == 2 { #expect(Double(known - byOne) > 0.05 * Double(tries)) }
      // Those of mean 2 and less are covered nearly always, even among empty ones alone.
      if mean <= 2 {
        #expect(empty > tries / 20 && Double(covered) >= 0.95 * Double(known), "\(mean)")
      }
    }
  }
}

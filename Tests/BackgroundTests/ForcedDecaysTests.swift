import Background
import Foundation
import Kinematics
import ParticleData
import Sampling
import Selection
import Testing

/// Decays as nature has them, by textbook kinematics: nothing of the code under test.
private struct Nature {
  var stream: RandomStream

  init(_ point: UInt64) {
    stream = RandomStream(seed: 5, purpose: .test, point: point, batch: 0)
  }

  /// Two bodies of a parent, evenly in its rest frame.
  mutating func twoBodies(_ parent: FourMomentum, _ M: Double, _ a: Double, _ b: Double) -> (
    FourMomentum, FourMomentum
  ) {
    let p = ((M * M - (a + b) * (a + b)) * (M * M - (a - b) * (a - b))).squareRoot() / (2 * M)
    let cosine = 2 * stream.uniform() - 1
    let (sine, phi) = ((1 - cosine * cosine).squareRoot(), 2 * Double.pi * stream.uniform())
    let direction = SIMD3(sine * cos(phi), sine * sin(phi), cosine)
    let K = SIMD3(parent.x, parent.y, parent.z)
    func moved(_ q: SIMD3<Double>, _ m: Double) -> FourMomentum {
      let E = (m * m + (q * q).sum()).squareRoot()
      let energy = (parent.energy * E + (K * q).sum()) / M
      let r = q + ((energy + E) / (parent.energy + M)) * K
      return FourMomentum(energy: energy, x: r.x, y: r.y, z: r.z)
    }
    return (moved(p * direction, a), moved(-p * direction, b))
  }

  /// Where a particle decays along the beam, in mm.
  mutating func decayPosition(_ p: FourMomentum, mass: Double, length: Double) -> Double {
    -length * log(stream.uniform()) * p.z / mass
  }

  func vertex(_ p: FourMomentum, at z: Double) -> SIMD3<Double> {
    SIMD3(p.x / p.z * z, p.y / p.z * z, z)
  }

  /// Where a line is at z, at most so far from the axis in x and in y.
  func isInside(
    _ half: Double, at z: Double, _ p: FourMomentum, from vertex: SIMD3<Double> = .zero
  ) -> Bool {
    p.z > 0 && z > vertex.z && abs(vertex.x + p.x / p.z * (z - vertex.z)) <= half
      && abs(vertex.y + p.y / p.z * (z - vertex.z)) <= half
  }
}

@Suite("Forced decays", .tags(.unit))
struct ForcedDecaysTests {
  private let pions = HadronDecay.all.firstIndex { $0.name == "K_S -> pi+ pi-" } ?? -1

  private func run(
    _ sample: CandidateSample, _ forced: ForcedDecays = .paper(), seed: UInt64 = 1, threads: Int = 2
  ) async throws -> [ForcedDecay] {
    try await forced(sample, seed: seed, threads: threads)
  }

  /// Accepted cross sections of a decay in pb, of vetoes of choice.
  private func sum(
    _ decays: [ForcedDecay], _ index: Int, where passes: (ForcedDecay) -> Bool = { _ in true }
  ) -> Double {
    decays.reduce(0) { $0 + ($1.decay == index && passes($1) ? $1.weight : 0) }
  }

  @Test(
    "K_S -> pi pi in the window is what drawn decays give", .tags(.statistical),
    arguments: [
      CandidateParticle(pdgID: 310, x: 0.15, y: -0.1, z: 22),
      CandidateParticle(pdgID: 310, x: -1.2, y: 0.4, z: 40),
      CandidateParticle(pdgID: 310, x: 0, y: 0, z: 11),
    ])
  func drawnDecays(particle: CandidateParticle) async throws {
    let decays = try await run(Sample.of([[particle]]), .paper(repetitions: 40_000))
    // 1000 pb of 100 events: 10 pb, times the branching ratio.
    let probability = sum(decays, pions) / (10 * 0.6920)
    var nature = Nature(1)
    let (parent, draws) = (particle.momentum, 400_000)
    var seen = 0
    for _ in 0..<draws {
      let z = nature.decayPosition(parent, mass: Mass.neutralKaon, length: 26.844)
      let (a, b) = nature.twoBodies(
        parent, Mass.neutralKaon, Mass.chargedPion, Mass.chargedPion)
      let vertex = nature.vertex(parent, at: z)
      if (25...140).contains(z), min(a.energy, b.energy) > 5, a.angle(to: b) > 1e-3,
        [150.0, 575, 1000].allSatisfy({
          nature.isInside(50, at: $0, a, from: vertex)
            && nature.isInside(50, at: $0, b, from: vertex)
        })
      {
        seen += 1
      }
    }
    let drawn = Double(seen) / Double(draws)
    // Five standard errors: of the draws, and of the forced decays, whose spread is at most that of a yes or no on 40 000.
    let error = (probability * (1 - probability) * (1 / Double(draws) + 1 / 40_000)).squareRoot()
    #expect(abs(probability - drawn) < 5 * error, "forced \(probability), drawn \(drawn)")
    #expect(probability > 20 * error)
  }

  @Test("how often hadrons are made to decay does not change the mean", .tags(.statistical))
  func repetitions() async throws {
    // 1000 equal events decay once, or ten a hundred times: the same expectation per event. The photon is seen from three of
    // five stations, for whatever number of repetitions.
    let photon = CandidateParticle(pdgID: 22, x: 1.5, y: 0, z: 10)
    func mean(_ events: Int, _ repetitions: Int) async throws -> (all: Double, seen: Double) {
      let sample = Sample.of(Array(repeating: [Sample.kaon, photon], count: events))
      let decays = try await run(sample, .paper(repetitions: repetitions))
      return (
        sum(decays, pions) / Double(events),
        sum(decays, pions) { $0.hardestNeutral > 5 } / Double(events)
      )
    }
    let reference = try await mean(10, 4000)
    for (events, repetitions) in [(10_000, 1), (4000, 3), (100, 100)] {
      let (all, seen) = try await mean(events, repetitions)
      // Five standard errors: a fifth or more of the decays is accepted, so that one has a relative spread of 2 at most.
      let tolerance = 5 * 2 / (Double(events * repetitions)).squareRoot()
      #expect(abs(all / reference.all - 1) < tolerance, "\(repetitions): \(all)")
      // x = 0.15 z: 157 mm at the calorimeter, 307, 457 for the third, 607 beyond its edge: three of five.
      #expect(abs(seen / all - 0.6) < tolerance, "\(repetitions): \(seen / all)")
    }
    #expect(abs(reference.seen / reference.all - 0.6) < 0.05)
  }

  @Test("weights of candidates and cross sections are proportional")
  func weights() async throws {
    let once = try await run(Sample.of([[Sample.kaon]]))
    let triple = try await run(Sample.of([[Sample.kaon]], weight: 3))
    let dense = try await run(Sample.of([[Sample.kaon]], picobarn: 4000))
    let rare = try await run(Sample.of([[Sample.kaon]], generated: 800))
    #expect(once.count > 20)
    // 1e-14: products in another order.
    for (other, factor) in [(triple, 3.0), (dense, 4), (rare, 0.125)] {
      #expect(other.count == once.count)
      for (a, b) in zip(other, once) { #expect(abs(a.weight / (factor * b.weight) - 1) < 1e-14) }
    }
  }

  @Test("threads do not matter; another seed draws others", .tags(.identity))
  func threads() async throws {
    let sample = Sample.of([[Sample.kaon], [CandidateParticle(pdgID: 3122, x: 0, y: 0.1, z: 30)]])
    let one = try await run(sample, threads: 1)
    let three = try await run(sample, threads: 3)
    let other = try await run(sample, seed: 2)
    #expect(one == three && one != other && one.count > 30)
    #expect(Set(one.map(\.candidate)) == [0, 1])
  }

  @Test("each hadron decays in its own ways, and no one below twice the least energy")
  func parents() async throws {
    let ids = [310, 130, 3122, -3122, 3322, 2112, 22]
    for id in ids {
      let decays = try await run(
        Sample.of([[CandidateParticle(pdgID: id, x: 0.1, y: 0, z: 25)]]))
      #expect(decays.allSatisfy { HadronDecay.all[$0.decay].parent.rawValue == id }, "\(id)")
      #expect(decays.isEmpty == (id == 3322 || id == 2112 || id == 22), "\(id)")
    }
    let slow = Sample.of([[CandidateParticle(pdgID: 310, x: 0, y: 0, z: 9.98)]])
    #expect(try await run(slow).isEmpty)
  }

  // MARK: the rest of the event

  @Test("a second K_S of 8 GeV is seen, or decays into what is too soft to be seen")
  func secondKaon() async throws {
    let second = CandidateParticle(pdgID: 310, x: 0.05, y: 0.02, z: 8)
    let decays = try await run(
      Sample.of([[Sample.kaon, second]]), .paper(repetitions: 20_000)
    ).filter { $0.decay == pions && $0.candidate == 0 }
    let energy = second.momentum.energy
    #expect(decays.allSatisfy { $0.hardestHadron == energy } && decays.count > 1000)
    let seen = HadronBackground.Vetoes(neutralEnergy: 5, trackEnergy: 5, otherHadrons: .seen)
    let decaying = HadronBackground.Vetoes(neutralEnergy: 5, trackEnergy: 5, otherHadrons: .decay)
    #expect(!decays.contains { seen.pass($0) })
    // By itself, as nature has it.
    var nature = Nature(2)
    let (draws, parent) = (100_000, second.momentum)
    var passing = 0
    for draw in 0..<draws {
      let face = 1050 + 1000 * Double(draw % 5)
      let z = nature.decayPosition(parent, mass: Mass.neutralKaon, length: 26.844)
      guard z < face else { continue }
      let vertex = nature.vertex(parent, at: z)
      if nature.stream.uniform() < 0.6920 {
        // Tracks above 5 of 8 GeV fly forward: all are seen.
        let (a, b) = nature.twoBodies(
          parent, Mass.neutralKaon, Mass.chargedPion, Mass.chargedPion)
        passing += max(a.energy, b.energy) <= 5 ? 1 : 0
      } else {
        let (a, b) = nature.twoBodies(parent, Mass.neutralKaon, Mass.neutralPion, Mass.neutralPion)
        let (c, d) = nature.twoBodies(a, Mass.neutralPion, 0, 0)
        let (e, f) = nature.twoBodies(b, Mass.neutralPion, 0, 0)
        passing +=
          [c, d, e, f].contains {
            $0.energy > 5 && nature.isInside(500, at: face, $0, from: vertex)
          } ? 0 : 1
      }
    }
    let expected = Double(passing) / Double(draws)
    let total = decays.reduce(0) { $0 + $1.weight }
    let kept = decays.filter(decaying.pass).reduce(0) { $0 + $1.weight } / total
    let effective = total * total / decays.reduce(0) { $0 + $1.weight * $1.weight }
    // Five standard errors of a share, on either side.
    let error = (expected * (1 - expected) * (1 / effective + 1 / Double(draws))).squareRoot()
    #expect(abs(kept - expected) < 5 * error, "\(kept) \(expected)")
    #expect(expected > 0.1 && expected < 0.9)
  }

  private func hardest(
    _ other: CandidateParticle, _ forced: ForcedDecays = .paper()
  ) async throws -> [ForcedDecay] {
    let decays = try await run(Sample.of([[Sample.kaon, other]]), forced)
    let found = decays.filter { HadronDecay.all[$0.decay].name == "K_S -> pi+ pi-" }
    try #require(found.count > 20)
    return found
  }

  @Test("photons count by energy, where they hit the calorimeter")
  func photons() async throws {
    let ahead = try await hardest(CandidateParticle(pdgID: 22, x: 0, y: 0, z: 6))
    #expect(ahead.allSatisfy { $0.hardestNeutral == 6 && $0.hardestTrack == 0 })
    func passes(_ threshold: Double) -> Int {
      let vetoes = HadronBackground.Vetoes(neutralEnergy: threshold, trackEnergy: 5)
      return ahead.count { vetoes.pass($0) }
    }
    #expect(passes(5.999) == 0 && passes(6.001) == ahead.count)
    // 0.5 · 1050 = 525 mm, beyond the edge at 500 mm; backwards.
    for photon in [(3.0, 0.0, 6.0), (0, -3, 6), (0, 0, -6)] {
      let missed = try await hardest(
        CandidateParticle(pdgID: 22, x: photon.0, y: photon.1, z: photon.2))
      #expect(missed.allSatisfy { $0.hardestNeutral == 0 })
    }
    // 0.45 · 1050 = 472 mm and 0.45 · 2050 = 922 mm: seen from the last of five stations alone.
    let last = try await hardest(CandidateParticle(pdgID: 22, x: 2.7, y: 0, z: 6))
    let energy = (2.7 * 2.7 + 36).squareRoot()
    let share = Double(last.count { $0.hardestNeutral == energy }) / Double(last.count)
    #expect(share > 0.05 && share < 0.4, "\(share)")
    // Without a calorimeter nothing neutral is seen.
    let none = try await hardest(
      CandidateParticle(pdgID: 22, x: 0, y: 0, z: 6), .paper(calorimeter: false))
    #expect(none.allSatisfy { $0.hardestNeutral == 0 })
  }

  @Test("neutrons and K_L are seen or not; neutrinos never")
  func neutralHadrons() async throws {
    for id in [2112, -2112, 130] {
      let particle = CandidateParticle(pdgID: id, x: 0.01, y: 0, z: 7)
      var forced = ForcedDecays.paper()
      let seen = try await hardest(particle, forced)
      #expect(seen.allSatisfy { $0.hardestNeutral == particle.momentum.energy }, "\(id)")
      forced.neutralHadronsAreSeen = false
      #expect(try await hardest(particle, forced).allSatisfy { $0.hardestNeutral == 0 }, "\(id)")
    }
    for id in [12, -14, 16] {
      let found = try await hardest(CandidateParticle(pdgID: id, x: 0, y: 0, z: 7))
      #expect(found.allSatisfy { $0.hardestNeutral == 0 && $0.hardestTrack == 0 }, "\(id)")
    }
  }

  @Test("tracks count by energy, where they hit a plane or the calorimeter")
  func tracks() async throws {
    for id in [211, -211, 321, 2212, 13, -11, 3112, 3312] {
      let track = CandidateParticle(pdgID: id, x: 0.3, y: 0, z: 5.5)
      let found = try await hardest(track)
      #expect(found.allSatisfy { $0.hardestTrack == track.momentum.energy }, "\(id)")
      #expect(found.allSatisfy { $0.hardestNeutral == 0 && $0.hardestHadron == 0 }, "\(id)")
    }
    // 0.3 · 150 = 45 mm meets the first plane; 0.6 · 150 = 90 mm no plane, 0.6 · 1050 = 630 mm no calorimeter.
    let near = try await hardest(CandidateParticle(pdgID: 211, x: 1.8, y: 0, z: 6))
    #expect(near.allSatisfy { $0.hardestTrack > 6 })
    let wide = try await hardest(CandidateParticle(pdgID: 211, x: 3.6, y: 0, z: 6))
    #expect(wide.allSatisfy { $0.hardestTrack == 0 })
    let backward = try await hardest(CandidateParticle(pdgID: 211, x: 0, y: 0, z: -6))
    #expect(backward.allSatisfy { $0.hardestTrack == 0 })
    let vetoes = HadronBackground.Vetoes(neutralEnergy: 5, trackEnergy: 5)
    #expect(!near.contains { vetoes.pass($0) } && wide.allSatisfy { vetoes.pass($0) })
  }

  @Test("a decay's own photons are seen")
  func ownPhotons() async throws {
    let kaon = CandidateParticle(pdgID: 130, x: 0.1, y: 0, z: 30)
    let decays = try await run(Sample.of([[kaon]]))
    let withPion = decays.filter { HadronDecay.all[$0.decay].name == "K_L -> pi+ pi- pi0" }
    let without = decays.filter { HadronDecay.all[$0.decay].name == "K_L -> pi+ pi-" }
    // All but the rare pair of photons that both miss the calorimeter.
    #expect(
      withPion.count > 10 && withPion.count { $0.hardestNeutral > 0 } > withPion.count * 9 / 10)
    #expect(without.count > 10 && without.allSatisfy { $0.hardestNeutral == 0 })
  }

  // MARK: pairs from the target

  @Test("pairs from the target: charges, energies, angle, planes, and what else is there")
  func promptPairs() throws {
    func pairs(
      _ particles: (Int, Double, Double)..., other: [CandidateParticle] = [],
      forced: ForcedDecays = .paper()
    ) -> [PromptPair] {
      forced.promptPairs(
        Sample.of(
          [particles.map { CandidateParticle(pdgID: $0.0, x: $0.1, y: 0, z: $0.2) } + other],
          weight: 2, kind: .pair), seed: 1)
    }
    #expect(pairs((211, 0.1, 10), (-13, 0, 8)).isEmpty)  // both positive
    let pair = try #require(pairs((211, 0.1, 10), (13, 0, 8)).first)
    // 2 · 1000 pb/100.
    #expect(abs(pair.weight - 20) < 1e-12 && pair.species == [.pion, .muon])
    #expect(abs(pair.openingAngle - atan(0.01)) < 1e-12)
    #expect(pair.hardestNeutral == 0 && pair.hardestTrack == 0 && pair.hardestHadron == 0)
    #expect(pairs((211, 0.1, 10), (-211, 0, 4)).isEmpty)
    #expect(pairs((211, 0.005, 10), (-211, 0, 8)).isEmpty)  // 0.5 mrad
    #expect(pairs((211, 0.6, 10), (-211, 0, 8)).isEmpty)  // 60 mm at 1 m
    #expect(pairs((211, 0.1, 10), (-211, 0, 8), (211, 0, 6)).isEmpty)
    let two = ForcedDecays.paper { $0.requiredPlanes = .atLeast(2) }
    #expect(pairs((211, 0.6, 10), (-211, 0, 8), forced: two).count == 1)
    let kaon = CandidateParticle(pdgID: 310, x: 0, y: 0, z: 8)
    let beside = try #require(pairs((211, 0.1, 10), (-211, 0, 8), other: [kaon]).first)
    #expect(beside.hardestHadron == kaon.momentum.energy)
    #expect(
      !HadronBackground.Vetoes(neutralEnergy: 5, trackEnergy: 5, otherHadrons: .seen).pass(beside))
  }
}

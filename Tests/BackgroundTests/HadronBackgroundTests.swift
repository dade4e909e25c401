import Background
import Integration
import ParticleData
import Testing
import Units

@Suite("What candidates leave", .tags(.unit))
struct HadronBackgroundTests {
  private let open = HadronBackground.Vetoes(neutralEnergy: .infinity, trackEnergy: .infinity)

  private func isIn(_ category: BackgroundCategory) -> (HadronDecay) -> Double {
    { $0.category == category ? 1 : 0 }
  }

  private func background(_ samples: [CandidateSample]) async throws -> HadronBackground {
    try await HadronBackground(samples, .paper(), seed: 1, threads: 2)
  }

  @Test("the cross section on beryllium is that of 4 protons and 5 neutrons", .tags(.identity))
  func nuclei() async throws {
    let proton = try await background([Sample.of([[Sample.kaon]])])
    let neutron = try await background([
      Sample.of([[Sample.kaon]], picobarn: 300, nucleon: .neutron)
    ])
    let both = try await background([
      Sample.of([[Sample.kaon]]), Sample.of([[Sample.kaon]], picobarn: 300, nucleon: .neutron),
    ])
    func sigma(_ background: HadronBackground, _ material: Material) -> CandidateSum {
      background.crossSection(on: material, open, isIn(.doubleFake))
    }
    let unit = proton.parts[0].decays.filter { HadronDecay.all[$0.decay].category == .doubleFake }
      .reduce(0) { $0 + $1.weight }
    let neutronUnit = neutron.parts[0].decays.filter {
      HadronDecay.all[$0.decay].category == .doubleFake
    }.reduce(0) { $0 + $1.weight }
    // 1e-13: sums in another order.
    #expect(abs(sigma(proton, .beryllium).value / (4 * unit) - 1) < 1e-13)
    #expect(abs(sigma(neutron, .beryllium).value / (5 * neutronUnit) - 1) < 1e-13)
    let sum = sigma(proton, .beryllium) + sigma(neutron, .beryllium)
    #expect(abs(sigma(both, .beryllium).value / sum.value - 1) < 1e-13)
    #expect(abs(sigma(both, .beryllium).error / sum.error - 1) < 1e-12)
    for material in Material.builtIn {
      let Z = Double(material.atomicNumber)
      #expect(Nucleon.proton.count(in: material) == Z)
      #expect(Nucleon.neutron.count(in: material) == material.massNumber - Z)
      #expect(
        abs(
          sigma(both, material).value - Z * unit - (material.massNumber - Z) * neutronUnit)
          < 1e-12 * sigma(both, material).value)
    }
  }

  @Test("the error is that of candidates, not of their decays", .tags(.statistical))
  func errors() async throws {
    // n equal candidates of N: σ = n x ± x √(n - n²/N), whatever the decays of each.
    let sample = Sample.of(Array(repeating: [Sample.kaon], count: 25), generated: 100)
    let estimate = try await background([sample]).crossSection(
      on: .beryllium, open, isIn(.doubleFake)
    ).estimate
    let expected = (1.0 / 25 - 1.0 / 100).squareRoot()
    // 5 %: a hundred decays of each candidate spread by a fifth, whose square adds to the squares of 1/25 - 1/100.
    #expect(abs(estimate.relativeError / expected - 1) < 0.05, "\(estimate) \(expected)")
    let none = try await background([Sample.of([])])
      .crossSection(on: .beryllium, open, isIn(.doubleFake))
    #expect(none == .empty && none.estimate == .exact(0) && none.upperLimit == nil)
  }

  @Test("categories of decays, and how many fakes each needs")
  func categories() {
    let expected: [String: (BackgroundCategory, Int)] = [
      "K_S -> pi+ pi-": (.doubleFake, 2), "K_L -> pi+ pi- pi0": (.doubleFake, 2),
      "Lambda -> p pi-": (.doubleFake, 2), "anti-Lambda -> pi+ pbar": (.doubleFake, 2),
      "K_S -> pi+ mu- nu": (.realLeptonFakeHadron, 1),
      "K_L -> e+ pi- nu": (.realLeptonFakeHadron, 1),
      "Lambda -> p mu- nu": (.realLeptonFakeHadron, 1),
      "anti-Lambda -> e+ pbar nu": (.realLeptonFakeHadron, 1),
      "K_S -> 2 pi0, one to e+ e- gamma": (.realDilepton, 0),
      "K_L -> 3 pi0, one to e+ e- gamma": (.realDilepton, 0),
      "K_L -> mu+ mu- gamma": (.realDilepton, 0),
    ]
    for (name, (category, fakes)) in expected {
      let decay = HadronDecay.all.first { $0.name == name }
      let needed = decay.map { TrackSpecies.fakesNeeded($0.positive, $0.negative) }
      #expect(decay?.category == category && needed == fakes, "\(name)")
    }
    #expect(TrackSpecies.fakesNeeded(.electron, .muon) == nil)
    #expect(TrackSpecies.fakesNeeded(.muon, .muon) == 0)
    for decay in HadronDecay.all {
      let leptons = [decay.positive, decay.negative].count(where: \.isLepton)
      #expect(TrackSpecies.fakesNeeded(decay.positive, decay.negative) == 2 - leptons)
      // Every pair that is wanted has the flavour that its lepton has.
      #expect(FakeRates(1).probability(decay.positive, decay.negative) > 0, "\(decay.name)")
    }
    #expect(
      BackgroundCategory.allCases.map(\.rawValue) == [
        "double-fake", "real-lepton-fake-hadron", "real-dilepton", "qed-hadroproduction",
        "misreconstructed-vertex",
      ])
  }

  @Test("fake rates make pairs of one flavour")
  func fakeRates() {
    let rates = FakeRates(
      pionAsElectron: 0.01, pionAsMuon: 0.02, protonAsElectron: 0.03, protonAsMuon: 0.05)
    // 1e-17: products and one sum of numbers below 10⁻².
    #expect(abs(rates.probability(.pion, .pion) - (1e-4 + 4e-4)) < 1e-17)
    #expect(abs(rates.probability(.proton, .pion) - (3e-4 + 1e-3)) < 1e-17)
    #expect(rates.probability(.pion, .muon) == 0.02 && rates.probability(.electron, .pion) == 0.01)
    #expect(rates.probability(.proton, .electron) == 0.03)
    #expect(rates.probability(.proton, .muon) == 0.05)
    #expect(rates.probability(.electron, .electron) == 1)
    #expect(rates.probability(.muon, .muon) == 1)
    // No e μ pairs in the signal.
    #expect(rates.probability(.electron, .muon) == 0)
    #expect(FakeRates(0).probability(.pion, .pion) == 0)
  }

  @Test("identified events are events times rates, category by category")
  func identified() async throws {
    let fast = CandidateParticle(pdgID: 310, x: 0.1, y: 0, z: 70)
    let background = try await background([Sample.of(Array(repeating: [fast], count: 20))])
    let rates = FakeRates(
      pionAsElectron: 0.01, pionAsMuon: 0.02, protonAsElectron: 0, protonAsMuon: 0)
    func taken(_ category: BackgroundCategory) -> CandidateSum {
      background.crossSection(on: .beryllium, open) {
        $0.category == category ? rates.probability($0.positive, $0.negative) : 0
      }
    }
    let all = background.crossSection(on: .beryllium, open, isIn(.doubleFake))
    // 1e-13: one decay, K_S -> pi pi, alone is in the category.
    #expect(abs(taken(.doubleFake).value / (5e-4 * all.value) - 1) < 1e-13)
    let pairs = background.crossSection(on: .beryllium, open, isIn(.realDilepton))
    #expect(pairs == taken(.realDilepton))
    #expect(pairs.value > 0)
  }

  @Test("a lower threshold vetoes no less", .tags(.property))
  func monotonic() async throws {
    let others = [3.0, 4, 6, 8, 12].flatMap { energy in
      [22, 310, 2112, 3122].map { CandidateParticle(pdgID: $0, x: 0.2, y: 0, z: energy) }
    }
    let background = try await background([Sample.of(others.map { [Sample.kaon, $0] })])
    for treatment in BackgroundSettings.OtherHadrons.allCases {
      var previous = -1.0
      for threshold in [0.1, 1, 3.5, 5, 7, 10, 100] {
        let sigma = background.crossSection(
          on: .beryllium,
          HadronBackground.Vetoes(
            neutralEnergy: threshold, trackEnergy: min(5, threshold), otherHadrons: treatment),
          isIn(.doubleFake)
        ).value
        #expect(sigma >= previous, "\(treatment) \(threshold)")
        previous = sigma
      }
      #expect(previous > 0)
    }
  }
}

import Constraints
import DarkSector
import Foundation
import Recasts
import Sampling
import Testing

@Suite("Computed curves") struct ComputedCurvesTests {
  private func curve(_ name: String, confidenceLevel: Double = 0.95, seed: UInt64 = 1) throws
    -> ComputedCurve
  {
    let all = ComputedCurve.colliders(confidenceLevel: confidenceLevel, seed: seed)
    return try #require(all.first { $0.name == name })
  }

  private func place(_ m1: Double, _ splitting: Double, alphaD: Double = 0.1, ratio: Double = 3)
    -> ConstraintPoint
  {
    ConstraintPoint(
      m1: m1, splittingOverM1: splitting, alphaD: alphaD, mediatorMassOverM1: ratio,
      epsilon: 1e-3)
  }

  private func model(_ m1: Double, _ splitting: Double) throws -> ModelPoint {
    try ModelPoint(chi1Mass: m1, massSplitting: splitting * m1, darkPhotonMass: 3 * m1)
  }

  private func reading(
    _ name: String, _ variant: String, _ place: ConstraintPoint, seed: UInt64 = 1
  )
    throws -> ConstraintReading
  {
    let curve = try curve(name, seed: seed)
    let variant = try #require(curve.variants.first { $0.name == variant })
    return curve.reading(at: place, variant: variant)
  }

  private func lowest(_ reading: ConstraintReading) throws -> Double {
    try #require(reading.epsilons.first).lowerBound
  }

  /// The reason for which there is no number.
  private func silence(_ reading: ConstraintReading) -> String? {
    guard case .isSilent(let reason) = reading else { return nil }
    return "\(reason)"
  }

  private func mismatch(_ reading: ConstraintReading) -> String? {
    guard case .doesNotApply(let reason) = reading else { return nil }
    return "\(reason)"
  }

  @Test("every name that is kept in one place is that of a curve or a variant", .tags(.unit))
  func names() {
    typealias Name = ComputedCurve.Name
    typealias Variant = ComputedCurve.VariantName
    let all = ComputedCurve.colliders(confidenceLevel: 0.95, seed: 1)
    let singlePhoton = [
      Variant.noVeto, Variant.veto, Variant.keenestVeto, Variant.laxestVeto,
    ]
    let expected = [
      (
        Name.lep,
        [Variant.published, Variant.treeLevelOneSided, Variant.treeLevelTwoSided]
      ),
      (Name.baBar, singlePhoton), (Name.belle2, singlePhoton),
      (Name.baBarDisplaced, [Variant.vertexFrom10mm, Variant.vertexFrom236mm]),
      (Name.belle2Displaced, [Variant.vertexFrom10mm, Variant.vertexFrom170mm]),
    ]
    #expect(all.map(\.name) == expected.map(\.0))
    for (name, variants) in expected {
      let curve = ComputedCurve.named(name, among: all)
      for variant in variants {
        #expect(curve.variant(named: variant).name == variant, "\(name)")
      }
    }
  }

  @Test("names are new, data exclude and what is to come projects, the default leads", .tags(.unit))
  func list() throws {
    let all = ComputedCurve.colliders(confidenceLevel: 0.95, seed: 1)
    #expect(
      all.map { [$0.name, $0.kind.rawValue, $0.variants.first?.name] } == [
        ["lep-computed", "exclusion", "published"],
        ["babar-computed", "exclusion", "veto-0.1-GeV"],
        ["belle2-computed", "projection", "veto-0.1-GeV"],
        ["babar-displaced-computed", "projection", "vertex-from-10-mm"],
        ["belle2-displaced-computed", "projection", "vertex-from-170-mm"],
      ])
    let digitised = Set(ConstraintCatalogue.builtIn.curves.map(\.name))
    for curve in all {
      #expect(!digitised.contains(curve.name))
      #expect(Set(curve.variants.map(\.name)).count == curve.variants.count)
      // For any point: neither digitised nor bound to parameters.
      #expect(curve.origin == .computed)
      #expect(
        curve.assumptions
          == CurveAssumptions(splittingOverM1: nil, alphaD: nil, mediatorMassOverM1: nil))
    }
  }

  @Test("a reading that names no variant is the default's, at any ε of the point", .tags(.unit))
  func standard() throws {
    for curve in ComputedCurve.colliders(confidenceLevel: 0.95, seed: 1) {
      let place = place(0.3, 0.4)
      let expected = curve.reading(at: place, variant: curve.variants[0])
      #expect(!expected.epsilons.isEmpty)
      #expect(curve.reading(at: place) == expected)
      // Computed for the point, it holds there: there is nothing beyond.
      #expect(curve.reading(at: place, beyondValidity: true) == expected)
      let elsewhere = ConstraintPoint(
        m1: 0.3, splittingOverM1: 0.4, alphaD: 0.1, mediatorMassOverM1: 3, epsilon: 0.5)
      #expect(curve.reading(at: elsewhere) == expected)
    }
  }

  // MARK: the searches behind them

  /// The lower edge of a digitised curve as a limit, each point as it is read.
  private func invisibleLimit(_ name: String, _ masses: [Double]) throws -> InvisibleLimit {
    let digitised = try ConstraintCatalogue.builtIn.curve(named: name)
    return try InvisibleLimit(
      masses.map { m1 in
        (3 * m1, try #require(digitised.excludedOrdinates(atM1: m1).first).lowerBound)
      })
  }

  @Test("single photons: the search with the cuts that the page names", .tags(.identity))
  func monophoton() throws {
    // Photons between cosines -0.4 and 0.6, charged products between 17° and 142°.
    let seen = cos(142 * Double.pi / 180)...cos(17 * Double.pi / 180)
    for (name, collider, radius, z) in [
      ("babar", Collider.pepII, 1350.0, -1200.0...2200.0),
      ("belle2", Collider.superKEKB, 1600.0, -1500.0...2400.0),
    ] {
      let m1 = 0.3
      let search = MonophotonSearch(
        collider: collider, photonCosines: -0.4...0.6,
        veto: VisibleDecayVeto(radius: radius, z: z, minimumEnergy: 0.05, cosines: seen),
        invisibleLimit: try invisibleLimit(name, [0.29, m1, 0.31]))
      for (splitting, alphaD) in [(0.2, 0.1), (0.4, 0.5)] {
        let expected = try #require(
          try search.excludedMixings(model(m1, splitting), alphaD: alphaD, seed: 7))
        let found = try reading(
          "\(name)-computed", "veto-0.05-GeV", place(m1, splitting, alphaD: alphaD), seed: 7)
        try #require(found.epsilons.count == expected.intervals.count)
        for (a, b) in zip(found.epsilons, expected.intervals) {
          // 1e-6: the cosines are written with seven digits, a root is sought to 10⁻⁹.
          #expect(abs(a.lowerBound / b.lowerBound - 1) < 1e-6, "\(name), Δ/m₁ = \(splitting)")
          #expect(abs(a.upperBound / b.upperBound - 1) < 1e-6)
        }
      }
    }
  }

  @Test("displaced pairs: the search with the cuts that the page names", .tags(.identity))
  func displaced() throws {
    let seen = cos(142 * Double.pi / 180)...cos(17 * Double.pi / 180)
    for (name, collider, luminosity, radii, z) in [
      ("babar", Collider.pepII, 5.14e5, [10.0, 236], -1200.0...1500.0),
      ("belle2", Collider.superKEKB, 5e7, [170.0, 10], -550.0...1400.0),
    ] {
      for radius in radii {
        let search = DisplacedPairSearch(
          collider: collider, luminosity: luminosity, photonCosines: -0.4...0.6,
          vertexRadius: radius...(name == "babar" ? 500 : 600), vertexZ: z, minimumEnergy: 0.1,
          leptonCosines: seen, minimumOpeningAngle: 0.1, minimumPairMass: 0.03)
        let expected = try #require(
          try search.reachedMixings(model(0.5, 0.4), alphaD: 0.1, confidenceLevel: 0.95, seed: 7))
        let found = try reading(
          "\(name)-displaced-computed", "vertex-from-\(Int(radius))-mm", place(0.5, 0.4), seed: 7)
        try #require(!found.epsilons.isEmpty && found.epsilons.count == expected.intervals.count)
        for (a, b) in zip(found.epsilons, expected.intervals) {
          #expect(abs(a.lowerBound / b.lowerBound - 1) < 1e-6, "\(name) from \(radius) mm")
          #expect(abs(a.upperBound / b.upperBound - 1) < 1e-6)
        }
      }
    }
  }

  @Test(
    "the electroweak fit: from the published limit up to ε = 1, whatever decays", .tags(.identity))
  func electroweak() throws {
    for m1 in [0.01, 1, 20, 40, 300] {
      let limit = try #require(ElectroweakFit.publishedLimit(darkPhotonMass: 3 * m1))
      for (splitting, alphaD) in [(0, 0.1), (0.4, 0.01), (0.9, 0.5)] {
        #expect(
          try reading("lep-computed", "published", place(m1, splitting, alphaD: alphaD))
            == .excludes([ExcludedInterval(limit...1, endsAtFrame: true)]))
      }
    }
  }

  // MARK: no number without a reason

  @Test("outside the published masses a curve says which they are", .tags(.limit))
  func outside() throws {
    for name in ["babar", "belle2"] {
      let masses = try ConstraintCatalogue.builtIn.curve(named: name).massRange
      let curve = try curve("\(name)-computed")
      for variant in curve.variants {
        for m1 in [masses.lowerBound / 1.01, masses.upperBound * 1.01] {
          let reason = silence(curve.reading(at: place(m1, 0.2), variant: variant))
          #expect(reason?.contains("the published limit covers mA from 0.02") == true)
        }
        let inside = curve.reading(at: place(masses.lowerBound * 1.01, 0.2), variant: variant)
        #expect(!inside.epsilons.isEmpty)
      }
    }
    for (m1, words) in [(30.4, "2 GeV of m_Z"), (70, "186-214 GeV"), (350, "above 1 TeV")] {
      let reason = silence(try reading("lep-computed", "published", place(m1, 0.2)))
      #expect(reason?.contains(words) == true, "\(reason ?? "none")")
    }
  }

  @Test("a mediator that cannot decay to the pair is said to be too light", .tags(.limit))
  func closed() throws {
    for curve in ComputedCurve.colliders(confidenceLevel: 0.95, seed: 1) {
      for variant in curve.variants {
        // m_A′ = 2.4 m₁ is the threshold itself.
        for ratio in [1.5, 2.3, 2.4] {
          let reading = curve.reading(at: place(0.25, 0.4, ratio: ratio), variant: variant)
          #expect(mismatch(reading)?.contains("does not exceed m1 + m2") == true)
        }
        let nonsense = curve.reading(at: place(-1, 0.4), variant: variant)
        #expect(mismatch(nonsense)?.contains("positive") == true)
      }
    }
  }

  @Test("for a stable χ₂ no veto acts, and no pair is displaced", .tags(.limit))
  func stable() throws {
    // Δ = 0.9 MeV, below 2 mₑ.
    let place = place(0.03, 0.03)
    for name in ["babar-computed", "belle2-computed"] {
      let curve = try curve(name)
      let readings = curve.variants.map { curve.reading(at: place, variant: $0) }
      #expect(curve.variants.contains { $0.name == "no-veto" })
      #expect(Set(readings).count == 1 && !readings[0].epsilons.isEmpty)
    }
    for name in ["babar-displaced-computed", "belle2-displaced-computed"] {
      let curve = try curve(name)
      for variant in curve.variants {
        let stable = silence(curve.reading(at: place, variant: variant))
        #expect(stable?.contains("no chi2 decay into leptons") == true)
        // m_A′ = 12 GeV, above √s = 10.58 GeV.
        let heavy = silence(curve.reading(at: self.place(4, 0.2), variant: variant))
        #expect(heavy?.contains("do not make the A'") == true)
      }
    }
  }

  // MARK: any splitting, coupling and mass

  @Test("without a veto the digitised lower edge stands at any splitting", .tags(.property))
  func noVeto() throws {
    var stream = RandomStream(seed: 1, purpose: .test, point: 1, batch: 0)
    // Up to where the outlines turn back.
    for (name, heaviest) in [("babar", 2.6), ("belle2", 2.6)] {
      let digitised = try ConstraintCatalogue.builtIn.curve(named: name)
      for _ in 0..<200 {
        let m1 = 0.011 * pow(heaviest / 0.011, stream.uniform())
        let place = place(
          m1, 0.8 * stream.uniform(), alphaD: 0.05 * pow(10, stream.uniform()))
        let reading = try reading("\(name)-computed", "no-veto", place)
        let edge = try #require(digitised.excludedOrdinates(atM1: m1).first).lowerBound
        let ratio = try lowest(reading) / edge
        // 10⁻⁵: A′ → χ₁χ₂ is 1 - O(ε²α/α_D) of its decays, ε at most 1.5 × 10⁻³; a root is sought to 10⁻⁹.
        #expect(ratio > 1 - 1e-8 && ratio < 1 + 1e-5, "\(name): \(place), \(ratio)")
        guard case .excludes(let intervals) = reading else { continue }
        #expect(intervals.count == 1 && intervals[0].endsAtFrame)
        #expect(intervals[0].epsilon.upperBound == 1)
      }
    }
  }

  @Test("the less a veto overlooks, the weaker the limit", .tags(.property))
  func ordered() throws {
    for name in ["babar-computed", "belle2-computed"] {
      for m1 in [0.1, 0.3, 1] {
        for splitting in [0.2, 0.4, 0.6] {
          let limits = try [
            "no-veto", "veto-0.3-GeV", "veto-0.15-GeV", "veto-0.1-GeV", "veto-0.05-GeV",
          ].map {
            try lowest(reading(name, $0, place(m1, splitting)))
          }
          // Where few stay unseen, and noise of 1.3 % decides, vetoes are tens of per cent apart; elsewhere the same events decide.
          #expect(
            zip(limits, limits.dropFirst()).allSatisfy { $0 < $1 },
            "\(name), m₁ = \(m1), Δ/m₁ = \(splitting): \(limits)")
        }
      }
    }
  }

  @Test("a vertex that may be nearer reaches more; more confidence reaches less", .tags(.property))
  func nested() throws {
    func contain(_ outer: ConstraintReading, _ inner: ConstraintReading) -> Bool {
      !inner.epsilons.isEmpty
        && inner.epsilons.allSatisfy { inner in
          outer.epsilons.contains {
            $0.lowerBound < inner.lowerBound && inner.upperBound < $0.upperBound
          }
        }
    }
    for (name, near, far) in [
      ("babar-displaced-computed", "vertex-from-10-mm", "vertex-from-236-mm"),
      ("belle2-displaced-computed", "vertex-from-10-mm", "vertex-from-170-mm"),
    ] {
      for m1 in [0.3, 0.8] {
        let place = place(m1, 0.4)
        #expect(contain(try reading(name, near, place), try reading(name, far, place)))
        let (less, more) = try (
          curve(name, confidenceLevel: 0.9).reading(at: place), curve(name).reading(at: place)
        )
        #expect(contain(less, more))
      }
    }
  }

  @Test("one seed gives one result, another one the same within its error", .tags(.statistical))
  func seeds() throws {
    let place = place(0.5, 0.4)
    for name in ["babar", "belle2", "babar-displaced", "belle2-displaced"].map({ $0 + "-computed" })
    {
      let readings = try [1, 1, 2, 3].map { try curve(name, seed: $0).reading(at: place) }
      #expect(readings[0] == readings[1])
      #expect(Set(readings).count == 3)
      for other in readings.dropFirst(2) {
        try #require(other.epsilons.count == readings[0].epsilons.count)
        // 10 %: five errors, on ε, of the difference of two samples of 1600 events that are never seen; pairs have more.
        let ratio = try lowest(other) / lowest(readings[0])
        #expect(abs(ratio - 1) < 0.1, "\(name): \(ratio)")
      }
    }
  }
}

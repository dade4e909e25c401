import Calculus
import Constraints
import Reach
import Recasts
import Report
import Sampling
import Testing
import Units

@Suite("Existing limits") struct ExistingLimitsTests {
  private static let splittings = [0.05, 0.1, 0.4]
  private static let searches = ["BaBar", "LEP", "E137", "Belle II", "BDX", "LDMX", "MiniBooNE"]
  private static let computed: Set = ["BaBar", "LEP", "E137", "Belle II", "BDX", "LDMX"]
  private static let projections: Set = ["Belle II", "BDX", "LDMX"]

  private static func plan(_ change: (inout Plan) -> Void = { _ in }) -> Plan {
    Plan.paper(alphaD: 0.1).with {
      $0.scan.m1 = [0.05, 0.1, 0.3]
      $0.scan.splittingOverM1 = splittings
      change(&$0)
    }
  }

  /// The limits of that plan, computed once.
  private static let limits = Task { try await ExistingLimits.compute(plan(), threads: 2) }

  private func regions(_ splitting: Double) async throws -> [ExistingLimits.Region] {
    try await Self.limits.value.regions.filter { $0.splittingOverM1 == splitting }
  }

  @Test("at each splitting every search is drawn or missing for a reason, once", .tags(.identity))
  func complete() async throws {
    let limits = try await Self.limits.value
    #expect(limits.alphaD == 0.1 && limits.mediatorMassOverM1 == 3)
    for splitting in Self.splittings {
      let drawn = try await regions(splitting).filter { $0.variant == nil }.map(\.label)
      let missing = limits.absences.filter { $0.splittingOverM1 == splitting }
      #expect((drawn + missing.map(\.label)).sorted() == Self.searches.sorted())
      #expect(missing.allSatisfy { !"\($0.reason)".isEmpty })
    }
  }

  @Test("what is computed is there at each splitting, with the band of the veto", .tags(.unit))
  func computed() async throws {
    for splitting in Self.splittings {
      let own = try await regions(splitting).filter { Self.computed.contains($0.label) }
      #expect(own.allSatisfy { $0.outline == nil && $0.name.hasSuffix("-computed") })
      func variants(_ label: String) -> [String?] {
        own.filter { $0.label == label }.map(\.variant)
      }
      let band = [nil, "veto-0.05-GeV", "veto-0.3-GeV"]
      #expect(variants("BaBar") == band && variants("Belle II") == band)
      #expect(variants("E137") == [nil, "events-10"])
      for label in ["LEP", "BDX", "LDMX"] { #expect(variants(label) == [nil], "\(label)") }
      #expect(
        own.allSatisfy {
          $0.kind == (Self.projections.contains($0.label) ? .projection : .exclusion)
        })
    }
  }

  @Test("what is digitised is there under its own assumptions only, with its outline", .tags(.unit))
  func digitised() async throws {
    let expected = [0.05: ["MiniBooNE"], 0.1: [], 0.4: []]
    for (splitting, labels) in expected {
      let own = try await regions(splitting).filter { !Self.computed.contains($0.label) }
      #expect(own.map(\.label).sorted() == labels)
      for region in own {
        let outline = try #require(region.outline)
        #expect(outline.first == outline.last && outline.count > 10)
      }
    }
    let absence = try await Self.limits.value.absences.first {
      $0.label == "MiniBooNE" && $0.splittingOverM1 == 0.4
    }
    #expect(absence?.reason.description == "made for Delta/m1 = 0.05, asked at 0.4")
  }

  @Test("strips are the readings at each mass, in y", .tags(.identity))
  func readings() async throws {
    let curve = ComputedCurve.baBar(seed: Self.plan().run.seed)
    for splitting in Self.splittings {
      let region = try #require(
        try await regions(splitting).first { $0.label == "BaBar" && $0.variant == nil })
      for m1 in [0.05, 0.1, 0.3] {
        let reading = curve.reading(
          at: ConstraintPoint(
            m1: m1, splittingOverM1: splitting, alphaD: 0.1, mediatorMassOverM1: 3, epsilon: 1))
        let edges = region.strips.flatMap(\.edges).filter { $0.m1 == m1 }
        func y(_ epsilon: Double?) -> Double? {
          epsilon.map { YieldVariable.y(epsilon: $0, alphaD: 0.1, massRatio: 1 / 3) }
        }
        #expect(edges.map(\.lower).min() == y(reading.epsilons.first?.lowerBound))
        #expect(edges.map(\.upper).max() == y(reading.epsilons.last?.upperBound))
      }
      // The card's masses and two between each.
      let masses = Set(region.strips.flatMap(\.edges).map(\.m1)).sorted()
      #expect(masses.count == 7)
      let steps = zip(masses, masses.dropFirst()).map { Elementary.log($1 / $0) }
      // 10⁻⁴: masses between are rounded to five digits.
      #expect(steps.prefix(3).allSatisfy { abs($0 - Elementary.log(2) / 3) < 1e-4 })
      #expect(steps.suffix(3).allSatisfy { abs($0 - Elementary.log(3) / 3) < 1e-4 })
    }
  }

  @Test("a digitised region in strips holds the points that its curve holds", .tags(.property))
  func strips() async throws {
    let plan = Self.plan {
      $0.scan.m1 = [0.01, 2]
      $0.scan.splittingOverM1 = [0.05]
    }
    let limits = try await ExistingLimits.compute(plan, threads: 2)
    var stream = RandomStream(seed: 1, purpose: .test, point: 3, batch: 0)
    let curve = try ConstraintCatalogue.builtIn.curve(named: "miniboone")
    let region = try #require(limits.regions.first { $0.name == "miniboone" })
    let lookups = region.strips.map(LimitStrip.Lookup.init)
    var inside = 0
    for _ in 0..<12_000 {
      let x = Elementary.log(0.01) + stream.uniform() * Elementary.log(200)
      let epsilon = Elementary.exp(-12.5 + 12 * stream.uniform())
      let y = YieldVariable.y(epsilon: epsilon, alphaD: 0.1, massRatio: 1 / 3)
      let place = ConstraintPoint(
        m1: Elementary.exp(x), splittingOverM1: 0.05, alphaD: 0.1, mediatorMassOverM1: 3,
        epsilon: epsilon)
      let isInside = curve.reading(at: place).intervals.contains { $0.contains(epsilon) }
      inside += isInside ? 1 : 0
      #expect(
        lookups.contains { $0.contains(logM1: x, logY: Elementary.log(y)) } == isInside,
        "m₁ = \(Elementary.exp(x)), ε = \(epsilon)")
    }
    #expect((1500..<10_500).contains(inside))
  }

  @Test(
    "one thread and two give the same, and so does any order of the card's masses", .tags(.property)
  )
  func threads() async throws {
    let limits = try await Self.limits.value
    let single = try await ExistingLimits.compute(
      Self.plan { $0.scan.m1 = [0.3, 0.05, 0.1, 0.3] }, threads: 1)
    #expect(single.regions == limits.regions && single.absences == limits.absences)
  }

  @Test("for a mediator of fixed mass nothing is drawn, and each search says why", .tags(.limit))
  func fixedMediator() async throws {
    let limits = try await ExistingLimits.compute(
      Self.plan { $0.model.mediatorMass = .fixed(1) }, threads: 2)
    #expect(limits.regions.isEmpty && limits.mediatorMassOverM1 == nil)
    #expect(limits.absences.count == Self.splittings.count * Self.searches.count)
    #expect(limits.absences.allSatisfy { "\($0.reason)".contains("the mediator has a fixed mass") })
    #expect(limits.absenceTable.rows.count == Self.searches.count)
  }

  @Test("another α_D keeps what is computed and drops what was made for one α_D", .tags(.limit))
  func coupling() async throws {
    let limits = try await ExistingLimits.compute(
      Self.plan {
        $0.scan.alphaD = [0.5, 0.1]
        $0.scan.splittingOverM1 = [0.1]
      }, threads: 2)
    #expect(limits.alphaD == 0.5)
    #expect(Set(limits.regions.map(\.label)) == Self.computed)
    let reason = limits.absences.first { $0.label == "MiniBooNE" }?.reason.description
    #expect(
      reason
        == "made for Delta/m1 = 0.05, asked at 0.1; for alpha_D = 0.1, asked at 0.5")
  }

  @Test("a scan of one mass draws nothing, and does not say that nothing is excluded", .tags(.unit))
  func oneMass() async throws {
    let limits = try await ExistingLimits.compute(
      Self.plan {
        $0.scan.m1 = [0.1]
        $0.scan.splittingOverM1 = [0.1]
      }, threads: 2)
    #expect(limits.regions.isEmpty && limits.absences.count == Self.searches.count)
    let reason = limits.absences.first { $0.label == "LEP" }?.reason.description
    #expect(reason == "what it excludes overlaps at no two neighbouring masses")
    // What does not hold says so as ever.
    let other = limits.absences.first { $0.label == "MiniBooNE" }?.reason.description
    #expect(other == "made for Delta/m1 = 0.05, asked at 0.1")
  }

  @Test("the table has one row a search and reason, with all its splittings", .tags(.unit))
  func absenceTable() {
    func absence(_ label: String, _ splitting: Double, _ reason: ConstraintReason)
      -> ExistingLimits.Absence
    {
      ExistingLimits.Absence(label: label, splittingOverM1: splitting, reason: reason)
    }
    func madeAt(_ splitting: Double) -> ConstraintReason.Mismatch {
      ConstraintReason.Mismatch(parameter: "Delta/m1", made: 0.1, asked: splitting)
    }
    let coupling = ConstraintReason.Mismatch(parameter: "alpha_D", made: 0.1, asked: 0.5)
    let limits = ExistingLimits(
      regions: [],
      absences: [
        absence("E137", 0.05, .mismatch([madeAt(0.05)])),
        absence("BDX", 0.05, .mismatch([madeAt(0.05)])),
        absence("LDMX", 0.05, .mismatch([madeAt(0.05), coupling])),
        absence("LEP", 0.1, .words("it excludes nothing")),
        absence("E137", 0.2, .mismatch([madeAt(0.2)])),
        absence("E137", 0.4, .mismatch([coupling])),
        absence("LDMX", 0.2, .mismatch([madeAt(0.2), coupling])),
      ], alphaD: 0.5, mediatorMassOverM1: 3)
    // Splittings asked at are in their column; other parameters keep what was asked.
    #expect(
      limits.absenceTable.rows == [
        ["E137", "0.05, 0.2", "made for Delta/m1 = 0.1"],
        ["BDX", "0.05", "made for Delta/m1 = 0.1"],
        ["LDMX", "0.05, 0.2", "made for Delta/m1 = 0.1; for alpha_D = 0.1, asked at 0.5"],
        ["LEP", "0.1", "it excludes nothing"],
        ["E137", "0.4", "made for alpha_D = 0.1, asked at 0.5"],
      ])
  }
}

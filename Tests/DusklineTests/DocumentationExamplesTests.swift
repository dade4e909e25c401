import Duskline
import Testing

// The examples of the rooms' DocC pages, word for word, each with what it should come to.
@Suite("Documentation examples", .tags(.unit))
struct DocumentationExamplesTests {
  @Test("Units: a width as a decay length")
  func units() {
    let beamEnergy = 160 * .GeV
    let decayStart = 2.5 * .cm  // 25 mm
    let length = properDecayLength(ofWidth: 1e-15 * .GeV)  // 197 mm
    let metres = length / .m
    #expect(beamEnergy == 160)
    #expect(decayStart == 25)
    // 1e-12: the constant carries 13 digits.
    #expect(abs(metres / 0.197_326_980_459_3 - 1) < 1e-12)
  }

  @Test("Tables: a table keeps its source")
  func tables() throws {
    let text = """
      # source: CODATA 2022
      # units: GeV
      pdg_id,mass_GeV
      11,0.00051099895069
      13,0.1056583755
      """
    let table = try NumericTable(parsing: text)
    let masses = table.column("mass_GeV")
    let source = table.provenance("source")
    #expect(masses == [0.000_510_998_950_69, 0.105_658_375_5])
    #expect(source == "CODATA 2022")
  }

  @Test("Calculus: an integral, a root and a value between nodes")
  func calculus() throws {
    let area = GaussLegendre.order16.integrate(from: 0, to: 1) { $0 * $0 }  // 1/3
    let zero = root(of: { $0 * $0 - 2 }, from: 1, to: 2, tolerance: 1e-12)  // √2
    let law = LinearInterpolant(x: [0, 1], y: [0, 2])
    let between = law(0.25)  // 0.5
    // 1e-15: the rule is exact for this polynomial, up to rounding.
    #expect(abs(area - 1.0 / 3) < 1e-15)
    // 1e-12: the width at which the search stops.
    #expect(abs((zero ?? 0) - 2.0.squareRoot()) < 1e-12)
    #expect(between == 0.5)
  }

  @Test("Sampling: equal addresses give equal numbers")
  func sampling() {
    var digest = Digest()
    digest.combine("muons on beryllium")
    digest.combine(160.0)
    var stream = RandomStream(seed: 20_240_906, purpose: .decay, point: digest.value, batch: 7)
    let first = stream.uniform()
    let angle = stream.uniform(in: 0...(2 * .pi))
    #expect(first > 0 && first < 1)
    #expect(angle > 0 && angle < 2 * .pi)
    var again = RandomStream(seed: 20_240_906, purpose: .decay, point: digest.value, batch: 7)
    #expect(again.uniform() == first)
  }

  @Test("Integration: π with its error")
  func integration() async throws {
    let hits = try await concurrentMap(count: 64, threads: 2) { batch -> Int in
      var stream = RandomStream(seed: 1, purpose: .test, point: 0, batch: batch)
      var inside = 0
      for _ in 0..<1000 {
        let (x, y) = (stream.uniform(), stream.uniform())
        if x * x + y * y < 1 { inside += 1 }
      }
      return inside
    }
    let share = Double(hits.reduce(0, +)) / 64_000
    let error = (share * (1 - share) / 64_000).squareRoot()
    let pi = 4 * Estimate(value: share, error: error)
    // 5 standard errors.
    #expect(abs(pi.pull(against: .exact(.pi))) < 5)
    #expect(pi.error < 0.01)
  }

  @Test("Kinematics: both daughters of a fast parent")
  func kinematics() {
    let parent = FourMomentum(mass: 0.3, x: 0, y: 0, z: 40)
    let p = twoBodyMomentum(mass: 0.3, 0.1, 0.14)
    let daughter = LightFrontMomentum(FourMomentum(mass: 0.14, x: p, y: 0, z: 0), mass: 0.14)
      .boosted(byParent: LightFrontMomentum(parent, mass: 0.3), mass: 0.3)
      .fourMomentum(mass: 0.14)
    let other = parent - daughter  // mass 0.1
    // 1e-11: the difference of squares of 40 GeV, rounded to 2⁻⁵³.
    #expect(abs(other.invariantMassSquared - 0.01) < 1e-11)
    #expect(abs(daughter.invariantMassSquared - 0.0196) < 1e-11)
  }

  @Test("ParticleData: the beryllium target")
  func particleData() {
    let target = Material.beryllium
    let nuclei = target.nucleiPerCubicCentimetre  // 1.235·10²³
    let nucleus = target.nuclearMass  // 8.39275 GeV
    let muon = LeptonFlavour.muon.mass
    let beam = BeamParticle.antimuon.pdgID  // -13
    // 1e-4 and 1e-5: the digits given in Documentation/Physics.md, § 7 and § 1.
    #expect(abs(nuclei / 1.2349e23 - 1) < 1e-4)
    #expect(abs(nucleus / 8.39275 - 1) < 1e-5)
    #expect(muon == Mass.muon)
    #expect(beam == -13)
  }

  @Test("DarkSector: the decay length of χ₂")
  func darkSector() throws {
    let point = try ModelPoint(chi1Mass: 0.1, massSplitting: 0.04, darkPhotonMass: 0.3)
    let widths = point.chi2Widths()
    let epsilonSquared = point.epsilonSquared(y: 1e-8, alphaD: 0.1)
    let length = widths.properDecayLength(epsilonSquared: epsilonSquared, alphaD: 0.1)  // 48.4 mm
    let ratio = widths.electrons / point.dielectronWidthSmallSplitting()  // 0.64
    // 0.05 mm and 0.005: half of the last digit given.
    #expect(abs((length ?? 0) - 48.4) < 0.05)
    #expect(abs(ratio - 0.64) < 0.005)
  }

  @Test("Production: exact and by equivalent photons")
  func production() async throws {
    let setup = try ProductionSetup(
      beam: .muon, beamEnergy: 160, target: .beryllium, mediator: .narrow(mass: 0.1))
    let sampler = ProductionSampler(setup, seed: 20_240_906)
    let exact = try await sampler.crossSection(relativePrecision: 1e-2, threads: 2)
    let quick = try setup.equivalentPhotonCrossSection(.weizsaeckerWilliams)
    let ratio = quick.estimate.value / exact.estimate.value  // 0.98
    // 0.97–1.05: the range given for muons on beryllium; 0.01: what was asked of the exact one.
    #expect(ratio > 0.97 - 0.01 && ratio < 1.05 + 0.01)
    #expect(exact.estimate.relativeError <= 1e-2)
  }

  @Test("Decay: a batch of chain events")
  func decay() throws {
    let point = try ModelPoint(chi1Mass: 0.1, massSplitting: 0.04, darkPhotonMass: 0.3)
    let setup = try ProductionSetup(
      beam: .muon, beamEnergy: 160, target: .beryllium, mediator: .narrow(mass: 0.3))
    let production = ProductionSampler(setup, seed: 20_240_906)
    let decay = try DecaySampler(
      point, flavour: .electron, width: point.chi2Widths().electrons)
    let events = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(
      columns: max(ProductionSampler.scratchColumnCount, DecaySampler.scratchColumnCount))
    let count = production.fill(events, scratch: scratch, batch: 0, of: 2048)
    let name = DecaySampler.digest(
      production: production.digest, point: point, flavour: .electron)
    decay.fill(
      events, scratch: scratch, count: count,
      stream: RandomStream(seed: 20_240_906, purpose: .decay, point: name, batch: 0))
    let pairMass = events.base[EventColumn.pairMass]  // of the first event
    #expect(count == 2048)
    #expect(pairMass >= 2 * Mass.electron && pairMass <= 0.04)
  }

  @Test("Showers: track length in a thick target")
  func showers() throws {
    let edges = TrackLength.makeEdges(from: 0.3, to: 20)
    let shower = try ShowerSimulation(
      beam: .electron, material: .builtIn[3], depth: 30, edges: edges)
    let result = shower.run(primaries: 2048, seed: 20_240_906)
    let aboveOneGeV = result.trackLength.above(1)  // about 8 radiation lengths, with its error
    let yield = result.trackLength.sum { energy in 1 / energy }  // Σ T σ for σ ∝ 1/E
    #expect(abs(aboveOneGeV.value - 8.49) < 5 * aboveOneGeV.error)
    #expect(yield.value > 0 && yield.relativeError < 0.01)
  }

  @Test("Relic: the coupling for the observed abundance")
  func relic() throws {
    let point = try ModelPoint(chi1Mass: 0.1, massSplitting: 0.04, darkPhotonMass: 0.3)
    let density = try RelicSettings(abundance: 0.12).coupling(point, alphaD: 0.1)
    let y = density.y
    let freezeOutX = density.freezeOutX  // m₁/T
    // 1e-6: the coupling is solved for to 10⁻⁷ in ln Ωh².
    #expect(abs(density.abundance / 0.12 - 1) < 1e-6)
    #expect(y > 0 && y < 1)
    #expect(freezeOutX > 10 && freezeOutX < 40)
  }

  @Test("Detector: where a decay reaches a plane")
  func detector() {
    let frame = PlaneFrame(Plane(centre: SIMD3(0, 0, 150), size: SIMD2(100, 100)))
    // A track of slope 0.5 from a parent that flies along the axis.
    let hit = frame.hitInterval(
      fromX: 0, 0, 0, parentSlopeX: 0, parentSlopeY: 0, slopeX: 0.5, slopeY: 0)  // 50…150 mm
    let window = IntervalSet(from: 25, to: 140)
    let allowed = IntervalSet(from: hit.lower, to: hit.upper).intersection(window)  // 50…140 mm
    // 1e-12: a few roundings of numbers below 300.
    #expect(abs(allowed.length - 90) < 1e-12)
  }

  @Test("Background: candidates on a neutron")
  func background() {
    let samples = CandidateFile.builtIn
    let soft = samples.filter { $0.process == .soft && $0.nucleon == .neutron }
    let crossSection = soft.reduce(0) { $0 + $1.crossSection.value } / .picobarn  // 8.173e5
    let clean = soft.flatMap(\.events).filter { $0.kind == .longLived && $0.weight == 1 }
    // 0.5e3: the last digit that is quoted.
    #expect(soft.count == 2 && abs(crossSection - 8.173e5) < 0.5e3)
    #expect(clean.count == 5230)
  }

  @Test("Selection: an event by hand")
  func selection() throws {
    let plan = try RunCard.load().plan  // Table I of arXiv:2409.00170
    let selector = EventSelector(
      plan.selection, apparatus: plan.apparatus, beamLeptonMass: Mass.muon,
      leptonMass: Mass.electron, chi2Mass: 0.14, spot: .zero, divergence: .zero)
    // One event by hand, p⁺ ≈ 2E: a muon of 20 GeV, χ₂ of 120 GeV, leptons of 15 and 10 GeV.
    let columns: [(Int, Double)] = [
      (EventColumn.chainWeight, 1), (EventColumn.scatteredPlus, 40), (EventColumn.chi2Plus, 240),
      (EventColumn.leptonPlusPlus, 30), (EventColumn.leptonPlusX, 0.02),
      (EventColumn.leptonMinusPlus, 20), (EventColumn.leptonMinusX, -0.02),
    ]
    let events = ColumnBatch(columns: EventColumn.count)
    for (column, value) in columns { events.base[column] = value }
    let scratch = ColumnBatch(columns: EventSelector.scratchColumnCount)
    let stream = RandomStream(seed: 1, purpose: .beam, point: 0, batch: 0)
    var accepted = AcceptedEvents()
    selector.select(
      events, scratch: scratch, count: 1, firstEvent: 0, stream: stream, into: &accepted)
    #expect(accepted.count == 1)
    // 1e-12: the window's ends over one and the same boost.
    #expect(abs(accepted.upper[0] / accepted.lower[0] / (140.0 / 25) - 1) < 1e-12)
  }

  @Test("Constraints: who excludes a point, and which curves hold there")
  func constraints() throws {
    let point = ConstraintPoint(
      m1: 0.1, splittingOverM1: 0.1, alphaD: 0.1, mediatorMassOverM1: 3, epsilon: 2e-3)
    let verdict = ConstraintVerdict(on: point, by: ConstraintCatalogue.builtIn.curves)
    let excludedBy = verdict.excludedBy  // ["babar", "e137"]

    let lep = try ConstraintCatalogue.builtIn.curve(named: "lep")
    let edges = lep.excludedOrdinates(atM1: 0.1)  // [0.0247636...1]
    let atLargeSplitting = lep.applicability(
      splittingOverM1: 0.8, alphaD: 0.5, mediatorMassOverM1: 3)  // applies
    #expect(excludedBy == ["babar", "e137"])
    // 1e-12: a logarithm and its exponential.
    #expect(edges.count == 1 && abs(edges[0].lowerBound / 0.0247636 - 1) < 1e-12)
    #expect(atLargeSplitting == .applies)
  }

  @Test("Statistics: limits of a counting experiment")
  func statistics() throws {
    let limit = CountingLimit(confidenceLevel: 0.95)
    let none = limit.upperLimit(observed: 0, background: 0)  // 2.996
    let some = limit.upperLimit(observed: 3, background: 3)  // 5.395
    let expected = limit.medianUpperLimit(background: 3)  // 5.395

    let experiment = try CountingExperiment(background: 3, backgroundError: 1)
    let uncertain = try limit.upperLimit(observed: 3, in: experiment)  // 5.674
    let bands = try limit.expectedUpperLimits(in: experiment)  // 2.996, 3.765, 5.674, 7.955, 11.664
    let z = try experiment.discoverySignificance(observed: 9).standardDeviations  // 2.245
    // 1e-3: the digits given.
    #expect(abs(uncertain - 5.674) < 1e-3)
    #expect(abs(bands.minus2 - 2.996) < 1e-3 && abs(bands.minus1 - 3.765) < 1e-3)
    #expect(bands.median == uncertain)
    #expect(abs(bands.plus1 - 7.955) < 1e-3 && abs(bands.plus2 - 11.664) < 1e-3)
    #expect(abs((z ?? 0) - 2.245) < 1e-3)
    #expect(abs(none - 2.996) < 1e-3)
    #expect(abs(some - 5.395) < 1e-3)
    #expect(expected == some)
  }

  @Test("Reach: expected events and a contour")
  func reach() async throws {
    let settings = [
      "model.y=1e-8", "scan.m1_GeV=0.1", "scan.splitting_over_m1=[0.4]",
      "run.events_per_point=20_000",
    ]
    let plan = try RunCard.load(settings: settings).plan
    let signal = try await plan.expectedEvents(threads: 2).events  // 28 events
    let curve = try await plan.reachCurves(threads: 2)[0]
    let lowest = curve.points[0].yLower
    // 5 standard errors, and 1 % for the reference's generic form factor (Tests/Reference/yields.csv).
    #expect(abs(signal.value - 27.654) < 5 * signal.error + 0.01 * 27.654)
    #expect((lowest?.value ?? 1) < 1e-8)
  }

  @Test("Recasts: a limit with decays that are seen")
  func recasts() throws {
    let curve = ComputedCurve.baBar(seed: 1)
    let place = ConstraintPoint(
      m1: 0.3, splittingOverM1: 0.4, alphaD: 0.1, mediatorMassOverM1: 3, epsilon: 1e-3)
    let watchful = curve.reading(at: place)  // excludes from 0.0051 up
    let relaxed = curve.reading(at: place, variant: curve.variants[2])  // from 0.0019 up
    for (reading, expected) in [(watchful, 0.0051), (relaxed, 0.0019)] {
      guard case .excludes(let intervals) = reading else {
        Issue.record("\(reading)")
        continue
      }
      // 10 %: five errors of 400 events that are never seen, on ε.
      #expect(abs(intervals[0].epsilon.lowerBound / expected - 1) < 0.1)
    }
  }

  @Test("Formats: a card and a report")
  func formats() throws {
    let card = try RunCard.load(settings: ["model.m1_GeV=0.3", "run.events_per_point=20_000"])
    let m1 = card.plan.model.m1
    let complete = card.explanation()  // every default filled in
    let report: JSONValue = ["m1_GeV": .number(m1), "provenance": Provenance(of: card).json]
    let text = try report.text()
    #expect(m1 == 0.3)
    #expect(try RunCard.load(text: complete, name: "complete").plan == card.plan)
    #expect(text.contains("m1_GeV"))
  }

  @Test("Report: the outline of a contour as a table")
  func report() throws {
    let samples = [(0.1, 12.0), (0.2, 6.0), (0.4, 1.0)].map { m1, events in
      ContourOutline.Sample(
        m1: m1, lower: events > 3 ? 1e-9 : nil, upper: events > 3 ? 1e-7 : nil,
        maximumEvents: events, yAtMaximum: 1e-8)
    }
    let outline = ContourOutline.outlines(samples, needed: 3)[0]
    var table = DataTable(title: "An outline", columns: ["m1_GeV", "y"])
    for vertex in outline.vertices { table.append([vertex.m1, vertex.y]) }
    let text = table.csv(header: ["made by hand"])
    #expect(outline.vertices.count == 5)
    #expect(!outline.isClosed)
    #expect(text.hasPrefix("# made by hand\nm1_GeV,y\n0.1,1e-9\n0.2,1e-9\n"))
  }

  @Test("Duskline: a small scan by one import")
  func duskline() async throws {
    let settings = [
      "model.m1_GeV=0.2", "scan.m1_GeV=[0.1, 0.2]", "scan.splitting_over_m1=[0.4]",
      "run.events_per_point=4096",
    ]
    let plan = try RunCard.load(settings: settings).plan
    let expected = try await plan.expectedEvents(threads: 2)
    let curves = try await plan.reachCurves(threads: 2)
    let bounds = curves[0].points.map { ($0.m1, $0.yLower?.value, $0.yUpper?.value) }
    #expect(expected.events.value > 0)
    #expect(bounds.map(\.0) == [0.1, 0.2])
    #expect(bounds.allSatisfy { ($0.1 ?? 1) < ($0.2 ?? 0) })
  }
}

import DarkSector
import Foundation
import Integration
import Production
import Reach
import Selection
import Synchronization
import Testing

@Suite("Contours")
struct ReachCurveTests {
  /// Everything of a point that is a number, to compare bytes.
  private func numbers(_ point: ReachPoint) -> [Double?] {
    [
      point.m1, point.yLower?.value, point.yLower?.error, point.yUpper?.value,
      point.yUpper?.error, point.maximumEvents?.value, point.maximumEvents?.error,
      point.yAtMaximum,
    ]
  }

  private func scan(_ m1: [Double], _ splittings: [Double] = [0.4], events: Int = 6000) -> Plan {
    Plan.paper(events: events).with {
      $0.scan = ScanSettings(m1: m1, splittingOverM1: splittings)
    }
  }

  // MARK: What a crossing is

  @Test("At both crossings the events are as many as needed", .tags(.identity))
  func crossings() async throws {
    for (m1, luminosity) in [(0.1, LuminositySettings.paperText), (0.5, .paperFootnote)] {
      let plan = scan([m1]).with { $0.luminosity = luminosity }
      let point = try await plan.reachCurves(threads: 1)[0].points[0]
      let own = try plan.modelPoint(m1: m1, splittingOverM1: 0.4)
      let sample = try #require(try plan.reachSamples(of: [own], alphaDs: [0.1]).first).sample
      let curve = SurvivalCurve(sample.accepted, sampleSize: sample.sampleSize)
      func events(_ y: Double, _ survival: (Double) -> Estimate) throws -> Double {
        let epsilon2 = sample.point.epsilonSquared(y: y, alphaD: 0.1)
        let length = try #require(
          sample.widths.properDecayLength(epsilonSquared: epsilon2, alphaD: 0.1))
        return LuminosityLedger(luminosity, plan: plan).perPicobarn * epsilon2
          * sample.point.darkBranchingRatio(epsilonSquared: epsilon2, alphaD: 0.1)
          * survival(length).value
      }
      let lower = try #require(point.yLower).value
      let upper = try #require(point.yUpper).value
      let maximum = try #require(point.yAtMaximum)
      #expect(lower < maximum && maximum < upper && point.reason == nil)
      for y in [lower, upper] {
        // 1e-6: the root is sought within 10⁻¹² in ln ε², N changes by at most its 30th power here.
        #expect(abs(try events(y, { curve($0) }) / 2.995732 - 1) < 1e-6)
        // 3e-5: what the curve is worth against the sample's own sum.
        #expect(abs(try events(y, sample.survival) / 2.995732 - 1) < 3e-5)
      }
      // Between them there is more, and nowhere more than at the maximum.
      let most = try #require(point.maximumEvents).value
      let inside = try (0...200).map { i in
        try events(lower * pow(upper / lower, Double(i) / 200), { curve($0) })
      }
      #expect(inside[1..<200].allSatisfy { $0 > 2.995732 })
      #expect(inside.allSatisfy { $0 <= most * (1 + 1e-9) })
      #expect(try abs(events(maximum, { curve($0) }) / most - 1) < 1e-9)
    }
  }

  @Test("A background raises what is needed, a higher level too", .tags(.property))
  func statistics() async throws {
    func lower(_ statistics: StatisticsSettings) async throws -> ReachPoint {
      let plan = scan([0.1]).with { $0.statistics = statistics }
      return try await plan.reachCurves(threads: 1)[0].points[0]
    }
    let plain = try await lower(StatisticsSettings())
    for settings in [
      StatisticsSettings(confidenceLevel: 0.95, backgroundEvents: 10),
      StatisticsSettings(confidenceLevel: 0.99),
    ] {
      let other = try await lower(settings)
      let (a, b) = (try #require(plain.yLower), try #require(other.yLower))
      let (c, d) = (try #require(plain.yUpper), try #require(other.yUpper))
      #expect(b.value > a.value && d.value < c.value)
    }
  }

  @Test("Curves come by splitting, then α_D, then luminosity", .tags(.unit))
  func nesting() async throws {
    let plan = scan([0.1], [0.4, 0.6], events: 3000).with {
      $0.scan.alphaD = [0.1, 0.5]
      $0.scan.luminosity = [.paperText, .paperFootnote]
    }
    let curves = try await plan.reachCurves(threads: 2)
    #expect(curves.map(\.splittingOverM1) == [0.4, 0.4, 0.4, 0.4, 0.6, 0.6, 0.6, 0.6])
    #expect(curves.map(\.alphaD) == [0.1, 0.1, 0.5, 0.5, 0.1, 0.1, 0.5, 0.5])
    #expect(
      curves.map(\.luminosity.perPicobarn) == [4700, 468.75, 4700, 468.75] + [
        4700, 468.75, 4700, 468.75,
      ])
    // More data reach further on both sides, a larger α_D less far at fixed y.
    func y(_ i: Int) throws -> (Double, Double) {
      let point = curves[i].points[0]
      return (try #require(point.yLower).value, try #require(point.yUpper).value)
    }
    let (rich, poor, strong) = (try y(0), try y(1), try y(2))
    #expect(rich.0 < poor.0 && rich.1 > poor.1)
    #expect(rich.0 < strong.0 && rich.1 > strong.1)
  }

  // MARK: What has no crossing says why

  @Test("A closed splitting, an A′ too light and a mass out of reach give reasons", .tags(.unit))
  func reasons() async throws {
    func reason(_ m1: Double, _ splitting: Double) async throws -> ReachPoint {
      try await scan([m1], [splitting], events: 2048).reachCurves(threads: 1)[0].points[0]
    }
    for (m1, splitting, part) in [
      (0.002, 0.4, "does not exceed 2 m_e"), (0.1, 1.5, "does not exceed m1 + m2"),
      (0.1, 1.0, "does not exceed m1 + m2"), (20, 0.4, "is closed"),
    ] {
      let point = try await reason(m1, splitting)
      #expect(point.yLower == nil && point.yUpper == nil && point.maximumEvents == nil)
      #expect(point.reason?.contains(part) == true, "\(m1), \(splitting): \(point.reason ?? "-")")
    }
    // A splitting below what energies and angle allow is closed by the cuts.
    let none = try await reason(0.01, 0.2)
    #expect(none.reason?.hasPrefix("closed by the cuts") == true && none.yLower == nil)
    // A signal too weak says how much there is at most.
    let weak = try await scan([0.1], [0.1], events: 4096).with {
      $0.luminosity = .perPicobarn(1e-4)
    }.reachCurves(threads: 1)[0].points[0]
    #expect(weak.yLower == nil && weak.maximumEvents != nil)
    #expect(weak.reason?.contains("events, where 2.996 are needed") == true)
  }

  @Test("An impossible point in a scan leaves the others as they were", .tags(.identity))
  func mixture() async throws {
    let curves = try await scan([0.002, 0.1, 20], [0.4, 1.5], events: 3000).reachCurves(threads: 2)
    let alone = try await scan([0.1], [0.4], events: 3000).reachCurves(threads: 1)[0].points[0]
    #expect(numbers(curves[0].points[1]) == numbers(alone))
    #expect(curves[0].points[0].reason != nil && curves[0].points[2].reason != nil)
    #expect(curves[1].points.allSatisfy { $0.reason != nil && $0.yLower == nil })
  }

  @Test("A window from the vertex on has no upper crossing below ε = 1", .tags(.limit))
  func windowFromVertex() async throws {
    let plan = scan([0.1]).with { $0.selection.decayWindow = 0...140 }
    let point = try await plan.reachCurves(threads: 1)[0].points[0]
    #expect(point.yLower != nil && point.yUpper == nil)
    #expect(point.reason?.contains("epsilon = 1") == true)
  }

  // MARK: Bytes

  @Test("A mass alone, in a short list and in a long one: the same bytes", .tags(.identity))
  func lists() async throws {
    func point(_ m1: [Double], _ splittings: [Double], threads: Int) async throws -> [Double?] {
      let curves = try await scan(m1, splittings, events: 5000).reachCurves(threads: threads)
      let curve = try #require(curves.first { $0.splittingOverM1 == 0.4 })
      return numbers(try #require(curve.points.first { $0.m1 == 0.3 }))
    }
    let alone = try await point([0.3], [0.4], threads: 1)
    #expect(try await point([0.1, 0.3], [0.4], threads: 2) == alone)
    #expect(
      try await point([0.02, 0.05, 0.1, 0.3, 0.4, 0.6, 0.8, 1.0], [0.2, 0.6, 0.4], threads: 2)
        == alone)
  }

  @Test("One and two threads give the same bytes, spectral too", .tags(.identity))
  func threads() async throws {
    for mediator in [MediatorTreatment.narrow, .spectral] {
      let plan = scan([0.05, 0.1, 0.3], [0.2, 0.4], events: 3000).with {
        $0.production.mediator = mediator
      }
      let one = try await plan.reachCurves(threads: 1).flatMap { $0.points.map(numbers) }
      let two = try await plan.reachCurves(threads: 2).flatMap { $0.points.map(numbers) }
      #expect(one == two && one.count == 6)
    }
  }

  @Test("Each mass reports its end once", .tags(.unit))
  func progress() async throws {
    let count = Counter()
    _ = try await scan([0.05, 0.1, 20], events: 1024).reachCurves(threads: 2) { count.add($0) }
    #expect(count.value == 3)
  }

  @Test("One event, and one more than a batch", .tags(.unit), arguments: [1, 2049])
  func fewEvents(events: Int) async throws {
    let point = try await scan([0.1], events: events).reachCurves(threads: 2)[0].points[0]
    #expect(numbers(point).allSatisfy { $0?.isFinite ?? true })
    #expect(point.yLower != nil || point.reason != nil)
  }
}

/// A number that tasks add to.
private final class Counter: Sendable {
  private let total = Atomic<Int>(0)
  var value: Int { total.load(ordering: .sequentiallyConsistent) }
  func add(_ number: Int) { total.add(number, ordering: .sequentiallyConsistent) }
}

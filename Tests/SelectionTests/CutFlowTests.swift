import Selection
import Testing

@Suite("Cut flow")
struct CutFlowTests {
  private let events = Toy.events(4096, seed: 31)

  private var settings: [Setting] {
    var spread = Setting(spot: SIMD2(26, 27), divergence: SIMD2(2.7e-4, 2e-4))
    spread.cuts.interactionVertex = .spread
    var choice = Setting()
    choice.cuts.requiredPlanes = .atLeast(2)
    choice.cuts.decayWindow = 25...700
    var downstream = spread
    downstream.cuts.tracking = .anyDownstream
    downstream.cuts.decayWindow = 25...2500
    return [Setting(), Setting(apparatus: .tilted), spread, choice, downstream]
  }

  @Test("The last line is the accepted share that the intervals give", .tags(.identity))
  func lastLine() throws {
    for setting in settings {
      for length in [0.02, 0.2, 2, 200] {
        let sums = setting.cutFlow(events, properDecayLength: length)
        let last = try #require(sums.steps.last).cumulative * sums.total.value
        let direct = setting.accepted(events).survival(length)
        // 1e-9: e^(-a) - e^(-b) of the direct sum cancels up to seven digits at the longest lifetime.
        #expect(abs(last / direct - 1) < 1e-9)
      }
    }
  }

  @Test("Each line keeps no more than the one above, and no more than its cut alone")
  func monotone() {
    for setting in settings {
      for length in [0.02, 2, 200] {
        let steps = setting.cutFlow(events, properDecayLength: length).steps
        #expect(steps.map(\.cut) == CutFlowSums.cutNames)
        // 1e-14: the two are sums of the same terms, rounded apart.
        for (above, below) in zip(steps, steps.dropFirst()) {
          #expect(below.cumulative <= above.cumulative * (1 + 1e-14))
        }
        #expect(steps.allSatisfy { $0.cumulative <= $0.kept * (1 + 1e-14) })
        #expect(steps.allSatisfy { $0.kept > 0 && $0.kept <= 1 + 1e-14 })
        #expect(steps[0].kept == steps[0].cumulative)
      }
    }
  }

  @Test("A particle that flies backwards counts for no cut", .tags(.unit))
  func backwards() {
    func steps(_ turn: (inout ToyEvent) -> Void) -> [CutFlowStep] {
      var event = ToyEvent.onAxis()
      turn(&event)
      return Setting().cutFlow([event, .onAxis()], properDecayLength: 1).steps
    }
    let reference = steps { _ in }
    let pair = steps { $0.negative.z.negate() }
    // 1e-12: one sum of two numbers.
    #expect(abs(pair[5].kept - reference[5].kept / 2) < 1e-12 && pair[1].kept == 0.5)
    let muon = steps { $0.beamLepton.z.negate() }
    #expect(muon[3].kept == 0.5 && muon[0].kept == 0.5)
    let parent = steps { $0.chi2.z.negate() }
    #expect(abs(parent[4].kept - reference[4].kept / 2) < 1e-12)
  }

  @Test("Two halves of a sample add up to the whole", .tags(.identity))
  func addition() {
    let setting = Setting()
    let whole = setting.cutFlow(events, properDecayLength: 1)
    var halves = CutFlowSums()
    halves.add(setting.cutFlow(Array(events[..<2048]), properDecayLength: 1))
    halves.add(setting.cutFlow(Array(events[2048...]), properDecayLength: 1))
    for (a, b) in zip(whole.steps, halves.steps) {
      // 1e-14: compensated sums, rounded twice.
      #expect(abs(a.cumulative - b.cumulative) < 1e-14 && abs(a.kept - b.kept) < 1e-14)
    }
    #expect(CutFlowSums().steps.isEmpty)
  }
}

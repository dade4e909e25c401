import Selection
import Testing

@Suite("Accepted events")
struct AcceptedEventsTests {
  private func events(_ numbers: [Int32], weight: Double) -> AcceptedEvents {
    var result = AcceptedEvents()
    for (i, number) in numbers.enumerated() {
      result.append(
        event: number, weight: weight + Double(i), lower: Double(number), upper: Double(number) + 1)
    }
    return result
  }

  @Test("Channels merge by event, the first channel first, weights scaled", .tags(.unit))
  func merging() {
    let electrons = events([0, 2, 2, 5], weight: 10)
    let muons = events([2, 3, 5, 5, 9], weight: 100)
    let merged = AcceptedEvents.merged([(electrons, 0.5), (muons, 2)])
    #expect(merged.event == [0, 2, 2, 2, 3, 5, 5, 5, 9])
    #expect(merged.weight == [5, 5.5, 6, 200, 202, 6.5, 204, 206, 208])
    #expect(merged.lower == merged.event.map(Double.init))
    #expect(merged.upper == merged.lower.map { $0 + 1 })
  }

  @Test("One channel with factor one is itself; nothing merges to nothing", .tags(.unit))
  func trivial() {
    let electrons = events([1, 1, 4], weight: 3)
    #expect(AcceptedEvents.merged([(electrons, 1)]) == electrons)
    #expect(AcceptedEvents.merged([(electrons, 1), (AcceptedEvents(), 1)]) == electrons)
    #expect(AcceptedEvents.merged([]).count == 0)
    #expect(AcceptedEvents().count == 0)
  }

  @Test("Later events follow earlier ones", .tags(.unit))
  func appending() {
    var all = events([0, 1], weight: 1)
    all.append(events([2, 2], weight: 5))
    #expect(all.event == [0, 1, 2, 2] && all.weight == [1, 2, 5, 6] && all.count == 4)
  }
}

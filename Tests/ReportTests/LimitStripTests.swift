import Calculus
import Report
import Sampling
import Testing

@Suite("Limit strips") struct LimitStripTests {
  typealias Edge = LimitStrip.Edge

  private func column(_ m1: Double, _ intervals: ClosedRange<Double>...) -> LimitColumn {
    LimitColumn(m1: m1, intervals: intervals)
  }

  private func edge(_ m1: Double, _ range: ClosedRange<Double>) -> Edge {
    Edge(m1: m1, lower: range.lowerBound, upper: range.upperBound)
  }

  @Test("intervals of neighbouring masses that overlap make one strip", .tags(.unit))
  func joined() {
    let ranges = [1e-4...1e-2, 1e-3...1e-1, 5e-2...1]
    let columns = zip([0.1, 0.2, 0.4], ranges).map { column($0, $1) }
    // The first and the last do not overlap: neighbours decide.
    #expect(
      LimitStrip.strips(columns)
        == [LimitStrip(edges: zip([0.1, 0.2, 0.4], ranges).map(edge))])
    // Intervals that touch overlap.
    #expect(
      LimitStrip.strips([column(0.1, 1e-4...1e-3), column(0.2, 1e-3...1e-2)])
        == [LimitStrip(edges: [edge(0.1, 1e-4...1e-3), edge(0.2, 1e-3...1e-2)])])
  }

  @Test(
    "what lies apart stays apart: beside each other, and across a mass with nothing", .tags(.unit))
  func apart() {
    let (low, high) = (1e-5...1e-4, 1e-3...1e-2)
    #expect(LimitStrip.strips([column(0.1, low), column(0.2, high)]).isEmpty)
    #expect(
      LimitStrip.strips([column(0.1, low, high), column(0.2, low, high)])
        == [
          LimitStrip(edges: [edge(0.1, low), edge(0.2, low)]),
          LimitStrip(edges: [edge(0.1, high), edge(0.2, high)]),
        ])
    let gap = [column(0.1, low), column(0.2, low), column(0.3), column(0.4, low), column(0.5, low)]
    #expect(
      LimitStrip.strips(gap)
        == [
          LimitStrip(edges: [edge(0.1, low), edge(0.2, low)]),
          LimitStrip(edges: [edge(0.4, low), edge(0.5, low)]),
        ])
  }

  @Test("one mass alone has no width: no strip", .tags(.limit))
  func single() {
    #expect(LimitStrip.strips([]).isEmpty)
    #expect(LimitStrip.strips([column(0.1, 1e-4...1e-2)]).isEmpty)
    #expect(LimitStrip.strips([column(0.1), column(0.2, 1e-4...1e-2), column(0.3)]).isEmpty)
  }

  @Test(
    "one interval that meets two is shared at the geometric mean of their inner ends", .tags(.unit))
  func fork() {
    let (whole, low, high) = (1e-5...1e-1, 1e-5...1e-4, 1e-2...1e-1)
    let middle = (1e-4 * 1e-2).squareRoot()
    let (below, above) = (whole.lowerBound...middle, middle...whole.upperBound)
    #expect(
      LimitStrip.strips([column(0.1, whole), column(0.2, low, high)])
        == [
          LimitStrip(edges: [edge(0.1, below), edge(0.2, low)]),
          LimitStrip(edges: [edge(0.1, above), edge(0.2, high)]),
        ])
    #expect(
      LimitStrip.strips([column(0.1, low, high), column(0.2, whole)])
        == [
          LimitStrip(edges: [edge(0.1, low), edge(0.2, below)]),
          LimitStrip(edges: [edge(0.1, high), edge(0.2, above)]),
        ])
  }

  @Test("a strip ends where it is divided, and its parts run on", .tags(.unit))
  func division() {
    let (whole, low, high) = (1e-5...1e-1, 1e-5...1e-4, 1e-2...1e-1)
    let strips = LimitStrip.strips([
      column(0.1, whole), column(0.2, whole), column(0.3, low, high), column(0.4, low, high),
    ])
    #expect(strips.map { $0.edges.map(\.m1) } == [[0.1, 0.2], [0.2, 0.3, 0.4], [0.2, 0.3, 0.4]])
    #expect(strips[1].edges[0].upper == strips[2].edges[0].lower)
  }

  @Test(
    "the outline runs forwards below and backwards above; lines stop at the frame", .tags(.unit))
  func drawing() {
    let strip = LimitStrip(edges: [
      edge(0.1, 1e-4...1e-2), edge(0.2, 2e-4...1), edge(0.3, 3e-4...3e-2), edge(0.4, 4e-4...4e-2),
    ])
    #expect(strip.outline.map(\.m1) == [0.1, 0.2, 0.3, 0.4, 0.4, 0.3, 0.2, 0.1])
    #expect(strip.outline.map(\.y) == [1e-4, 2e-4, 3e-4, 4e-4, 4e-2, 3e-2, 1, 1e-2])
    func heights(_ frame: Double) -> [[Double]] {
      strip.lines(belowFrame: frame).map { $0.map(\.y) }
    }
    let lower = [1e-4, 2e-4, 3e-4, 4e-4]
    #expect(heights(1) == [lower, [1e-2], [3e-2, 4e-2]])
    #expect(heights(.infinity) == [lower, [1e-2, 1, 3e-2, 4e-2]])
    #expect(heights(1e-3) == [lower])
    // A frame that was computed: its roundings do not bring the edge back.
    #expect(heights(1 + 1e-12) == heights(1))
  }

  @Test("in y the edges are ε² α_D (m₁/m_A′)⁴, and masses stay", .tags(.identity))
  func yields() {
    let strip = LimitStrip(edges: [edge(0.1, 1e-3...1e-1), edge(0.2, 2e-3...1)])
    let y = strip.inY(alphaD: 0.5, massRatio: 0.25)
    #expect(y.edges.map(\.m1) == [0.1, 0.2])
    let factor = 0.5 / 256
    let expected = [1e-6, 1e-2, 4e-6, 1].map { $0 * factor }
    for (found, value) in zip(y.edges.flatMap { [$0.lower, $0.upper] }, expected) {
      #expect(abs(found / value - 1) < 1e-15 * 8)  // eight roundings at most
    }
  }

  @Test("edges belong to a strip and are straight in the logarithms between masses", .tags(.unit))
  func lookup() {
    let strip = LimitStrip(edges: [edge(0.1, 1e-4...1e-2), edge(0.4, 1e-6...1e-3)])
    let lookup = LimitStrip.Lookup(strip)
    func contains(_ m1: Double, _ y: Double) -> Bool {
      lookup.contains(logM1: Elementary.log(m1), logY: Elementary.log(y))
    }
    for edge in strip.edges {
      #expect(contains(edge.m1, edge.lower) && contains(edge.m1, edge.upper))
      #expect(!contains(edge.m1, edge.lower * 0.999) && !contains(edge.m1, edge.upper * 1.001))
    }
    // Halfway in ln m₁: geometric means.
    let (lower, upper) = (1e-5, 1e-5.squareRoot())
    #expect(contains(0.2, lower * 1.001) && !contains(0.2, lower * 0.999))
    #expect(contains(0.2, upper * 0.999) && !contains(0.2, upper * 1.001))
    #expect(!contains(0.0999, 1e-3) && !contains(0.4001, 1e-5))
  }

  // MARK: any columns

  private func columns(_ stream: inout RandomStream) -> [LimitColumn] {
    (0..<2 + Int(stream.uniform() * 10)).map { index in
      let ends = (0..<2 * Int(stream.uniform() * 5)).map { _ in -14 * stream.uniform() }.sorted()
      return LimitColumn(
        m1: 0.01 * Elementary.exp(0.1 * Double(index)),
        intervals: stride(from: 0, to: ends.count, by: 2).map {
          Elementary.exp(ends[$0])...Elementary.exp(ends[$0 + 1])
        })
    }
  }

  private func partners(
    _ interval: ClosedRange<Double>, in column: LimitColumn?
  ) -> [ClosedRange<Double>] {
    (column?.intervals ?? []).filter { interval.overlaps($0) }
  }

  @Test(
    "at each mass the strips are the intervals that meet one of a neighbour's", .tags(.property))
  func coverage() {
    for batch in 0..<200 {
      var stream = RandomStream(seed: 1, purpose: .test, point: 1, batch: batch)
      let columns = columns(&stream)
      let lookups = LimitStrip.strips(columns).map(LimitStrip.Lookup.init)
      for (index, column) in columns.enumerated() {
        let neighbours = [
          index > 0 ? columns[index - 1] : nil,
          index + 1 < columns.count ? columns[index + 1] : nil,
        ]
        let drawn = column.intervals.filter { interval in
          neighbours.contains { !partners(interval, in: $0).isEmpty }
        }
        let probes =
          (0..<20).map { _ in Elementary.exp(2 - 18 * stream.uniform()) }
          + column.intervals.flatMap { [$0.lowerBound, $0.upperBound] }
        for epsilon in probes {
          let (x, y) = (Elementary.log(column.m1), Elementary.log(epsilon))
          #expect(
            lookups.contains { $0.contains(logM1: x, logY: y) }
              == drawn.contains { $0.contains(epsilon) },
            "batch \(batch), column \(index), ε = \(epsilon): \(columns)")
        }
      }
    }
  }

  @Test("sharing conserves the area: widths add up, and no strips cross", .tags(.property))
  func area() {
    var shared = 0
    for batch in 0..<200 {
      var stream = RandomStream(seed: 2, purpose: .test, point: 1, batch: batch)
      let columns = columns(&stream)
      let strips = LimitStrip.strips(columns)
      for (left, right) in zip(columns, columns.dropFirst()) {
        let segments = strips.flatMap { Array(zip($0.edges, $0.edges.dropFirst())) }
          .filter { $0.0.m1 == left.m1 }.sorted { $0.0.lower < $1.0.lower }
        let (begins, ends) = (segments.map { $0.0 }, segments.map { $0.1 })
        #expect(ends.allSatisfy { $0.m1 == right.m1 })
        let pairs = left.intervals.map { partners($0, in: right).count }
        #expect(segments.count == pairs.reduce(0, +))
        shared += pairs.count { $0 > 1 }
        for (edges, own, others) in [
          (begins, left, right), (ends, right, left),
        ] {
          let widths = edges.map { Elementary.log($0.upper / $0.lower) }
          let drawn = own.intervals.filter { !partners($0, in: others).isEmpty }
          let whole = drawn.map { Elementary.log($0.upperBound / $0.lowerBound) }
          let difference: Double = widths.reduce(0, +) - whole.reduce(0, +)
          // 1e-12: at most ten logarithms below 14.
          #expect(widths.allSatisfy { $0 >= 0 })
          #expect(abs(difference) < 1e-12, "batch \(batch)")
          #expect(zip(edges, edges.dropFirst()).allSatisfy { $0.upper <= $1.lower })
        }
      }
    }
    // The samples have what is tested.
    #expect(shared > 100)
  }
}

import Report
import Testing

@Suite("Contour outlines", .tags(.unit))
struct ContourOutlineTests {
  typealias Sample = ContourOutline.Sample

  func inside(_ m1: Double, _ lower: Double, _ upper: Double, most: Double = 30) -> Sample {
    Sample(
      m1: m1, lower: lower, upper: upper, maximumEvents: most,
      yAtMaximum: (lower * upper).squareRoot())
  }

  func outside(_ m1: Double, most: Double? = 0.3, at y: Double? = 1e-6) -> Sample {
    Sample(m1: m1, lower: nil, upper: nil, maximumEvents: most, yAtMaximum: y)
  }

  @Test("lower bound forwards, tip, upper bound backwards, tip")
  func order() throws {
    let samples = [
      outside(0.01), inside(0.1, 1e-8, 1e-4), inside(0.2, 1e-9, 1e-5), inside(0.4, 1e-8, 1e-6),
      outside(4),
    ]
    let outline = try #require(ContourOutline.outlines(samples, needed: 3).first)
    #expect(outline.isClosed)
    #expect(outline.vertices.dropFirst().prefix(3).map(\.y) == [1e-8, 1e-9, 1e-8])
    #expect(outline.vertices.suffix(4).map(\.y).prefix(3) == [1e-6, 1e-5, 1e-4])
    let masses = outline.vertices.map(\.m1)
    let turn = try #require(masses.indices.max { masses[$0] < masses[$1] })
    #expect(masses[...turn].elementsEqual(masses[...turn].sorted()))
    #expect(masses[turn...].elementsEqual(masses[turn...].sorted(by: >)))
  }

  @Test("a tip lies where the interpolated maximum is what is needed")
  func tip() throws {
    // 30 and 0.3 events, 3 needed: halfway in the logarithm, for the mass and for y.
    let samples = [inside(0.1, 1e-9, 1e-5), outside(0.4, most: 0.3, at: 1e-5)]
    let outline = try #require(ContourOutline.outlines(samples, needed: 3).first)
    let tip = try #require(outline.vertices.dropFirst().first)
    // 1e-12: three logarithms and an exponential.
    #expect(abs(tip.m1 / 0.2 - 1) < 1e-12)
    #expect(abs(tip.y / 1e-6 - 1) < 1e-12)
  }

  @Test("no outline has a vertical edge where the masses end inside")
  func openEnd() throws {
    let samples = [inside(0.1, 1e-9, 1e-5), inside(0.2, 1e-8, 1e-6), outside(0.4)]
    let outline = try #require(ContourOutline.outlines(samples, needed: 3).first)
    #expect(!outline.isClosed)
    #expect(outline.vertices.first == ContourOutline.Vertex(m1: 0.1, y: 1e-9))
    #expect(outline.vertices.last == ContourOutline.Vertex(m1: 0.1, y: 1e-5))
    let mirrored = [outside(0.05), inside(0.1, 1e-9, 1e-5), inside(0.2, 1e-8, 1e-6)]
    let other = try #require(ContourOutline.outlines(mirrored, needed: 3).first)
    #expect(other.vertices.first == ContourOutline.Vertex(m1: 0.2, y: 1e-6))
    #expect(other.vertices.last == ContourOutline.Vertex(m1: 0.2, y: 1e-8))
  }

  @Test("parts with a gap between them are outlines of their own, and nothing inside gives none")
  func parts() {
    let samples = [
      outside(0.01), inside(0.1, 1e-8, 1e-4), outside(0.2), inside(0.4, 1e-8, 1e-6), outside(4),
    ]
    let outlines = ContourOutline.outlines(samples, needed: 3)
    #expect(outlines.count == 2 && outlines.allSatisfy(\.isClosed))
    #expect(ContourOutline.outlines([outside(0.1), outside(0.2)], needed: 3).isEmpty)
    #expect(ContourOutline.outlines([], needed: 3).isEmpty)
  }

  @Test("where nothing is seen outside, the tip lies between")
  func nothingOutside() throws {
    let samples = [outside(0.1, most: nil, at: nil), inside(0.4, 1e-9, 1e-5), outside(0.8)]
    let outline = try #require(ContourOutline.outlines(samples, needed: 3).first)
    let tip = try #require(outline.vertices.first)
    #expect(abs(tip.m1 / 0.2 - 1) < 1e-12)  // a logarithm and an exponential
  }
}

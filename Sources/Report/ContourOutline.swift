import Calculus

/// The outline of a region in (m₁, y) whose lower and upper bounds are known at a list of masses.
///
/// Between the last mass inside and the first outside the bounds meet at a tip. There the most events that any y gives
/// equal the number needed; ln N_max is interpolated in ln m₁, and y at the maximum with it. No outline has a vertical
/// edge: where the list of masses ends inside the region, it stays open.
public struct ContourOutline: Sendable, Hashable {
  /// What is known at one mass.
  public struct Sample: Sendable, Hashable {
    /// m₁ in GeV.
    public var m1: Double
    /// The lower bound, or `nil` outside the region.
    public var lower: Double?
    /// The upper bound, or `nil` outside the region.
    public var upper: Double?
    /// The most events at any y, or `nil` for none at all.
    public var maximumEvents: Double?
    /// The y at which they are attained.
    public var yAtMaximum: Double?

    /// A sample from its numbers.
    public init(
      m1: Double, lower: Double?, upper: Double?, maximumEvents: Double?, yAtMaximum: Double?
    ) {
      self.m1 = m1
      self.lower = lower
      self.upper = upper
      self.maximumEvents = maximumEvents
      self.yAtMaximum = yAtMaximum
    }

    var isInside: Bool { lower != nil }
  }

  /// A point of an outline.
  public struct Vertex: Sendable, Hashable {
    /// m₁ in GeV.
    public var m1: Double
    /// y.
    public var y: Double

    /// A vertex from its coordinates.
    public init(m1: Double, y: Double) {
      self.m1 = m1
      self.y = y
    }
  }

  /// The corners in the order in which a pen draws them; a closed outline ends where it began.
  public var vertices: [Vertex]

  /// Whether the outline ends where it began.
  public var isClosed: Bool { vertices.count > 2 && vertices.first == vertices.last }

  /// The outlines of all parts of the region.
  ///
  /// - Parameters:
  ///   - samples: by rising mass.
  ///   - needed: the number of events at a tip.
  public static func outlines(_ samples: [Sample], needed: Double) -> [ContourOutline] {
    var outlines: [ContourOutline] = []
    var start = samples.startIndex
    while start < samples.endIndex {
      guard samples[start].isInside else {
        start += 1
        continue
      }
      var end = start
      while end + 1 < samples.endIndex, samples[end + 1].isInside { end += 1 }
      let left = start > 0 ? tip(inside: samples[start], outside: samples[start - 1], needed) : nil
      let right =
        end + 1 < samples.endIndex
        ? tip(inside: samples[end], outside: samples[end + 1], needed) : nil
      outlines += outline(Array(samples[start...end]), left: left, right: right)
      start = end + 1
    }
    return outlines
  }

  /// Where the bounds meet between a mass inside and one outside.
  ///
  /// Where nothing at all is seen outside, the tip is put halfway.
  static func tip(inside: Sample, outside: Sample, _ needed: Double) -> Vertex? {
    guard let most = inside.maximumEvents, let y = inside.yAtMaximum, most > 0 else { return nil }
    let (x0, x1) = (Elementary.log(inside.m1), Elementary.log(outside.m1))
    guard let least = outside.maximumEvents, let yOutside = outside.yAtMaximum, least > 0,
      least < needed, most > needed
    else { return Vertex(m1: Elementary.exp((x0 + x1) / 2), y: y) }
    let share = Elementary.log(most / needed) / Elementary.log(most / least)
    return Vertex(
      m1: Elementary.exp(x0 + share * (x1 - x0)),
      y: Elementary.exp(Elementary.log(y) + share * Elementary.log(yOutside / y)))
  }

  /// Lower bound forwards, right tip, upper bound backwards, left tip; begun at whichever end is open.
  private static func outline(
    _ run: [Sample], left: Vertex?, right: Vertex?
  ) -> [ContourOutline] {
    let lower = run.compactMap { sample in sample.lower.map { Vertex(m1: sample.m1, y: $0) } }
    let upper = run.compactMap { sample in sample.upper.map { Vertex(m1: sample.m1, y: $0) } }
    switch (left, right) {
    case (let left?, let right?):
      return [ContourOutline(vertices: [left] + lower + [right] + upper.reversed() + [left])]
    case (nil, let right?):
      return [ContourOutline(vertices: lower + [right] + upper.reversed())]
    case (let left?, nil):
      return [ContourOutline(vertices: upper.reversed() + [left] + lower)]
    case (nil, nil):
      return [ContourOutline(vertices: lower), ContourOutline(vertices: upper)]
    }
  }
}

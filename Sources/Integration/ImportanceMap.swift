import Calculus
import Sampling

/// A separable adaptive map of the unit cube onto itself: the piecewise-linear importance map of VEGAS.
///
/// Each axis is cut into ``binCount`` bins of equal probability; training moves the edges to where the
/// integrand is large. A trained map is a value: integrals drawn with it later are independent of its training.
///
/// Source: G. P. Lepage, J. Comput. Phys. 27, 192 (1978); arXiv:2009.05112, § 2.
public struct ImportanceMap: Sendable, Hashable {
  /// Bins on each axis.
  public static let binCount = 64
  /// The number of axes.
  public let dimensions: Int
  /// The edges, `edges[axis * (binCount + 1) + edge]`, ascending from 0 to 1 on each axis.
  public private(set) var edges: [Double]

  /// The identity map of so many axes.
  public init(dimensions: Int) {
    precondition(dimensions >= 1, "a map needs an axis")
    self.dimensions = dimensions
    edges = (0..<dimensions).flatMap { _ in
      (0...Self.binCount).map { Double($0) / Double(Self.binCount) }
    }
  }

  /// What ``accumulate(axis:uniform:weight:count:into:)`` adds to, before anything is added.
  public var emptyHistogram: [Double] {
    [Double](repeating: 0, count: dimensions * Self.binCount)
  }

  /// Replaces the edges of one axis: `binCount + 1` of them, ascending from 0 to 1.
  private mutating func setEdges(_ axisEdges: [Double], axis: Int) {
    precondition(
      axisEdges.count == Self.binCount + 1 && axisEdges[0] == 0 && axisEdges[Self.binCount] == 1
        && zip(axisEdges, axisEdges.dropFirst()).allSatisfy(<), "edges ascend from 0 to 1")
    edges.replaceSubrange(
      axis * (Self.binCount + 1)..<(axis + 1) * (Self.binCount + 1), with: axisEdges)
  }

  /// Maps a column of uniform numbers on one axis, in place, and multiplies `weight` by the Jacobian.
  public func apply(
    axis: Int, to column: UnsafeMutablePointer<Double>, weight: UnsafeMutablePointer<Double>,
    count: Int
  ) {
    let bins = Double(Self.binCount)
    edges.withUnsafeBufferPointer { edges in
      guard let start = edges.baseAddress else { return }
      let axisEdges = start + axis * (Self.binCount + 1)
      for i in 0..<count {
        let scaled = column[i] * bins
        let bin = Self.bin(ofScaled: scaled)
        let edge = axisEdges[bin]
        let width = axisEdges[bin &+ 1] - edge
        column[i] = edge + (scaled - Double(bin)) * width
        weight[i] *= width * bins
      }
    }
  }

  @inline(__always)
  private static func bin(ofScaled scaled: Double) -> Int { floor(scaled) & (binCount - 1) }

  /// The last bits of the whole number at or below `scaled`, to be masked. Adding 1.5·2⁵² rounds to an integer without a trap; a tie
  /// on an edge may fall on either side, where a map is continuous.
  @inlinable @inline(__always)
  package static func floor(_ scaled: Double) -> Int {
    let shifted = (scaled - 0.5) + Elementary.roundingShift
    return Int(truncatingIfNeeded: shifted.bitPattern)
  }

  /// Adds the squares of the weights to a histogram `[axis * binCount + bin]` of the uniform numbers they
  /// were drawn at.
  public func accumulate(
    axis: Int, uniform: UnsafePointer<Double>, weight: UnsafePointer<Double>, count: Int,
    into histogram: inout [Double]
  ) {
    let bins = Double(Self.binCount)
    for i in 0..<count {
      histogram[axis * Self.binCount + Self.bin(ofScaled: uniform[i] * bins)] +=
        weight[i] * weight[i]
    }
  }

  /// Moves the edges so that each bin holds an equal share of the smoothed, damped histogram.
  ///
  /// - Parameter damping: Lepage's α; 0 leaves the map as it is.
  public mutating func refine(histogram: [Double], damping: Double) {
    let n = Self.binCount
    for axis in 0..<dimensions {
      let raw = Array(histogram[axis * n..<(axis + 1) * n])
      var smooth = raw
      for i in 0..<n {
        let left = raw[max(i - 1, 0)]
        let right = raw[min(i + 1, n - 1)]
        smooth[i] = (left + 6 * raw[i] + right) / 8
      }
      let total = smooth.reduce(0, +)
      guard total > 0, total.isFinite else { continue }
      let shares = smooth.map { value -> Double in
        let r = max(value / total, 1e-30)
        guard r < 1 else { return 1 }
        return Elementary.exp(damping * Elementary.log((1 - r) / -Elementary.log(r)))
      }
      edges.replaceSubrange(
        axis * (n + 1)..<(axis + 1) * (n + 1),
        with: Self.redistributed(Array(edges[axis * (n + 1)..<(axis + 1) * (n + 1)]), shares))
    }
  }

  /// The map that draws a share of its points uniformly: no point of the cube gets a weight above 1/share per axis.
  public func mixed(withUniform share: Double) -> ImportanceMap {
    let n = Self.binCount
    var result = self
    for axis in 0..<dimensions {
      let old = Array(edges[axis * (n + 1)...axis * (n + 1) + n])
      // The mixture's distribution function at the old edges, inverted at k/n.
      let cumulative = (0...n).map { (1 - share) * Double($0) / Double(n) + share * old[$0] }
      var new = [0.0]
      var bin = 0
      for k in 1..<n {
        let target = Double(k) / Double(n)
        while cumulative[bin + 1] < target { bin += 1 }
        let fraction = (target - cumulative[bin]) / (cumulative[bin + 1] - cumulative[bin])
        let edge = old[bin] + fraction * (old[bin + 1] - old[bin])
        new.append(min(max(edge, new[k - 1].nextUp), 1 - 1e-15 * Double(n - k)))
      }
      result.setEdges(new + [1], axis: axis)
    }
    return result
  }

  /// New edges between which the shares are equal.
  private static func redistributed(_ old: [Double], _ shares: [Double]) -> [Double] {
    let n = shares.count
    let target = shares.reduce(0, +) / Double(n)
    var new = [0.0]
    var collected = 0.0
    var bin = 0
    for index in 1..<n {
      while collected + shares[bin] < target && bin < n - 1 {
        collected += shares[bin]
        bin += 1
      }
      let fraction = (target - collected) / shares[bin]
      let edge = old[bin] + fraction * (old[bin + 1] - old[bin])
      // Room below 1 for the edges still to come, so that all of them ascend.
      new.append(min(max(edge, new[new.count - 1].nextUp), 1 - 1e-15 * Double(n - index)))
      collected -= target
    }
    new.append(1)
    return new
  }
}

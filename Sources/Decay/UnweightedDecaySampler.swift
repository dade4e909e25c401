import Integration
import Kinematics
import Sampling

/// The decays of ``DecaySampler`` without their weights: for each production event they are drawn again until one is kept.
///
/// A decay's weight f has the mean 1 over all decays of any production event, whatever its spin state and mass. Drawing until
/// u < f/f_max therefore gives each event one decay by the exact law, as far as f_max is a bound
/// (``DecaySampler/weightBounds()``), and changes nothing in how events are distributed. Bins of the pair mass are drawn in
/// proportion to their own f_max.
public struct UnweightedDecaySampler: Sendable {
  private let sampler: DecaySampler
  private let bins: RejectionTable

  private typealias Axis = DecaySampler.Axis
  private typealias Column = DecaySampler.Column

  /// What a decay's weight depends on, beside its own numbers.
  private static let spinColumns = [
    EventColumn.mediatorMass, EventColumn.densityXX, EventColumn.densityXY,
    EventColumn.densityXZ, EventColumn.densityYY, EventColumn.densityYZ,
  ]

  /// Seven attempts in ten are kept: a hundred thousand in a row are rejected only where weights are not numbers.
  private static let mostAttempts: UInt32 = 100_000

  /// The decays of a sampler.
  public init(_ sampler: DecaySampler) {
    self.sampler = sampler
    bins = RejectionTable(bounds: sampler.weightBounds())
  }

  /// Decays production events in place; what is in the columns of weights afterwards means nothing.
  ///
  /// - Parameters:
  ///   - events: the base of ``EventColumn/count`` columns.
  ///   - trial: the base of as many columns, for attempts.
  ///   - scratch: the base of ``DecaySampler/scratchColumnCount`` columns.
  ///   - rows: the addresses of the random numbers; an attempt's number is part of their label.
  public func fill(
    _ events: UnsafeMutablePointer<Double>, trial: UnsafeMutablePointer<Double>,
    scratch base: UnsafeMutablePointer<Double>, at rows: borrowing RowAddresses,
    stream: RandomStream
  ) {
    let count = rows.count
    for column in Self.spinColumns { (trial + column).update(from: events + column, count: count) }
    (trial + EventColumn.weight).update(repeating: 1, count: count)
    var waiting = RowAddresses(rows)
    var place = Array(0..<count)
    var rejected = [UInt32](repeating: 0, count: count)
    var attempt: UInt32 = 0
    while waiting.count > 0 {
      precondition(attempt < Self.mostAttempts, "a decay's weights are no numbers")
      propose(trial, base, at: waiting, stream: stream, attempt: attempt)
      // What is rejected here is written over later.
      for axis in 0...Axis.chi2Azimuth {
        let (from, to) = (base + Column.uniform(axis), base + Column.drawn(axis))
        for k in 0..<waiting.count { to[place[k]] = from[k] }
      }
      let left = Self.chooseRejected(trial, base, &rejected, count: waiting.count)
      for column in Self.spinColumns {
        for k in 0..<left { trial[column + k] = trial[column + Int(rejected[k])] }
      }
      for k in 0..<left { place[k] = place[Int(rejected[k])] }
      waiting.keep(rejected, count: left)
      attempt += 1
    }
    for axis in 0...Axis.chi2Azimuth {
      (base + Column.uniform(axis)).update(from: base + Column.drawn(axis), count: count)
    }
    sampler.finish(events, scratch: base, at: rows, stream: stream)
  }

  /// Draws the numbers of an attempt, and the weight that it has.
  private func propose(
    _ trial: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>,
    at rows: borrowing RowAddresses, stream: RandomStream, attempt: UInt32
  ) {
    let label = attempt << 3
    for axis in 0...Axis.chi2Azimuth {
      stream.fillQuickly(base + Column.uniform(axis), at: rows, label: label + UInt32(axis))
    }
    stream.fillQuickly(base + Column.decision, at: rows, label: label + 7)
    let pairMass = base + Column.uniform(Axis.pairMass)
    bins.draw(
      pairMass, cell: base + Column.bin, inverseBound: base + Column.inverseBound,
      count: rows.count)
    for k in 0..<rows.count {
      pairMass[k] = (base[Column.bin &+ k] + pairMass[k]) * (1 / Double(PairMassSpectrum.binCount))
    }
    sampler.weighDrawn(trial, scratch: base, count: rows.count)
  }

  /// The attempts of u ≥ f/f_max.
  private static func chooseRejected(
    _ trial: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>,
    _ rejected: inout [UInt32], count: Int
  ) -> Int {
    for k in 0..<count {
      let share = trial[EventColumn.chainWeight &+ k] * base[Column.inverseBound &+ k]
      // Weights that are no numbers are rejected.
      base[Column.verdict &+ k] = share > base[Column.decision &+ k] ? 1 : -1
    }
    return rejected.withUnsafeMutableBufferPointer { rejected in
      guard let rows = rejected.baseAddress else { return 0 }
      return ColumnBatch.rowsBelowZero(base + Column.verdict, count: count, into: rows)
    }
  }
}

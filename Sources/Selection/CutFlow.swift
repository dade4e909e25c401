import Calculus
import Detector
import Kinematics
import Sampling

/// One line of a cut flow: the fraction of signal events that a cut keeps alone, and with all cuts above it.
public struct CutFlowStep: Sendable, Hashable, Codable {
  /// The cut's name.
  public let cut: String
  /// The fraction that the cut keeps alone.
  public let kept: Double
  /// The fraction that passes this cut and all before it.
  public let cumulative: Double

  /// A line from its parts.
  public init(cut: String, kept: Double, cumulative: Double) {
    self.cut = cut
    self.kept = kept
    self.cumulative = cumulative
  }
}

/// Sums for a cut flow at one proper decay length. Position cuts count by the probability that the decay falls inside.
public struct CutFlowSums: Sendable, Hashable {
  /// The cuts in the order in which they are applied.
  public static let cutNames = [
    "beam lepton energy", "lepton energies", "opening angle", "beam lepton in the planes",
    "decay window", "leptons in the planes",
  ]
  /// The sum of the production weights, so that fractions times the cross section give the events kept.
  package fileprivate(set) var total = CompensatedSum()
  var alone = [CompensatedSum](repeating: CompensatedSum(), count: cutNames.count)
  var cumulative = [CompensatedSum](repeating: CompensatedSum(), count: cutNames.count)

  /// Empty sums.
  public init() {}

  /// Adds the sums of another channel or batch, weighted.
  public mutating func add(_ other: CutFlowSums, factor: Double = 1) {
    total.add(factor * other.total.value)
    for i in Self.cutNames.indices {
      alone[i].add(factor * other.alone[i].value)
      cumulative[i].add(factor * other.cumulative[i].value)
    }
  }

  /// The flow; empty when nothing was added.
  public var steps: [CutFlowStep] {
    guard total.value > 0 else { return [] }
    return Self.cutNames.indices.map {
      CutFlowStep(
        cut: Self.cutNames[$0], kept: alone[$0].value / total.value,
        cumulative: cumulative[$0].value / total.value)
    }
  }
}

/// What the geometry leaves of one event of a cut flow.
private struct SeenShares {
  /// The share of stations whose planes the beam lepton hits.
  var beamLepton = 0.0
  /// The probability that χ₂ decays where both leptons hit the planes, wherever that is.
  var pair = 0.0
  /// The probability that it does so within the window, and the beam lepton hits, too.
  var all = 0.0
}

extension EventSelector {
  /// Adds a batch to a cut flow at proper decay length `properDecayLength` in mm.
  public func addCutFlow(
    _ events: borrowing ColumnBatch, scratch: borrowing ColumnBatch, count: Int,
    stream: RandomStream, properDecayLength: Double, into sums: inout CutFlowSums
  ) {
    let base = scratch.base
    measure(events.base, base, count, stream)
    let angleCut = minimumTangent2
    let window = (cuts.decayWindow.lowerBound, cuts.decayWindow.upperBound)
    let isQuick = findStackIntervals(base, count)
    for i in 0..<count {
      let weight = events.base[EventColumn.chainWeight &+ i]
      let boost = base[Column.boost &+ i]
      let energy = base[Column.beamEnergy &+ i] > cuts.minimumBeamLeptonEnergy ? 1.0 : 0
      let pairEnergy = base[Column.softerEnergy &+ i] > cuts.minimumLeptonEnergy ? 1.0 : 0
      let opening = base[Column.opening &+ i] > angleCut ? 1.0 : 0
      let length = boost * properDecayLength
      let seen = isQuick ? quickShares(base, i, length) : generalShares(base, i, length)
      let inWindow = Self.probability(window.0, window.1, length)
      let kinematic = energy * pairEnergy * opening
      sums.total.add(events.base[EventColumn.weight &+ i])
      sums.add(
        0, alone: weight * energy, cumulative: weight * energy)
      sums.add(1, alone: weight * pairEnergy, cumulative: weight * energy * pairEnergy)
      sums.add(2, alone: weight * opening, cumulative: weight * kinematic)
      sums.add(3, alone: weight * seen.beamLepton, cumulative: weight * kinematic * seen.beamLepton)
      sums.add(
        4, alone: weight * inWindow, cumulative: weight * kinematic * seen.beamLepton * inWindow)
      sums.add(5, alone: weight * seen.pair, cumulative: weight * kinematic * seen.all)
    }
  }

  /// The probability of a decay between two positions; none for a χ₂ that does not fly forward.
  private static func probability(_ lower: Double, _ upper: Double, _ length: Double) -> Double {
    guard length > 0, lower < upper else { return 0 }
    return Elementary.exp(-lower / length) * -Elementary.expMinusOne(-(upper - lower) / length)
  }

  /// From the columns that ``findStackIntervals(_:_:)`` leaves.
  private func quickShares(
    _ base: UnsafeMutablePointer<Double>, _ i: Int, _ length: Double
  ) -> SeenShares {
    // A particle that flies backwards has no energy here, and its slopes are those of no track.
    let isBeamSeen = base[Column.beamEnergy &+ i] > 0 && base[Column.passes &+ i] > 0
    let (lower, upper) =
      base[Column.softerEnergy &+ i] > 0
      ? (base[Column.lower &+ i], base[Column.upper &+ i]) : (1, 0)
    let (from, to) = (cuts.decayWindow.lowerBound, cuts.decayWindow.upperBound)
    return SeenShares(
      beamLepton: isBeamSeen ? 1 : 0, pair: Self.probability(lower, upper, length),
      all: isBeamSeen ? Self.probability(max(lower, from), min(upper, to), length) : 0)
  }

  /// With lists of intervals, for any planes and stations.
  private func generalShares(
    _ base: UnsafeMutablePointer<Double>, _ i: Int, _ length: Double
  ) -> SeenShares {
    func probability(_ set: IntervalSet) -> Double {
      set.intervals.reduce(0) { $0 + Self.probability($1.lowerBound, $1.upperBound, length) }
    }
    func mean(including tracks: TrackSet, _ value: (IntervalSet) -> Double) -> Double {
      visible(base, i, including: tracks).reduce(0) { $0 + value($1) } / Double(stations.count)
    }
    let window = IntervalSet(from: cuts.decayWindow.lowerBound, to: cuts.decayWindow.upperBound)
    var shares = SeenShares()
    let (hasBeam, hasPair) = (
      base[Column.beamEnergy &+ i] > 0, base[Column.softerEnergy &+ i] > 0
    )
    if hasBeam { shares.beamLepton = mean(including: .beamLepton) { $0.isEmpty ? 0 : 1 } }
    if hasPair { shares.pair = mean(including: .decayLeptons, probability) }
    if hasBeam, hasPair {
      shares.all = mean(including: .all) { probability($0.intersection(window)) }
    }
    return shares
  }
}

extension CutFlowSums {
  fileprivate mutating func add(_ cut: Int, alone value: Double, cumulative product: Double) {
    alone[cut].add(value)
    cumulative[cut].add(product)
  }
}

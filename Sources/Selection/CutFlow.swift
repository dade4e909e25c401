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
  /// The sum of all weights, before any cut.
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

extension EventSelector {
  /// Adds a batch to a cut flow at proper decay length `properDecayLength` in mm. One event at a time: for one point, not for scans.
  public func addCutFlow(
    _ events: borrowing ColumnBatch, scratch: borrowing ColumnBatch, count: Int,
    stream: RandomStream, properDecayLength: Double, into sums: inout CutFlowSums
  ) {
    measure(events, scratch: scratch, count: count, stream: stream)
    let base = scratch.base
    let angleCut = minimumTangent2
    let modules = cuts.tracking == .ownStation ? 1 : cuts.lastModules
    let window = IntervalSet(from: cuts.decayWindow.lowerBound, to: cuts.decayWindow.upperBound)
    for i in 0..<count {
      let weight = events.base[EventColumn.chainWeight &+ i]
      let boost = base[Column.boost &+ i]
      let length = boost * properDecayLength
      func probability(_ set: IntervalSet) -> Double {
        guard boost > 0 else { return 0 }
        return set.intervals.reduce(0) {
          $0 + Elementary.exp(-$1.lowerBound / length)
            * -Elementary.expMinusOne(-($1.upperBound - $1.lowerBound) / length)
        }
      }
      func mean(_ value: (Int) -> Double) -> Double {
        (0..<modules).reduce(0) { $0 + value($1) } / Double(modules)
      }
      let flags = [
        base[Column.beamEnergy &+ i] > cuts.minimumBeamLeptonEnergy ? 1.0 : 0.0,
        base[Column.softerEnergy &+ i] > cuts.minimumLeptonEnergy ? 1 : 0,
        base[Column.opening &+ i] > angleCut ? 1 : 0,
      ]
      // A particle that flies backwards has no energy here, and its slopes are those of no track.
      let beamSeen =
        base[Column.beamEnergy &+ i] == 0
        ? 0
        : mean { visible(base, i, stationsDownstream: $0, including: .beamLepton).isEmpty ? 0 : 1 }
      let inWindow = probability(window)
      let pairSeen =
        base[Column.softerEnergy &+ i] == 0
        ? 0
        : mean {
          probability(visible(base, i, stationsDownstream: $0, including: .decayLeptons))
        }
      let kinematic = flags[0] * flags[1] * flags[2]
      let all =
        kinematic == 0
        ? 0 : mean { probability(visible(base, i, stationsDownstream: $0).intersection(window)) }
      let alone = flags + [beamSeen, inWindow, pairSeen]
      let cumulative = [
        flags[0], flags[0] * flags[1], kinematic, kinematic * beamSeen,
        kinematic * beamSeen * inWindow, kinematic * all,
      ]
      sums.total.add(weight)
      for j in alone.indices {
        sums.alone[j].add(weight * alone[j])
        sums.cumulative[j].add(weight * cumulative[j])
      }
    }
  }
}

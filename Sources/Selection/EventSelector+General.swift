import Detector
import Kinematics
import Sampling

/// The general selection: a choice of planes, or of stations down the line. One event at a time, with lists of intervals.
extension EventSelector {
  /// The positions ζ at which the event whose measured quantities stand in row i is seen by one station, without the decay
  /// window: the beam lepton and both decay leptons hit enough of its planes.
  private func visible(
    _ base: UnsafeMutablePointer<Double>, _ i: Int, by frames: [PlaneFrame],
    including tracks: TrackSet
  ) -> IntervalSet {
    let needed: Int
    switch cuts.requiredPlanes {
    case .all: needed = frames.count
    case .atLeast(let count): needed = count
    }
    let (x0, y0, z0) = (
      base[Column.vertexX &+ i], base[Column.vertexY &+ i], base[Column.vertexZ &+ i]
    )
    if tracks.contains(.beamLepton) {
      let hits = frames.count {
        $0.isHit(
          fromX: x0, y0, z0, slopeX: base[Column.slopeX &+ i], slopeY: base[Column.slopeY &+ i])
      }
      guard hits >= needed else { return IntervalSet() }
    }
    guard tracks.contains(.decayLeptons) else { return IntervalSet(from: 0, to: .infinity) }
    func seen(_ columnX: Int, _ columnY: Int) -> IntervalSet {
      let sets = frames.map { frame in
        let interval = frame.hitInterval(
          fromX: x0, y0, z0, parentSlopeX: base[Column.parentX &+ i],
          parentSlopeY: base[Column.parentY &+ i], slopeX: base[columnX &+ i],
          slopeY: base[columnY &+ i])
        return IntervalSet(from: max(interval.lower, 0), to: interval.upper)
      }
      return IntervalSet.inAtLeast(needed, of: sets)
    }
    return seen(Column.plusX, Column.plusY).intersection(seen(Column.minusX, Column.minusY))
  }

  /// The positions at which an event is seen, by the number of stations downstream of its own, from none on. The
  /// interaction is as likely in each of the modules used; the last has nothing downstream.
  func visible(
    _ base: UnsafeMutablePointer<Double>, _ i: Int, including tracks: TrackSet = .all
  ) -> [IntervalSet] {
    var seen = IntervalSet()
    return stations.map { frames in
      seen = seen.union(visible(base, i, by: frames, including: tracks))
      return seen
    }
  }

  func collectGeneral(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int,
    _ number: (Int) -> Int32, into accepted: inout AcceptedEvents
  ) {
    let window = IntervalSet(from: cuts.decayWindow.lowerBound, to: cuts.decayWindow.upperBound)
    for i in 0..<n where base[Column.passes &+ i] > 0 {
      let inverse = 1 / base[Column.boost &+ i]
      let weight = event[EventColumn.chainWeight &+ i] / Double(stations.count)
      for seen in visible(base, i) {
        for interval in seen.intersection(window).intervals {
          accepted.append(
            event: number(i), weight: weight, lower: interval.lowerBound * inverse,
            upper: interval.upperBound * inverse)
        }
      }
    }
  }
}

/// Which of an event's tracks a requirement is put on.
struct TrackSet: OptionSet, Sendable {
  let rawValue: Int
  static let beamLepton = TrackSet(rawValue: 1)
  static let decayLeptons = TrackSet(rawValue: 2)
  static let all: TrackSet = [.beamLepton, .decayLeptons]
}

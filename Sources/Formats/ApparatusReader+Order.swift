import Detector
import Foundation
import Units

// What must stand before what, along the beam.
extension ApparatusReader {
  /// Whether target, planes, calorimeter and filter follow one another; every slip is noted.
  func isSound(
    _ apparatus: Apparatus, _ planes: [(plane: Plane, node: CardNode)], _ reader: SectionReader
  ) -> Bool {
    var isSound = true
    func refuse(_ node: CardNode, _ problem: String, _ remedy: String) {
      log.add(at: node, problem, mend: remedy)
      isSound = false
    }
    func mm(_ value: Double) -> String { ShortestNumber.text(value) + " mm" }

    let pitch = apparatus.stationPitch
    let targetEnd = apparatus.targetThickness / 2
    if apparatus.targetThickness >= pitch, let node = reader.given("target") {
      refuse(
        node, "the target (\(mm(apparatus.targetThickness)) thick) fills the pitch (\(mm(pitch)))",
        "make it thinner, or the pitch longer")
    }
    for (index, (plane, node)) in planes.enumerated() {
      let name = "\(reader.path)planes[\(index)]"
      let node = node["centre_mm"] ?? node
      // A tilted plane reaches upstream of its centre by half its width times the sine.
      let reach = plane.size.x / 2 * abs(sin(plane.tilt))
      let (first, last) = (plane.centre.z - reach, plane.centre.z)
      if first <= targetEnd {
        refuse(
          node,
          "\(name) begins at z = \(mm(first)), not behind the target, which ends at \(mm(targetEnd))",
          "place it downstream: z counts from the centre of the station's own target")
      } else if last > pitch {
        refuse(
          node, "\(name) at z = \(mm(last)) lies in the next station (pitch \(mm(pitch)))",
          "place it within the pitch, or make the pitch longer")
      }
    }
    var end = (name: "the last plane", z: planes.map(\.plane.centre.z).max() ?? 0)
    let behind = [
      ("calorimeter", apparatus.calorimeter?.z), ("muon_filter", apparatus.muonFilter?.z),
    ]
    for case (let key, let z?) in behind {
      if z <= end.z, let node = reader.given(key) {
        refuse(
          node["z_mm"] ?? node,
          "the \(key) at z = \(mm(z)) stands before \(end.name) at \(mm(end.z))",
          "place it downstream: z counts from the last station's target")
      }
      end = ("the \(key)", z)
    }
    return isSound
  }
}

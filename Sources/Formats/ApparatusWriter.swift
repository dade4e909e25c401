import Detector
import Units

/// Writes an apparatus into a card.
enum ApparatusWriter {
  /// The built-in apparatus by its name, any other key by key.
  static func write(_ apparatus: Apparatus, to card: inout CardText) {
    if apparatus == ApparatusReader.builtIn {
      card.add("apparatus", BuiltInApparatus.name)
      return
    }
    card.add("apparatus")
    card.add("duskline-apparatus", "1", depth: 1)
    card.add("name", CardText.quoted(apparatus.name), depth: 1)
    card.add("source", CardText.quoted(apparatus.source), depth: 1)
    card.add(
      "target", CardText.map([("thickness_mm", number(apparatus.targetThickness))]), depth: 1)
    card.add(
      "stations",
      CardText.map([
        ("count", "\(apparatus.stationCount)"), ("pitch_mm", number(apparatus.stationPitch)),
      ]), depth: 1)
    card.add("planes", depth: 1)
    for plane in apparatus.planes { card.add(element: text(of: plane), depth: 2) }
    if let calorimeter = apparatus.calorimeter {
      card.add("calorimeter", rectangle(calorimeter.z, calorimeter.size), depth: 1)
    }
    if let filter = apparatus.muonFilter {
      card.add("muon_filter", rectangle(filter.z, filter.size), depth: 1)
    }
  }

  private static func number(_ value: Double) -> String { ShortestNumber.text(value) }

  private static func pair(_ size: SIMD2<Double>) -> String {
    CardText.list([number(size.x), number(size.y)])
  }

  private static func rectangle(_ z: Double, _ size: SIMD2<Double>) -> String {
    CardText.map([("z_mm", number(z)), ("size_mm", pair(size))])
  }

  private static func text(of plane: Plane) -> String {
    let centre = [plane.centre.x, plane.centre.y, plane.centre.z]
    return CardText.map([
      ("centre_mm", CardText.list(centre.map(number))), ("size_mm", pair(plane.size)),
      ("rotation_rad", number(plane.rotation)), ("tilt_rad", number(plane.tilt)),
    ])
  }
}

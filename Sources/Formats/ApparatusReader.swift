import Detector
import Foundation
import Tables

/// Reads an apparatus: a built-in name, a path to a file, or the same keys in the card itself.
struct ApparatusReader {
  let log: FaultLog

  private static let keys = [
    "duskline-apparatus", "name", "source", "target", "stations", "planes", "calorimeter",
    "muon_filter",
  ]

  /// The apparatus that a card's `apparatus` names or holds.
  func apparatus(from node: CardNode) -> Apparatus? {
    switch node.content {
    case .map: return apparatus(fromMap: node, path: "apparatus")
    case .list:
      log.add(
        at: node, "apparatus is a list, not a name or a path",
        mend: "give a built-in name or the path to an apparatus file")
      return nil
    case .scalar(let name, _):
      if name == BuiltInApparatus.name { return Self.builtIn }
      if ThickTargetReader.builtInNames.contains(name) {
        reportThickTarget(name, at: node)
        return nil
      }
      return apparatus(fromFile: name, namedAt: node)
    }
  }

  /// The apparatus of the paper, read once from the embedded file.
  static let builtIn: Apparatus = {
    let source = CardSource(name: "\(BuiltInApparatus.name) (built in)", folder: ".", layer: 2)
    let reader = ApparatusReader(log: FaultLog())
    guard let root = YAMLText(text: BuiltInApparatus.text, source: source).root(log: reader.log),
      let apparatus = reader.apparatus(fromMap: root, path: "")
    else { preconditionFailure("the built-in apparatus must be without fault") }
    return apparatus
  }()

  private func reportThickTarget(_ name: String, at node: CardNode) {
    log.add(
      at: node,
      "'\(name)' is a thick-target experiment with a beam and a target of its own, and no apparatus for a card's",
      mend:
        "'duskline limits show \(ThickTargetReader.builtInNames.contains(name) ? name + "-computed" : name)' computes what it reaches"
    )
  }

  private func apparatus(fromFile name: String, namedAt node: CardNode) -> Apparatus? {
    let path = name.hasPrefix("/") ? name : Self.joined(node.source.folder, name)
    if !FileManager.default.fileExists(atPath: path) {
      let near = NearestWord.nearest(to: name, among: [BuiltInApparatus.name])
      log.add(
        at: node, "apparatus '\(name)' is neither built in nor a file (looked for \(path))",
        mend: near.map { "did you mean '\($0)'?" }
          ?? "built in: \(BuiltInApparatus.name); a path counts from the card's folder")
      return nil
    }
    let source = CardSource(name: path, folder: node.source.folder, layer: 2)
    guard let text = CardFile.read(source, path: path, log: log),
      let root = text.root(log: log)
    else { return nil }
    if root.entries?.contains(where: { $0.key == "kind" }) ?? false {
      reportThickTarget(name, at: node)
      return nil
    }
    return apparatus(fromMap: root, path: "")
  }

  private static func joined(_ folder: String, _ name: String) -> String {
    if folder == "." || folder == "./" || folder.isEmpty { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  // MARK: The keys

  private func apparatus(fromMap node: CardNode, path: String) -> Apparatus? {
    let label = path.isEmpty ? "an apparatus file" : path
    guard
      let reader = SectionReader(node, path: path, label: label, keys: Self.keys, log: log)
    else { return nil }
    let version = reader.required("duskline-apparatus").flatMap { node -> Int? in
      let version = reader.integer(node, "duskline-apparatus", 0...Int.max)
      if let version, version != 1 {
        log.add(
          at: node, "this is an apparatus of format \(version); this program reads format 1",
          mend: "write 'duskline-apparatus: 1' and mend what it then finds")
      }
      return version
    }
    let name = reader.text("name")
    let source = reader.text("source")
    let thickness = reader.section("target", keys: ["thickness_mm"])?
      .number("thickness_mm", .positive)
    let stations = reader.section("stations", keys: ["count", "pitch_mm"])
    let count = stations?.integer("count", 1...10_000)
    let pitch = stations?.number("pitch_mm", .positive)
    let planes = planes(reader)
    let calorimeter = rectangle("calorimeter", reader)
    let filter = rectangle("muon_filter", reader)
    guard version == 1, let name, let source, let thickness, let count, let pitch, let planes,
      let calorimeter, let filter
    else { return nil }
    let apparatus = Apparatus(
      name: name, source: source, targetThickness: thickness, stationCount: count,
      stationPitch: pitch, planes: planes.map(\.plane).sorted { $0.centre.z < $1.centre.z },
      calorimeter: calorimeter.rectangle.map { Calorimeter(z: $0.z, size: $0.size) },
      muonFilter: filter.rectangle.map { MuonFilter(z: $0.z, size: $0.size) })
    return isSound(apparatus, planes, reader) ? apparatus : nil
  }

  private func planes(_ reader: SectionReader) -> [(plane: Plane, node: CardNode)]? {
    guard let node = reader.required("planes") else { return nil }
    guard case .list(let nodes) = node.content, !nodes.isEmpty else {
      log.add(
        at: node, "\(reader.path)planes is \(node.summary), not a list of planes",
        mend: "give one plane at least: - {centre_mm: [0, 0, 150], size_mm: [100, 100]}")
      return nil
    }
    let keys = ["centre_mm", "size_mm", "rotation_rad", "tilt_rad"]
    let planes = nodes.enumerated().map { index, node -> (plane: Plane, node: CardNode)? in
      let name = "\(reader.path)planes[\(index)]"
      guard let map = SectionReader(node, path: name, keys: keys, log: log) else { return nil }
      let centre = map.numbers("centre_mm", count: 3, .any)
      let size = map.numbers("size_mm", count: 2, .positive)
      // Angles may be left out: a plane without them lies square across the beam.
      let rotation =
        map.given("rotation_rad") == nil
        ? 0
        : map.number(
          "rotation_rad", .within(-6.3, 6.3, because: "a full turn at most, in rad"))
      let tilt =
        map.given("tilt_rad") == nil
        ? 0
        : map.number(
          "tilt_rad", .within(-1.5, 1.5, because: "a plane along the beam measures nothing"))
      guard let centre, let size, let rotation, let tilt else { return nil }
      let plane = Plane(
        centre: SIMD3(centre[0], centre[1], centre[2]), size: SIMD2(size[0], size[1]),
        rotation: rotation, tilt: tilt)
      return (plane, node)
    }
    return planes.contains { $0 == nil } ? nil : planes.compactMap(\.self)
  }

  /// A rectangle that may be absent; `nil` means at fault.
  private func rectangle(_ key: String, _ reader: SectionReader) -> OptionalRectangle? {
    guard let node = reader.given(key), !node.isNull else {
      return OptionalRectangle(rectangle: nil)
    }
    let map = reader.section(key, keys: ["z_mm", "size_mm"])
    let z = map?.number("z_mm", .positive)
    let size = map?.numbers("size_mm", count: 2, .positive)
    guard let z, let size else { return nil }
    return OptionalRectangle(rectangle: (z, SIMD2(size[0], size[1])))
  }

  private struct OptionalRectangle {
    var rectangle: (z: Double, size: SIMD2<Double>)?
  }
}

/// The apparatus that comes with the program.
public enum BuiltInApparatus {
  /// Its name.
  public static let name = "muone-paper"
  /// Its file.
  public static var text: String {
    CardFile.text(of: PackageResources.muone_paper_apparatus_yaml)
  }
}

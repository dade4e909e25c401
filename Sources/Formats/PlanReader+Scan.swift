import Foundation
import Reach
import Units

// The lists over which a reach is drawn.
extension PlanReader {
  /// The longest list of a scan: beyond it, a slip is likelier than a wish.
  private static let longestList = 10_000

  func scan(_ reader: SectionReader) -> ScanSettings? {
    let m1 = values("m1_GeV", reader, Self.mass)
    let splittings = values("splitting_over_m1", reader, .nonNegative)
    let alphaD = values("alpha_D", reader, Self.alphaD, mayBeEmpty: true)
    let luminosities = luminosities(reader)
    let precision = reader.number(
      "y_precision", .within(1e-3, 1, because: "finer would take hours, and 1 asks for nothing"))
    let quantity = reader.choice("quantity", of: ScanQuantity.self)
    let axes = axes(reader)
    let table = reader.text("table")
    guard let m1, let splittings, let alphaD, let luminosities, let precision, let quantity,
      let axes, let table
    else { return nil }
    if table != "none", !axes.isEmpty, let node = reader.given("table") {
      log.add(
        at: node, "scan.over and scan.table are both given",
        mend: "keep one of them: a table has all keys as columns")
    }
    return ScanSettings(
      m1: m1, splittingOverM1: splittings, alphaD: alphaD, luminosity: luminosities,
      yPrecision: precision, quantity: quantity, axes: axes, table: table == "none" ? nil : table)
  }

  /// Keys of the card and their values: lists, ranges or single ones.
  private func axes(_ reader: SectionReader) -> [ScanAxis]? {
    guard let node = reader.required("over") else { return nil }
    guard let entries = node.entries else {
      log.add(
        at: node, "scan.over is \(node.summary), not a map of keys",
        mend: "give keys of the card with lists: over: {beam.energy_GeV: [100, 160]}")
      return nil
    }
    let axes = entries.map(axis)
    return axes.contains(nil) ? nil : axes.compactMap(\.self)
  }

  private func axis(_ entry: CardEntry) -> ScanAxis? {
    let name = "scan.over.\(entry.key)"
    if let remedy = CardKeys.remedy(forScanning: entry.key) {
      log.add(
        at: entry.keyLocation, of: entry.value.source,
        "\(name) names no key that a scan may change",
        mend: remedy)
      return nil
    }
    // An apparatus is written out: no file is read once the scan has begun.
    let node =
      entry.key == "apparatus"
      ? ScannedApparatus.writtenOut(entry.value, log: log) : entry.value
    switch node.content {
    case .scalar where node.isNull:
      log.add(at: node, "\(name) is empty", mend: "give a list, a range or a value")
      return nil
    case .map(let entries) where entries.contains { $0.key == "from" }:
      return spaced(node, name, .any).map {
        ScanAxis(key: entry.key, values: $0.map(ShortestNumber.text))
      }
    case .scalar, .map: return axis(entry.key, [node], at: node)
    case .list(let nodes):
      guard !nodes.isEmpty else {
        log.add(at: node, "\(name) is an empty list", mend: "give one value at least")
        return nil
      }
      return isShort(nodes, node, name) ? axis(entry.key, nodes, at: node) : nil
    }
  }

  /// The axis of these values.
  private func axis(_ key: String, _ nodes: [CardNode], at node: CardNode) -> ScanAxis? {
    let axis = ScanAxis(
      key: key, values: nodes.map(\.flowText),
      labels: nodes.map { key == "apparatus" ? ScannedApparatus.name(of: $0) : $0.label })
    if key == "apparatus", let name = ScannedApparatus.sharedName(axis.labels, axis.values) {
      log.add(
        at: node, ScannedApparatus.problem(ofSharedName: name),
        mend: ScannedApparatus.remedyForSharedName)
      return nil
    }
    return axis
  }

  /// A list, a single number, or a range `{from, to, points, spacing}`.
  private func values(
    _ key: String, _ reader: SectionReader, _ range: NumberRange, mayBeEmpty: Bool = false
  ) -> [Double]? {
    guard let node = reader.required(key) else { return nil }
    let name = reader.path + key
    switch node.content {
    case .scalar: return reader.number(node, name, range).map { [$0] }
    case .map: return spaced(node, name, range)
    case .list(let nodes):
      guard mayBeEmpty || !nodes.isEmpty else {
        log.add(at: node, "\(name) is an empty list", mend: "give one number at least")
        return nil
      }
      return isShort(nodes, node, name) ? reader.numbers(nodes, name, range) : nil
    }
  }

  private func isShort(_ nodes: [CardNode], _ node: CardNode, _ name: String) -> Bool {
    if nodes.count <= Self.longestList { return true }
    log.add(
      at: node, "\(name) is a list of \(nodes.count)", mend: "give at most \(Self.longestList)")
    return false
  }

  private enum Spacing: String, CaseIterable { case log, linear }

  private func spaced(_ node: CardNode, _ name: String, _ range: NumberRange) -> [Double]? {
    let keys = ["from", "to", "points", "spacing"]
    guard let map = SectionReader(node, path: name, keys: keys, log: log) else { return nil }
    let from = map.number("from", range)
    let to = map.number("to", range)
    let points = map.integer(
      "points", 2...Self.longestList, because: "one point is written as a number")
    let spacing = map.choice("spacing", of: Spacing.self)
    guard let from, let to, let points, let spacing else { return nil }
    guard from < to else {
      log.add(
        at: node,
        "\(name) is empty (from \(ShortestNumber.text(from)) to \(ShortestNumber.text(to)))",
        mend: from == to ? "give a single number" : "swap the two")
      return nil
    }
    guard spacing == .linear || from > 0 else {
      log.add(
        at: map.given("from") ?? node, "\(name) cannot be spaced in the logarithm from 0",
        mend: "begin above 0, or write 'spacing: linear'")
      return nil
    }
    guard (spacing == .log ? to / from : to - from).isFinite else {
      log.add(
        at: node,
        "\(name) spans more than numbers can tell apart (\(ShortestNumber.text(from)) to \(ShortestNumber.text(to)))",
        mend: "give a smaller range")
      return nil
    }
    return Self.points(from: from, to: to, count: points, spacing: spacing)
  }

  /// Both ends are exactly as given; what lies between is rounded to twelve digits, so that a mass
  /// reads like one in a table and is the same whatever the mathematics library's last digit.
  private static func points(from: Double, to: Double, count: Int, spacing: Spacing) -> [Double] {
    (0..<count).map { index in
      if index == 0 { return from }
      if index == count - 1 { return to }
      let fraction = Double(index) / Double(count - 1)
      let value =
        spacing == .log
        ? from * exp(fraction * Foundation.log(to / from)) : from + fraction * (to - from)
      return Double(String(format: "%.11e", value)) ?? value
    }
  }

  private func luminosities(_ reader: SectionReader) -> [LuminositySettings]? {
    guard let node = reader.required("luminosity") else { return nil }
    let name = reader.path + "luminosity"
    guard case .list(let nodes) = node.content else {
      return luminosity(node, reader, name: name).map { [$0] }
    }
    guard isShort(nodes, node, name) else { return nil }
    let values = nodes.enumerated().map { luminosity($1, reader, name: "\(name)[\($0)]") }
    return values.contains(nil) ? nil : values.compactMap(\.self)
  }
}

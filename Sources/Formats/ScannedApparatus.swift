/// An apparatus as a scan keeps it: what is in its file, so that none is read once the scan has begun.
///
/// Results show it by its name, which has to tell it from the others.
enum ScannedApparatus {
  /// Names and paths of files as what is in them; of a list, each.
  static func writtenOut(_ node: CardNode, log: FaultLog) -> CardNode {
    switch node.content {
    case .list(let nodes):
      var copy = node
      copy.content = .list(nodes.map { writtenOut($0, log: log) })
      return copy
    case .map: return node
    case .scalar:
      guard let apparatus = ApparatusReader(log: log).apparatus(from: node) else { return node }
      var text = CardText()
      ApparatusWriter.write(apparatus, to: &text)
      let source = CardSource(
        name: node.source.name, folder: node.source.folder, layer: node.source.layer)
      return YAMLText(text: text.text, source: source).root(log: log)?["apparatus"] ?? node
    }
  }

  /// The name of one that is written out.
  static func name(of node: CardNode) -> String { (node["name"] ?? node).label }

  /// A name that two different ones have; `nil` if there is none.
  static func sharedName(_ names: [String], _ values: [String]) -> String? {
    var known: [String: String] = [:]
    return zip(names, values).first { known.updateValue($1, forKey: $0) ?? $1 != $1 }?.0
  }

  /// What is wrong where two have one name.
  static func problem(ofSharedName name: String) -> String {
    "two apparatus of the scan differ, and both are called '\(name)'"
  }

  /// What to do then.
  static let remedyForSharedName = "give each a name of its own (the key 'name' in its file)"
}

extension RunCard {
  /// The apparatus that a table of points names, as a scan keeps them: what is in their files, each on one line.
  ///
  /// - Parameter location: where one of them, by its index, stands.
  /// - Throws: ``RunCardError`` with all faults together.
  public static func writtenOut(
    apparatus texts: [String], at location: (Int) -> CardLocation
  ) throws(RunCardError) -> [String] {
    var faults: [RunCardFault] = []
    let nodes = texts.enumerated().map { index, text in
      let log = FaultLog()
      let node = node(text).map { ScannedApparatus.writtenOut($0, log: log) }
      faults += log.sorted.map { RunCardFault(at: location(index), $0.problem, mend: $0.remedy) }
      return node
    }
    let values = zip(nodes, texts).map { $0?.flowText ?? $1 }
    let names = nodes.map { $0.map(ScannedApparatus.name) ?? "" }
    if let name = ScannedApparatus.sharedName(names, values) {
      faults.append(
        RunCardFault(
          at: location(names.lastIndex(of: name) ?? 0),
          ScannedApparatus.problem(ofSharedName: name),
          mend: ScannedApparatus.remedyForSharedName))
    }
    guard faults.isEmpty else { throw RunCardError(faults: faults) }
    return values
  }

  /// The name of an apparatus that is written out.
  public static func name(ofApparatus text: String) -> String {
    node(text).map(ScannedApparatus.name) ?? text
  }

  private static func node(_ text: String) -> CardNode? {
    YAMLText(text: text, source: CardSource(name: text, folder: ".", layer: 0)).root(
      log: FaultLog())
  }
}

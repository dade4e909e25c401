/// Lays one source of a card over another.
enum CardLayers {
  /// A card over a lower one: sections key by key, values as a whole.
  ///
  /// A luminosity, a material or a range is one value: its map replaces the lower one, so that no
  /// key of a value given below lives on in one given above.
  static func merged(_ upper: CardNode, over lower: CardNode, path: String = "") -> CardNode {
    guard CardKeys.isSection(path), let upperEntries = upper.entries, lower.entries != nil else {
      return upper
    }
    var result = lower
    for entry in upperEntries {
      let childPath = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      var entry = entry
      if let below = result[entry.key] {
        entry.value = merged(entry.value, over: below, path: childPath)
      }
      result = result.setting(entry, in: path)
    }
    return result
  }

  /// A node with a value put at a path, maps being made on the way where there are none.
  static func assigning(
    _ value: CardNode, to keys: [String], in node: CardNode, path: String = ""
  ) -> CardNode {
    guard let key = keys.first else { return merged(value, over: node, path: path) }
    var base = node
    if base.entries == nil {
      base = CardNode(content: .map([]), location: value.location, source: value.source)
    }
    let childPath = path.isEmpty ? key : "\(path).\(key)"
    let below =
      base[key] ?? CardNode(content: .map([]), location: value.location, source: value.source)
    let child =
      keys.count == 1 && base[key] == nil
      ? value : assigning(value, to: Array(keys.dropFirst()), in: below, path: childPath)
    let entry = CardEntry(key: key, keyLocation: value.location, value: child)
    return base.setting(entry, in: path)
  }

  /// Notes every pair of alternatives that one source gives both of.
  static func checkAlternatives(of root: CardNode, log: FaultLog) {
    for (section, keys) in CardKeys.alternatives {
      let given = (root[section]?.entries ?? []).filter { keys.contains($0.key) }
      guard given.count > 1, let last = given.last else { continue }
      let names = keys.map { "\(section).\($0)" }.joined(separator: " and ")
      log.add(
        at: last.keyLocation, of: last.value.source, "\(names) are both given",
        mend: "keep one of them: either follows from the other")
    }
  }
}

extension CardNode {
  /// The map with one entry replaced or added; the alternatives of its key are dropped.
  func setting(_ entry: CardEntry, in section: String) -> CardNode {
    guard var entries else { return self }
    let rivals = CardKeys.alternatives.filter {
      $0.section == section && $0.keys.contains(entry.key)
    }.flatMap(\.keys).filter { $0 != entry.key }
    entries.removeAll { rivals.contains($0.key) }
    if let index = entries.firstIndex(where: { $0.key == entry.key }) {
      entries[index] = entry
    } else {
      entries.append(entry)
    }
    var copy = self
    copy.content = .map(entries)
    return copy
  }
}

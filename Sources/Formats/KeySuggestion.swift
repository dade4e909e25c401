/// Guesses which word a misspelt one stands for.
enum KeySuggestion {
  /// The endings by which keys name their units.
  private static let units = [
    "eV", "keV", "MeV", "GeV", "TeV", "GeV2", "um", "mm", "cm", "m", "urad", "mrad", "rad", "deg",
    "pb", "fb", "nb", "ab", "g_cm3", "kg_m3", "g_mol", "kg_mol",
  ]

  /// How an unknown key could be mended, given the known ones.
  static func remedy(for key: String, among known: [String]) -> String {
    if let match = known.first(where: { isSameQuantity(key, $0) }) {
      let (_, unit) = split(match)
      return "did you mean '\(match)'? (convert the value to \(unit ?? "its unit"))"
    }
    if let match = nearest(to: key, among: known) { return "did you mean '\(match)'?" }
    return "known here: \(known.joined(separator: ", "))"
  }

  /// The nearest known word, if one is near: a third of the letters may differ, and case does not count.
  static func nearest(to word: String, among known: [String]) -> String? {
    let ranked = known.map { (word: $0, distance: distance(word.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, min(word.count, best.word.count) / 3) ? best.word : nil
  }

  /// Whether two keys differ in the unit alone, or one lacks it: `energy_MeV`, `energy`, `energy_GeV`.
  private static func isSameQuantity(_ key: String, _ known: String) -> Bool {
    let (base, unit) = split(key)
    let (knownBase, knownUnit) = split(known)
    return knownUnit != nil && unit != knownUnit && base.lowercased() == knownBase.lowercased()
  }

  private static func split(_ key: String) -> (base: Substring, unit: String?) {
    for unit in units where key.hasSuffix("_" + unit) {
      return (key.dropLast(unit.count + 1), unit)
    }
    return (key[...], nil)
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours between two words.
  ///
  /// Restricted Damerau–Levenshtein distance, `O(nm)`; words are cut at 80 letters.
  static func distance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first.prefix(80)), Array(second.prefix(80)))
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(
          rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, rows[i - 1][j - 1] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}

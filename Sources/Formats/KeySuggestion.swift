import Tables

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
    return NearestWord.remedy(for: key, among: known)
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
}

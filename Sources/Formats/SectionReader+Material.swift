import ParticleData
import Units

extension SectionReader {
  /// A built-in material, or one from its numbers.
  func material(_ key: String) -> Material? {
    guard let node = required(key) else { return nil }
    guard case .map = node.content else {
      let names = Material.builtIn.map(\.name)
      return word(key, among: names).flatMap(Material.named)
    }
    let keys = [
      "Z", "A", "nuclear_mass_GeV", "molar_mass_g_mol", "density_g_cm3", "radiation_length_cm",
    ]
    guard let map = SectionReader(node, path: path + key, keys: keys, log: log) else {
      return nil
    }
    let z = map.integer("Z", 1...118)
    let a = map.number("A", .within(1, 300))
    let nuclearMass = map.number("nuclear_mass_GeV", .positive)
    let molarMass = map.number("molar_mass_g_mol", .within(1, 400))
    let density = map.number("density_g_cm3", .within(1e-6, 30))
    let radiationLength = map.number("radiation_length_cm", .within(0.1, 1e7))
    guard let z, let a, let nuclearMass, let molarMass, let density, let radiationLength else {
      return nil
    }
    // Binding moves a nucleus by less than 1 % from A u, and a mixture's A by a few per cent.
    let expected = a * PhysicalConstant.atomicMassUnit
    if abs(nuclearMass / expected - 1) > 0.1 {
      log.add(
        at: map.given("nuclear_mass_GeV") ?? node,
        "\(path)\(key).nuclear_mass_GeV = \(ShortestNumber.text(nuclearMass)) does not fit "
          + "A = \(ShortestNumber.text(a)) (a nucleus weighs about A × 0.9315 GeV)",
        mend: "give the mass of one nucleus in GeV")
    }
    return Material(
      name: "custom", atomicNumber: z, massNumber: a, nuclearMass: nuclearMass,
      molarMass: molarMass, density: density, radiationLength: radiationLength)
  }
}

import Units

/// A target material: its nucleus, and what luminosity and showers need of it in bulk.
public struct Material: Sendable, Hashable, Codable {
  /// A lower-case English name, `beryllium`, or `custom`.
  public var name: String
  /// The atomic number Z.
  public var atomicNumber: Int
  /// The mass number A that enters the form factors.
  public var massNumber: Double
  /// The mass of the bare nucleus in GeV.
  public var nuclearMass: Double
  /// The molar mass in g/mol.
  public var molarMass: Double
  /// The density in g/cm³.
  public var density: Double
  /// The radiation length in cm.
  public var radiationLength: Double

  /// A material from all its numbers, in the units of the properties.
  public init(
    name: String, atomicNumber: Int, massNumber: Double, nuclearMass: Double, molarMass: Double,
    density: Double, radiationLength: Double
  ) {
    self.name = name
    self.atomicNumber = atomicNumber
    self.massNumber = massNumber
    self.nuclearMass = nuclearMass
    self.molarMass = molarMass
    self.density = density
    self.radiationLength = radiationLength
  }

  /// Nuclei per cm³: `ρ N_A / M`.
  public var nucleiPerCubicCentimetre: Double {
    density * PhysicalConstant.avogadro / molarMass
  }

  /// Electrons per cm³: Z times the nuclei.
  public var electronsPerCubicCentimetre: Double {
    Double(atomicNumber) * nucleiPerCubicCentimetre
  }
}

extension Material {
  /// A built-in material whose nuclear mass is the atomic mass of its (main) isotope less its electrons.
  /// Electron binding, at most 10⁻⁵ of the mass, is left out.
  private static func make(
    _ name: String, _ atomicNumber: Int, _ massNumber: Double, isotopeMass_u: Double,
    molarMass: Double, density: Double, radiationLength: Double
  ) -> Material {
    Material(
      name: name, atomicNumber: atomicNumber, massNumber: massNumber,
      nuclearMass: isotopeMass_u * PhysicalConstant.atomicMassUnit
        - Double(atomicNumber) * Mass.electron,
      molarMass: molarMass, density: density, radiationLength: radiationLength)
  }

  /// The built-in materials, lightest first.
  ///
  /// Source: isotope masses of AME 2020; molar masses, densities and radiation lengths of PDG 2024,
  /// "Atomic and nuclear properties of materials" (radiation lengths in g/cm² over the density).
  /// Natural mixtures stand for their most abundant isotope.
  public static let builtIn: [Material] = [
    make(
      "hydrogen", 1, 1, isotopeMass_u: 1.007_825_031_9, molarMass: 1.008, density: 0.070_80,
      radiationLength: 63.04 / 0.070_80),
    make(
      "beryllium", 4, 9, isotopeMass_u: 9.012_183_06, molarMass: 9.012_183_1, density: 1.848,
      radiationLength: 65.19 / 1.848),
    make(
      "carbon", 6, 12, isotopeMass_u: 12, molarMass: 12.0107, density: 2.210,
      radiationLength: 42.70 / 2.210),
    make(
      "aluminium", 13, 27, isotopeMass_u: 26.981_538_4, molarMass: 26.981_538_5, density: 2.699,
      radiationLength: 24.01 / 2.699),
    make(
      "silicon", 14, 28, isotopeMass_u: 27.976_926_53, molarMass: 28.0855, density: 2.329,
      radiationLength: 21.82 / 2.329),
    make(
      "iron", 26, 56, isotopeMass_u: 55.934_935_6, molarMass: 55.845, density: 7.874,
      radiationLength: 13.84 / 7.874),
    make(
      "copper", 29, 63, isotopeMass_u: 62.929_597_1, molarMass: 63.546, density: 8.960,
      radiationLength: 12.86 / 8.960),
    make(
      "tungsten", 74, 184, isotopeMass_u: 183.950_930_6, molarMass: 183.84, density: 19.30,
      radiationLength: 6.76 / 19.30),
    make(
      "lead", 82, 208, isotopeMass_u: 207.976_651_9, molarMass: 207.2, density: 11.350,
      radiationLength: 6.37 / 11.350),
  ]

  /// The built-in material of that name, if there is one.
  public static func named(_ name: String) -> Material? {
    builtIn.first { $0.name == name }
  }

  /// Beryllium-9, the target of MUonE.
  public static let beryllium = Material.builtIn[1]
}

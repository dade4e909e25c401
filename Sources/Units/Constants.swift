/// Dimensionless constants of nature.
public enum PhysicalConstant {
  /// The fine-structure constant at zero momentum transfer, 1/137.035 999 177.
  ///
  /// Source: CODATA 2022.
  @inlinable public static var fineStructure: Double { 1 / 137.035_999_177 }
  /// Avogadro's number, per mol (exact in the SI).
  @inlinable public static var avogadro: Double { 6.022_140_76e23 }
  /// The atomic mass unit in GeV.
  ///
  /// Source: CODATA 2022.
  @inlinable public static var atomicMassUnit: Double { 0.931_494_103_72 }
}

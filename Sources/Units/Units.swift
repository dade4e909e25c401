/// Natural units, ħ = c = 1. Energies, momenta and masses are in GeV, positions and lengths in mm,
/// angles in rad, cross sections in GeV⁻². Multiply by a unit on the way in, divide on the way out:
///
///     let beamEnergy = 160 * .GeV
///     let window = 25 * .mm ... 140 * .mm
///     print(width / .MeV, crossSection / .picobarn)
extension Double {
  // Energy, momentum, mass.

  /// One gigaelectronvolt, the unit of energy.
  @inlinable public static var GeV: Double { 1 }
  /// One megaelectronvolt in GeV.
  @inlinable public static var MeV: Double { 1e-3 }

  // Length.

  /// One millimetre, the unit of length.
  @inlinable public static var mm: Double { 1 }
  /// One centimetre in mm.
  @inlinable public static var cm: Double { 10 }
  /// One metre in mm.
  @inlinable public static var m: Double { 1000 }

  // Angle.

  /// One milliradian in rad.
  @inlinable public static var mrad: Double { 1e-3 }

  // Cross section.

  /// One picobarn in GeV⁻², through (ħc)².
  @inlinable public static var picobarn: Double { 1 / hbarCSquared_GeV2pb }
  // The bridge between the scales.

  /// ħc in GeV·mm.
  ///
  /// Source: CODATA 2022 (exact in the SI): ħc = 197.326 980 459… MeV fm.
  @inlinable public static var hbarC: Double { 1.973_269_804_593_025e-13 }
  /// (ħc)² in GeV²·pb: 0.389 379 372 1… GeV² mb.
  ///
  /// Source: CODATA 2022, as ``hbarC``.
  @inlinable public static var hbarCSquared_GeV2pb: Double { 389_379_372.171_859_37 }
}

/// The proper decay length `cτ = ħc/Γ` in mm of a state of the given width in GeV.
///
/// - Parameter width: the total width Γ in GeV, above zero.
///
/// Source: ħc of CODATA 2022.
@inlinable public func properDecayLength(ofWidth width: Double) -> Double {
  precondition(width > 0, "a decay length needs a width above zero; a closed channel has none")
  return .hbarC / width
}

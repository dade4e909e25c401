import Sampling

/// The columns of a batch of chain events, each an offset from the batch's base.
///
/// Production fills the first group, decays the second. Momenta are light-front components in GeV.
public enum EventColumn {
  /// The offset of column `index`.
  @inlinable @inline(__always) public static func at(_ index: Int) -> Int {
    ColumnBatch.column(index)
  }

  // Production.

  /// The production weight in pb at ε = 1.
  @inlinable @inline(__always) public static var weight: Int { at(0) }
  /// The momentum transfer t to the nucleus in GeV².
  @inlinable @inline(__always) public static var momentumTransfer: Int { at(1) }
  /// The mass of the A′: m_A′, or its virtuality where the line shape is kept.
  @inlinable @inline(__always) public static var mediatorMass: Int { at(2) }
  /// A′: p⁺.
  @inlinable @inline(__always) public static var mediatorPlus: Int { at(3) }
  /// A′: p_x.
  @inlinable @inline(__always) public static var mediatorX: Int { at(4) }
  /// A′: p_y.
  @inlinable @inline(__always) public static var mediatorY: Int { at(5) }
  /// The A′ spin density matrix on light-front axes, trace 1: ρ_xx.
  @inlinable @inline(__always) public static var densityXX: Int { at(6) }
  /// ρ_xy.
  @inlinable @inline(__always) public static var densityXY: Int { at(7) }
  /// ρ_xz.
  @inlinable @inline(__always) public static var densityXZ: Int { at(8) }
  /// ρ_yy.
  @inlinable @inline(__always) public static var densityYY: Int { at(9) }
  /// ρ_yz.
  @inlinable @inline(__always) public static var densityYZ: Int { at(10) }
  /// The scattered beam lepton: p⁺.
  @inlinable @inline(__always) public static var scatteredPlus: Int { at(11) }
  /// The scattered beam lepton: p_x.
  @inlinable @inline(__always) public static var scatteredX: Int { at(12) }
  /// The scattered beam lepton: p_y.
  @inlinable @inline(__always) public static var scatteredY: Int { at(13) }
  /// The recoiling nucleus, Cartesian: p_x.
  @inlinable @inline(__always) public static var recoilX: Int { at(14) }
  /// The recoiling nucleus, Cartesian: p_y.
  @inlinable @inline(__always) public static var recoilY: Int { at(15) }
  /// The recoiling nucleus, Cartesian: p_z.
  @inlinable @inline(__always) public static var recoilZ: Int { at(16) }

  // Decays.

  /// The weight of the whole chain in pb at ε = 1 and unit branching ratios.
  @inlinable @inline(__always) public static var chainWeight: Int { at(17) }
  /// χ₂: p⁺.
  @inlinable @inline(__always) public static var chi2Plus: Int { at(18) }
  /// χ₂: p_x.
  @inlinable @inline(__always) public static var chi2X: Int { at(19) }
  /// χ₂: p_y.
  @inlinable @inline(__always) public static var chi2Y: Int { at(20) }
  /// ℓ⁺: p⁺.
  @inlinable @inline(__always) public static var leptonPlusPlus: Int { at(21) }
  /// ℓ⁺: p_x.
  @inlinable @inline(__always) public static var leptonPlusX: Int { at(22) }
  /// ℓ⁺: p_y.
  @inlinable @inline(__always) public static var leptonPlusY: Int { at(23) }
  /// ℓ⁻: p⁺.
  @inlinable @inline(__always) public static var leptonMinusPlus: Int { at(24) }
  /// ℓ⁻: p_x.
  @inlinable @inline(__always) public static var leptonMinusX: Int { at(25) }
  /// ℓ⁻: p_y.
  @inlinable @inline(__always) public static var leptonMinusY: Int { at(26) }
  /// The invariant mass of the pair.
  @inlinable @inline(__always) public static var pairMass: Int { at(27) }

  /// The number of columns of an event batch.
  public static let count = 28
}

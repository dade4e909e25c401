import ParticleData

/// The squared form factor G₂(t) of a nucleus: elastic, and quasi-elastic where asked.
///
///     elastic:        Z² [a²t/(1+a²t)]² [1/(1+t/d)]²,   d = 0.164 GeV² A^(-2/3)
///     quasi-elastic:  Z [a′²t/(1+a′²t)]² [(1 + t(μ_p²-1)/4m_p²)/(1+t/0.71 GeV²)⁴]ⁿ
///
/// The first bracket is atomic screening, the second the size of the nucleus. The literature prints the exponent
/// n = 2; the physical response of a proton is n = 1. Both keep the recoil mass M.
///
/// Source: arXiv:0906.0580, Eq. (A18)–(A19); constants of light atoms: Y.-S. Tsai, Rev. Mod. Phys. 46, 815 (1974),
/// § III.B, Table B.2 (his radiation logarithms less ½ give them back; a test does).
@frozen
public struct NuclearFormFactor: Sendable, Hashable {
  @usableFromInline let chargeSquared: Double
  @usableFromInline let screening2: Double
  @usableFromInline let inverseSize: Double
  @usableFromInline let inelasticCharge: Double
  @usableFromInline let inelasticScreening2: Double
  @usableFromInline let exponent: Int

  /// The form factor of a material in a given model.
  public init(_ material: Material, model: FormFactorModel, inelastic: InelasticModel) {
    let Z = Double(material.atomicNumber)
    let cubeRoot = Self.cubeRoot(Z)
    let (a, aPrime) = Self.screeningConstants(atomicNumber: material.atomicNumber, model: model)
    chargeSquared = Z * Z
    switch model {
    case .point:
      // a → ∞ and d → ∞: the brackets are 1. A finite large number keeps the formula free of ∞/∞.
      screening2 = 1e60
      inverseSize = 0
    case .tsai, .tsaiGeneric:
      let radius = a / cubeRoot / Mass.electron
      screening2 = radius * radius
      let massRoot = Self.cubeRoot(material.massNumber)
      inverseSize = massRoot * massRoot / 0.164
    }
    let radius = aPrime / (cubeRoot * cubeRoot) / Mass.electron
    inelasticScreening2 = radius * radius
    switch inelastic {
    case .off: (inelasticCharge, exponent) = (0, 1)
    case .n1: (inelasticCharge, exponent) = (Z, 1)
    case .n2: (inelasticCharge, exponent) = (Z, 2)
    }
  }

  /// Tsai's `a m_e` and `a′ m_e` without their powers of Z.
  package static func screeningConstants(
    atomicNumber: Int, model: FormFactorModel
  ) -> (a: Double, aPrime: Double) {
    guard model == .tsai else { return (111, 773) }
    switch atomicNumber {
    case 1: return (122.8, 282.4)
    case 2: return (90.8, 265.8)
    case 3: return (100.0, 418.6)
    case 4: return (106.0, 571.4)
    default: return (111.7, 724.2)
    }
  }

  private static func cubeRoot(_ x: Double) -> Double {
    // Newton's iteration from x; the start is above the root and the iteration descends to it.
    var y = max(x, 1)
    for _ in 0..<200 {
      let next = (2 * y + x / (y * y)) / 3
      if abs(next - y) <= y.ulp { break }
      y = next
    }
    return y
  }

  /// The elastic part of G₂ over t² as a fraction, Z² a⁴ / [(1 + a² t)(1 + t/d)]²: the numerator in GeV⁻⁴.
  @usableFromInline var elasticNumeratorOverT2: Double {
    chargeSquared * (screening2 * screening2)
  }

  /// The root of its denominator.
  @inlinable @inline(__always)
  func elasticDenominator(_ t: Double) -> Double {
    (1 + screening2 * t) * (1 + t * inverseSize)
  }

  /// G₂ at momentum transfer t = -q² > 0 in GeV².
  @inlinable @inline(__always)
  public func squared(_ t: Double) -> Double {
    let screened = screening2 * t
    let elastic = screened / ((1 + screened) * (1 + t * inverseSize))
    let inelasticScreened = inelasticScreening2 * t
    let ratio = inelasticScreened / (1 + inelasticScreened)
    // (μ_p² - 1)/4m_p² with μ_p = 2.79.
    let magnetic = 1 + t * ((2.79 * 2.79 - 1) / (4 * Mass.proton * Mass.proton))
    let dipole = 1 + t / 0.71
    let dipole2 = dipole * dipole
    let nucleon = magnetic / (dipole2 * dipole2)
    let response = exponent == 2 ? nucleon * nucleon : nucleon
    return chargeSquared * (elastic * elastic) + inelasticCharge * (ratio * ratio) * response
  }
}

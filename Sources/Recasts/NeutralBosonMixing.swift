import Calculus

/// The exact mixing of Z and dark photon at tree level, for the physical masses m_Z and m_A′ and the measured α(m_Z), G_F.
///
/// With `L = -¼B² - ¼X² + ε/(2c_W) XB` the shift `B → B + ηX`, `η = (ε/c_W)/√(1 - ε²/c_W²)`, removes the mixed kinetic term. The
/// photon stays massless, `(s_W, c_W, 0)` in (W³, B, X), and couples to eQ. What is left is the mass matrix of (Z⁰, X),
///
///     m_Z0² [[1, -h], [-h, h² + δ²]],     h = η s_W,     δ = m_X0/m_Z0,
///
/// whose eigenvalues are m_Z² and m_A′². Written by the mixing angle a, with `t = tan²a` and `r = m_A′²/m_Z²`, every relation is
/// closed and a product, without cancellation at small ε:
///
///     h = |1 - r| √t/(1 + rt)                               tan a = -sign(1 - r) √t
///     p = m_Z0²/m_Z² - 1 = (r - 1) t/(1 + t)                δ² = r/(1 + p)²
///     s_W² c_W² = πα/(√2 G_F m_Z0²)                         ε² = c_W² h²/(s_W² + h²)
///
/// The Z couples to `(g/c_W) [cos a (T₃ - s_W² Q) + sin a h (Q - T₃)] = √ρ (g/c_W)₀ (T₃ - s_eff² Q)` with
///
///     s_eff² = 1 - m_W²/m_Z²     m_W² = m_Z0² c_W²     ρ = 1/(1 + rt),
///
/// and (g/c_W)₀ without mixing. The masses repel: `h ≤ |1 - r|/(2√r)`, reached at tan a = m_Z/m_A′. A larger ε has no such masses.
///
/// Source: derived here; the Lagrangian and the mass matrix are those of arXiv:1412.0018.
public struct NeutralBosonMixing: Sendable, Hashable {
  /// r = m_A′²/m_Z².
  public let squaredMassRatio: Double
  /// √t = |tan a|.
  public let tangent: Double
  /// s_W² c_W² without mixing.
  public let weakProduct: Double

  /// A mixing by its angle.
  ///
  /// - Parameters:
  ///   - squaredMassRatio: r = m_A′²/m_Z², positive and not 1.
  ///   - tangent: |tan a|, from 0 to ``largestTangent(squaredMassRatio:weakProduct:)``.
  ///   - weakProduct: πα(m_Z)/(√2 G_F m_Z²), below ¼.
  public init(squaredMassRatio: Double, tangent: Double, weakProduct: Double) {
    precondition(
      squaredMassRatio > 0 && squaredMassRatio != 1, "m_A′ is positive and differs from m_Z")
    precondition(tangent >= 0, "a mixing angle is given by its magnitude")
    self.squaredMassRatio = squaredMassRatio
    self.tangent = tangent
    self.weakProduct = weakProduct
  }

  /// A mixing by ε, or `nil` where no such masses exist at that ε.
  public init?(kineticMixing: Double, squaredMassRatio: Double, weakProduct: Double) {
    precondition(kineticMixing >= 0, "a kinetic mixing is given by its magnitude")
    func mixing(_ tangent: Double) -> NeutralBosonMixing {
      NeutralBosonMixing(
        squaredMassRatio: squaredMassRatio, tangent: tangent, weakProduct: weakProduct)
    }
    if kineticMixing == 0 {
      self = mixing(0)
      return
    }
    let largest = Self.largestTangent(
      squaredMassRatio: squaredMassRatio, weakProduct: weakProduct)
    guard
      let tangent = root(
        of: { mixing($0).kineticMixing / kineticMixing - 1 }, from: 0, to: largest, tolerance: 0)
    else { return nil }
    self = mixing(tangent)
  }

  /// The |tan a| up to which ε grows with the angle: the repulsion of the masses, or for a light A′ the end of real s_W.
  public static func largestTangent(squaredMassRatio r: Double, weakProduct: Double) -> Double {
    // s_W²c_W² ≤ ¼ needs -p = (1 - r) t/(1 + t) ≤ 1 - 4 s_W²c_W².
    let room = 1 - 4 * weakProduct
    let repulsion = 1 / r.squareRoot()
    let real = 1 - r > room ? (room / (1 - r - room)).squareRoot() : .infinity
    let end = min(repulsion, real)
    let peak = maximum(
      of: { tangent in
        NeutralBosonMixing(squaredMassRatio: r, tangent: tangent, weakProduct: weakProduct)
          .kineticMixing
      }, from: 0, to: end, tolerance: 1e-9 * end)
    return min(peak, end)
  }

  private var t: Double { tangent * tangent }

  /// tan a, negative for an A′ below the Z.
  public var signedTangent: Double { squaredMassRatio < 1 ? -tangent : tangent }
  /// p = m_Z0²/m_Z² - 1.
  public var massSquaredShift: Double { (squaredMassRatio - 1) * t / (1 + t) }
  /// h = η s_W.
  public var massMixing: Double {
    abs(1 - squaredMassRatio) * tangent / (1 + squaredMassRatio * t)
  }
  /// δ² = m_X0²/m_Z0².
  public var squaredBareMassRatio: Double {
    let scale = 1 + massSquaredShift
    return squaredMassRatio / (scale * scale)
  }
  /// s_W².
  public var sineSquared: Double { Self.sineSquared(weakProduct / (1 + massSquaredShift)) }
  /// s_W² without mixing.
  public var unmixedSineSquared: Double { Self.sineSquared(weakProduct) }

  /// The smaller x of x(1 - x) = product; a rounding below zero under the root is zero.
  private static func sineSquared(_ product: Double) -> Double {
    2 * product / (1 + max(0, 1 - 4 * product).squareRoot())
  }

  /// ε.
  public var kineticMixing: Double {
    let s2 = sineSquared
    return massMixing * ((1 - s2) / (s2 + massMixing * massMixing)).squareRoot()
  }

  /// (m_W² - m_W0²)/m_Z²: what the mixing adds to m_W², and takes from s_eff².
  public var squaredWMassShift: Double {
    let p = massSquaredShift
    let (s2, s20) = (sineSquared, unmixedSineSquared)
    // The difference of the two roots of x(1 - x) = product, from that of the products.
    let shift = -weakProduct * p / ((1 + p) * (1 - s2 - s20))
    return p * (1 - s20) - (1 + p) * shift
  }
  /// The relative shift of m_W.
  public var relativeWMassShift: Double {
    let y = squaredWMassShift / (1 - unmixedSineSquared)
    return y / (1 + (1 + y).squareRoot())
  }
  /// s_eff² = 1 - m_W²/m_Z² at tree level.
  public var effectiveSineSquared: Double { unmixedSineSquared - squaredWMassShift }
  /// ρ - 1, of the squared couplings to the Z.
  public var rhoShift: Double {
    let rt = squaredMassRatio * t
    return -rt / (1 + rt)
  }
  /// sin²a: the share of X in the Z.
  public var darkFraction: Double { t / (1 + t) }
}

/// The amplitude of A′ radiation by a lepton, `γ*(q) ℓ(p) → A′(k) ℓ(p′)`, contracted with an arbitrary real
/// vector v in place of the photon's polarisation:
///
///     Γ^μ = γ^μ (p̸′+k̸+m) v̸/s̃ + v̸ (p̸-k̸+m) γ^μ/ũ,   s̃ = (p′+k)² - m²,   ũ = (p-k)² - m²
///
/// The trace is taken without using v·q = 0. Since the leptonic current is conserved, the nucleus's
/// P = P_i + P_f may be replaced by v = 2(P_i - c q) with any c; with c such that v has no component along p in
/// the rest frame of p′+k nothing cancels, where the closed form of arXiv:1705.01633 with P loses many digits at
/// small m_A′ and t.
///
/// All products are in GeV². Source: arXiv:1705.01633, Eq. (6)–(9), rederived; tested against explicit spinors.
@frozen
public struct RadiationAmplitude {
  /// m², the squared mass of the lepton.
  @usableFromInline let m2: Double
  /// m_A′², or the squared virtuality.
  @usableFromInline let k2: Double
  /// s̃ - m_A′² = 2 p′·k.
  @usableFromInline let d: Double
  /// 1/s̃ and 1/ũ.
  @usableFromInline let a: Double
  @usableFromInline let b: Double
  /// p·k and p′·k.
  @usableFromInline let pk: Double
  @usableFromInline let qk: Double
  /// (p - p′)² = 2m² - 2 p·p′.
  @usableFromInline let t2: Double
  /// v·p, v·p′, v·k, v².
  @usableFromInline let vp: Double
  @usableFromInline let vq: Double
  @usableFromInline let vk: Double
  @usableFromInline let v2: Double

  /// An amplitude from its invariants.
  ///
  /// - Parameters:
  ///   - leptonMass2: m².
  ///   - mediatorMass2: k².
  ///   - d: s̃ - k² = 2p′·k, above zero.
  ///   - minusU: -ũ = 2p·k - k², above zero.
  ///   - t: -q², above zero.
  ///   - vp: v·p.
  ///   - vk: v·k.
  ///   - vX: v·(p′+k).
  ///   - v2: v².
  @inlinable @inline(__always)
  public init(
    leptonMass2: Double, mediatorMass2: Double, d: Double, minusU: Double, t: Double, vp: Double,
    vk: Double, vX: Double, v2: Double
  ) {
    m2 = leptonMass2
    k2 = mediatorMass2
    self.d = d
    a = 1 / (d + mediatorMass2)
    b = -1 / minusU
    pk = 0.5 * (mediatorMass2 + minusU)
    qk = 0.5 * d
    t2 = minusU - d - t
    self.vp = vp
    self.vk = vk
    vq = vX - vk
    self.v2 = v2
  }

  /// `A(v) = -½ Σ (ū′Γ^μ u)(ū′Γ_μ u)*`, summed over the lepton's and the A′'s spins, averaged over the initial lepton's.
  @inlinable @inline(__always)
  public var contracted: Double {
    let halfT2 = 0.5 * t2
    let pq = m2 - halfT2
    let (ab, a2, b2) = (a * b, a * a, b * b)
    // The eikonal current J = p′/s̃ + p/ũ, and its square J2.
    let sum = a + b
    let sum2 = sum * sum
    let pJ = a * pq + b * m2
    let qJ = a * m2 + b * pq
    let J2 = m2 * sum2 - ab * t2
    let products =
      vp * vq * (a2 * qk - b2 * pk - J2 - ab * k2) + ab * (qk * (vp * vp) - pk * (vq * vq))
      + vk * (vp * (a2 * qk - a * qJ) + vq * (b2 * pk + b * pJ) + ab * m2 * vk)
    let square =
      sum * (qJ * pk - qk * pJ) - J2 * halfT2 - (a2 + b2) * (pk * qk) - 0.5 * (k2 * m2) * sum2
    return 16 * products + 8 * v2 * square
  }

  /// The A′ polarisation tensor as a quadratic form: for a vector r with r·k = 0 and the scalars P = p·r, Q = p′·r, V = v·r,
  ///
  ///     ½ Σ |ū′ Γ·r u|² = pp P² + qq Q² + vv V² + pq PQ + pv PV + qv QV - g r²
  ///
  /// Summed over three orthonormal r it equals ``contracted``.
  @inlinable @inline(__always)
  public var polarisation: PolarisationForm {
    let (ab, sum) = (a * b, a + b)
    let (vpk, vqk) = (vp - vk, vq + vk)
    let (v2pk, v2qk) = (v2 * pk, v2 * qk)
    let v2t2 = 4 * v2 * t2
    let G = 16 * (vp * vq) + v2t2
    return PolarisationForm(
      pp: b * (b * (16 * vq * vpk + v2t2) + 8 * sum * v2qk),
      qq: a * (a * (16 * vp * vqk + v2t2) - 8 * sum * v2pk),
      vv: -4 * ab * (4 * (qk * pk) + k2 * t2),
      pq: 2 * ab * (G + 8 * vk * (vpk - vq)) + 4 * sum
        * (2 * (a * v2qk - b * v2pk) + k2 * v2 * sum),
      pv: 8 * b * (2 * (b * vq * pk - a * qk * vpk) - k2 * sum * vq),
      qv: 8 * a * (2 * (b * pk * vqk - a * qk * vp) - k2 * sum * vp),
      g: 2 * sum * (4 * vk * (a * qk * vp + b * pk * vq) - sum * (2 * v2qk * pk + 0.125 * k2 * G))
        + 4 * ab * t2 * (vk * vk))
  }
}

/// The coefficients of ``RadiationAmplitude/polarisation``.
@frozen
public struct PolarisationForm {
  /// Of P².
  public let pp: Double
  /// Of Q².
  public let qq: Double
  /// Of V².
  public let vv: Double
  /// Of PQ.
  public let pq: Double
  /// Of PV.
  public let pv: Double
  /// Of QV.
  public let qv: Double
  /// Of -r².
  public let g: Double

  @usableFromInline @inline(__always)
  init(
    pp: Double, qq: Double, vv: Double, pq: Double, pv: Double, qv: Double, g: Double
  ) {
    self.pp = pp
    self.qq = qq
    self.vv = vv
    self.pq = pq
    self.pv = pv
    self.qv = qv
    self.g = g
  }

  /// The product of a vector's ``image(of:)`` with the scalars (P, Q, V) of another.
  @inlinable @inline(__always)
  public static func product(
    _ image: (Double, Double, Double), _ s: (Double, Double, Double)
  ) -> Double {
    image.0 * s.0 + image.1 * s.1 + image.2 * s.2
  }

  /// The form's matrix times a vector that is given by its scalars (P, Q, V), without the g term: its product with the scalars of
  /// another vector is the symmetric bilinear form of both.
  @inlinable @inline(__always)
  public func image(
    of r: (Double, Double, Double)
  ) -> (Double, Double, Double) {
    let (halfPQ, halfPV, halfQV) = (0.5 * pq, 0.5 * pv, 0.5 * qv)
    return (
      pp * r.0 + halfPQ * r.1 + halfPV * r.2, halfPQ * r.0 + qq * r.1 + halfQV * r.2,
      halfPV * r.0 + halfQV * r.1 + vv * r.2
    )
  }
}

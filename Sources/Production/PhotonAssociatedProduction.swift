import Calculus
import Kinematics
import ParticleData
import Sampling
import Units

/// e⁺e⁻ → γ A′ at tree level, the electron's mass neglected: what a collider's search for a single photon sees.
///
///     dσ/d cos θ = (2πα²ε²/s) (1 - x) [2(1 + x²)/((1 - x)² sin²θ) - 1],   x = m_A′²/s
///
/// θ is the photon's angle to the e⁻ in the centre-of-mass frame. The A′ spin state is that of the same amplitude.
///
/// Valid for sin²θ ≫ m_e²/s. Source: Σ|M|² ∝ u/t + t/u + 2 s m_A′²/(tu), the amplitude of arXiv:1705.01633 crossed; tested
/// against traces.
public struct PhotonAssociatedProduction: Sendable, Hashable {
  /// √s in GeV.
  public let collisionEnergy: Double
  /// m_A′ in GeV.
  public let mediatorMass: Double
  /// The photon's energy, (s - m_A′²)/2√s in GeV, in the centre-of-mass frame.
  public let photonEnergy: Double
  /// m_A′²/s.
  private let x: Double

  /// The process, or `nil` where it is closed: m_A′ ≥ √s.
  public init?(collisionEnergy: Double, mediatorMass: Double) {
    precondition(mediatorMass > 0 && collisionEnergy > 0, "masses and energies are positive")
    guard mediatorMass < collisionEnergy else { return nil }
    self.collisionEnergy = collisionEnergy
    self.mediatorMass = mediatorMass
    photonEnergy =
      (collisionEnergy - mediatorMass) * (collisionEnergy + mediatorMass) / (2 * collisionEnergy)
    let ratio = mediatorMass / collisionEnergy
    x = ratio * ratio
  }

  /// 2πα²(1 - x)/s in pb.
  private var scale: Double {
    let alpha = PhysicalConstant.fineStructure
    return 2 * .pi * alpha * alpha * (1 - x) / (collisionEnergy * collisionEnergy)
      * .hbarCSquared_GeV2pb
  }

  /// The weight of 1/sin²θ in the brackets of dσ/d cos θ.
  private var collinear: Double { 2 * (1 + x * x) / ((1 - x) * (1 - x)) }

  /// dσ/d cos θ in pb at ε = 1.
  public func differentialCrossSection(cosine c: Double) -> Double {
    scale * (collinear / ((1 - c) * (1 + c)) - 1)
  }

  /// σ in pb at ε = 1 for photons between two cosines inside (-1, 1).
  public func crossSection(cosines: ClosedRange<Double>) -> Double {
    let (a, b) = (cosines.lowerBound, cosines.upperBound)
    return scale * (collinear * (Self.rapidity(b) - Self.rapidity(a)) - (b - a))
  }

  /// artanh c, in which photons are drawn evenly.
  private static func rapidity(_ c: Double) -> Double { 0.5 * Elementary.log((1 + c) / (1 - c)) }

  /// Fills the production columns of a batch: A′ and spin state in the lab, the photon in the columns of the recoil, and weights in pb
  /// at ε = 1 whose mean is ``crossSection(cosines:)``.
  ///
  /// - Parameters:
  ///   - cosines: where the photon flies, in the centre-of-mass frame.
  ///   - betaGamma: the boost of the centre of mass along the e⁻ beam, the z axis.
  public func fill(
    _ events: borrowing ColumnBatch, count: Int, cosines: ClosedRange<Double>, betaGamma: Double,
    stream: RandomStream
  ) {
    let base = events.base
    let (k, m) = (photonEnergy, mediatorMass)
    let mediatorEnergy = (k * k + m * m).squareRoot()
    let first = Self.rapidity(cosines.lowerBound)
    let range = Self.rapidity(cosines.upperBound) - first
    let boost = betaGamma + (1 + betaGamma * betaGamma).squareRoot()
    let (rapidity, azimuth) = (base + EventColumn.recoilX, base + EventColumn.recoilY)
    stream.fillQuickly(rapidity, count: count, label: 0)
    stream.fillQuickly(azimuth, count: count, label: 1)
    for i in 0..<count {
      let growth = Elementary.exp(2 * (first + range * rapidity[i]))
      let (above, below) = (2 * growth / (1 + growth), 2 / (1 + growth))
      let direction = PhotonDirection(
        onePlusCosine: above, oneMinusCosine: below,
        azimuth: Elementary.circlePoint(turns: azimuth[i]))
      let sine2 = above * below
      base[EventColumn.weight + i] =
        differentialCrossSection(cosine: direction.cosine) * sine2 * range
      base[EventColumn.momentumTransfer + i] = collisionEnergy * k * below
      base[EventColumn.mediatorMass + i] = m
      // E - k cos θ, without a difference of near numbers.
      let plus =
        direction.cosine > 0
        ? (m * m + k * k * sine2) / (mediatorEnergy + k * direction.cosine)
        : mediatorEnergy - k * direction.cosine
      base[EventColumn.mediatorPlus + i] = plus * boost
      base[EventColumn.mediatorX + i] = -k * direction.x
      base[EventColumn.mediatorY + i] = -k * direction.y
      base[EventColumn.recoilX + i] = k * direction.x
      base[EventColumn.recoilY + i] = k * direction.y
      base[EventColumn.recoilZ + i] = 0.5 * k * (above * boost - below / boost)
      base[EventColumn.scatteredPlus + i] = 0
      base[EventColumn.scatteredX + i] = 0
      base[EventColumn.scatteredY + i] = 0
      let density = spinDensity(direction, mediatorPlus: plus)
      base[EventColumn.densityXX + i] = density.xx
      base[EventColumn.densityXY + i] = density.xy
      base[EventColumn.densityXZ + i] = density.xz
      base[EventColumn.densityYY + i] = density.yy
      base[EventColumn.densityYZ + i] = density.yz
    }
  }

  /// The A′ spin density matrix on its light-front axes, trace 1; these axes do not change with a boost along the beam.
  ///
  ///     ρ_ij = ½ [δ_ij - (p_i p_j + p′_i p′_j)/(E² + E′²)]
  ///
  /// with the momenta and energies of e⁻ and e⁺ in the A′ rest frame. It is what leptons of A′ → ℓℓ would show: with massless spinors
  /// Σ|M(e⁺e⁻ → γℓℓ)|² ∝ (p·l)² + (p·l′)² + (p′·l)² + (p′·l′)².
  @inline(__always)
  private func spinDensity(
    _ photon: PhotonDirection, mediatorPlus: Double
  ) -> (xx: Double, xy: Double, xz: Double, yy: Double, yz: Double) {
    let (k, m, m2) = (photonEnergy, mediatorMass, mediatorMass * mediatorMass)
    // 2p·l and 2p′·l; p·k = (m² + 2p′·l)/2, as s + t + u = m².
    let minusS = collisionEnergy * k * photon.oneMinusCosine
    let minusU = collisionEnergy * k * photon.onePlusCosine
    // p on the axes; p′, of no plus component, flies along -z there too, with the momentum E′.
    let inversePlus = 1 / mediatorPlus
    let x = collisionEnergy * k * photon.x * inversePlus
    let y = collisionEnergy * k * photon.y * inversePlus
    let inverseMass = 0.5 / m
    let energy = (m2 + minusU) * inverseMass
    let z = m * collisionEnergy * inversePlus - energy
    let energyPrime = (m2 + minusS) * inverseMass
    let half = 0.5 / (energy * energy + energyPrime * energyPrime)
    return (0.5 - half * x * x, -half * x * y, -half * x * z, 0.5 - half * y * y, -half * y * z)
  }
}

/// Where a photon flies in the centre-of-mass frame; both 1 ± cos θ, so that neither end loses digits.
private struct PhotonDirection {
  let onePlusCosine: Double
  let oneMinusCosine: Double
  let sine: Double
  let sinPhi: Double
  let cosPhi: Double

  init(onePlusCosine: Double, oneMinusCosine: Double, azimuth: (sine: Double, cosine: Double)) {
    self.onePlusCosine = onePlusCosine
    self.oneMinusCosine = oneMinusCosine
    sine = (onePlusCosine * oneMinusCosine).squareRoot()
    (sinPhi, cosPhi) = (azimuth.sine, azimuth.cosine)
  }

  var cosine: Double { 0.5 * (onePlusCosine - oneMinusCosine) }
  var x: Double { sine * cosPhi }
  var y: Double { sine * sinPhi }
}

import Calculus
import Kinematics
import ParticleData
import Sampling
import Units

/// e⁺e⁻ → γ A′ at tree level, the electron's mass neglected: what a collider's search for a single photon sees.
///
///     dσ/d cos θ = (2πα²ε²/s) (1 - x) [2(1 + x²)/((1 - x)² sin²θ) - 1],   x = m_A′²/s
///
/// θ is the photon's angle to the e⁻ in the centre-of-mass frame. The A′ spin state is that of the same amplitude,
/// ``RadiationAmplitude`` with p′ = -p(e⁺) and the two polarisations of the photon in place of v.
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
  private func spinDensity(
    _ photon: PhotonDirection, mediatorPlus: Double
  ) -> (xx: Double, xy: Double, xz: Double, yy: Double, yz: Double) {
    let (k, m, m2) = (photonEnergy, mediatorMass, mediatorMass * mediatorMass)
    // 2p·l for e⁻ and e⁺.
    let minusS = collisionEnergy * k * photon.oneMinusCosine
    let minusU = collisionEnergy * k * photon.onePlusCosine
    let sine = photon.sine
    let inversePlus = 1 / mediatorPlus
    let (slopeX, slopeY) = (-k * photon.x * inversePlus, -k * photon.y * inversePlus)
    var sum = (xx: 0.0, xy: 0.0, xz: 0.0, yy: 0.0, yz: 0.0, trace: 0.0)
    // The polarisations (cos θ cos φ, cos θ sin φ, -sin θ) and (-sin φ, cos φ, 0): across the photon and, in this frame, without time.
    let polarisations = [
      (
        vp: 0.5 * collisionEnergy * sine, plus: -sine, x: photon.cosine * photon.cosPhi,
        y: photon.cosine * photon.sinPhi
      ),
      (vp: 0, plus: 0, x: -photon.sinPhi, y: photon.cosPhi),
    ]
    for v in polarisations {
      let form = RadiationAmplitude(
        leptonMass2: 0, mediatorMass2: m2, d: -minusS - m2, minusU: minusU, t: 0, vp: v.vp, vk: 0,
        vX: v.vp, v2: -1
      ).polarisation
      // p(e⁻)⁺ = √s, p(e⁺)⁺ = 0.
      let rx = (collisionEnergy * slopeX, 0.0, v.plus * slopeX - v.x)
      let ry = (collisionEnergy * slopeY, 0.0, v.plus * slopeY - v.y)
      let rz = (
        (m2 + minusU) / (2 * m) - m * collisionEnergy * inversePlus, -(m2 + minusS) / (2 * m),
        -m * v.plus * inversePlus
      )
      let (x, y) = (form.image(of: rx), form.image(of: ry))
      let (xx, yy) = (
        PolarisationForm.product(x, rx) + form.g, PolarisationForm.product(y, ry) + form.g
      )
      sum.xx += xx
      sum.yy += yy
      sum.xy += PolarisationForm.product(x, ry)
      sum.xz += PolarisationForm.product(x, rz)
      sum.yz += PolarisationForm.product(y, rz)
      sum.trace += xx + yy + PolarisationForm.product(form.image(of: rz), rz) + form.g
    }
    let norm = 1 / sum.trace
    return (sum.xx * norm, sum.xy * norm, sum.xz * norm, sum.yy * norm, sum.yz * norm)
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

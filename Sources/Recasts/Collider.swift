import DarkSector
import Decay
import Kinematics
import ParticleData
import Production
import Sampling

/// An asymmetric e⁺e⁻ collider and how much of it a search has looked at.
public struct Collider: Sendable, Hashable {
  /// √s in GeV.
  public let collisionEnergy: Double
  /// βγ of the centre of mass along the e⁻ beam, the z axis.
  public let betaGamma: Double

  /// A collider from its numbers.
  public init(collisionEnergy: Double, betaGamma: Double) {
    self.collisionEnergy = collisionEnergy
    self.betaGamma = betaGamma
  }

  /// PEP-II at the Υ(4S).
  ///
  /// Source: arXiv:1305.3560, § 2: 9.0 GeV on 3.1 GeV.
  public static let pepII = Collider(collisionEnergy: 10.58, betaGamma: 0.56)
  /// SuperKEKB at the Υ(4S).
  ///
  /// Source: arXiv:1808.10567, § 2: 7 GeV on 4 GeV.
  public static let superKEKB = Collider(collisionEnergy: 10.58, betaGamma: 0.284)
}

/// One decayed event of ``ColliderSample``, in the lab.
struct ColliderEvent {
  /// The number of its channel.
  let channel: Int
  let number: Int32
  /// dσ in pb at ε = 1, times the branching ratio of the channel.
  let weight: Double
  /// m₂ over the transverse and the longitudinal momentum of χ₂.
  let properPerRadius: Double
  let properPerZ: Double
  let positive: FourMomentum
  let negative: FourMomentum
  let pairMass: Double

  /// The bounds on proper decay length, in mm, between which χ₂ is inside a radius and the ends of a cylinder about the origin.
  func exit(radius: Double, z: ClosedRange<Double>) -> Double {
    let end = properPerZ > 0 ? z.upperBound * properPerZ : z.lowerBound * properPerZ
    return min(radius * properPerRadius, end)
  }
}

/// Events of e⁺e⁻ → γ A′, A′ → χ₁χ₂, χ₂ → χ₁ℓ⁺ℓ⁻ at one model point: the decays are those of every other sample.
struct ColliderSample {
  let point: ModelPoint
  let widths: Chi2Widths
  /// σ in pb at ε = 1 with the photon in its acceptance.
  let crossSection: Double
  let size: Int
  private let process: PhotonAssociatedProduction
  private let collider: Collider
  private let cosines: ClosedRange<Double>
  private let seed: UInt64

  /// A sample, or `nil` where √s does not make the A′.
  init?(
    _ point: ModelPoint, collider: Collider, photonCosines: ClosedRange<Double>, size: Int,
    seed: UInt64
  ) {
    guard
      let process = PhotonAssociatedProduction(
        collisionEnergy: collider.collisionEnergy, mediatorMass: point.darkPhotonMass)
    else { return nil }
    self.point = point
    self.process = process
    self.collider = collider
    cosines = photonCosines
    self.size = size
    self.seed = seed
    widths = point.chi2Widths()
    crossSection = process.crossSection(cosines: photonCosines)
  }

  /// Electrons and muons.
  static let mostChannels = 2

  /// Calls `body` with every event of the open channels. Hadrons and taus decay as muons do: nearly as heavy, and charged.
  ///
  /// - Parameter onlyLeptons: whether hadrons and taus are left out.
  func forEachEvent(onlyLeptons: Bool = false, _ body: (ColliderEvent) -> Void)
    throws(DarkSectorError)
  {
    let others = onlyLeptons ? 0 : widths.hadrons + widths.taus
    var channels: [(decay: DecaySampler, share: Double, digest: UInt64)] = []
    for flavour in [LeptonFlavour.electron, .muon] where widths.width(flavour) > 0 {
      let decay = try DecaySampler(
        point, flavour: flavour, width: widths.width(flavour), onShell: true)
      let width = widths.width(flavour) + (flavour == .muon ? others : 0)
      channels.append(
        (
          decay, width / widths.total,
          DecaySampler.digest(production: digest, point: point, flavour: flavour)
        ))
    }
    let events = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: DecaySampler.scratchColumnCount)
    for batch in 0..<BatchLayout.batchCount(forEvents: size) {
      let n = BatchLayout.count(ofBatch: batch, forEvents: size)
      process.fill(
        events, count: n, cosines: cosines, betaGamma: collider.betaGamma,
        stream: RandomStream(seed: seed, purpose: .production, point: digest, batch: batch))
      for (number, channel) in channels.enumerated() {
        channel.decay.fill(
          events, scratch: scratch, count: n,
          stream: RandomStream(seed: seed, purpose: .decay, point: channel.digest, batch: batch))
        let mass = channel.decay.flavour.mass
        for i in 0..<n {
          body(
            event(
              events.base, i, number: batch * BatchLayout.capacity + i, leptonMass: mass,
              share: channel.share / Double(size), channel: number))
        }
      }
    }
  }

  private var digest: UInt64 {
    var digest = Digest()
    digest.combine("collider")
    digest.combine(collider.collisionEnergy)
    digest.combine(collider.betaGamma)
    digest.combine(cosines.lowerBound)
    digest.combine(cosines.upperBound)
    digest.combine(point.darkPhotonMass)
    return digest.value
  }

  @inline(__always)
  private func event(
    _ base: UnsafeMutablePointer<Double>, _ i: Int, number: Int, leptonMass: Double, share: Double,
    channel: Int
  ) -> ColliderEvent {
    func momentum(_ plus: Int, _ x: Int, _ y: Int) -> LightFrontMomentum {
      LightFrontMomentum(plus: base[plus + i], x: base[x + i], y: base[y + i])
    }
    let m2 = point.chi2Mass
    let chi2 = momentum(EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y)
    let z = 0.5 * (chi2.plus - chi2.minus(mass2: m2 * m2))
    return ColliderEvent(
      channel: channel,
      number: Int32(truncatingIfNeeded: number),
      weight: base[EventColumn.chainWeight + i] * share,
      properPerRadius: m2 / (chi2.x * chi2.x + chi2.y * chi2.y).squareRoot(),
      properPerZ: m2 / z,
      positive: momentum(
        EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY
      ).fourMomentum(mass: leptonMass),
      negative: momentum(
        EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY
      ).fourMomentum(mass: leptonMass),
      pairMass: base[EventColumn.pairMass + i])
  }
}

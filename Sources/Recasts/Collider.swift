import DarkSector
import Decay
import Kinematics
import ParticleData
import Production
import Reach
import Sampling
import Selection

/// An asymmetric e⁺e⁻ collider.
public struct Collider: Sendable, Hashable {
  /// √s in GeV.
  public let collisionEnergy: Double
  /// βγ of the centre of mass along the e⁻ beam, the z axis: (E₋ - E₊)/√s.
  public let betaGamma: Double

  /// A collider from its numbers.
  public init(collisionEnergy: Double, betaGamma: Double) {
    self.collisionEnergy = collisionEnergy
    self.betaGamma = betaGamma
  }

  /// PEP-II at the Υ(4S): 9.0 GeV on 3.1 GeV.
  public static let pepII = Collider(collisionEnergy: 10.58, betaGamma: 0.56)
  /// SuperKEKB at the Υ(4S): 7 GeV on 4 GeV.
  public static let superKEKB = Collider(collisionEnergy: 10.58, betaGamma: 0.284)
}

/// One decayed event of ``ColliderSample``, in the lab.
struct ColliderEvent {
  /// dσ in pb at ε = 1, times the branching ratio of the channel.
  let weight: Double
  /// m₂ over the transverse and the longitudinal momentum of χ₂.
  let properPerRadius: Double
  let properPerZ: Double
  let positive: FourMomentum
  let negative: FourMomentum
  let pairMass: Double

  /// The proper decay length, in mm, at which χ₂ leaves a cylinder about the origin.
  func exit(radius: Double, z: ClosedRange<Double>) -> Double {
    let end = properPerZ > 0 ? z.upperBound * properPerZ : z.lowerBound * properPerZ
    return min(radius * properPerRadius, end)
  }
}

/// Events of e⁺e⁻ → γ A′, A′ → χ₁χ₂, χ₂ → χ₁ℓ⁺ℓ⁻ at one model point: the decays are those of every other sample.
struct ColliderSample {
  let point: ModelPoint
  let widths: Chi2Widths
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
  }

  /// S(cτ) of the events that `bounds` gives proper decay lengths in mm for. Hadrons and taus decay as muons do: nearly as heavy, and charged.
  ///
  /// - Parameter onlyLeptons: whether hadrons and taus are left out.
  func survivalCurve(
    onlyLeptons: Bool = false, _ bounds: (ColliderEvent) -> ClosedRange<Double>?
  ) throws(DarkSectorError) -> SurvivalCurve {
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
    var accepted = [AcceptedEvents](repeating: AcceptedEvents(), count: channels.count)
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
          let event = event(events.base, i, leptonMass: mass, share: channel.share / Double(size))
          guard let range = bounds(event) else { continue }
          accepted[number].append(
            event: Int32(truncatingIfNeeded: batch * BatchLayout.capacity + i),
            weight: event.weight, lower: range.lowerBound, upper: range.upperBound)
        }
      }
    }
    return SurvivalCurve(.merged(accepted.map { ($0, 1) }), sampleSize: size)
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
    _ base: UnsafeMutablePointer<Double>, _ i: Int, leptonMass: Double, share: Double
  ) -> ColliderEvent {
    func momentum(_ plus: Int, _ x: Int, _ y: Int) -> LightFrontMomentum {
      LightFrontMomentum(plus: base[plus + i], x: base[x + i], y: base[y + i])
    }
    let m2 = point.chi2Mass
    let chi2 = momentum(EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y)
    let z = 0.5 * (chi2.plus - chi2.minus(mass2: m2 * m2))
    return ColliderEvent(
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

extension FourMomentum {
  /// Whether a detector notices a charged particle: enough energy in GeV, at cosines to the e⁻ beam that it covers.
  @inline(__always)
  func isSeen(above minimumEnergy: Double, cosines: ClosedRange<Double>) -> Bool {
    let momentum = momentum
    return energy > minimumEnergy && z >= cosines.lowerBound * momentum
      && z <= cosines.upperBound * momentum
  }
}

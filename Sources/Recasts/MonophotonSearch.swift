import Calculus
import DarkSector
import Kinematics
import Reach

/// A search for a single photon and nothing else, for an A′ → χ₁χ₂ whose χ₂ may decay inside the detector and so be seen.
///
/// The published limit holds for what is never seen. At a model point an event stays invisible with probability
/// `1 - V (1 - exp(-d/λ))`: d is the path of χ₂ to the veto's surface, λ = βγ cτ, and V is 1 where a charged product would be
/// noticed. A mixing is excluded where
///
///     ε² BR(A′ → χ₁χ₂) ⟨1 - V (1 - exp(-d/λ))⟩ ≥ ε_inv²(m_A′)
///
/// the mean over events whose photon is accepted. Of the published analysis only ε_inv is used: its efficiency and background as
/// functions of m_A′ are in it, and do not depend on what the A′ decays to as long as that is invisible.
public struct MonophotonSearch: Sendable {
  /// Where the collisions are.
  public var collider: Collider
  /// The photon's cosine to the e⁻ in the centre-of-mass frame.
  public var photonCosines: ClosedRange<Double>
  /// What is noticed of a decay.
  public var veto: VisibleDecayVeto?
  /// ε of the limit for an A′ that is never seen.
  public var invisibleLimit: InvisibleLimit
  /// Events of a sample.
  public var sampleSize = 16_384
  /// Where every χ₂ decays at once, the events that are left decide. Where a sample has fewer of them, they are drawn on purpose:
  /// 1600 have an error of 2.5 %, half that on ε.
  static let fewestUnseen = 1600
  private static let precision = 0.025
  private static let mostEvents = 1 << 18

  /// A search from its parts.
  public init(
    collider: Collider, photonCosines: ClosedRange<Double>, veto: VisibleDecayVeto?,
    invisibleLimit: InvisibleLimit
  ) {
    self.collider = collider
    self.photonCosines = photonCosines
    self.veto = veto
    self.invisibleLimit = invisibleLimit
  }

  /// The mixings that are excluded at a model point, up to ε = 1, or `nil` where the limit does not cover m_A′.
  public func excludedMixings(_ point: ModelPoint, alphaD: Double, seed: UInt64)
    throws(DarkSectorError)
    -> ExcludedMixings?
  {
    guard let limit = invisibleLimit(darkPhotonMass: point.darkPhotonMass) else { return nil }
    let fraction = try invisibleFraction(point, seed: seed)
    return ExcludedMixings(from: limit / 2, to: 1) { epsilon in
      let epsilon2 = epsilon * epsilon
      let length = fraction.widths.properDecayLength(epsilonSquared: epsilon2, alphaD: alphaD)
      let dark = point.darkBranchingRatio(epsilonSquared: epsilon2, alphaD: alphaD)
      return Elementary.log(max(epsilon2 * dark * fraction(length) / (limit * limit), 1e-290))
    }
  }

  /// ⟨1 - V (1 - exp(-d/λ))⟩ at a mixing.
  public func invisibleShare(_ point: ModelPoint, epsilon: Double, alphaD: Double, seed: UInt64)
    throws(DarkSectorError) -> Double
  {
    let fraction = try invisibleFraction(point, seed: seed)
    return fraction(
      fraction.widths.properDecayLength(epsilonSquared: epsilon * epsilon, alphaD: alphaD))
  }

  /// The share of events that stay invisible, as a function of the proper decay length.
  func invisibleFraction(_ point: ModelPoint, seed: UInt64) throws(DarkSectorError)
    -> InvisibleFraction
  {
    guard let veto,
      let sample = try ColliderSample(
        point, collider: collider, photonCosines: photonCosines, seed: seed)
    else { return InvisibleFraction(widths: point.chi2Widths(), seen: nil) }
    var (total, noticed, unseen) = (0.0, 0.0, 0)
    let seen = sample.survivalCurve(events: sampleSize) { event in
      total += event.weight
      guard veto.notices(event) else {
        unseen += 1
        return nil
      }
      noticed += event.weight
      return 0...event.exit(radius: veto.radius, z: veto.z)
    }
    guard noticed > 0 else { return InvisibleFraction(widths: sample.widths, seen: nil) }
    let neverSeen =
      unseen >= Self.fewestUnseen
      ? 1 - noticed / total
      : sample.rareCrossSection(precision: Self.precision, mostEvents: Self.mostEvents) {
        veto.softness($0)
      } / sample.crossSection
    return InvisibleFraction(
      widths: sample.widths, seen: (seen, noticed / Double(sampleSize), neverSeen))
  }
}

/// What of a decay a search notices, and where: a charged particle of enough energy at angles that the detector covers, from a decay
/// inside a cylinder about the interaction point.
public struct VisibleDecayVeto: Sendable, Hashable {
  /// The cylinder's radius in mm.
  public var radius: Double
  /// The cylinder's ends in mm.
  public var z: ClosedRange<Double>
  /// The least energy in GeV.
  public var minimumEnergy: Double
  /// The cosines to the e⁻ beam in the lab.
  public var cosines: ClosedRange<Double>

  /// A veto from its parts.
  public init(
    radius: Double, z: ClosedRange<Double>, minimumEnergy: Double, cosines: ClosedRange<Double>
  ) {
    self.radius = radius
    self.z = z
    self.minimumEnergy = minimumEnergy
    self.cosines = cosines
  }

  @inline(__always)
  func notices(_ event: DecayedEvent) -> Bool {
    event.positive.isSeen(above: minimumEnergy, cosines: cosines)
      || event.negative.isSeen(above: minimumEnergy, cosines: cosines)
  }

  /// 1 where a decay is not noticed, and below it the less the more energy is seen.
  @inline(__always)
  func softness(_ event: DecayedEvent) -> Double {
    let positive = event.positive.isWithin(cosines) ? event.positive.energy : 0
    let negative = event.negative.isWithin(cosines) ? event.negative.energy : 0
    let energy = max(positive, negative)
    guard energy > minimumEnergy else { return 1 }
    let ratio = minimumEnergy / energy
    return ratio * ratio
  }
}

/// ⟨1 - V (1 - exp(-d/λ))⟩ of one model point, as `1 - ⟨V⟩ (1 - ⟨exp(-d/λ)⟩ of what is noticed)`: it is 1 for long lifetimes and
/// ⟨1 - V⟩ for short ones whichever sample ⟨V⟩ is from.
struct InvisibleFraction {
  let widths: Chi2Widths
  /// ⟨V (1 - exp(-d/λ))⟩ and ⟨V⟩ of one sample in pb, and ⟨1 - V⟩, a share; `nil` where nothing is ever seen.
  let seen: (curve: SurvivalCurve, limit: Double, neverSeen: Double)?

  /// At a proper decay length in mm, `nil` for a stable χ₂.
  func callAsFunction(_ properDecayLength: Double?) -> Double {
    guard let seen, let properDecayLength else { return 1 }
    let share = min(seen.curve(properDecayLength).value / seen.limit, 1)
    return 1 - (1 - seen.neverSeen) * share
  }
}

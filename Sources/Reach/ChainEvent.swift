import Kinematics
import ParticleData

/// One event of the whole chain in the lab, beam along +z, target at rest: a row of an ``EventBlock``.
public struct ChainEvent: Sendable, Hashable {
  /// The weight in pb. See ``EventGenerator``.
  public var weight: Double
  /// The momentum transfer t to the nucleus in GeV².
  public var momentumTransfer: Double
  /// The flavour of the pair.
  public var flavour: LeptonFlavour
  /// The scattered beam lepton.
  public var scattered: FourMomentum
  /// The A′.
  public var mediator: FourMomentum
  /// The recoiling nucleus.
  public var recoil: FourMomentum
  /// χ₁ from the A′.
  public var chi1: FourMomentum
  /// χ₂.
  public var chi2: FourMomentum
  /// χ₁ from χ₂.
  public var chi1Soft: FourMomentum
  /// ℓ⁺.
  public var leptonPlus: FourMomentum
  /// ℓ⁻.
  public var leptonMinus: FourMomentum
  /// Where χ₂ decays, along the beam from the interaction point, in mm.
  public var decayZ: Double

  /// The particles under the names of the event columns, in their order.
  public var particles: [(name: String, momentum: FourMomentum)] {
    [
      ("scattered", scattered), ("mediator", mediator), ("recoil", recoil), ("chi1", chi1),
      ("chi2", chi2), ("chi1_soft", chi1Soft), ("lepton_plus", leptonPlus),
      ("lepton_minus", leptonMinus),
    ]
  }
}

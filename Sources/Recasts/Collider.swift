import Kinematics
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

  /// PEP-II at the Υ(4S): 9.0 GeV on 3.1 GeV. Of BaBar's 53 fb⁻¹ of single photons most were taken at the Υ(2S) and Υ(3S).
  ///
  /// Source: energies as given to this project, not read in a paper (`Documentation/Recasts.md`); βγ = (E₋ - E₊)/√s.
  public static let pepII = Collider(collisionEnergy: 10.58, betaGamma: 0.56)
  /// SuperKEKB at the Υ(4S): 7 GeV on 4 GeV.
  ///
  /// Source: as for ``pepII``.
  public static let superKEKB = Collider(collisionEnergy: 10.58, betaGamma: 0.284)
}

extension FourMomentum {
  /// Whether a detector notices a charged particle: enough energy in GeV, at cosines to the e⁻ beam that it covers.
  @inline(__always)
  func isSeen(above minimumEnergy: Double, cosines: ClosedRange<Double>) -> Bool {
    energy > minimumEnergy && isWithin(cosines)
  }

  /// Whether a particle flies at cosines to the z axis.
  @inline(__always)
  func isWithin(_ cosines: ClosedRange<Double>) -> Bool {
    let momentum = momentum
    return z >= cosines.lowerBound * momentum && z <= cosines.upperBound * momentum
  }
}

import Kinematics
import ParticleData

/// Beam, target and mediator: all that production depends on.
public struct ProductionSetup: Sendable, Hashable {
  /// The beam particle.
  public var beam: BeamParticle
  /// Its energy in GeV.
  public var beamEnergy: Double
  /// The target.
  public var target: Material
  /// The A′ and, where its line shape is kept, what it decays into.
  public var mediator: Mediator
  /// The form factor.
  public var formFactor: FormFactorModel
  /// The quasi-elastic part.
  public var inelastic: InelasticModel

  /// A set-up.
  ///
  /// - Throws: ``ProductionError/belowThreshold(beamEnergy:needed:mediatorMass:)`` when the beam cannot make the A′, and
  ///   ``ProductionError/quasiElasticOnProton`` for a proton target with a quasi-elastic part.
  public init(
    beam: BeamParticle, beamEnergy: Double, target: Material, mediator: Mediator,
    formFactor: FormFactorModel = .tsai, inelastic: InelasticModel = .off
  ) throws(ProductionError) {
    self.beam = beam
    self.beamEnergy = beamEnergy
    self.target = target
    self.mediator = mediator
    self.formFactor = formFactor
    self.inelastic = inelastic
    let needed = Self.thresholdEnergy(
      beam: beam, target: target, mediatorMass: mediator.thresholdMass)
    guard inelastic == .off || target.atomicNumber > 1 || target.massNumber > 1.5 else {
      throw .quasiElasticOnProton
    }
    guard beamEnergy > needed else {
      throw .belowThreshold(
        beamEnergy: beamEnergy, needed: needed, mediatorMass: mediator.thresholdMass)
    }
  }

  /// The least beam energy in GeV: `√s = M + m + m_A′`.
  ///
  ///     E = [(m + m_A′)² - m²]/2M + m + m_A′
  ///
  /// Source: `s = m² + M² + 2ME` of PDG 2024, review *Kinematics*, at that √s.
  public static func thresholdEnergy(
    beam: BeamParticle, target: Material, mediatorMass: Double
  ) -> Double {
    let (m, M) = (beam.mass, target.nuclearMass)
    let produced = m + mediatorMass
    return (produced * produced - m * m) / (2 * M) + produced
  }

  /// |p| of the beam in GeV.
  public var beamMomentum: Double {
    ((beamEnergy - beam.mass) * (beamEnergy + beam.mass)).squareRoot()
  }

  /// s of beam and nucleus at rest, in GeV²: `m² + M² + 2ME`.
  ///
  /// Source: PDG 2024, review *Kinematics*.
  public var s: Double {
    let (m, M) = (beam.mass, target.nuclearMass)
    return m * m + M * M + 2 * M * beamEnergy
  }

  /// The largest mass in GeV that the lepton and the A′ can have together: `√s - M`.
  public var largestSystemMass: Double { s.squareRoot() - target.nuclearMass }
}

/// The A′ that is produced.
public enum Mediator: Sendable, Hashable {
  /// On its mass shell, with a mass in GeV.
  case narrow(mass: Double)
  /// With the line shape `ρ(Q²) = QΓ(Q)/π / [(Q² - m_A′²)² + Q²Γ(Q)²]` of A′ → χ₁χ₂.
  case spectral(LineShape)

  /// The least mass that can be made, in GeV.
  public var thresholdMass: Double {
    switch self {
    case .narrow(let mass): mass
    case .spectral(let shape): shape.sumMass
    }
  }
}

/// What the line shape of an A′ depends on.
///
///     ρ(Q²) = Q Γ(Q)/π / [(Q² - m_A′²)² + Q² Γ(Q)²]
///
/// Source: the imaginary part of the dressed propagator, Documentation/Physics.md, § 4.6; Γ(Q) from the currents of
/// arXiv:2409.00170, Eq. (1).
public struct LineShape: Sendable, Hashable {
  /// m_A′ in GeV.
  public let mass: Double
  /// m₁ + m₂ in GeV.
  public let sumMass: Double
  /// Δ = m₂ - m₁ in GeV.
  public let massSplitting: Double
  /// α_D.
  public let alphaD: Double

  /// A line shape from its parameters.
  public init(mass: Double, sumMass: Double, massSplitting: Double, alphaD: Double) {
    self.mass = mass
    self.sumMass = sumMass
    self.massSplitting = massSplitting
    self.alphaD = alphaD
  }

  /// Γ(A′ → χ₁χ₂) at squared virtuality `Q2`, times Q, in GeV²: 0 below threshold.
  ///
  /// Source: as ``DarkSector/ModelPoint/darkMediatorWidth(atVirtuality:)``.
  @inlinable @inline(__always)
  public func massTimesWidth(_ Q2: Double) -> Double {
    let above = Q2 - sumMass * sumMass
    let gap = Q2 - massSplitting * massSplitting
    let open = above > 0 ? above : 0
    // Q p = √(above·gap)/2.
    let momentum = 0.5 * (open * gap).squareRoot()
    return alphaD * momentum / (3 * Q2 * Q2) * gap * (sumMass * sumMass + 2 * Q2)
  }
}

/// What a user can cause in production.
public enum ProductionError: Error, Sendable, Hashable {
  /// The beam's energy does not suffice; energies and mass in GeV.
  case belowThreshold(beamEnergy: Double, needed: Double, mediatorMass: Double)
  /// A quasi-elastic part on hydrogen, where it is the elastic process once more.
  case quasiElasticOnProton
  /// The asked precision was not reached; errors are relative.
  case precisionNotReached(error: Double, target: Double, calls: Int)
  /// The integrand was not a finite number somewhere: a fault of the program, not of the card.
  case notFinite(calls: Int)
  /// An equivalent-photon method was asked for an off-shell A′.
  case approximationNeedsNarrowMediator(ProductionMethod)
  /// An equivalent-photon method was asked for events, which it cannot give.
  case approximationHasNoEvents(ProductionMethod)
}

extension ProductionError: CustomStringConvertible {
  /// What, where, why, and how to mend it.
  public var description: String {
    switch self {
    case .belowThreshold(let energy, let needed, let mass):
      "production of an A' of \(mass) GeV is closed: the beam has \(energy) GeV and at least "
        + "\(needed) GeV are needed on this nucleus; raise beam.energy_GeV or lower the mediator mass"
    case .quasiElasticOnProton:
      "production.inelastic counts scattering on the protons of a nucleus, which on hydrogen is the elastic process "
        + "itself and would be counted twice; use production.inelastic = off"
    case .precisionNotReached(let error, let target, let calls):
      "integrating the production cross section: error \(100 * error) % after \(calls) calls "
        + "(target \(100 * target) %); relax production.relative_precision"
    case .notFinite(let calls):
      "integrating the production cross section: a weight among \(calls) calls is not a finite "
        + "number, which is a fault of this program at these masses and energies; please report the card"
    case .approximationNeedsNarrowMediator(let method):
      "production.method = \(method.rawValue) knows an A' on its mass shell only; "
        + "use production.mediator = narrow or production.method = exact"
    case .approximationHasNoEvents(let method):
      "production.method = \(method.rawValue) gives a cross section only, no events; "
        + "use production.method = exact"
    }
  }
}

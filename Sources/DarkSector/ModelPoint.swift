import Kinematics
import ParticleData
import Units

/// A point of inelastic (pseudo-Dirac) dark matter: two Majorana states χ₁, χ₂ that couple off-diagonally,
/// `i g_D χ̄₂ γ^μ χ₁ A′_μ`, to an A′ with kinetic mixing ε. Masses are in GeV.
///
/// Source: arXiv:2409.00170, Eq. (1). Read literally it vanishes for Majorana fields (no i) and doubles with
/// the "+ h.c."; the single term with coupling g_D is the consistent reading.
public struct ModelPoint: Sendable, Hashable, Codable {
  /// The mass m₁ of the stable state.
  public let chi1Mass: Double
  /// The splitting Δ = m₂ - m₁.
  public let massSplitting: Double
  /// The mass m_A′.
  public let darkPhotonMass: Double

  /// A point, which must allow A′ → χ₁χ₂.
  ///
  /// - Throws: ``DarkSectorError`` for masses that are not positive and finite, and for m_A′ ≤ m₁ + m₂.
  public init(chi1Mass: Double, massSplitting: Double, darkPhotonMass: Double)
    throws(DarkSectorError)
  {
    guard chi1Mass > 0, chi1Mass.isFinite else {
      throw .massOutOfRange(name: "m1", value: chi1Mass)
    }
    guard massSplitting >= 0, massSplitting.isFinite else {
      throw .massOutOfRange(name: "the splitting", value: massSplitting)
    }
    guard darkPhotonMass > 0, darkPhotonMass.isFinite else {
      throw .massOutOfRange(name: "mA", value: darkPhotonMass)
    }
    guard darkPhotonMass > 2 * chi1Mass + massSplitting else {
      throw .mediatorTooLight(
        mediator: darkPhotonMass, pair: 2 * chi1Mass + massSplitting)
    }
    self.chi1Mass = chi1Mass
    self.massSplitting = massSplitting
    self.darkPhotonMass = darkPhotonMass
  }

  /// The mass m₂ = m₁ + Δ.
  @inlinable public var chi2Mass: Double { chi1Mass + massSplitting }

  /// m₁ + m₂, the threshold of A′ → χ₁χ₂.
  @inlinable public var pairThreshold: Double { 2 * chi1Mass + massSplitting }

  /// ε² at a given `y = ε² α_D (m₁/m_A′)⁴`.
  ///
  /// Source: arXiv:2409.00170.
  public func epsilonSquared(y: Double, alphaD: Double) -> Double {
    YieldVariable.epsilonSquared(y: y, alphaD: alphaD, massRatio: chi1Mass / darkPhotonMass)
  }

  /// `y = ε² α_D (m₁/m_A′)⁴` at a given ε.
  ///
  /// Source: arXiv:2409.00170.
  public func y(epsilon: Double, alphaD: Double) -> Double {
    YieldVariable.y(epsilon: epsilon, alphaD: alphaD, massRatio: chi1Mass / darkPhotonMass)
  }
}

/// What a user can cause in the dark sector.
public enum DarkSectorError: Error, Sendable, Hashable {
  /// A mass that is not positive and finite, in GeV.
  case massOutOfRange(name: String, value: Double)
  /// m_A′ ≤ m₁ + m₂, in GeV: A′ → χ₁χ₂ is closed, and with it the signal.
  case mediatorTooLight(mediator: Double, pair: Double)
  /// ε > 1, which no kinetic mixing is.
  case mixingAboveOne(epsilon: Double)
  /// Δ ≤ the threshold of the lightest pair, in GeV: χ₂ is stable.
  case closedChannel(splitting: Double, threshold: Double)
}

extension DarkSectorError: CustomStringConvertible {
  /// What, where, why, and how to mend it.
  public var description: String {
    switch self {
    case .massOutOfRange(let name, let value):
      "\(name) is \(value) GeV; masses are positive and finite: give another value"
    case .mediatorTooLight(let mediator, let pair):
      "mA = \(mediator) GeV does not exceed m1 + m2 = \(pair) GeV, so A' -> chi1 chi2 is closed; "
        + "raise the mediator mass or lower the splitting"
    case .mixingAboveOne(let epsilon):
      "the kinetic mixing would be \(ShortestNumber.text(epsilon, digits: 6)), above 1; lower model.y, "
        + "or raise model.alpha_D"
    case .closedChannel(let splitting, let threshold):
      "the splitting of \(splitting) GeV does not exceed 2 m_e = \(threshold) GeV, so chi2 has no "
        + "decay; raise model.splitting_over_m1 or model.m1_GeV"
    }
  }
}

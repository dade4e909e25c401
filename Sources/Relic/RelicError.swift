import Calculus
import Units

/// What can go wrong with a relic density.
public enum RelicError: Error, Sendable, Hashable {
  /// χ too light for the early universe as it is described here.
  case tooLight(chi1Mass: Double, least: Double)
  /// No ε up to 1 brings the abundance down to the one asked for; the least is attained at `epsilon`.
  case noCoupling(abundance: Double, least: Double, epsilon: Double)
  /// However small ε, the abundance stays below the one asked for.
  case alwaysBelow(abundance: Double, atMost: Double)
  /// The integrator gave up.
  case integrationFailed(RadauIntegrator.Failure)
  /// ε and the A′ width that it enters did not settle.
  case notSettled(epsilon: Double)

  /// Whether the point asked for cannot be, rather than the program failing.
  public var isPropertyOfPoint: Bool {
    switch self {
    case .tooLight, .noCoupling, .alwaysBelow: true
    case .integrationFailed, .notSettled: false
    }
  }
}

extension RelicError: CustomStringConvertible {
  /// What, why, and how to mend it.
  public var description: String {
    switch self {
    case .tooLight(let mass, let least):
      "m1 = \(Self.short(mass)) GeV is too light for a relic density: at T = m1/2 hardly any electrons are left to keep "
        + "chi in equilibrium; give model.m1_GeV of at least \(Self.short(least))"
    case .noCoupling(let abundance, let least, let epsilon):
      "no kinetic mixing up to 1 gives an abundance of \(Self.short(abundance)): the least is \(Self.short(least)), at "
        + "epsilon = \(Self.short(epsilon)); lower model.splitting_over_m1, raise model.alpha_D or relic.abundance, or "
        + "take another model.m1_GeV"
    case .alwaysBelow(let abundance, let atMost):
      "no kinetic mixing gives an abundance of \(Self.short(abundance)): without annihilation after T = m1/2 it is "
        + "\(Self.short(atMost)); raise model.m1_GeV or lower relic.abundance"
    case .integrationFailed(let failure):
      "integrating the Boltzmann equation: \(failure), which is a fault of this program at these masses; "
        + "please report the card"
    case .notSettled(let epsilon):
      "epsilon for the abundance and the A' width that it enters do not settle (last epsilon \(Self.short(epsilon))), "
        + "which is a fault of this program at these masses; please report the card"
    }
  }

  /// Four digits are enough to judge by.
  private static func short(_ value: Double) -> String { ShortestNumber.text(value, digits: 4) }
}

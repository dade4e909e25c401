import Calculus
import DarkSector

/// The relic density of χ₁ (χ₂ decays into it) at a model point.
public struct RelicDensity: Sendable {
  /// The model point.
  public let point: ModelPoint
  /// α_D.
  public let alphaD: Double
  /// ε.
  public let epsilon: Double
  /// Ωh².
  public let abundance: Double
  /// x = m₁/T at which Y = 2.5 Y_eq.
  public let freezeOutX: Double

  /// y = ε² α_D (m₁/m_A′)⁴.
  public var y: Double { point.y(epsilon: epsilon, alphaD: alphaD) }
}

extension RelicSettings {
  /// The freeze-out of a model point; `epsilonSquared` enters the A′ width alone.
  public func freezeOut(
    _ point: ModelPoint, alphaD: Double, epsilonSquared: Double = 0, refinement: Int = 1
  ) -> FreezeOut {
    let annihilation = Coannihilation(
      point, alphaD: alphaD, epsilonSquared: epsilonSquared, settings: self,
      refinement: refinement)
    return FreezeOut(
      point, annihilation: ThermalTables(point, annihilation: annihilation), alphaD: alphaD)
  }

  /// The relic density at given couplings.
  public func density(
    _ point: ModelPoint, alphaD: Double, epsilonSquared: Double
  ) throws(RelicError) -> RelicDensity {
    let freezeOut = freezeOut(point, alphaD: alphaD, epsilonSquared: epsilonSquared)
    let history = try freezeOut.history(epsilonSquared: epsilonSquared)
    return RelicDensity(
      point: point, alphaD: alphaD, epsilon: epsilonSquared.squareRoot(),
      abundance: history.abundance, freezeOutX: history.freezeOutX)
  }

  /// The relic density with the coupling at which the abundance is the one asked for, at fixed α_D.
  ///
  /// ln Ω is nearly linear in ln ε²: a few integrations. ε² also widens the A′, mostly by next to nothing: it is the fixed point
  /// of ε² ↦ the ε² found with the width of the first, approached by the secant rule.
  public func coupling(
    _ point: ModelPoint, alphaD: Double, refinement: Int = 1
  ) throws(RelicError) -> RelicDensity {
    let mA = point.darkPhotonMass
    let darkWidth = alphaD * point.darkMediatorWidth(atVirtuality: mA)
    let visibleWidth = point.visibleMediatorWidth(atVirtuality: mA)
    var epsilonSquared = 0.0
    var last: (log: Double, step: Double)?
    for _ in 0..<60 {
      let freezeOut = freezeOut(
        point, alphaD: alphaD, epsilonSquared: epsilonSquared, refinement: refinement)
      let guess =
        epsilonSquared > 0
        ? Elementary.log(epsilonSquared) : freezeOut.logEpsilon2Guess(abundance: abundance)
      let found: Double
      do {
        found = try solve(freezeOut, guess: guess)
      } catch .noCoupling {
        // The number that counts is the one with the width that ε = 1 gives.
        let least = try density(point, alphaD: alphaD, epsilonSquared: 1).abundance
        throw .noCoupling(abundance: abundance, atUnitMixing: least)
      }
      let change = abs(found - epsilonSquared) * visibleWidth
      if change < 1e-6 * (darkWidth + found * visibleWidth) {
        let history = try freezeOut.history(epsilonSquared: found)
        return RelicDensity(
          point: point, alphaD: alphaD, epsilon: found.squareRoot(), abundance: history.abundance,
          freezeOutX: history.freezeOutX)
      }
      guard epsilonSquared > 0 else {
        epsilonSquared = found
        continue
      }
      let step = Elementary.log(found) - guess
      var next = guess + step
      if let last, last.step != step {
        // Where substitution is slow the secant is quick; it is not let run far ahead.
        let secant = guess - step * (guess - last.log) / (step - last.step)
        next = min(max(secant, guess - 5), guess + 5, -1e-12)
      }
      last = (guess, step)
      epsilonSquared = Elementary.exp(min(next, 0))
    }
    throw .notSettled(epsilon: epsilonSquared.squareRoot())
  }

  /// ε² at which the abundance is right, sought from a guess of ln ε² on.
  private func solve(_ freezeOut: FreezeOut, guess: Double) throws(RelicError) -> Double {
    func logExcess(_ logEpsilon2: Double) throws(RelicError) -> Double {
      try Elementary.log(
        freezeOut.abundance(epsilonSquared: Elementary.exp(logEpsilon2)) / abundance)
    }
    // Ω falls with ε, mostly a little more slowly than 1/ε²: step until the sign changes, then close in.
    var (low, high) = (guess, guess)
    var fLow = try logExcess(guess)
    var fHigh = fLow
    while fLow < 0 {
      // At e⁻²⁰⁰ nothing annihilates any more: Ω is that of the equilibrium it started from.
      guard low > -200 else {
        throw .alwaysBelow(abundance: abundance, atMost: abundance * Elementary.exp(fLow))
      }
      (high, fHigh) = (low, fLow)
      low += max(-20, 1.5 * min(fLow, -1e-6))
      fLow = try logExcess(low)
    }
    while fHigh > 0 {
      guard high < 0 else {
        throw .noCoupling(
          abundance: abundance, atUnitMixing: abundance * Elementary.exp(fHigh))
      }
      (low, fLow) = (high, fHigh)
      high = min(0, high + min(20, 1.5 * max(fHigh, 1e-6)))
      fHigh = try logExcess(high)
    }
    for _ in 0..<100 {
      if abs(fLow) < 1e-7 { return Elementary.exp(low) }
      if abs(fHigh) < 1e-7 || high - low < 1e-9 { return Elementary.exp(high) }
      let inside = (low * fHigh - high * fLow) / (fHigh - fLow)
      let f = try logExcess(inside)
      if abs(f) < 1e-7 { return Elementary.exp(inside) }
      // The Illinois step: an end that stays has its value halved, so that both ends move.
      if f < 0 {
        (high, fHigh) = (inside, f)
        fLow *= 0.5
      } else {
        (low, fLow) = (inside, f)
        fHigh *= 0.5
      }
    }
    throw .notSettled(epsilon: Elementary.exp(0.25 * (low + high)))
  }
}

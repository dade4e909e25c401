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

  /// The lightest m₁ in GeV: below, T = m₁/2 lies so far under m_e that e⁺e⁻ → χχ no longer makes equilibrium.
  public static let leastChi1Mass = 1e-4

  private func checkMass(_ point: ModelPoint) throws(RelicError) {
    guard point.chi1Mass >= Self.leastChi1Mass else {
      throw .tooLight(chi1Mass: point.chi1Mass, least: Self.leastChi1Mass)
    }
  }

  /// The relic density at given couplings.
  public func density(
    _ point: ModelPoint, alphaD: Double, epsilonSquared: Double
  ) throws(RelicError) -> RelicDensity {
    try checkMass(point)
    return try density(
      freezeOut(point, alphaD: alphaD, epsilonSquared: epsilonSquared), point, alphaD,
      epsilonSquared)
  }

  private func density(
    _ freezeOut: FreezeOut, _ point: ModelPoint, _ alphaD: Double, _ epsilonSquared: Double
  ) throws(RelicError) -> RelicDensity {
    let history = try freezeOut.history(epsilonSquared: epsilonSquared)
    return RelicDensity(
      point: point, alphaD: alphaD, epsilon: epsilonSquared.squareRoot(),
      abundance: history.abundance, freezeOutX: history.freezeOutX)
  }

  /// The relic density with the least coupling at which the abundance is the one asked for, at fixed α_D.
  ///
  /// ln Ω is nearly linear in ln ε²: a few integrations. ε² also widens the A′. Mostly that is next to nothing, and a second
  /// table with the width settles it; where it is not, Ω(ε²) with its own width is followed upwards.
  public func coupling(
    _ point: ModelPoint, alphaD: Double, refinement: Int = 1
  ) throws(RelicError) -> RelicDensity {
    try checkMass(point)
    let mA = point.darkPhotonMass
    let darkWidth = alphaD * point.darkMediatorWidth(atVirtuality: mA)
    let visibleWidth = point.visibleMediatorWidth(atVirtuality: mA)
    func tables(_ epsilonSquared: Double) -> FreezeOut {
      freezeOut(point, alphaD: alphaD, epsilonSquared: epsilonSquared, refinement: refinement)
    }
    let bare = tables(0)
    // A narrower A′ annihilates more: this is the least ε² that could do.
    let least = try solve(bare, guess: bare.logEpsilon2Guess(abundance: abundance)) ?? 1
    if least * visibleWidth < 1e-2 * darkWidth {
      var epsilonSquared = least
      for _ in 0..<8 {
        let freezeOut = tables(epsilonSquared)
        guard let found = try solve(freezeOut, guess: Elementary.log(epsilonSquared)) else { break }
        let change = abs(found - epsilonSquared) * visibleWidth
        if change < 1e-6 * darkWidth { return try density(freezeOut, point, alphaD, found) }
        epsilonSquared = found
      }
    }
    return try followed(from: least, point, alphaD, tables)
  }

  /// The least ε² at which Ω with its own width is the one asked for, from a lower bound on.
  ///
  /// A wide A′ can make Ω rise again with ε²: steps in ln ε² of ¼ look for the first change of sign.
  private func followed(
    from least: Double, _ point: ModelPoint, _ alphaD: Double, _ tables: (Double) -> FreezeOut
  ) throws(RelicError) -> RelicDensity {
    var lowest = (abundance: Double.infinity, epsilonSquared: 1.0)
    func logExcess(_ logEpsilon2: Double) throws(RelicError) -> Double {
      let epsilonSquared = Elementary.exp(logEpsilon2)
      let value = try tables(epsilonSquared).abundance(epsilonSquared: epsilonSquared)
      if value < lowest.abundance { lowest = (value, epsilonSquared) }
      return Elementary.log(value / abundance)
    }
    var low = min(Elementary.log(least), 0) - 1e-6
    var fLow = try logExcess(low)
    while low < 0 {
      let high = min(low + 0.25, 0)
      let fHigh = try logExcess(high)
      if fHigh <= 0, fLow > 0 {
        let solution = try Self.closeIn(low, fLow, high, fHigh, logExcess)
        return try density(tables(solution), point, alphaD, solution)
      }
      (low, fLow) = (high, fHigh)
    }
    throw .noCoupling(
      abundance: abundance, least: lowest.abundance, epsilon: lowest.epsilonSquared.squareRoot())
  }

  /// ε² at which the abundance is right with tables as they are, sought from a guess of ln ε² on; `nil` if none up to 1 does.
  private func solve(_ freezeOut: FreezeOut, guess: Double) throws(RelicError) -> Double? {
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
      guard high < 0 else { return nil }
      (low, fLow) = (high, fHigh)
      high = min(0, high + min(20, 1.5 * max(fHigh, 1e-6)))
      fHigh = try logExcess(high)
    }
    return try Self.closeIn(low, fLow, high, fHigh, logExcess)
  }

  /// e^x where `f` of x, above zero at `low` and below at `high`, is zero to 10⁻⁷: the secant rule with both ends kept.
  private static func closeIn(
    _ low: Double, _ fLow: Double, _ high: Double, _ fHigh: Double,
    _ f: (Double) throws(RelicError) -> Double
  ) throws(RelicError) -> Double {
    var (low, fLow, high, fHigh) = (low, fLow, high, fHigh)
    if abs(fLow) < 1e-7 { return Elementary.exp(low) }
    if abs(fHigh) < 1e-7 { return Elementary.exp(high) }
    for _ in 0..<100 {
      let inside = (low * fHigh - high * fLow) / (fHigh - fLow)
      let value = try f(inside)
      // The integrator's steps leave Ω a little rough: where the ends have met, its tolerance is all there is.
      let isSettled = abs(value) < 1e-7 || (high - low < 1e-9 && abs(value) < 1e-5)
      if isSettled { return Elementary.exp(inside) }
      // The Illinois step: an end that stays has its value halved, so that both ends move.
      if value < 0 {
        (high, fHigh) = (inside, value)
        fLow *= 0.5
      } else {
        (low, fLow) = (inside, value)
        fHigh *= 0.5
      }
    }
    throw .notSettled(epsilon: Elementary.exp(0.25 * (low + high)))
  }
}

/// Expected events of pairs by the number of hadrons that have to be taken for leptons, before tracks are identified.
///
/// With f the rate at which a hadron is taken for a lepton of one flavour they are
///
///     N(f) = N₂ f² + N₁ f + N₀
///
/// events of that flavour. Two hadrons make pairs of either flavour, a real lepton of its own alone: with f for both flavours ``FakeRates``
/// count `2 N₂ f² + N₁ f + N₀`, the sum over flavours.
public struct EventsByFakes: Sendable, Hashable {
  /// N₀, pairs of real leptons of one flavour.
  public var none: Double
  /// N₁, a real lepton and a hadron.
  public var one: Double
  /// N₂, two hadrons.
  public var two: Double

  /// Events by their numbers, none of them negative.
  public init(none: Double, one: Double, two: Double) {
    self.none = none
    self.one = one
    self.two = two
  }

  /// The fake rate at which fewer than one event of one flavour is left: `N(f) = 1`.
  ///
  ///     f = 2 (1 - N₀)/(N₁ + √(N₁² + 4 N₂ (1 - N₀)))
  ///
  /// which cancels nowhere, and is 1/√N₂ or 1/N₁ where the others are 0. 1 where there are fewer than one at any rate, and 0 where real pairs
  /// alone are one event or more, so that none suffices. `nil` where no rate matters: no hadron has to be taken for a lepton, or none passes.
  ///
  /// All real leptons count as of that flavour, though some are of the other: no flavour has more, so that the rate is safe for each. It is
  /// twice too low at most where N₀ = 0, and by more where N₀ is near one event.
  public var largestFakeRate: Double? {
    let allowed = 1 - none
    guard one + two > 0 else { return nil }
    guard allowed > 0 else { return 0 }
    let root = (one * one + 4 * two * allowed).squareRoot()
    return min(2 * allowed / (one + root), 1)
  }
}

import Calculus

/// Σ w exp(-a/cτ) over events whose decay before a proper length a would be seen, and Σ w over the others.
package struct UnseenDecays {
  private let always: Double
  /// By rising a.
  private let entries: [(weight: Double, length: Double)]

  /// At a proper decay length in mm, `nil` for a stable χ₂.
  package func callAsFunction(_ properDecayLength: Double?) -> Double {
    guard let properDecayLength else { return entries.reduce(always) { $0 + $1.weight } }
    return entries.reduce(always) {
      $0 + $1.weight * Elementary.exp(-$1.length / properDecayLength)
    }
  }

  /// Collects events: those with nearly the same a become one entry.
  ///
  /// Bins of 0.5 % leave out (0.005 a/cτ)²/24, 10⁻⁴ where one event in 10⁴ survives.
  package struct Tally {
    private var always = 0.0
    private var bins: [Int: (weight: Double, moment: Double)] = [:]
    private static let width = 0.005

    /// No events.
    package init() {}

    package mutating func add(_ weight: Double, until a: Double, isEverSeen: Bool) {
      guard isEverSeen else {
        always += weight
        return
      }
      // A bin of nothing has no mean length.
      guard weight > 0 else { return }
      let bin = Int((Elementary.log(a) / Self.width).rounded(.down))
      let old = bins[bin] ?? (0, 0)
      bins[bin] = (old.weight + weight, old.moment + weight * a)
    }

    package var unseen: UnseenDecays {
      UnseenDecays(
        always: always,
        entries: bins.sorted { $0.key < $1.key }.map {
          ($0.value.weight, $0.value.moment / $0.value.weight)
        })
    }
  }
}

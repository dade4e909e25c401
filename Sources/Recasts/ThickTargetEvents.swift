import Calculus
import DarkSector
import Units

/// Expected events of an experiment at a model point, whatever is seen of it.
struct ThickTargetEvents {
  private let point: ModelPoint
  private let widths: Chi2Widths
  private let alphaD: Double
  /// Beam particles times nuclei per area of a radiation length, over the events needed.
  private let scale: Double

  init(
    _ experiment: ThickTargetExperiment, _ point: ModelPoint, _ widths: Chi2Widths, alphaD: Double
  ) {
    self.point = point
    self.widths = widths
    self.alphaD = alphaD
    scale =
      experiment.nucleiPerRadiationLength * experiment.particlesOnTarget / experiment.eventsNeeded
  }

  /// The mixings at which at least as many are expected as are needed.
  ///
  /// - Parameter seen: what is seen at a proper decay length in mm, `nil` for a stable χ₂: in pb X₀ per beam particle and nucleus.
  func mixings(_ seen: (_ properDecayLength: Double?) -> Double) -> ExcludedMixings {
    ExcludedMixings(from: Self.least, to: 1) { logarithm(seen, $0) }
  }

  /// The most that are expected at any ε, to the tenth of a decade, over those needed.
  func greatest(_ seen: (_ properDecayLength: Double?) -> Double) -> Double {
    Elementary.exp(
      (0...10 * Self.decades).reduce(-.infinity) {
        max($0, logarithm(seen, Elementary.powerOfTen(-0.1 * Double($1))))
      })
  }

  /// ε from 10⁻⁸ to 1.
  private static let (least, decades) = (1e-8, 8)

  private func logarithm(
    _ seen: (_ properDecayLength: Double?) -> Double, _ epsilon: Double
  ) -> Double {
    let epsilon2 = epsilon * epsilon
    let length = widths.properDecayLength(epsilonSquared: epsilon2, alphaD: alphaD)
    let dark = point.darkBranchingRatio(epsilonSquared: epsilon2, alphaD: alphaD)
    return Elementary.log(max(scale * epsilon2 * dark * seen(length), 1e-290))
  }
}

extension ThickTargetExperiment {
  /// Nuclei per area of one radiation length, in pb⁻¹.
  var nucleiPerRadiationLength: Double {
    target.nucleiPerCubicCentimetre * target.radiationLength * 1e-36
  }
}

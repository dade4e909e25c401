import Reach
import Recasts

extension ComputedCurve {
  /// Every curve that is computed, in the order in which they are listed, with a plan's confidence level and seed.
  public static func all(for plan: Plan) -> [ComputedCurve] {
    all(confidenceLevel: plan.statistics.confidenceLevel, seed: plan.run.seed)
      + ThickTargetReader.builtIn.map { thickTarget($0, seed: plan.run.seed) }
  }
}

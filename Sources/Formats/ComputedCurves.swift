import Recasts

extension ComputedCurve {
  /// Every curve that is computed, in the order in which they are listed: colliders, and the thick-target experiments that come with the
  /// program.
  ///
  /// - Parameters:
  ///   - confidenceLevel: for the projections of colliders that count events; published limits have their own.
  ///   - seed: of their samples.
  public static func all(confidenceLevel: Double, seed: UInt64) -> [ComputedCurve] {
    colliders(confidenceLevel: confidenceLevel, seed: seed)
      + ThickTargetReader.builtIn.map { thickTarget($0, seed: seed) }
  }
}

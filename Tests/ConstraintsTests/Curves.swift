import Constraints

/// The text of a sound curve file, with lines to be replaced.
func curveText(
  replacing changes: [String: String?] = [:], adding lines: [String] = [],
  columns: String = "m1_GeV,epsilon", rows: [String] = ["0.1,1e-3", "1,1e-3", "1,1e-2", "0.1,1e-2"]
) -> String {
  let header = [
    ("curve", "mine"), ("experiment", "My search"), ("kind", "exclusion"), ("origin", "digitised"),
    ("observable", "nothing"), ("source", "none: made for a test"), ("obtained", "by hand"),
    ("licence", "none"), ("confidence_level", "0.9"), ("splitting_over_m1", "0.1"),
    ("alpha_D", "0.1"), ("mediator_mass_over_m1", "3"), ("region", "inside"),
  ]
  let kept = header.compactMap { key, text -> String? in
    guard let change = changes[key] else { return "# \(key): \(text)" }
    return change.map { "# \($0)" }
  }
  return (kept + lines + [columns] + rows).joined(separator: "\n") + "\n"
}

/// A curve through points of (m₁, ordinate), made for nothing in particular.
func curve(
  _ points: [(Double, Double)], region: CurveRegion = .inside(top: nil), name: String = "mine",
  kind: ConstraintKind = .exclusion, ordinate: CurveOrdinate = .epsilon,
  assumptions: CurveAssumptions = CurveAssumptions(
    splittingOverM1: 0.1, alphaD: 0.1, mediatorMassOverM1: 3)
) throws -> ConstraintCurve {
  try ConstraintCurve(
    name: name, experiment: "My search", kind: kind, origin: .digitised, observable: "nothing",
    source: "none: made for a test", obtained: "by hand", licence: "none", confidenceLevel: nil,
    assumptions: assumptions, ordinate: ordinate, region: region,
    points: points.map { CurvePoint(m1: $0.0, ordinate: $0.1) })
}

/// A model point at Δ/m₁ = 0.1, α_D = 0.1, m_A′ = 3m₁ unless told otherwise.
func point(
  m1: Double = 0.1, splittingOverM1: Double = 0.1, alphaD: Double = 0.1, ratio: Double = 3,
  epsilon: Double
) -> ConstraintPoint {
  ConstraintPoint(
    m1: m1, splittingOverM1: splittingOverM1, alphaD: alphaD, mediatorMassOverM1: ratio,
    epsilon: epsilon)
}

extension ConstraintCurve {
  /// Whether a curve in ε excludes or probes a point under its own assumptions, as `limits check` asks.
  func holds(m1: Double, ordinate epsilon: Double) -> Bool {
    let place = point(
      m1: m1, splittingOverM1: assumptions.splittingOverM1 ?? 0.1,
      alphaD: assumptions.alphaD ?? 0.1, ratio: assumptions.mediatorMassOverM1 ?? 3,
      epsilon: epsilon)
    return reading(at: place).intervals.contains { $0.contains(epsilon) }
  }
}

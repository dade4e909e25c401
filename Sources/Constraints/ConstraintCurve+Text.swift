import Units

extension ConstraintCurve {
  /// The text of the curve's file; reading it gives the same curve.
  public var text: String {
    func number(_ value: Double?, or word: String) -> String {
      value.map(ShortestNumber.text) ?? word
    }
    var header = [
      ("curve", name), ("experiment", experiment), ("kind", kind.rawValue),
      ("origin", origin.rawValue), ("observable", observable), ("source", source),
      ("obtained", obtained), ("licence", licence),
      ("confidence_level", number(confidenceLevel, or: "unknown")),
      ("splitting_over_m1", number(assumptions.splittingOverM1, or: "independent")),
      ("alpha_D", number(assumptions.alphaD, or: "independent")),
      ("mediator_mass_over_m1", number(assumptions.mediatorMassOverM1, or: "independent")),
      ("region", region.word),
    ]
    if let top = region.top { header.append(("top", ShortestNumber.text(top))) }
    header += caveats.map { ("caveat", $0) }
    let rows = points.map { "\(ShortestNumber.text($0.m1)),\(ShortestNumber.text($0.ordinate))" }
    let lines = header.map { "# \($0): \($1)" } + ["m1_GeV,\(ordinate.rawValue)"] + rows
    return lines.joined(separator: "\n") + "\n"
  }
}

extension CurveRegion {
  /// What a file calls it: `inside` or `above`.
  public var word: String {
    switch self {
    case .inside: "inside"
    case .above: "above"
    }
  }
}

import Units

/// Collects the faults of a curve, so that all of them are reported together.
struct CurveCheck {
  private(set) var faults: [CurveFault] = []

  mutating func add(_ line: Int?, _ problem: String, mend remedy: String) {
    faults.append(CurveFault(line: line, problem, mend: remedy))
  }

  /// Throws all that was collected, by line, if anything was.
  func throwIfAny() throws(ConstraintError) {
    guard !faults.isEmpty else { return }
    let sorted = faults.enumerated().sorted {
      ($0.element.line ?? .max, $0.offset) < ($1.element.line ?? .max, $1.offset)
    }
    throw .malformed(faults: sorted.map(\.element))
  }

  /// A name becomes part of a file's name, so its letters are few.
  mutating func name(_ name: String, line: Int?) {
    guard !ConstraintCurve.isSoundName(name) else { return }
    add(
      line, "'\(name)' is no name for a curve",
      mend: "use up to 64 lower-case letters, digits and hyphens, as in babar-displaced")
  }

  mutating func text(_ text: String, of key: String, line: Int?) {
    if text.isEmpty {
      add(line, "\(key) says nothing", mend: CurveKeys.remedyIfEmpty(key))
    }
    if text.contains(where: \.isNewline) {
      add(line, "\(key) runs over several lines", mend: "write it as one line")
    }
    if let first = text.first, let last = text.last, first.isWhitespace || last.isWhitespace {
      add(line, "\(key) begins or ends with a blank", mend: "take the blank away")
    }
  }

  mutating func confidenceLevel(_ value: Double, line: Int?) {
    guard !(value > 0 && value < 1) else { return }
    add(
      line, "confidence_level is \(value), not between 0 and 1",
      mend: "write 0.9 for 90 %, or 'unknown'")
  }

  mutating func assumptions(_ assumptions: CurveAssumptions) {
    if let value = assumptions.splittingOverM1 {
      assumption("splitting_over_m1", value, isAllowed: value >= 0, line: nil)
    }
    if let value = assumptions.alphaD {
      assumption("alpha_D", value, isAllowed: value > 0, line: nil)
    }
    if let value = assumptions.mediatorMassOverM1 {
      assumption("mediator_mass_over_m1", value, isAllowed: value > 0, line: nil)
    }
  }

  mutating func assumption(_ key: String, _ value: Double, isAllowed: Bool, line: Int?) {
    guard !(value.isFinite && isAllowed) else { return }
    let numbers = key == "splitting_over_m1" ? "0 or a positive number" : "a positive number"
    add(line, "\(key) is \(value)", mend: "give \(numbers), or 'independent'")
  }

  /// What points must fulfil: positive, enough of them, ascending or simple, below the top.
  ///
  /// - Parameters:
  ///   - region: which side of them counts; where it is unknown, each is looked at by itself.
  ///   - lines: their lines, and that of the top.
  mutating func points(
    _ points: [CurvePoint], ordinate: CurveOrdinate, region: CurveRegion?,
    lines: (points: [Int], top: Int?)? = nil
  ) {
    let before = faults.count
    func line(_ index: Int) -> Int? { lines?.points[index] }
    for (index, point) in points.enumerated() {
      let values = [("m1_GeV", point.m1), (ordinate.rawValue, point.ordinate)]
      for (key, value) in values where !(value.isNormal && value > 0) {
        add(
          line(index), "\(key) is \(value), not positive",
          mend: "curves live on logarithmic axes: correct the number, or leave the point out")
      }
      if ordinate == .epsilon, point.ordinate > 1 {
        mixingAboveOne("epsilon", point.ordinate, line: line(index))
      }
      if let top = region?.top, point.ordinate > top {
        add(
          line(index),
          "\(ordinate.rawValue) = \(ShortestNumber.text(point.ordinate, digits: 6)) lies above the top, "
            + ShortestNumber.text(top, digits: 6),
          mend: "raise 'top', or correct the point")
      }
    }
    guard let region else { return }
    if let top = region.top, !(top.isNormal && top > 0) {
      add(
        lines?.top, "top is \(top), not positive",
        mend: "give the ordinate of the figure's upper edge")
    }
    if ordinate == .epsilon, let top = region.top, top > 1 {
      mixingAboveOne("top", top, line: lines?.top)
    }
    switch region {
    case .inside: closed(points, region: region, before: before, line: line)
    case .above: ascending(points, line: line)
    }
  }

  private mutating func mixingAboveOne(_ key: String, _ value: Double, line: Int?) {
    add(
      line, "\(key) = \(ShortestNumber.text(value, digits: 6)) is a mixing above 1",
      mend: "end the curve at 1, or name the column y if it is that")
  }

  private mutating func closed(
    _ points: [CurvePoint], region: CurveRegion, before: Int, line: (Int) -> Int?
  ) {
    guard Set(points).count >= 3 else {
      add(
        points.isEmpty ? nil : line(points.count - 1),
        "a closed outline of \(Set(points).count) different points has no inside",
        mend: "give 3 or more, or say 'region: above'")
      return
    }
    // Logarithms of what is not positive would only add to the confusion.
    guard faults.count == before else { return }
    let outline = CurveOutline(points: points, region: region)
    guard let (first, second) = outline.firstSelfIntersection() else { return }
    let starts = outline.starts
    let ends = [starts[first], starts[second]].map { start in
      let (a, b) = (points[start], points[(start + 1) % points.count])
      return "from m1_GeV = \(ShortestNumber.text(a.m1)) to \(ShortestNumber.text(b.m1))"
    }
    add(
      line(starts[second]),
      "the outline crosses or touches itself: the edge that begins here (\(ends[1])) meets the one "
        + (line(starts[first]).map { "of line \($0) " } ?? "") + "(\(ends[0]))",
      mend: "put the points in the order of the outline, or make two curves of it")
  }

  private mutating func ascending(_ points: [CurvePoint], line: (Int) -> Int?) {
    if points.count < 2 {
      add(nil, "an open curve of \(points.count) points has no length", mend: "give 2 or more")
    }
    for (index, (a, b)) in zip(points, points.dropFirst()).enumerated() where !(a.m1 < b.m1) {
      add(
        line(index + 1),
        "m1_GeV = \(ShortestNumber.text(b.m1, digits: 6)) does not exceed that of the point before, "
          + ShortestNumber.text(a.m1, digits: 6) + "; an open curve has ascending masses",
        mend: "sort the points, or close the outline and say 'region: inside'")
    }
  }
}

extension ConstraintCurve {
  /// Whether a text may be the name of a limit, and with it part of a file's: up to 64 lower-case letters, digits and hyphens.
  public static func isSoundName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64 && name.first != "-"
      && name.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-"
      }
  }
}

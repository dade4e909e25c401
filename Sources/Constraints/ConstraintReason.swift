import Units

/// Why a limit does not hold at a point, or says nothing there. Its words are made when they are asked for, so that a
/// grid of points does not pay for what nobody reads.
public enum ConstraintReason: Sendable, Hashable {
  /// It was made for other parameters.
  case mismatch([Mismatch])
  /// The mass m₁ lies outside its masses, in GeV.
  case outsideMasses(m1: Double, ClosedRange<Double>)
  /// It holds, but no ε is excluded.
  case nothingExcluded
  /// Another reason, in words.
  case words(String)

  /// A parameter for which a limit was made, and the one asked for.
  public struct Mismatch: Sendable, Hashable {
    /// The parameter: `Delta/m1`, `alpha_D`, `mA/m1`.
    public let parameter: String
    /// Its value in the limit's assumptions.
    public let made: Double
    /// Its value at the point.
    public let asked: Double

    /// A mismatch from its parts.
    public init(parameter: String, made: Double, asked: Double) {
      self.parameter = parameter
      self.made = made
      self.asked = asked
    }
  }
}

extension ConstraintReason: CustomStringConvertible {
  /// The reason in words: `made for Delta/m1 = 0.1, asked at 0.4`.
  public var description: String { words() }

  /// The reason in words.
  ///
  /// - Parameter parameter: one whose value at the point is not told, as it stands elsewhere.
  public func words(leavingOut parameter: String? = nil) -> String {
    func short(_ value: Double) -> String { ShortestNumber.text(value, digits: 7) }
    switch self {
    case .mismatch(let parts):
      let texts = parts.map { part in
        "\(part.parameter) = \(short(part.made))"
          + (part.parameter == parameter ? "" : ", asked at \(short(part.asked))")
      }
      return "made for " + texts.joined(separator: "; for ")
    case .outsideMasses(let m1, let masses):
      return "m1 = \(short(m1)) GeV lies outside its masses, \(short(masses.lowerBound)) to "
        + "\(short(masses.upperBound)) GeV"
    case .nothingExcluded: return "no epsilon is excluded at this point"
    case .words(let text): return text
    }
  }
}

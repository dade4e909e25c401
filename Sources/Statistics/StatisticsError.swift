/// What is wrong with a counting experiment, or has no answer.
public enum StatisticsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A number out of its range.
  case outOfRange(quantity: String, value: Double, range: String)
  /// A background of zero that has an error.
  case errorWithoutBackground(error: Double)
  /// A background's error so large that the background is unknown.
  case errorTooLarge(error: Double, background: Double)
  /// A method that is not defined for what was given.
  case methodNeedsKnown(LimitMethod, what: String)
  /// A background so far above the count that the method excludes even no signal.
  case emptyInterval(observed: Int, background: Double)
  /// An excess over no background.
  case noBackground

  /// What is wrong, and why.
  public var problem: String {
    switch self {
    case .outOfRange(let quantity, let value, let range):
      "\(quantity) is \(Self.text(value)), not \(range)"
    case .errorWithoutBackground(let error):
      "the background is 0 with an error of \(Self.text(error)): no law of positive numbers has a mean of 0 and a width"
    case .errorTooLarge(let error, let background):
      "the background's error of \(Self.text(error)) is more than ten times the background of \(Self.text(background)), which is "
        + "then not known at all"
    case .methodNeedsKnown(let method, let what): "the method \(method.rawValue) takes no \(what)"
    case .emptyInterval(let observed, let background):
      "\(observed) observed over a background of \(Self.text(background)) are so few that the classical method excludes "
        + "even no signal: it has no upper limit of zero or more here"
    case .noBackground:
      "without background any event is a discovery: its probability is 0, and Z has no bound"
    }
  }

  /// How to mend it.
  public var remedy: String {
    switch self {
    case .outOfRange: "give a number in that range"
    case .errorWithoutBackground:
      "give the mean that goes with the error (no event in a control region tau times as large is 1/tau with an "
        + "error of 1/tau)"
    case .errorTooLarge: "give a smaller error, or the counts of a control region"
    case .methodNeedsKnown: "use cls"
    case .emptyInterval: "use cls or feldman-cousins"
    case .noBackground: "give a background above 0"
    }
  }

  /// What, why, and how to mend it.
  public var description: String { "\(problem); \(remedy)" }

  /// A number as it would be typed: a whole one without a point.
  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

import Reach
import Statistics

/// What `limit` is asked for, read from its options and the card.
public struct LimitRequest: Sendable, Hashable {
  /// The count.
  public var observed: Int
  /// What is expected without signal.
  public var experiment: CountingExperiment
  /// Whether a background was given, on the command line or in the card.
  public var hasBackground: Bool
  /// The confidence level.
  public var confidenceLevel: Double
  /// How the limit is made.
  public var method: LimitMethod
  /// A signal whose expected significance is wanted.
  public var signal: Double?
}

/// The options of `limit` as they were typed.
public struct LimitArguments: Sendable, Hashable {
  /// `--observed`.
  public var observed: String?
  /// `--background`.
  public var background: String?
  /// `--background-error`.
  public var backgroundError: String?
  /// `--background-law`.
  public var backgroundLaw: String?
  /// `--signal-error`.
  public var signalError: String?
  /// `--signal`.
  public var signal: String?
  /// `--confidence-level`.
  public var confidenceLevel: String?
  /// `--method`.
  public var method: String?

  /// No options.
  public init() {}

  /// Reads the options; what is not given comes from the card's `statistics`. The card's error is that of the card's background: it
  /// does not go with another.
  ///
  /// - Throws: ``RunCardError`` with all faults together.
  public func request(_ settings: StatisticsSettings) throws(RunCardError) -> LimitRequest {
    var reader = OptionReader()
    let count = reader.count("--observed", observed)
    if observed == nil {
      reader.add(
        "--observed", "the observed count is missing",
        mend: "give --observed N; for the expected limit alone any count will do")
    }
    let background = reader.number(
      "--background", self.background, upTo: CountingExperiment.largestCount)
    let error = reader.number(
      "--background-error", backgroundError, upTo: CountingExperiment.largestCount)
    let signalError = reader.number("--signal-error", self.signalError, upTo: 1)
    let signal = reader.number("--signal", self.signal, upTo: CountingExperiment.largestCount)
    let level = reader.fraction("--confidence-level", confidenceLevel)
    let law: CountingExperiment.BackgroundLaw? = reader.word("--background-law", backgroundLaw)
    let method: LimitMethod? = reader.word("--method", self.method)
    if self.background == nil, settings.backgroundEvents == 0, let backgroundError,
      let error, error > 0
    {
      reader.add(
        "--background-error \(backgroundError)",
        "there is no background that this could be the error of",
        mend: "give --background B as well")
    }
    let experiment = reader.experiment(
      background: background ?? settings.backgroundEvents,
      error: error ?? (self.background == nil ? settings.backgroundError : 0), law: law ?? .gamma,
      signalError: signalError ?? 0, typedError: backgroundError)
    try reader.throwIfAny()
    guard let count, let experiment else {
      preconditionFailure("what could not be read must have been noted")
    }
    return LimitRequest(
      observed: count, experiment: experiment,
      hasBackground: self.background != nil || settings.backgroundEvents > 0,
      confidenceLevel: level ?? settings.confidenceLevel, method: method ?? .cls, signal: signal)
  }
}

/// Reads the values of options and collects what is wrong with them.
private struct OptionReader {
  private var faults: [RunCardFault] = []

  mutating func add(_ option: String, _ problem: String, mend remedy: String) {
    faults.append(RunCardFault(at: .option(option), problem, mend: remedy))
  }

  func throwIfAny() throws(RunCardError) {
    if !faults.isEmpty { throw RunCardError(faults: faults) }
  }

  /// A number from 0 to a bound, if the option was given and is one.
  mutating func number(_ option: String, _ text: String?, upTo highest: Double) -> Double? {
    guard let text, let value = finite(option, text) else { return nil }
    let bound = highest >= 1e6 ? "1e12" : "1"
    guard value >= 0, value <= highest else {
      add(
        "\(option) \(text)", "\(text) is not between 0 and \(bound)",
        mend: "give a number in that range")
      return nil
    }
    return value
  }

  /// A whole number from 0 to 10¹².
  mutating func count(_ option: String, _ text: String?) -> Int? {
    guard let text, let value = number(option, text, upTo: CountingExperiment.largestCount) else {
      return nil
    }
    guard value == value.rounded() else {
      add("\(option) \(text)", "\(text) is not a whole number", mend: "counts are whole: give one")
      return nil
    }
    return Int(value)
  }

  /// A number between 0 and 1, neither allowed.
  mutating func fraction(_ option: String, _ text: String?) -> Double? {
    guard let text, let value = finite(option, text) else { return nil }
    guard value > 0, value < 1 else {
      add(
        "\(option) \(text)", "\(text) is not above 0 and below 1",
        mend: value > 1 && value < 100
          ? "give a fraction, such as \(value / 100) for \(text) %"
          : "give a fraction, such as 0.95")
      return nil
    }
    return value
  }

  /// One of the words of a choice.
  mutating func word<Choice: RawRepresentable & CaseIterable>(
    _ option: String, _ text: String?
  ) -> Choice? where Choice.RawValue == String {
    guard let text else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    add("\(option) \(text)", "'\(text)' is none of \(words)", mend: "give one of these")
    return nil
  }

  /// The experiment, where its numbers go together.
  mutating func experiment(
    background: Double, error: Double, law: CountingExperiment.BackgroundLaw, signalError: Double,
    typedError: String?
  ) -> CountingExperiment? {
    // Numbers that were refused already are not refused again.
    guard faults.isEmpty else { return nil }
    do {
      return try CountingExperiment(
        background: background, backgroundError: error, backgroundLaw: law,
        signalError: signalError)
    } catch {
      add("--background-error \(typedError ?? "")", error.problem, mend: error.remedy)
      return nil
    }
  }

  private mutating func finite(_ option: String, _ text: String) -> Double? {
    switch ScalarSyntax.number(text) {
    case .number(let value): return value
    case .notFinite:
      add("\(option) \(text)", "'\(text)' is not a finite number", mend: "give a finite number")
    case .tooLarge:
      add("\(option) \(text)", "'\(text)' is too large for a number", mend: "give a smaller one")
    case .notANumber:
      add("\(option) \(text)", "'\(text)' is not a number", mend: "write it as 12, 12.5 or 1e6")
    }
    return nil
  }
}

/// A search that counts events: what is expected without a signal, and how well it is known.
///
///     n ~ Poisson(ε s + β),   β around the background b with its error,   ε around 1
///
/// A parameter that is not known is averaged over, so that probabilities of counts are those of the *marginal*
/// likelihood:
///
///     P(n | s) = ∫ dβ π(β) ∫ dε π(ε) Poisson(n; ε s + β)
///
/// Source: R. D. Cousins, V. L. Highland, Nucl. Instrum. Meth. A 320, 331 (1992).
public struct CountingExperiment: Sendable, Hashable, Codable {
  /// The law of a background that is not known exactly.
  public enum BackgroundLaw: String, Sendable, Hashable, Codable, CaseIterable {
    /// A gamma law of mean b and standard deviation E: what a control region leaves that has (b/E)² events and is
    /// b/E² times as large. Counts from background alone then follow a negative binomial law.
    case gamma
    /// A normal law of ln β around ln b with the width ln(1 + E/b): b is the median.
    case logNormal = "log-normal"
  }

  /// The expected number of background events, b.
  public let background: Double
  /// Its standard error, E; zero where it is known.
  public let backgroundError: Double
  /// The law of the background.
  public let backgroundLaw: BackgroundLaw
  /// The relative standard error of the signal's efficiency, whose law is a gamma law of mean 1; zero where it is known.
  public let signalError: Double

  /// The largest count and background that are taken: beyond, double precision tells neighbours not well enough.
  public static let largestCount = 1e12

  /// A background below it counts as none: no limit has so many digits, and its squares would leave double precision.
  static let negligibleBackground = 1e-30
  /// A relative error below it counts as none: up to ``largestCount`` it widens no count by more than 10⁻¹² of itself.
  static let negligibleError = 1e-12

  /// An experiment.
  ///
  /// - Throws: ``StatisticsError`` for numbers below zero, not finite, or too large; an error of a background of zero; an
  ///   error of more than ten times the background; a signal's error above 1.
  public init(
    background: Double, backgroundError: Double = 0, backgroundLaw: BackgroundLaw = .gamma,
    signalError: Double = 0
  ) throws(StatisticsError) {
    func check(_ quantity: String, _ value: Double, upTo highest: Double, _ text: String)
      throws(StatisticsError)
    {
      // Written so that NaN fails.
      guard value >= 0, value <= highest else {
        throw .outOfRange(quantity: quantity, value: value, range: "between 0 and \(text)")
      }
    }
    try check("the background", background, upTo: Self.largestCount, "1e12")
    try check("the background's error", backgroundError, upTo: Self.largestCount, "1e12")
    try check("the signal's relative error", signalError, upTo: 1, "1")
    if backgroundError > 0 {
      guard background > 0 else { throw .errorWithoutBackground(error: backgroundError) }
      guard backgroundError <= 10 * background else {
        throw .errorTooLarge(error: backgroundError, background: background)
      }
    }
    // What is negligible is none; so is -0.
    self.background = background < Self.negligibleBackground ? 0 : background
    self.backgroundError =
      backgroundError < Self.negligibleError * background || self.background == 0
      ? 0 : backgroundError
    self.backgroundLaw = backgroundLaw
    self.signalError = signalError < Self.negligibleError ? 0 : signalError
  }

  /// A known background and signal.
  init(known background: Double) {
    self.background = background
    backgroundError = 0
    backgroundLaw = .gamma
    signalError = 0
  }

  /// The same, with a background that is known exactly.
  var withoutErrors: CountingExperiment { CountingExperiment(known: background) }

  /// Whether background and signal are known exactly.
  public var isKnown: Bool { backgroundError == 0 && signalError == 0 }
}

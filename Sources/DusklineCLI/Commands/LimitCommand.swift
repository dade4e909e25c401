import ArgumentParser
import Formats
import Statistics
import Units

/// `duskline limit`.
struct LimitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limit",
    abstract: "Counts in, limits out: upper limit, expected bands, significance.",
    discussion: """
      Exact Poisson sums, right for no event as for a billion. Confidence level and background not \
      given come from the card's statistics. Documentation/Statistics.md tells which method when.
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The observed count.", valueName: "N"))
  var observed: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The expected background.", valueName: "B"))
  var background: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The background's standard error, in events.", valueName: "E"))
  var backgroundError: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The law of an uncertain background: gamma (the default) or log-normal.", valueName: "law"))
  var backgroundLaw: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The relative standard error of the signal's efficiency.", valueName: "fraction"))
  var signalError: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A signal whose expected significance is wanted, in events.", valueName: "S"))
  var signal: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How the limit is made: cls (the default), poisson, feldman-cousins or profile.",
      valueName: "method"))
  var method: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The confidence level, between 0 and 1.", valueName: "CL"))
  var confidenceLevel: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Also write the experiment as a workspace that pyhf reads.", valueName: "FILE"))
  var pyhf: String?

  @OptionGroup var options: CommonOptions

  func run() throws {
    let card = try options.loadCard(scope: .physicsOnly)
    let report = try LimitReport(arguments.request(card.plan.statistics))
    if let pyhf {
      try OutputFile.write(try PyhfWorkspace(report).json.text(), to: pyhf)
      if let warning = report.asymptoticWarning, !options.output.quiet {
        StandardError.write("warning: \(warning)")
      }
    }
    let text =
      options.output.json
      ? try report.report(card, pyhfPath: pyhf).text()
      : lines(report).joined(separator: "\n") + "\n"
    try StandardOutput.write(text)
  }

  private var arguments: LimitArguments {
    var arguments = LimitArguments()
    arguments.observed = observed
    arguments.background = background
    arguments.backgroundError = backgroundError
    arguments.backgroundLaw = backgroundLaw
    arguments.signalError = signalError
    arguments.signal = signal
    arguments.confidenceLevel = confidenceLevel
    arguments.method = method
    return arguments
  }

  private func lines(_ report: LimitReport) -> [String] {
    let request = report.request
    let level = NumberText.short(100 * request.confidenceLevel)
    let made = "at \(level) % CL (\(request.method.rawValue))"
    var lines: [String] = []
    switch report.upperLimit {
    case .success(let limit):
      lines.append("upper limit on the signal: \(NumberText.short(limit)) events \(made)")
    case .failure(let error): lines.append("no upper limit \(made): \(error)")
    }
    if let lower = report.lowerLimit { lines.append("lower limit: \(NumberText.short(lower))") }
    lines.append(Self.given(request))
    switch report.expected {
    case .success(let limits): lines.append(Self.text(limits))
    case .failure(let error): lines.append("no expected limits: \(error)")
    case nil: break
    }
    lines.append(Self.significance(report))
    lines += Self.expectedSignificance(report)
    lines.append(
      "asymptotic formula (CLs), for comparison: \(NumberText.short(report.asymptoticLimit))")
    if let pyhf {
      let events = NumberText.short(PyhfWorkspace(report).signalEvents)
      lines.append("workspace for pyhf, mu = 1 for \(events) events: \(pyhf)")
    }
    return lines
  }

  private static func given(_ request: LimitRequest) -> String {
    let experiment = request.experiment
    var text = "observed \(request.observed), background \(NumberText.short(experiment.background))"
    if experiment.backgroundError > 0 {
      text +=
        " +- \(NumberText.short(experiment.backgroundError)) (\(experiment.backgroundLaw.rawValue))"
    }
    if experiment.signalError > 0 {
      text += ", signal known to \(NumberText.short(100 * experiment.signalError)) %"
    }
    return text
  }

  private static func text(_ limits: ExpectedLimits) -> String {
    "from background alone: median \(NumberText.short(limits.median)), "
      + "1 sigma \(NumberText.short(limits.minus1)) to \(NumberText.short(limits.plus1)), "
      + "2 sigma \(NumberText.short(limits.minus2)) to \(NumberText.short(limits.plus2))"
  }

  private static func significance(_ report: LimitReport) -> String {
    let discovery = report.discovery
    guard let z = discovery.standardDeviations else {
      return "no significance: \(report.significanceReason ?? "")"
    }
    let probability =
      discovery.logPValue < -700
      ? "10^\(NumberText.short(discovery.logPValue / 2.302_585_092_994_046))"
      : NumberText.short(discovery.pValue)
    return "significance over background: Z = \(NumberText.short(z)), p = \(probability)"
  }

  private static func expectedSignificance(_ report: LimitReport) -> [String] {
    guard let expected = report.expectedSignificance, let signal = report.request.signal else {
      return []
    }
    let head = "a signal of \(NumberText.short(signal))"
    switch expected {
    case .success(let found):
      let median = found.median.map { "Z = \(NumberText.short($0))" } ?? "a median of no event"
      return [
        "\(head) would have \(median) at the median count, Z_A = \(NumberText.short(found.asimov)) "
          + "asymptotically"
      ]
    case .failure(let error): return ["no expected significance of \(head): \(error)"]
    }
  }
}

import ArgumentParser
import Formats
import Reach

/// `duskline yield`.
struct YieldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "yield", abstract: "Expected events at one point, with the cut flow.")

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard()
    let result = try await card.plan.expectedEvents(threads: card.plan.threadCount)
    guard !options.output.json else {
      try StandardOutput.write(result.report(card).text())
      return
    }
    let head = [
      "expected events: \(NumberText.estimate(result.events)) at y = \(NumberText.short(result.y)) "
        + "(epsilon = \(NumberText.short(result.epsilon)))",
      "luminosity: \(NumberText.short(result.luminosity.perPicobarn)) /pb "
        + "(\(result.luminosity.origin))",
      "cross section: \(NumberText.estimate(result.crossSection)) pb at epsilon = 1",
      "proper decay length: \(NumberText.short(result.properDecayLength)) mm",
      "", "cut                          kept alone   cumulative",
    ]
    if !options.output.quiet { result.luminosity.remarks.forEach(StandardError.write) }
    let flow = result.cutFlow.map { step in
      NumberText.padded(step.cut, to: 29) + NumberText.padded(NumberText.short(step.kept), to: 13)
        + NumberText.short(step.cumulative)
    }
    try StandardOutput.write((head + flow).joined(separator: "\n") + "\n")
  }
}

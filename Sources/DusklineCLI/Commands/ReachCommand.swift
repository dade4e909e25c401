import ArgumentParser
import Formats
import Reach
import Units

/// `duskline reach`.
struct ReachCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reach", abstract: "Limit contours over a scan of masses.")

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard()
    let progress = ProgressBar(
      "reach", total: card.plan.scan.m1.count, isQuiet: options.output.quiet)
    defer { progress.finish() }
    let curves = try await card.plan.reachCurves(threads: card.plan.threadCount) {
      progress.advance(by: $0)
    }
    progress.finish()
    if !options.output.quiet {
      Set(curves.flatMap(\.luminosity.remarks)).sorted().forEach(StandardError.write)
    }
    guard !options.output.json else {
      try StandardOutput.write(ReachCurve.report(curves, card).text())
      return
    }
    try StandardOutput.write(curves.map(text).joined(separator: "\n"))
  }

  private func text(_ curve: ReachCurve) -> String {
    let head = [
      "splitting_over_m1 = \(ShortestNumber.text(curve.splittingOverM1)), "
        + "alpha_D = \(ShortestNumber.text(curve.alphaD)), "
        + "\(ShortestNumber.text(curve.luminosity.perPicobarn)) /pb",
      ["m1_GeV", "y_lower", "y_upper", "maximum_events", "y_at_maximum"]
        .map { NumberText.padded($0, to: 22) }.joined(),
    ]
    let rows = curve.points.map { point in
      let cells = [
        NumberText.short(point.m1), point.yLower.map(NumberText.estimate) ?? "-",
        point.yUpper.map(NumberText.estimate) ?? "-",
        point.maximumEvents.map(NumberText.estimate) ?? "-",
        point.yAtMaximum.map(NumberText.short) ?? "-",
      ].map { NumberText.padded($0, to: 22) }.joined()
      return cells + (point.reason ?? "")
    }
    return (head + rows).joined(separator: "\n") + "\n"
  }
}

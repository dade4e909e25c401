import ArgumentParser
import Formats

/// `duskline width`.
struct WidthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "width",
    abstract: "Widths, branching ratios and decay length of chi2, width of the A'.")

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard(scope: .physicsOnly)
    let widths = try WidthReport(card.plan)
    guard !options.output.json else {
      try StandardOutput.write(widths.report(card).text())
      return
    }
    var lines = widths.channels.map { channel in
      "chi2 -> chi1 \(channel.name): width \(NumberText.short(channel.width)) GeV, "
        + "branching ratio \(NumberText.short(channel.branchingRatio))"
    }
    if let length = widths.properDecayLength {
      lines.append("proper decay length of chi2: \(NumberText.short(length)) mm")
    }
    if let reason = widths.reason { lines.append("no decay length: \(reason)") }
    lines.append(
      "A': width \(NumberText.short(widths.darkMediatorWidth)) GeV to chi1 chi2, "
        + "\(NumberText.short(widths.visibleMediatorWidth)) GeV to the Standard Model")
    try StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }
}

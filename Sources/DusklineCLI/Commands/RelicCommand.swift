import ArgumentParser
import Formats
import Reach

/// `duskline relic`.
struct RelicCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relic",
    abstract: "y for the observed abundance, or the abundance at given couplings.",
    discussion: """
      Solves for y and epsilon at the card's alpha_D (relic.solve_for: y, the default), or gives \
      Omega h^2 at the card's couplings (relic.solve_for: abundance). Lines over masses are \
      drawn by 'duskline reproduce'.
      """)

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard(scope: .physicsOnly)
    let result = try card.plan.relicDensity()
    guard !options.output.json else {
      try StandardOutput.write(result.report(card).text())
      return
    }
    let point = result.point
    let lines = [
      "m1 = \(NumberText.short(point.chi1Mass)) GeV, Delta = \(NumberText.short(point.massSplitting)) GeV, "
        + "m_A' = \(NumberText.short(point.darkPhotonMass)) GeV",
      "y = \(NumberText.short(result.y)), epsilon = \(NumberText.short(result.epsilon)) at alpha_D = "
        + NumberText.short(result.alphaD),
      "abundance Omega h^2 = \(NumberText.short(result.abundance)), freeze-out at m1/T = "
        + NumberText.short(result.freezeOutX),
      "final states: \(card.plan.relic.finalStates.rawValue), A' width in the propagator: "
        + card.plan.relic.mediatorWidth.rawValue,
    ]
    try StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }
}

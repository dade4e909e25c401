import ArgumentParser
import Formats
import Production
import Reach

/// `duskline cross-section`.
struct CrossSectionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cross-section", abstract: "The cross section of lN -> lNA' at kinetic mixing 1.")

  @OptionGroup var options: CommonOptions

  func run() async throws {
    let card = try options.loadCard(scope: .physicsOnly)
    let plan = card.plan
    let setup = try plan.productionSetup(plan.modelPoint(), alphaD: plan.model.alphaD)
    let result: CrossSection
    if plan.production.method == .exact {
      result = try await ProductionSampler(setup, seed: plan.run.seed).crossSection(
        relativePrecision: plan.production.relativePrecision, threads: plan.threadCount)
    } else {
      result = try setup.equivalentPhotonCrossSection(plan.production.method)
    }
    guard !options.output.json else {
      try StandardOutput.write(result.report(card).text())
      return
    }
    var lines = [
      "sigma(\(plan.beam.particle.rawValue) \(plan.target.name) -> A') = "
        + "\(NumberText.estimate(result.estimate)) pb at epsilon = 1",
      "method \(plan.production.method.rawValue), form factor "
        + "\(plan.production.formFactor.rawValue), inelastic "
        + "\(plan.production.inelastic.rawValue), mediator \(plan.production.mediator.rawValue)",
    ]
    if let chiSquared = result.chiSquaredPerDegree {
      lines.append(
        "\(result.calls) calls, chi2 per degree of freedom \(NumberText.short(chiSquared))")
    }
    try StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }
}

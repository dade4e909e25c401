import Background
import Formats
import Integration
import ParticleData
import Reach
import Statistics
import Units

/// Backgrounds of the events that come with the program, and limits in their presence.
enum BackgroundValidation {
  static let outline = ValidationOutline(
    title: "Backgrounds",
    introduction: """
      160 GeV muons on the nucleons of beryllium, Pythia 8.318: cross sections per nucleon, and displaced decays with the cuts \
      of Table I per mean nucleon at 470 pb⁻¹, the luminosity of the reference, with other long-lived hadrons seen as they are. \
      The events are those that come with the program; `duskline background` makes others with the generator plug-in. Limits are \
      those of a counting experiment.
      """,
    steps: [ValidationStep(make: generated), ValidationStep(make: limits)])

  private static let earlier = "independent calculation, Pythia 8.318"
  private static let paper = "arXiv:2409.00170, text"
  /// That of the reference, in pb⁻¹.
  private static let luminosity = 470.0

  private static func generated(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let source = try await BackgroundSamples(
      setup.plan, generatedEvents: nil, program: nil, threads: setup.threads)
    let backgrounds = try await setup.plan.expectedBackgrounds(
      source.samples, threads: setup.threads)
    return crossSections(source.samples, setup.plan.target) + decays(backgrounds)
  }

  private static func crossSection(
    _ samples: [CandidateSample], _ process: CandidateProcess, _ nucleon: Nucleon
  ) -> Estimate {
    samples.filter { $0.process == process && $0.nucleon == nucleon }.reduce(Estimate.exact(0)) {
      $0 + .hbarCSquared_GeV2pb * $1.crossSection
    }
  }

  private static func crossSections(_ samples: [CandidateSample], _ target: Material)
    -> [ValidationRow]
  {
    func mean(_ process: CandidateProcess) -> Estimate {
      Nucleon.allCases.reduce(Estimate.exact(0)) {
        $0 + $1.count(in: target) / target.massNumber * crossSection(samples, process, $1)
      }
    }
    let cases: [(String, Estimate, Double, Double, String)] = [
      ("σ of soft QCD on p [pb]", crossSection(samples, .soft, .proton), 8.166e5, 0.02, earlier),
      ("σ of soft QCD per nucleon [pb]", mean(.soft), 8.2e5, 0.02, paper),
      ("σ of DIS on p [pb]", crossSection(samples, .dis, .proton), 3.77e4, 0.02, earlier),
      ("σ of DIS on n [pb]", crossSection(samples, .dis, .neutron), 2.82e4, 0.02, earlier),
      ("σ of DIS per nucleon [pb]", mean(.dis), 3.24e4, 0.02, earlier),
      ("σ of DIS per nucleon [pb]", mean(.dis), 3.4e4, 0.06, paper),
    ]
    return cases.map { quantity, value, reference, tolerance, source in
      ValidationRow(
        quantity, value: value, expectation: .number(.exact(reference), .relative(tolerance)),
        source: source,
        note: source == paper
          ? "the paper states it for beryllium; it is the value of one mean nucleon." : nil)
    }
  }

  private static func decays(_ backgrounds: ExpectedBackgrounds) -> [ValidationRow] {
    let scale = luminosity / backgrounds.plan.target.massNumber
    func events(_ chosen: (HadronDecay) -> Bool) -> Estimate {
      let sigma = backgrounds.hadrons.crossSection(
        on: backgrounds.plan.target, backgrounds.vetoes
      ) { chosen($0) ? 1 : 0 }
      return scale * sigma.estimate
    }
    func isLeptonic(_ decay: HadronDecay) -> Bool { decay.category == .realLeptonFakeHadron }
    let fakes = events { $0.category == .doubleFake }
    return [
      ValidationRow(
        "two hadrons, before identification", value: fakes,
        expectation: .number(Estimate(value: 3.8e3, error: 200), .standardErrors(4)),
        source: earlier),
      ValidationRow(
        "two hadrons, before identification", value: fakes,
        expectation: .number(.exact(3500), .relative(0.25)), source: paper,
        note: """
          "≈ 3500"; at the 4700 pb⁻¹ that the signal is drawn for there are ten times as many, and all nucleons of a nucleus make nine \
          times as many.
          """),
      ValidationRow(
        "lepton and hadron from K_L, before identification",
        value: events { isLeptonic($0) && $0.parent == .kaonLong },
        expectation: .number(.exact(6), .relative(0.15)), source: "\(earlier); \(paper)"),
      ValidationRow(
        "lepton and hadron from all but K_S → πμν, before identification",
        value: events {
          isLeptonic($0)
            && !($0.parent == .kaonShort && ($0.positive == .muon || $0.negative == .muon))
        }, expectation: .number(.exact(9.2), .relative(0.15)), source: earlier,
        note: "Pythia's table lacks K_S → πμν; with it there are a quarter more."),
    ]
  }

  private static func limits(_ setup: ValidationSetup) throws -> [ValidationRow] {
    let limit = CountingLimit(confidenceLevel: 0.9)
    let cases: [(observed: Int, background: Double, upper: Double)] = [
      (0, 0, 2.44), (0, 3, 1.08), (3, 0.5, 6.92), (5, 2, 7.99),
    ]
    return try cases.map { observed, background, upper in
      let interval = try limit.feldmanCousinsInterval(
        observed: observed, in: CountingExperiment(background: background))
      return ValidationRow(
        "Feldman–Cousins upper end at 90 % CL, \(observed) over \(NumberText.plain(background))",
        value: .exact(interval.upperBound),
        expectation: .number(.exact(upper), .absolute(0.01)),
        source: "Feldman and Cousins, Phys. Rev. D 57, 3873 (1998), Table IV")
    }
  }
}

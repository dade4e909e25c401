import Background
import ParticleData
import Reach
import Units

/// Where the events of a background come from: those that come with the program, or the generator plug-in.
public struct BackgroundSamples: Sendable {
  /// The samples.
  public let samples: [CandidateSample]
  /// Who made them: `pythia 8.318`, or `committed candidates (pythia 8.318)`.
  public let generator: String

  /// The events generated for a soft and for a deep inelastic sample, unless told.
  public static let generatedEvents = 500_000

  /// The samples that a plan asks for.
  ///
  /// Those that come with the program serve a muon beam of 160 GeV at the settings that they were made with. For all else the plug-in is
  /// needed.
  ///
  /// - Parameters:
  ///   - generatedEvents: how many to generate for each soft sample; `nil` to take those that come with the program where they serve.
  ///   - program: the plug-in's path; `nil` where there is none.
  /// - Throws: ``BackgroundSamplesError``, ``GeneratorError``, `CancellationError`.
  public init(
    _ plan: Plan, generatedEvents: Int?, program: String? = GeneratorRun.installedProgram,
    threads: Int
  ) async throws {
    let wanted = Self.committedSettings.map(plan.generatorSettings)
    if generatedEvents == nil, wanted == Self.committedSettings {
      samples = CandidateFile.builtIn
      generator = "committed candidates (\(samples[0].generator))"
      return
    }
    guard plan.beam.particle.flavour == .muon else {
      throw BackgroundSamplesError.noMuons(plan.beam.particle.rawValue)
    }
    guard let program else { throw BackgroundSamplesError.needsGenerator(generatedEvents != nil) }
    var made: [CandidateSample] = []
    for settings in wanted {
      let events = generatedEvents ?? Self.generatedEvents
      made.append(
        try await GeneratorRun(
          program, settings, events: settings.process == .dis ? max(events / 10, 1000) : events,
          seed: plan.run.seed
        ).sample(threads: threads))
    }
    samples = made
    generator = made[0].generator
  }

  private static var committedSettings: [GeneratorSettings] {
    [CandidateProcess.soft, .dis].flatMap { process in
      Nucleon.allCases.flatMap { GeneratorSettings.samples(of: process, on: $0) }
    }
  }
}

extension Plan {
  /// Settings of the generator as the card has them.
  func generatorSettings(_ settings: GeneratorSettings) -> GeneratorSettings {
    var settings = settings
    settings.beam = beam.particle
    settings.beamEnergy = beam.energy
    settings.softMinimumW = background.softMinimumW
    settings.softMaximumQ2 = background.softMaximumQ2
    settings.disMinimumQ2 = background.disMinimumQ2
    settings.disMinimumMass = background.disMinimumMass
    settings.isForced =
      background.softMinimumW < 5 || background.softMaximumQ2 > 2 || background.disMinimumMass < 2
    // What is kept has to cover what is looked for.
    let energy = min(selection.minimumLeptonEnergy, 5)
    settings.thresholds.candidateEnergy = energy
    settings.thresholds.pairEnergy = energy
    settings.thresholds.vetoEnergy = max(background.neutralVetoThreshold, 5)
    return settings
  }
}

/// Why there are no events for a background.
public enum BackgroundSamplesError: Error, Sendable, Hashable {
  /// The plug-in is not there, and the events that come with the program do not serve, or others were asked for.
  case needsGenerator(Bool)
  /// The beam is none of muons.
  case noMuons(String)
}

extension BackgroundSamplesError: CustomStringConvertible {
  /// What, why, and how to mend it.
  public var description: String {
    switch self {
    case .needsGenerator(let isAsked):
      (isAsked
        ? "events are to be generated"
        : "the events that come with the program are of 160 GeV muons (not antimuons) at the default soft_minimum_W_GeV, "
          + "soft_maximum_Q2_GeV2, dis_minimum_Q2_GeV2 and dis_minimum_mass_GeV, for least energies of 5 GeV or more and vetoes from 5 GeV "
          + "or less, and the card has others")
        + ", and the generator plug-in is not installed: run 'make pythia', or keep the defaults"
    case .noMuons(let beam):
      "backgrounds are made for muon beams, and beam.particle is '\(beam)': give a muon or antimuon"
    }
  }
}

import ArgumentParser
import Background
import Formats
import Integration
import Reach
import Units

/// `duskline background`.
struct BackgroundCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "background",
    abstract: "Standard-model backgrounds of a displaced pair.",
    discussion: """
      Hadrons that live long and pairs from the target, made by Pythia and decayed in the window of \
      the selection, with the cuts and the luminosity of the signal. At the default settings, events \
      that come with the program are used; other settings and --events need the generator plug-in \
      ('make pythia').
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Generate so many events for each soft sample, and a tenth for each deep inelastic one.",
      valueName: "N"))
  var events: Int?

  @OptionGroup var options: CommonOptions

  func validate() throws {
    if let events, events < 1000 {
      throw ValidationError("--events is \(events): give 1000 or more")
    }
  }

  func run() async throws {
    let card = try options.loadCard()
    let plan = card.plan
    let source: BackgroundSamples
    do {
      source = try await BackgroundSamples(
        plan, generatedEvents: events, threads: plan.threadCount)
    } catch let error as BackgroundSamplesError {
      throw InputFault("\(error)")
    }
    let result = try await plan.expectedBackgrounds(source.samples, threads: plan.threadCount)
    guard !options.output.json else {
      try StandardOutput.write(result.report(card, generator: source.generator).text())
      return
    }
    if !options.output.quiet {
      result.luminosity.remarks.forEach(StandardError.write)
      let failed = source.samples.reduce(0) { $0 + $1.failedChunks }
      if failed > 0 {
        StandardError.write(
          "\(failed) chunks of the generator failed and are left out: numbers are those of the others"
        )
      }
      if plan.background.softMinimumW < 10 {
        StandardError.write(
          "W below 10 GeV: the generator warns of its own description there, and most events lie there"
        )
      }
    }
    try StandardOutput.write(text(result, source.generator).joined(separator: "\n") + "\n")
  }

  private func text(_ result: ExpectedBackgrounds, _ generator: String) -> [String] {
    samples(result, generator) + [""] + categories(result) + [""] + readings(result) + [""]
      + vetoes(result) + [""] + decays(result) + [""] + others(result)
  }

  private func samples(_ result: ExpectedBackgrounds, _ generator: String) -> [String] {
    let settings = result.plan.background
    return [
      "events: \(generator)",
      "soft: W > \(NumberText.short(settings.softMinimumW)) GeV, Q2 < \(NumberText.short(settings.softMaximumQ2)) GeV2; "
        + "deep inelastic: Q2 > \(NumberText.short(settings.disMinimumQ2)) GeV2",
      row(["process", "part", "nucleon", "pb/nucleon", "generated", "failed chunks"]),
    ]
      + result.hadrons.parts.map { part in
        let sample = part.sample
        return row([
          sample.process.rawValue, sample.part.rawValue, sample.nucleon.rawValue,
          NumberText.estimate(Double.hbarCSquared_GeV2pb * sample.crossSection),
          "\(sample.eventsGenerated)", "\(sample.failedChunks)",
        ])
      }
  }

  private func categories(_ result: ExpectedBackgrounds) -> [String] {
    let settings = result.plan.background
    return [
      "\(NumberText.short(result.luminosity.perPicobarn)) /pb (\(result.luminosity.origin)), "
        + "\(settings.normalisation.rawValue), "
        + (result.plan.apparatus.calorimeter == nil
          ? "no calorimeter, fake rates as in the card"
          : "nothing else above \(NumberText.short(settings.neutralVetoThreshold)) GeV"),
      row(["category", "", "expected", "identified", "largest fake rate"]),
    ]
      + BackgroundCategory.allCases.map { category in
        let rate = result.eventsByFakes(category).largestFakeRate
        return row([
          category.rawValue, "", NumberText.estimate(result.events(category)),
          NumberText.estimate(result.identifiedEvents(category)),
          rate.map { NumberText.short(100 * $0) + " %" } ?? "-",
        ])
      } + [
        row(["all", "", "", NumberText.estimate(result.identifiedEvents)]),
        "of misreconstructed-vertex, lepton pairs that the muon makes on the nucleus: "
          + NumberText.short(result.misplacedVertices(settings.vertex).leptons.value),
      ]
  }

  private func readings(_ result: ExpectedBackgrounds) -> [String] {
    let shown = BackgroundCategory.displaced
    return [row(["luminosity", "", "normalisation"] + shown.map(\.rawValue))]
      + ExpectedBackgrounds.paperLuminosities.flatMap { name, luminosity in
        BackgroundSettings.Normalisation.allCases.map { normalisation in
          row(
            [name, "", normalisation.rawValue]
              + shown.map {
                NumberText.estimate(
                  result.events(
                    $0, perPicobarn: luminosity, result.vetoes, normalisation))
              })
        }
      }
  }

  private func vetoes(_ result: ExpectedBackgrounds) -> [String] {
    let shown = BackgroundCategory.displaced
    return [row(["veto above", "", ""] + shown.map(\.rawValue))]
      + ExpectedBackgrounds.vetoThresholds.map { threshold in
        row(
          ["\(NumberText.short(threshold)) GeV", "", ""]
            + shown.map {
              NumberText.estimate(
                result.events(
                  $0, perPicobarn: result.luminosity.perPicobarn,
                  result.vetoes(neutralEnergy: threshold), result.plan.background.normalisation))
            })
      }
  }

  private func decays(_ result: ExpectedBackgrounds) -> [String] {
    [NumberText.padded("decay", to: 44) + NumberText.padded("BR", to: 14) + "expected"]
      + result.decays.filter { $0.events.value > 0 }.map { decay, events in
        NumberText.padded(decay.name, to: 44)
          + NumberText.padded(NumberText.short(decay.branchingRatio), to: 14)
          + NumberText.estimate(events)
      }
  }

  private func others(_ result: ExpectedBackgrounds) -> [String] {
    let radiated = result.radiated
    let secondaries = result.secondaries
    return [
      "pairs made in material, per nucleus, not in 'all' (estimates, tail \(result.plan.background.vertex.tail.rawValue)); bremsstrahlung of the beam "
        + "\(NumberText.short(secondaries.bremsstrahlung)) pb:"
    ]
      + secondaries.estimates.map {
        "  \($0.name): \(NumberText.short($0.pairs)) pairs, of which a share of \(NumberText.short($0.vertexProbability)) is found in the window: "
          + NumberText.short($0.events)
      } + [
        "radiated by the muon: phi \(NumberText.estimate(radiated.phiCrossSection)) pb on a nucleus, to K_S K_L "
          + "\(NumberText.short(100 * RadiatedHadrons.kaonPairBranchingRatio)) %; all hadrons up to 3 GeV "
          + "\(NumberText.short(radiated.hadronCrossSection)) pb"
      ]
      + [""] + vertices(result)
  }

  /// Misplaced vertices: one line a resolution, one pair of columns a tail.
  private func vertices(_ result: ExpectedBackgrounds) -> [String] {
    let tails = BackgroundSettings.VertexSettings.Tail.allCases
    let pairs = Tridents.Process.allCases.map { process in
      "\(process.rawValue) \(NumberText.estimate(result.tridents.crossSection { $0.process == process ? 1 : 0 })) pb"
    }
    let scan = result.vertexScan
    return [
      "pairs from the target whose vertex is found in the window, before identification: tracks of candidates / lepton pairs of the muon",
      "lepton pairs that pass all cuts but that on the vertex, on a nucleus: \(pairs.joined(separator: ", ")), the second an estimate",
    ]
      + result.vertexRules.flatMap { rule in
        [
          row(
            ["dz at 1 mrad", "direction"]
              + tails.map { "\($0.rawValue), > \(NumberText.short(rule)) dz" })
        ]
          + ExpectedBackgrounds.angularResolutions.map { resolution in
            let own = scan.filter {
              $0.settings.significance == rule && $0.settings.angularResolution == resolution
            }
            return row(
              [
                "\(NumberText.short(own[0].errorAtMilliradian)) mm",
                "\(NumberText.short(1e3 * resolution)) mrad",
              ]
                + tails.map { tail in
                  own.first { $0.settings.tail == tail }.map {
                    "\(Self.brief($0.candidates)) / \(NumberText.short($0.leptons.value))"
                  } ?? ""
                })
          }
      }
  }

  /// A sum without its error; its limit where no candidate passes.
  private static func brief(_ sum: CandidateSum) -> String {
    sum.value > 0 ? NumberText.short(sum.value) : NumberText.estimate(sum)
  }

  private func row(_ cells: [String]) -> String {
    let widths = [24, 17, 14, 20, 26, 20]
    let text = zip(cells, widths).map { NumberText.padded($0, to: $1) }.joined()
    return String(text.reversed().drop { $0 == " " }.reversed())
  }
}

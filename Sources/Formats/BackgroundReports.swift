import Background
import Integration
import Reach
import Units

extension CandidateSum {
  /// Value and error.
  public var json: JSONValue { estimate.json }

  /// The upper limit at 95 % confidence where nothing passes, and null elsewhere.
  public var upperJSON: JSONValue { .number(orNull: upperLimit) }
}

extension ExpectedBackgrounds {
  /// Thresholds of the veto in GeV over which a background is shown.
  public static let vetoThresholds = [0.01, 0.03, 0.1, 0.3, 0.5, 1, 2, 3, 5]

  /// The luminosities that the paper has, by name: none is used without the other being told.
  public static let paperLuminosities = [
    ("paper-text", LuminosityLedger.paperText), ("paper-footnote", LuminosityLedger.paperFootnote),
  ]

  /// The report of `background`.
  public func report(_ card: RunCard, generator: String) -> JSONValue {
    let settings = plan.background
    return [
      "generator": .string(generator),
      "samples": .array(hadrons.parts.map { Self.report($0.sample) }),
      "normalisation": .string(settings.normalisation.rawValue),
      "luminosity_per_pb": .number(luminosity.perPicobarn),
      "luminosity_origin": .string(luminosity.origin),
      "categories": .array(BackgroundCategory.allCases.map(report)),
      "identified_events": identifiedEvents.json,
      "identified_events_upper": identifiedEvents.upperJSON,
      "decays": .array(decayReports),
      "readings": .array(readings),
      "veto_scan": .array(Self.vetoThresholds.map(vetoReport)),
      "vertex": vertexReport,
      "secondaries_normalisation": "per-nucleus, not in identified_events",
      "secondaries": .array(
        secondaries.estimates.map {
          [
            "process": .string($0.name), "pairs": .number($0.pairs),
            "vertex_probability": .number($0.vertexProbability),
            "expected_events": .number($0.events),
          ]
        }),
      "radiated": [
        "phi_cross_section_pb": radiated.phiCrossSection.json,
        "phi_electron_width_GeV": .number(RadiatedHadrons.phiElectronWidth),
        "phi_to_kaon_pair_branching_ratio": .number(RadiatedHadrons.kaonPairBranchingRatio),
        "hadron_cross_section_pb": .number(radiated.hadronCrossSection),
      ],
      "settings": [
        "soft_minimum_W_GeV": .number(settings.softMinimumW),
        "soft_maximum_Q2_GeV2": .number(settings.softMaximumQ2),
        "dis_minimum_Q2_GeV2": .number(settings.disMinimumQ2),
        "dis_minimum_mass_GeV": .number(settings.disMinimumMass),
        "neutral_veto_threshold_GeV": .number(settings.neutralVetoThreshold),
        "track_veto_threshold_GeV": .number(vetoes.trackEnergy),
        "other_hadrons": .string(settings.otherHadrons.rawValue),
      ],
      "provenance": Provenance(of: card).json,
    ]
  }

  private static func report(_ sample: CandidateSample) -> JSONValue {
    [
      "process": .string(sample.process.rawValue), "part": .string(sample.part.rawValue),
      "nucleon": .string(sample.nucleon.rawValue),
      "cross_section_pb": (Double.hbarCSquared_GeV2pb * sample.crossSection).json,
      "events": .integer(sample.eventsGenerated), "failed_chunks": .integer(sample.failedChunks),
    ]
  }

  private func report(_ category: BackgroundCategory) -> JSONValue {
    let (expected, identified) = (events(category), identifiedEvents(category))
    return [
      "name": .string(category.rawValue),
      "expected_events": expected.json, "expected_events_upper": expected.upperJSON,
      "identified_events": identified.json, "identified_events_upper": identified.upperJSON,
      "maximum_fake_rate": .number(orNull: eventsByFakes(category).largestFakeRate),
    ]
  }

  private var decayReports: [JSONValue] {
    decays.map {
      [
        "decay": .string($0.decay.name), "category": .string($0.decay.category.rawValue),
        "branching_ratio": .number($0.decay.branchingRatio), "expected_events": $0.events.json,
        "expected_events_upper": $0.events.upperJSON,
      ]
    }
  }

  private var readings: [JSONValue] {
    Self.paperLuminosities.flatMap { name, luminosity in
      BackgroundSettings.Normalisation.allCases.map { normalisation in
        var reading: [String: JSONValue] = [
          "luminosity": .string(name), "luminosity_per_pb": .number(luminosity),
          "normalisation": .string(normalisation.rawValue),
        ]
        for category in BackgroundCategory.allCases {
          let expected = events(category, perPicobarn: luminosity, vetoes, normalisation)
          reading[category.rawValue] = expected.json
          reading[category.rawValue + "_upper"] = expected.upperJSON
        }
        return .object(reading)
      }
    }
  }

  private func vetoReport(_ threshold: Double) -> JSONValue {
    var entry: [String: JSONValue] = ["threshold_GeV": .number(threshold)]
    for category in BackgroundCategory.allCases where category != .misreconstructedVertex {
      let expected = events(
        category, perPicobarn: luminosity.perPicobarn, vetoes(neutralEnergy: threshold),
        plan.background.normalisation)
      entry[category.rawValue] = expected.json
      entry[category.rawValue + "_upper"] = expected.upperJSON
    }
    return .object(entry)
  }

  private var vertexReport: JSONValue {
    [
      "prompt_pairs": promptPairEvents.json, "prompt_pairs_upper": promptPairEvents.upperJSON,
      "lepton_pairs": .array(
        Tridents.Process.allCases.flatMap { process in
          Tridents.flavours.map { flavour in
            [
              "process": .string(process.rawValue), "flavour": .string(flavour.rawValue),
              "cross_section_pb": tridents.crossSection {
                $0.process == process && $0.flavour == flavour ? 1 : 0
              }.json,
            ]
          }
        }),
      "tails": .array(vertexTails.map(report)),
      "resolution_scan": .array(vertexScan.map(report)),
    ]
  }

  private func report(_ vertices: MisplacedVertices) -> JSONValue {
    [
      "tail": .string(vertices.settings.tail.rawValue),
      "minimum_significance": .number(vertices.settings.significance),
      "angular_resolution_mrad": .number(1e3 * vertices.settings.angularResolution),
      "vertex_error_at_1_mrad_mm": .number(vertices.errorAtMilliradian),
      "expected_events": vertices.candidates.json,
      "expected_events_upper": vertices.candidates.upperJSON,
      "lepton_pair_events": vertices.leptons.json,
    ]
  }
}

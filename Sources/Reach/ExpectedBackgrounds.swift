import Background
import Calculus
import Integration
import ParticleData
import Sampling
import Selection
import Units

/// The backgrounds of a plan: candidates of a generator, their displaced decays and prompt pairs, and hadrons that the muon radiates.
public struct ExpectedBackgrounds: Sendable {
  /// The plan.
  public let plan: Plan
  /// The luminosity and its origin: that of the signal.
  public let luminosity: LuminosityLedger
  /// What a generator's samples leave.
  public let hadrons: HadronBackground
  /// Pairs from the target, sample by sample.
  public let pairs: [[PromptPair]]
  /// What the muon radiates as a virtual photon.
  public let radiated: RadiatedHadrons
  /// Lepton pairs that the muon makes in the target.
  public let tridents: Tridents

  fileprivate init(
    _ plan: Plan, _ samples: [CandidateSample], threads: Int, radiated: RadiatedHadrons,
    tridents: Tridents
  ) async throws {
    let (forced, seed) = (plan.forcedDecays, plan.run.seed)
    self.plan = plan
    luminosity = LuminosityLedger(plan.luminosity, plan: plan)
    hadrons = try await HadronBackground(samples, forced, seed: seed, threads: threads)
    pairs = samples.map { forced.promptPairs($0, seed: seed) }
    self.radiated = radiated
    self.tridents = tridents
  }

  /// The same events in the apparatus without its calorimeter.
  ///
  /// - Throws: `CancellationError`.
  public func withoutCalorimeter(threads: Int) async throws -> ExpectedBackgrounds {
    var plan = plan
    plan.apparatus.calorimeter = nil
    return try await ExpectedBackgrounds(
      plan, hadrons.parts.map(\.sample), threads: threads,
      radiated: RadiatedHadrons(
        radiated, plan.forcedDecays, seed: plan.run.seed, threads: threads),
      tridents: tridents)
  }

  /// Vetoes at the card's thresholds; without a calorimeter nothing neutral is seen.
  public var vetoes: HadronBackground.Vetoes {
    vetoes(neutralEnergy: plan.background.neutralVetoThreshold)
  }

  /// Vetoes at a threshold in GeV for all that is seen beside the three tracks. Charged particles count from the least energy of tracks,
  /// or from the threshold where that is lower: "no other visible particle above threshold".
  ///
  /// - Parameter others: what becomes of other hadrons; `nil` for what the card says.
  public func vetoes(
    neutralEnergy: Double, otherHadrons others: BackgroundSettings.OtherHadrons? = nil
  ) -> HadronBackground.Vetoes {
    HadronBackground.Vetoes(
      neutralEnergy: plan.apparatus.calorimeter == nil ? .infinity : neutralEnergy,
      trackEnergy: min(plan.selection.minimumLeptonEnergy, neutralEnergy),
      otherHadrons: others ?? plan.background.otherHadrons)
  }

  /// Expected events of a category before tracks are identified, at a luminosity in pb⁻¹.
  public func events(
    _ category: BackgroundCategory, perPicobarn luminosity: Double,
    _ vetoes: HadronBackground.Vetoes,
    _ normalisation: BackgroundSettings.Normalisation
  ) -> CandidateSum {
    expected(category, luminosity, vetoes, normalisation) { _, _ in 1 }
  }

  /// Expected events of a category before tracks are identified, as the card has it.
  public func events(_ category: BackgroundCategory) -> CandidateSum {
    events(category, perPicobarn: luminosity.perPicobarn, vetoes, plan.background.normalisation)
  }

  /// Expected events of a category after tracks are identified, as the card has it.
  public func identifiedEvents(_ category: BackgroundCategory) -> CandidateSum {
    expected(
      category, luminosity.perPicobarn, vetoes, plan.background.normalisation,
      plan.background.fakeRates.probability)
  }

  /// Expected events of a category before tracks are identified, as the card has it, by how many of their tracks have to be taken for leptons.
  public func eventsByFakes(_ category: BackgroundCategory) -> EventsByFakes {
    func events(_ fakes: Int) -> Double {
      expected(category, luminosity.perPicobarn, vetoes, plan.background.normalisation) {
        TrackSpecies.fakesNeeded($0, $1) == fakes ? 1 : 0
      }.value
    }
    return EventsByFakes(none: events(0), one: events(1), two: events(2))
  }

  /// Expected events of all categories after tracks are identified, with other settings for what is counted and how, of the same
  /// generated events. Pairs made in material are not in it.
  public func identifiedEvents(_ settings: BackgroundSettings) -> CandidateSum {
    let vetoes = vetoes(
      neutralEnergy: settings.neutralVetoThreshold, otherHadrons: settings.otherHadrons)
    func events(_ category: BackgroundCategory) -> CandidateSum {
      expected(
        category, luminosity.perPicobarn, vetoes, settings.normalisation,
        settings.fakeRates.probability)
    }
    // One sum for all decays: the same candidates make them.
    let decays =
      luminosity.perPicobarn / settings.normalisation.nucleons(in: plan.target)
      * hadrons.crossSection(on: plan.target, vetoes) {
        settings.fakeRates.probability($0.positive, $0.negative)
      }
    // Pairs from the target are of other candidates: those have two hard tracks, those with a decay one at most.
    return decays + events(.qedHadroproduction) + events(.misreconstructedVertex)
  }

  /// With a factor for the tracks of each pair.
  private func expected(
    _ category: BackgroundCategory, _ luminosity: Double, _ vetoes: HadronBackground.Vetoes,
    _ normalisation: BackgroundSettings.Normalisation,
    _ factor: (TrackSpecies, TrackSpecies) -> Double
  ) -> CandidateSum {
    let perUnit = luminosity / normalisation.nucleons(in: plan.target)
    switch category {
    case .doubleFake, .realLeptonFakeHadron, .realDilepton:
      return perUnit
        * hadrons.crossSection(on: plan.target, vetoes) {
          $0.category == category ? factor($0.positive, $0.negative) : 0
        }
    case .qedHadroproduction:
      // Radiation is coherent on the nucleus: its luminosity counts, whatever the others are quoted for. So are tridents.
      return luminosity
        * radiated.background.crossSection(on: plan.target, vetoes) {
          factor($0.positive, $0.negative)
        }
    case .misreconstructedVertex:
      let resolution = plan.background.vertex.resolution(leverArm: plan.leverArm)
      let hadronPairs =
        perUnit
        * promptPairs(vetoes) {
          factor($0.species[0], $0.species[1]) * misplaced($0.openingAngle, resolution)
        }
      let leptonPairs =
        luminosity
        * tridents.crossSection {
          factor($0.species, $0.species) * misplaced($0.openingAngle, resolution)
        }
      return hadronPairs + .computed(leptonPairs)
    }
  }

  /// The probability that the vertex of a pair from the target is found in the window.
  private func misplaced(_ openingAngle: Double, _ resolution: VertexResolution) -> Double {
    resolution.probability(within: plan.selection.decayWindow, openingAngle: openingAngle)
  }

  /// Events at the card's luminosity and in its normalisation, of a cross section in pb on a nucleus.
  private func perUnit(_ crossSection: CandidateSum) -> CandidateSum {
    luminosity.perPicobarn / plan.background.normalisation.nucleons(in: plan.target)
      * crossSection
  }

  /// Each way of decaying by itself, at the card's luminosity, normalisation and vetoes, before tracks are identified.
  public var decays: [(decay: HadronDecay, events: CandidateSum)] {
    HadronDecay.all.map { decay in
      (decay, perUnit(hadrons.crossSection(on: plan.target, vetoes) { $0 == decay ? 1 : 0 }))
    }
  }

  /// Pairs from the target, wherever their vertex is found, as the card has it and before tracks are identified.
  public var promptPairEvents: CandidateSum { perUnit(promptPairs(vetoes) { _ in 1 }) }

  /// Pairs from the target whose vertex is found in the window, for one resolution and form of the tail, before tracks are identified.
  public struct MisplacedVertices: Sendable {
    /// How well vertices are known.
    public let settings: BackgroundSettings.VertexSettings
    /// δz in mm of two tracks at 1 mrad.
    public let errorAtMilliradian: Double
    /// Pairs of tracks from candidates, in the card's normalisation: most are hadrons.
    public let candidates: CandidateSum
    /// Lepton pairs that the muon makes.
    public let leptons: Estimate
  }

  /// Angular resolutions in rad over which misplaced vertices are shown, from better than any tracker's to multiple scattering at 5 GeV.
  public static let angularResolutions = [2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4]

  /// Misplaced vertices with other settings, of the same pairs.
  public func misplacedVertices(_ settings: BackgroundSettings.VertexSettings)
    -> MisplacedVertices
  {
    let resolution = settings.resolution(leverArm: plan.leverArm)
    return MisplacedVertices(
      settings: settings, errorAtMilliradian: resolution.error(openingAngle: 1e-3),
      candidates: perUnit(promptPairs(vetoes) { misplaced($0.openingAngle, resolution) }),
      leptons: luminosity.perPicobarn
        * tridents.crossSection { misplaced($0.openingAngle, resolution) })
  }

  /// Misplaced vertices at the card's resolution, for each form of the tail.
  public var vertexTails: [MisplacedVertices] {
    BackgroundSettings.VertexSettings.Tail.allCases.map { tail in
      var settings = plan.background.vertex
      settings.tail = tail
      return misplacedVertices(settings)
    }
  }

  /// So many δz from the target: what the card asks for, and nothing.
  public var vertexRules: [Double] {
    let significance = plan.background.vertex.significance
    return significance > 0 ? [significance, 0] : [0]
  }

  /// Misplaced vertices against the resolution, for each form of the tail, with the rule of so many δz that the card has and without it.
  public var vertexScan: [MisplacedVertices] {
    vertexRules.flatMap { significance in
      BackgroundSettings.VertexSettings.Tail.allCases.flatMap { tail in
        Self.angularResolutions.map { angularResolution in
          var settings = plan.background.vertex
          settings.significance = significance
          settings.tail = tail
          settings.angularResolution = angularResolution
          return misplacedVertices(settings)
        }
      }
    }
  }

  /// Estimates of pairs made in material, at the luminosity.
  public var secondaries: SecondaryProcesses {
    let lone = hadrons.parts.reduce(0) {
      $0 + $1.sample.nucleon.count(in: plan.target)
        * $1.sample.loneHadronCrossSection(above: plan.selection.minimumLeptonEnergy)
    }
    return SecondaryProcesses(
      beam: plan.beam.particle, beamEnergy: plan.beam.energy, target: plan.target,
      apparatus: plan.apparatus, cuts: plan.selection,
      resolution: plan.background.vertex.resolution(leverArm: plan.leverArm),
      loneHadrons: lone, luminosity: luminosity.perPicobarn)
  }

  /// The cross section in pb on a nucleus of pairs from the target, with a factor for each.
  public func promptPairs(
    _ vetoes: HadronBackground.Vetoes, _ factor: (PromptPair) -> Double
  ) -> CandidateSum {
    zip(hadrons.parts, pairs).reduce(.empty) { total, entry in
      let sum = Estimate.sum(of: entry.1.filter(vetoes.pass).map { $0.weight * factor($0) })
      return total + entry.0.sample.nucleon.count(in: plan.target)
        * CandidateSum(
          sum,
          largestVetoed: sum.value > 0
            ? nil : entry.1.map { $0.weight * factor($0) }.filter { $0 > 0 }.max())
    }
  }

  /// All categories together after tracks are identified, as the card has it.
  public var identifiedEvents: CandidateSum { identifiedEvents(plan.background) }
}

extension Plan {
  /// The lever arm in mm of tracks in a station to a vertex at the target's centre.
  public var leverArm: Double {
    VertexResolution.leverArm(of: apparatus.planes.map(\.centre.z), vertex: 0)
  }

  /// The backgrounds of the plan from a generator's samples. Cost: some seconds for samples of 10⁶ generated events.
  ///
  /// - Throws: `CancellationError`.
  public func expectedBackgrounds(_ samples: [CandidateSample], threads: Int) async throws
    -> ExpectedBackgrounds
  {
    try await ExpectedBackgrounds(
      self, samples, threads: threads,
      radiated: RadiatedHadrons(self, forcedDecays, threads: threads),
      tridents: Tridents(self, forcedDecays, threads: threads))
  }

  /// How long-lived hadrons decay in front of the plan's detector.
  fileprivate var forcedDecays: ForcedDecays {
    ForcedDecays(selection, apparatus: apparatus, beamLeptonMass: beam.particle.mass)
  }
}

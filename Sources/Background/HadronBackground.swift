import Calculus
import Detector
import Integration
import ParticleData
import Selection

/// What a generator's candidates leave after the cuts of the signal: cross sections of displaced decays, for any thresholds of vetoes.
public struct HadronBackground: Sendable {
  /// The samples and what of each passes.
  public let parts: [Part]

  /// One sample.
  public struct Part: Sendable {
    /// The sample.
    public let sample: CandidateSample
    /// Its decays that pass.
    public let decays: [ForcedDecay]
  }

  /// What is vetoed.
  public struct Vetoes: Sendable, Hashable {
    /// The energy in GeV above which a photon or neutral hadron in the calorimeter ends an event; infinite without a calorimeter.
    public var neutralEnergy: Double
    /// The energy in GeV above which another track does.
    public var trackEnergy: Double
    /// What becomes of other hadrons that live long.
    public var otherHadrons: BackgroundSettings.OtherHadrons

    /// Vetoes from their thresholds.
    public init(
      neutralEnergy: Double, trackEnergy: Double,
      otherHadrons: BackgroundSettings.OtherHadrons = .decay
    ) {
      self.neutralEnergy = neutralEnergy
      self.trackEnergy = trackEnergy
      self.otherHadrons = otherHadrons
    }

    /// Whether a decay passes.
    public func pass(_ decay: ForcedDecay) -> Bool {
      pass(neutral: decay.hardestNeutral, track: decay.hardestTrack, hadron: decay.hardestHadron)
    }

    /// Whether a pair from the target passes.
    public func pass(_ pair: PromptPair) -> Bool {
      pass(neutral: pair.hardestNeutral, track: pair.hardestTrack, hadron: pair.hardestHadron)
    }

    private func pass(neutral: Double, track: Double, hadron: Double) -> Bool {
      neutral <= neutralEnergy && track <= trackEnergy
        && (otherHadrons == .decay || hadron <= neutralEnergy)
    }
  }

  /// Makes the hadrons of samples decay.
  public init(_ samples: [CandidateSample], _ forced: ForcedDecays, seed: UInt64, threads: Int)
    async throws
  {
    var parts: [Part] = []
    for sample in samples {
      parts.append(
        Part(sample: sample, decays: try await forced(sample, seed: seed, threads: threads)))
    }
    self.parts = parts
  }

  /// The cross section in pb on a nucleus, that is on all its nucleons, of decays with a factor for each.
  ///
  /// The error is that of the candidates, whose decays are not independent. Where no candidate passes it is 0, and tells nothing.
  ///
  /// - Parameters:
  ///   - material: whose nucleons.
  ///   - factor: of a decay, such as 1 for one that counts and 0 for another, or its probability to be taken for leptons.
  public func crossSection(
    on material: Material, _ vetoes: Vetoes, _ factor: (HadronDecay) -> Double
  ) -> Estimate {
    let factors = HadronDecay.all.map(factor)
    return parts.reduce(Estimate.exact(0)) { total, part in
      let nucleons = part.sample.nucleon.count(in: material)
      var byCandidate: [Int: Double] = [:]
      for decay in part.decays
      where factors[decay.decay] > 0 && vetoes.pass(decay) {
        byCandidate[decay.candidate, default: 0] += decay.weight * factors[decay.decay]
      }
      // In their order: sums of floating-point numbers depend on it.
      let contributions = byCandidate.sorted { $0.key < $1.key }.map(\.value)
      let sum = contributions.compensatedSum()
      let squares = contributions.map { $0 * $0 }.compensatedSum()
      let variance = max(squares - sum * sum / Double(part.sample.eventsGenerated), 0)
      return total + nucleons * Estimate(value: sum, error: variance.squareRoot())
    }
  }

  /// The cross section in pb on a nucleus of all decays of a category, before tracks are identified.
  public func crossSection(
    of category: BackgroundCategory, on material: Material, _ vetoes: Vetoes
  ) -> Estimate {
    crossSection(on: material, vetoes) { $0.category == category ? 1 : 0 }
  }

  /// The cross section in pb on a nucleus of what is taken for leptons in a category.
  public func crossSection(
    of category: BackgroundCategory, on material: Material, _ vetoes: Vetoes,
    identifiedAs rates: FakeRates
  ) -> Estimate {
    crossSection(on: material, vetoes) {
      $0.category == category ? rates.probability($0.positive, $0.negative) : 0
    }
  }

  /// The rate at which a hadron may be taken for a lepton of one flavour so that a category has less than one event of that flavour:
  /// `N fⁿ = 1`, n the hadrons of its pairs. 1 where it has less anyway, and `nil` where no hadron has to be taken for a lepton or no event passed.
  ///
  /// Two hadrons make pairs of either flavour: with f for both, ``FakeRates`` count `2 N f²`.
  ///
  /// - Parameter events: before tracks are identified.
  public static func largestFakeRate(_ category: BackgroundCategory, events: Double) -> Double? {
    switch category {
    case _ where events == 0: nil
    case .doubleFake, .qedHadroproduction, .misreconstructedVertex:
      events > 1 ? (1 / events).squareRoot() : 1
    case .realLeptonFakeHadron: events > 1 ? 1 / events : 1
    case .realDilepton: nil
    }
  }
}

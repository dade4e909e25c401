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
  /// The error is that of the candidates, whose decays are not independent. Where no candidate passes it is 0, and the sum has an upper
  /// limit.
  ///
  /// - Parameters:
  ///   - material: whose nucleons.
  ///   - factor: of a decay, such as 1 for one that counts and 0 for another, or its probability to be taken for leptons.
  public func crossSection(
    on material: Material, _ vetoes: Vetoes, _ factor: (HadronDecay) -> Double
  ) -> CandidateSum {
    let factors = HadronDecay.all.map(factor)
    return parts.reduce(.empty) {
      $0 + $1.sample.nucleon.count(in: material) * $1.sum(vetoes, factors)
    }
  }
}

extension HadronBackground.Part {
  /// The cross section in pb per nucleon of decays that pass, with a factor for each of ``HadronDecay/all``.
  fileprivate func sum(_ vetoes: HadronBackground.Vetoes, _ factors: [Double]) -> CandidateSum {
    let passing = contributions(factors, where: vetoes.pass)
    let sum = passing.compensatedSum()
    let squares = passing.map { $0 * $0 }.compensatedSum()
    let variance = max(squares - sum * sum / Double(sample.eventsGenerated), 0)
    let estimate = Estimate(value: sum, error: variance.squareRoot())
    guard sum == 0 else { return CandidateSum(estimate, largestVetoed: nil) }
    // Where no decay has a factor the sum is 0, candidates or none.
    let largest =
      factors.contains { $0 > 0 } ? contributions(factors, where: { _ in true }).max() : 0
    return CandidateSum(estimate, largestVetoed: largest)
  }

  /// What each candidate's decays contribute, in the order of candidates: sums of floating-point numbers depend on it.
  private func contributions(_ factors: [Double], where passes: (ForcedDecay) -> Bool) -> [Double] {
    var byCandidate: [Int: Double] = [:]
    for decay in decays where factors[decay.decay] > 0 && passes(decay) {
      byCandidate[decay.candidate, default: 0] += decay.weight * factors[decay.decay]
    }
    return byCandidate.sorted { $0.key < $1.key }.map(\.value)
  }
}

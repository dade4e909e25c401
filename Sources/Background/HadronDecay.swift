import ParticleData

/// A particle that leaves a track.
public enum TrackSpecies: Sendable, Hashable, Codable, CaseIterable {
  /// π±.
  case pion
  /// p or p̄.
  case proton
  /// e±.
  case electron
  /// μ±.
  case muon

  /// The mass in GeV.
  public var mass: Double {
    switch self {
    case .pion: Mass.chargedPion
    case .proton: Mass.proton
    case .electron: Mass.electron
    case .muon: Mass.muon
    }
  }

  /// Whether it is one of the leptons that the signal has.
  public var isLepton: Bool { self == .electron || self == .muon }
}

/// A decay of a long-lived hadron into a positive and a negative track, which may pass for a signal.
public struct HadronDecay: Sendable, Hashable {
  /// What decays.
  public let parent: LongLivedHadron
  /// The positive track.
  public let positive: TrackSpecies
  /// The negative track.
  public let negative: TrackSpecies
  /// The share of decays, of those of pions that follow included.
  public let branchingRatio: Double
  /// How momenta are distributed.
  let dynamics: Dynamics

  /// How momenta are distributed, and what else is made.
  enum Dynamics: Sendable, Hashable {
    /// Two bodies, evenly in the sphere.
    case twoBody
    /// K → πℓν: vector current with linear form factors.
    case kaonSemileptonic
    /// Λ → pℓν: vector and axial current.
    case baryonSemileptonic
    /// K_L → π⁺π⁻π⁰, whose π⁰ makes two photons.
    case threePions
    /// So many π⁰, of which one makes ℓ⁺ℓ⁻γ and the others two photons.
    case dalitzPions(Int)
    /// K_L → ℓ⁺ℓ⁻γ.
    case leptonPairPhoton
  }

  /// In plain text: `K_S -> pi+ pi-`.
  public var name: String {
    func text(_ species: TrackSpecies, _ sign: String) -> String {
      switch species {
      case .pion: "pi" + sign
      case .proton: sign == "+" ? "p" : "pbar"
      case .electron: "e" + sign
      case .muon: "mu" + sign
      }
    }
    let tracks = "\(parent.symbol) -> \(text(positive, "+")) \(text(negative, "-"))"
    switch dynamics {
    case .twoBody: return tracks
    case .kaonSemileptonic, .baryonSemileptonic: return tracks + " nu"
    case .threePions: return tracks + " pi0"
    case .dalitzPions(let count):
      return
        "\(parent.symbol) -> \(count) pi0, one to \(text(positive, "+")) \(text(negative, "-")) gamma"
    case .leptonPairPhoton: return tracks + " gamma"
    }
  }
}

extension HadronDecay {
  /// BR(π⁰ → e⁺e⁻γ).
  ///
  /// Source: PDG 2024, as all branching ratios here.
  private static let dalitz = 0.011_74
  /// BR(π⁰ → γγ).
  private static let twoPhotons = 0.988_23

  /// The decays that count: those with two tracks of opposite charge that lead a category of their parent. What is left out:
  /// K_S → π⁺π⁻γ (0.2 %, part of π⁺π⁻ but for its photon), K_L → πeνγ (0.4 %), Λ → pπ⁻γ, K_L → π⁺π⁻γ and π⁰π±e∓ν (4 and 5·10⁻⁵),
  /// K_L → e⁺e⁻γγ (6·10⁻⁷), and four tracks, such as K_S → π⁺π⁻e⁺e⁻.
  ///
  /// Source: PDG 2024, meson and baryon summary tables; K_S → πμν from 2022's.
  public static let all: [HadronDecay] = {
    func mode(
      _ parent: LongLivedHadron, _ positive: TrackSpecies, _ negative: TrackSpecies,
      _ ratio: Double,
      _ dynamics: Dynamics
    ) -> HadronDecay {
      HadronDecay(
        parent: parent, positive: positive, negative: negative, branchingRatio: ratio,
        dynamics: dynamics)
    }
    func bothCharges(_ parent: LongLivedHadron, _ lepton: TrackSpecies, _ ratio: Double)
      -> [HadronDecay]
    {
      [
        mode(parent, .pion, lepton, ratio / 2, .kaonSemileptonic),
        mode(parent, lepton, .pion, ratio / 2, .kaonSemileptonic),
      ]
    }
    func dalitz(_ parent: LongLivedHadron, _ pions: Int, _ ratio: Double) -> HadronDecay {
      var one = Double(pions) * Self.dalitz
      for _ in 1..<pions { one *= twoPhotons }
      return mode(parent, .electron, .electron, ratio * one, .dalitzPions(pions))
    }
    let kaons: [HadronDecay] =
      [mode(.kaonShort, .pion, .pion, 0.6920, .twoBody)]
      + bothCharges(.kaonShort, .electron, 7.14e-4) + bothCharges(.kaonShort, .muon, 4.56e-4)
      + [dalitz(.kaonShort, 2, 0.3069)]
      + [
        mode(.kaonLong, .pion, .pion, 1.967e-3, .twoBody),
        mode(.kaonLong, .pion, .pion, 0.1254, .threePions),
      ] + bothCharges(.kaonLong, .electron, 0.4055) + bothCharges(.kaonLong, .muon, 0.2704)
      + [
        dalitz(.kaonLong, 2, 8.64e-4), dalitz(.kaonLong, 3, 0.1952),
        mode(.kaonLong, .electron, .electron, 9.4e-6, .leptonPairPhoton),
        mode(.kaonLong, .muon, .muon, 3.59e-7, .leptonPairPhoton),
      ]
    let baryons = [
      mode(.lambda, .proton, .pion, 0.641, .twoBody),
      mode(.lambda, .proton, .electron, 8.34e-4, .baryonSemileptonic),
      mode(.lambda, .proton, .muon, 1.51e-4, .baryonSemileptonic),
      mode(.antilambda, .pion, .proton, 0.641, .twoBody),
      mode(.antilambda, .electron, .proton, 8.34e-4, .baryonSemileptonic),
      mode(.antilambda, .muon, .proton, 1.51e-4, .baryonSemileptonic),
    ]
    return kaons + baryons
  }()
}

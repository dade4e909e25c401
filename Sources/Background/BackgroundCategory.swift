import ParticleData

/// The kinds of background, in the order in which they are listed.
public enum BackgroundCategory: String, Sendable, Hashable, Codable, CaseIterable {
  /// Two hadrons of a displaced decay, both taken for leptons of one flavour.
  case doubleFake = "double-fake"
  /// A lepton and a hadron of a displaced decay, the hadron taken for the same lepton.
  case realLeptonFakeHadron = "real-lepton-fake-hadron"
  /// Two leptons of a displaced decay.
  case realDilepton = "real-dilepton"
  /// Hadrons radiated by the muon as a virtual photon, decaying displaced.
  case qedHadroproduction = "qed-hadroproduction"
  /// Two tracks from the target whose vertex is found far behind it.
  case misreconstructedVertex = "misreconstructed-vertex"

  /// Those of displaced decays.
  public static let displaced: [BackgroundCategory] = [
    .doubleFake, .realLeptonFakeHadron, .realDilepton,
  ]
}

extension HadronDecay {
  /// The category that it belongs to.
  public var category: BackgroundCategory {
    switch TrackSpecies.fakesNeeded(positive, negative) {
    case 2: .doubleFake
    case 1: .realLeptonFakeHadron
    default: .realDilepton
    }
  }
}

extension TrackSpecies {
  /// How many of two tracks have to be taken for leptons to make a pair of one flavour; `nil` for an e and a μ, which never do.
  public static func fakesNeeded(_ first: TrackSpecies, _ second: TrackSpecies) -> Int? {
    switch (first.isLepton, second.isLepton) {
    case (false, false): 2
    case (true, true): first == second ? 0 : nil
    default: 1
    }
  }
}

/// How often a hadron is taken for a lepton.
public struct FakeRates: Sendable, Hashable, Codable {
  /// A pion for an electron.
  public var pionAsElectron: Double
  /// A pion for a muon.
  public var pionAsMuon: Double
  /// A proton for an electron.
  public var protonAsElectron: Double
  /// A proton for a muon.
  public var protonAsMuon: Double

  /// Rates from their numbers, each from 0 to 1.
  public init(
    pionAsElectron: Double, pionAsMuon: Double, protonAsElectron: Double, protonAsMuon: Double
  ) {
    self.pionAsElectron = pionAsElectron
    self.pionAsMuon = pionAsMuon
    self.protonAsElectron = protonAsElectron
    self.protonAsMuon = protonAsMuon
  }

  /// One rate for all.
  public init(_ rate: Double) {
    self.init(
      pionAsElectron: rate, pionAsMuon: rate, protonAsElectron: rate, protonAsMuon: rate)
  }

  /// The probability that a track is taken for a lepton of a flavour. A lepton always is, for its own.
  public func probability(_ species: TrackSpecies, as flavour: LeptonFlavour) -> Double {
    switch (species, flavour) {
    case (.electron, .electron), (.muon, .muon): 1
    case (.pion, .electron): pionAsElectron
    case (.pion, .muon): pionAsMuon
    case (.proton, .electron): protonAsElectron
    case (.proton, .muon): protonAsMuon
    default: 0
    }
  }

  /// The probability that two tracks are taken for e⁺e⁻ or for μ⁺μ⁻.
  public func probability(_ first: TrackSpecies, _ second: TrackSpecies) -> Double {
    [LeptonFlavour.electron, .muon].reduce(0) {
      $0 + probability(first, as: $1) * probability(second, as: $1)
    }
  }
}

import ParticleData

/// How backgrounds are generated, vetoed and counted. The defaults are the settings of arXiv:2409.00170 as far as they were found out.
public struct BackgroundSettings: Sendable, Hashable, Codable {
  /// The least mass of the hadrons in soft events, in GeV.
  public var softMinimumW: Double
  /// The largest virtuality in soft events, in GeV².
  public var softMaximumQ2: Double
  /// The least virtuality in deep inelastic events, in GeV².
  public var disMinimumQ2: Double
  /// The least mass of lepton and quark in deep inelastic events, in GeV.
  public var disMinimumMass: Double
  /// The energy in GeV above which a photon or neutral hadron in the calorimeter ends an event.
  public var neutralVetoThreshold: Double
  /// What becomes of K_S, Λ and Ξ⁰ other than the one that passes for a signal.
  public var otherHadrons: OtherHadrons
  /// Whether what is quoted is a nucleon's share or a nucleus.
  public var normalisation: Normalisation
  /// How often hadrons are taken for leptons.
  public var fakeRates: FakeRates
  /// How well a vertex is known.
  public var vertex: VertexSettings

  /// What becomes of other hadrons that live long.
  public enum OtherHadrons: String, Sendable, Hashable, Codable, CaseIterable {
    /// They are seen as they are, like neutrons, besides what they decay into: what reproduces the paper's number.
    case seen
    /// They are seen by what they decay into alone, which may be too soft: what there is.
    case decay
  }

  /// What a cross section is that of.
  public enum Normalisation: String, Sendable, Hashable, Codable, CaseIterable {
    /// The mean over the nucleons of a nucleus: what the paper's numbers are.
    case perNucleon = "per-nucleon"
    /// All nucleons of a nucleus: what there is.
    case perNucleus = "per-nucleus"

    /// Nucleons of a nucleus whose cross sections count as one: A for a mean nucleon, 1 for all of them.
    public func nucleons(in material: Material) -> Double {
      switch self {
      case .perNucleon: material.massNumber
      case .perNucleus: 1
      }
    }
  }

  /// How well vertices are known.
  public struct VertexSettings: Sendable, Hashable, Codable {
    /// The error of a track's direction in rad.
    public var angularResolution: Double
    /// The form of the tail.
    public var tail: Tail
    /// The share of vertices in it.
    public var tailShare: Double
    /// A vertex has to be so many of its errors from the target.
    public var significance: Double

    /// A form of the tail.
    public enum Tail: String, Sendable, Hashable, Codable, CaseIterable {
      /// None.
      case gaussian
      /// A Gaussian five times as wide.
      case wide
      /// That of single scattering.
      case scattering
    }

    /// Settings from their numbers.
    public init(
      angularResolution: Double = 0.02e-3, tail: Tail = .gaussian, tailShare: Double = 0.01,
      significance: Double = 10
    ) {
      self.angularResolution = angularResolution
      self.tail = tail
      self.tailShare = tailShare
      self.significance = significance
    }
  }

  /// Settings from their numbers.
  public init(
    softMinimumW: Double = 10, softMaximumQ2: Double = 1, disMinimumQ2: Double = 4,
    disMinimumMass: Double = 4,
    neutralVetoThreshold: Double = 5, otherHadrons: OtherHadrons = .seen,
    normalisation: Normalisation = .perNucleon,
    fakeRates: FakeRates = FakeRates(0.02), vertex: VertexSettings = VertexSettings()
  ) {
    self.softMinimumW = softMinimumW
    self.softMaximumQ2 = softMaximumQ2
    self.disMinimumQ2 = disMinimumQ2
    self.disMinimumMass = disMinimumMass
    self.neutralVetoThreshold = neutralVetoThreshold
    self.otherHadrons = otherHadrons
    self.normalisation = normalisation
    self.fakeRates = fakeRates
    self.vertex = vertex
  }
}

extension BackgroundSettings.VertexSettings {
  /// The resolution at a lever arm in mm, ``VertexResolution/leverArm(of:vertex:)``.
  public func resolution(leverArm: Double) -> VertexResolution {
    let model: VertexResolution.Tail =
      switch tail {
      case .gaussian: .gaussian
      case .wide: .wider(share: tailShare, factor: 5)
      case .scattering: .scattering(share: tailShare)
      }
    return VertexResolution(
      angularResolution: angularResolution, leverArm: leverArm, tail: model,
      significance: significance)
  }
}

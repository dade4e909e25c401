import Units

/// A precision observable of the Z or W.
public enum ElectroweakObservable: String, Sendable, Hashable, CaseIterable {
  /// m_W in GeV.
  case wMass
  /// Γ_Z in GeV.
  case zWidth
  /// σ⁰_had, the hadronic cross section at the pole, in nb.
  case hadronicCrossSection
  /// R⁰_ℓ = Γ_had/Γ_ℓℓ.
  case hadronToLeptonRatio
  /// sin²θ_eff^lept.
  case effectiveSineSquared
}

/// What was measured of an observable, and what the Standard Model expects.
public struct ElectroweakMeasurement: Sendable, Hashable {
  /// Which observable.
  public let observable: ElectroweakObservable
  /// The measured value.
  public let value: Double
  /// Its error, one standard deviation.
  public let error: Double
  /// The Standard Model's value.
  public let standardModel: Double

  /// A measurement from its parts.
  public init(
    _ observable: ElectroweakObservable, value: Double, error: Double, standardModel: Double
  ) {
    precondition(error > 0, "an error is positive")
    self.observable = observable
    self.value = value
    self.error = error
    self.standardModel = standardModel
  }

  /// (measured - Standard Model)/error.
  public var pull: Double { (value - standardModel) / error }
}

/// What an electroweak fit starts from: masses and couplings, measurements and their correlations.
public struct ElectroweakInputs: Sendable, Hashable {
  /// m_Z in GeV, the eigenvalue.
  public let zMass: Double
  /// πα(m_Z)/(√2 G_F m_Z²) = s_W² c_W² without mixing.
  public let weakProduct: Double
  /// 1 + α_s/π, the factor of quarks beside leptons.
  public let quarkFactor: Double
  /// The measurements, one an observable.
  public let measurements: [ElectroweakMeasurement]
  /// The correlations of pairs of observables; what is not listed is 0.
  public let correlations: [Correlation]

  /// The correlation of two observables.
  public struct Correlation: Sendable, Hashable {
    /// The one.
    public let first: ElectroweakObservable
    /// The other.
    public let second: ElectroweakObservable
    /// Their correlation, between -1 and 1.
    public let coefficient: Double

    /// A correlation from its parts.
    public init(
      _ first: ElectroweakObservable, _ second: ElectroweakObservable, _ coefficient: Double
    ) {
      precondition(abs(coefficient) < 1, "a correlation lies between -1 and 1")
      self.first = first
      self.second = second
      self.coefficient = coefficient
    }
  }

  /// Inputs from their parts.
  public init(
    zMass: Double, weakProduct: Double, quarkFactor: Double,
    measurements: [ElectroweakMeasurement], correlations: [Correlation]
  ) {
    precondition(weakProduct > 0 && weakProduct < 0.25, "s²c² lies between 0 and 1/4")
    self.zMass = zMass
    self.weakProduct = weakProduct
    self.quarkFactor = quarkFactor
    self.measurements = measurements
    self.correlations = correlations
  }

  /// The same inputs with other measurements.
  public func replacing(measurements: [ElectroweakMeasurement]) -> ElectroweakInputs {
    ElectroweakInputs(
      zMass: zMass, weakProduct: weakProduct, quarkFactor: quarkFactor,
      measurements: measurements, correlations: correlations)
  }

  /// The same inputs had every measurement met the Standard Model: their limit is the sensitivity.
  public var withoutPulls: ElectroweakInputs {
    replacing(
      measurements: measurements.map {
        ElectroweakMeasurement(
          $0.observable, value: $0.standardModel, error: $0.error, standardModel: $0.standardModel)
      })
  }
}

extension ElectroweakInputs {
  /// The state of 2010, when arXiv:1006.0973 set its limit.
  ///
  /// Measured values:
  ///
  /// | observable | value ± error | Standard Model | source of the value |
  /// |---|---|---|---|
  /// | m_W | 80.399 ± 0.023 GeV | 80.379 | LEP 2 and Tevatron, arXiv:0911.2604 and arXiv:1012.2367 |
  /// | Γ_Z | 2.4952 ± 0.0023 GeV | 2.4959 | hep-ex/0509008, line shape with lepton universality |
  /// | σ⁰_had | 41.540 ± 0.037 nb | 41.478 | the same |
  /// | R⁰_ℓ | 20.767 ± 0.025 | 20.742 | the same |
  /// | sin²θ_eff^lept | 0.23153 ± 0.00016 | 0.23138 | hep-ex/0509008, all asymmetries |
  ///
  /// with the correlations of the three from the same fit of the line shape. The Standard Model's values are those of the fit of 2010,
  /// arXiv:1012.2367 (m_H = 89 GeV, m_t = 173.4 GeV); its sin²θ is that of its A_ℓ = 0.1481. m_Z = 91.1875 GeV (hep-ex/0509008),
  /// G_F = 1.166 378 8 × 10⁻⁵ GeV⁻² (arXiv:1211.0960), Δα = 0.031 498 (leptons, hep-ph/9803313) + 0.027 58 (hadrons,
  /// hep-ex/0509008), α_s = 0.1185.
  public static let of2010 = {
    let zMass = 91.1875
    let alpha = PhysicalConstant.fineStructure / (1 - 0.031_498 - 0.027_58)
    return ElectroweakInputs(
      zMass: zMass,
      weakProduct: .pi * alpha / (2.0.squareRoot() * 1.166_378_8e-5 * zMass * zMass),
      quarkFactor: 1 + 0.1185 / .pi,
      measurements: [
        ElectroweakMeasurement(.wMass, value: 80.399, error: 0.023, standardModel: 80.379),
        ElectroweakMeasurement(.zWidth, value: 2.4952, error: 0.0023, standardModel: 2.4959),
        ElectroweakMeasurement(
          .hadronicCrossSection, value: 41.540, error: 0.037, standardModel: 41.478),
        ElectroweakMeasurement(
          .hadronToLeptonRatio, value: 20.767, error: 0.025, standardModel: 20.742),
        ElectroweakMeasurement(
          .effectiveSineSquared, value: 0.23153, error: 0.00016, standardModel: 0.23138),
      ],
      correlations: [
        Correlation(.zWidth, .hadronicCrossSection, -0.297),
        Correlation(.zWidth, .hadronToLeptonRatio, 0.004),
        Correlation(.hadronicCrossSection, .hadronToLeptonRatio, 0.183),
      ])
  }()
}

import Calculus

/// Limits on the kinetic mixing ε of a dark photon with hypercharge from electroweak precision data, for any m_A′.
///
/// The A′ enters as a virtual particle, through its mixing with the Z, so that neither Δ nor α_D matters, nor how the A′ decays. This
/// holds while ``invisibleWidth(kineticMixing:darkPhotonMass:darkFineStructure:)`` is small beside the error of Γ_Z, 2.3 MeV, and
/// while the A′ does not stand on a collider's energy (``UncoveredMass``).
///
/// Two limits are offered: the published one, ``publishedLimit(darkPhotonMass:)``, with its normalisation as an input, and a fit of
/// our own at tree level, ``limit(darkPhotonMass:deltaChi2:)``.
public struct ElectroweakFit: Sendable, Hashable {
  /// What the fit starts from.
  public let inputs: ElectroweakInputs
  /// The inverse of the measurements' correlation matrix, `[row][column]`.
  private let inverseCorrelation: [[Double]]

  /// A fit to measurements, whose correlation matrix must be positive definite.
  public init(_ inputs: ElectroweakInputs = .of2010) {
    self.inputs = inputs
    inverseCorrelation = inputs.inverseCorrelation
  }

  /// A dark photon of a mass, mixing by ε, or `nil` where no such masses of Z and A′ exist at that ε.
  public func mixing(kineticMixing: Double, darkPhotonMass: Double) -> NeutralBosonMixing? {
    NeutralBosonMixing(
      kineticMixing: kineticMixing, squaredMassRatio: squaredMassRatio(darkPhotonMass),
      weakProduct: inputs.weakProduct)
  }

  /// χ² of the measurements against the Standard Model's values shifted by a mixing.
  public func chi2(_ mixing: NeutralBosonMixing) -> Double {
    let shifts = RelativeShifts(mixing, quarkFactor: inputs.quarkFactor)
    let pulls = inputs.measurements.map { measurement in
      (measurement.value - measurement.standardModel
        - shifts.of(measurement.observable) * measurement.standardModel) / measurement.error
    }
    var sum = 0.0
    for (row, left) in zip(inverseCorrelation, pulls) {
      for (weight, right) in zip(row, pulls) { sum += left * weight * right }
    }
    return sum
  }

  /// Why ``limit(darkPhotonMass:deltaChi2:)`` gives none at a mass, or `nil` where it does: within 2 GeV of m_Z, and above 1 TeV, as
  /// the published limit.
  public func uncovered(darkPhotonMass: Double) -> UncoveredMass? {
    if UncoveredMass.besideTheZ(darkPhotonMass, zMass: inputs.zMass) { return .besideTheZ }
    return darkPhotonMass > 1000 ? .beyondThePublishedMasses : nil
  }

  /// The ε beyond which χ² exceeds its minimum over ε ≥ 0 by an amount, or `nil` where ``uncovered(darkPhotonMass:)`` says why.
  ///
  /// α(m_Z), G_F and m_Z, the eigenvalue, are held. The Standard Model's values hold its loops; the relative shifts are those of tree
  /// level. At `m_A′ ≪ m_Z` the inputs of 2010 give 0.031 for 2.71 and 0.033 for 3.84, and 0.027 and 0.030 without pulls. The
  /// Standard Model's parameters do not vary: their errors, mostly that of Δα_had on sin²θ, are left out.
  ///
  /// - Parameters:
  ///   - darkPhotonMass: m_A′ in GeV, the eigenvalue.
  ///   - deltaChi2: 2.71 for 95 % one-sided, 3.84 for 95 % two-sided (one degree of freedom).
  /// - Returns: the limit, at most the largest ε at which Z and A′ have their masses.
  public func limit(darkPhotonMass: Double, deltaChi2: Double) -> Double? {
    precondition(darkPhotonMass > 0 && deltaChi2 > 0, "a mass and a rise of χ² are positive")
    guard uncovered(darkPhotonMass: darkPhotonMass) == nil else { return nil }
    let ratio = squaredMassRatio(darkPhotonMass)
    let largest = NeutralBosonMixing.largestTangent(
      squaredMassRatio: ratio, weakProduct: inputs.weakProduct)
    func at(_ tangent: Double) -> NeutralBosonMixing {
      NeutralBosonMixing(
        squaredMassRatio: ratio, tangent: tangent, weakProduct: inputs.weakProduct)
    }
    // A first look in steps of 3 % of the angle finds the minimum's neighbourhood and the first rise beyond it.
    var (lowest, bottom) = (0.0, chi2(at(0)))
    var previous = 0.0
    var tangent = 1e-4 * largest
    while true {
      tangent = min(tangent, largest)
      let value = chi2(at(tangent))
      if value < bottom { (lowest, bottom) = (tangent, value) }
      if value > bottom + deltaChi2 { break }
      if tangent == largest { return at(largest).kineticMixing }
      (previous, tangent) = (tangent, 1.03 * tangent)
    }
    let refined = maximum(
      of: { -chi2(at($0)) }, from: lowest / 1.03, to: 1.03 * lowest, tolerance: 1e-6 * largest)
    let minimum = min(bottom, chi2(at(refined)))
    guard
      let edge = root(
        of: { chi2(at($0)) - minimum - deltaChi2 }, from: previous, to: tangent,
        tolerance: 1e-12 * tangent)
    else { return at(previous).kineticMixing }
    return at(edge).kineticMixing
  }

  /// The mixings that our fit excludes, from its limit up to 1, or `nil` where ``uncovered(darkPhotonMass:)`` says why.
  public func excludedMixings(darkPhotonMass: Double, deltaChi2: Double) -> ExcludedMixings? {
    limit(darkPhotonMass: darkPhotonMass, deltaChi2: deltaChi2).map { ExcludedMixings([$0...1]) }
  }

  /// Γ(Z → χ₁χ₂) by way of the mixing, in GeV: what the A′'s coupling to the dark sector adds to Γ_Z, for m₁ + m₂ ≪ m_Z.
  ///
  ///     Γ = α_D m_Z sin²a/3 ≈ 0.30 ε² α_D m_Z/(3 (1 - m_A′²/m_Z²)²)
  ///
  /// 0.6 MeV at ε = 0.025, α_D = 0.1 for a light A′, beside an error of Γ_Z of 2.3 MeV; 3 MeV at α_D = 0.5, where it matters, as it
  /// does within some 20 GeV of m_Z at α_D = 0.1. The fit leaves it out, which is conservative: `Documentation/Recasts.md` says by
  /// how much.
  ///
  /// - Returns: the width, or `nil` where no such masses of Z and A′ exist at that ε.
  public func invisibleWidth(
    kineticMixing: Double, darkPhotonMass: Double, darkFineStructure: Double
  ) -> Double? {
    mixing(kineticMixing: kineticMixing, darkPhotonMass: darkPhotonMass).map { mixing in
      // X couples with g_D/√(1 - ε²/c_W²): its kinetic term is made canonical.
      let canonical =
        1 - kineticMixing * kineticMixing / (1 - mixing.sineSquared)
      return darkFineStructure / canonical * inputs.zMass * mixing.darkFraction / 3
    }
  }

  private func squaredMassRatio(_ darkPhotonMass: Double) -> Double {
    let ratio = darkPhotonMass / inputs.zMass
    return ratio * ratio
  }
}

extension ElectroweakInputs {
  /// The inverse of the correlation matrix, by Gauss and Jordan without pivots: it is positive definite.
  fileprivate var inverseCorrelation: [[Double]] {
    let count = measurements.count
    var rows = measurements.indices.map { row in
      measurements.indices.map { column in
        row == column ? 1 : coefficient(measurements[row], measurements[column])
      } + (0..<count).map { $0 == row ? 1.0 : 0 }
    }
    for pivot in 0..<count {
      precondition(rows[pivot][pivot] > 0, "a correlation matrix is positive definite")
      let scale = 1 / rows[pivot][pivot]
      rows[pivot] = rows[pivot].map { $0 * scale }
      for row in 0..<count where row != pivot {
        let factor = rows[row][pivot]
        for column in rows[row].indices { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    return rows.map { Array($0[count...]) }
  }

  private func coefficient(_ left: ElectroweakMeasurement, _ right: ElectroweakMeasurement)
    -> Double
  {
    correlations.first {
      ($0.first == left.observable && $0.second == right.observable)
        || ($0.first == right.observable && $0.second == left.observable)
    }?.coefficient ?? 0
  }
}

import Calculus
import Kinematics
import ParticleData
import Units

/// Partial widths of χ₂ → χ₁ X in GeV at ε = 1 and α_D = 1; all are proportional to ε² α_D.
public struct Chi2Widths: Sendable, Hashable, Codable {
  /// X = e⁺e⁻.
  public let electrons: Double
  /// X = μ⁺μ⁻.
  public let muons: Double
  /// X = τ⁺τ⁻.
  public let taus: Double
  /// X = hadrons.
  public let hadrons: Double

  /// The total width.
  public var total: Double { electrons + muons + taus + hadrons }

  /// The width into one lepton flavour.
  public func width(_ flavour: LeptonFlavour) -> Double {
    switch flavour {
    case .electron: electrons
    case .muon: muons
    case .tau: taus
    }
  }

  /// The branching ratio into one lepton flavour; 0 when nothing is open.
  public func branchingRatio(_ flavour: LeptonFlavour) -> Double {
    total > 0 ? width(flavour) / total : 0
  }

  /// cτ in mm at the given couplings, or `nil` when χ₂ is stable.
  public func properDecayLength(epsilonSquared: Double, alphaD: Double) -> Double? {
    total > 0 ? Units.properDecayLength(ofWidth: total * epsilonSquared * alphaD) : nil
  }
}

extension ModelPoint {
  /// `Γ(A′ → χ₁χ₂)` at A′ virtuality `mass`, per α_D, in GeV.
  ///
  ///     Γ = α_D p/(3Q⁴) (Q² - Δ²) [(m₁+m₂)² + 2Q²]
  ///
  /// with p the momentum in the A′ frame; α_D Q/3 for massless χ. Zero at and below threshold.
  ///
  /// Source: arXiv:2409.00170 with the Majorana pair of Eq. (1); checked against the trace
  /// `Tr[(p̸₂+m₂)γ^μ(p̸₁-m₁)γ^ν]`.
  public func darkMediatorWidth(atVirtuality mass: Double) -> Double {
    let p = twoBodyMomentum(mass: mass, chi1Mass, chi2Mass)
    let Q2 = mass * mass
    let sum = pairThreshold
    return p / (3 * Q2 * Q2) * (mass - massSplitting) * (mass + massSplitting)
      * (sum * sum + 2 * Q2)
  }

  /// `Γ(A′ → SM)` at A′ virtuality `mass`, per ε², in GeV: `α Q R(Q²)/3`.
  ///
  /// Source: the vector current of arXiv:2409.00170, Eq. (1), with R of ``SpectralFunction``.
  public func visibleMediatorWidth(atVirtuality mass: Double) -> Double {
    PhysicalConstant.fineStructure * mass * SpectralFunction.total(at: mass) / 3
  }

  /// The branching ratio of A′ → χ₁χ₂ at the given couplings: `Γ(A′ → χ₁χ₂)/[Γ(A′ → χ₁χ₂) + Γ(A′ → SM)]`.
  ///
  /// Source: the widths of ``darkMediatorWidth(atVirtuality:)`` and ``visibleMediatorWidth(atVirtuality:)``.
  public func darkBranchingRatio(epsilonSquared: Double, alphaD: Double) -> Double {
    let dark = alphaD * darkMediatorWidth(atVirtuality: darkPhotonMass)
    return dark / (dark + epsilonSquared * visibleMediatorWidth(atVirtuality: darkPhotonMass))
  }

  /// `dΓ/dq²` of χ₂ → χ₁ X at pair mass q, per ε² α_D and per unit of R(q²), in GeV⁻¹.
  ///
  ///     dΓ/dq² = q Γ_V(q) Γ₁₂(q) / [π (q² - m_A′²)²],   Γ_V = ε² α q R/3,
  ///     Γ₁₂ = α_D p/(2 m₂²) (Δ² - q²) [(m₁+m₂)² + 2q²]/q²
  ///
  /// with p the χ₁ momentum in the χ₂ frame. There is no A′ width in the propagator: q² ≤ Δ² lies far below
  /// the threshold of A′ → χ₁χ₂.
  ///
  /// Source: traces of the vector currents of arXiv:2409.00170, Eq. (1); the limit of small Δ is that of its footnote 2.
  @inlinable
  public func chi2SpectrumPerR(pairMass q: Double) -> Double {
    let (delta, sum, m2) = (massSplitting, pairThreshold, chi2Mass)
    guard q < delta else { return 0 }
    let gap = (delta - q) * (delta + q)
    let q2 = q * q
    let p = (gap * (sum - q) * (sum + q)).squareRoot() / (2 * m2)
    let propagator = (darkPhotonMass - q) * (darkPhotonMass + q)
    let vector = PhysicalConstant.fineStructure * q2 / 3
    return vector * p * gap * (sum * sum + 2 * q2)
      / (2 * m2 * m2 * q2 * .pi * propagator * propagator)
  }

  /// The partial widths of χ₂. Closed channels are exactly 0.
  ///
  /// Leptons by one substitution that makes both end points analytic, `q = 2m cosh η` and
  /// `η = η_max (2v - v²)`, to 10⁻¹⁰; hadrons between the kinks of R.
  public func chi2Widths() -> Chi2Widths {
    Chi2Widths(
      electrons: leptonicWidth(.electron), muons: leptonicWidth(.muon),
      taus: leptonicWidth(.tau), hadrons: hadronicWidth())
  }

  /// The width of χ₂ → χ₁ e⁺e⁻ for a heavy mediator, massless electrons and small Δ, per ε² α_D, in GeV.
  ///
  ///     Γ = 4 α Δ⁵ / (15π m_A′⁴)
  ///
  /// A limit only: the exact width is 0.87, 0.77, 0.64 of it at Δ/m₁ = 0.1, 0.2, 0.4 and m_A′ = 3m₁.
  ///
  /// Source: arXiv:2409.00170, footnote 2, which prints the inverse of this expression.
  public func dielectronWidthSmallSplitting() -> Double {
    let delta2 = massSplitting * massSplitting
    let mediator2 = darkPhotonMass * darkPhotonMass
    return 4 * PhysicalConstant.fineStructure * delta2 * delta2 * massSplitting
      / (15 * .pi * mediator2 * mediator2)
  }

  private func leptonicWidth(_ flavour: LeptonFlavour) -> Double {
    let m = flavour.mass
    guard massSplitting > 2 * m else { return 0 }
    let ratio = massSplitting / (2 * m)
    let etaMax = Elementary.log(ratio + ((ratio - 1) * (ratio + 1)).squareRoot())
    return GaussLegendre.order64.integrate(from: 0, to: 1) { v in
      let eta = etaMax * (2 * v - v * v)
      let growth = Elementary.exp(eta)
      let (sinh, cosh) = ((growth - 1 / growth) / 2, (growth + 1 / growth) / 2)
      // √(1 - 4m²/q²) = tanh η, exactly; dq² = 8m² cosh η sinh η dη.
      let R = (1 + 0.5 / (cosh * cosh)) * sinh / cosh
      let jacobian = 8 * m * m * cosh * sinh * etaMax * 2 * (1 - v)
      return R * chi2SpectrumPerR(pairMass: 2 * m * cosh) * jacobian
    }
  }

  private func hadronicWidth() -> Double {
    guard massSplitting > SpectralFunction.hadronThreshold else { return 0 }
    let edges =
      SpectralFunction.hadronicBreakpoints.filter { $0 < massSplitting } + [massSplitting]
    return GaussLegendre.order16.integrate(over: edges) { q in
      2 * q * SpectralFunction.hadrons(at: q) * chi2SpectrumPerR(pairMass: q)
    }
  }
}

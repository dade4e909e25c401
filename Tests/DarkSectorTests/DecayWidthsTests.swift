import Calculus
import DarkSector
import Foundation
import Kinematics
import ParticleData
import Sampling
import Tables
import Testing
import Units

private let alpha = PhysicalConstant.fineStructure

private func point(_ m1: Double, _ ratio: Double, mediator: Double = 3) throws -> ModelPoint {
  try ModelPoint(chi1Mass: m1, massSplitting: ratio * m1, darkPhotonMass: mediator * m1)
}

/// Γ(χ₂ → χ₁ℓℓ) per ε² α_D from the formula as it is printed, in q² without a substitution: composite
/// quadrature on cells that shrink geometrically towards both ends, where roots sit.
private func bruteForceWidth(_ point: ModelPoint, lepton m: Double) -> Double {
  let (m1, m2, mA) = (point.chi1Mass, point.chi2Mass, point.darkPhotonMass)
  let (low, high) = (4 * m * m, (m2 - m1) * (m2 - m1))
  let integrand = { (s: Double) -> Double in
    let q = s.squareRoot()
    let p =
      (((m2 - q) * (m2 - q) - m1 * m1) * ((m2 + q) * (m2 + q) - m1 * m1)).squareRoot() / (2 * m2)
    let R = (1 + 2 * m * m / s) * (1 - 4 * m * m / s).squareRoot()
    let vector = alpha * q * R / 3
    let pair = p / (2 * m2 * m2) * (high - s) * ((m1 + m2) * (m1 + m2) + 2 * s) / s
    return q * vector * pair / (.pi * (s - mA * mA) * (s - mA * mA))
  }
  let middle = (low * high).squareRoot()
  var edges = (0...60).map { low + (middle - low) * exp2(-Double(60 - $0)) }
  edges += (1...60).map { high - (high - middle) * exp2(-Double($0)) }
  return GaussLegendre(order: 40).integrate(over: [low] + edges, integrand)
}

@Suite("Decay widths") struct DecayWidthsTests {
  @Test("widths meet the independent calculation", .tags(.reference))
  func reference() throws {
    let table = try referenceTable("decay-widths")
    let (m1, ratio) = (try table.required("m1_GeV"), try table.required("splitting_over_m1"))
    let electrons = try table.required("width_ee_GeV")
    let muons = try table.required("width_mumu_GeV")
    let hadrons = try table.required("width_hadrons_GeV")
    let dark = try table.required("width_A_to_chi1chi2_GeV")
    let couplings = 1e-6 * 0.1
    for row in table.rows.indices {
      let point = try point(m1[row], ratio[row])
      let widths = point.chi2Widths()
      // 4e-6: half a unit of the table's sixth figure, at 1.29495.
      #expect(abs(widths.electrons * couplings / electrons[row] - 1) < 4e-6)
      #expect(abs(0.1 * point.darkMediatorWidth(atVirtuality: 3 * m1[row]) / dark[row] - 1) < 4e-6)
      if muons[row] == 0 {
        #expect(widths.muons == 0 && widths.hadrons == 0)
      } else {
        #expect(abs(widths.muons * couplings / muons[row] - 1) < 4e-6)
        // 1 %: same R table, another treatment between its points. R itself is good to 10 %.
        #expect(abs(widths.hadrons * couplings / hadrons[row] - 1) < 0.01)
      }
      #expect(widths.taus == 0)
    }
  }

  @Test(
    "leptonic widths agree with a quadrature in q² without a substitution", .tags(.identity),
    arguments: [(0.003, 0.4), (0.03, 0.1), (0.1, 0.4), (1, 0.4), (0.5, 0.8), (10, 0.4)])
  func secondMethod(m1: Double, ratio: Double) throws {
    let point = try point(m1, ratio)
    let widths = point.chi2Widths()
    for flavour in LeptonFlavour.allCases where point.massSplitting > 2 * flavour.mass {
      let brute = bruteForceWidth(point, lepton: flavour.mass)
      // 1e-9: the brute force cuts 2⁻⁶⁰ of the range; (m₂-q)² - m₁² loses digits near the end, where
      // the integrand vanishes. The kernel claims 1e-10.
      #expect(abs(widths.width(flavour) / brute - 1) < 1e-9, "\(flavour)")
    }
  }

  @Test("just above a threshold the width is small and right", .tags(.limit))
  func nearThreshold() throws {
    for excess in [1.0001, 1.01, 1.1] {
      let point = try ModelPoint(
        chi1Mass: 0.5, massSplitting: 2 * Mass.muon * excess, darkPhotonMass: 1.5)
      let brute = bruteForceWidth(point, lepton: Mass.muon)
      // 1e-8: differences Δ - q of 10⁻⁴ Δ are good to 10⁻¹².
      #expect(abs(point.chi2Widths().muons / brute - 1) < 1e-8)
    }
  }

  @Test(
    "at small splitting the width is the printed limit, and by how much it is missed", .tags(.limit)
  )
  func smallSplitting() throws {
    // arXiv:2409.00170, footnote 2, against the exact width: 0.87, 0.77, 0.64 at m_A′ = 3m₁.
    for (ratio, expected) in [(0.1, 0.87), (0.2, 0.77), (0.4, 0.64)] {
      let point = try point(1, ratio)
      let share = point.chi2Widths().electrons / point.dielectronWidthSmallSplitting()
      #expect(abs(share - expected) < 0.005)  // The numbers are given with two figures.
    }
    // Δ/m₁ → 0 with Δ ≫ 2m_e: the first correction is -3Δ/2m₁ (0.87 at 0.1).
    let tiny = try point(1000, 1e-3)
    #expect(abs(tiny.chi2Widths().electrons / tiny.dielectronWidthSmallSplitting() - 1) < 3e-3)
  }

  @Test("the printed example has a proper decay length of 10 cm", .tags(.reference))
  func decayLength() throws {
    // arXiv:2409.00170, p. 2: Δ = 20 MeV, mA = 100 MeV, ε² α_D = 1e-7. "cτ/γ ≈ 10 cm" there.
    let point = try ModelPoint(chi1Mass: 0.03, massSplitting: 0.02, darkPhotonMass: 0.1)
    let length = properDecayLength(ofWidth: point.dielectronWidthSmallSplitting() * 1e-7)
    #expect(abs(length / (10 * .cm) - 1) < 0.05)  // One figure is printed.
    let exact = try #require(
      point.chi2Widths().properDecayLength(epsilonSquared: 1e-6, alphaD: 0.1))
    #expect(exact > length)
  }

  @Test("a closed channel is exactly 0, at its threshold too", .tags(.limit))
  func closedChannels() throws {
    for (flavour, mass) in LeptonFlavour.allCases.map({ ($0, $0.mass) }) {
      for splitting in [2 * mass, (2 * mass).nextDown, mass] {
        let point = try ModelPoint(chi1Mass: 10, massSplitting: splitting, darkPhotonMass: 40)
        #expect(point.chi2Widths().width(flavour) == 0)
      }
      let open = try ModelPoint(chi1Mass: 10, massSplitting: 2.001 * mass, darkPhotonMass: 40)
      #expect(open.chi2Widths().width(flavour) > 0)
    }
    for (splitting, isOpen) in [
      (SpectralFunction.hadronThreshold, false), (SpectralFunction.hadronThreshold * 1.001, true),
    ] {
      let point = try ModelPoint(chi1Mass: 1, massSplitting: splitting, darkPhotonMass: 4)
      #expect((point.chi2Widths().hadrons > 0) == isOpen)
    }
    let stable = try ModelPoint(chi1Mass: 1, massSplitting: 0, darkPhotonMass: 3)
    #expect(stable.chi2Widths().total == 0)
    #expect(stable.chi2Widths().properDecayLength(epsilonSquared: 1e-6, alphaD: 0.1) == nil)
    #expect(stable.chi2Widths().branchingRatio(.electron) == 0)
  }

  @Test("branching ratios and hadrons make up the whole", .tags(.identity))
  func branchingRatios() throws {
    let widths = try point(1, 0.6).chi2Widths()
    let leptons = LeptonFlavour.allCases.reduce(0) { $0 + widths.branchingRatio($1) }
    #expect(abs(leptons + widths.hadrons / widths.total - 1) < 1e-15)
    // Far above the thresholds electrons and muons are alike.
    let heavy = try point(20, 0.4).chi2Widths()
    // R_μ/R_e - 1 ≈ -6 m⁴/q⁴, and q is rarely near 2m_μ: some per mille of the rate.
    #expect(abs(heavy.muons / heavy.electrons - 1) < 0.25)
    #expect(heavy.muons < heavy.electrons)
  }

  @Test("the χ₂ spectrum is Γ_V times Γ₁₂ times a propagator", .tags(.identity))
  func spectrumFactors() throws {
    let point = try point(0.7, 0.5)
    let (m1, m2, mA) = (point.chi1Mass, point.chi2Mass, point.darkPhotonMass)
    for q in [0.01, 0.1, 0.2, 0.34] {
      // Γ₁₂ from χ₂ → χ₁V of a massive vector: -g + qq/q² on the trace of the vector current,
      // ½·4·[2(p₂·q)(p₁·q)/q² + p₁·p₂ - 3(-m₁m₂) …] with α_D: (p/8πm₂²) ⟨|M|²⟩.
      let p1p2 = (m1 * m1 + m2 * m2 - q * q) / 2
      let p1q = (m2 * m2 - m1 * m1 - q * q) / 2
      let p2q = (m2 * m2 - m1 * m1 + q * q) / 2
      // H = Tr[(p̸₁+m₁)γ^μ(p̸₂+m₂)γ^ν](-g_μν + q_μq_ν/q²), half for the average over spins.
      let H =
        0.5 * 4
        * (2 * p1p2 - 4 * m1 * m2 + (2 * p1q * p2q - q * q * (p1p2 - m1 * m2)) / (q * q))
      let p = twoBodyMomentum(mass: m2, m1, q)
      let decay = p / (8 * .pi * m2 * m2) * 4 * .pi * H
      let vector = alpha * q / 3
      let expected = q * vector * decay / (.pi * pow(q * q - mA * mA, 2))
      // 1e-11: 2p₁·p₂ - 4m₁m₂ and the rest cancel to (Δ² - q²)/m² of themselves.
      #expect(abs(point.chi2SpectrumPerR(pairMass: q) / expected - 1) < 1e-11)
    }
    #expect(point.chi2SpectrumPerR(pairMass: point.massSplitting) == 0)
    #expect(point.chi2SpectrumPerR(pairMass: 2) == 0)
  }
}

@Suite("Mediator widths") struct MediatorWidthTests {
  @Test("light χ leave α_D mA/3", .tags(.limit))
  func masslessLimit() throws {
    let point = try ModelPoint(chi1Mass: 1e-6, massSplitting: 0, darkPhotonMass: 2)
    // 1e-11: corrections are (m/mA)⁴, and rounding.
    #expect(abs(point.darkMediatorWidth(atVirtuality: 2) / (2.0 / 3) - 1) < 1e-11)
  }

  @Test("the width is the trace of the vector current over two-body phase space", .tags(.identity))
  func fromTrace() throws {
    let point = try ModelPoint(chi1Mass: 0.3, massSplitting: 0.2, darkPhotonMass: 2)
    let (m1, m2) = (0.3, 0.5)
    for Q in [0.81, 0.9, 2, 17] {
      // ⅓ Σ |M|² = (4/3) g² [2p₁·p₂ + 4m₁m₂ + (2(p₁·k)(p₂·k)/Q² - (p₁·p₂ + m₁m₂))]: Tr[(p̸₂+m₂)γ(p̸₁-m₁)γ]
      // contracted with -g + kk/Q². Γ = p/(8πQ²) of it with g² = 4π α_D; distinct Majorana fermions, no ½.
      let p1p2 = (Q * Q - m1 * m1 - m2 * m2) / 2
      let p1k = (Q * Q + m1 * m1 - m2 * m2) / 2
      let p2k = (Q * Q - m1 * m1 + m2 * m2) / 2
      let squared =
        4.0 / 3 * (2 * p1p2 + 4 * m1 * m2 + 2 * p1k * p2k / (Q * Q) - (p1p2 + m1 * m2))
      let expected = twoBodyMomentum(mass: Q, m1, m2) / (8 * .pi * Q * Q) * 4 * .pi * squared
      #expect(abs(point.darkMediatorWidth(atVirtuality: Q) / expected - 1) < 1e-13)
    }
    #expect(point.darkMediatorWidth(atVirtuality: 0.8) == 0)
    #expect(point.darkMediatorWidth(atVirtuality: 0.1) == 0)
  }

  @Test("the visible width of a light A′ is that of electrons", .tags(.limit))
  func visible() throws {
    let point = try ModelPoint(chi1Mass: 0.01, massSplitting: 0, darkPhotonMass: 0.05)
    let ratioToMassless = point.visibleMediatorWidth(atVirtuality: 0.05) / (alpha * 0.05 / 3)
    #expect(abs(ratioToMassless - 1) < 1e-6)  // 6 (m/Q)⁴ = 7·10⁻⁸.
    #expect(point.visibleMediatorWidth(atVirtuality: 2 * Mass.electron) == 0)
    let dark = point.darkMediatorWidth(atVirtuality: 0.05)
    let visible = point.visibleMediatorWidth(atVirtuality: 0.05)
    let ratio = point.darkBranchingRatio(epsilonSquared: 1e-2, alphaD: 0.1)
    #expect(abs(ratio - 0.1 * dark / (0.1 * dark + 1e-2 * visible)) < 1e-15)
    #expect(point.darkBranchingRatio(epsilonSquared: 0, alphaD: 0.1) == 1)
  }
}

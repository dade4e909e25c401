import Calculus
import DarkSector
import Decay
import Foundation
import Kinematics
import ParticleData
import Sampling
import Testing
import Units

/// A model point, a flavour, and what the Dalitz matrix element says of them.
private struct Dalitz {
  let (m1, m2, mA, m): (Double, Double, Double, Double)

  init(_ sampler: DecaySampler) {
    m1 = sampler.point.chi1Mass
    m2 = sampler.point.chi2Mass
    mA = sampler.point.darkPhotonMass
    m = sampler.flavour.mass
  }

  /// ⟨|M|²⟩/16ε²e²g_D² = [(p₁·k₊)(p₂·k₋) + (p₁·k₋)(p₂·k₊) + m²p₁·p₂ - m₁m₂(k₊·k₋ + 2m²)]/(q² - m_A′²)²
  /// from the energies of both leptons in the χ₂ frame.
  func squaredAmplitude(_ E: Double, _ EPrime: Double) -> Double {
    // s = (χ₁ + ℓ)² = (p₂ - k)²: p₁·k₊ from (p₂ - k₋)² and so on.
    let s = m2 * m2 + m * m - 2 * m2 * EPrime
    let u = m2 * m2 + m * m - 2 * m2 * E
    let p1Plus = (s - m1 * m1 - m * m) / 2
    let p1Minus = (u - m1 * m1 - m * m) / 2
    let q2 = m1 * m1 + m2 * m2 + 2 * m * m - s - u
    let p1p2 = (m1 * m1 + m2 * m2 - q2) / 2
    let plusMinus = (q2 - 2 * m * m) / 2
    let propagator = q2 - mA * mA
    let (p2Plus, p2Minus) = (m2 * E, m2 * EPrime)
    return (p1Plus * p2Minus + p1Minus * p2Plus + m * m * p1p2 - m1 * m2 * (plusMinus + 2 * m * m))
      / (propagator * propagator)
  }

  /// ∫ f |M|² dE dE′ over the Dalitz plot, by nested quadrature: in q² between graded
  /// edges and in the energy difference, broken at 0 for functions with a kink there.
  func integral(_ f: (Double, Double) -> Double) -> Double {
    let rule = GaussLegendre.order32
    let (low, high) = (4 * m * m, (m2 - m1) * (m2 - m1))
    let middle = (low * high).squareRoot()
    var edges = (0...30).map { low + (middle - low) * exp2(-Double(30 - $0)) }
    edges += (1...30).map { high - (high - middle) * exp2(-Double($0)) }
    return rule.integrate(over: edges) { q2 in
      // E + E′ and |k₊ + k₋| in the χ₂ frame; E - E′ runs over ± β |q⃗|.
      let sum = (m2 * m2 + q2 - m1 * m1) / (2 * m2)
      let momentum = (sum * sum - q2).squareRoot()
      let reach = momentum * (1 - 4 * m * m / q2).squareRoot()
      return GaussLegendre.order16.integrate(over: [-reach, 0, reach]) { difference in
        let (E, EPrime) = ((sum + difference) / 2, (sum - difference) / 2)
        return f(E, EPrime) * squaredAmplitude(E, EPrime)
      }
    }
  }
}

private let fast = LightFrontMomentum(plus: 200, x: 0.3, y: -0.2)

@Suite("χ₂ → χ₁ ℓ⁺ℓ⁻") struct Chi2DecayTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let (m1, ratio, flavour): (Double, Double, LeptonFlavour)
    var testDescription: String { "m₁ = \(m1), Δ/m₁ = \(ratio), \(flavour)" }
    func sampler() throws -> DecaySampler { try decaySampler(m1, ratio, flavour) }
  }

  static let cases = [
    Case(m1: 0.1, ratio: 0.4, flavour: .electron), Case(m1: 0.03, ratio: 0.1, flavour: .electron),
    Case(m1: 1, ratio: 0.4, flavour: .muon), Case(m1: 0.5, ratio: 0.8, flavour: .muon),
    Case(m1: 0.003, ratio: 0.4, flavour: .electron),
  ]

  @Test("the Dalitz matrix element is the trace over spins", .tags(.identity))
  func trace() {
    var stream = RandomStream(seed: 2, purpose: .test, point: 51, batch: 0)
    func vector(_ mass: Double) -> FourMomentum {
      FourMomentum(
        mass: mass, x: stream.uniform(in: -1...1), y: stream.uniform(in: -1...1),
        z: stream.uniform(in: -1...1))
    }
    for _ in 0..<50 {
      let (m1, m2, m) = (0.4, 0.9, 0.2)
      let (p1, p2, plus, minus) = (vector(m1), vector(m2), vector(m), vector(m))
      // ½ Σ |ū₁γ^μu₂ ū₋γ_μv₊|² = ½ Tr[(p̸₁+m₁)γ^μ(p̸₂+m₂)γ^ν] Tr[(k̸₋+m)γ_μ(k̸₊-m)γ_ν].
      var sum = 0.0
      for mu in 0..<4 {
        for nu in 0..<4 {
          let (g, h) = (DiracMatrix.gamma[mu], DiracMatrix.gamma[nu])
          let dark = (DiracMatrix.slash(p1) + .scalar(m1)) * g * (.slash(p2) + .scalar(m2)) * h
          let light = (DiracMatrix.slash(minus) + .scalar(m)) * g * (.slash(plus) - .scalar(m)) * h
          sum += 0.5 * metric[mu] * metric[nu] * (dark.trace * light.trace).re
        }
      }
      let first = p1.dot(plus) * p2.dot(minus) + p1.dot(minus) * p2.dot(plus)
      let second = m * m * p1.dot(p2) - m1 * m2 * (plus.dot(minus) + 2 * m * m)
      // 1e-12: 16 products of traces of some ten units each.
      #expect(abs(sum / (16 * (first + second)) - 1) < 1e-12)
    }
  }

  @Test(
    "the matrix element over the Dalitz plot gives the width", .tags(.identity), arguments: cases)
  func width(_ test: Case) throws {
    let sampler = try test.sampler()
    let dalitz = Dalitz(sampler)
    // Γ = 1/(64π³ m₂) ∫ ⟨|M|²⟩ dE dE′, and dE dE′ = dq² d(E-E′)/(4m₂); e² g_D² = 16π² α α_D.
    let e2g2 = 16 * .pi * .pi * PhysicalConstant.fineStructure
    let brute =
      16 * e2g2 * dalitz.integral { _, _ in 1 } / (64 * pow(.pi, 3) * dalitz.m2 * 4 * dalitz.m2)
    let width = sampler.point.chi2Widths().width(test.flavour)
    // 1e-8: the graded cells leave out 2⁻³⁰ of the range, where the integrand vanishes; p₁·p₂ and the
    // rest cancel to (Δ/m)² of themselves.
    #expect(abs(width / brute - 1) < 1e-8)
  }

  @Test(
    "pair masses follow their density, and a wrong one is rejected", .tags(.statistical),
    arguments: cases, [false, true])
  func pairMass(_ test: Case, unweighted: Bool) throws {
    let sampler = try test.sampler()
    let point = sampler.point
    let (m, delta) = (test.flavour.mass, point.massSplitting)
    // The density as printed: R(q²) with the lepton's mass, and the spectrum per unit of R.
    let density = { (q: Double) -> Double in
      2 * q * SpectralFunction.lepton(test.flavour, at: q) * point.chi2SpectrumPerR(pairMass: q)
    }
    // Without the propagator and with massless leptons, of the phase space alone: 5 to 30 % away.
    let wrong = { (q: Double) -> Double in
      twoBodyMomentum(mass: point.chi2Mass, point.chi1Mass, q) * twoBodyMomentum(mass: q, m, m)
    }
    let bins = 40
    let edges = (0...bins).map { index -> Double in
      // Geometric edges: electrons pile up at small q.
      index == bins ? delta : 2 * m * pow(delta / (2 * m), Double(index) / Double(bins))
    }
    func shares(_ density: (Double) -> Double) -> [Double] {
      let parts = (0..<bins).map { bin -> Double in
        // The root at threshold sits in the first bin: q = edge + x² takes it away.
        let width = (edges[bin + 1] - edges[bin]).squareRoot()
        return GaussLegendre.order32.integrate(from: 0, to: width) { x in
          density(edges[bin] + x * x) * 2 * x
        }
      }
      let total = parts.reduce(0, +)
      return parts.map { $0 / total }
    }
    var histogram = WeightedHistogram(edges: edges)
    var weight = WeightedMean()
    var (least, most) = (Double.infinity, 0.0)
    sampler.forEachDecay(of: 400_000, mediator: fast, unweighted: unweighted) { event in
      histogram.add(event.pairMass, weight: event.chainWeight)
      weight.add(event.chainWeight)
      least = min(least, event.chainWeight)
      most = max(most, event.chainWeight)
      if event.pairMass < 2 * m || event.pairMass > delta { least = -1 }
    }
    let p = histogram.probability(expectedShares: shares(density))
    #expect(p > 1e-3 && p < 0.999, "p = \(p)")
    #expect(histogram.probability(expectedShares: shares(wrong)) < 1e-12)
    // Exact over tabulated density: 1 on average, and near 1 but for the bins at both ends, where a root
    // to the power 3/2 exceeds its mean by up to 5/2; and the law of the angle over the one drawn, at most 2.
    #expect(least >= 0 && most < 5)
    #expect(unweighted || abs(weight.value - 1) < 4 * weight.error)
  }

  @Test(
    "leptons have the angular law 1 - η cos²θ in the pair's frame", .tags(.statistical),
    arguments: cases, [false, true])
  func leptonAngle(_ test: Case, unweighted: Bool) throws {
    let sampler = try test.sampler()
    let (m1, m) = (sampler.point.chi1Mass, test.flavour.mass)
    let sum = sampler.point.pairThreshold
    var histogram = WeightedHistogram(edges: (0...20).map { -1 + Double($0) / 10 })
    var expected = [Double](repeating: 0, count: 20)
    var flat = expected
    var charges = WeightedMean()
    var worst = 0.0
    sampler.forEachDecay(of: 200_000, mediator: fast, unweighted: unweighted) { event in
      let q = event.pairMass
      // Back to the pair's rest frame, from laboratory momenta alone.
      let pair = LightFrontMomentum(
        plus: event.positive.plus + event.negative.plus, x: event.positive.x + event.negative.x,
        y: event.positive.y + event.negative.y)
      let k = event.positive.inRestFrame(ofParent: pair, mass: q).fourMomentum(mass: m)
      let n = event.chi1.inRestFrame(ofParent: pair, mass: q).fourMomentum(mass: m1)
      let lengths = (k.x * k.x + k.y * k.y + k.z * k.z) * (n.x * n.x + n.y * n.y + n.z * n.z)
      let cosine = (k.x * n.x + k.y * n.y + k.z * n.z) / lengths.squareRoot()
      worst = max(worst, abs(2 * k.energy / q - 1))
      histogram.add(min(max(cosine, -1), 1 - 1e-15), weight: event.chainWeight)
      charges.add(event.chainWeight * cosine)
      // The law, at this event's q: ∫(1 - ηc²)dc over a bin, normalised.
      let beta2 = 1 - 4 * m * m / (q * q)
      let rest = sum * sum - q * q
      let eta = beta2 * rest / (rest + q * q * (3 - beta2))
      for bin in 0..<20 {
        let (a, b) = (histogram.edges[bin], histogram.edges[bin + 1])
        expected[bin] +=
          event.chainWeight * (b - a - eta * (b * b * b - a * a * a) / 3) / (2 - 2 * eta / 3)
        flat[bin] += event.chainWeight * (b - a) / 2
      }
    }
    let shares = expected.map { $0 / histogram.total }
    let p = histogram.probability(expectedShares: shares)
    #expect(p > 1e-3 && p < 0.999, "p = \(p)")
    #expect(histogram.probability(expectedShares: flat.map { $0 / histogram.total }) < 1e-12)
    #expect(abs(charges.value) < 4 * charges.error)
    // 1e-11: E = q/2 after the boosts of the pair, whose mass can be 1/40 of its energy, and back.
    #expect(worst < 1e-11)
  }

  @Test(
    "moments of the lepton energies agree with the Dalitz plot", .tags(.identity), arguments: cases)
  func moments(_ test: Case) throws {
    let sampler = try test.sampler()
    let dalitz = Dalitz(sampler)
    let functions: [(String, @Sendable (Double, Double) -> Double)] = [
      ("E₊", { E, _ in E }), ("E₊²", { E, _ in E * E }), ("E₊³", { E, _ in E * E * E }),
      ("E₊E₋", { E, EPrime in E * EPrime }), ("(E₊ - E₋)²", { ($0 - $1) * ($0 - $1) }),
      ("min", { min($0, $1) }), ("E₊ + E₋", { $0 + $1 }),
    ]
    var means = functions.map { _ in WeightedMean() }
    sampler.forEachDecay(of: 400_000, mediator: fast) { event in
      let m2 = dalitz.m2
      let E = event.positive.inRestFrame(ofParent: event.chi2, mass: m2)
        .fourMomentum(mass: dalitz.m).energy
      let EPrime = event.negative.inRestFrame(ofParent: event.chi2, mass: m2)
        .fourMomentum(mass: dalitz.m).energy
      let weight = event.chainWeight
      for (index, function) in functions.enumerated() {
        means[index].add(weight * function.1(E, EPrime))
      }
    }
    let norm = dalitz.integral { _, _ in 1 }
    for (index, (name, function)) in functions.enumerated() {
      let expected = dalitz.integral(function) / norm
      let pull = (means[index].value - expected) / means[index].error
      // The quadrature is exact beside the Monte Carlo.
      #expect(abs(pull) < 4, "\(name): \(means[index].value), expected \(expected)")
      // What phase space alone would give lies outside the error.
      if name == "E₊²" {
        let space = dalitz.flatMean(function)
        #expect(abs(means[index].value - space) > 5 * means[index].error)
      }
    }
  }

  @Test(
    "the decay products of a fast χ₂ have the masses they should", .tags(.identity),
    arguments: [1.5, 100, 1e4])
  func masses(gamma: Double) throws {
    let sampler = try decaySampler(0.1, 0.4, .electron)
    let point = sampler.point
    let (mA, m) = (point.darkPhotonMass, Mass.electron)
    let mediator = LightFrontMomentum(
      FourMomentum(mass: mA, x: 0.05, y: -0.02, z: mA * (gamma * gamma - 1).squareRoot()), mass: mA)
    var worst = (pair: 0.0, chi2: 0.0, chi1: 0.0)
    sampler.forEachDecay(of: 20_000, mediator: mediator) { event in
      let (plus, minus, chi1) = (event.positive, event.negative, event.chi1)
      let pairPlus = plus.plus + minus.plus
      let (x, y) = (plus.x + minus.x, plus.y + minus.y)
      let pairMinus = plus.minus(mass2: m * m) + minus.minus(mass2: m * m)
      let pair2 = pairPlus * pairMinus - x * x - y * y
      worst.pair = max(worst.pair, abs(pair2 / (event.pairMass * event.pairMass) - 1))
      // χ₂² from χ₁ on its shell and the pair: m₁ is right when this is m₂².
      let chi2Minus = pairMinus + chi1.minus(mass2: point.chi1Mass * point.chi1Mass)
      let chi2Squared =
        event.chi2.plus * chi2Minus - event.chi2.x * event.chi2.x - event.chi2.y * event.chi2.y
      worst.chi2 = max(worst.chi2, abs(chi2Squared / (point.chi2Mass * point.chi2Mass) - 1))
      // And A′: χ₂ and the first χ₁ together have the mass of the mediator.
      let first = LightFrontMomentum(
        plus: mediator.plus - event.chi2.plus, x: mediator.x - event.chi2.x,
        y: mediator.y - event.chi2.y)
      let total =
        mediator.plus
        * (first.minus(mass2: point.chi1Mass * point.chi1Mass)
          + event.chi2.minus(mass2: point.chi2Mass * point.chi2Mass))
        - mediator.x * mediator.x - mediator.y * mediator.y
      worst.chi1 = max(worst.chi1, abs(total / (mA * mA) - 1))
    }
    // The same at every γ, since all p⁺ scale alike. A′ and χ₂ decay into heavy bodies: some roundings. χ₁
    // is a difference of χ₂ and leptons, and pairs of 1 MeV cancel p_⊥² of (40 MeV)²: three digits each.
    #expect(worst.chi1 < 1e-14)
    #expect(worst.chi2 < 1e-12)
    #expect(worst.pair < 1e-11)
  }

  @Test("a closed channel is refused, at its threshold too", .tags(.limit))
  func closed() throws {
    for flavour in LeptonFlavour.allCases {
      let m = flavour.mass
      for splitting in [m, 2 * m] {
        let point = try ModelPoint(chi1Mass: 3, massSplitting: splitting, darkPhotonMass: 12)
        let expected = DarkSectorError.closedChannel(splitting: splitting, threshold: 2 * m)
        #expect(throws: expected) { try DecaySampler(point, flavour: flavour, width: 1) }
      }
      let open = try ModelPoint(chi1Mass: 3, massSplitting: 2 * m * (1 + 1e-6), darkPhotonMass: 12)
      let sampler = try DecaySampler(
        open, flavour: flavour, width: open.chi2Widths().width(flavour))
      // Just above threshold all goes on as before.
      sampler.forEachDecay(of: 2000, mediator: fast) { event in
        let isFine =
          event.chainWeight.isFinite && event.chainWeight >= 0 && event.positive.plus > 0
          && event.pairMass >= 2 * m && event.pairMass <= open.massSplitting
        if !isFine { Issue.record("\(event)") }
      }
      #expect(throws: DarkSectorError.self) { try DecaySampler(open, flavour: flavour, width: 0) }
    }
  }
}

extension Dalitz {
  /// The mean of a function over flat phase space.
  func flatMean(_ f: (Double, Double) -> Double) -> Double {
    let weighted = { (g: (Double, Double) -> Double) in
      integral { g($0, $1) / squaredAmplitude($0, $1) }
    }
    return weighted(f) / weighted { _, _ in 1 }
  }
}

import Background
import Calculus
import Kinematics
import ParticleData
import Sampling
import Testing
import Units

/// The mean and its standard error of weighted or plain numbers.
struct Mean {
  private var (sum, squares, count) = (0.0, 0.0, 0.0)

  mutating func add(_ x: Double) {
    sum += x
    squares += x * x
    count += 1
  }

  var value: Double { sum / count }
  var error: Double { (max(squares / count - value * value, 0) / count).squareRoot() }
}

/// K_L3 by itself: the density of PDG 2024 over energies of lepton and pion, on its own region of them.
private struct KaonDalitz {
  let lepton: Double
  let M = Mass.neutralKaon
  let pi = Mass.chargedPion

  /// A + Bξ + Cξ² times f₊², energies in the kaon's rest frame.
  func density(lepton E: Double, pion: Double) -> Double {
    let q2 = M * M + pi * pi - 2 * M * pion
    let fPlus = 1 + 0.0282 * q2 / (pi * pi)
    let fZero = 1 + 0.0138 * q2 / (pi * pi)
    // f₀ = f₊ + q²/(M² - m_π²) f₋.
    let fMinus = (fZero - fPlus) * (M * M - pi * pi) / q2
    let neutrino = M - E - pion
    let rest = (M * M + pi * pi - lepton * lepton) / (2 * M) - pion
    let A = M * (2 * E * neutrino - M * rest) + lepton * lepton * (rest / 4 - neutrino)
    let B = lepton * lepton * (neutrino - rest / 2)
    let C = lepton * lepton * rest / 4
    return fPlus * fPlus * A + fPlus * fMinus * B + fMinus * fMinus * C
  }

  /// The least and the largest energy of the lepton for a pion's.
  func leptonRange(pion: Double) -> (Double, Double) {
    let p = (pion * pion - pi * pi).squareRoot()
    let q2 = M * M + pi * pi - 2 * M * pion
    // In the frame of lepton and neutrino the lepton has E*, p*; the pair moves with p.
    let (energy, momentum) = ((q2 + lepton * lepton), (q2 - lepton * lepton))
    let middle = energy * (M - pion) / (2 * q2)
    let reach = momentum * p / (2 * q2)
    return (middle - reach, middle + reach)
  }

  var largestPion: Double { (M * M + pi * pi - lepton * lepton) / (2 * M) }

  /// The integral over the lepton's energy.
  func spectrum(pion: Double) -> Double {
    let (least, most) = leptonRange(pion: pion)
    return GaussLegendre.order16.integrate(from: least, to: most) {
      density(lepton: $0, pion: pion)
    }
  }

  /// The integral of the lepton's energy over the whole region.
  func leptonMoment() -> Double {
    GaussLegendre.order64.integrate(from: pi, to: largestPion) { (pion: Double) -> Double in
      let (least, most) = leptonRange(pion: pion)
      return GaussLegendre.order16.integrate(from: least, to: most) { (E: Double) -> Double in
        E * density(lepton: E, pion: pion)
      }
    }
  }

  /// The integral from one pion's energy to another's.
  func integral(from a: Double, to b: Double) -> Double {
    GaussLegendre.order64.integrate(from: a, to: b) { spectrum(pion: $0) }
  }
}

@Suite("Decays of long-lived hadrons")
struct HadronDecaySamplerTests {
  private func stream(_ point: Int) -> RandomStream {
    RandomStream(seed: 20_240_906, purpose: .test, point: UInt64(point), batch: 3)
  }

  /// A decay by its name.
  private func decay(_ name: String) throws -> HadronDecay {
    try #require(HadronDecay.all.first { $0.name == name }, "\(name)")
  }

  private func sum(_ products: HadronDecaySampler.Products) -> FourMomentum {
    products.photons.reduce(products.positive + products.negative, +)
  }

  // MARK: all decays

  @Test(
    "momenta add up to the parent's, or lack one massless neutrino; every particle has its mass",
    .tags(.identity), arguments: HadronDecay.all.indices)
  func balance(index: Int) {
    let decay = HadronDecay.all[index]
    let (sampler, mass) = (HadronDecaySampler(decay), decay.parent.mass)
    var stream = stream(index)
    for _ in 0..<2000 {
      let products = sampler(&stream)
      let missing = FourMomentum(energy: mass, x: 0, y: 0, z: 0) - sum(products)
      // 1e-14 GeV: ten sums of energies below 1 GeV; boosts from a pair of electrons at its threshold have γ up to 500, which
      // enters squared in squared masses.
      if decay.name.hasSuffix("nu") {
        #expect(abs(missing.invariantMassSquared) < 1e-10 && missing.energy >= 0, "\(decay.name)")
      } else {
        for component in [missing.energy, missing.x, missing.y, missing.z] {
          #expect(abs(component) < 1e-12, "\(decay.name): \(missing)")
        }
      }
      for (p, m) in [
        (products.positive, decay.positive.mass), (products.negative, decay.negative.mass),
      ] {
        #expect(abs(p.invariantMassSquared - m * m) < 1e-12, "\(decay.name)")
      }
      for photon in products.photons {
        #expect(abs(photon.invariantMassSquared) < 1e-12 && photon.energy > 0)
      }
      #expect(products.weight >= 0 && products.weight.isFinite)
    }
    // γγ of each π⁰, a γ of a Dalitz decay.
    let photons =
      switch decay.name {
      case let name where name.contains("3 pi0"): 5
      case let name where name.contains("2 pi0"): 3
      case let name where name.hasSuffix("pi0"): 2
      case let name where name.hasSuffix("gamma"): 1
      default: 0
      }
    #expect(sampler(&stream).photons.count == photons, "\(decay.name)")
  }

  @Test("weights have the mean 1", .tags(.statistical), arguments: HadronDecay.all.indices)
  func weights(index: Int) {
    let sampler = HadronDecaySampler(HadronDecay.all[index])
    var (stream, mean) = (stream(100 + index), Mean())
    for _ in 0..<40_000 { mean.add(sampler(&stream).weight) }
    // Five standard errors; 1e-12 for those whose weight is 1.
    #expect(abs(mean.value - 1) < 5 * mean.error + 1e-12, "\(sampler.decay.name): \(mean.value)")
  }

  @Test("branching ratios of each parent add up to less than 1, names are each their own")
  func table() {
    for parent in LongLivedHadron.allCases {
      let sum = HadronDecay.all.filter { $0.parent == parent }.reduce(0) { $0 + $1.branchingRatio }
      #expect(sum <= 1, "\(parent)")
    }
    #expect(Set(HadronDecay.all.map(\.name)).count == HadronDecay.all.count)
    // CP: Λ and Λ̄ alike, with charges exchanged.
    for decay in HadronDecay.all where decay.parent == .lambda {
      #expect(
        HadronDecay.all.contains {
          $0.parent == .antilambda && $0.positive == decay.negative
            && $0.negative == decay.positive && $0.branchingRatio == decay.branchingRatio
        })
    }
  }

  @Test("two bodies fly evenly in the sphere, back to back at the momentum of the phase space")
  func twoBodies() throws {
    let sampler = HadronDecaySampler(try decay("Lambda -> p pi-"))
    var stream = stream(300)
    var histograms = (0..<3).map { _ in
      WeightedHistogram(edges: (0...20).map { Double($0) / 10 - 1 })
    }
    // PDG 2024: p = 101 MeV.
    let p = twoBodyMomentum(mass: Mass.lambda, Mass.proton, Mass.chargedPion)
    #expect(abs(p - 0.101) < 0.000_5)  // three printed digits
    for _ in 0..<100_000 {
      let positive = sampler(&stream).positive
      // 1e-14: a root of a sum of three squares.
      #expect(abs(positive.momentum - p) < 1e-14)
      for (k, component) in [positive.x, positive.y, positive.z].enumerated() {
        histograms[k].add(component / p)
      }
    }
    let even = [Double](repeating: 1.0 / 20, count: 20)
    // A right sampler falls below once in 10⁴ such tests; a density of 1 + cosine/20 has a probability below it.
    for histogram in histograms { #expect(histogram.probability(expectedShares: even) > 1e-4) }
    let slanted = (0..<20).map { (bin: Int) -> Double in
      let middle = Double(bin) / 10 - 0.95
      return (1 + middle / 20) / 20
    }
    #expect(histograms[2].probability(expectedShares: slanted) < 1e-4)
  }

  // MARK: K_l3

  @Test(
    "pions of K -> pi l nu have the spectrum of the Dalitz density, integrated by itself",
    .tags(.statistical),
    arguments: [("K_L -> pi+ e- nu", Mass.electron), ("K_S -> mu+ pi- nu", Mass.muon)])
  func kaonSpectrum(name: String, lepton: Double) throws {
    let sampler = HadronDecaySampler(try decay(name))
    let dalitz = KaonDalitz(lepton: lepton)
    let edges = (0...24).map {
      dalitz.pi + (dalitz.largestPion - dalitz.pi) * Double($0) / 24
    }
    var (stream, histogram) = (stream(400), WeightedHistogram(edges: edges))
    var leptons = Mean()
    for _ in 0..<200_000 {
      let products = sampler(&stream)
      let isPositive = sampler.decay.positive == .pion
      histogram.add(
        isPositive ? products.positive.energy : products.negative.energy, weight: products.weight)
      leptons.add(
        products.weight * (isPositive ? products.negative.energy : products.positive.energy))
    }
    let total = dalitz.integral(from: dalitz.pi, to: dalitz.largestPion)
    let shares = zip(edges, edges.dropFirst()).map { dalitz.integral(from: $0, to: $1) / total }
    // A right sampler falls below once in 10⁴; phase space alone is nowhere near.
    #expect(histogram.probability(expectedShares: shares) > 1e-4)
    let space = zip(edges, edges.dropFirst()).map { (a: Double, b: Double) -> Double in
      GaussLegendre.order16.integrate(from: a, to: b) { (pion: Double) -> Double in
        let (least, most) = dalitz.leptonRange(pion: pion)
        return most - least
      }
    }
    let spaceTotal = space.reduce(0, +)
    #expect(histogram.probability(expectedShares: space.map { $0 / spaceTotal }) < 1e-6)
    // The other axis of the plot by its mean.
    let moment = dalitz.leptonMoment()
    #expect(abs(leptons.value - moment / total) < 5 * leptons.error)
  }

  @Test("K_mu3 to K_e3 is 0.66 to 0.67 with one coupling for both leptons", .tags(.reference))
  func universality() throws {
    func rate(_ name: String, lepton: Double) throws -> Double {
      let (M, pi) = (Mass.neutralKaon, Mass.chargedPion)
      return HadronDecaySampler.meanAmplitude(try decay(name))
        * ((M - pi) * (M - pi) - lepton * lepton)
    }
    let ours =
      try rate("K_L -> pi+ mu- nu", lepton: Mass.muon)
      / rate("K_L -> pi+ e- nu", lepton: Mass.electron)
    func integral(_ lepton: Double) -> Double {
      let dalitz = KaonDalitz(lepton: lepton)
      return dalitz.integral(from: dalitz.pi, to: dalitz.largestPion)
    }
    let independent = integral(Mass.muon) / integral(Mass.electron)
    // 1e-4: Gauss-Legendre on the root at the end of the pion's spectrum; PDG 2024, 0.2704/0.4055 = 0.667, has radiation in it.
    #expect(abs(ours / independent - 1) < 1e-4, "\(ours) \(independent)")
    #expect(ours > 0.66 && ours < 0.67, "\(ours)")
  }

  // MARK: Λ

  @Test("the lepton of Lambda -> p l nu ends where the proton is left at its least mass")
  func lambdaEndpoint() throws {
    for (name, lepton) in [("Lambda -> p e- nu", Mass.electron), ("Lambda -> p mu- nu", Mass.muon)]
    {
      let sampler = HadronDecaySampler(try decay(name))
      var (stream, largest) = (stream(500), 0.0)
      for _ in 0..<50_000 { largest = max(largest, sampler(&stream).negative.energy) }
      let (M, m) = (Mass.lambda, Mass.proton)
      let end = (M * M + lepton * lepton - m * m) / (2 * M)
      // 2 %: phase space falls with the square of the distance from the end, so that of 50 000 the last is 1/√50 000 of the
      // width from it, some 0.5 %.
      #expect(largest < end + 1e-12 && largest > 0.98 * end, "\(name): \(largest) of \(end)")
    }
  }

  @Test("Lambda -> p mu nu to Lambda -> p e nu is 0.16 to 0.18", .tags(.reference))
  func lambdaUniversality() throws {
    func rate(_ name: String, lepton: Double) throws -> Double {
      let width = Mass.lambda - Mass.proton
      return HadronDecaySampler.meanAmplitude(try decay(name)) * (width * width - lepton * lepton)
    }
    let ratio =
      try rate("Lambda -> p mu- nu", lepton: Mass.muon)
      / rate("Lambda -> p e- nu", lepton: Mass.electron)
    // BESIII, arXiv:2107.06704: 0.178(28), and 0.153(8) of theory to leading order in (m_Λ - m_p)/m_Λ; exact kinematics gives more.
    #expect(ratio > 0.15 && ratio < 0.18, "\(ratio)")
  }

  @Test(
    "the electron's mean energy in Lambda -> p e nu tells the sign of g_A/g_V", .tags(.statistical))
  func lambdaSpectrum() throws {
    let sampler = HadronDecaySampler(try decay("Lambda -> p e- nu"))
    var (stream, mean) = (stream(510), Mean())
    for _ in 0..<200_000 {
      let products = sampler(&stream)
      mean.add(products.weight * products.negative.energy)
    }
    // By itself: |M|² of constant g over lepton and proton energies, as products of four-vectors in the rest frame.
    let (M, m) = (Mass.lambda, Mass.proton)
    func average(_ g: Double) -> Double {
      // E_e and E_ν independent variables, with s of the proton from energies: recoil exact, m_e = 0.
      func integral(_ power: Int) -> Double {
        GaussLegendre.order64.integrate(from: 0, to: (M * M - m * m) / (2 * M)) {
          (E: Double) -> Double in
          // For massless leptons cosine between them runs over [-1, 1]: E_ν from energy balance at either end.
          let least = (M * M - m * m - 2 * M * E) / (2 * M)
          let most = (M * M - m * m - 2 * M * E) / (2 * (M - 2 * E))
          return GaussLegendre.order64.integrate(from: least, to: most) { (nu: Double) -> Double in
            let leptons = (m * m - M * M + 2 * M * (E + nu)) / 2
            let first = (1 + g) * (1 + g) * M * nu * (M * E - leptons)
            let second = (1 - g) * (1 - g) * M * E * (M * nu - leptons)
            let amplitude: Double = first + second - (1 - g * g) * M * m * leptons
            return power == 1 ? amplitude * E : amplitude
          }
        }
      }
      return integral(1) / integral(0)
    }
    // Five standard errors; m_e shifts the mean by m_e²/E of 10⁻⁶.
    #expect(abs(mean.value - average(0.718)) < 5 * mean.error, "\(mean.value) \(average(0.718))")
    #expect(abs(mean.value - average(-0.718)) > 10 * mean.error)
  }

  // MARK: K_L → 3π

  @Test("K_L -> pi+ pi- pi0 has the slopes of the Dalitz plot", .tags(.statistical))
  func threePions() throws {
    let sampler = HadronDecaySampler(try decay("K_L -> pi+ pi- pi0"))
    let (M, pi) = (Mass.neutralKaon, Mass.chargedPion)
    let most = (M - Mass.neutralPion) * (M - Mass.neutralPion)
    let edges = (0...20).map { 4 * pi * pi + (most - 4 * pi * pi) * Double($0) / 20 }
    var (stream, histogram) = (stream(600), WeightedHistogram(edges: edges))
    for _ in 0..<200_000 {
      let products = sampler(&stream)
      histogram.add(
        (products.positive + products.negative).invariantMassSquared, weight: products.weight)
    }
    // By itself: phase space in s₃ and s₁, |M|² = 1 + g u + h u² + k v², PDG 2024.
    func shares(_ g: Double) -> [Double] {
      let middle = (M * M + 2 * pi * pi + Mass.neutralPion * Mass.neutralPion) / 3
      let bins = zip(edges, edges.dropFirst()).map { (a: Double, b: Double) -> Double in
        GaussLegendre.order32.integrate(from: a, to: b) { (s3: Double) -> Double in
          let u = (s3 - middle) / (pi * pi)
          let pair = s3.squareRoot()
          // s₁ - s₂ between ± its largest value.
          let (p, q) = (
            twoBodyMomentum(mass: M, pair, Mass.neutralPion), twoBodyMomentum(mass: pair, pi, pi)
          )
          let reach = 4 * M * p * q / pair
          return GaussLegendre.order16.integrate(from: -reach, to: reach) {
            (difference: Double) -> Double in
            let v = difference / (pi * pi)
            return 1 + g * u + 0.076 * u * u + 0.0099 * v * v
          }
        }
      }
      let total = bins.reduce(0, +)
      return bins.map { $0 / total }
    }
    // Once in 10⁴ for a right sampler; a slope 8 % off is refused.
    #expect(histogram.probability(expectedShares: shares(0.678)) > 1e-4)
    #expect(histogram.probability(expectedShares: shares(0.62)) < 1e-4)
  }

  // MARK: Dalitz pairs

  @Test("pi0 -> e e gamma to gamma gamma is 0.01185 in the formula and in the density drawn from")
  func krollWada() {
    let (M, m, alpha) = (Mass.neutralPion, Mass.electron, PhysicalConstant.fineStructure)
    let most = Elementary.log(M * M / (4 * m * m))
    // ln s in squares from the threshold, where the density has a root.
    let integral = GaussLegendre.order64.integrate(from: 0, to: most.squareRoot()) { t in
      2 * t
        * HadronDecaySampler.pairMassDensity(4 * m * m * Elementary.exp(t * t), M, lepton: m)
    }
    let ratio = 2 * alpha / (3 * .pi) * integral
    let formula = 2 * alpha / (3 * .pi) * (2 * Elementary.log(M / m) - 3.5)
    // 1e-5: the formula leaves out (m/M)² ln(M/m) of 10⁻⁴ of itself at most. D. W. Joseph, Nuovo Cim. 16, 997 (1960): 0.01185.
    #expect(abs(ratio - formula) < 1e-5 && abs(ratio - 0.011_85) < 5e-6, "\(ratio) \(formula)")
    // PDG 2024: 1.174 % of 98.823 %, within its error of 0.035 % and radiation.
    #expect(abs(ratio - 0.011_74 / 0.988_23) < 4e-4)
  }

  @Test("pairs of K_L -> l l gamma have the masses and the angles of a virtual photon")
  func leptonPairs() throws {
    for (name, lepton) in [
      ("K_L -> e+ e- gamma", Mass.electron), ("K_L -> mu+ mu- gamma", Mass.muon),
    ] {
      let sampler = HadronDecaySampler(try decay(name))
      let M = Mass.neutralKaon
      let range = Elementary.log(M * M / (4 * lepton * lepton))
      let edges = (0...20).map { 4 * lepton * lepton * Elementary.exp(range * Double($0) / 20) }
      var histogram = WeightedHistogram(edges: edges)
      var (stream, angles) = (stream(700), Mean())
      for _ in 0..<100_000 {
        let products = sampler(&stream)
        let pair = products.positive + products.negative
        let s = pair.invariantMassSquared
        histogram.add(s)
        // cosine in the pair's frame from energies: E₊ - E₋ = p_pair β cosine.
        let beta = max(1 - 4 * lepton * lepton / s, 1e-12).squareRoot()
        let cosine =
          (products.positive.energy - products.negative.energy) / (pair.momentum * beta)
        // Its mean square for 1 + c² + ρ(1 - c²), ρ = 4m²/s, less what is expected.
        let rho = 4 * lepton * lepton / s
        let expected = ((1 + rho) / 3 + (1 - rho) / 5) / ((1 + rho) + (1 - rho) / 3)
        angles.add(cosine * cosine - expected)
      }
      // dΓ/ds by itself: Kroll and Wada, as PDG 2024 prints it for η.
      let bins = zip(edges, edges.dropFirst()).map { (a: Double, b: Double) -> Double in
        GaussLegendre.order64.integrate(from: a, to: b) { (s: Double) -> Double in
          let x = s / (M * M)
          let r = lepton * lepton / s
          let cubed = (1 - x) * (1 - x) * (1 - x)
          return cubed / s * (1 + 2 * r) * (1 - 4 * r).squareRoot()
        }
      }
      let total = bins.reduce(0, +)
      #expect(histogram.probability(expectedShares: bins.map { $0 / total }) > 1e-4, "\(name)")
      // Five standard errors; isotropy would be off by 0.07 for electrons.
      #expect(abs(angles.value) < 5 * angles.error, "\(name): \(angles.value)")
    }
  }
}

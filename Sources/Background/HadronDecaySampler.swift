import Calculus
import Kinematics
import ParticleData
import Sampling

/// Momenta of a decay in the rest frame of what decays, with a weight of mean 1.
///
/// Three bodies are drawn evenly in the squared mass of a pair and in angles; the weight is phase space times the squared amplitude. Spins
/// of baryons are averaged over. Sources stand with the amplitudes.
package struct HadronDecaySampler: Sendable {
  package let decay: HadronDecay
  /// What the weight of the amplitude is divided by.
  private let norm: Double

  /// One decay.
  package struct Products {
    package var positive: FourMomentum
    package var negative: FourMomentum
    package var photons: [FourMomentum] = []
    package var weight = 1.0
  }

  package init(_ decay: HadronDecay) {
    self.decay = decay
    norm = 1 / Self.meanAmplitude(decay)
  }

  package func callAsFunction(_ stream: inout RandomStream) -> Products {
    let mass = decay.parent.mass
    switch decay.dynamics {
    case .twoBody:
      let (a, b) = Self.twoBody(mass, decay.positive.mass, decay.negative.mass, &stream)
      return Products(positive: a, negative: b)
    case .kaonSemileptonic, .baryonSemileptonic:
      let body = threeBody(&stream)
      return decay.positive.isLepton
        ? Products(positive: body.first, negative: body.third, weight: body.weight)
        : Products(positive: body.third, negative: body.first, weight: body.weight)
    case .threePions:
      let body = threeBody(&stream)
      return Products(
        positive: body.first, negative: body.second,
        photons: Self.photons(ofPion: body.third, &stream), weight: body.weight)
    case .dalitzPions(2):
      let (first, second) = Self.twoBody(mass, Mass.neutralPion, Mass.neutralPion, &stream)
      return Self.dalitz(first, others: [second], &stream)
    case .dalitzPions:
      let body = threeBody(&stream)
      var products = Self.dalitz(body.first, others: [body.second, body.third], &stream)
      products.weight *= body.weight
      return products
    case .leptonPairPhoton:
      return Self.leptonPair(mass, lepton: decay.positive.mass, &stream)
    }
  }

  // MARK: three bodies

  /// The pair whose mass is drawn, and the third.
  private var masses: (Double, Double, Double) { Self.masses(decay) }

  private static func masses(_ decay: HadronDecay) -> (Double, Double, Double) {
    switch decay.dynamics {
    case .kaonSemileptonic, .baryonSemileptonic:
      let (lepton, hadron) =
        decay.positive.isLepton
        ? (decay.positive, decay.negative) : (decay.negative, decay.positive)
      return (lepton.mass, 0, hadron.mass)
    case .threePions: return (Mass.chargedPion, Mass.chargedPion, Mass.neutralPion)
    default: return (Mass.neutralPion, Mass.neutralPion, Mass.neutralPion)
    }
  }

  private func threeBody(_ stream: inout RandomStream) -> (
    first: FourMomentum, second: FourMomentum, third: FourMomentum, weight: Double
  ) {
    let (a, b, c) = masses
    let mass = decay.parent.mass
    let (least, most) = ((a + b) * (a + b), (mass - c) * (mass - c))
    let pair = (least + (most - least) * stream.uniform()).squareRoot()
    let (together, third) = Self.twoBody(mass, pair, c, &stream)
    let (firstAtRest, secondAtRest) = Self.twoBody(pair, a, b, &stream)
    let first = firstAtRest.boosted(from: together, mass: pair)
    let second = secondAtRest.boosted(from: together, mass: pair)
    let weight = norm * Self.density(decay, pair: pair, first: first, third: third)
    return (first, second, third, weight)
  }

  /// Phase space times squared amplitude, up to a factor.
  private static func density(
    _ decay: HadronDecay, pair: Double, first: FourMomentum, third: FourMomentum
  ) -> Double {
    let (a, b, c) = masses(decay)
    let mass = decay.parent.mass
    // d(pair²) p_third p_first/pair; the other factors are constant.
    let space =
      twoBodyMomentum(mass: mass, pair, c) * twoBodyMomentum(mass: pair, a, b) / pair
    switch decay.dynamics {
    case .kaonSemileptonic:
      return space
        * kaonSemileptonic(pair * pair, lepton: first.energy, pion: third.energy, leptonMass: a)
    case .baryonSemileptonic:
      return space * baryonSemileptonic(mass, pair * pair, lepton: first, baryon: third, a, c)
    case .threePions:
      // Source: PDG 2024, K_L, Dalitz plot parameters: 1 + g u + h u² + k v².
      let pion2 = Mass.chargedPion * Mass.chargedPion
      let middle = (mass * mass + 2 * pion2 + Mass.neutralPion * Mass.neutralPion) / 3
      let u = (pair * pair - middle) / pion2
      let s1 = mass * mass + pion2 - 2 * mass * first.energy
      let second = mass - third.energy - first.energy
      let s2 = mass * mass + pion2 - 2 * mass * second
      let v = (s2 - s1) / pion2
      return space * (1 + 0.678 * u + 0.076 * u * u + 0.0099 * v * v)
    default: return space
    }
  }

  /// The Dalitz density of K → πℓν in energies in the kaon's rest frame: f₊²(A + Bξ + Cξ²).
  ///
  /// Source: PDG 2024, review *Form factors for semileptonic kaon decays*; λ₊ = 0.0282, λ₀ = 0.0138 of linear form factors.
  private static func kaonSemileptonic(
    _ q2: Double, lepton: Double, pion: Double, leptonMass: Double
  ) -> Double {
    let (m, pi) = (Mass.neutralKaon, Mass.chargedPion)
    let (m2, pi2, l2) = (m * m, pi * pi, leptonMass * leptonMass)
    let neutrino = m - lepton - pion
    let missing = (m2 + pi2 - l2) / (2 * m) - pion
    let plus = 1 + 0.0282 * q2 / pi2
    let scalar = 1 + 0.0138 * q2 / pi2
    let xi = (scalar / plus - 1) * (m2 - pi2) / q2
    let A = m * (2 * lepton * neutrino - m * missing) + l2 * (0.25 * missing - neutrino)
    let B = l2 * (neutrino - 0.5 * missing)
    let C = 0.25 * l2 * missing
    return max(plus * plus * (A + B * xi + C * xi * xi), 0)
  }

  /// |M|² of Λ → pℓν̄ with constant form factors, g_A/g_V = 0.718, spins averaged and summed.
  ///
  ///     (1+g)² (p_Λ·k_ν)(p_p·k_ℓ) + (1-g)² (p_Λ·k_ℓ)(p_p·k_ν) - (1-g²) m_Λ m_p (k_ℓ·k_ν)
  ///
  /// Source: the V - A amplitude of the decay of a neutron; g_A/g_V from PDG 2024, Λ.
  private static func baryonSemileptonic(
    _ mass: Double, _ q2: Double, lepton: FourMomentum, baryon: FourMomentum, _ leptonMass: Double,
    _ baryonMass: Double
  ) -> Double {
    let g = 0.718
    let parent = FourMomentum(energy: mass, x: 0, y: 0, z: 0)
    let neutrino = parent - lepton - baryon
    let leptons = 0.5 * (q2 - leptonMass * leptonMass)
    return (1 + g) * (1 + g) * parent.dot(neutrino) * baryon.dot(lepton)
      + (1 - g) * (1 - g) * parent.dot(lepton) * baryon.dot(neutrino)
      - (1 - g * g) * mass * baryonMass * leptons
  }

  /// The mean of the density over what is drawn: squared masses of the pair and the angle in it.
  package static func meanAmplitude(_ decay: HadronDecay) -> Double {
    switch decay.dynamics {
    case .twoBody, .leptonPairPhoton, .dalitzPions(2): return 1
    default: break
    }
    let (a, b, c) = masses(decay)
    let mass = decay.parent.mass
    let (least, most) = ((a + b) * (a + b), (mass - c) * (mass - c))
    // Both ends have square roots of phase space: s = least + (most - least) sin²φ.
    let sum = GaussLegendre.order64.integrate(from: 0, to: 0.25) { turns in
      let (sine, cosine) = Elementary.sinCos(turns: turns)
      let pair = (least + (most - least) * sine * sine).squareRoot()
      let p = twoBodyMomentum(mass: mass, pair, c)
      let q = twoBodyMomentum(mass: pair, a, b)
      let together = FourMomentum(mass: pair, x: 0, y: 0, z: -p)
      let third = FourMomentum(mass: c, x: 0, y: 0, z: p)
      let inner = GaussLegendre.order64.integrate(from: -1, to: 1) { cosine in
        let across = q * max(1 - cosine * cosine, 0).squareRoot()
        let first = FourMomentum(mass: a, x: across, y: 0, z: q * cosine)
          .boosted(from: together, mass: pair)
        return 0.5 * density(decay, pair: pair, first: first, third: third)
      }
      return inner * 4 * .pi * sine * cosine
    }
    return sum
  }

  // MARK: two bodies, photons, pairs

  /// Two bodies of these masses, evenly in the sphere, where their sum rests.
  package static func twoBody(
    _ mass: Double, _ a: Double, _ b: Double, _ stream: inout RandomStream
  ) -> (FourMomentum, FourMomentum) {
    let p = twoBodyMomentum(mass: mass, a, b)
    let cosine = 2 * stream.uniform() - 1
    let sine = ((1 - cosine) * (1 + cosine)).squareRoot()
    let (s, c) = Elementary.circlePoint(turns: stream.uniform())
    let (x, y, z) = (p * sine * c, p * sine * s, p * cosine)
    return (
      FourMomentum(mass: a, x: x, y: y, z: z), FourMomentum(mass: b, x: -x, y: -y, z: -z)
    )
  }

  /// The two photons of a π⁰.
  static func photons(ofPion pion: FourMomentum, _ stream: inout RandomStream) -> [FourMomentum] {
    let (a, b) = twoBody(Mass.neutralPion, 0, 0, &stream)
    return [
      a.boosted(from: pion, mass: Mass.neutralPion), b.boosted(from: pion, mass: Mass.neutralPion),
    ]
  }

  private static func dalitz(
    _ pion: FourMomentum, others: [FourMomentum], _ stream: inout RandomStream
  ) -> Products {
    var products = leptonPair(Mass.neutralPion, lepton: Mass.electron, &stream)
    func moved(_ p: FourMomentum) -> FourMomentum {
      p.boosted(from: pion, mass: Mass.neutralPion)
    }
    products.positive = moved(products.positive)
    products.negative = moved(products.negative)
    products.photons = products.photons.map(moved)
    for other in others { products.photons += photons(ofPion: other, &stream) }
    return products
  }

  /// s dΓ/ds of a pseudoscalar's ℓ⁺ℓ⁻γ in units of `2α/3π Γ(γγ)`: between 0 and 1.
  ///
  ///     (1 - s/M²)³ (1 + 2m²/s) √(1 - 4m²/s)
  ///
  /// Source: N. M. Kroll and W. Wada, Phys. Rev. 98, 1355 (1955), with a form factor of 1.
  package static func pairMassDensity(_ s: Double, _ mass: Double, lepton m: Double) -> Double {
    let rest = 1 - s / (mass * mass)
    let least = 4 * m * m / s
    return rest * rest * rest * (1 + 0.5 * least) * max(1 - least, 0).squareRoot()
  }

  /// ℓ⁺ℓ⁻γ of a pseudoscalar.
  ///
  ///     dΓ/ds ∝ (1 - s/M²)³ (1 + 2m²/s) √(1 - 4m²/s)/s,   1 + cos²θ + (4m²/s) sin²θ
  ///
  /// Source: N. M. Kroll and W. Wada, Phys. Rev. 98, 1355 (1955), with a form factor of 1.
  private static func leptonPair(
    _ mass: Double, lepton m: Double, _ stream: inout RandomStream
  ) -> Products {
    let least = 4 * m * m
    let range = Elementary.log(mass * mass / least)
    // Drawn evenly in ln s and kept by the rest of it, which is at most 1.
    var s: Double
    repeat {
      s = least * Elementary.exp(range * stream.uniform())
      if stream.uniform() < pairMassDensity(s, mass, lepton: m) { break }
    } while true
    let pair = s.squareRoot()
    let (photon, together) = twoBody(mass, 0, pair, &stream)
    // The angle in the pair's rest frame, to its direction: flat there and kept.
    var cosine: Double
    repeat {
      cosine = 2 * stream.uniform() - 1
      let c2 = cosine * cosine
      if 2 * stream.uniform() < 1 + c2 + least / s * (1 - c2) { break }
    } while true
    let p = 0.5 * max(s - least, 0).squareRoot()
    let positive = along(together, p, cosine, turns: stream.uniform(), mass: m)
    let negative = FourMomentum(
      energy: positive.energy, x: -positive.x, y: -positive.y, z: -positive.z)
    return Products(
      positive: positive.boosted(from: together, mass: pair),
      negative: negative.boosted(from: together, mass: pair), photons: [photon])
  }

  /// A momentum at an angle to another's direction.
  private static func along(
    _ axis: FourMomentum, _ p: Double, _ cosine: Double, turns: Double, mass: Double
  ) -> FourMomentum {
    let length = axis.momentum
    guard length > 0 else { return FourMomentum(mass: mass, x: 0, y: 0, z: p) }
    let n = (axis.x / length, axis.y / length, axis.z / length)
    // A vector across, from the axis that n has least of.
    let e = abs(n.0) < 0.6 ? (1.0, 0.0, 0.0) : (0.0, 1.0, 0.0)
    let dot = e.0 * n.0 + e.1 * n.1 + e.2 * n.2
    let u = (e.0 - dot * n.0, e.1 - dot * n.1, e.2 - dot * n.2)
    let scale = 1 / (u.0 * u.0 + u.1 * u.1 + u.2 * u.2).squareRoot()
    let v = (u.0 * scale, u.1 * scale, u.2 * scale)
    let w = (n.1 * v.2 - n.2 * v.1, n.2 * v.0 - n.0 * v.2, n.0 * v.1 - n.1 * v.0)
    let sine = ((1 - cosine) * (1 + cosine)).squareRoot()
    let (s, c) = Elementary.circlePoint(turns: turns)
    func component(_ n: Double, _ v: Double, _ w: Double) -> Double {
      p * (cosine * n + sine * (c * v + s * w))
    }
    return FourMomentum(
      mass: mass, x: component(n.0, v.0, w.0), y: component(n.1, v.1, w.1),
      z: component(n.2, v.2, w.2))
  }
}

import Recasts
import Testing

/// Mixings of a light, a middling, a nearly degenerate and a heavy A′, from small angles to the repulsion of the masses.
private let mixings: [NeutralBosonMixing] = [1e-6, 0.3, 0.9, 1.2, 40].flatMap { ratio in
  let largest = NeutralBosonMixing.largestTangent(squaredMassRatio: ratio, weakProduct: 0.1776)
  return [1e-6, 0.01, 0.3, 0.99].map {
    NeutralBosonMixing(squaredMassRatio: ratio, tangent: $0 * largest, weakProduct: 0.1776)
  }
}

/// Equal within a relative tolerance.
private func close(_ left: Double, _ right: Double, _ tolerance: Double) -> Bool {
  abs(left - right) <= tolerance * max(abs(left), abs(right))
}

@Suite("Mixing of Z and dark photon") struct NeutralBosonMixingTests {
  // 1e-13 and the like: some ten operations at 2e-16 each; where masses of 40 m_Z² enter, 40 times that.

  @Test("trace and determinant of the mass matrix are those of m_Z² and m_A′²", .tags(.identity))
  func invariants() {
    for mixing in mixings {
      let scale = 1 + mixing.massSquaredShift
      let (h, ratio) = (mixing.massMixing, mixing.squaredMassRatio)
      let x = h * h + mixing.squaredBareMassRatio
      #expect(close(scale * (1 + x), 1 + ratio, 1e-13))
      // The difference loses what h² holds beside δ².
      #expect(abs(scale * scale * (x - h * h) - ratio) < 1e-13 * (ratio + h * h))
    }
  }

  @Test("the rotation diagonalises the mass matrix", .tags(.identity))
  func diagonal() {
    for mixing in mixings {
      let scale = 1 + mixing.massSquaredShift
      let (h, ratio) = (mixing.massMixing, mixing.squaredMassRatio)
      let matrix = [
        [scale, -scale * h], [-scale * h, scale * (h * h + mixing.squaredBareMassRatio)],
      ]
      let cosine = 1 / (1 + mixing.tangent * mixing.tangent).squareRoot()
      let sine = mixing.signedTangent * cosine
      let tolerance = 1e-14 * (1 + ratio)
      for (vector, mass) in [([cosine, sine], 1.0), ([-sine, cosine], ratio)] {
        for row in 0..<2 {
          let image = matrix[row][0] * vector[0] + matrix[row][1] * vector[1]
          #expect(abs(image - mass * vector[row]) < tolerance)
        }
      }
    }
  }

  @Test(
    "in (W³, B, X) the kinetic term is canonical, the photon massless with coupling eQ, the Z of mass m_Z",
    .tags(.identity))
  func threeFields() {
    for mixing in mixings {
      let s2 = mixing.sineSquared
      let (s, c) = (s2.squareRoot(), (1 - s2).squareRoot())
      let e = mixing.kineticMixing / c
      let canonical = (1 - e * e).squareRoot()
      let eta = e / canonical
      #expect(close(eta * s, mixing.massMixing, 1e-12))
      // The kinetic form [[1, -e], [-e, 1]] of (B, X) under B → B + ηX, X → X/√(1 - e²): X² again has 1.
      #expect(abs(eta * eta - 2 * e * eta / canonical + 1 / (canonical * canonical) - 1) < 1e-12)

      // Masses in units of m_Z²: the Higgs couples to gW³ - g′(B + ηX); g = e/s, g′ = e/c with m_Z0² = (g² + g′²)v²/4.
      let scale = 1 + mixing.massSquaredShift
      let direction = [c, -s, -s * eta]
      let bare = scale * mixing.squaredBareMassRatio
      func image(_ vector: [Double]) -> [Double] {
        let along = zip(direction, vector).reduce(0) { $0 + $1.0 * $1.1 }
        return (0..<3).map { scale * direction[$0] * along + ($0 == 2 ? bare * vector[2] : 0) }
      }
      let photon = [s, c, 0.0]
      #expect(image(photon).allSatisfy { abs($0) < 1e-14 * scale })
      // g T₃ s + g′ (Q - T₃) c over e.
      for (isospin, charge) in fermions {
        let coupling = isospin / s * photon[0] + (charge - isospin) / c * photon[1]
        #expect(abs(coupling - charge) < 1e-15)
      }
      let cosine = 1 / (1 + mixing.tangent * mixing.tangent).squareRoot()
      let sine = mixing.signedTangent * cosine
      let z = [c * cosine, -s * cosine, sine]
      for (left, right) in zip(image(z), z) {
        #expect(abs(left - right) < 1e-14 * (1 + mixing.squaredMassRatio))
      }
    }
  }

  private let fermions: [(Double, Double)] = [
    (0.5, 0.0), (-0.5, -1.0), (0.5, 2.0 / 3), (-0.5, -1.0 / 3), (0, -1), (0, 2.0 / 3),
  ]

  @Test(
    "couplings: √ρ (T₃ - s_eff² Q) for the Z, and squares over Z and A′ add to those before the rotation",
    .tags(.identity))
  func couplings() {
    for mixing in mixings {
      let (h, s2) = (mixing.massMixing, mixing.sineSquared)
      let cosine = 1 / (1 + mixing.tangent * mixing.tangent).squareRoot()
      let sine = mixing.signedTangent * cosine
      // (g/c_W)² goes with m_Z0² at fixed G_F.
      let g = (1 + mixing.massSquaredShift).squareRoot()
      for (isospin, charge) in fermions {
        let toZ0 = g * (isospin - s2 * charge)
        let toX = g * h * (charge - isospin)
        let toZ = cosine * toZ0 + sine * toX
        let toA = -sine * toZ0 + cosine * toX
        let closed =
          (1 + mixing.rhoShift).squareRoot() * (isospin - mixing.effectiveSineSquared * charge)
        #expect(abs(toZ - closed) < 1e-13 * max(1, abs(toX)))
        #expect(close(toZ * toZ + toA * toA, toZ0 * toZ0 + toX * toX, 1e-13))
      }
      #expect(
        close(1 - mixing.effectiveSineSquared, (1 + mixing.massSquaredShift) * (1 - s2), 1e-13))
    }
  }

  @Test(
    "at ε = 1e-8 every shift is its first term", .tags(.limit),
    arguments: [1e-6, 0.3, 0.9, 1.2, 40])
  func series(ratio: Double) throws {
    let mixing = try #require(
      NeutralBosonMixing(kineticMixing: 1e-8, squaredMassRatio: ratio, weakProduct: 0.1776))
    let s2 = mixing.unmixedSineSquared
    let c2 = 1 - s2
    let k = 1e-16 * s2 / c2
    let p = -k / (1 - ratio)
    // 1e-12: the next terms are k/(1 - r)² ≤ 1e-14, the roundings of 1 - r some 1e-15.
    #expect(close(mixing.massMixing * mixing.massMixing, k, 1e-12))
    #expect(close(mixing.massSquaredShift, p, 1e-12))
    #expect(close(mixing.relativeWMassShift, p * c2 / (2 * (c2 - s2)), 1e-12))
    #expect(close(mixing.squaredWMassShift, p * c2 * c2 / (c2 - s2), 1e-12))
    #expect(close(mixing.rhoShift, -ratio * k / ((1 - ratio) * (1 - ratio)), 1e-12))
    #expect(close(mixing.darkFraction, k / ((1 - ratio) * (1 - ratio)), 1e-12))
  }

  @Test("relative shifts equal ratios of predictions where those do not cancel", .tags(.identity))
  func ratios() {
    for mixing in mixings where mixing.tangent > 1e-3 {
      let factor = 1.04
      let shifts = RelativeShifts(mixing, quarkFactor: factor)
      func widths(_ s2: Double) -> (nu: Double, lepton: Double, hadrons: Double) {
        func width(_ isospin: Double, _ charge: Double) -> Double {
          (isospin - s2 * charge) * (isospin - s2 * charge) + s2 * s2 * charge * charge
        }
        return (
          width(0.5, 0), width(-0.5, -1),
          factor * (6 * width(0.5, 2.0 / 3) + 9 * width(-0.5, -1.0 / 3))
        )
      }
      let (s20, s2) = (mixing.unmixedSineSquared, mixing.effectiveSineSquared)
      let (before, after) = (widths(s20), widths(s2))
      let rho = 1 + mixing.rhoShift
      let total = { (w: (nu: Double, lepton: Double, hadrons: Double)) in
        3 * w.nu + 3 * w.lepton + w.hadrons
      }
      let zWidth = rho * total(after) / total(before)
      let ratio = after.hadrons / after.lepton / (before.hadrons / before.lepton)
      let peak =
        rho * rho * after.lepton * after.hadrons / (before.lepton * before.hadrons)
        / (zWidth * zWidth)
      let wMass = ((1 + mixing.massSquaredShift) * (1 - mixing.sineSquared) / (1 - s20))
        .squareRoot()
      // 1e-13: ratios near 1, their roundings.
      #expect(abs(shifts.of(.zWidth) - (zWidth - 1)) < 1e-13)
      #expect(abs(shifts.of(.hadronToLeptonRatio) - (ratio - 1)) < 1e-13 * ratio)
      #expect(abs(shifts.of(.hadronicCrossSection) - (peak - 1)) < 1e-13 * peak)
      #expect(abs(shifts.of(.wMass) - (wMass - 1)) < 1e-13)
      #expect(abs(shifts.of(.effectiveSineSquared) - (s2 / s20 - 1)) < 1e-13)
    }
  }

  @Test("a mixing is found again from its ε", .tags(.property))
  func again() throws {
    for mixing in mixings {
      let found = try #require(
        NeutralBosonMixing(
          kineticMixing: mixing.kineticMixing, squaredMassRatio: mixing.squaredMassRatio,
          weakProduct: mixing.weakProduct))
      // 1e-10: at 0.99 of the largest angle ε is flat to 1e-4, and roundings of ε grow by its inverse.
      #expect(close(found.tangent, mixing.tangent, 1e-10))
    }
    let none = try #require(
      NeutralBosonMixing(kineticMixing: 0, squaredMassRatio: 0.5, weakProduct: 0.1776))
    #expect(none.massSquaredShift == 0 && none.rhoShift == 0 && none.squaredWMassShift == 0)
  }

  @Test(
    "ε grows with the angle up to the largest", .tags(.property),
    arguments: [1e-6, 0.1, 0.5, 0.95, 1.05, 3, 1000])
  func grows(ratio: Double) {
    let largest = NeutralBosonMixing.largestTangent(squaredMassRatio: ratio, weakProduct: 0.1776)
    let epsilons = (0...200).map {
      NeutralBosonMixing(
        squaredMassRatio: ratio, tangent: largest * Double($0) / 200, weakProduct: 0.1776
      ).kineticMixing
    }
    #expect(zip(epsilons, epsilons.dropFirst()).allSatisfy { $0 < $1 })
    #expect(epsilons[200] < 1)
  }

  @Test("a light A′ shifts as ε² alone, with ρ = 1; a heavy one as ε²/m_A′²", .tags(.limit))
  func limits() throws {
    func mixing(_ ratio: Double) throws -> NeutralBosonMixing {
      try #require(
        NeutralBosonMixing(kineticMixing: 0.03, squaredMassRatio: ratio, weakProduct: 0.1776))
    }
    let light = try mixing(1e-10)
    let h2 = light.massMixing * light.massMixing
    // 1e-9: what is left of m_A′²/m_Z².
    #expect(close(light.massSquaredShift, -h2 / (1 + h2), 1e-9))
    #expect(abs(light.rhoShift) < 1e-9 * h2)
    let heavy = try mixing(1e8)
    let far = try mixing(1e10)
    // 1e-6: m_Z²/m_A′² and ε² beside 1.
    #expect(close(heavy.massSquaredShift, 100 * far.massSquaredShift, 1e-6))
    #expect(close(heavy.rhoShift, 100 * far.rhoShift, 1e-6))
    #expect(far.squaredWMassShift < 1e-12)
  }

  @Test("the masses repel: beside the Z a large ε has no such masses", .tags(.limit))
  func repulsion() {
    // h ≤ |1 - r|/(2√r); c_W h/√(s_W² + h²) is the ε of it.
    let ratio = 1.02
    let h = 0.02 / (2 * ratio.squareRoot())
    let epsilon = h * (0.7689 / (0.2311 + h * h)).squareRoot()
    func exists(_ factor: Double) -> Bool {
      NeutralBosonMixing(
        kineticMixing: factor * epsilon, squaredMassRatio: ratio, weakProduct: 0.1776) != nil
    }
    // 2 %: s_W² moves with m_Z0², by 1 % here.
    #expect(exists(0.98))
    #expect(!exists(1.02))
  }
}

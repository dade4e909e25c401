import Foundation
import Kinematics
import Sampling
import Testing

/// An ordinary Lorentz boost from the rest frame of a parent into the frame where it has `parent`.
private func lorentzBoosted(
  _ p: FourMomentum, by parent: FourMomentum, mass: Double
) -> FourMomentum {
  let along = (p.x * parent.x + p.y * parent.y + p.z * parent.z) / (parent.energy + mass)
  let factor = (p.energy + along) / mass
  return FourMomentum(
    energy: (p.energy * parent.energy + p.x * parent.x + p.y * parent.y + p.z * parent.z) / mass,
    x: p.x + factor * parent.x, y: p.y + factor * parent.y, z: p.z + factor * parent.z)
}

@Suite("Light-front momenta") struct LightFrontMomentumTests {
  private struct Draw {
    var stream = RandomStream(seed: 4, purpose: .test, point: 1, batch: 0)

    /// A momentum with components of order `scale`.
    mutating func momentum(mass: Double, scale: Double) -> FourMomentum {
      FourMomentum(
        mass: mass, x: stream.uniform(in: -scale...scale), y: stream.uniform(in: -scale...scale),
        z: stream.uniform(in: -scale...scale))
    }
  }

  @Test("four-momenta go to light-front components and back, forwards and backwards", .tags(.unit))
  func conversions() {
    var draw = Draw()
    for _ in 0..<1000 {
      let p = draw.momentum(mass: 0.3, scale: 5)
      let back = LightFrontMomentum(p, mass: 0.3).fourMomentum(mass: 0.3)
      // 1e-13: for p_z < 0 the energy is ½(p⁺ + p⁻) of terms below 2E; some roundings of 10⁻¹⁶.
      #expect(abs(back.energy - p.energy) < 1e-13 * p.energy, "\(p)")
      #expect(abs(back.z - p.z) < 1e-13 * p.energy, "\(p)")
      #expect(back.x == p.x && back.y == p.y)
    }
  }

  @Test("E + p_z is exact to rounding for a fast particle that flies backwards", .tags(.limit))
  func backwards() {
    let p = FourMomentum(mass: 1e-3, x: 0, y: 0, z: -100)
    // E - |p| = m²/(E + |p|) = 5·10⁻⁹; E + p_z as a sum would have lost seven digits.
    let expected = 1e-6 / (p.energy + 100)
    #expect(abs(LightFrontMomentum(p, mass: 1e-3).plus / expected - 1) < 1e-15)
  }

  @Test("boosting there and back restores the momentum", .tags(.unit))
  func thereAndBack() {
    var draw = Draw()
    for gamma in [1.5, 100, 1e4] {
      for _ in 0..<300 {
        let M = 0.3
        let parent = LightFrontMomentum(
          FourMomentum(
            mass: M, x: draw.stream.uniform(in: -0.5...0.5), y: draw.stream.uniform(in: -0.5...0.5),
            z: gamma * M), mass: M)
        let p = LightFrontMomentum(draw.momentum(mass: 0.1, scale: 0.2), mass: 0.1)
        let back = p.boosted(byParent: parent, mass: M).inRestFrame(ofParent: parent, mass: M)
        // 1e-14: p⁺ is a product and a quotient, whatever γ; p_⊥ gains and loses (p⁺/M) K_⊥, here
        // at most 10 times itself.
        #expect(abs(back.plus / p.plus - 1) < 1e-14)
        #expect(abs(back.x - p.x) < 1e-14 && abs(back.y - p.y) < 1e-14)
      }
    }
  }

  @Test("the parent's own rest momentum becomes the parent's momentum", .tags(.identity))
  func parentItself() {
    let parent = LightFrontMomentum(plus: 42, x: 0.3, y: -0.2)
    let rest = LightFrontMomentum(FourMomentum(mass: 0.7, x: 0, y: 0, z: 0), mass: 0.7)
    let boosted = rest.boosted(byParent: parent, mass: 0.7)
    // One product with 0.7/0.7: at most an ulp.
    #expect(abs(boosted.plus - 42) < 1e-14 && boosted.x == 0.3 && boosted.y == -0.2)
  }

  @Test("two boosts one after the other are the direct boost", .tags(.identity))
  func composition() {
    var draw = Draw()
    for _ in 0..<500 {
      let (mGrand, mParent) = (1.1, 0.4)
      let grandparent = LightFrontMomentum(draw.momentum(mass: mGrand, scale: 30), mass: mGrand)
      let parentThere = LightFrontMomentum(draw.momentum(mass: mParent, scale: 0.3), mass: mParent)
      let p = LightFrontMomentum(draw.momentum(mass: 0.05, scale: 0.1), mass: 0.05)
      let parent = parentThere.boosted(byParent: grandparent, mass: mGrand)
      let direct = p.boosted(byParent: parent, mass: mParent)
      let stepwise = p.boosted(byParent: parentThere, mass: mParent)
        .boosted(byParent: grandparent, mass: mGrand)
      // 1e-14 relative to the size of p⁺ and of the transverse terms, up to 30 × 1: no rotation
      // between the frames, a property of the light-front group that ordinary boosts lack.
      #expect(abs(direct.plus / stepwise.plus - 1) < 1e-14)
      #expect(abs(direct.x - stepwise.x) < 1e-13 && abs(direct.y - stepwise.y) < 1e-13)
    }
  }

  @Test("invariant masses survive a boost of γ = 10⁴", .tags(.identity))
  func invariantMasses() {
    var draw = Draw()
    let M = 0.3
    for _ in 0..<500 {
      // A decay at rest into two massive bodies, then to the laboratory with γ = 10⁴.
      let (m1, m2) = (0.1, 0.14)
      let p = twoBodyMomentum(mass: M, m1, m2)
      let z = draw.stream.uniform(in: -1...1)
      let phi = draw.stream.uniform(in: 0...(2 * .pi))
      let across = p * (1 - z * z).squareRoot()
      let first = FourMomentum(mass: m1, x: across * cos(phi), y: across * sin(phi), z: p * z)
      let second = FourMomentum(mass: m2, x: -first.x, y: -first.y, z: -first.z)
      let parent = LightFrontMomentum(FourMomentum(mass: M, x: 0.2, y: -0.7, z: 1e4 * M), mass: M)
      let a = LightFrontMomentum(first, mass: m1).boosted(byParent: parent, mass: M)
      let b = LightFrontMomentum(second, mass: m2).boosted(byParent: parent, mass: M)
      let plus = a.plus + b.plus
      let x = a.x + b.x
      let y = a.y + b.y
      let minus = a.minus(mass2: m1 * m1) + b.minus(mass2: m2 * m2)
      let mass2 = plus * minus - x * x - y * y
      // 1e-13: p_⊥² of 0.5 GeV² beside M² = 0.09 costs one digit. A sum of Cartesian four-momenta
      // would cost γ² = 10⁸.
      #expect(abs(mass2 / (M * M) - 1) < 1e-13)
    }
  }

  @Test("Lorentz and light-front boosts agree on invariants", .tags(.identity))
  func agreesWithLorentz() {
    var draw = Draw()
    for _ in 0..<500 {
      let M = 0.9
      let parent = draw.momentum(mass: M, scale: 4)
      let a = draw.momentum(mass: 0.2, scale: 1)
      let b = draw.momentum(mass: 0.5, scale: 1)
      let light = LightFrontMomentum(parent, mass: M)
      let aLight = LightFrontMomentum(a, mass: 0.2).boosted(byParent: light, mass: M)
        .fourMomentum(mass: 0.2)
      let bLight = LightFrontMomentum(b, mass: 0.5).boosted(byParent: light, mass: M)
        .fourMomentum(mass: 0.5)
      let aLorentz = lorentzBoosted(a, by: parent, mass: M)
      let bLorentz = lorentzBoosted(b, by: parent, mass: M)
      // 1e-12: energies up to 20 times the masses, products of two of them.
      #expect(abs(aLight.dot(bLight) - a.dot(b)) < 1e-12 * aLight.energy * bLight.energy)
      #expect(abs(aLorentz.dot(bLorentz) - a.dot(b)) < 1e-12 * aLorentz.energy * bLorentz.energy)
      #expect(abs(aLight.invariantMassSquared - 0.04) < 1e-12 * aLight.energy * aLight.energy)
      // With the parent the energy in its rest frame is recovered: both boosts go to the same frame.
      #expect(abs(aLight.dot(parent) / M - a.energy) < 1e-12 * aLight.energy * parent.energy / M)
      #expect(
        abs(aLorentz.dot(parent) / M - a.energy) < 1e-12 * aLorentz.energy * parent.energy / M)
    }
  }

  @Test("along z the two boosts are the same", .tags(.limit))
  func alongZ() {
    var draw = Draw()
    let parent = FourMomentum(mass: 0.5, x: 0, y: 0, z: 3)
    for _ in 0..<100 {
      let p = draw.momentum(mass: 0.1, scale: 1)
      let lorentz = lorentzBoosted(p, by: parent, mass: 0.5)
      let light = LightFrontMomentum(p, mass: 0.1)
        .boosted(byParent: LightFrontMomentum(parent, mass: 0.5), mass: 0.5).fourMomentum(mass: 0.1)
      // 1e-13: γ = 6.
      #expect(abs(light.energy - lorentz.energy) < 1e-13 * lorentz.energy)
      #expect(abs(light.z - lorentz.z) < 1e-13 * lorentz.energy)
    }
  }
}

@Suite("Two-body kinematics") struct TwoBodyKinematicsTests {
  @Test("the momentum is exactly 0 at threshold and below", .tags(.limit))
  func threshold() {
    #expect(twoBodyMomentum(mass: 0.75, 0.25, 0.5) == 0)
    #expect(twoBodyMomentum(mass: 0.7, 0.25, 0.5) == 0)
    // Below |m₁ - m₂| the Källén function is positive again; the decay stays closed.
    #expect(twoBodyMomentum(mass: 0.1, 0.25, 0.5) == 0)
    #expect(twoBodyMomentum(mass: 0.75.nextUp, 0.25, 0.5) > 0)
  }

  @Test("just above threshold the momentum is √(2μδ)", .tags(.limit))
  func aboveThreshold() {
    let (m1, m2) = (0.25, 0.5)
    let delta = 0x1p-40
    let reduced = m1 * m2 / (m1 + m2)
    let p = twoBodyMomentum(mass: m1 + m2 + delta, m1, m2)
    // 1e-11: the next term is δ/m ≈ 10⁻¹².
    #expect(abs(p / (2 * reduced * delta).squareRoot() - 1) < 1e-11)
  }

  @Test("the energies of both daughters add up to the mass", .tags(.property))
  func energies() {
    var stream = RandomStream(seed: 8, purpose: .test, point: 5, batch: 0)
    for _ in 0..<1000 {
      let (m1, m2) = (stream.uniform(), stream.uniform())
      let M = m1 + m2 + stream.uniform()
      let p = twoBodyMomentum(mass: M, m1, m2)
      let energies = (m1 * m1 + p * p).squareRoot() + (m2 * m2 + p * p).squareRoot()
      #expect(abs(energies / M - 1) < 1e-14)  // A handful of roundings.
      let expanded =
        M * M * M * M + m1 * m1 * m1 * m1 + m2 * m2 * m2 * m2
        - 2 * (M * M * m1 * m1 + m1 * m1 * m2 * m2 + m2 * m2 * M * M)
      // The expanded form loses what the product keeps: compare on the scale of its terms.
      #expect(abs(kaellen(mass: M, m1, m2) - expanded) < 1e-14 * M * M * M * M)
    }
  }

  @Test("massless daughters get half the mass", .tags(.limit))
  func massless() { #expect(twoBodyMomentum(mass: 3, 0, 0) == 1.5) }
}

@Suite("Event columns") struct EventColumnTests {
  @Test("every column has a place of its own", .tags(.unit))
  func distinct() {
    let columns = [
      EventColumn.weight, EventColumn.momentumTransfer, EventColumn.mediatorMass,
      EventColumn.mediatorPlus, EventColumn.mediatorX, EventColumn.mediatorY, EventColumn.densityXX,
      EventColumn.densityXY, EventColumn.densityXZ, EventColumn.densityYY, EventColumn.densityYZ,
      EventColumn.scatteredPlus, EventColumn.scatteredX, EventColumn.scatteredY,
      EventColumn.recoilX, EventColumn.recoilY, EventColumn.recoilZ, EventColumn.chainWeight,
      EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y, EventColumn.leptonPlusPlus,
      EventColumn.leptonPlusX, EventColumn.leptonPlusY, EventColumn.leptonMinusPlus,
      EventColumn.leptonMinusX, EventColumn.leptonMinusY, EventColumn.pairMass,
    ]
    #expect(Set(columns).count == EventColumn.count)
    #expect(columns.allSatisfy { $0 % BatchLayout.stride == 0 })
    #expect(columns.max() == ColumnBatch.column(EventColumn.count - 1))
  }
}

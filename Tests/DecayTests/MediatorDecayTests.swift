import DarkSector
import Decay
import Foundation
import Kinematics
import ParticleData
import Production
import Sampling
import Testing

private func atRest(_ mass: Double) -> LightFrontMomentum {
  LightFrontMomentum(plus: mass, x: 0, y: 0)
}

@Suite("A′ → χ₁χ₂") struct MediatorDecayTests {
  @Test(
    "χ₂ follows 1 - b n·ρ·n on the light-front axes", .tags(.statistical), arguments: [false, true])
  func angularLaw(unweighted: Bool) throws {
    let sampler = try decaySampler(0.1, 0.4, .electron)
    let point = sampler.point
    let (mA, sum) = (point.darkPhotonMass, point.pairThreshold)
    let b = 1 - sum * sum / (mA * mA)
    let spin = SpinState.generic
    // Moments of directions: ⟨n_i n_j⟩ of the law, by a cell grid in cos θ and φ.
    let (rows, columns) = (8, 8)
    var expected = [Double](repeating: 0, count: rows * columns)
    let fine = 20
    for i in 0..<rows * fine {
      for j in 0..<columns * fine {
        let z = -1 + 2 * (Double(i) + 0.5) / Double(rows * fine)
        let phi = 2 * .pi * (Double(j) + 0.5) / Double(columns * fine)
        let across = (1 - z * z).squareRoot()
        expected[i / fine * columns + j / fine] +=
          1 - b * spin.along(across * cos(phi), across * sin(phi), z)
      }
    }
    let total = expected.reduce(0, +)
    let cells = (0...rows * columns).map { Double($0) }
    var histogram = WeightedHistogram(edges: cells)
    // A moving A′: its own rest frame is found from laboratory momenta.
    let mediator = LightFrontMomentum(plus: 150, x: 0.4, y: 0.1)
    sampler.forEachDecay(of: 1_000_000, mediator: mediator, spin: spin, unweighted: unweighted) {
      event in
      let p = event.chi2.inRestFrame(ofParent: mediator, mass: mA).fourMomentum(
        mass: point.chi2Mass)
      let length = (p.x * p.x + p.y * p.y + p.z * p.z).squareRoot()
      let row = min(Int((p.z / length + 1) / 2 * Double(rows)), rows - 1)
      var turns = atan2(p.y, p.x) / (2 * .pi)
      if turns < 0 { turns += 1 }
      let column = min(Int(turns * Double(columns)), columns - 1)
      histogram.add(Double(row * columns + column) + 0.5, weight: event.chainWeight)
    }
    let p = histogram.probability(expectedShares: expected.map { $0 / total })
    // The grid's midpoint rule is good to 10⁻⁴ of a cell; the statistical error is 10⁻².
    #expect(p > 1e-3 && p < 0.999, "p = \(p)")
    let flat = [Double](repeating: 1 / Double(rows * columns), count: rows * columns)
    #expect(histogram.probability(expectedShares: flat) < 1e-12)
  }

  @Test("polarisation weights are positive, average to 1 and shift directions", .tags(.statistical))
  func averages() throws {
    for (m1, ratio) in [(0.1, 0.4), (0.3, 0.1), (0.01, 0.8)] {
      let polarised = try decaySampler(m1, ratio, .electron)
      let isotropic = try decaySampler(m1, ratio, .electron, polarised: false)
      let point = polarised.point
      let mA = point.darkPhotonMass
      let b = 1 - point.pairThreshold * point.pairThreshold / (mA * mA)
      for spin in [SpinState.unpolarised, .longitudinal, .generic] {
        var (weight, along, plain) = (WeightedMean(), WeightedMean(), WeightedMean())
        var least = 1.0
        polarised.forEachDecay(of: 200_000, mediator: atRest(mA), spin: spin) { event in
          let p = event.chi2.fourMomentum(mass: point.chi2Mass)
          let z2 = p.z * p.z / (p.x * p.x + p.y * p.y + p.z * p.z)
          weight.add(event.chainWeight)
          along.add(event.chainWeight * z2)
          least = min(least, event.chainWeight)
        }
        isotropic.forEachDecay(of: 200_000, mediator: atRest(mA), spin: spin) { event in
          let p = event.chi2.fourMomentum(mass: point.chi2Mass)
          plain.add(event.chainWeight * p.z * p.z / (p.x * p.x + p.y * p.y + p.z * p.z))
        }
        #expect(least > 0)
        #expect(abs(weight.value - 1) < 4 * weight.error + 1e-12)
        // ⟨n_z²⟩ = ∫(1 - b nρn) n_z² / ∫(1 - b nρn), with ⟨n_z⁴⟩ = 1/5 and ⟨n_x² n_z²⟩ = 1/15.
        let zz = 1 - spin.xx - spin.yy
        let expected = (1.0 / 3 - b * (1 + 2 * zz) / 15) / (1 - b / 3)
        #expect(abs(along.value - expected) < 4 * along.error)
        #expect(abs(plain.value - 1.0 / 3) < 4 * plain.error)
        // A longitudinal A′ sends χ₂ across: by 4b/45 and more, many errors.
        if zz == 1 { #expect(along.value < 1.0 / 3 - 10 * along.error) }
      }
    }
  }

  @Test("isotropic decays leave the production weight, whatever the spin", .tags(.identity))
  func isotropic() throws {
    let sampler = try decaySampler(0.1, 0.4, .electron, polarised: false)
    let reference = try decaySampler(0.1, 0.4, .electron)
    var plain: [Double] = []
    sampler.forEachDecay(of: 2000, mediator: atRest(0.3), spin: .longitudinal) {
      plain.append($0.chainWeight)
    }
    var unpolarised: [Double] = []
    reference.forEachDecay(of: 2000, mediator: atRest(0.3), spin: .unpolarised) {
      unpolarised.append($0.chainWeight)
    }
    // nρn = 1/3 to rounding.
    #expect(zip(plain, unpolarised).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test(
    "the weight is the full contraction of production and decay by explicit matrices",
    .tags(.identity),
    arguments: [(BeamParticle.muon, 3.0, 0.4), (.electron, 2, 0.15), (.muon, 12, 0.6)])
  func spinCorrelation(beam: BeamParticle, energy: Double, mediatorMass: Double) throws {
    let m1 = mediatorMass / 3
    let point = try ModelPoint(
      chi1Mass: m1, massSplitting: 0.4 * m1, darkPhotonMass: mediatorMass)
    let m2 = point.chi2Mass
    let setup = try ProductionSetup(
      beam: beam, beamEnergy: energy, target: Material.builtIn[0],
      mediator: .narrow(mass: mediatorMass))
    let production = ProductionSampler(setup, seed: 61)
    // The pair's own weight is taken out: a sampler without polarisation on the same numbers.
    let width = point.chi2Widths().electrons
    let samplers = try [true, false].map {
      try DecaySampler(point, flavour: .electron, width: width, polarised: $0)
    }
    let events = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let decayScratch = ColumnBatch(columns: DecaySampler.scratchColumnCount)
    let n = production.fill(events, scratch: scratch, batch: 0, of: 200)
    let stream = RandomStream(seed: 1, purpose: .decay, point: 3, batch: 0)
    samplers[1].fill(events, scratch: decayScratch, count: n, stream: stream)
    let plain = (0..<n).map { events.base[EventColumn.chainWeight + $0] }
    samplers[0].fill(events, scratch: decayScratch, count: n, stream: stream)

    let M = setup.target.nuclearMass
    let m = beam.mass
    let p = FourMomentum(energy: energy, x: 0, y: 0, z: setup.beamMomentum)
    let rest = FourMomentum(energy: M, x: 0, y: 0, z: 0)
    var (worst, spread) = (0.0, 0.0)
    for i in 0..<n {
      let base = events.base
      let event = DecayedEvent(events, i)
      let k = event.mediator.fourMomentum(mass: mediatorMass)
      let scattered = LightFrontMomentum(
        plus: base[EventColumn.scatteredPlus + i], x: base[EventColumn.scatteredX + i],
        y: base[EventColumn.scatteredY + i]
      ).fourMomentum(mass: m)
      let recoil = FourMomentum(
        energy: M + base[EventColumn.momentumTransfer + i] / (2 * M),
        x: base[EventColumn.recoilX + i], y: base[EventColumn.recoilY + i],
        z: base[EventColumn.recoilZ + i])
      let currents = radiationCurrents(
        p: p, pPrime: scattered, k: k, v: rest + recoil, mass: m)
      let p2 = event.chi2.fourMomentum(mass: m2)
      let p1 = k - p2
      // Σ M^μ M^ν* D_μν with D = p₁p₂ + p₂p₁ - g(p₁·p₂ + m₁m₂), over all spins.
      let product = p1.dot(p2) + m1 * m2
      let contracted = currents.reduce(0.0) { sum, J in
        func along(_ r: FourMomentum) -> Complex {
          (0..<4).reduce(Complex(0)) { $0 + Complex(metric[$1] * r.components[$1]) * J[$1] }
        }
        let square = (0..<4).reduce(0.0) { $0 + metric[$1] * J[$1].squaredModulus }
        return sum + 2 * (along(p1) * along(p2).conjugate).re - product * square
      }
      // Its mean over directions: ⟨D⟩ = A(-g + kk/Q²) + B kk/Q², and k·M = 0.
      let trace = 2 * p1.dot(p2) - 4 * product
      let longitudinal =
        (2 * k.dot(p1) * k.dot(p2) - k.dot(k) * product) / (mediatorMass * mediatorMass)
      let mean = (longitudinal - trace) / 3 * 2 * contraction(currents)
      let weight = event.chainWeight / plain[i]
      worst = max(worst, abs(weight - contracted / mean))
      spread = max(spread, abs(weight - 1))
      // b = 1 - Σ²/m_A′² = 0.36: weights lie between (1 - b)/(1 - b/3) and 1/(1 - b/3).
      #expect(weight > 0.72 && weight < 1.14)
    }
    // 1e-11: P_i + P_f in the laboratory cancels, up to 10⁴ for the electron, on spinors of 10⁻¹⁵.
    #expect(worst < 1e-11)
    #expect(spread > 0.1)
  }

  @Test("on produced A′ the total stays and directions shift", .tags(.statistical))
  func producedMediators() throws {
    let point = try ModelPoint(chi1Mass: 0.1, massSplitting: 0.02, darkPhotonMass: 0.3)
    let setup = try ProductionSetup(
      beam: .muon, beamEnergy: 160, target: .beryllium, mediator: .narrow(mass: 0.3))
    let production = ProductionSampler(setup, seed: 71)
    let width = point.chi2Widths().electrons
    let samplers = try [true, false].map {
      try DecaySampler(point, flavour: .electron, width: width, polarised: $0)
    }
    let events = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let decayScratch = ColumnBatch(columns: DecaySampler.scratchColumnCount)
    var (total, along, plain) = (0.0, WeightedMean(), 0.0)
    var change = WeightedMean()
    for batch in 0..<100 {
      let n = production.fill(events, scratch: scratch, batch: batch, of: 204_800)
      let stream = RandomStream(
        seed: 1, purpose: .decay,
        point: DecaySampler.digest(production: production.digest, point: point, flavour: .electron),
        batch: batch)
      samplers[1].fill(events, scratch: decayScratch, count: n, stream: stream)
      let isotropic = (0..<n).map { events.base[EventColumn.chainWeight + $0] }
      samplers[0].fill(events, scratch: decayScratch, count: n, stream: stream)
      for i in 0..<n {
        let event = DecayedEvent(events, i)
        let p = event.chi2.inRestFrame(ofParent: event.mediator, mass: 0.3)
          .fourMomentum(mass: point.chi2Mass)
        let z2 = p.z * p.z / (p.x * p.x + p.y * p.y + p.z * p.z)
        let difference = event.chainWeight - isotropic[i]
        total += isotropic[i]
        plain += isotropic[i] * z2
        change.add(difference)
        along.add(difference * z2)
      }
    }
    // The same directions with and without weights: the change of the total is 0 within its error, and that
    // error is a small part of the total.
    #expect(abs(change.value) < 4 * change.error)
    #expect(change.error * 204_800 < 2e-3 * total)
    #expect(abs(along.value) > 10 * along.error)
    #expect(abs(plain / total - 1.0 / 3) < 0.005)  // 1/3 within √(4/45)/√(2·10⁵) and weights.
  }

  @Test("the dark trace is D_μν", .tags(.identity))
  func darkTrace() {
    let (m1, m2) = (0.4, 0.7)
    let p1 = FourMomentum(mass: m1, x: 0.3, y: -0.5, z: 0.2)
    let p2 = FourMomentum(mass: m2, x: -0.1, y: 0.4, z: 0.9)
    for mu in 0..<4 {
      for nu in 0..<4 {
        let product =
          (DiracMatrix.slash(p2) + .scalar(m2)) * DiracMatrix.gamma[mu]
          * (.slash(p1) - .scalar(m1)) * DiracMatrix.gamma[nu]
        let (a, b) = (p1.components, p2.components)
        let expected =
          a[mu] * b[nu] + a[nu] * b[mu] - (mu == nu ? metric[mu] * (p1.dot(p2) + m1 * m2) : 0)
        #expect(abs(product.trace.re / 4 - expected) < 1e-14)
        #expect(abs(product.trace.im) < 1e-14)
      }
    }
  }

  @Test("streams of decays are named by production, masses and flavour", .tags(.unit))
  func digests() throws {
    let point = try ModelPoint(chi1Mass: 0.3, massSplitting: 0.25, darkPhotonMass: 1)
    let other = try ModelPoint(chi1Mass: 0.3, massSplitting: 0.26, darkPhotonMass: 1)
    let all = [
      DecaySampler.digest(production: 1, point: point, flavour: .electron),
      DecaySampler.digest(production: 2, point: point, flavour: .electron),
      DecaySampler.digest(production: 1, point: other, flavour: .electron),
      DecaySampler.digest(production: 1, point: point, flavour: .muon),
    ]
    #expect(Set(all).count == 4)
    #expect(DecaySampler.digest(production: 1, point: point, flavour: .electron) == all[0])
  }
}

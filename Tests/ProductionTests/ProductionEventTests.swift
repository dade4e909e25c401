import Foundation
import Kinematics
import ParticleData
import Production
import Sampling
import Tables
import Testing

@Suite("Production events") struct ProductionEventTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let beam: BeamParticle
    let energy: Double
    let target: String
    let mass: Double
    var testDescription: String { "\(beam) \(energy) GeV on \(target), m_A′ = \(mass)" }

    func sampler() throws -> ProductionSampler {
      ProductionSampler(
        try ProductionSetup(
          beam: beam, beamEnergy: energy, target: material(target), mediator: .narrow(mass: mass)),
        seed: 31)
    }
  }

  static let cases =
    [2 * Mass.electron, 0.01, 0.1, 1, 5].flatMap { mass in
      [
        Case(beam: .muon, energy: 160, target: "beryllium", mass: mass),
        Case(beam: .electron, energy: 8, target: "tungsten", mass: mass),
        Case(beam: .antimuon, energy: 160, target: "lead", mass: mass),
      ]
    } + [
      Case(beam: .positron, energy: 4, target: "tungsten", mass: 0.001),
      Case(beam: .muon, energy: 160, target: "hydrogen", mass: 0.3),
    ]

  @Test("events balance momentum on their mass shells", .tags(.identity), arguments: cases)
  func balance(_ test: Case) throws {
    let sampler = try test.sampler()
    let setup = sampler.setup
    let (E, p, m, M) = (
      setup.beamEnergy, setup.beamMomentum, setup.beam.mass, setup.target.nuclearMass
    )
    let s = setup.s
    var worst = (plus: 0.0, minus: 0.0, across: 0.0, recoil: 0.0)
    var faults = 0
    sampler.forEachEvent(of: 20_000) { event in
      let (k, l, R) = (event.mediator, event.scattered, event.recoil)
      let kMinus = k.minus(mass2: event.mass * event.mass)
      let lMinus = l.minus(mass2: m * m)
      // Each light-front component on the scale of its terms.
      worst.plus = max(
        worst.plus, abs(k.plus + l.plus + (R.energy + R.z) - (E + p + M)) / (E + p + M))
      let minusIn = m * m / (E + p) + M
      worst.minus = max(worst.minus, abs(kMinus + lMinus + (R.energy - R.z) - minusIn) / minusIn)
      worst.across = max(
        worst.across, hypot(k.x + l.x + R.x, k.y + l.y + R.y) / (hypot(k.x, k.y) + hypot(l.x, l.y)))
      // The recoil: |q|² = t + t²/4M², against its parts.
      let q2 = event.t * (1 + event.t / (4 * M * M))
      worst.recoil = max(worst.recoil, abs(R.x * R.x + R.y * R.y + R.z * R.z - q2) / q2)
      // t between its limits at this M_X.
      let X2 = (k.plus + l.plus) * (kMinus + lMinus) - pow(k.x + l.x, 2) - pow(k.y + l.y, 2)
      let initial = M * p / s.squareRoot()
      let difference: Double = s - M * M
      let lambda: Double = (difference - X2) * (difference - X2) - 4 * M * M * X2
      let final: Double = max(lambda, 0).squareRoot() / (2 * s.squareRoot())
      let sums: Double = (s + M * M) * (m * m + X2) - m * m * X2
      let middle: Double = (difference * difference - sums) / (4 * s)
      let tMost: Double = 2 * (middle + initial * final)
      let numerator: Double = M * (X2 - m * m)
      let tLeast: Double = numerator * numerator / (s * tMost)
      // 1e-6: X² from the momenta, divided by X² - m² twice.
      let isInside = event.t > tLeast * (1 - 1e-6) && event.t < tMost * (1 + 1e-6)
      let isSane = event.weight > 0 && event.weight.isFinite && k.plus > 0 && l.plus > 0
      if !isInside || !isSane || event.mass != test.mass { faults += 1 }
    }
    #expect(faults == 0)
    // Sums of some 10 terms, rounded on the scale of the largest.
    #expect(worst.plus < 3e-15)
    #expect(worst.across < 3e-15)
    // p⁻ of the lepton or the A′ is 1/p⁺ of a difference of large p⁺: it can lose E/p⁺ of its digits, up to
    // five where a light lepton or A′ stops.
    #expect(worst.minus < 1e-10)
    #expect(worst.recoil < 1e-13)
  }

  @Test("the density matrix is positive with trace 1", .tags(.identity), arguments: cases)
  func density(_ test: Case) throws {
    var least = 0.0
    var worst = 0.0
    var purest = 0.0
    try test.sampler().forEachEvent(of: 20_000) { event in
      let r = event.density
      let diagonal: [Double] = [r[0][0], r[1][1], r[2][2]]
      let minors: [Double] = [
        r[0][0] * r[1][1] - r[0][1] * r[0][1], r[0][0] * r[2][2] - r[0][2] * r[0][2],
        r[1][1] * r[2][2] - r[1][2] * r[1][2],
      ]
      let first: Double = r[0][0] * minors[2]
      let second: Double = r[0][1] * (r[0][1] * r[2][2] - r[1][2] * r[0][2])
      let third: Double = r[0][2] * (r[0][1] * r[1][2] - r[1][1] * r[0][2])
      let determinant: Double = first - second + third
      least = min(least, (diagonal + minors + [determinant]).min() ?? -1)
      worst = max(worst, abs(diagonal.reduce(0, +) - 1))
      let elements: [Double] = r.flatMap { $0 }
      let purity: Double = elements.reduce(0) { $0 + $1 * $1 }
      purest = max(purest, purity)
    }
    // The matrix is normalised by its own trace. Along z the axis has components k⁺/m_A′, whose squares
    // cancel in the form: rounding is of order (E/m_A′)² 10⁻¹⁶, 10⁻⁵ for 1 MeV at 160 GeV.
    let rounding = 4e-16 * (test.energy / test.mass) * (test.energy / test.mass) + 1e-14
    #expect(worst < 1e-15)
    #expect(least > -rounding)
    // Some polarisation there must be: 1/3 is an unpolarised A′.
    #expect(purest > 0.4 && purest < 1 + 2 * rounding)
  }

  @Test("the density matrix is that of explicit spinors on light-front axes", .tags(.identity))
  func explicitDensity() throws {
    // A slow beam, so that matrices in the laboratory keep their digits.
    let test = Case(beam: .muon, energy: 3, target: "hydrogen", mass: 0.4)
    let sampler = try test.sampler()
    let setup = sampler.setup
    let M = setup.target.nuclearMass
    let p = FourMomentum(energy: setup.beamEnergy, x: 0, y: 0, z: setup.beamMomentum)
    let rest = FourMomentum(energy: M, x: 0, y: 0, z: 0)
    var worst = 0.0
    var largest = 0.0
    sampler.forEachEvent(of: 300) { event in
      let k = event.mediator.fourMomentum(mass: event.mass)
      let l = event.scattered.fourMomentum(mass: setup.beam.mass)
      let currents = radiationCurrents(
        p: p, pPrime: l, k: k, v: rest + event.recoil, mass: setup.beam.mass)
      // The axes in the laboratory: r⁺ and r_⊥ by the boost, r⁻ from r·k = 0.
      let (kPlus, kMinus) = (event.mediator.plus, k.energy - k.z)
      let axes = [
        (0.0, 1.0, 0.0), (0, 0, 1), (kPlus / event.mass, k.x / event.mass, k.y / event.mass),
      ]
      .map { plus, x, y -> FourMomentum in
        let minus = (2 * (x * k.x + y * k.y) - plus * kMinus) / kPlus
        return FourMomentum(energy: (plus + minus) / 2, x: x, y: y, z: (plus - minus) / 2)
      }
      let total = contraction(currents)
      for i in 0..<3 {
        for j in 0..<3 {
          let sum = squaredProjection(currents, on: axes[i] + axes[j])
          let difference = squaredProjection(currents, on: axes[i] - axes[j])
          let expected = (sum - difference) / 4 / total
          worst = max(worst, abs(event.density[i][j] - expected))
          if i != j { largest = max(largest, abs(expected)) }
        }
      }
    }
    // 1e-10: P_i + P_f in the laboratory lets squares of 10² GeV² cancel against each other.
    #expect(worst < 1e-10)
    #expect(largest > 0.1)
  }

  @Test(
    "a batch depends on its number alone, and weights add up to the cross section", .tags(.identity)
  )
  func batches() async throws {
    let sampler = try Case(beam: .muon, energy: 160, target: "beryllium", mass: 0.1).sampler()
    let events = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let n = sampler.fill(events, scratch: scratch, batch: 3, of: 100_000)
    let first = (0..<n).map { events.base[EventColumn.mediatorPlus + $0] }
    _ = sampler.fill(events, scratch: scratch, batch: 1, of: 100_000)
    _ = sampler.fill(events, scratch: scratch, batch: 3, of: 50_000)
    #expect((0..<n).map { events.base[EventColumn.mediatorPlus + $0] } == first)
    #expect(sampler.fill(events, scratch: scratch, batch: 48, of: 100_000) == 100_000 - 48 * 2048)
    var (sum, square) = (0.0, 0.0)
    sampler.forEachEvent(of: 200_000) { event in
      sum += event.weight
      square += event.weight * event.weight
    }
    let error = (square - sum * sum / 200_000).squareRoot()
    let result = try await sampler.crossSection(relativePrecision: 1e-3, threads: 2).estimate
    #expect(abs(sum - result.value) < 4 * hypot(error, result.error))
  }

  @Test("the azimuth of the whole event is uniform", .tags(.statistical))
  func azimuth() throws {
    var histogram = WeightedHistogram(edges: (0...20).map { -.pi + .pi / 10 * Double($0) })
    try Case(beam: .muon, energy: 160, target: "beryllium", mass: 0.1).sampler()
      .forEachEvent(of: 200_000) { event in
        histogram.add(atan2(event.mediator.y, event.mediator.x), weight: event.weight)
      }
    let p = histogram.probability(expectedShares: .init(repeating: 0.05, count: 20))
    #expect(p > 1e-3 && p < 0.999, "p = \(p)")
  }

  @Test(
    "angles, energies and t have the quantiles of the independent calculation", .tags(.reference))
  func quantiles() throws {
    let table = try referenceTable("kinematics-muon-beryllium")
    let names = ["xA", "thetaA_mrad", "Emu_GeV", "thetamu_mrad", "t_GeV2"]
    let shares = try table.required("share")
    let references = try names.map { try table.required($0) }
    let errors = try names.map { try table.required($0 + "_err") }
    let setup = try ProductionSetup(
      beam: .muon, beamEnergy: 160, target: referenceBeryllium, mediator: .narrow(mass: 0.1),
      formFactor: .tsaiGeneric)
    let m = setup.beam.mass
    let rows = shares.indices.filter { shares[$0] > 0 }
    // For each variable and quantile: weight below the reference, below it less and more its error, and
    // what the variance needs.
    var below = names.map { _ in rows.map { _ in (at: 0.0, less: 0.0, more: 0.0, squares: 0.0) } }
    var sums = names.map { _ in (first: 0.0, second: 0.0, cross: 0.0) }
    var (total, squares) = (0.0, 0.0)
    ProductionSampler(setup, seed: 41).forEachEvent(of: runsLong ? 8_000_000 : 1_000_000) { event in
      let w = event.weight
      let k = event.mediator.fourMomentum(mass: event.mass)
      let l = event.scattered.fourMomentum(mass: m)
      let values = [
        k.energy / setup.beamEnergy, 1e3 * atan2(k.transverse, k.z), l.energy,
        1e3 * atan2(l.transverse, l.z), event.t,
      ]
      total += w
      squares += w * w
      for (variable, value) in values.enumerated() {
        sums[variable].first += w * value
        sums[variable].second += w * w * value * value
        sums[variable].cross += w * w * value
        for row in rows {
          let (reference, error) = (references[variable][row], errors[variable][row])
          if value < reference + error { below[variable][row].more += w }
          if value < reference - error { below[variable][row].less += w }
          if value < reference {
            below[variable][row].at += w
            below[variable][row].squares += w * w
          }
        }
      }
    }
    var worst = 0.0
    for (variable, name) in names.enumerated() {
      for row in rows {
        let F = below[variable][row]
        let share = F.at / total
        let p = shares[row]
        let statistical =
          (F.squares * (1 - p) * (1 - p) + (squares - F.squares) * p * p).squareRoot() / total
        let theirs = (F.more - F.less) / (2 * total)
        let pull = (share - p) / hypot(statistical, theirs)
        worst = max(worst, abs(pull))
        #expect(abs(pull) < 4, "\(name) at \(p): \(share) below the reference")
      }
      let mean = sums[variable].first / total
      let reference = references[variable][shares.count - 1]
      let own =
        (sums[variable].second - 2 * mean * sums[variable].cross + mean * mean * squares)
        .squareRoot()
        / total
      let pull = (mean - reference) / hypot(own, errors[variable][shares.count - 1])
      worst = max(worst, abs(pull))
      #expect(abs(pull) < 4, "mean \(name): \(mean), reference \(reference)")
    }
  }
}

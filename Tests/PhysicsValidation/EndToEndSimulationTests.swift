import DarkSector
import Decay
import Detector
import Foundation
import Integration
import Kinematics
import ParticleData
import Production
import Reach
import Sampling
import Testing

/// The whole chain by brute force: decay positions are drawn, tracks propagated, hits counted. Of the code under test only
/// the momenta of production and decay are used.
private struct Simulation {
  let plan: Plan
  let point: ModelPoint
  let widths: Chi2Widths
  let draws: Int

  /// Σ w over decays that are seen, in pb at ε = 1, and the variances from drawing decays and from the sample.
  func accepted(properDecayLength: Double, seed: UInt64) throws -> (
    value: Double, drawing: Double, sampling: Double
  ) {
    let setup = try plan.productionSetup(point, alphaD: plan.model.alphaD)
    let production = ProductionSampler(setup, seed: seed)
    let events = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(
      columns: max(ProductionSampler.scratchColumnCount, DecaySampler.scratchColumnCount))
    let flavours = [LeptonFlavour.electron, .muon].filter { widths.width($0) > 0 }
    var (sum, drawing, squares) = (0.0, 0.0, 0.0)
    let total = plan.run.eventsPerPoint
    for batch in 0..<BatchLayout.batchCount(forEvents: total) {
      let n = production.fill(events, scratch: scratch, batch: batch, of: total)
      var contributions = [Double](repeating: 0, count: n)
      for flavour in flavours {
        let decay = try DecaySampler(point, flavour: flavour, width: widths.width(flavour))
        let digest = DecaySampler.digest(
          production: production.digest, point: point, flavour: flavour)
        decay.fill(
          events, scratch: scratch, count: n,
          stream: RandomStream(seed: seed, purpose: .decay, point: digest, batch: batch))
        var lifetimes = RandomStream(
          seed: seed, purpose: .test, point: digest, batch: batch)
        for i in 0..<n {
          let weight = events.base[EventColumn.chainWeight + i] * widths.branchingRatio(flavour)
          let share = seenShare(events, i, flavour, properDecayLength, &lifetimes)
          contributions[i] += weight * share
          drawing += weight * weight * share * (1 - share) / Double(draws)
        }
      }
      sum += contributions.reduce(0, +)
      squares += contributions.reduce(0) { $0 + $1 * $1 }
    }
    return (sum, drawing, squares - sum * sum / Double(total))
  }

  private func seenShare(
    _ events: borrowing ColumnBatch, _ i: Int, _ flavour: LeptonFlavour, _ length: Double,
    _ lifetimes: inout RandomStream
  ) -> Double {
    let base = events.base
    func momentum(_ plus: Int, _ x: Int, _ y: Int, _ mass: Double) -> FourMomentum {
      LightFrontMomentum(plus: base[plus + i], x: base[x + i], y: base[y + i])
        .fourMomentum(mass: mass)
    }
    let muon = momentum(
      EventColumn.scatteredPlus, EventColumn.scatteredX, EventColumn.scatteredY, Mass.muon)
    let chi2 = momentum(
      EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y, point.chi2Mass)
    let positive = momentum(
      EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY, flavour.mass)
    let negative = momentum(
      EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY,
      flavour.mass)
    // Table I, in its own words.
    let cuts = plan.selection
    guard muon.energy > cuts.minimumBeamLeptonEnergy, muon.z > 0,
      positive.energy > cuts.minimumLeptonEnergy, positive.z > 0,
      negative.energy > cuts.minimumLeptonEnergy, negative.z > 0,
      angle(positive, negative) > cuts.minimumOpeningAngle, isSeen(muon, from: .zero)
    else { return 0 }
    let seen = (0..<draws).count { _ in
      // A path of βγ cτ times an exponential number, along the flight of χ₂.
      let p = SIMD3(chi2.x, chi2.y, chi2.z)
      let vertex = (-log(lifetimes.uniform()) * length / point.chi2Mass) * p
      return cuts.decayWindow.contains(vertex.z) && isSeen(positive, from: vertex)
        && isSeen(negative, from: vertex)
    }
    return Double(seen) / Double(draws)
  }

  /// Planes across the beam, centred on it.
  private func isSeen(_ p: FourMomentum, from vertex: SIMD3<Double>) -> Bool {
    plan.apparatus.planes.allSatisfy { plane in
      let step = (plane.centre.z - vertex.z) / p.z
      return step >= 0 && abs(vertex.x + step * p.x) <= plane.size.x / 2
        && abs(vertex.y + step * p.y) <= plane.size.y / 2
    }
  }

  private func angle(_ a: FourMomentum, _ b: FourMomentum) -> Double {
    let cross = SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    return atan2((cross * cross).sum().squareRoot(), a.x * b.x + a.y * b.y + a.z * b.z)
  }
}

@Suite("A brute-force simulation from the beam to the counted event")
struct EndToEndSimulationTests {
  @Test(
    "Counting drawn decays gives the expected events", .tags(.statistical),
    arguments: [(0.1, 0.4, 1e-6), (0.3, 0.2, 1e-7), (0.6, 0.4, 1e-8)])
  func countedEvents(m1: Double, splitting: Double, y: Double) async throws {
    let plan = Plan.paper(m1: m1, splitting: splitting, y: y, events: isLong ? 1_000_000 : 100_000)
    let expected = try await plan.expectedEvents(threads: 1)
    let point = try plan.modelPoint()
    // Muons too at 0.6 GeV.
    #expect(point.chi2Widths().muons > 0 || m1 < 0.5)
    // So many decays an event that the drawing is known to 3 %.
    let simulation = Simulation(
      plan: plan, point: point, widths: point.chi2Widths(), draws: isLong ? 16 : 10)
    let scale =
      4700 * expected.epsilon * expected.epsilon * expected.darkBranchingRatio
    // The same events: nothing but the drawing of decays lies between the two numbers.
    let same = try simulation.accepted(
      properDecayLength: expected.properDecayLength, seed: plan.run.seed)
    let sameError = same.drawing.squareRoot()
    // Five standard errors, which are a few per cent.
    #expect(abs(scale * same.value - expected.events.value) < 5 * scale * sameError)
    #expect(sameError < 0.03 * same.value)
    // Events of their own: both samples' errors come in.
    let other = try simulation.accepted(
      properDecayLength: expected.properDecayLength, seed: plan.run.seed + 1)
    let counted = Estimate(
      value: scale * other.value,
      error: scale * (other.sampling).squareRoot())
    #expect(abs(counted.pull(against: expected.events)) < 5)
  }
}

import Foundation
import Integration
import Kinematics
import ParticleData
import Production
import Sampling

/// Distributions of the A′ and the scattered muon.
enum KinematicsValidation {
  static let outline = ValidationOutline(
    title: "Kinematics of production",
    introduction: """
      Weighted quantiles and means for m_A′ = 0.1 GeV, elastic, from 32 groups of 491 520 events each: \
      the value is the mean over groups, its error their spread. Polar angles are to the beam. The errors \
      of both sides combined are allowed five times, as in the statistical tests.
      """,
    steps: [ValidationStep(make: rows)])

  /// A measured quantity: its name in words, and its column in the tables.
  private static let variables = [
    ("x = E_A′/E", "xA"), ("θ_A′ [mrad]", "thetaA_mrad"), ("E_μ [GeV]", "Emu_GeV"),
    ("θ_μ [mrad]", "thetamu_mrad"), ("t [GeV²]", "t_GeV2"),
  ]
  private static let groups = 32
  private static let batchesPerGroup = 240

  private static func rows(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let records = try ReferenceTable.kinematicsQuantiles.records()
    let probabilities = try records.map { try $0.number("probability") }
    let sampler = ProductionSampler(try setup.production(mass: 0.1), seed: setup.plan.run.seed)
    // statistics[group][variable][quantile…, mean]
    let statistics = try await concurrentMap(count: groups, threads: setup.threads) { group in
      let sample = events(sampler, group: group)
      return sample.values.map { values in
        quantiles(values, sample.weights, probabilities) + [mean(values, sample.weights)]
      }
    }
    var rows: [ValidationRow] = []
    for (v, (name, column)) in variables.enumerated() {
      for (q, record) in (records + (try ReferenceTable.kinematicsMeans.records())).enumerated() {
        let reference = Estimate(
          value: try record.number(column), error: try record.number(column + "_err"))
        let label =
          q < probabilities.count
          ? "\(ValidationText.number(100 * probabilities[q], error: 0)) % quantile" : "mean"
        rows.append(
          ValidationRow(
            "\(name), \(label)", value: statistics.map { $0[v][q] }.meanWithError,
            expectation: .number(reference, .standardErrors(5)),
            source: ProductionValidation.reference))
      }
    }
    return annotated(rows)
  }

  /// The rows with a remark at the one that lies furthest off, and the size of all deviations together.
  private static func annotated(_ rows: [ValidationRow]) -> [ValidationRow] {
    let pulls = rows.map { row -> Double in
      guard case .number(let reference, _) = row.expectation else { return 0 }
      return row.value.pull(against: reference)
    }
    var rows = rows
    if let furthest = pulls.indices.max(by: { abs(pulls[$0]) < abs(pulls[$1]) }) {
      rows[furthest].note = """
        the largest of the deviations, \(String(format: "%.1f", pulls[furthest])) σ.
        """
    }
    let square = pulls.reduce(0) { $0 + $1 * $1 } / Double(max(pulls.count, 1))
    rows.append(
      ValidationRow(
        "root mean square of the \(pulls.count) deviations above, in σ",
        value: .exact(square.squareRoot()), expectation: .none,
        source: "1 for errors that are right",
        note: """
          the deviations are correlated. The median of θ_A′ stands out: with seeds 1, 2, 3 and the built-in \
          one Duskline finds it 0.13 to 0.22 % below the reference, so that this is no chance of one seed. \
          The error that the reference quotes there is about half of what its error of the median of x leads \
          one to expect, by the ratio that the two errors have here; with such an error the deviation would \
          be 2.4 σ. An error quoted too small is suspected, not proved: the question is open.
          """))
    return rows
  }

  private struct Events {
    var weights: [Double] = []
    /// `values[variable][event]`
    var values = [[Double]](repeating: [], count: 5)
  }

  private static func events(_ sampler: ProductionSampler, group: Int) -> Events {
    let block = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: ProductionSampler.scratchColumnCount)
    let total = groups * batchesPerGroup * BatchLayout.capacity
    let (beamEnergy, muonMass) = (sampler.setup.beamEnergy, sampler.setup.beam.mass)
    var events = Events()
    for batch in group * batchesPerGroup..<(group + 1) * batchesPerGroup {
      let count = sampler.fill(block, scratch: scratch, batch: batch, of: total)
      for i in 0..<count {
        func column(_ offset: Int) -> Double { block.base[offset + i] }
        let mediator = LightFrontMomentum(
          plus: column(EventColumn.mediatorPlus), x: column(EventColumn.mediatorX),
          y: column(EventColumn.mediatorY)
        ).fourMomentum(mass: column(EventColumn.mediatorMass))
        let muon = LightFrontMomentum(
          plus: column(EventColumn.scatteredPlus), x: column(EventColumn.scatteredX),
          y: column(EventColumn.scatteredY)
        ).fourMomentum(mass: muonMass)
        events.weights.append(column(EventColumn.weight))
        events.values[0].append(mediator.energy / beamEnergy)
        events.values[1].append(1e3 * polarAngle(mediator))
        events.values[2].append(muon.energy)
        events.values[3].append(1e3 * polarAngle(muon))
        events.values[4].append(column(EventColumn.momentumTransfer))
      }
    }
    return events
  }

  private static func polarAngle(_ p: FourMomentum) -> Double { atan2(p.transverse, p.z) }

  /// Weighted quantiles, linear between the midpoints of the weights.
  static func quantiles(
    _ values: [Double], _ weights: [Double], _ probabilities: [Double]
  ) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    let total = weights.reduce(0, +)
    var results: [Double] = []
    var below = 0.0
    var (previousMiddle, previousValue) = (0.0, values[order[0]])
    var next = 0
    for index in order {
      let middle = below + 0.5 * weights[index]
      while next < probabilities.count, probabilities[next] * total <= middle {
        let range = middle - previousMiddle
        let fraction = range > 0 ? (probabilities[next] * total - previousMiddle) / range : 1
        results.append(previousValue + fraction * (values[index] - previousValue))
        next += 1
      }
      below += weights[index]
      (previousMiddle, previousValue) = (middle, values[index])
    }
    return results + Array(repeating: previousValue, count: probabilities.count - results.count)
  }

  private static func mean(_ values: [Double], _ weights: [Double]) -> Double {
    zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
  }
}

import Integration
import Reach
import Selection
import Units

/// Beam, target and calorimeter: what the paper leaves out or takes for granted.
enum ApparatusValidation {
  static let outline = ValidationOutline(
    title: "Beam and apparatus",
    introduction: """
      What a real beam does to the yield of a pencil on the axis (σ = 26 × 27 mm, 0.27 × 0.20 mrad: inputs \
      of the MUonE simulation of 2022), at m₁ = 0.1 GeV, Δ/m₁ = 0.4, y = 10⁻⁸; and whether the calorimeter \
      of 1 × 1 m² catches every track that the selection accepts, as the paper assumes.
      """,
    steps: [
      ValidationStep(make: beamSpread), ValidationStep(make: calorimeter),
    ])

  private static func plan(_ setup: ValidationSetup) -> Plan {
    setup.referencePlan.at(m1: 0.1, splittingOverM1: 0.4, y: 1e-8)
  }

  private static func beamSpread(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let plan = plan(setup)
    let pencil = try await setup.yields(plan)
    let cases: [(String, @Sendable (inout Plan) -> Void)] = [
      ("a spot of 26 × 27 mm", { $0.beam.spot = SIMD2(26, 27) }),
      ("a divergence of 0.27 × 0.20 mrad", { $0.beam.divergence = SIMD2(0.27e-3, 0.20e-3) }),
      (
        "both",
        {
          $0.beam.spot = SIMD2(26, 27)
          $0.beam.divergence = SIMD2(0.27e-3, 0.20e-3)
        }
      ),
      ("interactions throughout the target", { $0.selection.interactionVertex = .spread }),
    ]
    var rows: [ValidationRow] = []
    for (name, change) in cases {
      let spread = try await setup.yields(plan.with(change))
      rows.append(
        ValidationRow(
          "N with \(name) over N", value: spread.meanRatio(to: pencil), expectation: .none,
          source: "no reference"))
    }
    return try await rows + growingSpots(setup, pencil: pencil)
  }

  /// N must fall with every step of the spot's size.
  private static func growingSpots(
    _ setup: ValidationSetup, pencil: [Estimate]
  ) async throws -> [ValidationRow] {
    let plan = plan(setup)
    var previous = pencil
    var rows: [ValidationRow] = []
    for size in [5.0, 10, 20, 40] {
      let next = try await setup.yields(plan.with { $0.beam.spot = SIMD2(size, size) })
      let step = next.meanRatio(to: previous)
      rows.append(
        ValidationRow(
          "N with a spot of \(ProductionValidation.short(size)) mm over N with the one before",
          value: step, expectation: .range(0...1, .absolute(0)),
          source: "a growing spot loses tracks"))
      previous = next
    }
    rows[0].note = "the one before 5 mm is the pencil."
    return rows
  }

  private static func calorimeter(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    var rows: [ValidationRow] = []
    for (m1, splitting, y) in [(0.1, 0.4, 1e-8), (1, 0.4, 1e-7)] {
      let plan = setup.referencePlan.at(m1: m1, splittingOverM1: splitting, y: y)
      let tally = try await BruteForce(plan).tally(batches: 120, threads: setup.threads)
      let last = plan.selection.lastModules
      for (name, between) in [("last", 0), ("fifth-last", last - 1)] {
        rows.append(
          ValidationRow(
            "share of accepted events of the \(name) module with all tracks on the calorimeter, "
              + "m₁ = \(ProductionValidation.short(m1)) GeV",
            value: .exact(tally.calorimeterShare(stationsBetween: between)),
            expectation: .number(.exact(1), .absolute(0)),
            source: "arXiv:2409.00170 assumes it",
            note: between == 0
              ? "\(tally.passed) accepted events looked at; straight tracks, no showers or scattering."
              : nil))
      }
    }
    return rows
  }
}

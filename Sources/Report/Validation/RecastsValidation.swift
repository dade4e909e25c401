import Calculus
import Integration
import Production
import Recasts

/// Limits of other experiments, computed.
enum RecastsValidation {
  private typealias Name = ComputedCurve.Name
  private typealias Variant = ComputedCurve.VariantName

  static let outline = ValidationOutline(
    title: "Computed limits of other experiments",
    introduction: """
      Lower edges in ε of limits that are computed for any point, at m_A′ = 3m₁ and α_D = 0.1. "Digitised" \
      is the public curve for Δ/m₁ = 0.1 of the same search; comparisons are made at its own points. For BaBar \
      and Belle II that curve is itself the input for an A′ that is never seen, so that meeting it without a \
      veto tests nothing but the reading of the table: those rows inform. "Veto": a charged product of χ₂ of \
      so much energy between 17° and 142° is noticed. Method and inputs: `Documentation/Recasts.md`.
      """,
    steps: [
      ValidationStep(make: singlePhotons), ValidationStep(make: digitised),
      ValidationStep(make: smallSplittings), ValidationStep(make: loss),
      ValidationStep(make: remainder), ValidationStep(make: ThickTargetValidation.annihilation),
      ValidationStep(make: ThickTargetValidation.tracks),
    ])

  private static let earlier = "independent reference calculation"

  private static func singlePhotons(_ setup: ValidationSetup) throws -> [ValidationRow] {
    try ReferenceTable.singlePhotonSecondMethod.records().map { record in
      let mass = try record.number("mA_GeV")
      let process = PhotonAssociatedProduction(collisionEnergy: 10.58, mediatorMass: mass)
      return ValidationRow(
        "σ(e⁺e⁻ → γA′) at ε = 1, −0.4 < cos θ < 0.6, √s = 10.58 GeV, m_A′ = \(short(mass)) GeV [pb]",
        value: .exact(process?.crossSection(cosines: -0.4...0.6) ?? .nan),
        // Duskline neglects m_e²/s = 2 · 10⁻⁹.
        expectation: .number(.exact(try record.number("sigma_pb")), .relative(1e-6)),
        source: "second independent calculation: explicit spinors, electron mass kept")
    }
  }

  private static func digitised(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let data = try await LimitRatioData.compute(
      confidenceLevel: setup.plan.statistics.confidenceLevel, seed: setup.plan.run.seed,
      threads: setup.threads)
    return lep(data) + singlePhotonRatios(data) + displaced(data)
      + ThickTargetValidation.digitised(data)
  }

  private static func lep(_ data: LimitRatioData) -> [ValidationRow] {
    let source = "arXiv:1006.0973, digitised"
    var rows: [ValidationRow] = []
    if let agreement = agreement(
      data, Name.lep, Variant.published, LimitRatioFigure.comparedMasses.lep)
    {
      rows += [
        ValidationRow(
          "LEP, published form over digitised, m_A′ < 80 GeV, mean",
          value: .exact(agreement.mean), expectation: .number(.exact(1), .relative(0.08)),
          source: source,
          note: """
            \(agreement.count) digitised points, root mean square of ln ratio about its mean \
            \(short(agreement.spread)). The normalisation, 0.0248 for a light A′, is an input; what is tested \
            is the dependence on m_A′.
            """),
        ValidationRow(
          "LEP, published form over digitised, m_A′ < 80 GeV, the worst point",
          value: .exact(agreement.worst), expectation: .number(.exact(1), .relative(0.08)),
          source: source),
      ]
    }
    for (deltaChi2, variant) in [
      ("2.71", Variant.treeLevelOneSided), ("3.84", Variant.treeLevelTwoSided),
    ] {
      guard
        let agreement = agreement(
          data, Name.lep, variant, LimitRatioFigure.comparedMasses.lep)
      else { continue }
      rows.append(
        ValidationRow(
          "LEP, our tree-level fit with Δχ² = \(deltaChi2) over digitised, m_A′ < 80 GeV, mean",
          value: .exact(agreement.mean), expectation: .none, source: source,
          note: """
            from \(short(agreement.range.lowerBound)) to \(short(agreement.range.upperBound)); the fit lacks \
            the Bhabha and hadronic data of the publication.
            """))
    }
    return rows
  }

  private static func singlePhotonRatios(_ data: LimitRatioData) -> [ValidationRow] {
    var rows: [ValidationRow] = []
    for (label, name) in [("BaBar", Name.baBar), ("Belle II", Name.belle2)] {
      for (veto, variant) in [("without a veto", Variant.noVeto), ("veto 0.1 GeV", Variant.veto)] {
        guard
          let agreement = agreement(
            data, name, variant, LimitRatioFigure.comparedMasses.singlePhoton)
        else { continue }
        for (kind, value) in [("mean", agreement.mean), ("the worst point", agreement.worst)] {
          rows.append(
            ValidationRow(
              "\(label) over digitised, Δ/m₁ = 0.1, \(veto), m₁ < 1.8 GeV, \(kind)",
              value: .exact(value), expectation: .none, source: "its own input: no test",
              note: variant == Variant.noVeto && kind == "mean"
                ? """
                \(agreement.count) digitised points. Asked for are 3 % in the mean and 6 % at every point, \
                which the input meets by itself.
                """ : nil))
        }
      }
    }
    return rows
  }

  private static func displaced(_ data: LimitRatioData) -> [ValidationRow] {
    let points = data.line(Name.baBarDisplaced, Variant.vertexFrom10mm)?.points ?? []
    guard let point = points.first(where: { $0.m1 == 1 }), let ratio = point.ratio else {
      return []
    }
    return [
      ValidationRow(
        "BaBar displaced pairs over digitised, Δ/m₁ = 0.1, m₁ = 1 GeV", value: .exact(ratio),
        expectation: .none, source: "a projection whose assumptions are not known",
        note: """
          our cuts with full efficiency and no background, not adjusted. Where χ₂ outlives the detector ε goes \
          with the fourth root of the events needed: such a ratio is a factor of \(short(NumberText.rounded(1 / (ratio * ratio * ratio * ratio), digits: 2))) \
          in events.
          """)
    ]
  }

  /// Where χ₂ mostly outlives the detector: by how much the veto moves the limit at most.
  private static func smallSplittings(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let masses = [
      0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.8, 1, 1.2, 1.5, 1.75,
    ]
    let data = try await SplittingLossData.compute(
      splittings: [0.1, 0.2], masses: masses, seed: setup.plan.run.seed, threads: setup.threads)
    func largest(_ splitting: Double, below m1: Double) -> Estimate {
      let points = data.lines.first { $0.splittingOverM1 == splitting }?.points ?? []
      let ratios = points.filter { $0.m1 <= m1 }.map { $0.ratios[0] ?? .infinity }
      return .exact((ratios.max() ?? .nan) - 1)
    }
    return [
      ValidationRow(
        "BaBar, veto 0.1 GeV: largest loss in ε, Δ/m₁ = 0.1, m₁ ≤ 1 GeV",
        value: largest(0.1, below: 1), expectation: .range(0...0.01, .absolute(0)), source: earlier),
      ValidationRow(
        "BaBar, veto 0.1 GeV: largest loss in ε, Δ/m₁ = 0.1, m₁ < 1.8 GeV",
        value: largest(0.1, below: 1.8), expectation: .none, source: earlier,
        note: """
          the reference says 1 % at most without naming masses; above 1 GeV χ₂ lives shorter and the published \
          limit rises.
          """),
      ValidationRow(
        "BaBar, veto 0.1 GeV: largest loss in ε, Δ/m₁ = 0.2, m₁ ≤ 0.5 GeV",
        value: largest(0.2, below: 0.5), expectation: .range(0...0.1, .absolute(0)), source: earlier
      ),
    ]
  }

  /// The mass above which the limit near 10⁻³ is gone at Δ/m₁ = 0.4.
  private static func loss(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let masses = (0...40).map { 0.1 + 0.004 * Double($0) }
    let data = try await SplittingLossData.compute(
      splittings: [0.4], masses: masses, seed: setup.plan.run.seed, threads: setup.threads)
    let line = data.lines[0]
    return [("0.1", 0), ("0.05", 1)].map { energy, veto in
      let mass = data.lossMass(line, factor: lostFactor, veto: veto) ?? .nan
      return ValidationRow(
        "BaBar, veto \(energy) GeV: m₁ from which the limit near 10⁻³ is lost, Δ/m₁ = 0.4 [GeV]",
        value: .exact(mass),
        expectation: veto == 0 ? .range(0.15...0.2, .absolute(0)) : .none,
        source: veto == 0 ? earlier : "no reference",
        note: veto == 0
          ? """
          lost: nothing below \(short(lostFactor)) times the limit for an A′ that is never seen is excluded. In \
          steps of 4 MeV.
          """ : nil)
    }
  }

  private static let lostFactor = 2.0

  /// What is left at Δ/m₁ = 0.4, which depends on the threshold.
  private static func remainder(_ setup: ValidationSetup) async throws -> [ValidationRow] {
    let masses = [0.3, 0.5, 1.0]
    // Eight seeds: events that are never seen are few.
    var ratios = masses.map { _ in [Double]() }
    for offset in 0..<8 {
      let data = try await SplittingLossData.compute(
        splittings: [0.4], masses: masses, seed: setup.plan.run.seed &+ UInt64(offset),
        threads: setup.threads)
      for (index, point) in data.lines[0].points.enumerated() {
        guard let low = point.ratios[1], let high = point.ratios[2] else { continue }
        ratios[index].append(low / high)
      }
    }
    return zip(masses, ratios).map { mass, ratios in
      ValidationRow(
        "BaBar: lowest ε excluded with a veto of 0.05 GeV over that with 0.3 GeV, Δ/m₁ = 0.4, "
          + "m₁ = \(short(mass)) GeV",
        value: ratios.count > 1 ? ratios.meanWithError : .exact(.nan),
        expectation: .range(3...40, .absolute(0)), source: earlier)
    }
  }

  private static func agreement(
    _ data: LimitRatioData, _ name: String, _ variant: String, _ m1: Double
  ) -> LimitRatioData.Agreement? {
    data.line(name, variant)?.agreement(below: m1)
  }

  private static func short(_ value: Double) -> String { ValidationText.number(value, error: 0) }
}

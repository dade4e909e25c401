import Calculus
import DarkSector
import Integration
import ParticleData
import Production
import Statistics

/// The contour of one (Δ/m₁, α_D, luminosity) over a list of masses.
public struct ReachCurve: Sendable {
  /// Δ/m₁.
  public let splittingOverM1: Double
  /// α_D.
  public let alphaD: Double
  /// The luminosity and its origin.
  public let luminosity: LuminosityLedger
  /// One point a mass, in the order of the masses.
  public let points: [ReachPoint]
}

/// Where the expected signal crosses what the statistics demand, at one mass.
public struct ReachPoint: Sendable {
  /// m₁ in GeV.
  public let m1: Double
  /// The lower crossing in y, or `nil`.
  public let yLower: Estimate?
  /// The upper crossing in y, or `nil`.
  public let yUpper: Estimate?
  /// The most events at any ε ≤ 1, or `nil` when there is no signal at all.
  public let maximumEvents: Estimate?
  /// The y at which they are attained.
  public let yAtMaximum: Double?
  /// Why a crossing is missing, if one is.
  public let reason: String?
}

/// N(ε) of one model point as weights on its sample.
struct SignalStrength: Sendable {
  let point: ModelPoint
  let widths: Chi2Widths
  let curve: SurvivalCurve
  let alphaD: Double
  /// Why no event is accepted, if none is.
  let emptyReason: String

  /// Expected events at a luminosity in pb⁻¹.
  ///
  ///     N = L ε² BR(A′ → χ₁χ₂) Σ_ℓ BR_ℓ S_ℓ(cτ),   cτ = ħc/(ε² α_D Γ)
  ///
  /// Source: arXiv:2409.00170, the signal yield; Documentation/Physics.md, § 8.
  func events(epsilonSquared: Double, luminosity: Double) -> Estimate {
    guard
      let length = widths.properDecayLength(epsilonSquared: epsilonSquared, alphaD: alphaD)
    else { return .exact(0) }
    let dark = point.darkBranchingRatio(epsilonSquared: epsilonSquared, alphaD: alphaD)
    return luminosity * epsilonSquared * dark * curve(length)
  }

  /// Both crossings of `needed` events, by root finding in ln ε² below ε = 1.
  func reach(luminosity: Double, needed: Double) -> ReachPoint {
    func logExcess(_ logEpsilon2: Double) -> Double {
      let n = events(epsilonSquared: Elementary.exp(logEpsilon2), luminosity: luminosity).value
      return Elementary.log(max(n, 1e-250) / needed)
    }
    // N rises like ε⁴ for long lifetimes and falls when χ₂ decays too soon: one maximum, sought on a grid first.
    let (lowest, steps) = (-80.0, 320)
    func grid(_ i: Int) -> Double { lowest * (1 - Double(i) / Double(steps)) }
    var best = 0
    var bestValue = -Double.infinity
    for i in 0...steps {
      let value = logExcess(grid(i))
      if value > bestValue { (best, bestValue) = (i, value) }
    }
    let peak = maximum(
      of: logExcess, from: grid(max(best - 1, 0)), to: grid(min(best + 1, steps)),
      tolerance: 1e-6)
    let most = events(epsilonSquared: Elementary.exp(peak), luminosity: luminosity)
    guard most.value > 0 else { return .none(m1: point.chi1Mass, reason: emptyReason) }
    let yAtMaximum = y(peak)
    guard logExcess(peak) > 0 else {
      return ReachPoint(
        m1: point.chi1Mass, yLower: nil, yUpper: nil, maximumEvents: most, yAtMaximum: yAtMaximum,
        reason: "at most \(LuminosityLedger.short(most.value)) events, where "
          + "\(LuminosityLedger.short(needed)) are needed")
    }
    let lower = root(of: logExcess, from: lowest, to: peak, tolerance: 1e-12)
    let upper = root(of: logExcess, from: peak, to: 0, tolerance: 1e-12)
    return ReachPoint(
      m1: point.chi1Mass, yLower: lower.map { crossing($0, luminosity) },
      yUpper: upper.map { crossing($0, luminosity) }, maximumEvents: most,
      yAtMaximum: yAtMaximum,
      reason: upper == nil ? "the signal still exceeds the limit at epsilon = 1" : nil)
  }

  private func y(_ logEpsilon2: Double) -> Double {
    point.y(epsilon: Elementary.exp(logEpsilon2 / 2), alphaD: alphaD)
  }

  /// A crossing with its error, through the slope of ln N in ln ε².
  private func crossing(_ logEpsilon2: Double, _ luminosity: Double) -> Estimate {
    func logEvents(_ x: Double) -> Double {
      Elementary.log(
        max(events(epsilonSquared: Elementary.exp(x), luminosity: luminosity).value, 1e-250))
    }
    let h = 1e-3
    let slope = (logEvents(logEpsilon2 + h) - logEvents(logEpsilon2 - h)) / (2 * h)
    let relative = events(epsilonSquared: Elementary.exp(logEpsilon2), luminosity: luminosity)
      .relativeError
    let value = y(logEpsilon2)
    return Estimate(value: value, error: value * relative / max(abs(slope), 1e-6))
  }
}

extension ReachPoint {
  /// A point without any signal.
  static func none(m1: Double, reason: String) -> ReachPoint {
    ReachPoint(
      m1: m1, yLower: nil, yUpper: nil, maximumEvents: nil, yAtMaximum: nil, reason: reason)
  }
}

extension Plan {
  /// The contours of the scan: one curve per Δ/m₁, α_D and luminosity, in this order of nesting.
  ///
  /// Masses are shared out among threads; each needs one production sample (with a line shape, one per Δ/m₁ and α_D).
  ///
  /// - Parameter progress: called after each mass, from any thread, in no particular order.
  public func reachCurves(
    threads: Int, progress: @escaping @Sendable (_ finished: Int) -> Void = { _ in }
  ) async throws -> [ReachCurve] {
    guard production.method == .exact else {
      throw ProductionError.approximationHasNoEvents(production.method)
    }
    let alphaDs = scan.alphaD.isEmpty ? [model.alphaD] : scan.alphaD
    let (luminosities, needed) = (luminosities, eventsNeeded)
    // rows[mass][splitting][alphaD]
    let rows = try await concurrentMap(count: scan.m1.count, threads: threads) { index in
      let strengths = try signalStrengths(m1: scan.m1[index], alphaDs: alphaDs)
      progress(1)
      return strengths
    }
    return scan.splittingOverM1.indices.flatMap { s in
      alphaDs.indices.flatMap { a in
        luminosities.map { ledger in
          ReachCurve(
            splittingOverM1: scan.splittingOverM1[s], alphaD: alphaDs[a], luminosity: ledger,
            points: rows.indices.map { row in
              switch rows[row][s][a] {
              case .signal(let strength):
                strength.reach(luminosity: ledger.perPicobarn, needed: needed)
              case .nothing(let reason): .none(m1: scan.m1[row], reason: reason)
              }
            })
        }
      }
    }
  }

  /// N(ε) of one mass, `[splitting][alphaD]`, or why there is none.
  private func signalStrengths(m1: Double, alphaDs: [Double]) throws -> [[StrengthOrReason]] {
    // A point that cannot be is a result with a reason, not a fault.
    let points = scan.splittingOverM1.map { splitting -> Result<ModelPoint, DarkSectorError> in
      do throws(DarkSectorError) {
        let point = try modelPoint(m1: m1, splittingOverM1: splitting)
        guard point.massSplitting > 2 * Mass.electron else { throw closedDecay(point) }
        return .success(point)
      } catch {
        return .failure(error)
      }
    }
    var result = points.map { point -> [StrengthOrReason] in
      switch point {
      case .success: alphaDs.map { _ in .nothing("") }
      case .failure(let error): alphaDs.map { _ in .nothing(error.description) }
      }
    }
    let open = points.indices.filter { (try? points[$0].get()) != nil }
    let groups: [(splittings: [Int], alphaDs: [Int])] =
      production.mediator == .narrow
      ? [(open, Array(alphaDs.indices))]
      : open.flatMap { s in alphaDs.indices.map { ([s], [$0]) } }
    for group in groups where !group.splittings.isEmpty {
      let members = try group.splittings.map { try points[$0].get() }
      do {
        let samples = try reachSamples(
          of: members, alphaDs: group.alphaDs.map { alphaDs[$0] })
        for ((sample, curve), s) in zip(samples, group.splittings) {
          for a in group.alphaDs {
            result[s][a] = .signal(
              SignalStrength(
                point: sample.point, widths: sample.widths, curve: curve, alphaD: alphaDs[a],
                emptyReason: emptyReason(sample)))
          }
        }
      } catch let error as ProductionError {
        for s in group.splittings {
          for a in group.alphaDs { result[s][a] = .nothing(error.description) }
        }
      }
    }
    return result
  }
}

extension Plan {
  /// The most times that a sample is enlarged by, in all, and in one round.
  private static let (largestEnlargement, largestStep) = (64, 8)
  /// Accepted entries without which a sample, once enlarged, is given up: its errors say so.
  private static let fewestEntries = 20

  /// The samples of model points with one production sample: of the card's number of events, and of more where y is known less
  /// well than the card asks.
  ///
  /// - Parameter alphaDs: the values of α_D for which crossings are sought; the first shapes the line of a wide A′.
  /// - Returns: each sample with its curve.
  package func reachSamples(of points: [ModelPoint], alphaDs: [Double]) throws
    -> [(sample: SignalSample, curve: SurvivalCurve)]
  {
    let full = try samplePlan(points, alphaD: alphaDs[0]).shaped()
    func made(
      _ members: [Int], times factor: Int
    ) -> [(sample: SignalSample, curve: SurvivalCurve)] {
      var plan = full
      plan.points = members.map { full.points[$0] }
      plan.eventCount = full.eventCount * factor
      return plan.samples([plan.part(batches: 0..<plan.batchCount)]).map {
        ($0, SurvivalCurve($0.accepted, sampleSize: $0.sampleSize))
      }
    }
    var samples = made(Array(points.indices), times: 1)
    guard scan.yPrecision < 1 else { return samples }
    // A little below, since the error itself has one.
    let target = 0.9 * scan.yPrecision
    var factors = points.map { _ in 1 }
    for _ in 0..<4 {
      // Those that need an equal number of times more are made together.
      var groups: [Int: [Int]] = [:]
      for index in points.indices where leastMissing(points[index]) == nil {
        let isHopeless =
          factors[index] > 1 && samples[index].sample.accepted.count < Self.fewestEntries
        guard factors[index] < Self.largestEnlargement, !isHopeless else { continue }
        let (own, curve) = samples[index]
        let share = errorOfY(own, curve, alphaDs: alphaDs) / target
        guard share > 1 else { continue }
        var factor = factors[index]
        while Double(factor) < share * share * Double(factors[index]),
          factor < min(Self.largestEnlargement, Self.largestStep * factors[index])
        { factor *= 2 }
        groups[factor, default: []].append(index)
      }
      if groups.isEmpty { break }
      for (factor, members) in groups {
        for (index, sample) in zip(members, made(members, times: factor)) {
          samples[index] = sample
          factors[index] = factor
        }
      }
    }
    return samples
  }

  /// The largest relative error of y at any crossing; ∞ where nothing is accepted. Where the signal reaches less than 1.1 times what
  /// is needed, y at the tip has no error to speak of, and that of N counts.
  private func errorOfY(
    _ sample: SignalSample, _ curve: SurvivalCurve, alphaDs: [Double]
  ) -> Double {
    guard sample.accepted.count > 0 else { return .infinity }
    var worst = 0.0
    for alphaD in alphaDs {
      let strength = SignalStrength(
        point: sample.point, widths: sample.widths, curve: curve, alphaD: alphaD, emptyReason: "")
      for luminosity in luminosities {
        let point = strength.reach(luminosity: luminosity.perPicobarn, needed: eventsNeeded)
        guard let most = point.maximumEvents else { continue }
        if most.value > 1.1 * eventsNeeded {
          for crossing in [point.yLower, point.yUpper] {
            worst = max(worst, crossing?.relativeError ?? 0)
          }
        } else {
          worst = max(worst, most.relativeError / 2)
        }
      }
    }
    return worst
  }

  /// The luminosities of the scan, or the run's.
  private var luminosities: [LuminosityLedger] {
    (scan.luminosity.isEmpty ? [luminosity] : scan.luminosity)
      .map { LuminosityLedger($0, plan: self) }
  }

  /// The events that a signal must exceed.
  private var eventsNeeded: Double { statistics.eventsNeeded }

  /// The least pair mass that passes the cuts in GeV, if it exceeds Δ in every open channel: the cuts then close the signal.
  private func leastMissing(_ point: ModelPoint) -> Double? {
    let least = [LeptonFlavour.electron, .muon].map { selection.leastPairMass(leptonMass: $0.mass) }
    return least.contains { $0 < point.massSplitting } ? nil : least.min()
  }

  private func emptyReason(_ sample: SignalSample) -> String {
    if let least = leastMissing(sample.point) {
      return
        "closed by the cuts: two leptons that pass those on energy and opening angle weigh at least "
        + "\(LuminosityLedger.short(least)) GeV, and the splitting is "
        + "\(LuminosityLedger.short(sample.point.massSplitting)) GeV"
    }
    return "none of \(sample.sampleSize) events is accepted; raise run.events_per_point"
  }
}

private enum StrengthOrReason: Sendable {
  case signal(SignalStrength)
  case nothing(String)
}

import DarkSector
import Integration
import ParticleData
import Production
import Reach
import Relic
import Selection

// Results as JSON objects with the keys of the interface; each adds what made it.

extension Estimate {
  /// `{"value": …, "error": …}`.
  public var json: JSONValue { .estimate(value, error: error) }
}

extension CrossSection {
  /// The report of `cross-section`.
  public func report(_ card: RunCard) -> JSONValue {
    [
      "cross_section_pb": estimate.json,
      "method": .string(card.plan.production.method.rawValue),
      "form_factor": .string(card.plan.production.formFactor.rawValue),
      "calls": .integer(calls), "chi2_per_dof": .number(orNull: chiSquaredPerDegree),
      "provenance": Provenance(of: card).json,
    ]
  }
}

/// The widths of one model point at the card's couplings.
public struct WidthReport: Sendable {
  /// The model point.
  public let point: ModelPoint
  /// Widths of χ₂ per ε² α_D in GeV.
  public let unitWidths: Chi2Widths
  /// ε².
  public let epsilonSquared: Double
  /// α_D.
  public let alphaD: Double

  /// The widths of a plan's model point.
  public init(_ plan: Plan) throws(DarkSectorError) {
    point = try plan.modelPoint()
    unitWidths = point.chi2Widths()
    epsilonSquared = plan.epsilonSquared(point)
    alphaD = plan.model.alphaD
  }

  /// cτ of χ₂ in mm, or `nil` when it is stable.
  public var properDecayLength: Double? {
    unitWidths.properDecayLength(epsilonSquared: epsilonSquared, alphaD: alphaD)
  }

  /// Γ(A′ → χ₁χ₂) in GeV.
  public var darkMediatorWidth: Double {
    alphaD * point.darkMediatorWidth(atVirtuality: point.darkPhotonMass)
  }

  /// Γ(A′ → SM) in GeV.
  public var visibleMediatorWidth: Double {
    epsilonSquared * point.visibleMediatorWidth(atVirtuality: point.darkPhotonMass)
  }

  /// The channels of χ₂: name, width in GeV and branching ratio (0 where closed).
  public var channels: [(name: String, width: Double, branchingRatio: Double)] {
    let scale = epsilonSquared * alphaD
    let total = unitWidths.total
    return [
      ("ee", unitWidths.electrons), ("mumu", unitWidths.muons), ("tautau", unitWidths.taus),
      ("hadrons", unitWidths.hadrons),
    ].map { ($0.0, scale * $0.1, total > 0 ? $0.1 / total : 0) }
  }

  /// Why there is no decay length.
  public var reason: String? {
    properDecayLength == nil
      ? DarkSectorError.closedChannel(
        splitting: point.massSplitting, threshold: 2 * Mass.electron
      ).description : nil
  }

  /// The report of `width`.
  public func report(_ card: RunCard) -> JSONValue {
    var widths: [String: JSONValue] = [:]
    var ratios: [String: JSONValue] = [:]
    for channel in channels {
      widths[channel.name] = .number(channel.width)
      ratios[channel.name] = .number(channel.branchingRatio)
    }
    widths["total"] = .number(epsilonSquared * alphaD * unitWidths.total)
    var report: [String: JSONValue] = [
      "chi2_width_GeV": .object(widths), "chi2_branching_ratio": .object(ratios),
      "proper_decay_length_mm": .number(orNull: properDecayLength),
      "mediator_width_GeV": .number(darkMediatorWidth + visibleMediatorWidth),
      "mediator_partial_width_GeV": [
        "chi1chi2": .number(darkMediatorWidth), "standard_model": .number(visibleMediatorWidth),
      ],
      "epsilon": .number(epsilonSquared.squareRoot()),
      "provenance": Provenance(of: card).json,
    ]
    if let reason { report["reason"] = .string(reason) }
    return .object(report)
  }
}

extension ExpectedEvents {
  /// The report of `yield`.
  public func report(_ card: RunCard) -> JSONValue {
    [
      "expected_events": events.json, "epsilon": .number(epsilon), "y": .number(y),
      "luminosity_per_pb": .number(luminosity.perPicobarn),
      "luminosity_origin": .string(luminosity.origin),
      "luminosity_remarks": .array(luminosity.remarks.map { .string($0) }),
      "cross_section_pb": crossSection.json,
      "proper_decay_length_mm": .number(properDecayLength),
      "leptonic_branching_ratio": .number(leptonicBranchingRatio),
      "mediator_branching_ratio": .number(darkBranchingRatio),
      "cut_flow": .array(cutFlow.map(\.json)), "provenance": Provenance(of: card).json,
    ]
  }
}

extension CutFlowStep {
  /// `{"cut": …, "kept": …, "cumulative": …}`.
  public var json: JSONValue {
    ["cut": .string(cut), "kept": .number(kept), "cumulative": .number(cumulative)]
  }
}

extension ReachCurve {
  /// One of the `curves` of `reach`.
  public var json: JSONValue {
    [
      "splitting_over_m1": .number(splittingOverM1), "alpha_D": .number(alphaD),
      "luminosity_per_pb": .number(luminosity.perPicobarn),
      "points": .array(points.map(\.json)),
    ]
  }

  /// The report of `reach`.
  public static func report(_ curves: [ReachCurve], _ card: RunCard) -> JSONValue {
    ["curves": .array(curves.map(\.json)), "provenance": Provenance(of: card).json]
  }
}

extension ReachPoint {
  /// One point of a curve; what does not exist is null, with a reason.
  public var json: JSONValue {
    var report: [String: JSONValue] = [
      "m1_GeV": .number(m1), "y_lower": .number(orNull: yLower?.value),
      "y_lower_error": .number(orNull: yLower?.error), "y_upper": .number(orNull: yUpper?.value),
      "y_upper_error": .number(orNull: yUpper?.error),
      "maximum_events": maximumEvents?.json ?? .null,
      "y_at_maximum": .number(orNull: yAtMaximum),
    ]
    if let reason { report["reason"] = .string(reason) }
    return .object(report)
  }
}

extension RelicDensity {
  /// The report of `relic`.
  public func report(_ card: RunCard) -> JSONValue {
    [
      "y": .number(y), "epsilon": .number(epsilon), "abundance": .number(abundance),
      "freeze_out_x": .number(freezeOutX),
      "m1_GeV": .number(point.chi1Mass), "splitting_GeV": .number(point.massSplitting),
      "mediator_mass_GeV": .number(point.darkPhotonMass),
      "final_states": .string(card.plan.relic.finalStates.rawValue),
      "mediator_width": .string(card.plan.relic.mediatorWidth.rawValue),
      "alpha_D": .number(alphaD), "solved_for": .string(card.plan.relic.solveFor.rawValue),
      "provenance": Provenance(of: card).json,
    ]
  }
}

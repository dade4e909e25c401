import DarkSector
import Formats
import Production
import Reach

/// What a scan finds at a point: numbers in the order of ``ScanQuantity/columns``, and why one of them is missing.
public struct ScanOutcome: Sendable, Hashable {
  /// The numbers; NaN where there is none.
  public var values: [Double]
  /// Why there is none.
  public var reason: String?

  /// An outcome from its parts.
  public init(values: [Double], reason: String? = nil) {
    self.values = values
    self.reason = reason
  }
}

extension ScanQuantity {
  /// The names of the numbers found at a point: those of the JSON of `yield` and `reach`, with their errors beside them.
  public var columns: [String] {
    switch self {
    case .yield:
      [
        "expected_events", "expected_events_error", "epsilon", "y", "luminosity_per_pb",
        "cross_section_pb", "cross_section_pb_error", "proper_decay_length_mm",
        "leptonic_branching_ratio", "mediator_branching_ratio",
      ]
    case .reach:
      [
        "y_lower", "y_lower_error", "y_upper", "y_upper_error", "maximum_events",
        "maximum_events_error", "y_at_maximum", "luminosity_per_pb",
      ]
    }
  }

  /// The outcome of a point that gives no numbers.
  func nothing(_ reason: String) -> ScanOutcome {
    ScanOutcome(values: columns.map { _ in .nan }, reason: reason)
  }
}

/// Computes points of one scan one after the other; each task has its own.
struct PointComputer {
  private let variations: RunCard.Variations
  private let space: ScanSpace
  private let quantity: ScanQuantity
  private var samples = YieldSamples()

  init(_ card: RunCard, _ space: ScanSpace) {
    variations = RunCard.Variations(of: card)
    self.space = space
    quantity = card.plan.scan.quantity
  }

  /// The outcome of a point: what cannot be there is a result with its reason.
  mutating func outcome(of point: Int) async throws -> ScanOutcome {
    do {
      var plan = try variations.plan(with: space.settings(of: point))
      switch quantity {
      case .yield: return try Self.outcome(samples.expectedEvents(of: plan))
      case .reach:
        plan.scan.m1 = [plan.model.m1]
        plan.scan.splittingOverM1 = [plan.model.splittingOverM1]
        plan.scan.alphaD = []
        plan.scan.luminosity = []
        let curve = try await plan.reachCurves(threads: 1)[0]
        return Self.outcome(curve.points[0], luminosity: curve.luminosity.perPicobarn)
      }
    } catch let error as RunCardError {
      return quantity.nothing(error.faults.map(\.problem).joined(separator: "; "))
    } catch let error as DarkSectorError {
      return quantity.nothing(error.description)
    } catch let error as ProductionError {
      return quantity.nothing(error.description)
    }
  }

  private static func outcome(_ found: ExpectedEvents) -> ScanOutcome {
    ScanOutcome(values: [
      found.events.value, found.events.error, found.epsilon, found.y,
      found.luminosity.perPicobarn, found.crossSection.value, found.crossSection.error,
      found.properDecayLength, found.leptonicBranchingRatio, found.darkBranchingRatio,
    ])
  }

  private static func outcome(_ point: ReachPoint, luminosity: Double) -> ScanOutcome {
    let estimates = [point.yLower, point.yUpper, point.maximumEvents].flatMap {
      [$0?.value ?? .nan, $0?.error ?? .nan]
    }
    return ScanOutcome(
      values: estimates + [point.yAtMaximum ?? .nan, luminosity], reason: point.reason)
  }
}

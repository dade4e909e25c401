import Background
import Formats
import Integration
import Reach
import Statistics

/// What backgrounds do to the reach, with the electromagnetic calorimeter and without it.
public struct BackgroundReachData: Sendable {
  /// The backgrounds.
  public let backgrounds: ExpectedBackgrounds
  /// Who made their events.
  public let generator: String
  /// The signal that is needed without background.
  public let eventsNeededWithoutBackground: Double
  /// One curve for each supposition.
  public let curves: [Curve]
  /// Expected events against the threshold of the veto in GeV.
  public let vetoScan: [VetoPoint]

  /// Δ/m₁ of the curves: the paper's.
  public static let splittingOverM1 = 0.4

  /// A supposition on the background.
  public enum Supposition: String, Sendable, CaseIterable {
    /// None, as in the paper's contour.
    case none
    /// A mean nucleon, other hadrons seen: the paper's numbers; with the calorimeter.
    case paper
    /// All nucleons of a nucleus, and other hadrons decay; with the calorimeter.
    case pessimistic
    /// The paper's settings without the calorimeter.
    case paperWithoutCalorimeter
    /// The pessimistic ones without the calorimeter.
    case pessimisticWithoutCalorimeter

    /// Whether the calorimeter is there.
    var hasCalorimeter: Bool {
      self != .paperWithoutCalorimeter && self != .pessimisticWithoutCalorimeter
    }

    /// In words, short.
    var title: String {
      switch self {
      case .none: "no background"
      case .paper: "per nucleon, ECAL"
      case .pessimistic: "whole nucleus, ECAL"
      case .paperWithoutCalorimeter: "per nucleon, no ECAL"
      case .pessimisticWithoutCalorimeter: "whole nucleus, no ECAL"
      }
    }
  }

  /// The reach under a supposition.
  public struct Curve: Sendable {
    /// The supposition.
    public let supposition: Supposition
    /// Expected background.
    public let background: Estimate
    /// The signal that is excluded in half of all experiments with background alone.
    public let eventsNeeded: Double
    /// One point a mass.
    public let points: [ReachPoint]
  }

  /// Expected events before tracks are identified, at a threshold of the veto.
  public struct VetoPoint: Sendable {
    /// The threshold in GeV.
    public let threshold: Double
    /// By category.
    public let events: [BackgroundCategory: Estimate]
    /// By category, where other hadrons decay.
    public let decaying: [BackgroundCategory: Estimate]
  }

  /// The share of its expectation by which a background is uncertain: that of the generator's settings beyond those compared, a supposition.
  static let backgroundUncertainty = 0.3

  /// Computes the curves at the card's α_D, luminosity and masses.
  ///
  /// N is proportional to the luminosity, so that a background that asks for k times the signal is a luminosity divided by k: one sample
  /// serves all curves.
  ///
  /// - Returns: `nil` where the card's beam or settings ask for events that do not come with the program.
  public static func compute(
    _ plan: Plan, threads: Int, progress: @escaping @Sendable (Int) -> Void
  ) async throws -> BackgroundReachData? {
    let source: BackgroundSamples
    do {
      source = try await BackgroundSamples(
        plan, generatedEvents: nil, program: nil, threads: threads)
    } catch is BackgroundSamplesError {
      progress(1)
      return nil
    }
    let backgrounds = try await plan.expectedBackgrounds(source.samples, threads: threads)
    let withoutCalorimeter = try await backgrounds.withoutCalorimeter(threads: threads)
    progress(1)
    let limit = CountingLimit(confidenceLevel: plan.statistics.confidenceLevel)
    let suppositions = Supposition.allCases.filter {
      $0 == .none || !$0.hasCalorimeter || plan.apparatus.calorimeter != nil
    }.map { supposition in
      let background = (supposition.hasCalorimeter ? backgrounds : withoutCalorimeter)
        .events(under: supposition)
      let systematic = backgroundUncertainty * background.value
      return (
        supposition, background,
        limit.medianUpperLimit(
          background: background.value,
          backgroundError: min(
            (systematic * systematic + background.error * background.error).squareRoot(),
            10 * background.value))
      )
    }
    var reach = plan
    reach.statistics.backgroundEvents = 0
    reach.statistics.backgroundError = 0
    reach.scan.m1.sort()
    reach.scan.splittingOverM1 = [splittingOverM1]
    reach.scan.alphaD = []
    let unit = limit.medianUpperLimit(background: 0)
    reach.scan.luminosity = suppositions.map {
      .perPicobarn(backgrounds.luminosity.perPicobarn * unit / $0.2)
    }
    let curves = try await reach.reachCurves(threads: threads)
    return BackgroundReachData(
      backgrounds: backgrounds, generator: source.generator,
      eventsNeededWithoutBackground: unit,
      curves: zip(suppositions, curves).map { supposition, curve in
        Curve(
          supposition: supposition.0, background: supposition.1, eventsNeeded: supposition.2,
          points: curve.points)
      },
      vetoScan: ExpectedBackgrounds.vetoThresholds.map { threshold in
        func events(_ others: BackgroundSettings.OtherHadrons) -> [BackgroundCategory: Estimate] {
          let vetoes = backgrounds.vetoes(neutralEnergy: threshold, otherHadrons: others)
          return Dictionary(
            uniqueKeysWithValues: BackgroundCategory.displaced.map {
              (
                $0,
                backgrounds.events(
                  $0, perPicobarn: backgrounds.luminosity.perPicobarn, vetoes,
                  plan.background.normalisation
                ).estimate
              )
            })
        }
        return VetoPoint(threshold: threshold, events: events(.seen), decaying: events(.decay))
      })
  }
}

extension ExpectedBackgrounds {
  /// Expected events after tracks are identified, under a supposition.
  ///
  /// Without the calorimeter nothing neutral is seen, and nothing tells a hadron from an electron; the muon filter is there.
  func events(under supposition: BackgroundReachData.Supposition) -> Estimate {
    guard supposition != .none else { return .exact(0) }
    var settings = plan.background
    settings.normalisation = .perNucleon
    settings.otherHadrons = .seen
    if supposition == .pessimistic || supposition == .pessimisticWithoutCalorimeter {
      settings.normalisation = .perNucleus
      settings.otherHadrons = .decay
    }
    if !supposition.hasCalorimeter {
      settings.fakeRates.pionAsElectron = 1
      settings.fakeRates.protonAsElectron = 1
    }
    return identifiedEvents(settings).estimate
  }
}

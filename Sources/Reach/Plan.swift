import Background
import Detector
import ParticleData
import Production
import Relic
import Selection
import Statistics

/// All that a run depends on, complete and resolved: no default hides deeper down.
///
/// Energies are in GeV, lengths in mm, angles in rad, luminosities in pb⁻¹.
public struct Plan: Sendable, Hashable, Codable {
  /// The beam.
  public var beam: Beam
  /// The target's material; its thickness is the apparatus's.
  public var target: Material
  /// The point in parameter space.
  public var model: ModelSettings
  /// How production is computed.
  public var production: ProductionSettings
  /// What exists.
  public var apparatus: Apparatus
  /// What is required.
  public var selection: SelectionCuts
  /// How much data.
  public var luminosity: LuminositySettings
  /// What a signal must exceed.
  public var statistics: StatisticsSettings
  /// How backgrounds are generated, vetoed and counted.
  public var background: BackgroundSettings
  /// How a relic density is computed.
  public var relic: RelicSettings
  /// Over what a reach is drawn.
  public var scan: ScanSettings
  /// Seed, events, threads.
  public var run: RunSettings

  /// A plan from its parts.
  public init(
    beam: Beam, target: Material, model: ModelSettings, production: ProductionSettings,
    apparatus: Apparatus, selection: SelectionCuts, luminosity: LuminositySettings,
    statistics: StatisticsSettings, background: BackgroundSettings = BackgroundSettings(),
    relic: RelicSettings = RelicSettings(), scan: ScanSettings, run: RunSettings
  ) {
    self.beam = beam
    self.target = target
    self.model = model
    self.production = production
    self.apparatus = apparatus
    self.selection = selection
    self.luminosity = luminosity
    self.statistics = statistics
    self.background = background
    self.relic = relic
    self.scan = scan
    self.run = run
  }
}

/// A lepton beam along +z.
public struct Beam: Sendable, Hashable, Codable {
  /// The particle.
  public var particle: BeamParticle
  /// Its energy in GeV.
  public var energy: Double
  /// The Gaussian spread of its position in x and y, in mm.
  public var spot: SIMD2<Double>
  /// The Gaussian spread of its direction in x and y, in rad.
  public var divergence: SIMD2<Double>

  /// A beam; zero spreads make it a pencil.
  public init(
    particle: BeamParticle, energy: Double, spot: SIMD2<Double> = .zero,
    divergence: SIMD2<Double> = .zero
  ) {
    self.particle = particle
    self.energy = energy
    self.spot = spot
    self.divergence = divergence
  }
}

/// The dark sector of a run, as the card states it. A scan replaces m₁ and Δ/m₁.
public struct ModelSettings: Sendable, Hashable, Codable {
  /// The mass of χ₁ in GeV.
  public var m1: Double
  /// Δ/m₁.
  public var splittingOverM1: Double
  /// The mass of the A′, fixed or following m₁.
  public var mediatorMass: MediatorMass
  /// α_D.
  public var alphaD: Double
  /// The strength of the portal.
  public var coupling: PortalCoupling

  /// A model from its parameters.
  public init(
    m1: Double, splittingOverM1: Double, mediatorMass: MediatorMass, alphaD: Double,
    coupling: PortalCoupling
  ) {
    self.m1 = m1
    self.splittingOverM1 = splittingOverM1
    self.mediatorMass = mediatorMass
    self.alphaD = alphaD
    self.coupling = coupling
  }
}

/// The mass of the A′ as a card states it.
public enum MediatorMass: Sendable, Hashable, Codable {
  /// A multiple of m₁.
  case overM1(Double)
  /// A mass in GeV.
  case fixed(Double)

  /// The mass in GeV at this m₁.
  public func mass(atM1 m1: Double) -> Double {
    switch self {
    case .overM1(let ratio): ratio * m1
    case .fixed(let mass): mass
    }
  }
}

/// The strength of the portal as a card states it.
public enum PortalCoupling: Sendable, Hashable, Codable {
  /// `y = ε² α_D (m₁/m_A′)⁴`.
  case y(Double)
  /// The kinetic mixing ε.
  case epsilon(Double)
}

/// How much data, as a card states it; see ``LuminosityLedger``.
public enum LuminositySettings: Sendable, Hashable, Codable {
  /// 4700 pb⁻¹, the number in the paper's text and caption.
  case paperText
  /// 468.75 pb⁻¹, the arithmetic of the paper's footnote 6.
  case paperFootnote
  /// A number of pb⁻¹.
  case perPicobarn(Double)
  /// Beam particles on so many modules; `nil` means the modules that the selection uses.
  case beamOnTarget(particles: Double, modules: Int?)
}

/// What a signal must exceed.
public struct StatisticsSettings: Sendable, Hashable, Codable {
  /// The confidence level, such as 0.95.
  public var confidenceLevel: Double
  /// The expected number of background events.
  public var backgroundEvents: Double
  /// How uncertain it is: one standard deviation, in events.
  public var backgroundError: Double

  /// Settings; without background the paper's.
  public init(
    confidenceLevel: Double = 0.95, backgroundEvents: Double = 0, backgroundError: Double = 0
  ) {
    self.confidenceLevel = confidenceLevel
    self.backgroundEvents = backgroundEvents
    self.backgroundError = backgroundError
  }

  /// The signal that is excluded in half of all experiments with background alone: what a reach asks for.
  public var eventsNeeded: Double {
    CountingLimit(confidenceLevel: confidenceLevel)
      .medianUpperLimit(background: backgroundEvents, backgroundError: backgroundError)
  }
}

/// Over what a reach is drawn.
public struct ScanSettings: Sendable, Hashable, Codable {
  /// The masses of χ₁ in GeV, in the order given.
  public var m1: [Double]
  /// The values of Δ/m₁, in the order given.
  public var splittingOverM1: [Double]
  /// The values of α_D; empty means the model's.
  public var alphaD: [Double]
  /// The luminosities; empty means the run's.
  public var luminosity: [LuminositySettings]
  /// The relative error asked of y at the lower crossing, for which points get more events than ``RunSettings/eventsPerPoint``, up to
  /// 64 times as many; 1 asks for nothing.
  public var yPrecision: Double
  /// What `scan` computes at a point.
  public var quantity: ScanQuantity
  /// Keys of the card and the values that each takes in a scan, the first changing slowest; empty means the masses, splittings, α_D and
  /// luminosities above.
  public var axes: [ScanAxis]
  /// The path of a table of points, one column a key, instead of a product; `nil` without one.
  public var table: String?

  /// Settings from their lists.
  public init(
    m1: [Double], splittingOverM1: [Double], alphaD: [Double] = [],
    luminosity: [LuminositySettings] = [], yPrecision: Double = 0.01,
    quantity: ScanQuantity = .yield, axes: [ScanAxis] = [], table: String? = nil
  ) {
    self.m1 = m1
    self.splittingOverM1 = splittingOverM1
    self.alphaD = alphaD
    self.luminosity = luminosity
    self.yPrecision = yPrecision
    self.quantity = quantity
    self.axes = axes
    self.table = table
  }
}

/// What a scan computes at a point.
public enum ScanQuantity: String, Sendable, Hashable, Codable, CaseIterable {
  /// Expected events at the card's couplings.
  case yield
  /// Both crossings in y.
  case reach
}

/// A key of the card and the values that it takes in a scan.
public struct ScanAxis: Sendable, Hashable, Codable {
  /// The path of the key: `beam.energy_GeV`.
  public var key: String
  /// The values as the card would have them, each on one line.
  public var values: [String]
  /// The values as results show them: a text without its quotes, the name of an apparatus.
  public var labels: [String]

  /// An axis from its parts; without labels, results show the values.
  public init(key: String, values: [String], labels: [String]? = nil) {
    self.key = key
    self.values = values
    self.labels = labels ?? values
  }
}

/// Seed, events and threads.
public struct RunSettings: Sendable, Hashable, Codable {
  /// The seed of every random stream.
  public var seed: UInt64
  /// Events per point and channel.
  public var eventsPerPoint: Int
  /// Weighted or unweighted event files.
  public var weighting: EventWeighting
  /// Threads; `nil` takes what the machine has. No result depends on it.
  public var threads: Int?

  /// Settings.
  public init(
    seed: UInt64, eventsPerPoint: Int, weighting: EventWeighting = .weighted,
    threads: Int? = nil
  ) {
    self.seed = seed
    self.eventsPerPoint = eventsPerPoint
    self.weighting = weighting
    self.threads = threads
  }
}

/// Whether an event file's events carry weights.
public enum EventWeighting: String, Sendable, Hashable, Codable, CaseIterable {
  /// Events as generated, each with a weight of its own.
  case weighted
  /// Events kept in proportion to their weights, which are then equal.
  case unweighted
}

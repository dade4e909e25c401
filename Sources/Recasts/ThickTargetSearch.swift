import Calculus
import DarkSector
import Decay
import Kinematics
import ParticleData
import Production
import Reach
import Selection
import Showers
import Units

/// The mixings that a thick-target experiment excludes, or reaches, at a model point.
///
/// Expected events:
///
///     N = N_beam n X₀ ε² BR(A′ → χ₁χ₂) Σ T(E) σ(E) ⟨seen⟩
///
/// For pairs, `seen` is the probability to decay where the leptons are seen, an exact set of intervals along the beam for each event;
/// for missing momentum it is the probability not to.
package struct ThickTargetSearch {
  let experiment: ThickTargetExperiment
  let tracks: TrackLength

  /// A search with these tracks of its beam.
  package init(experiment: ThickTargetExperiment, tracks: TrackLength) {
    self.experiment = experiment
    self.tracks = tracks
  }

  /// What a search finds at a model point.
  package enum Finding {
    /// The mixings at which at least as many events are expected as the experiment needs, up to ε = 1.
    case mixings(ExcludedMixings)
    /// The beam does not make the A′, or, for pairs, χ₂ has no decay.
    case nothingToSee
    /// Something may be seen, but fewer events of the largest sample are than tell how much.
    case tooRare
  }

  /// Events of each source in a first sample, and at least in any.
  private static let firstSize = 256
  /// Events of all sources together at most.
  private static let mostEvents = 1 << 18
  /// A sample is doubled until its answer is known as well as from so many events of one weight: 400 have an error of 5 %, which is
  /// 1.3 % on ε where N ∝ ε⁴.
  private static let enough = 400.0
  /// As well as from fewer, 18 % on N, an answer is not known.
  private static let fewest = 30.0

  /// What the experiment excludes, or reaches, at a model point.
  package func mixings(_ point: ModelPoint, alphaD: Double, seed: UInt64) throws(DarkSectorError)
    -> Finding
  {
    let sample = ThickTargetSample(
      experiment, point, alphaD: alphaD, tracks: tracks, seed: seed)
    guard !sample.processes.isEmpty else { return .nothingToSee }
    let decays = DecaysOfSample(
      radiated: try DecayChannels(point),
      annihilated: experiment.annihilates ? try DecayChannels(point, onShell: false) : nil)
    let expected = ExpectedPairs(experiment, point, decays.radiated.widths, alphaD: alphaD)
    switch experiment.search {
    case .pair(let search):
      guard decays.radiated.count > 0 else { return .nothingToSee }
      return pairs(sample, decays, search, expected)
    case .missingMomentum(let search):
      return missing(sample, decays, search, expected)
    }
  }

  /// How χ₂ decays, of an A′ of the point's mass and of one of its line shape.
  private struct DecaysOfSample {
    let radiated: DecayChannels
    let annihilated: DecayChannels?

    func callAsFunction(_ process: ThickTargetSample.Process) -> DecayChannels {
      switch process {
      case .radiation: radiated
      case .annihilation: annihilated ?? radiated
      }
    }
  }

  // MARK: pairs

  private func pairs(
    _ sample: ThickTargetSample, _ decays: DecaysOfSample, _ search: DecaySearch,
    _ expected: ExpectedPairs
  ) -> Finding {
    var curves: [SurvivalCurve] = []
    var tally = WeightTally()
    let processes = sample.processes.filter { canPass($0, decays(.radiation), search) }
    guard !processes.isEmpty else { return .mixings(ExcludedMixings([])) }
    for process in processes {
      let channels = decays(process)
      let seen = Self.grown(sources: sample.sourceCount(process)) { size, maps in
        seenPairs(of: process, size, channels, maps, sample, search)
      } train: {
        sample.trainedMaps(for: process, channels: channels, search.closeness)
      } isSettled: { seen in
        // Five errors from what is needed, nothing is excluded.
        guard processes.count == 1, seen.effectiveCount >= Self.fewest else { return false }
        let allowance = 1 + 5 / seen.effectiveCount.squareRoot()
        return expected.greatest { $0.map { seen.curve($0).value } ?? 0 } * allowance < 1
      }
      curves.append(seen.curve)
      tally.add(seen.tally)
    }
    func seen(_ length: Double) -> Double { curves.reduce(0) { $0 + $1(length).value } }
    guard tally.effectiveCount >= Self.fewest else {
      return isOutOfReach(
        processes, sample, decays(.radiation).point.chi2Mass, search, expected)
        ? .mixings(ExcludedMixings([])) : .tooRare
    }
    return .mixings(expected.mixings { $0.map(seen) ?? 0 })
  }

  /// Pairs that are seen, and what they add up to where χ₂ lives long.
  private struct SeenPairs: Tallied {
    let curve: SurvivalCurve
    let tally: WeightTally
  }

  private func seenPairs(
    of process: ThickTargetSample.Process, _ size: Int, _ channels: DecayChannels,
    _ maps: ThickTargetSample.Maps?, _ sample: ThickTargetSample, _ search: DecaySearch
  ) -> SeenPairs {
    var accepted = [AcceptedEvents](repeating: AcceptedEvents(), count: channels.count)
    let tally = sample.forEach(of: process, events: size, channels: channels, maps: maps) {
      let event = $0.event
      let (channel, number) = ($0.channel, $0.number)
      var length = 0.0
      search.intervals(event) { share, z in
        accepted[channel].append(
          event: number, weight: event.weight * share, lower: z.lowerBound * event.properPerZ,
          upper: z.upperBound * event.properPerZ)
        length += share * (z.upperBound - z.lowerBound)
      }
      return event.weight * length * event.properPerZ
    }
    return SeenPairs(
      curve: SurvivalCurve(.merged(accepted.map { ($0, 1) }), sampleSize: size), tally: tally)
  }

  /// Whether the beam's energy suffices for leptons with the energy asked for.
  private func canPass(
    _ process: ThickTargetSample.Process, _ channels: DecayChannels, _ search: DecaySearch
  ) -> Bool {
    let energy = experiment.beamEnergy
    let mass =
      switch process {
      case .radiation: channels.point.darkPhotonMass
      case .annihilation: ResonantAnnihilation.mass(positronEnergy: energy)
      }
    return channels.greatestPairEnergy(darkPhotonEnergy: energy, mass: mass)
      > search.minimumEnergy
  }

  /// Whether nothing would be excluded though all leptons were seen.
  private func isOutOfReach(
    _ processes: [ThickTargetSample.Process], _ sample: ThickTargetSample, _ chi2Mass: Double,
    _ search: DecaySearch, _ expected: ExpectedPairs
  ) -> Bool {
    var made = 0.0
    for process in processes {
      sample.forEachMade(by: process, events: Self.firstSize) { weight, _ in made += weight }
    }
    // Of all χ₂ those of the beam's energy come farthest.
    let proper = search.decayZ.lowerBound * chi2Mass / experiment.beamEnergy
    return expected.mixings {
      $0.map { made * Elementary.exp(-proper / $0) } ?? 0
    }.intervals.isEmpty
  }

  // MARK: missing momentum

  private func missing(
    _ sample: ThickTargetSample, _ decays: DecaysOfSample, _ search: MissingMomentumSearch,
    _ expected: ExpectedPairs
  ) -> Finding {
    var unseen: [UnseenDecays] = []
    var tally = WeightTally()
    for process in sample.processes where process == .radiation || search.accepts(nil) {
      let sources = sample.sourceCount(process)
      let train = {
        process == .radiation
          ? sample.trainedMaps(recoil: search.closeness) : ThickTargetSample.Maps()
      }
      // A stable χ₂ has no decays to go through: what counts is what is made.
      let part =
        decays.radiated.count > 0
        ? Self.grown(sources: sources) { size, maps in
          unseenDecays(of: process, size, decays(process), maps, sample, search)
        } train: {
          train()
        }
        : Self.grown(sources: sources) { size, maps in
          made(by: process, size, maps, sample, search)
        } train: {
          train()
        }
      unseen.append(part.unseen)
      tally.add(part.tally)
    }
    guard tally.effectiveCount >= Self.fewest else {
      return search.recoilEnergy.lowerBound > experiment.beamEnergy
        ? .mixings(ExcludedMixings([])) : .tooRare
    }
    return .mixings(
      expected.mixings { length in unseen.reduce(0) { $0 + $1(length) } })
  }

  /// What is missed, and what it adds up to where χ₂ lives long.
  private struct Missed: Tallied {
    let unseen: UnseenDecays
    let tally: WeightTally
    /// Of decays that are too soft to be seen, which decide at short lifetimes.
    let soft: WeightTally?

    var effectiveCount: Double {
      min(tally.effectiveCount, soft?.effectiveCount ?? .infinity)
    }
  }

  private func unseenDecays(
    of process: ThickTargetSample.Process, _ size: Int, _ channels: DecayChannels,
    _ maps: ThickTargetSample.Maps?, _ sample: ThickTargetSample, _ search: MissingMomentumSearch
  ) -> Missed {
    var unseen = UnseenDecays.Tally()
    var soft = WeightTally()
    let tally = sample.forEach(of: process, events: size, channels: channels, maps: maps) {
      decayed in
      guard search.accepts(decayed.scattered) else { return 0 }
      let event = decayed.event
      let isSeen = event.positive.energy + event.negative.energy > search.vetoEnergy
      if !isSeen { soft.add(event.weight) }
      unseen.add(
        event.weight, until: search.survivalLength * event.mass / event.chi2.momentum,
        isEverSeen: isSeen)
      return event.weight
    }
    return Missed(
      unseen: unseen.unseen, tally: tally, soft: search.vetoEnergy > 0 ? soft : nil)
  }

  private func made(
    by process: ThickTargetSample.Process, _ size: Int, _ maps: ThickTargetSample.Maps?,
    _ sample: ThickTargetSample, _ search: MissingMomentumSearch
  ) -> Missed {
    var tally = WeightTally()
    sample.forEachMade(by: process, events: size, maps: maps) { weight, scattered in
      if search.accepts(scattered) { tally.add(weight) }
    }
    var unseen = UnseenDecays.Tally()
    unseen.add(tally.sum, until: .infinity, isEverSeen: false)
    return Missed(unseen: unseen.unseen, tally: tally, soft: nil)
  }

  // MARK: sizes of samples

  /// Doubles a sample until it knows its answer, or is the largest.
  ///
  /// - Parameters:
  ///   - train: where the first sample knows little, maps for all others.
  ///   - isSettled: whether a sample is enough though it does not know its answer well.
  private static func grown<Sample: Tallied>(
    sources: Int, _ draw: (_ size: Int, _ maps: ThickTargetSample.Maps?) -> Sample,
    train: () -> ThickTargetSample.Maps, isSettled: (Sample) -> Bool = { _ in false }
  ) -> Sample {
    var size = firstSize
    var sample = draw(size, nil)
    func isEnough() -> Bool { sample.effectiveCount >= enough || isSettled(sample) }
    guard !isEnough() else { return sample }
    // Where it knows a good part, maps would gain less than their training costs.
    let maps = sample.effectiveCount < enough / 4 ? train() : nil
    if maps != nil { sample = draw(size, maps) }
    while !isEnough(), 2 * size * sources <= mostEvents {
      size *= 2
      sample = draw(size, maps)
    }
    return sample
  }
}

/// A sample that knows how well it knows its answer.
private protocol Tallied {
  var tally: WeightTally { get }
  /// How many events of one weight would know it as well.
  var effectiveCount: Double { get }
}

extension Tallied {
  var effectiveCount: Double { tally.effectiveCount }
}

/// Expected events of an experiment at a model point, whatever is seen of it.
private struct ExpectedPairs {
  private let point: ModelPoint
  private let widths: Chi2Widths
  private let alphaD: Double
  /// Beam particles times nuclei per area of a radiation length, over the events needed.
  private let scale: Double

  init(
    _ experiment: ThickTargetExperiment, _ point: ModelPoint, _ widths: Chi2Widths, alphaD: Double
  ) {
    self.point = point
    self.widths = widths
    self.alphaD = alphaD
    scale =
      experiment.nucleiPerRadiationLength * experiment.particlesOnTarget / experiment.eventsNeeded
  }

  /// The mixings at which at least as many are expected as are needed.
  ///
  /// - Parameter seen: what is seen at a proper decay length in mm, `nil` for a stable χ₂: in pb X₀ per beam particle and nucleus.
  func mixings(_ seen: (_ properDecayLength: Double?) -> Double) -> ExcludedMixings {
    ExcludedMixings(from: Self.least, to: 1) { logarithm(seen, $0) }
  }

  /// The most that are expected at any ε, to the tenth of a decade, over those needed.
  func greatest(_ seen: (_ properDecayLength: Double?) -> Double) -> Double {
    let decades = -Elementary.log(Self.least) / Elementary.log(10)
    let steps = Int((10 * decades).rounded())
    return Elementary.exp(
      (0...steps).reduce(-.infinity) {
        max($0, logarithm(seen, Elementary.powerOfTen(-0.1 * Double($1))))
      })
  }

  private static let least = 1e-8

  private func logarithm(
    _ seen: (_ properDecayLength: Double?) -> Double, _ epsilon: Double
  ) -> Double {
    let epsilon2 = epsilon * epsilon
    let length = widths.properDecayLength(epsilonSquared: epsilon2, alphaD: alphaD)
    let dark = point.darkBranchingRatio(epsilonSquared: epsilon2, alphaD: alphaD)
    return Elementary.log(max(scale * epsilon2 * dark * seen(length), 1e-290))
  }
}

extension ThickTargetExperiment {
  /// Nuclei per area of one radiation length, in pb⁻¹.
  var nucleiPerRadiationLength: Double {
    target.nucleiPerCubicCentimetre * target.radiationLength * 1e-36
  }
}

extension DecaySearch {
  /// The intervals of z in which a decay is seen, each with the share of the beam particles for which it is.
  @inline(__always)
  package func intervals(_ event: DecayedEvent, _ body: (Double, ClosedRange<Double>) -> Void) {
    guard event.chi2.z > 0 else { return }
    let (first, second) = (event.positive, event.negative)
    let summed = energy == .summed
    guard
      summed
        ? first.energy + second.energy > minimumEnergy
        : max(first.energy, second.energy) > minimumEnergy
    else { return }
    for detector in detectors {
      switch place {
      case .volume:
        let z = decayZ.clamped(event.chi2, size: detector.size)
        if let z { body(detector.share, z) }
      case .face:
        let a = hits(event.chi2, first, detector.size)
        let b = hits(event.chi2, second, detector.size)
        let both = a.flatMap { a in b.flatMap { a.common($0) } }
        switch (first.energy > minimumEnergy, second.energy > minimumEnergy) {
        case (true, true):
          if let a, let b, both != nil {
            body(
              detector.share,
              min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound))
          } else {
            if let a { body(detector.share, a) }
            if let b { body(detector.share, b) }
          }
        case (true, false): if let a { body(detector.share, a) }
        case (false, true): if let b { body(detector.share, b) }
        case (false, false): if summed, let both { body(detector.share, both) }
        }
      }
    }
  }

  /// How close a pair comes to being seen: 1 where it is.
  func closeness(_ event: DecayedEvent) -> Double {
    guard event.chi2.z > 0 else { return 0 }
    var isSeen = false
    intervals(event) { _, _ in isSeen = true }
    if isSeen { return 1 }
    let (first, second) = (event.positive.energy, event.negative.energy)
    let share = min((energy == .summed ? first + second : max(first, second)) / minimumEnergy, 1)
    // As steep as a map needs to climb to a threshold; what has the energy but misses counts little.
    return 0.01 * (share * share) * (share * share)
  }

  /// Where χ₂ must decay for a lepton to hit the rectangle at the end of the decay region.
  @inline(__always)
  private func hits(
    _ chi2: FourMomentum, _ lepton: FourMomentum, _ size: SIMD2<Double>
  ) -> ClosedRange<Double>? {
    guard lepton.z > 0 else { return nil }
    let face = decayZ.upperBound
    let (toX, toY) = (lepton.x / lepton.z, lepton.y / lepton.z)
    return decayZ.where(toX * face, chi2.x / chi2.z - toX, within: 0.5 * size.x)?
      .where(toY * face, chi2.y / chi2.z - toY, within: 0.5 * size.y)
  }
}

extension ClosedRange<Double> {
  /// The z at which |a + bz| is at most a bound.
  @inline(__always)
  fileprivate func `where`(_ a: Double, _ b: Double, within bound: Double) -> ClosedRange? {
    guard b != 0 else { return abs(a) <= bound ? self : nil }
    let (p, q) = ((-bound - a) / b, (bound - a) / b)
    let lower = Swift.max(lowerBound, Swift.min(p, q))
    let upper = Swift.min(upperBound, Swift.max(p, q))
    return lower < upper ? lower...upper : nil
  }

  /// The z at which a track from the origin is inside a rectangle about the axis.
  @inline(__always)
  fileprivate func clamped(_ p: FourMomentum, size: SIMD2<Double>) -> ClosedRange? {
    self.where(0, p.x / p.z, within: 0.5 * size.x)?.where(0, p.y / p.z, within: 0.5 * size.y)
  }

  @inline(__always)
  fileprivate func common(_ other: ClosedRange) -> ClosedRange? {
    let lower = Swift.max(lowerBound, other.lowerBound)
    let upper = Swift.min(upperBound, other.upperBound)
    return lower < upper ? lower...upper : nil
  }
}

extension MissingMomentumSearch {
  /// Whether a scattered lepton counts; without one there is no recoil to cut on.
  @inline(__always)
  func accepts(_ recoil: FourMomentum?) -> Bool {
    guard let recoil else { return recoilEnergy.lowerBound == 0 && recoilTransverse == 0 }
    return recoilEnergy.contains(recoil.energy)
      && recoil.x * recoil.x + recoil.y * recoil.y >= recoilTransverse * recoilTransverse
  }

  /// How close a scattered lepton comes to counting: 1 where it does.
  func closeness(_ recoil: FourMomentum?) -> Double {
    guard let recoil else { return accepts(nil) ? 1 : 0 }
    if accepts(recoil) { return 1 }
    let transverse = (recoil.x * recoil.x + recoil.y * recoil.y).squareRoot()
    let share =
      min(recoil.energy / max(recoilEnergy.lowerBound, 1e-9), 1)
      * min(recoilEnergy.upperBound / recoil.energy, 1)
      * min(transverse / max(recoilTransverse, 1e-9), 1)
    return 0.1 * (share * share) * (share * share)
  }
}

/// Σ w exp(-a/cτ) over events whose decay before a proper length a would be seen, and Σ w over the others.
package struct UnseenDecays {
  private let always: Double
  /// By rising a.
  private let entries: [(weight: Double, length: Double)]

  /// At a proper decay length in mm, `nil` for a stable χ₂.
  package func callAsFunction(_ properDecayLength: Double?) -> Double {
    guard let properDecayLength else { return entries.reduce(always) { $0 + $1.weight } }
    return entries.reduce(always) {
      $0 + $1.weight * Elementary.exp(-$1.length / properDecayLength)
    }
  }

  /// Collects events: those with nearly the same a become one entry.
  ///
  /// Bins of 0.5 % leave out (0.005 a/cτ)²/24, 10⁻⁴ where one event in 10⁴ survives.
  package struct Tally {
    private var always = 0.0
    private var bins: [Int: (weight: Double, moment: Double)] = [:]
    private static let width = 0.005

    /// No events.
    package init() {}

    package mutating func add(_ weight: Double, until a: Double, isEverSeen: Bool) {
      guard isEverSeen else {
        always += weight
        return
      }
      // A bin of nothing has no mean length.
      guard weight > 0 else { return }
      let bin = Int((Elementary.log(a) / Self.width).rounded(.down))
      let old = bins[bin] ?? (0, 0)
      bins[bin] = (old.weight + weight, old.moment + weight * a)
    }

    package var unseen: UnseenDecays {
      UnseenDecays(
        always: always,
        entries: bins.sorted { $0.key < $1.key }.map {
          ($0.value.weight, $0.value.moment / $0.value.weight)
        })
    }
  }
}

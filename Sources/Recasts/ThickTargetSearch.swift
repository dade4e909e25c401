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
  /// A sample is doubled until what it says of long lifetimes, which is the lower end of what is excluded, is known as well as from so
  /// many events of one weight: 400 have an error of 5 %, which is 1.3 % on ε where N ∝ ε⁴. The upper end, where N falls by orders, has
  /// hardly more.
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
    let expected = ThickTargetEvents(experiment, point, decays.radiated.widths, alphaD: alphaD)
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
    _ expected: ThickTargetEvents
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
        guard processes.count == 1, seen.tally.effectiveCount >= Self.fewest else { return false }
        let allowance = 1 + 5 / seen.tally.effectiveCount.squareRoot()
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
      curve: SurvivalCurve(
        .merged(accepted.map { ($0, 1) }), sampleSize: size * sample.sourceCount(process)),
      tally: tally)
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
    _ search: DecaySearch, _ expected: ThickTargetEvents
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
    _ expected: ThickTargetEvents
  ) -> Finding {
    var parts: [Missed] = []
    for process in sample.processes where process == .radiation || search.accepts(nil) {
      let sources = sample.sourceCount(process)
      let channels = decays(process)
      func recoilMaps() -> ThickTargetSample.Maps {
        process == .radiation
          ? sample.trainedMaps(recoil: search.closeness) : ThickTargetSample.Maps()
      }
      // A stable χ₂ has no decays to go through: what counts is what is made.
      guard channels.count > 0 else {
        parts.append(
          Self.grown(sources: sources) { size, maps in
            missedStable(by: process, size, maps, sample, search)
          } train: {
            recoilMaps()
          })
        continue
      }
      parts.append(
        Self.grown(sources: sources) { size, maps in
          missed(of: process, size, channels, maps, sample, search, soft: false)
        } train: {
          recoilMaps()
        })
      guard search.vetoEnergy > 2 * LeptonFlavour.electron.mass else { continue }
      // Decays that are too soft to be seen decide at short lifetimes: a sample of their own knows them as well.
      parts.append(
        Self.grown(sources: sources) { size, maps in
          missed(of: process, size, channels, maps, sample, search, soft: true)
        } train: {
          var maps = recoilMaps()
          maps.decays =
            sample.trainedMaps(for: process, channels: channels, search.softness).decays
          return maps
        })
    }
    guard parts.contains(where: { $0.tally.effectiveCount >= Self.fewest }) else {
      return search.recoilEnergy.lowerBound > experiment.beamEnergy
        ? .mixings(ExcludedMixings([])) : .tooRare
    }
    return .mixings(expected.mixings { length in parts.reduce(0) { $0 + $1.unseen(length) } })
  }

  /// What is missed, and what it adds up to where χ₂ lives long.
  private struct Missed: Tallied {
    let unseen: UnseenDecays
    let tally: WeightTally
  }

  /// Events whose decay is too soft to be seen, or those of which it would be seen.
  private func missed(
    of process: ThickTargetSample.Process, _ size: Int, _ channels: DecayChannels,
    _ maps: ThickTargetSample.Maps?, _ sample: ThickTargetSample, _ search: MissingMomentumSearch,
    soft: Bool
  ) -> Missed {
    var unseen = UnseenDecays.Tally()
    let tally = sample.forEach(of: process, events: size, channels: channels, maps: maps) {
      decayed in
      let event = decayed.event
      guard search.accepts(decayed.scattered), search.isSoft(event) == soft else { return 0 }
      unseen.add(
        event.weight, until: search.survivalLength * event.mass / event.chi2.momentum,
        isEverSeen: !soft)
      return event.weight
    }
    return Missed(unseen: unseen.unseen, tally: tally)
  }

  private func missedStable(
    by process: ThickTargetSample.Process, _ size: Int, _ maps: ThickTargetSample.Maps?,
    _ sample: ThickTargetSample, _ search: MissingMomentumSearch
  ) -> Missed {
    var tally = WeightTally()
    sample.forEachMade(by: process, events: size, maps: maps) { weight, scattered in
      if search.accepts(scattered) { tally.add(weight) }
    }
    var unseen = UnseenDecays.Tally()
    unseen.add(tally.sum, until: .infinity, isEverSeen: false)
    return Missed(unseen: unseen.unseen, tally: tally)
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
    func isEnough() -> Bool { sample.tally.effectiveCount >= enough || isSettled(sample) }
    guard !isEnough() else { return sample }
    // Where it knows a good part, maps would gain less than their training costs.
    let maps = sample.tally.effectiveCount < enough / 4 ? train() : nil
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
}

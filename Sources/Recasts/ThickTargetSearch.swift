import Calculus
import DarkSector
import Decay
import Kinematics
import ParticleData
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

  /// Events a source of a first sample; twice as many as often as fewer than ``fewestSeen`` have a share in the result.
  private static let firstSize = 1024
  private static let largestSize = 1 << 14
  /// 400 have an error of 5 %, which is 1.3 % on ε where N ∝ ε⁴.
  private static let fewestSeen = 400.0
  /// Where a sample of any size expects so much less than needed at all ε, a larger one will not find enough.
  private static let hopeless = 0.05

  /// The mixings at which at least as many events are expected as the experiment needs, up to ε = 1; `nil` where the beam does not make
  /// the A′, or, for pairs, χ₂ has no decay.
  package func mixings(_ point: ModelPoint, alphaD: Double, seed: UInt64) throws(DarkSectorError)
    -> ExcludedMixings?
  {
    let sample = ThickTargetSample(
      experiment, point, alphaD: alphaD, tracks: tracks, seed: seed)
    guard !sample.isEmpty else { return nil }
    let scale = experiment.nucleiPerRadiationLength * experiment.particlesOnTarget
    let needed = experiment.eventsNeeded
    func excess(
      _ seen: (_ properDecayLength: Double?) -> Double, _ widths: Chi2Widths, _ epsilon: Double
    ) -> Double {
      let epsilon2 = epsilon * epsilon
      let length = widths.properDecayLength(epsilonSquared: epsilon2, alphaD: alphaD)
      let dark = point.darkBranchingRatio(epsilonSquared: epsilon2, alphaD: alphaD)
      return Elementary.log(max(scale * epsilon2 * dark * seen(length), 1e-290) / needed)
    }
    func solve(_ seen: (_ properDecayLength: Double?) -> Double, _ widths: Chi2Widths)
      -> ExcludedMixings
    {
      ExcludedMixings(from: 1e-8, to: 1) { excess(seen, widths, $0) }
    }
    let onShell = try DecayChannels(point)
    let offShell =
      experiment.annihilates ? try DecayChannels(point, onShell: false) : nil
    switch experiment.search {
    case .pair(let search):
      guard onShell.count > 0 else { return nil }
      var size = Self.firstSize
      while true {
        var accepted = AcceptedEvents()
        var tally = WeightTally()
        sample.forEach(events: size, onShell: onShell, offShell: offShell) { number, event, _ in
          search.intervals(event) { share, z in
            let weight = event.weight * share
            accepted.append(
              event: number, weight: weight, lower: z.lowerBound * event.properPerZ,
              upper: z.upperBound * event.properPerZ)
            // What it adds where χ₂ lives long.
            tally.add(weight * (z.upperBound - z.lowerBound) * event.properPerZ)
          }
        }
        let curve = SurvivalCurve(accepted, sampleSize: size)
        func seen(_ properDecayLength: Double?) -> Double {
          properDecayLength.map { curve($0).value } ?? 0
        }
        let isEnough = tally.effectiveCount >= Self.fewestSeen || size >= Self.largestSize
        let isHopeless =
          !isEnough
          && (0...80).allSatisfy {
            excess(seen, onShell.widths, Elementary.powerOfTen(-8 + 0.1 * Double($0)))
              < Elementary.log(Self.hopeless)
          }
        if isEnough || isHopeless { return solve(seen, onShell.widths) }
        size *= 2
      }
    case .missingMomentum(let search):
      var size = Self.firstSize
      var tally = UnseenDecays.Tally()
      while true {
        tally = UnseenDecays.Tally()
        var soft = WeightTally()
        sample.forEach(events: size, onShell: onShell, offShell: offShell) {
          _, event, recoil in
          guard search.accepts(recoil) else { return }
          let energy = event.positive.energy + event.negative.energy
          let isSeen = energy > search.vetoEnergy
          if !isSeen { soft.add(event.weight) }
          tally.add(
            event.weight, until: search.survivalLength * event.mass / event.chi2.momentum,
            isEverSeen: isSeen)
        }
        // Where decays may be too soft to be seen, few of them decide at short lifetimes.
        if search.vetoEnergy == 0 || soft.effectiveCount >= Self.fewestSeen
          || size >= Self.largestSize
        {
          break
        }
        size *= 2
      }
      // A stable χ₂ has no decays to go through: what counts is what is made.
      let produced =
        onShell.count > 0
        ? 0 : sample.produced(events: Self.firstSize) { search.accepts($0) }
      let unseen = tally.unseen
      return solve({ produced + unseen($0) }, onShell.widths)
    }
  }
}

extension ThickTargetExperiment {
  /// Nuclei per area of one radiation length, in pb⁻¹.
  var nucleiPerRadiationLength: Double {
    target.nucleiPerCubicCentimetre * target.radiationLength * 1e-36
  }
}

/// The sum of weights and of their squares.
private struct WeightTally {
  private var sum = 0.0
  private var squares = 0.0

  mutating func add(_ weight: Double) {
    sum += weight
    squares += weight * weight
  }

  /// How many events of one weight would know the sum as well.
  var effectiveCount: Double { squares > 0 ? sum * sum / squares : 0 }
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

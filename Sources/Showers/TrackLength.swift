import Calculus
import Integration

/// The track length of leptons of one charge, by bins of energy.
public struct TrackSpectrum: Sendable, Hashable, Codable {
  /// The track length in radiation lengths per primary, one for each bin, with its Monte Carlo error.
  public var lengths: [Estimate]
  /// The mean energy in GeV along the track in each bin; in a bin without track, that of a track ∝ 1/E².
  public var meanEnergies: [Double]
  /// The mean square in rad² of the angle to the beam along the track in each bin; 0 where it is not computed.
  public var meanSquareAngles: [Double]

  /// A spectrum from its numbers, all with one entry for each bin.
  public init(lengths: [Estimate], meanEnergies: [Double], meanSquareAngles: [Double]) {
    precondition(
      lengths.count == meanEnergies.count && lengths.count == meanSquareAngles.count,
      "a spectrum has one length, one energy and one angle for each bin")
    self.lengths = lengths
    self.meanEnergies = meanEnergies
    self.meanSquareAngles = meanSquareAngles
  }

  /// A spectrum without tracks.
  static func empty(edges: [Double]) -> TrackSpectrum {
    let count = edges.count - 1
    return TrackSpectrum(
      lengths: .init(repeating: .exact(0), count: count),
      meanEnergies: (0..<count).map { TrackLength.middle(edges[$0], edges[$0 + 1]) },
      meanSquareAngles: .init(repeating: 0, count: count))
  }
}

/// How far leptons of each energy travel in a target, per primary: what turns a cross section into a yield.
///
///     yield per primary = (N_A X₀/A) Σ_bins T_bin σ(E_bin),   T_bin = ∫_bin T(E) dE
///
/// with X₀ in g/cm², A in g/mol, T in radiation lengths and σ in cm². Bins ascend in energy; the last one ends at
/// the beam's energy and holds it, so that a thin target has nearly all its length there. With bins of a tenth of a
/// decade the mean energies serve any cross section that is smooth over a bin.
///
/// Source: Y.-S. Tsai, Phys. Rev. D 34, 1326 (1986), for the use of T.
public struct TrackLength: Sendable, Hashable, Codable {
  /// The edges of the bins in GeV, ascending; the last is the beam's energy.
  public let edges: [Double]
  /// e⁻ (or μ⁻).
  public let negative: TrackSpectrum
  /// e⁺ (or μ⁺).
  public let positive: TrackSpectrum
  /// The covariance of the lengths, row by row: negative bins, then positive ones. Empty for exact lengths.
  let covariance: [Double]

  /// A track length from its spectra.
  ///
  /// - Parameter covariance: of the lengths of the negative bins followed by the positive ones, `[row][column]` flattened;
  ///   empty for independent bins.
  public init(
    edges: [Double], negative: TrackSpectrum, positive: TrackSpectrum, covariance: [Double] = []
  ) {
    Self.check(edges)
    let count = edges.count - 1
    precondition(
      negative.lengths.count == count && positive.lengths.count == count,
      "spectra have one entry for each bin")
    precondition(
      covariance.isEmpty || covariance.count == 4 * count * count,
      "the covariance has a row and a column for each bin and sign")
    self.edges = edges
    self.negative = negative
    self.positive = positive
    self.covariance = covariance
  }

  /// The number of bins.
  public var binCount: Int { edges.count - 1 }
  /// The least energy in GeV.
  public var minimumEnergy: Double { edges[0] }
  /// The beam's energy in GeV.
  public var beamEnergy: Double { edges[edges.count - 1] }

  /// `Σ T w` over bins and signs, in radiation lengths times the unit of the weights, with the error that follows
  /// from the correlation of the bins.
  ///
  /// - Parameters:
  ///   - negative: one weight for each bin of e⁻, for instance σ at ``TrackSpectrum/meanEnergies``.
  ///   - positive: one weight for each bin of e⁺.
  public func sum(negative weights: [Double], positive positiveWeights: [Double]) -> Estimate {
    let w = weights + positiveWeights
    precondition(
      weights.count == binCount && w.count == 2 * binCount, "one weight for each bin and sign")
    let lengths = negative.lengths + positive.lengths
    let value = zip(lengths, w).map { $0.value * $1 }.compensatedSum()
    var variance = 0.0
    if covariance.isEmpty {
      for (length, weight) in zip(lengths, w) {
        variance += weight * weight * length.error * length.error
      }
    } else {
      for i in w.indices where w[i] != 0 {
        for j in w.indices { variance += w[i] * w[j] * covariance[i * w.count + j] }
      }
    }
    return Estimate(value: value, error: max(variance, 0).squareRoot())
  }

  /// `Σ T f(E)` over bins and signs, at the mean energies, in radiation lengths times the unit of the function.
  public func sum(of function: (_ energy: Double) throws -> Double) rethrows -> Estimate {
    sum(
      negative: try zip(negative.meanEnergies, negative.lengths).map {
        $1.value == 0 ? 0 : try function($0)
      },
      positive: try zip(positive.meanEnergies, positive.lengths).map {
        $1.value == 0 ? 0 : try function($0)
      })
  }

  /// The track length of both signs above an energy in GeV. Within a bin it is shared evenly in ln E.
  public func above(_ energy: Double) -> Estimate {
    let shares = shares(above: energy)
    return sum(negative: shares, positive: shares)
  }

  /// The part of each bin, in ln E, that lies above an energy in GeV: weights for ``sum(negative:positive:)``.
  public func shares(above energy: Double) -> [Double] {
    zip(edges, edges.dropFirst()).map { lower, upper in
      if energy <= lower { return 1 }
      if energy >= upper { return 0 }
      return Elementary.log(upper / energy) / Elementary.log(upper / lower)
    }
  }

  /// Edges of bins of equal width in ln E from a minimum energy to the beam's, in GeV, the topmost one cut finer.
  ///
  /// - Parameters:
  ///   - binsPerDecade: at least so many bins to a decade.
  ///   - topWidth: the width of the last bin relative to the beam's energy. The topmost bin is cut, each piece five
  ///     times as wide as the one above it, until the last is no wider; `nil` leaves it whole.
  public static func makeEdges(
    from minimumEnergy: Double, to beamEnergy: Double, binsPerDecade: Int = 10,
    topWidth: Double? = 0.01
  ) -> [Double] {
    precondition(
      minimumEnergy > 0 && minimumEnergy < beamEnergy && binsPerDecade > 0,
      "bins need a minimum energy below the beam's")
    let range = Elementary.log(beamEnergy / minimumEnergy)
    let count = max(
      1, Int((range * Double(binsPerDecade) / 2.302_585_092_994_046 - 1e-9).rounded(.up)))
    let step = range / Double(count)
    var edges = [minimumEnergy]
    for i in stride(from: 1, to: count, by: 1) {
      edges.append(beamEnergy * Elementary.exp(-step * Double(count - i)))
    }
    if let topWidth {
      precondition(topWidth > 0 && topWidth < 1, "the last bin's relative width is below 1")
      var cuts = [topWidth]
      let room = 1 - edges[edges.count - 1] / beamEnergy
      while let cut = cuts.last, cut * 5 < room / 2 { cuts.append(cut * 5) }
      for cut in cuts.reversed() where cut < room { edges.append(beamEnergy * (1 - cut)) }
    }
    edges.append(beamEnergy)
    return edges
  }

  static func check(_ edges: [Double]) {
    precondition(edges.count >= 2 && edges[0] > 0, "a track length needs a bin above zero energy")
    precondition(zip(edges, edges.dropFirst()).allSatisfy(<), "edges ascend")
  }

  /// The mean energy of a track ∝ 1/E² in a bin.
  static func middle(_ lower: Double, _ upper: Double) -> Double {
    lower * upper / (upper - lower) * Elementary.log(upper / lower)
  }
}

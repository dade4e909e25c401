import Calculus
import Integration
import ParticleData
import Sampling

/// Electromagnetic showers by Monte Carlo: the tracks of e⁻ and e⁺ above a minimum energy in a block of material.
///
/// Bremsstrahlung photons above a cutoff are drawn one by one, the softer ones are a continuous loss with the ionisation;
/// the cutoff is a fiftieth of the energy, and a tenth of a bin's width where bins are narrow. Photons make pairs or scatter off electrons.
///
/// - Depth is path along the beam: angles do not lengthen it. The tracks at 0.3 GeV have 2° (aluminium, 20 GeV
///   beam), which hides 0.1 % of their path, those at 0.1 GeV some 6°, 0.6 %.
/// - Angles are those of multiple scattering (Highland's width, `13.6 MeV/E √t (1 + 0.038 ln t)` per plane over the path
///   since the particle was made) and of two-body kinematics on electrons, `θ² = 2m(1/E′ - 1/E)`. Their mean square is summed
///   along the track for the given energies, without drawing angles; bremsstrahlung and pairs go straight, within m/E.
/// - Target electrons bring no energy along: m ≪ the minimum energy.
/// - Left out: the Landau–Pomeranchuk–Migdal effect (photons below `E² /E_LPM`: 0.15 GeV at 20 GeV in tungsten,
///   less elsewhere), photonuclear reactions (below 1 % of pairs), the dielectric suppression of soft photons, large single
///   scatterings, fluctuations of the ionisation by electrons below the minimum energy.
///
/// Source: PDG 2024, review *Passage of particles through matter*, §§ 34.3 to 34.5; Y.-S. Tsai, Rev. Mod. Phys. 46, 815 (1974).
public struct ShowerSimulation: Sendable {
  /// The beam: e⁻ or e⁺.
  public let beam: BeamParticle
  /// The material.
  public let material: Material
  /// Its depth in radiation lengths; may be infinite.
  public let depth: Double
  /// The edges of the bins in GeV, ascending; the first is the minimum energy, the last the beam's energy.
  public let edges: [Double]
  /// What happens in the shower.
  public let processes: ShowerProcesses
  let table: ShowerTable

  /// A shower of a beam in a block.
  ///
  /// - Parameter edges: of the bins in GeV, as ``TrackLength/makeEdges(from:to:binsPerDecade:topWidth:)`` gives them. The first is
  ///   the minimum energy, below which nothing is followed, 10 MeV or more; the last the beam's energy.
  /// - Throws: ``ShowerError/wrongBeam(_:)`` for muons, ``ShowerError/noDepth(depth:)`` for a depth that is not above zero,
  ///   ``ShowerError/energiesOutOfRange(minimumEnergy:beamEnergy:least:)`` for a lower minimum energy.
  public init(
    beam: BeamParticle, material: Material, depth: Double, edges: [Double],
    processes: ShowerProcesses = .all
  ) throws(ShowerError) {
    TrackLength.check(edges)
    guard beam.flavour == .electron else { throw .wrongBeam(beam.rawValue) }
    guard depth > 0 else { throw .noDepth(depth: depth) }
    guard edges[0] >= 0.01 else {
      throw .energiesOutOfRange(
        minimumEnergy: edges[0], beamEnergy: edges[edges.count - 1], least: 0.01)
    }
    self.beam = beam
    self.material = material
    self.depth = depth
    self.edges = edges
    self.processes = processes
    table = ShowerTable(material: material, edges: edges, processes: processes)
  }

  /// The beam's energy in GeV.
  public var beamEnergy: Double { edges[edges.count - 1] }

  /// Showers in a block: the piece of work of one random stream.
  public static var primariesPerBlock: Int { 128 }

  /// Simulates so many primaries. Cost: 20 GeV in aluminium down to 0.3 GeV, about 25 µs each.
  ///
  /// - Parameters:
  ///   - primaries: their number, two or more.
  ///   - seed: of the random numbers; what is simulated names the streams too.
  public func run(primaries: Int, seed: UInt64) -> ShowerResult {
    precondition(primaries >= 2, "an error needs two primaries")
    return combine(
      (0..<blockCount(primaries)).lazy.map { block($0, of: primaries, seed: seed) },
      primaries: primaries)
  }

  /// As ``run(primaries:seed:)`` on several threads: the same bytes for any number of them.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  public func run(primaries: Int, seed: UInt64, threads: Int) async throws -> ShowerResult {
    precondition(primaries >= 2, "an error needs two primaries")
    let sums = try await concurrentMap(count: blockCount(primaries), threads: threads) {
      block($0, of: primaries, seed: seed)
    }
    return combine(sums, primaries: primaries)
  }

  private func blockCount(_ primaries: Int) -> Int {
    (primaries + Self.primariesPerBlock - 1) / Self.primariesPerBlock
  }

  /// The digest of what is simulated: the name of its random streams.
  var digest: UInt64 {
    var digest = Digest()
    digest.combine("shower")
    digest.combine(beam.rawValue)
    digest.combine(UInt64(material.atomicNumber))
    for number in [material.molarMass, material.density, material.radiationLength, depth] {
      digest.combine(number)
    }
    for edge in edges { digest.combine(edge) }
    digest.combine(processes.rawValue)
    return digest.value
  }

  private func block(_ index: Int, of primaries: Int, seed: UInt64) -> ShowerSums {
    let count = min(Self.primariesPerBlock, primaries - index * Self.primariesPerBlock)
    let stream = RandomStream(seed: seed, purpose: .shower, point: digest, batch: index)
    var tracker = ShowerTracker(
      table: table, depth: depth, beamEnergy: beamEnergy, processes: processes, stream: stream)
    var sums = ShowerSums(count: table.binCount)
    for _ in 0..<count {
      tracker.follow(beam == .positron)
      tracker.move(into: &sums)
    }
    return sums
  }

  private func combine(_ blocks: some Sequence<ShowerSums>, primaries: Int) -> ShowerResult {
    let n = table.binCount
    let N = Double(primaries)
    var total = [CompensatedSum](repeating: CompensatedSum(), count: ShowerSums.size(n))
    for block in blocks { for i in block.values.indices { total[i].add(block.values[i]) } }
    let sums = ShowerSums(count: n, values: total.map(\.value))
    var covariance = [Double](repeating: 0, count: 4 * n * n)
    for i in 0..<2 * n {
      for j in 0...i {
        let c =
          (sums[product: i, j] / N - sums[length: i] / N * (sums[length: j] / N)) / (N - 1)
        covariance[i * 2 * n + j] = c
        covariance[j * 2 * n + i] = c
      }
    }
    func spectrum(_ first: Int) -> TrackSpectrum {
      var spectrum = TrackSpectrum.empty(edges: edges)
      for bin in 0..<n {
        let i = first + bin
        let T = sums[length: i]
        guard T > 0 else { continue }
        spectrum.lengths[bin] = Estimate(
          value: T / N, error: max(covariance[i * 2 * n + i], 0).squareRoot())
        // Rounding may leave a mean a digit beyond the edge that nearly all of it lies at.
        spectrum.meanEnergies[bin] = min(max(sums[energy: i] / T, edges[bin]), edges[bin + 1])
        spectrum.meanSquareAngles[bin] = sums[angle: i] / T
      }
      return spectrum
    }
    return ShowerResult(
      trackLength: TrackLength(
        edges: edges, negative: spectrum(0), positive: spectrum(n), covariance: covariance),
      balance: EnergyBalance(
        ionisation: sums[balance: 0] / N, escapedLeptons: sums[balance: 1] / N,
        escapedPhotons: sums[balance: 2] / N, belowMinimum: sums[balance: 3] / N),
      primaries: primaries)
  }
}

/// Where the energy of a primary goes, on average, in GeV.
public struct EnergyBalance: Sendable, Hashable, Codable {
  /// Lost to ionisation by e∓ above the minimum energy.
  public var ionisation: Double
  /// Carried out of the far side by e∓.
  public var escapedLeptons: Double
  /// Carried out by photons, and all photons that are made where they are not followed.
  public var escapedPhotons: Double
  /// In particles below the minimum energy, which are not followed, and in photons below the infrared cutoff.
  public var belowMinimum: Double

  /// The sum: the beam's energy.
  public var total: Double { ionisation + escapedLeptons + escapedPhotons + belowMinimum }
}

/// The outcome of a simulation.
public struct ShowerResult: Sendable, Hashable, Codable {
  /// The track length per primary.
  public var trackLength: TrackLength
  /// Where the energy goes.
  public var balance: EnergyBalance
  /// The number of primaries simulated.
  public var primaries: Int
}

import Calculus
import DarkSector
import Kinematics
import ParticleData
import Sampling

/// The chain A′ → χ₁χ₂, χ₂ → χ₁ ℓ⁺ℓ⁻ on batches of production events.
///
/// A′ → χ₁χ₂ is drawn isotropically and weighted by the spin density matrix ρ of production,
///
///     w(n) = [(Q² - Δ²)/2 - 2p² n·ρ·n] / [(Q² - Δ²)/2 - 2p²/3]
///
/// whose mean over directions is 1. χ₂ is unpolarised (unpolarised beam, lepton spins summed); its decay has the
/// pair mass of ``PairMassSpectrum`` and, in the pair's rest frame, a lepton at angle θ to χ₁ with
///
///     1 - η cos²θ,   η = β² (Σ² - q²)/[Σ² - q² + q²(3 - β²)],   Σ = m₁ + m₂,  β² = 1 - 4m²/q²
///
/// drawn exactly as a mixture of a flat density and 1 - c², the law of the median of three flat numbers.
///
/// Source: traces of the vector currents of arXiv:2409.00170, Eq. (1); ∫ over θ gives back the width.
public struct DecaySampler: Sendable {
  /// The model point.
  public let point: ModelPoint
  /// The flavour of the pair.
  public let flavour: LeptonFlavour
  let spectrum: PairMassSpectrum
  private let usesPolarisation: Bool

  /// A sampler of one open channel.
  ///
  /// - Parameters:
  ///   - width: the channel's partial width, from ``DarkSector/ModelPoint/chi2Widths()``.
  ///   - polarised: whether the spin density matrix weights A′ → χ₁χ₂.
  /// - Throws: ``DarkSectorError/closedChannel(splitting:threshold:)`` when Δ ≤ 2m.
  public init(
    _ point: ModelPoint, flavour: LeptonFlavour, width: Double, polarised: Bool = true
  ) throws(DarkSectorError) {
    guard point.massSplitting > 2 * flavour.mass, width > 0 else {
      throw .closedChannel(splitting: point.massSplitting, threshold: 2 * flavour.mass)
    }
    self.point = point
    self.flavour = flavour
    self.usesPolarisation = polarised
    spectrum = PairMassSpectrum(point, flavour: flavour, width: width)
  }

  /// The number of columns that a scratch batch needs.
  public static var scratchColumnCount: Int { Column.count }

  private enum Column {
    @inline(__always) static func uniform(_ index: Int) -> Int { ColumnBatch.column(index) }
    static var cosine: Int { ColumnBatch.column(10) }
    static var sine: Int { ColumnBatch.column(11) }
    static var cosine2: Int { ColumnBatch.column(12) }
    static var sine2: Int { ColumnBatch.column(13) }
    static let count = 14
  }

  /// A stream's address for the decays of one production sample.
  public static func digest(
    production: UInt64, point: ModelPoint, flavour: LeptonFlavour
  ) -> UInt64 {
    var digest = Digest()
    digest.combine("decay")
    digest.combine(production)
    digest.combine(point.chi1Mass)
    digest.combine(point.massSplitting)
    digest.combine(flavour.rawValue)
    return digest.value
  }

  /// Decays the first `count` production events of a batch, in place.
  public func fill(
    _ events: borrowing ColumnBatch, scratch: borrowing ColumnBatch, count: Int,
    stream: RandomStream
  ) {
    let base = scratch.base
    for index in 0..<10 {
      stream.fill(base + Column.uniform(index), count: count, label: UInt32(index))
    }
    decay(events.base, base, count)
  }

  /// As ``fill(_:scratch:count:stream:)`` for chosen rows of any batches: the same bits.
  ///
  /// - Parameters:
  ///   - events: the base of ``EventColumn/count`` columns.
  ///   - scratch: the base of ``scratchColumnCount`` columns.
  public func fill(
    _ events: UnsafeMutablePointer<Double>, scratch base: UnsafeMutablePointer<Double>,
    at rows: borrowing RowAddresses, stream: RandomStream
  ) {
    for index in 0..<10 {
      stream.fill(base + Column.uniform(index), at: rows, label: UInt32(index))
    }
    decay(events, base, rows.count)
  }

  /// The part of ``fill(_:scratch:at:stream:)`` that weights come from: A′ → χ₁χ₂ and the pair mass, no leptons.
  public func weigh(
    _ events: UnsafeMutablePointer<Double>, scratch base: UnsafeMutablePointer<Double>,
    at rows: borrowing RowAddresses, stream: RandomStream
  ) {
    for index in 0..<3 {
      stream.fill(base + Column.uniform(index), at: rows, label: UInt32(index))
    }
    turn(base, rows.count, from: 1, sine: Column.sine, cosine: Column.cosine)
    decayMediator(events, base, rows.count)
    drawPairMass(events, base, rows.count)
  }

  private func decay(
    _ events: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    turn(base, count, from: 1, sine: Column.sine, cosine: Column.cosine)
    decayMediator(events, base, count)
    drawPairMass(events, base, count)
    turn(base, count, from: 4, sine: Column.sine, cosine: Column.cosine)
    turn(base, count, from: 9, sine: Column.sine2, cosine: Column.cosine2)
    decayChi2(events, base, count)
  }

  /// The number of ``weightBounds(largestMediatorMass:)``: bins of equal width in the uniform number of the pair mass.
  public static var weightBoundCount: Int { PairMassSpectrum.binCount }

  /// The label of the uniform number of the pair mass in the stream of the decays.
  public static var pairMassLabel: UInt32 { 2 }

  /// What a decay can multiply a production weight by at most, for each bin of the uniform number of the pair mass.
  ///
  /// The spin's factor is 1/(1 - 2p²/3h) at most, with p²/h = (Q² - Σ²)/2Q², h = (Q² - Δ²)/2: for a direction across all
  /// polarisation. The pair mass's, a smooth function, is scanned in each bin, ends included, with 2 % on top.
  ///
  /// - Parameter largestMediatorMass: the largest A′ mass, or `nil` where there is no limit.
  public func weightBounds(largestMediatorMass: Double?) -> [Double] {
    let ratio = largestMediatorMass.map { point.pairThreshold / $0 } ?? 0
    let spin = usesPolarisation ? 1 / (1 - (1 - ratio) * (1 + ratio) / 3) : 1
    let norm = Double(PairMassSpectrum.binCount) / spectrum.width
    return (0..<PairMassSpectrum.binCount).map { bin in
      let range = spectrum.edges[bin + 1] - spectrum.edges[bin]
      let steps = 32
      let largest = (0...steps).map { step in
        PairMassSpectrum.density(
          spectrum.edges[bin] + range * (Double(step) / Double(steps)), point: point,
          mass: flavour.mass)
      }.max()
      return 1.02 * spin * norm * range * (largest ?? 0)
    }
  }

  @inline(__always)
  private func turn(
    _ base: UnsafeMutablePointer<Double>, _ n: Int, from uniform: Int, sine: Int, cosine: Int
  ) {
    for i in 0..<n {
      let (s, c) = Elementary.sinCos(turns: base[Column.uniform(uniform) &+ i])
      base[sine &+ i] = s
      base[cosine &+ i] = c
    }
  }

  private func decayMediator(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    let (m1, m2) = (point.chi1Mass, point.chi2Mass)
    let delta2 = point.massSplitting * point.massSplitting
    let polarised = usesPolarisation ? 1.0 : 0.0
    for i in 0..<n {
      let Q = event[EventColumn.mediatorMass &+ i]
      let lambda = kaellen(mass: Q, m1, m2)
      let inverseQ = 1 / Q
      let p = (lambda > 0 ? lambda : 0).squareRoot() * 0.5 * inverseQ
      let energy = 0.5 * (Q + (m2 - m1) * (m2 + m1) * inverseQ)
      let z = 2 * base[Column.uniform(0) &+ i] - 1
      let across = ((1 - z) * (1 + z)).squareRoot()
      let x = across * base[Column.cosine &+ i]
      let y = across * base[Column.sine &+ i]
      let xx = event[EventColumn.densityXX &+ i]
      let yy = event[EventColumn.densityYY &+ i]
      let zz = 1 - xx - yy
      let quadratic =
        xx * (x * x) + yy * (y * y) + zz * (z * z)
        + 2
        * (event[EventColumn.densityXY &+ i] * (x * y) + event[EventColumn.densityXZ &+ i] * (x * z)
          + event[EventColumn.densityYZ &+ i] * (y * z))
      let half = 0.5 * (Q * Q - delta2)
      let p2 = p * p
      let anisotropy = polarised * (2 * p2 * (1.0 / 3 - quadratic)) / (half - p2 * (2.0 / 3))
      event[EventColumn.chainWeight &+ i] = event[EventColumn.weight &+ i] * (1 + anisotropy)

      let chi2 = LightFrontMomentum(plus: energy + p * z, x: p * x, y: p * y)
      let lab = chi2.boosted(
        byParent: LightFrontMomentum(
          plus: event[EventColumn.mediatorPlus &+ i], x: event[EventColumn.mediatorX &+ i],
          y: event[EventColumn.mediatorY &+ i]), mass: Q)
      event[EventColumn.chi2Plus &+ i] = lab.plus
      event[EventColumn.chi2X &+ i] = lab.x
      event[EventColumn.chi2Y &+ i] = lab.y
    }
  }

  private func drawPairMass(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    let m = flavour.mass
    let bins = Double(PairMassSpectrum.binCount)
    let norm = bins / spectrum.width
    spectrum.edges.withUnsafeBufferPointer { edges in
      guard let edges = edges.baseAddress else { return }
      for i in 0..<n {
        let scaled = base[Column.uniform(2) &+ i] * bins
        let shifted = (scaled - 0.5) + 6_755_399_441_055_744
        let bin =
          Int(truncatingIfNeeded: shifted.bitPattern) & (PairMassSpectrum.binCount - 1)
        let edge = edges[bin]
        let range = edges[bin &+ 1] - edge
        let q = edge + (scaled - Double(bin)) * range
        event[EventColumn.pairMass &+ i] = q
        event[EventColumn.chainWeight &+ i] *=
          norm * range * PairMassSpectrum.density(q, point: point, mass: m)
      }
    }
  }

  private func decayChi2(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    let m2 = point.chi2Mass
    let sum = point.pairThreshold
    let delta = point.massSplitting
    let inverseM2 = 1 / m2
    let mass2 = flavour.mass * flavour.mass
    for i in 0..<n {
      let q = event[EventColumn.pairMass &+ i]
      let q2 = q * q
      // The pair in the χ₂ rest frame; m₂² - m₁² = ΔΣ.
      let energy = 0.5 * (q2 + delta * sum) * inverseM2
      let lambda = (delta - q) * (delta + q) * (sum - q) * (sum + q)
      let p = (lambda > 0 ? lambda : 0).squareRoot() * 0.5 * inverseM2
      let z = 2 * base[Column.uniform(3) &+ i] - 1
      let across = ((1 - z) * (1 + z)).squareRoot()
      let (cosPhi, sinPhi) = (base[Column.cosine &+ i], base[Column.sine &+ i])
      let plus = energy + p * z
      // The direction opposite to χ₁ on the light-front axes of the pair's rest frame: aberration.
      let inversePlus = 1 / plus
      let nAcross = q * across * inversePlus
      let nz = (p + energy * z) * inversePlus

      let beta2raw = 1 - 4 * mass2 / q2
      let beta2 = beta2raw > 0 ? beta2raw : 0
      let rest = (sum - q) * (sum + q)
      let eta = beta2 * rest / (rest + q2 * (3 - beta2))
      let (u, v, w) = (
        base[Column.uniform(5) &+ i], base[Column.uniform(6) &+ i], base[Column.uniform(7) &+ i]
      )
      let low = u < v ? u : v
      let high = u < v ? v : u
      let capped = high < w ? high : w
      let median = low > capped ? low : capped
      let flat = base[Column.uniform(8) &+ i] * (1 - eta * (1.0 / 3)) < 1 - eta
      let c = 2 * (flat ? u : median) - 1
      let s = ((1 - c) * (1 + c)).squareRoot()
      let (cosPsi, sinPsi) = (base[Column.cosine2 &+ i], base[Column.sine2 &+ i])
      // n, then (nz cos φ, nz sin φ, -n⊥) and (-sin φ, cos φ, 0) span the frame.
      let radial = c * nAcross + s * cosPsi * nz
      let azimuthal = s * sinPsi
      let half = 0.5 * q
      let k = half * beta2.squareRoot()
      let kx = k * (radial * cosPhi - azimuthal * sinPhi)
      let ky = k * (radial * sinPhi + azimuthal * cosPhi)
      let kz = k * (c * nz - s * cosPsi * nAcross)

      let chi2 = LightFrontMomentum(
        plus: event[EventColumn.chi2Plus &+ i], x: event[EventColumn.chi2X &+ i],
        y: event[EventColumn.chi2Y &+ i])
      let pair = LightFrontMomentum(plus: plus, x: p * across * cosPhi, y: p * across * sinPhi)
        .boosted(byParent: chi2, mass: m2)
      let positive = LightFrontMomentum(plus: half + kz, x: kx, y: ky)
        .boosted(byParent: pair, mass: q)
      let negative = LightFrontMomentum(plus: half - kz, x: -kx, y: -ky)
        .boosted(byParent: pair, mass: q)
      event[EventColumn.leptonPlusPlus &+ i] = positive.plus
      event[EventColumn.leptonPlusX &+ i] = positive.x
      event[EventColumn.leptonPlusY &+ i] = positive.y
      event[EventColumn.leptonMinusPlus &+ i] = negative.plus
      event[EventColumn.leptonMinusX &+ i] = negative.x
      event[EventColumn.leptonMinusY &+ i] = negative.y
    }
  }
}

import Calculus
import DarkSector
import Integration
import Kinematics
import ParticleData
import Sampling
import Units

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
/// Four axes — the directions of χ₂ and of the pair, the pair mass, cos θ — may be shaped by an ``Integration/ImportanceMap``, so that
/// decays are made where they are looked for; what is drawn is made up for by the weight, event by event. Behind the map cos θ is
/// drawn as v(1 + αv²)/(1 + α), v from -1 to 1: with (1 + 3α)(1 - η̄) = 1, η̄ the mean of η, its weight is the same at v = 0 and ±1.
///
/// Source: traces of the vector currents of arXiv:2409.00170, Eq. (1); ∫ over θ gives back the width.
public struct DecaySampler: Sendable {
  /// The model point.
  public let point: ModelPoint
  /// The flavour of the pair.
  public let flavour: LeptonFlavour
  /// α of the law that cos θ is drawn by.
  private let angleBend: Double
  let spectrum: PairMassSpectrum
  private let usesPolarisation: Bool
  private let isOnShell: Bool

  /// A sampler of one open channel.
  ///
  /// - Parameters:
  ///   - width: the channel's partial width, from ``DarkSector/ModelPoint/chi2Widths()``.
  ///   - polarised: whether the spin density matrix weights A′ → χ₁χ₂.
  ///   - onShell: whether every A′ has the point's mass, which is then not looked at.
  /// - Throws: ``DarkSectorError/closedChannel(splitting:threshold:)`` when Δ ≤ 2m.
  public init(
    _ point: ModelPoint, flavour: LeptonFlavour, width: Double, polarised: Bool = true,
    onShell: Bool = false
  ) throws(DarkSectorError) {
    guard point.massSplitting > 2 * flavour.mass, width > 0 else {
      throw .closedChannel(splitting: point.massSplitting, threshold: 2 * flavour.mass)
    }
    self.point = point
    self.flavour = flavour
    usesPolarisation = polarised
    isOnShell = onShell
    spectrum = PairMassSpectrum(point, flavour: flavour, width: width)
    let middles = zip(spectrum.edges, spectrum.edges.dropFirst()).map { ($0 + $1) / 2 }
    let eta =
      middles.map { Self.anisotropy($0, point, flavour.mass) }.reduce(0, +)
      / Double(middles.count)
    // Not more than for η̄ = 0.6: where η is small after all, a weight then stays below 2.
    let meanAnisotropy = min(eta, 0.6)
    angleBend = meanAnisotropy / (3 * (1 - meanAnisotropy))
  }

  /// The number of axes of a map of decays.
  public static var mappedAxes: Int { 4 }

  /// The axes, in the order of their random numbers; the first four are those of the map.
  enum Axis {
    static var chi2Cosine: Int { 0 }
    static var pairMass: Int { 1 }
    static var pairCosine: Int { 2 }
    /// Of v, which cos θ comes from.
    static var leptonCosine: Int { 3 }
    static var chi2Azimuth: Int { 4 }
    static var pairAzimuth: Int { 5 }
    static var leptonAzimuth: Int { 6 }
    static let count = 7
  }

  /// η at pair mass q.
  private static func anisotropy(_ q: Double, _ point: ModelPoint, _ m: Double) -> Double {
    let beta2 = max(1 - 4 * m * m / (q * q), 0)
    let rest = (point.pairThreshold - q) * (point.pairThreshold + q)
    return beta2 * rest / (rest + q * q * (3 - beta2))
  }

  /// The number of columns that a scratch batch needs.
  public static var scratchColumnCount: Int { Column.count }

  enum Column {
    @inline(__always) static func uniform(_ axis: Int) -> Int { ColumnBatch.column(axis) }
    static var mapWeight: Int { ColumnBatch.column(7) }
    /// Cosine and sine of the three azimuths.
    @inline(__always) static func cosine(_ axis: Int) -> Int { ColumnBatch.column(4 &+ axis) }
    @inline(__always) static func sine(_ axis: Int) -> Int { ColumnBatch.column(7 &+ axis) }
    /// p⁺/m₂ and transverse momentum of the pair on the light-front axes of χ₂.
    static var pairFraction: Int { ColumnBatch.column(14) }
    static var pairAcross: Int { ColumnBatch.column(15) }
    /// The direction opposite to χ₁ in the pair's rest frame, across and along.
    static var nAcross: Int { ColumnBatch.column(16) }
    static var nAlong: Int { ColumnBatch.column(17) }
    /// The momentum of a lepton in the pair's rest frame, over q.
    static var leptonMomentumOverMass: Int { ColumnBatch.column(18) }
    /// The first five numbers as they were drawn, for training, or as they were kept, for events without weights.
    @inline(__always) static func drawn(_ axis: Int) -> Int { ColumnBatch.column(19 &+ axis) }
    /// What an attempt to draw without weights is decided by.
    static var decision: Int { ColumnBatch.column(24) }
    static var bin: Int { ColumnBatch.column(25) }
    static var inverseBound: Int { ColumnBatch.column(26) }
    /// cos θ.
    static var leptonCosine: Int { ColumnBatch.column(27) }
    /// Below zero for an attempt that is rejected.
    static var verdict: Int { ColumnBatch.column(28) }
    static let count = 29
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
  ///
  /// - Parameters:
  ///   - map: what the mapped axes are drawn by; `nil` leaves their numbers as they are drawn.
  ///   - keepUniform: with a map, whether the mapped numbers are kept as they were drawn, for ``accumulate(_:scratch:count:map:into:)``.
  public func fill(
    _ events: borrowing ColumnBatch, scratch: borrowing ColumnBatch, count: Int,
    stream: RandomStream, map: ImportanceMap? = nil, keepUniform: Bool = false
  ) {
    let base = scratch.base
    for axis in 0..<Axis.count {
      stream.fillQuickly(base + Column.uniform(axis), count: count, label: UInt32(axis))
    }
    for i in 0..<count { base[Column.mapWeight &+ i] = 1 }
    if let map {
      for axis in 0..<Self.mappedAxes {
        if keepUniform {
          (base + Column.drawn(axis)).update(from: base + Column.uniform(axis), count: count)
        }
        map.apply(
          axis: axis, to: base + Column.uniform(axis), weight: base + Column.mapWeight,
          count: count)
      }
    }
    weighDecay(events.base, base, count)
    turn(base, count, Axis.pairAzimuth)
    turn(base, count, Axis.leptonAzimuth)
    placeLeptons(events.base, base, count)
  }

  /// As ``fill(_:scratch:count:stream:map:keepUniform:)`` without a map, for chosen rows of any batches: the same bits.
  ///
  /// - Parameters:
  ///   - events: the base of ``EventColumn/count`` columns.
  ///   - scratch: the base of ``scratchColumnCount`` columns.
  public func fill(
    _ events: UnsafeMutablePointer<Double>, scratch base: UnsafeMutablePointer<Double>,
    at rows: borrowing RowAddresses, stream: RandomStream
  ) {
    weigh(events, scratch: base, at: rows, stream: stream)
    placeLeptons(events, base, at: rows, stream: stream)
  }

  /// Both leptons of a decay whose other numbers are drawn and weighed.
  private func placeLeptons(
    _ events: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>,
    at rows: borrowing RowAddresses, stream: RandomStream
  ) {
    for axis in [Axis.pairAzimuth, Axis.leptonAzimuth] {
      stream.fillQuickly(base + Column.uniform(axis), at: rows, label: UInt32(axis))
      turn(base, rows.count, axis)
    }
    placeLeptons(events, base, rows.count)
  }

  /// The part of ``fill(_:scratch:at:stream:)`` that weights come from, without the leptons' momenta.
  public func weigh(
    _ events: UnsafeMutablePointer<Double>, scratch base: UnsafeMutablePointer<Double>,
    at rows: borrowing RowAddresses, stream: RandomStream
  ) {
    for axis in 0...Axis.chi2Azimuth {
      stream.fillQuickly(base + Column.uniform(axis), at: rows, label: UInt32(axis))
    }
    weighDrawn(events, scratch: base, count: rows.count)
  }

  /// The second half of ``weigh(_:scratch:at:stream:)``, from numbers that are drawn.
  func weighDrawn(
    _ events: UnsafeMutablePointer<Double>, scratch base: UnsafeMutablePointer<Double>, count: Int
  ) {
    for i in 0..<count { base[Column.mapWeight &+ i] = 1 }
    weighDecay(events, base, count)
  }

  /// Events from the numbers of ``weighDrawn(_:scratch:count:)``.
  func finish(
    _ events: UnsafeMutablePointer<Double>, scratch base: UnsafeMutablePointer<Double>,
    at rows: borrowing RowAddresses, stream: RandomStream
  ) {
    weighDecay(events, base, rows.count)
    placeLeptons(events, base, at: rows, stream: stream)
  }

  /// χ₂, the pair mass and the chain's weight, from mapped numbers.
  private func weighDecay(
    _ events: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    turn(base, count, Axis.chi2Azimuth)
    if isOnShell {
      decayOnShellMediator(events, base, count)
    } else {
      decayMediator(events, base, count)
    }
    drawPairMass(events, base, count)
    shapePair(events, base, count)
  }

  /// The edges in GeV of the bins of ``weightBounds()``.
  package var pairMassEdges: [Double] { spectrum.edges }

  /// What a decay that is drawn without a map has for a weight at most, in each bin of the uniform number of the pair mass.
  ///
  /// The spin's factor is 1/(1 - 2p²/3h) at most, with p²/h = (Q² - Σ²)/2Q², h = (Q² - Δ²)/2: for a direction across all
  /// polarisation. The pair mass's and the angle's, smooth functions of q and v, are scanned in each bin, ends included, with 2 % on
  /// top. An A′ off its mass shell may have any Q.
  package func weightBounds() -> [Double] {
    let ratio = isOnShell ? point.pairThreshold / point.darkPhotonMass : 0
    let spin = usesPolarisation ? 1 / (1 - (1 - ratio) * (1 + ratio) / 3) : 1
    let norm = Double(PairMassSpectrum.binCount) / spectrum.width
    return (0..<PairMassSpectrum.binCount).map { bin in
      let range = spectrum.edges[bin + 1] - spectrum.edges[bin]
      let steps = 32
      let largest = (0...steps).map { step in
        let q = spectrum.edges[bin] + range * (Double(step) / Double(steps))
        let eta = Self.anisotropy(q, point, flavour.mass)
        return PairMassSpectrum.density(q, point: point, mass: flavour.mass)
          * largestAngleWeight(eta)
      }.max()
      return 1.02 * spin * norm * range * (largest ?? 0)
    }
  }

  /// The largest ratio of (1 - ηc²)/(1 - η/3) to the law drawn, over a scan of v².
  private func largestAngleWeight(_ eta: Double) -> Double {
    let steps = 64
    let largest = (0...steps).map { step -> Double in
      let v2 = Double(step) / Double(steps)
      let stretch = (1 + angleBend * v2) / (1 + angleBend)
      let c2 = v2 * (stretch * stretch)
      return (1 + 3 * angleBend * v2) * (1 - eta * c2)
    }.max()
    return (largest ?? 0) / ((1 + angleBend) * (1 - eta / 3))
  }

  /// Adds what a batch filled with `keepUniform` says about each axis: the squares of the weights given.
  public func accumulate(
    _ weight: UnsafePointer<Double>, scratch: borrowing ColumnBatch, count: Int,
    map: ImportanceMap, into histogram: inout [Double]
  ) {
    for axis in 0..<Self.mappedAxes {
      map.accumulate(
        axis: axis, uniform: scratch.base + Column.drawn(axis), weight: weight, count: count,
        into: &histogram)
    }
  }

  private func turn(_ base: UnsafeMutablePointer<Double>, _ n: Int, _ axis: Int) {
    for i in 0..<n {
      let (s, c) = Elementary.circlePoint(turns: base[Column.uniform(axis) &+ i])
      base[Column.sine(axis) &+ i] = s
      base[Column.cosine(axis) &+ i] = c
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
      let half = 0.5 * (Q * Q - delta2)
      let strength = polarised * 2 * (p * p) / (half - p * p * (2.0 / 3))
      Self.sendChi2(event, base, i, p: p, energy: energy, inverseQ: inverseQ, strength: strength)
    }
  }

  /// The same where every A′ has one mass, and with it every χ₂ one momentum.
  private func decayOnShellMediator(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    let (m1, m2, Q) = (point.chi1Mass, point.chi2Mass, point.darkPhotonMass)
    let delta2 = point.massSplitting * point.massSplitting
    let inverseQ = 1 / Q
    let p = max(kaellen(mass: Q, m1, m2), 0).squareRoot() * 0.5 * inverseQ
    let energy = 0.5 * (Q + (m2 - m1) * (m2 + m1) * inverseQ)
    let half = 0.5 * (Q * Q - delta2)
    let strength = (usesPolarisation ? 2 : 0) * (p * p) / (half - p * p * (2.0 / 3))
    for i in 0..<n {
      Self.sendChi2(event, base, i, p: p, energy: energy, inverseQ: inverseQ, strength: strength)
    }
  }

  /// χ₂ of event i in its direction, and the weight of that direction.
  @inline(__always)
  private static func sendChi2(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ i: Int,
    p: Double, energy: Double, inverseQ: Double, strength: Double
  ) {
    let z = 2 * base[Column.uniform(Axis.chi2Cosine) &+ i] - 1
    let across = ((1 - z) * (1 + z)).squareRoot()
    let x = across * base[Column.cosine(Axis.chi2Azimuth) &+ i]
    let y = across * base[Column.sine(Axis.chi2Azimuth) &+ i]
    let xx = event[EventColumn.densityXX &+ i]
    let yy = event[EventColumn.densityYY &+ i]
    let zz = 1 - xx - yy
    let quadratic =
      xx * (x * x) + yy * (y * y) + zz * (z * z)
      + 2
      * (event[EventColumn.densityXY &+ i] * (x * y) + event[EventColumn.densityXZ &+ i] * (x * z)
        + event[EventColumn.densityYZ &+ i] * (y * z))
    event[EventColumn.chainWeight &+ i] =
      event[EventColumn.weight &+ i] * base[Column.mapWeight &+ i]
      * (1 + strength * (1.0 / 3 - quadratic))
    let fraction = (energy + p * z) * inverseQ
    event[EventColumn.chi2Plus &+ i] = fraction * event[EventColumn.mediatorPlus &+ i]
    event[EventColumn.chi2X &+ i] = p * x + fraction * event[EventColumn.mediatorX &+ i]
    event[EventColumn.chi2Y &+ i] = p * y + fraction * event[EventColumn.mediatorY &+ i]
  }

  /// q from the table's bins of equal probability, and the bins' widths.
  private func drawPairMass(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    let bins = Double(PairMassSpectrum.binCount)
    spectrum.edges.withUnsafeBufferPointer { edges in
      guard let edges = edges.baseAddress else { return }
      for i in 0..<n {
        let scaled = base[Column.uniform(Axis.pairMass) &+ i] * bins
        let bin = ImportanceMap.floor(scaled) & (PairMassSpectrum.binCount - 1)
        let edge = edges[bin]
        let range = edges[bin &+ 1] - edge
        event[EventColumn.pairMass &+ i] = edge + (scaled - Double(bin)) * range
        event[EventColumn.chainWeight &+ i] *= range
      }
    }
  }

  /// Momentum and direction of the pair in the χ₂ frame, and the exact law of q and θ over the one drawn.
  private func shapePair(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    let (m2, sum, delta) = (point.chi2Mass, point.pairThreshold, point.massSplitting)
    let inverseM2 = 1 / m2
    let mass2 = flavour.mass * flavour.mass
    let mA = point.darkPhotonMass
    let (bend, inverseBend) = (angleBend, 1 / (1 + angleBend))
    // dΓ/dq of ``PairMassSpectrum`` without the factors that depend on q.
    let constant =
      2 * PhysicalConstant.fineStructure / (6 * m2 * m2 * .pi)
      * Double(PairMassSpectrum.binCount) / spectrum.width * inverseBend
    for i in 0..<n {
      let q = event[EventColumn.pairMass &+ i]
      let q2 = q * q
      let open = delta - q
      let gap = (open > 0 ? open : 0) * (delta + q)
      let rest = (sum - q) * (sum + q)
      // The pair in the χ₂ rest frame; m₂² - m₁² = ΔΣ.
      let energy = 0.5 * (q2 + delta * sum) * inverseM2
      let p = (gap * rest).squareRoot() * 0.5 * inverseM2
      let z = 2 * base[Column.uniform(Axis.pairCosine) &+ i] - 1
      let across = ((1 - z) * (1 + z)).squareRoot()
      let plus = energy + p * z
      let excess = q2 - 4 * mass2
      let fourK2 = excess > 0 ? excess : 0
      let twoK = fourK2.squareRoot()
      // η = A/B; the law over its mean, (1 - ηc²)/(1 - η/3).
      let A = fourK2 * rest
      let B = q2 * (rest + 2 * q2 + 4 * mass2)
      let v = 2 * base[Column.uniform(Axis.leptonCosine) &+ i] - 1
      let stretch = bend * (v * v)
      let c = v * (1 + stretch) * inverseBend
      base[Column.leptonCosine &+ i] = c
      let propagator = (mA - q) * (mA + q)
      // One division for all three.
      let normalisation = (propagator * propagator) * (B - A * (1.0 / 3))
      let denominator = q2 * normalisation
      let inverse = 1 / (plus * denominator)
      let inversePlus = inverse * denominator
      let inverseDenominator = inverse * plus
      base[Column.pairFraction &+ i] = plus * inverseM2
      base[Column.pairAcross &+ i] = p * across
      // The direction opposite to χ₁ on the light-front axes of the pair's rest frame: aberration.
      base[Column.nAcross &+ i] = q * across * inversePlus
      base[Column.nAlong &+ i] = (p + energy * z) * inversePlus
      base[Column.leptonMomentumOverMass &+ i] =
        0.5 * twoK * q * (normalisation * inverseDenominator)
      event[EventColumn.chainWeight &+ i] *=
        constant * ((q2 + 2 * mass2) * twoK) * (p * gap * (sum * sum + 2 * q2))
        * (B - A * (c * c)) * (1 + 3 * stretch) * inverseDenominator
    }
  }

  /// Both leptons in the lab.
  private func placeLeptons(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    for i in 0..<n {
      let (cosPhi, sinPhi) = (
        base[Column.cosine(Axis.pairAzimuth) &+ i], base[Column.sine(Axis.pairAzimuth) &+ i]
      )
      let (cosPsi, sinPsi) = (
        base[Column.cosine(Axis.leptonAzimuth) &+ i], base[Column.sine(Axis.leptonAzimuth) &+ i]
      )
      let (nAcross, nz) = (base[Column.nAcross &+ i], base[Column.nAlong &+ i])
      let c = base[Column.leptonCosine &+ i]
      let s = ((1 - c) * (1 + c)).squareRoot()
      let q = event[EventColumn.pairMass &+ i]
      // n, then (nz cos φ, nz sin φ, -n⊥) and (-sin φ, cos φ, 0) span the frame.
      let radial = c * nAcross + s * cosPsi * nz
      let azimuthal = s * sinPsi
      let ratio = base[Column.leptonMomentumOverMass &+ i]
      let k = ratio * q
      let kx = k * (radial * cosPhi - azimuthal * sinPhi)
      let ky = k * (radial * sinPhi + azimuthal * cosPhi)
      let share = ratio * (c * nz - s * cosPsi * nAcross)

      let fraction = base[Column.pairFraction &+ i]
      let across = base[Column.pairAcross &+ i]
      let pairPlus = fraction * event[EventColumn.chi2Plus &+ i]
      let pairX = across * cosPhi + fraction * event[EventColumn.chi2X &+ i]
      let pairY = across * sinPhi + fraction * event[EventColumn.chi2Y &+ i]
      let (positive, rest) = (0.5 + share, 0.5 - share)
      event[EventColumn.leptonPlusPlus &+ i] = positive * pairPlus
      event[EventColumn.leptonPlusX &+ i] = kx + positive * pairX
      event[EventColumn.leptonPlusY &+ i] = ky + positive * pairY
      event[EventColumn.leptonMinusPlus &+ i] = rest * pairPlus
      event[EventColumn.leptonMinusX &+ i] = rest * pairX - kx
      event[EventColumn.leptonMinusY &+ i] = rest * pairY - ky
    }
  }
}

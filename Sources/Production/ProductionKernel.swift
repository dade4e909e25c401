import Calculus
import Integration
import Kinematics
import ParticleData
import Sampling
import Units

/// The exact 2 → 3 cross section of `ℓ(p) N(P_i) → ℓ(p′) N(P_f) A′(k)` on batches of points.
///
///     σ = 1/(4M|p|) ∫ dM_X²/2π · dt/(16π M|p|) · k*/(16π² M_X) dΩ* e⁶ ε² G₂(t)/t² A,   M_X² = (p′+k)²
///
/// in the variables ln(M_X² - m² - m_A′²), ln t, ln(-ũ) and the azimuth of k about p in the rest frame of X = p′+k,
/// each of which an ``ImportanceMap`` shapes further. Every difference that could cancel is written as a product or
/// carried as a variable of its own: t_min through `t_min t_max = M² (M_X² - m²)²/s`, the least -ũ through the
/// product with the largest, transverse momenta through `(t - t_min)(t_max - t)`.
///
/// The loops are split by step so that each is vectorised; `ProductionTests` keeps the plain scalar form beside them.
///
/// Source: arXiv:1705.01633, for amplitude and phase space; the variables are ours, Documentation/Physics.md, § 4.3.
@_spi(Kernels)
public struct ProductionKernel: Sendable {
  /// The number of axes of the map: 4, and one more for a line shape.
  public let dimensions: Int
  private let setup: ProductionSetup
  private let formFactor: NuclearFormFactor
  private let E: Double
  private let p: Double
  private let m: Double
  private let m2: Double
  private let M: Double
  private let M2: Double
  private let s: Double
  private let rootS: Double
  private let lineShape: LineShape?
  private let narrowMass: Double

  /// The kernel of a set-up.
  public init(_ setup: ProductionSetup) {
    self.setup = setup
    formFactor = NuclearFormFactor(
      setup.target, model: setup.formFactor, inelastic: setup.inelastic)
    E = setup.beamEnergy
    p = setup.beamMomentum
    m = setup.beam.mass
    m2 = m * m
    M = setup.target.nuclearMass
    M2 = M * M
    s = setup.s
    rootS = s.squareRoot()
    switch setup.mediator {
    case .narrow(let mass):
      narrowMass = mass
      lineShape = nil
      dimensions = 4
    case .spectral(let shape):
      narrowMass = shape.mass
      lineShape = shape
      dimensions = 5
    }
  }

  // MARK: Columns of the scratch batch

  /// Offsets of the working columns.
  ///
  /// Columns 32 apart share the low 12 bits of their addresses: a loop that loads from one and stores to the other would make
  /// the processor wait for nothing, a third longer.
  public enum Column {
    /// The mapped axis of that index, 0…4.
    @inline(__always) public static func axis(_ index: Int) -> Int { ColumnBatch.column(index) }
    /// The azimuth of the whole event in turns.
    public static var azimuth: Int { ColumnBatch.column(5) }
    /// The weight in pb at ε = 1.
    public static var weight: Int { ColumnBatch.column(6) }
    /// m_A′² or the squared virtuality.
    public static var k2: Int { ColumnBatch.column(7) }
    /// s̃ - k² = 2 p′·k.
    public static var d: Int { ColumnBatch.column(8) }
    /// t = -q² in GeV².
    public static var t: Int { ColumnBatch.column(9) }
    /// -ũ.
    public static var minusU: Int { ColumnBatch.column(10) }
    /// t_min in GeV².
    public static var tMin: Int { ColumnBatch.column(11) }
    /// t_max in GeV².
    public static var tMax: Int { ColumnBatch.column(12) }
    /// √((s̃+t)² + 4m²t) = 2 M_X p*.
    public static var rho: Int { ColumnBatch.column(13) }
    /// 2 p* k*.
    public static var twoPK: Int { ColumnBatch.column(14) }
    /// The least -ũ in GeV².
    public static var uMin: Int { ColumnBatch.column(15) }
    /// The largest -ũ in GeV².
    public static var uMax: Int { ColumnBatch.column(16) }
    /// The ratio of the bounds of the variable drawn next.
    public static var logRange: Int { ColumnBatch.column(17) }
    /// sin of the azimuth of k in the X frame.
    public static var sine: Int { ColumnBatch.column(18) }
    /// cos of the same.
    public static var cosine: Int { ColumnBatch.column(19) }
    /// The part of P_i - cq across p in the X frame.
    public static var vAcross: Int { ColumnBatch.column(20) }
    /// The part of P_i - cq along the time axis of the X frame.
    public static var vTime: Int { ColumnBatch.column(21) }
    /// v·k.
    public static var vk: Int { ColumnBatch.column(22) }
    /// The contracted amplitude.
    public static var amplitude: Int { ColumnBatch.column(23) }
    /// k* sin θ*.
    public static var kAcross: Int { ColumnBatch.column(24) }
    /// k* cos θ*.
    public static var kAlong: Int { ColumnBatch.column(25) }
    /// sin of the azimuth of the event.
    public static var azimuthSine: Int { ColumnBatch.column(26) }
    /// cos of the same.
    public static var azimuthCosine: Int { ColumnBatch.column(27) }
    /// The A′ mass or virtuality in GeV.
    public static var k: Int { ColumnBatch.column(43) }
    /// M_X in GeV.
    public static var X: Int { ColumnBatch.column(44) }
    /// 1/M_X² in GeV⁻².
    public static var inverseX2: Int { ColumnBatch.column(46) }
    /// v·p in GeV².
    public static var vp: Int { ColumnBatch.column(45) }
    /// 1/p* in GeV⁻¹.
    public static var inversePStar: Int { ColumnBatch.column(47) }
    /// The least d in GeV².
    public static var dMin: Int { ColumnBatch.column(28) }
    /// The p⁺ of the X frame's x axis in the lab.
    public static var axisPlus: Int { ColumnBatch.column(29) }
    /// The part of the X frame's x axis across the beam.
    public static var axisAcross: Int { ColumnBatch.column(30) }
    /// The coefficients of the polarisation form, in the order of ``PolarisationForm``.
    @inline(__always) public static func form(_ index: Int) -> Int {
      ColumnBatch.column(31 &+ index)
    }
    /// Untouched copies of the uniform numbers, for training.
    @inline(__always) public static func uniform(_ index: Int) -> Int {
      ColumnBatch.column(38 &+ index)
    }
    /// 1/ρ in GeV⁻².
    public static var inverseRho: Int { ColumnBatch.column(48) }
    /// v·X in GeV².
    public static var vX: Int { ColumnBatch.column(49) }
    /// v² in GeV².
    public static var v2: Int { ColumnBatch.column(50) }
    /// The square of ``vAcross`` in GeV².
    public static var vAcross2: Int { ColumnBatch.column(53) }
    /// (2 p* k* sin θ*)² in GeV⁴.
    public static var twoPKAcross2: Int { ColumnBatch.column(52) }
    /// What ``sine`` and ``cosine`` come from.
    public static var halfSine: Int { ColumnBatch.column(51) }
    /// 2 p* k* cos θ*.
    public static var twoPKAlong: Int { ColumnBatch.column(54) }
    /// The number of columns.
    public static let count = 55
  }

  // MARK: One batch

  /// Draws `count` points of a stream through the map and leaves their weights, in pb at ε = 1, and all
  /// invariants in the scratch batch.
  public func sample(
    _ scratch: borrowing ColumnBatch, count: Int, map: ImportanceMap, stream: RandomStream,
    keepUniform: Bool = false
  ) {
    let base = scratch.base
    let weight = base + Column.weight
    for i in 0..<count { weight[i] = 1 }
    for axis in 0..<dimensions {
      let column = base + Column.axis(axis)
      draw(axis, column, count: count, stream)
      if keepUniform {
        (base + Column.uniform(axis)).update(from: column, count: count)
      }
      map.apply(axis: axis, to: column, weight: weight, count: count)
    }
    evaluate(base, count)
  }

  /// As ``sample(_:count:map:stream:keepUniform:)`` for chosen rows of any batches: the same bits, where no axes are known.
  public func sample(
    _ base: UnsafeMutablePointer<Double>, at rows: borrowing RowAddresses, map: ImportanceMap,
    stream: RandomStream, knownAxes: Int = 0
  ) {
    let count = rows.count
    let weight = base + Column.weight
    for i in 0..<count { weight[i] = 1 }
    for axis in 0..<dimensions {
      let column = base + Column.axis(axis)
      if axis >= knownAxes { draw(axis, column, at: rows, stream) }
      map.apply(axis: axis, to: column, weight: weight, count: count)
    }
    evaluate(base, count)
  }

  /// The axis of the azimuth.
  private static let azimuthAxis = 3
  /// The axis of a virtuality, drawn with 52 bits: far from a narrow resonance its values lie far apart. On the others the mapped
  /// integrand is smooth over steps of 2⁻³².
  private static let virtualityAxis = 4

  private func draw(
    _ axis: Int, _ column: UnsafeMutablePointer<Double>, count: Int, _ stream: RandomStream
  ) {
    if axis == Self.virtualityAxis {
      stream.fill(column, count: count, label: UInt32(axis))
    } else {
      stream.fillQuickly(column, count: count, label: UInt32(axis))
    }
  }

  private func draw(
    _ axis: Int, _ column: UnsafeMutablePointer<Double>, at rows: borrowing RowAddresses,
    _ stream: RandomStream
  ) {
    if axis == Self.virtualityAxis {
      stream.fill(column, at: rows, label: UInt32(axis))
    } else {
      stream.fillQuickly(column, at: rows, label: UInt32(axis))
    }
  }

  /// The columns that an event is made from.
  private static let eventColumns = [
    Column.weight, Column.k2, Column.d, Column.t, Column.minusU, Column.rho, Column.inverseRho,
    Column.twoPKAlong, Column.twoPKAcross2, Column.halfSine, Column.cosine, Column.vAcross2,
    Column.vX, Column.v2, Column.vk, Column.vp, Column.k, Column.inverseX2, Column.amplitude,
  ]

  /// Moves rows to the front: row `rows[k]` to row k, for ascending rows, in all columns that an event is made from.
  public func gather(
    _ base: UnsafeMutablePointer<Double>, rows: UnsafePointer<UInt32>, count: Int
  ) {
    for offset in Self.eventColumns {
      let column = base + offset
      for k in 0..<count { column[k] = column[Int(rows[k])] }
    }
  }

  /// One of the loops that make a production point, in their order.
  public enum Stage: String, CaseIterable, Sendable {
    case virtuality, systemMass, transferBounds, transfer, angleBounds, angle, azimuth, nucleus,
      amplitude, weight
  }

  /// Runs one stage on the first `n` rows, as ``evaluate(_:_:)`` does with all of them: for benchmarks.
  public func run(_ stage: Stage, _ base: UnsafeMutablePointer<Double>, _ n: Int) {
    switch stage {
    case .virtuality: drawVirtuality(base, n)
    case .systemMass: drawSystemMass(base, n)
    case .transferBounds: boundMomentumTransfer(base, n)
    case .transfer: drawMomentumTransfer(base, n)
    case .angleBounds: boundEmissionAngle(base, n)
    case .angle: drawEmissionAngle(base, n)
    case .azimuth: drawEmissionAzimuth(base, n)
    case .nucleus: resolveNucleus(base, n)
    case .amplitude: contractAmplitude(base, n)
    case .weight: weigh(base, n)
    }
  }

  /// Turns mapped axes into invariants and multiplies the weights by the integrand.
  public func evaluate(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    drawVirtuality(base, n)
    drawSystemMass(base, n)
    boundMomentumTransfer(base, n)
    drawMomentumTransfer(base, n)
    boundEmissionAngle(base, n)
    drawEmissionAngle(base, n)
    drawEmissionAzimuth(base, n)
    resolveNucleus(base, n)
    contractAmplitude(base, n)
    weigh(base, n)
  }

  private func drawVirtuality(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    if let lineShape {
      drawVirtuality(base, n, lineShape)
    } else {
      let (k, k2) = (narrowMass, narrowMass * narrowMass)
      for i in 0..<n {
        base[Column.k &+ i] = k
        base[Column.k2 &+ i] = k2
      }
    }
  }

  /// Q² of an off-shell A′ by the Breit–Wigner's own map, times ρ(Q²) dQ².
  private func drawVirtuality(
    _ base: UnsafeMutablePointer<Double>, _ n: Int, _ shape: LineShape
  ) {
    let mass2 = shape.mass * shape.mass
    let poleWidth = shape.massTimesWidth(mass2)
    let lower = Elementary.arctangentTurns((shape.sumMass * shape.sumMass - mass2) / poleWidth)
    let largest = rootS - M - m
    let upper = Elementary.arctangentTurns((largest * largest - mass2) / poleWidth)
    for i in 0..<n {
      let turns = lower + (upper - lower) * base[Column.axis(Self.virtualityAxis) &+ i]
      let (sine, cosine) = Elementary.sinCos(turns: turns)
      let offset = poleWidth * sine / cosine
      let Q2 = mass2 + offset
      let density = shape.massTimesWidth(Q2)
      let jacobian =
        2 * .pi * (upper - lower) * (offset * offset + poleWidth * poleWidth) / poleWidth
      base[Column.k2 &+ i] = Q2
      base[Column.k &+ i] = (Q2 > 0 ? Q2 : 0).squareRoot()
      base[Column.weight &+ i] *=
        jacobian * density / (.pi * (offset * offset + density * density))
    }
  }

  /// d = M_X² - m² - k² between 2mk and the kinematic limit, logarithmically.
  private func drawSystemMass(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    let largest = rootS - M
    let most = (largest - m) * (largest + m)
    if lineShape == nil {
      drawSystemMass(base, n, most: most)
    } else {
      drawSystemMassOfVirtual(base, n, most: most)
    }
  }

  /// With one mass of the A′ the bounds are the same for all points.
  private func drawSystemMass(_ base: UnsafeMutablePointer<Double>, _ n: Int, most: Double) {
    let least = 2 * m * narrowMass
    let range = Elementary.log(max((most - narrowMass * narrowMass) / least, 1))
    for i in 0..<n {
      let d = least * Elementary.quickExp(range * base[Column.axis(0) &+ i])
      base[Column.d &+ i] = d
      base[Column.weight &+ i] *= d * range
    }
  }

  private func drawSystemMassOfVirtual(
    _ base: UnsafeMutablePointer<Double>, _ n: Int, most: Double
  ) {
    for i in 0..<n {
      let least = 2 * m * base[Column.k &+ i]
      base[Column.dMin &+ i] = least
      base[Column.logRange &+ i] = (most - base[Column.k2 &+ i]) / least
    }
    Self.takeLogarithm(base, n)
    for i in 0..<n {
      Self.drawLogarithmically(base, i, Column.axis(0), from: Column.dMin, into: Column.d)
    }
  }

  /// The ratio of the bounds becomes its logarithm, 0 where there is no room. Logarithm and exponential have loops of their own:
  /// together they are too long for a processor to overlap one row with the next.
  private static func takeLogarithm(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    for i in 0..<n {
      let ratio = base[Column.logRange &+ i]
      base[Column.logRange &+ i] = Elementary.quickLog(ratio > 1 ? ratio : 1)
    }
  }

  /// A variable flat in its logarithm above its lower bound.
  @inline(__always)
  private static func drawLogarithmically(
    _ base: UnsafeMutablePointer<Double>, _ i: Int, _ axis: Int, from least: Int,
    into column: Int
  ) {
    let range = base[Column.logRange &+ i]
    let value = base[least &+ i] * Elementary.quickExp(range * base[axis &+ i])
    base[column &+ i] = value
    base[Column.weight &+ i] *= value * range
  }

  /// t_min and t_max at given M_X.
  private func boundMomentumTransfer(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    let difference = m2 + 2 * M * E  // s - M²
    let difference2 = difference * difference
    let (inverse2S, momentumPerS) = (1 / (2 * s), M * p / s)
    let least = rootS - M
    let (most, sum2) = ((least - m) * (least + m), (rootS + M) * (rootS + M))
    for i in 0..<n {
      let U = base[Column.d &+ i] + base[Column.k2 &+ i]
      let X2 = U + m2
      // 4s P_f² = λ(s, M_X², M²) = [(√s - M)² - M_X²] [(√s + M)² - M_X²].
      let room = most - U
      let lambdaRoot = ((room > 0 ? room : 0) * (sum2 - X2)).squareRoot()
      // 2s(E_i E_f - M²)·2 in the centre of mass, without the large M².
      let product = difference2 - (s + M2) * (m2 + X2) + m2 * X2
      let tMax = product * inverse2S + momentumPerS * lambdaRoot
      // t_min = (MU)²/(s t_max) and t_max/t_min by one division: 1/[(MU)² s t_max].
      let numerator = M2 * (U * U)
      let denominator = s * tMax
      let inverse = 1 / (numerator * denominator)
      base[Column.tMin &+ i] = numerator * numerator * inverse
      base[Column.tMax &+ i] = tMax
      base[Column.logRange &+ i] = tMax * (denominator * denominator) * inverse
    }
  }

  private func drawMomentumTransfer(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    Self.takeLogarithm(base, n)
    for i in 0..<n {
      Self.drawLogarithmically(base, i, Column.axis(1), from: Column.tMin, into: Column.t)
    }
  }

  /// -ũ at θ* = 0 and π: u_max = Q/2M_X² and u_min = 2N/Q, and all that is divided by comes from one division.
  private func boundEmissionAngle(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    for i in 0..<n {
      let k2 = base[Column.k2 &+ i]
      let d = base[Column.d &+ i]
      let t = base[Column.t &+ i]
      let U = d + k2
      let X2 = U + m2
      let sum = U + t
      let rho = (sum * sum + 4 * m2 * t).squareRoot()
      let mk = m * base[Column.k &+ i]
      // λ(M_X², m², k²) = W (W + 4mk) with W = M_X² - (m+k)².
      let excess = d - 2 * mk
      let W = excess > 0 ? excess : 0
      let rhoLambdaRoot = rho * (W * (W + 4 * mk)).squareRoot()
      let Q = (U * (d + 2 * m2 + t) + k2 * t) + rhoLambdaRoot
      let N = m2 * (U * U) + k2 * t * (d + 4 * m2 + t)
      let X2N = X2 * N
      let QX2N = Q * X2N
      let inverseAll = 1 / (rho * QX2N)
      let inverse = inverseAll * rho
      let inverseX2 = inverse * (Q * N)
      base[Column.inverseX2 &+ i] = inverseX2
      base[Column.rho &+ i] = rho
      base[Column.inverseRho &+ i] = inverseAll * QX2N
      base[Column.twoPK &+ i] = rhoLambdaRoot * (0.5 * inverseX2)
      base[Column.uMin &+ i] = 2 * N * (inverse * X2N)
      base[Column.uMax &+ i] = Q * (0.5 * inverseX2)
      base[Column.logRange &+ i] = 0.25 * Q * Q * (inverse * Q)
    }
  }

  private func drawEmissionAngle(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    Self.takeLogarithm(base, n)
    for i in 0..<n {
      Self.drawLogarithmically(base, i, Column.axis(2), from: Column.uMin, into: Column.minusU)
    }
  }

  private func drawEmissionAzimuth(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    for i in 0..<n {
      let half = Elementary.halfSine(turns: base[Column.axis(Self.azimuthAxis) &+ i])
      base[Column.halfSine &+ i] = half
      base[Column.cosine &+ i] = Elementary.circlePoint(halfSine: half).cosine
    }
  }

  /// The products of v = P_i - cq, with c such that v has no part along p in the X frame, and the squares of the parts across
  /// p of v and of the A′ momentum.
  private func resolveNucleus(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    for i in 0..<n {
      let k2 = base[Column.k2 &+ i]
      let t = base[Column.t &+ i]
      let minusU = base[Column.minusU &+ i]
      let inverseRho = base[Column.inverseRho &+ i]
      let below = t - base[Column.tMin &+ i]
      let above = base[Column.tMax &+ i] - t
      let across2 =
        s * ((below > 0 ? below : 0) * (above > 0 ? above : 0)) * (inverseRho * inverseRho)
      let X2 = base[Column.d &+ i] + k2 + m2
      // The part of v along time is 2 M_X times this.
      let time = (t * (M2 + across2 + 0.25 * t)).squareRoot() * inverseRho
      let vX = 2 * X2 * time
      // 1 - cos θ* = (-ũ - u_min)/2pk, and sin² θ* = (…)(…)/(2pk)².
      let low = minusU - base[Column.uMin &+ i]
      let high = base[Column.uMax &+ i] - minusU
      let twoPKAcross2 = (low > 0 ? low : 0) * (high > 0 ? high : 0)
      base[Column.twoPKAlong &+ i] = base[Column.twoPK &+ i] - low
      base[Column.twoPKAcross2 &+ i] = twoPKAcross2
      base[Column.vAcross2 &+ i] = across2
      base[Column.vX &+ i] = vX
      base[Column.v2 &+ i] = 2 * time * vX - across2
      base[Column.vp &+ i] = time * (X2 + m2 + t)
      base[Column.vk &+ i] =
        time * (X2 + k2 - m2)
        - (across2 * twoPKAcross2 * X2).squareRoot() * (inverseRho * base[Column.cosine &+ i])
    }
  }

  /// The amplitude at point i, from its columns.
  @inline(__always)
  private func amplitude(
    _ base: UnsafeMutablePointer<Double>, _ i: Int
  ) -> RadiationAmplitude {
    RadiationAmplitude(
      leptonMass2: m2, mediatorMass2: base[Column.k2 &+ i], d: base[Column.d &+ i],
      minusU: base[Column.minusU &+ i], t: base[Column.t &+ i], vp: base[Column.vp &+ i],
      vk: base[Column.vk &+ i], vX: base[Column.vX &+ i], v2: base[Column.v2 &+ i])
  }

  private func contractAmplitude(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    for i in 0..<n { base[Column.amplitude &+ i] = amplitude(base, i).contracted }
  }

  /// The integrand's constant factors. P = 2v gives the 4.
  private var constant: Double {
    let coupling = 4 * .pi * PhysicalConstant.fineStructure
    let flux = 1 / (4 * M * p) / (2 * .pi) / (16 * .pi * M * p)
    // k*/(16π² M_X) d cos θ* dφ = d(-ũ) dφ/(16π² ρ), and φ runs over a full turn.
    return coupling * coupling * coupling * flux / (16 * .pi * .pi) * 2 * .pi * 4
      * .hbarCSquared_GeV2pb
  }

  private func weigh(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    if setup.inelastic == .off {
      weighElastic(base, n)
    } else {
      weighWithBreakup(base, n)
    }
  }

  /// G₂/t² has no t in its numerator when the nucleus stays whole: one division.
  private func weighElastic(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    let (numerator, constant) = (formFactor.elasticNumeratorOverT2, constant)
    let factor = constant * numerator
    for i in 0..<n {
      let denominator = formFactor.elasticDenominator(base[Column.t &+ i])
      base[Column.weight &+ i] *=
        factor * base[Column.amplitude &+ i]
        / (denominator * denominator * base[Column.rho &+ i])
    }
  }

  private func weighWithBreakup(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    let constant = constant
    for i in 0..<n {
      let t = base[Column.t &+ i]
      let amplitude = base[Column.amplitude &+ i]
      base[Column.weight &+ i] *=
        constant * formFactor.squared(t) * amplitude / (t * t * base[Column.rho &+ i])
    }
  }

  // MARK: Events

  /// Momenta in the lab and the A′ spin density matrix of the points in the scratch batch, after ``evaluate(_:_:)``.
  public func fillEvents(
    _ events: borrowing ColumnBatch, from scratch: borrowing ColumnBatch, count n: Int,
    stream: RandomStream
  ) {
    stream.fillQuickly(scratch.base + Column.azimuth, count: n, label: 5)
    makeEvents(events.base, scratch.base, n)
  }

  /// As ``fillEvents(_:from:count:stream:)`` for chosen rows of any batches.
  public func fillEvents(
    _ events: UnsafeMutablePointer<Double>, from scratch: UnsafeMutablePointer<Double>,
    at rows: borrowing RowAddresses, stream: RandomStream
  ) {
    stream.fillQuickly(scratch + Column.azimuth, at: rows, label: 5)
    makeEvents(events, scratch, rows.count)
  }

  private func makeEvents(
    _ events: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    resolveFrame(base, n)
    placeInLab(events, base, n)
    takePolarisation(base, n)
    fillSpinDensity(events, base, n)
  }

  /// The azimuths, and the parts of v and of the A′ momentum in the X frame, z along p and x along the part of P_i across it.
  private func resolveFrame(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    for i in 0..<n {
      let (sine, cosine) = Elementary.circlePoint(turns: base[Column.azimuth &+ i])
      base[Column.azimuthSine &+ i] = sine
      base[Column.azimuthCosine &+ i] = cosine
      base[Column.sine &+ i] =
        Elementary.circlePoint(halfSine: base[Column.halfSine &+ i]).sine
    }
    for i in 0..<n {
      let X = (base[Column.d &+ i] + base[Column.k2 &+ i] + m2).squareRoot()
      let inversePStar = 2 * X * base[Column.inverseRho &+ i]
      base[Column.X &+ i] = X
      base[Column.inversePStar &+ i] = inversePStar
      base[Column.vAcross &+ i] = base[Column.vAcross2 &+ i].squareRoot()
      base[Column.vTime &+ i] = base[Column.vX &+ i] * (X * base[Column.inverseX2 &+ i])
      base[Column.kAcross &+ i] =
        base[Column.twoPKAcross2 &+ i].squareRoot() * (0.5 * inversePStar)
      base[Column.kAlong &+ i] = base[Column.twoPKAlong &+ i] * (0.5 * inversePStar)
    }
  }

  /// The momenta of the A′, the scattered lepton and the recoil in the lab.
  private func placeInLab(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    let (inverse2M, inverseM, inverseP) = (1 / (2 * M), 1 / M, 1 / p)
    let pPlus = E + p
    let xPlusPerTime = pPlus * inverseP
    for i in 0..<n {
      let k2 = base[Column.k2 &+ i]
      let t = base[Column.t &+ i]
      let U = base[Column.d &+ i] + k2
      let X2 = U + m2
      let inverseX = base[Column.X &+ i] * base[Column.inverseX2 &+ i]
      let inversePStar = base[Column.inversePStar &+ i]
      let rho = base[Column.rho &+ i]
      let beamEnergy = (X2 + m2 + t) * (0.5 * inverseX)
      let mediatorEnergy = (X2 + k2 - m2) * (0.5 * inverseX)
      let across = base[Column.vAcross &+ i]
      let (sine, cosine) = (base[Column.azimuthSine &+ i], base[Column.azimuthCosine &+ i])

      // q = P_i - P_f in the lab; p·q = (s̃ + t)/2.
      let transverse = across * rho * (inverse2M * inverseP)
      let qTime = -t * inverse2M
      let qAlong = -(E * t * inverse2M + 0.5 * (U + t)) * inverseP
      let XPlus = pPlus + (qTime + qAlong)

      // The X frame's axes in the lab, light-front components: time, z along p, x along P_i across p, y.
      let timePlus = XPlus * inverseX
      let timeT = transverse * inverseX
      let ratio = beamEnergy * inversePStar
      let zPlus = pPlus * inversePStar - ratio * timePlus
      let zT = -ratio * timeT
      let xPlus = -across * inverseM * xPlusPerTime
      // 1/ρ = 1/(2X p*).
      let xT = -(E * (U + t) + m2 * t * inverseM) * (inversePStar * (0.5 * inverseX)) * inverseP

      let kz = base[Column.kAlong &+ i]
      let kx = base[Column.kAcross &+ i] * base[Column.cosine &+ i]
      let ky = base[Column.kAcross &+ i] * base[Column.sine &+ i]
      let kPlus = mediatorEnergy * timePlus + kz * zPlus + kx * xPlus
      let kParallel = mediatorEnergy * timeT + kz * zT + kx * xT
      let kX = kParallel * cosine - ky * sine
      let kY = kParallel * sine + ky * cosine
      let qX = transverse * cosine
      let qY = transverse * sine

      event[EventColumn.weight &+ i] = base[Column.weight &+ i]
      event[EventColumn.momentumTransfer &+ i] = t
      event[EventColumn.mediatorMass &+ i] = base[Column.k &+ i]
      event[EventColumn.mediatorPlus &+ i] = kPlus
      event[EventColumn.mediatorX &+ i] = kX
      event[EventColumn.mediatorY &+ i] = kY
      event[EventColumn.scatteredPlus &+ i] = XPlus - kPlus
      event[EventColumn.scatteredX &+ i] = qX - kX
      event[EventColumn.scatteredY &+ i] = qY - kY
      event[EventColumn.recoilX &+ i] = -qX
      event[EventColumn.recoilY &+ i] = -qY
      event[EventColumn.recoilZ &+ i] = -qAlong
      base[Column.axisPlus &+ i] = xPlus
      base[Column.axisAcross &+ i] = xT
    }
  }

  private func takePolarisation(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    for i in 0..<n {
      let form = amplitude(base, i).polarisation
      base[Column.form(0) &+ i] = form.pp
      base[Column.form(1) &+ i] = form.qq
      base[Column.form(2) &+ i] = form.vv
      base[Column.form(3) &+ i] = form.pq
      base[Column.form(4) &+ i] = form.pv
      base[Column.form(5) &+ i] = form.qv
      base[Column.form(6) &+ i] = form.g
    }
  }

  /// The spin density matrix on the light-front axes of the A′ rest frame, from the form and the scalars (p·r, p′·r, v·r) of the
  /// axes r: r_x·u = u⁺k_x/k⁺ - u_x, r_z·u = u·k/m - m u⁺/k⁺.
  private func fillSpinDensity(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    let pPlus = E + p
    for i in 0..<n {
      let k2 = base[Column.k2 &+ i]
      let d = base[Column.d &+ i]
      let mass = event[EventColumn.mediatorMass &+ i]
      let (kPlus, kX, kY) = (
        event[EventColumn.mediatorPlus &+ i], event[EventColumn.mediatorX &+ i],
        event[EventColumn.mediatorY &+ i]
      )
      let (lPlus, lX, lY) = (
        event[EventColumn.scatteredPlus &+ i], event[EventColumn.scatteredX &+ i],
        event[EventColumn.scatteredY &+ i]
      )
      let form = PolarisationForm(
        pp: base[Column.form(0) &+ i], qq: base[Column.form(1) &+ i],
        vv: base[Column.form(2) &+ i], pq: base[Column.form(3) &+ i],
        pv: base[Column.form(4) &+ i], qv: base[Column.form(5) &+ i],
        g: base[Column.form(6) &+ i])
      let across = base[Column.vAcross &+ i]
      let xPlus = base[Column.axisPlus &+ i]
      let xT = base[Column.axisAcross &+ i]
      let kx = base[Column.kAcross &+ i] * base[Column.cosine &+ i]
      let inversePlus = 1 / kPlus
      let slopeX = kX * inversePlus
      let slopeY = kY * inversePlus
      let inverseMass = 1 / mass
      let pK = 0.5 * (k2 + base[Column.minusU &+ i])
      let qK = 0.5 * d
      let xAxisX = xT * base[Column.azimuthCosine &+ i]
      let xAxisY = xT * base[Column.azimuthSine &+ i]
      let timeFraction =
        base[Column.vTime &+ i] * (base[Column.X &+ i] * base[Column.inverseX2 &+ i])
      @inline(__always)
      func axis(_ p: Double, _ q: Double, _ x: Double) -> (Double, Double, Double) {
        (p, q, timeFraction * q + across * x)
      }
      let rx = axis(pPlus * slopeX, lPlus * slopeX - lX, xPlus * slopeX - xAxisX)
      let ry = axis(pPlus * slopeY, lPlus * slopeY - lY, xPlus * slopeY - xAxisY)
      let massOverPlus = mass * inversePlus
      // vX includes k: v·r takes X·r = p′·r, since k·r = 0.
      let rz = axis(
        pK * inverseMass - massOverPlus * pPlus, qK * inverseMass - massOverPlus * lPlus,
        -kx * inverseMass - massOverPlus * xPlus)
      // The trace of the form is the contracted amplitude.
      let norm = 1 / base[Column.amplitude &+ i]
      let (x, y) = (form.image(of: rx), form.image(of: ry))
      event[EventColumn.densityXX &+ i] = (PolarisationForm.product(x, rx) + form.g) * norm
      event[EventColumn.densityXY &+ i] = PolarisationForm.product(x, ry) * norm
      event[EventColumn.densityXZ &+ i] = PolarisationForm.product(x, rz) * norm
      event[EventColumn.densityYY &+ i] = (PolarisationForm.product(y, ry) + form.g) * norm
      event[EventColumn.densityYZ &+ i] = PolarisationForm.product(y, rz) * norm
    }
  }
}

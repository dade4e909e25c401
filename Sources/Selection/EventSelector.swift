import Calculus
import Detector
import Kinematics
import Sampling

/// The cuts of an analysis on batches of chain events: which events pass, and in which interval of the decay position.
///
/// Decay positions are never drawn. Tracks are straight, so that "all tracks hit all required planes" holds for ζ in an
/// interval that is computed exactly; with planes of any orientation it is still one interval, and with a choice of
/// planes or stations a short list of them.
public struct EventSelector: Sendable {
  /// The cuts.
  public let cuts: SelectionCuts
  let apparatus: Apparatus
  let beamLeptonMass2: Double
  /// Of the decay's positive and negative track.
  private let positiveMass2: Double
  private let negativeMass2: Double
  let chi2Mass: Double
  /// The planes of the event's own station and, where hits further down the line count, of those behind it.
  let stations: [[PlaneFrame]]
  let spot: SIMD2<Double>
  let divergence: SIMD2<Double>
  /// The planes of the event's own station where they are a plain stack.
  private let stack: PlaneStack?

  /// A selector for one channel.
  ///
  /// - Parameters:
  ///   - beamLeptonMass: the mass of the scattered beam lepton in GeV.
  ///   - leptonMass: the mass of the decay leptons in GeV.
  ///   - chi2Mass: m₂ in GeV.
  ///   - spot: the spread of the beam's position in mm.
  ///   - divergence: the spread of its direction in rad.
  public init(
    _ cuts: SelectionCuts, apparatus: Apparatus, beamLeptonMass: Double, leptonMass: Double,
    chi2Mass: Double, spot: SIMD2<Double>, divergence: SIMD2<Double>
  ) {
    self.init(
      cuts, apparatus: apparatus, beamLeptonMass: beamLeptonMass,
      trackMasses: (leptonMass, leptonMass), parentMass: chi2Mass, spot: spot,
      divergence: divergence)
  }

  /// A selector for any neutral particle that decays into two tracks, in the columns of χ₂ and of the leptons.
  ///
  /// - Parameters:
  ///   - trackMasses: the masses of the positive and the negative track in GeV.
  ///   - parentMass: the mass of what decays in GeV.
  public init(
    _ cuts: SelectionCuts, apparatus: Apparatus, beamLeptonMass: Double,
    trackMasses: (positive: Double, negative: Double), parentMass: Double, spot: SIMD2<Double>,
    divergence: SIMD2<Double>
  ) {
    self.cuts = cuts
    self.apparatus = apparatus
    beamLeptonMass2 = beamLeptonMass * beamLeptonMass
    positiveMass2 = trackMasses.positive * trackMasses.positive
    negativeMass2 = trackMasses.negative * trackMasses.negative
    self.chi2Mass = parentMass
    let count = cuts.tracking == .ownStation ? 1 : cuts.lastModules
    stations = (0..<count).map { station in
      apparatus.planes.map { PlaneFrame($0, offset: Double(station) * apparatus.stationPitch) }
    }
    self.spot = spot
    self.divergence = divergence
    stack = PlaneStack(apparatus.planes)
  }

  /// The number of columns that a scratch batch needs.
  public static var scratchColumnCount: Int { Column.count }

  enum Column {
    static var beamEnergy: Int { ColumnBatch.column(0) }
    static var slopeX: Int { ColumnBatch.column(1) }
    static var slopeY: Int { ColumnBatch.column(2) }
    static var softerEnergy: Int { ColumnBatch.column(3) }
    static var plusX: Int { ColumnBatch.column(4) }
    static var plusY: Int { ColumnBatch.column(5) }
    static var minusX: Int { ColumnBatch.column(6) }
    static var minusY: Int { ColumnBatch.column(7) }
    /// tan² of half the opening angle.
    static var opening: Int { ColumnBatch.column(8) }
    static var parentX: Int { ColumnBatch.column(9) }
    static var parentY: Int { ColumnBatch.column(10) }
    /// p_z/m₂ of χ₂.
    static var boost: Int { ColumnBatch.column(11) }
    static var vertexX: Int { ColumnBatch.column(12) }
    static var vertexY: Int { ColumnBatch.column(13) }
    static var vertexZ: Int { ColumnBatch.column(14) }
    static var lower: Int { ColumnBatch.column(15) }
    static var upper: Int { ColumnBatch.column(16) }
    /// 1 for an event that passes, else 0.
    static var passes: Int { ColumnBatch.column(17) }
    @inline(__always) static func uniform(_ index: Int) -> Int {
      ColumnBatch.column(18 &+ index)
    }
    /// The first of ``EventColumn/count`` columns for events that passed a first look.
    static var chosen: Int { ColumnBatch.column(23) }
    /// Below zero for a row that goes on.
    static var verdict: Int { ColumnBatch.column(23 + EventColumn.count) }
    static let count = 24 + EventColumn.count
  }

  /// Whether the slopes must be shifted and vertices moved; a pencil on axis skips it to the byte.
  private var hasBeamSpread: Bool { spot != .zero || divergence != .zero }

  /// Every event starts at one point on the axis.
  private var isPencil: Bool { !hasBeamSpread && cuts.interactionVertex == .point }

  /// Whether the beam lepton hits a plain stack, in the column of passes, and where both decay leptons do, wherever the window lies.
  ///
  /// - Returns: whether the quick form holds and the columns are filled.
  func findStackIntervals(_ base: UnsafeMutablePointer<Double>, _ n: Int) -> Bool {
    guard let stack, needsOneInterval, isPencil else { return false }
    for i in 0..<n { base[Column.passes &+ i] = 1 }
    requireBeamLepton(base, n, stack)
    narrow(base, n, stack, within: 0, .infinity)
    return true
  }

  /// The quick form holds: one interval an event.
  private var needsOneInterval: Bool {
    cuts.requiredPlanes == .all && cuts.tracking == .ownStation
  }

  /// Adds the events of a batch that pass.
  ///
  /// - Parameters:
  ///   - firstEvent: the number of the batch's first event within the sample.
  ///   - stream: the beam's stream; used only where the beam or the vertex has a spread.
  public func select(
    _ events: borrowing ColumnBatch, scratch: borrowing ColumnBatch, count: Int, firstEvent: Int,
    stream: RandomStream, into accepted: inout AcceptedEvents
  ) {
    let base = scratch.base
    // Where no random number belongs to a row, rows that fail for their energies are left out of all that follows.
    let rows = isPencil ? rowsOfEnoughEnergy(events.base, base, count) : nil
    let (event, count) = (rows == nil ? events.base : base + Column.chosen, rows?.count ?? count)
    if let rows { Self.gather(events.base, rows, into: event) }
    measure(event, base, count, stream)
    applyKinematicCuts(base, count)
    let number = { (i: Int) in
      Int32(truncatingIfNeeded: firstEvent &+ (rows.map { Int($0[i]) } ?? i))
    }
    guard needsOneInterval else {
      collectGeneral(event, base, count, number, into: &accepted)
      return
    }
    if let stack, isPencil {
      requireBeamLepton(base, count, stack)
      narrow(
        base, count, stack, within: cuts.decayWindow.lowerBound, cuts.decayWindow.upperBound)
    } else {
      for i in 0..<count {
        base[Column.lower &+ i] = cuts.decayWindow.lowerBound
        base[Column.upper &+ i] = cuts.decayWindow.upperBound
      }
      for frame in stations[0] {
        requireBeamLepton(base, count, frame)
        narrow(base, count, frame, Column.plusX, Column.plusY)
        narrow(base, count, frame, Column.minusX, Column.minusY)
      }
    }
    for i in 0..<count {
      let (lower, upper) = (base[Column.lower &+ i], base[Column.upper &+ i])
      let isAccepted = base[Column.passes &+ i] > 0 && lower < upper
      let inverse = 1 / base[Column.boost &+ i]
      base[Column.verdict &+ i] = isAccepted ? -1 : 1
      base[Column.lower &+ i] = lower * inverse
      base[Column.upper &+ i] = upper * inverse
    }
    accepted.append(
      rowsBelowZero: base + Column.verdict, count: count, number: number,
      weight: event + EventColumn.chainWeight, lower: base + Column.lower,
      upper: base + Column.upper)
  }

  /// The rows whose three visible particles may fly forward with enough energy: what ``applyKinematicCuts(_:_:)`` asks of energies,
  /// times p⁺ so that nothing is divided by, and loose by far more than roundings.
  private func rowsOfEnoughEnergy(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) -> [UInt32] {
    let loose = 1 - 1e-12
    let (beamMass2, positiveMass2, negativeMass2) = (
      beamLeptonMass2, positiveMass2, negativeMass2
    )
    let beamCut = 2 * cuts.minimumBeamLeptonEnergy * loose
    let leptonCut = 2 * cuts.minimumLeptonEnergy * loose
    @inline(__always)
    func mayPass(_ plus: Double, _ x: Double, _ y: Double, _ mass2: Double, _ cut: Double) -> Bool {
      let plus2 = plus * plus
      let across2 = mass2 + x * x + y * y
      return plus2 + across2 >= cut * plus && plus2 >= loose * across2
    }
    for i in 0..<n {
      let beam = mayPass(
        event[EventColumn.scatteredPlus &+ i], event[EventColumn.scatteredX &+ i],
        event[EventColumn.scatteredY &+ i], beamMass2, beamCut)
      let positive = mayPass(
        event[EventColumn.leptonPlusPlus &+ i], event[EventColumn.leptonPlusX &+ i],
        event[EventColumn.leptonPlusY &+ i], positiveMass2, leptonCut)
      let negative = mayPass(
        event[EventColumn.leptonMinusPlus &+ i], event[EventColumn.leptonMinusX &+ i],
        event[EventColumn.leptonMinusY &+ i], negativeMass2, leptonCut)
      base[Column.verdict &+ i] = beam && positive && negative ? -1 : 1
    }
    return [UInt32](unsafeUninitializedCapacity: n) { buffer, count in
      guard let rows = buffer.baseAddress else { return }
      count = ColumnBatch.rowsBelowZero(base + Column.verdict, count: n, into: rows)
    }
  }

  /// Copies what ``measure(_:_:_:_:)`` reads, and the weights, of chosen rows.
  private static func gather(
    _ event: UnsafeMutablePointer<Double>, _ rows: [UInt32],
    into chosen: UnsafeMutablePointer<Double>
  ) {
    let columns = [
      EventColumn.scatteredPlus, EventColumn.scatteredX, EventColumn.scatteredY,
      EventColumn.chainWeight, EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y,
      EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY,
      EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY,
    ]
    rows.withUnsafeBufferPointer { rows in
      for column in columns {
        let (from, to) = (event + column, chosen + column)
        for k in 0..<rows.count { to[k] = from[Int(rows[k])] }
      }
    }
  }

  /// How close the events of a batch come to being accepted, times their weights: for shaping decays.
  ///
  /// 1 for a kinematically accepted event; below a cut it falls with the fourth power of the energy or the angle, so that a map is
  /// guided towards the accepted region before it has seen any of it. An empty decay interval counts a hundredth.
  public func score(
    _ events: borrowing ColumnBatch, scratch: borrowing ColumnBatch, count: Int,
    stream: RandomStream, into score: UnsafeMutablePointer<Double>
  ) {
    let base = scratch.base
    measure(events.base, base, count, stream)
    applyKinematicCuts(base, count)
    for i in 0..<count { base[Column.upper &+ i] = 1 }
    if let stack {
      requireBeamLepton(base, count, stack)
      narrow(
        base, count, stack, within: cuts.decayWindow.lowerBound, cuts.decayWindow.upperBound)
    } else {
      for i in 0..<count { base[Column.lower &+ i] = 0 }
    }
    let (beamCut, leptonCut) = (
      max(cuts.minimumBeamLeptonEnergy, 1e-9), max(cuts.minimumLeptonEnergy, 1e-9)
    )
    let angleCut = max(minimumTangent2, 1e-18)
    @inline(__always)
    func share(_ value: Double, of cut: Double) -> Double {
      let ratio = value / cut
      return ratio < 1 ? ratio : 1
    }
    for i in 0..<count {
      let beam = share(base[Column.beamEnergy &+ i], of: beamCut)
      let lepton = share(base[Column.softerEnergy &+ i], of: leptonCut)
      let angle = share(base[Column.opening &+ i], of: angleCut)
      let room = base[Column.lower &+ i] < base[Column.upper &+ i] ? 1 : 0.01
      let pair = (lepton * lepton) * angle
      score[i] =
        events.base[EventColumn.chainWeight &+ i] * (beam * beam) * (pair * pair) * room
    }
  }

  // MARK: Measured quantities

  func measure(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ count: Int,
    _ stream: RandomStream
  ) {
    measureBeamLepton(event, base, count)
    measurePair(event, base, count)
    measureParent(event, base, count)
    for i in 0..<count {
      base[Column.vertexX &+ i] = 0
      base[Column.vertexY &+ i] = 0
      base[Column.vertexZ &+ i] = 0
    }
    if hasBeamSpread { spreadBeam(base, count, stream) }
    if cuts.interactionVertex == .spread { spreadVertex(base, count, stream) }
  }

  private func measureBeamLepton(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    for i in 0..<n {
      let track = Track(
        LightFrontMomentum(
          plus: event[EventColumn.scatteredPlus &+ i], x: event[EventColumn.scatteredX &+ i],
          y: event[EventColumn.scatteredY &+ i]), mass2: beamLeptonMass2)
      base[Column.beamEnergy &+ i] = track.forwardEnergy
      base[Column.slopeX &+ i] = track.slopeX
      base[Column.slopeY &+ i] = track.slopeY
    }
  }

  private func measurePair(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    for i in 0..<n {
      let positive = Track(
        LightFrontMomentum(
          plus: event[EventColumn.leptonPlusPlus &+ i], x: event[EventColumn.leptonPlusX &+ i],
          y: event[EventColumn.leptonPlusY &+ i]), mass2: positiveMass2)
      let negative = Track(
        LightFrontMomentum(
          plus: event[EventColumn.leptonMinusPlus &+ i], x: event[EventColumn.leptonMinusX &+ i],
          y: event[EventColumn.leptonMinusY &+ i]), mass2: negativeMass2)
      let (e1, e2) = (positive.forwardEnergy, negative.forwardEnergy)
      base[Column.softerEnergy &+ i] = e1 < e2 ? e1 : e2
      base[Column.plusX &+ i] = positive.slopeX
      base[Column.plusY &+ i] = positive.slopeY
      base[Column.minusX &+ i] = negative.slopeX
      base[Column.minusY &+ i] = negative.slopeY
      // tan² of half the angle between (a, b, 1) and (c, d, 1), without a difference of large numbers.
      let dx = positive.slopeX - negative.slopeX
      let dy = positive.slopeY - negative.slopeY
      let cz = positive.slopeX * negative.slopeY - positive.slopeY * negative.slopeX
      let dot = 1 + positive.slopeX * negative.slopeX + positive.slopeY * negative.slopeY
      let cross2 = dx * dx + dy * dy + cz * cz
      let reach = (cross2 + dot * dot).squareRoot() + dot
      base[Column.opening &+ i] = cross2 / (reach * reach)
    }
  }

  private func measureParent(
    _ event: UnsafeMutablePointer<Double>, _ base: UnsafeMutablePointer<Double>, _ n: Int
  ) {
    let mass2 = chi2Mass * chi2Mass
    let inverseMass = 1 / chi2Mass
    for i in 0..<n {
      let chi2 = LightFrontMomentum(
        plus: event[EventColumn.chi2Plus &+ i], x: event[EventColumn.chi2X &+ i],
        y: event[EventColumn.chi2Y &+ i])
      let pz = 0.5 * (chi2.plus - chi2.minus(mass2: mass2))
      let inverse = 1 / pz
      base[Column.parentX &+ i] = chi2.x * inverse
      base[Column.parentY &+ i] = chi2.y * inverse
      base[Column.boost &+ i] = pz * inverseMass
    }
  }

  /// A beam with Gaussian position and direction: the whole event is moved and turned with the beam particle.
  private func spreadBeam(_ base: UnsafeMutablePointer<Double>, _ n: Int, _ stream: RandomStream) {
    for index in 0..<4 {
      let column = base + Column.uniform(index)
      if index % 2 == 0 {
        stream.fill(column, count: n, label: UInt32(index))
      } else {
        stream.fillQuickly(column, count: n, label: UInt32(index))
      }
    }
    for i in 0..<n {
      // Box–Muller; x and y share a radius, position and direction do not.
      let radius1 = (-2 * Elementary.log(base[Column.uniform(0) &+ i])).squareRoot()
      let (s1, c1) = Elementary.circlePoint(turns: base[Column.uniform(1) &+ i])
      let radius2 = (-2 * Elementary.log(base[Column.uniform(2) &+ i])).squareRoot()
      let (s2, c2) = Elementary.circlePoint(turns: base[Column.uniform(3) &+ i])
      base[Column.vertexX &+ i] = spot.x * radius1 * c1
      base[Column.vertexY &+ i] = spot.y * radius1 * s1
      // Turning by a small angle adds to a slope s the angle times (1 + s²), at most 10⁻³ of itself here.
      let tiltX = divergence.x * radius2 * c2
      let tiltY = divergence.y * radius2 * s2
      base[Column.slopeX &+ i] += tiltX
      base[Column.slopeY &+ i] += tiltY
      base[Column.plusX &+ i] += tiltX
      base[Column.plusY &+ i] += tiltY
      base[Column.minusX &+ i] += tiltX
      base[Column.minusY &+ i] += tiltY
      base[Column.parentX &+ i] += tiltX
      base[Column.parentY &+ i] += tiltY
    }
  }

  private func spreadVertex(_ base: UnsafeMutablePointer<Double>, _ n: Int, _ stream: RandomStream)
  {
    stream.fill(base + Column.uniform(4), count: n, label: 4)
    for i in 0..<n {
      base[Column.vertexZ &+ i] = apparatus.targetThickness * (base[Column.uniform(4) &+ i] - 0.5)
    }
  }

  // MARK: Cuts

  private func applyKinematicCuts(_ base: UnsafeMutablePointer<Double>, _ n: Int) {
    let (beamCut, leptonCut) = (cuts.minimumBeamLeptonEnergy, cuts.minimumLeptonEnergy)
    let angleCut = minimumTangent2
    for i in 0..<n {
      let passes =
        base[Column.beamEnergy &+ i] > beamCut && base[Column.softerEnergy &+ i] > leptonCut
        && base[Column.opening &+ i] > angleCut && base[Column.boost &+ i] > 0
      base[Column.passes &+ i] = passes ? 1 : 0
    }
  }

  /// tan² of half the least opening angle, below zero when there is no cut.
  var minimumTangent2: Double {
    guard cuts.minimumOpeningAngle > 0 else { return -1 }
    let (s, c) = Elementary.sinCos(turns: cuts.minimumOpeningAngle / (4 * .pi))
    return (s / c) * (s / c)
  }

  private func requireBeamLepton(
    _ base: UnsafeMutablePointer<Double>, _ n: Int, _ frame: PlaneFrame
  ) {
    for i in 0..<n {
      let hit = frame.isHit(
        fromX: base[Column.vertexX &+ i], base[Column.vertexY &+ i], base[Column.vertexZ &+ i],
        slopeX: base[Column.slopeX &+ i], slopeY: base[Column.slopeY &+ i])
      base[Column.passes &+ i] = hit ? base[Column.passes &+ i] : 0
    }
  }

  private func requireBeamLepton(
    _ base: UnsafeMutablePointer<Double>, _ n: Int, _ stack: PlaneStack
  ) {
    let (slopeX, slopeY) = (stack.halfSize.x / stack.last, stack.halfSize.y / stack.last)
    for i in 0..<n {
      let isInside =
        abs(base[Column.slopeX &+ i]) <= slopeX && abs(base[Column.slopeY &+ i]) <= slopeY
      base[Column.passes &+ i] = isInside ? base[Column.passes &+ i] : 0
    }
  }

  /// The interval in which both decay leptons hit all planes of a stack. A track's position on a plane is s z + (c - s) ζ, linear in
  /// z: the first and the last plane bind.
  private func narrow(
    _ base: UnsafeMutablePointer<Double>, _ n: Int, _ stack: PlaneStack, within lowest: Double,
    _ last: Double
  ) {
    let highest = min(last, stack.first)
    @inline(__always)
    func bounds(_ c: Double, _ s: Double, _ half: Double) -> (lower: Double, upper: Double) {
      let motion = c - s
      // A coordinate that does not move with ζ: a tiny slope sends both ends to ±huge with the right signs.
      let inverse = 1 / (motion == 0 ? 1e-200 : motion)
      let (first, last) = (-s * stack.first * inverse, -s * stack.last * inverse)
      let reach = abs(half * inverse)
      return ((first > last ? first : last) - reach, (first < last ? first : last) + reach)
    }
    for i in 0..<n {
      let (cx, cy) = (base[Column.parentX &+ i], base[Column.parentY &+ i])
      let a = bounds(cx, base[Column.plusX &+ i], stack.halfSize.x)
      let b = bounds(cy, base[Column.plusY &+ i], stack.halfSize.y)
      let c = bounds(cx, base[Column.minusX &+ i], stack.halfSize.x)
      let d = bounds(cy, base[Column.minusY &+ i], stack.halfSize.y)
      let lower1 = a.lower > b.lower ? a.lower : b.lower
      let lower2 = c.lower > d.lower ? c.lower : d.lower
      let upper1 = a.upper < b.upper ? a.upper : b.upper
      let upper2 = c.upper < d.upper ? c.upper : d.upper
      let lower = lower1 > lower2 ? lower1 : lower2
      let upper = upper1 < upper2 ? upper1 : upper2
      base[Column.lower &+ i] = lower > lowest ? lower : lowest
      base[Column.upper &+ i] = upper < highest ? upper : highest
    }
  }

  private func narrow(
    _ base: UnsafeMutablePointer<Double>, _ n: Int, _ frame: PlaneFrame, _ columnX: Int,
    _ columnY: Int
  ) {
    for i in 0..<n {
      let interval = frame.hitInterval(
        fromX: base[Column.vertexX &+ i], base[Column.vertexY &+ i], base[Column.vertexZ &+ i],
        parentSlopeX: base[Column.parentX &+ i], parentSlopeY: base[Column.parentY &+ i],
        slopeX: base[columnX &+ i], slopeY: base[columnY &+ i])
      let (lower, upper) = (base[Column.lower &+ i], base[Column.upper &+ i])
      base[Column.lower &+ i] = interval.lower > lower ? interval.lower : lower
      base[Column.upper &+ i] = interval.upper < upper ? interval.upper : upper
    }
  }
}

/// What a tracker sees of a particle: energy and slopes.
@frozen @usableFromInline
struct Track {
  /// The energy in GeV, or 0 for a particle that does not fly forward and so is never seen.
  @usableFromInline let forwardEnergy: Double
  @usableFromInline let slopeX: Double
  @usableFromInline let slopeY: Double

  @inline(__always)
  init(_ p: LightFrontMomentum, mass2: Double) {
    let minus = p.minus(mass2: mass2)
    let pz = 0.5 * (p.plus - minus)
    let inverse = 1 / pz
    forwardEnergy = pz > 0 ? 0.5 * (p.plus + minus) : 0
    slopeX = p.x * inverse
    slopeY = p.y * inverse
  }
}

import Calculus
import Decay
import Integration
import Kinematics
import Production
import Sampling

/// Finds the events of a batch that hit-or-miss keeps, without weighing most of the others.
///
/// Event i, of weight w, is kept when its own number u is below w/L, with L the largest weight foreseen. The first two axes
/// of production (the mass of X and t) are cut into cells, for each of which a pilot foresees a largest production weight
/// w_c; a decay multiplies it by f at most (``Decay/DecaySampler/weightBounds(largestMediatorMass:)``). An event with
/// u ≥ w_c f/L cannot be kept, and that is seen before it is made. An event that is made and found above its bound is an
/// overflow of the cell, which is then raised; the sample starts again.
///
/// What is not looked at still counts in the cross section, with the cells' mean weights μ as control variate,
///
///     σ = ⟨μ⟩ + ⟨(w - μ)/p⟩,   p = min(1, w_c f/L),
///
/// where the second mean runs over all events, those not looked at being 0: it is exact whatever μ and w_c are.
struct EventSieve: Sendable {
  private let generator: EventGenerator
  /// `decayBounds[channel][bin]`.
  private let decayBounds: [[Double]]
  /// The largest production weight foreseen and the mean in each cell; empty when every event is weighed.
  private var largest: [Double] = []
  private var mean: [Double] = []
  /// The mean of the cells' means.
  private(set) var controlMean = 0.0

  /// Cells on an axis.
  private static let side = 32
  private static let pilotTasks = 32
  private static let batchesPerTask = 16
  /// Room above the pilot's largest weight in a cell and the eight around it.
  private static let headroom = 1.25

  /// A sieve that weighs every event.
  init(_ generator: EventGenerator) {
    self.generator = generator
    let mass: Double? =
      switch generator.samplePlan.production.setup.mediator {
      case .narrow(let mass): mass
      case .spectral: nil
      }
    decayBounds = generator.channels.map { $0.decay.weightBounds(largestMediatorMass: mass) }
  }

  // MARK: Foresight

  /// Foresees the weights of the cells, from about a million production events on random numbers of their own.
  mutating func foresee(threads: Int) async throws {
    let generator = generator
    let parts = try await concurrentMap(count: Self.pilotTasks, threads: threads) { task in
      generator.workspaces.with { workspace in Self.pilot(generator, task, workspace) }
    }
    let cells = Self.side * Self.side
    var highest = [Double](repeating: 0, count: cells)
    var sum = highest
    var count = highest
    for part in parts {
      for c in 0..<cells {
        highest[c] = max(highest[c], part.largest[c])
        sum[c] += part.sum[c]
        count[c] += part.count[c]
      }
    }
    mean = (0..<cells).map { count[$0] > 0 ? sum[$0] / count[$0] : 0 }
    controlMean = mean.compensatedSum() / Double(cells)
    largest = (0..<cells).map { cell in
      Self.headroom * (Self.neighbours(of: cell).map { highest[$0] }.max() ?? 0)
    }
  }

  private struct Pilot: Sendable {
    var largest = [Double](repeating: 0, count: side * side)
    var sum = [Double](repeating: 0, count: side * side)
    var count = [Double](repeating: 0, count: side * side)
  }

  private static func pilot(_ generator: EventGenerator, _ task: Int, _ workspace: EventWorkspace)
    -> Pilot
  {
    var part = Pilot()
    let base = workspace.base
    for b in 0..<batchesPerTask {
      generator.samplePlan.production.pilot(
        workspace.scratch, purpose: .unweightingPilot, batch: task * batchesPerTask + b)
      findCells(
        base, first: ProductionSampler.scratchUniform(0),
        second: ProductionSampler.scratchUniform(1), count: BatchLayout.capacity)
      for i in 0..<BatchLayout.capacity {
        let cell = Int(base[EventWorkspace.cell + i])
        let weight = base[ProductionSampler.scratchWeight + i]
        part.largest[cell] = max(part.largest[cell], weight)
        part.sum[cell] += weight
        part.count[cell] += 1
      }
    }
    return part
  }

  private static func neighbours(of cell: Int) -> [Int] {
    let (row, column) = (cell / side, cell % side)
    return (max(row - 1, 0)...min(row + 1, side - 1)).flatMap { r in
      (max(column - 1, 0)...min(column + 1, side - 1)).map { r * side + $0 }
    }
  }

  /// Raises a cell, and those around it, to a weight that lay `excess` times above its bound.
  mutating func raise(_ overflows: [Overflow]) {
    for overflow in overflows {
      let bound = Self.headroom * overflow.excess * largest[overflow.cell]
      for cell in Self.neighbours(of: overflow.cell) { largest[cell] = max(largest[cell], bound) }
    }
  }

  /// An event above the bound of its cell.
  struct Overflow: Sendable {
    let cell: Int
    let excess: Double
  }

  // MARK: Sieving

  /// What is left of a batch.
  struct Survivors: Sendable {
    /// The rows that are kept, ascending, and w/u of each: a larger L keeps those whose w/u lies above it.
    var rows: [UInt32] = []
    var ratios: [Double] = []
    /// The largest weight.
    var largest = 0.0
    /// The sum of (w - μ)/p and of its square.
    var sum = 0.0
    var square = 0.0
    var overflows: [Overflow] = []
  }

  /// The events of a batch that are kept at L = `scale`, in pb at ε = 1.
  func survivors(ofBatch index: Int, scale: Double, _ workspace: EventWorkspace) -> Survivors {
    let base = workspace.base
    let production = generator.samplePlan.production
    workspace.rows.set(batch: index, count: BatchLayout.capacity)
    RandomStream(
      seed: generator.samplePlan.seed, purpose: .unweighting, point: 0, batch: index
    ).fillSequence(base + EventWorkspace.decision, count: BatchLayout.capacity)
    boundDecays(workspace, batch: index)
    share(workspace, batch: index, scale: scale)

    let looked = Self.choose(base, workspace.rows.row, count: BatchLayout.capacity)
    Self.gather(base, workspace.rows.row, count: looked)
    workspace.rows.set(count: looked)
    weigh(workspace)
    var result = Survivors()
    addControl(base, looked, to: &result)

    let possible = Self.choosePossible(base, workspace.kept, count: looked, scale: scale)
    Self.gather(base, workspace.kept, count: possible)
    let row = workspace.rows.row
    for k in 0..<possible { row[k] = row[Int(workspace.kept[k])] }
    workspace.rows.set(count: possible)
    production.keep(workspace.kept, count: possible, scratch: base)
    production.complete(workspace.chain.base, scratch: base, at: workspace.rows)
    generator.weighDecays(workspace)
    collect(workspace, scale: scale, into: &result)
    return result
  }

  /// Production weights; the numbers of the first two axes are there where cells were found from them.
  private func weigh(_ workspace: EventWorkspace) {
    let production = generator.samplePlan.production
    guard !largest.isEmpty else { return production.weigh(workspace.base, at: workspace.rows) }
    let (base, rows) = (workspace.base, workspace.rows.row)
    for (axis, offset) in [EventWorkspace.first, EventWorkspace.second].enumerated() {
      let (uniform, column) = (base + offset, base + ProductionSampler.scratchAxis(axis))
      for k in 0..<workspace.rows.count { column[k] = uniform[Int(rows[k])] }
    }
    production.weigh(base, at: workspace.rows, knownAxes: 2)
  }

  /// The bins of a column of uniform numbers, as an importance map has them.
  @inline(__always)
  private static func bin(_ uniform: Double, of count: Int) -> Int {
    ImportanceMap.floor(uniform * Double(count)) & (count &- 1)
  }

  private static func findCells(
    _ base: UnsafeMutablePointer<Double>, first: Int, second: Int, count: Int
  ) {
    let (a, b) = (base + first, base + second)
    let cell = base + EventWorkspace.cell
    for i in 0..<count {
      cell[i] = Double(bin(a[i], of: side) &* side &+ bin(b[i], of: side))
    }
  }

  /// Bounds of what the decays multiply weights by.
  private func boundDecays(_ workspace: EventWorkspace, batch: Int) {
    let base = workspace.base
    let n = BatchLayout.capacity
    let bound = base + EventWorkspace.decayBound
    if generator.channels.count > 1 { generator.choose(workspace) }
    for (c, channel) in generator.channels.enumerated() {
      let uniform = base + EventWorkspace.first
      generator.decayStream(channel, batch: batch).fillQuickly(
        uniform, count: n, label: DecaySampler.pairMassLabel)
      decayBounds[c].withUnsafeBufferPointer { table in
        guard let table = table.baseAddress else { return }
        let bins = DecaySampler.weightBoundCount
        if c == 0 {
          for i in 0..<n { bound[i] = table[Self.bin(uniform[i], of: bins)] }
        } else {
          Self.select(
            bound, table, uniform, choice: base + EventWorkspace.choice, from: channel.from, n)
        }
      }
    }
  }

  private static func select(
    _ bound: UnsafeMutablePointer<Double>, _ table: UnsafePointer<Double>,
    _ uniform: UnsafePointer<Double>, choice: UnsafePointer<Double>, from: Double, _ n: Int
  ) {
    for i in 0..<n {
      let value = table[bin(uniform[i], of: DecaySampler.weightBoundCount)]
      bound[i] = choice[i] >= from ? value : bound[i]
    }
  }

  /// The probability that an event is looked at.
  private func share(_ workspace: EventWorkspace, batch: Int, scale: Double) {
    let base = workspace.base
    let n = BatchLayout.capacity
    let share = base + EventWorkspace.share
    guard !largest.isEmpty else {
      for i in 0..<n { share[i] = 1 }
      return
    }
    let stream = generator.samplePlan.production.stream(batch: batch)
    stream.fill(base + EventWorkspace.first, count: n, label: 0)
    stream.fill(base + EventWorkspace.second, count: n, label: 1)
    Self.findCells(
      base, first: EventWorkspace.first, second: EventWorkspace.second, count: n)
    let inverse = 1 / scale
    largest.withUnsafeBufferPointer { largest in
      guard let largest = largest.baseAddress else { return }
      for i in 0..<n {
        let cell = Int(truncatingIfNeeded: (base[EventWorkspace.cell &+ i] + 0x1p52).bitPattern)
        share[i] =
          largest[cell & 1023] * base[EventWorkspace.decayBound &+ i] * inverse
      }
    }
  }

  /// 1 for a number below zero, else 0: from the sign, since a comparison would become a branch that is often guessed wrong.
  @inline(__always)
  private static func isNegative(_ number: Double) -> Int {
    Int(truncatingIfNeeded: number.bitPattern >> 63)
  }

  /// The rows whose number lies below the share: compaction without a branch.
  private static func choose(
    _ base: UnsafeMutablePointer<Double>, _ rows: UnsafeMutablePointer<UInt32>, count: Int
  ) -> Int {
    let decision = base + EventWorkspace.decision
    let share = base + EventWorkspace.share
    var k = 0
    for i in 0..<count {
      rows[k] = UInt32(truncatingIfNeeded: i)
      k &+= isNegative(decision[i] - share[i])
    }
    return k
  }

  /// The rows that may be kept once their production weight is known.
  private static func choosePossible(
    _ base: UnsafeMutablePointer<Double>, _ rows: UnsafeMutablePointer<UInt32>, count: Int,
    scale: Double
  ) -> Int {
    let weight = base + ProductionSampler.scratchWeight
    let bound = base + EventWorkspace.decayBound
    let decision = base + EventWorkspace.decision
    var k = 0
    for i in 0..<count {
      rows[k] = UInt32(truncatingIfNeeded: i)
      k &+= isNegative(decision[i] * scale - weight[i] * bound[i])
    }
    return k
  }

  /// Moves chosen rows of the sieve's columns to the front.
  private static func gather(
    _ base: UnsafeMutablePointer<Double>, _ rows: UnsafePointer<UInt32>, count: Int
  ) {
    for offset in [
      EventWorkspace.decision, EventWorkspace.share, EventWorkspace.decayBound,
      EventWorkspace.cell,
    ] {
      let column = base + offset
      for k in 0..<count { column[k] = column[Int(rows[k])] }
    }
  }

  private func addControl(
    _ base: UnsafeMutablePointer<Double>, _ n: Int, to result: inout Survivors
  ) {
    let weight = base + ProductionSampler.scratchWeight
    let share = base + EventWorkspace.share
    let term = base + EventWorkspace.first
    if largest.isEmpty {
      for i in 0..<n { term[i] = weight[i] }
    } else {
      for i in 0..<n {
        let p = share[i] < 1 ? share[i] : 1
        term[i] = (weight[i] - mean[Int(base[EventWorkspace.cell + i])]) / p
      }
    }
    for i in 0..<n {
      result.sum += term[i]
      result.square += term[i] * term[i]
    }
  }

  private func collect(
    _ workspace: EventWorkspace, scale: Double, into result: inout Survivors
  ) {
    let base = workspace.base
    let n = workspace.rows.count
    result.rows.reserveCapacity(n)
    result.ratios.reserveCapacity(n)
    for k in 0..<n {
      let weight = workspace.chain.base[EventColumn.chainWeight + k]
      let share = base[EventWorkspace.share + k]
      result.largest = max(result.largest, weight)
      if share < 1, weight > share * scale {
        result.overflows.append(
          Overflow(
            cell: Int(base[EventWorkspace.cell + k]), excess: weight / (share * scale)))
      }
      let ratio = weight / base[EventWorkspace.decision + k]
      if ratio > scale {
        result.rows.append(workspace.rows.row[k])
        result.ratios.append(ratio)
      }
    }
  }
}

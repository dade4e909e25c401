import Calculus
import Decay
import Integration
import Kinematics
import Production
import Sampling

/// Makes events without weights, batch by batch; batch b is the same however it is asked for.
///
/// The first two axes of production (the mass of X and t) are cut into cells, for each of which a survey on random numbers of
/// its own foresees a largest weight w_c. A batch is 2048 production events: a cell is drawn in proportion to w_c, a point
/// in it uniformly, and an event of weight w is kept with probability w/w_c. Decays are drawn for what is kept, each until one
/// is kept (``Decay/UnweightedDecaySampler``).
///
/// An event of w > w_c is kept w/w_c times on average, a whole number of times with other decays each: no weight stands out,
/// and none is clipped but where a sample ends, since the repeated events of a batch come last in it.
struct UnweightedEvents: Sendable {
  /// σ in pb at ε = 1, from the survey.
  let crossSection: Estimate
  private let generator: EventGenerator
  private let cells: RejectionTable
  private let decays: [UnweightedDecaySampler]

  /// Cells on an axis.
  private static let side = 64
  /// The usual room above the survey's largest weight in a cell and the eight around it.
  private static let headroom = 1.1
  private static let batchesPerTask = 16
  private static let fewestTasks = 16

  /// Surveys production.
  ///
  /// - Parameters:
  ///   - wanted: the size of the sample; a survey of a quarter of it, and of half a million points at least, leaves σ with an error
  ///     below that of counts of these events.
  ///   - headroom: room above the survey's largest weights, if not the usual.
  /// - Throws: ``EventSampleError/noPositiveWeight(generated:)``.
  init(
    _ generator: EventGenerator, wanted: Int, headroom: Double?, threads: Int
  ) async throws {
    self.generator = generator
    decays = generator.channels.map { UnweightedDecaySampler($0.decay) }
    let pointsPerTask = Self.batchesPerTask * BatchLayout.capacity
    let tasks = max(Self.fewestTasks, wanted / (4 * pointsPerTask))
    var survey = Survey()
    // In rounds, for the memory of their results.
    for start in stride(from: 0, to: tasks, by: Self.fewestTasks) {
      let parts = try await concurrentMap(
        count: min(Self.fewestTasks, tasks - start), threads: threads
      ) { task in generator.workspaces.with { Self.survey(generator, start + task, $0) } }
      for part in parts { survey.add(part) }
    }
    crossSection = survey.mean
    guard crossSection.value > 0, crossSection.value.isFinite else {
      throw EventSampleError.noPositiveWeight(generated: tasks * pointsPerTask)
    }
    cells = RejectionTable(
      bounds: survey.largest.indices.map { cell in
        (headroom ?? Self.headroom)
          * (Self.neighbours(of: cell).map { survey.largest[$0] }.max() ?? 0)
      })
  }

  // MARK: Survey

  /// What production points say of the cells.
  private struct Survey: Sendable {
    var largest = [Double](repeating: 0, count: side * side)
    var sum = [Double](repeating: 0, count: side * side)
    var square = [Double](repeating: 0, count: side * side)
    var count = [Double](repeating: 0, count: side * side)

    mutating func add(_ other: Survey) {
      for cell in largest.indices {
        largest[cell] = max(largest[cell], other.largest[cell])
        sum[cell] += other.sum[cell]
        square[cell] += other.square[cell]
        count[cell] += other.count[cell]
      }
    }

    /// The mean weight, stratified by cells: with the variance within cells only.
    var mean: Estimate {
      var (mean, variance) = (CompensatedSum(), CompensatedSum())
      for cell in largest.indices where count[cell] > 0 {
        let cellMean = sum[cell] / count[cell]
        mean.add(cellMean)
        variance.add(max(square[cell] / count[cell] - cellMean * cellMean, 0) / count[cell])
      }
      let cells = Double(largest.count)
      return Estimate(value: mean.value / cells, error: variance.value.squareRoot() / cells)
    }
  }

  private static func survey(
    _ generator: EventGenerator, _ task: Int, _ workspace: EventWorkspace
  ) -> Survey {
    var part = Survey()
    let base = workspace.base
    let first = base + ProductionSampler.scratchUniform(0)
    let second = base + ProductionSampler.scratchUniform(1)
    let weight = base + ProductionSampler.scratchWeight
    for b in 0..<batchesPerTask {
      generator.samplePlan.production.pilot(
        workspace.scratch, purpose: .unweightingPilot, batch: task * batchesPerTask + b)
      for i in 0..<BatchLayout.capacity {
        let cell = bin(first[i]) &* side &+ bin(second[i])
        part.largest[cell] = max(part.largest[cell], weight[i])
        part.sum[cell] += weight[i]
        part.square[cell] += weight[i] * weight[i]
        part.count[cell] += 1
      }
    }
    return part
  }

  @inline(__always)
  private static func bin(_ uniform: Double) -> Int {
    ImportanceMap.floor(uniform * Double(side)) & (side &- 1)
  }

  private static func neighbours(of cell: Int) -> [Int] {
    let (row, column) = (cell / side, cell % side)
    return (max(row - 1, 0)...min(row + 1, side - 1)).flatMap { r in
      (max(column - 1, 0)...min(column + 1, side - 1)).map { r * side + $0 }
    }
  }

  // MARK: Events

  /// Batch `index`, all events of the same weight in pb: a block of what is kept, and behind it what is kept once more.
  func batch(_ index: Int, weight: Double) -> [EventBlock] {
    generator.workspaces.with { workspace in
      workspace.rows.set(batch: index, count: BatchLayout.capacity)
      weigh(workspace)
      let count = choose(workspace, batch: index)
      let again = repeated(workspace, count)
      generator.samplePlan.production.keep(
        workspace.kept, count: count, scratch: workspace.base)
      workspace.rows.set(batch: index, count: count)
      var blocks = [block(workspace, weight)]
      for start in stride(from: 0, to: again.count, by: BatchLayout.capacity) {
        let part = again[start..<min(start + BatchLayout.capacity, again.count)]
        workspace.rows.set(batch: index, rows: part)
        weigh(workspace)
        // Azimuth and decays are those of rows that no other event has.
        let own = part.indices.map { UInt32(BatchLayout.capacity + $0) }
        workspace.rows.set(batch: index, rows: own[...])
        blocks.append(block(workspace, weight))
      }
      return blocks
    }
  }

  /// Production weights of the workspace's rows, drawn by cells.
  private func weigh(_ workspace: EventWorkspace) {
    let production = generator.samplePlan.production
    let (base, count) = (workspace.base, workspace.rows.count)
    let first = base + ProductionSampler.scratchAxis(0)
    let second = base + ProductionSampler.scratchAxis(1)
    let stream = production.stream(batch: 0)
    // 52 bits: the cell takes some of them.
    stream.fill(first, at: workspace.rows, label: 0)
    stream.fill(second, at: workspace.rows, label: 1)
    cells.draw(
      first, cell: base + EventWorkspace.cell, inverseBound: base + EventWorkspace.inverseBound,
      count: count)
    let side = Double(Self.side)
    for i in 0..<count {
      let cell = base[EventWorkspace.cell &+ i]
      let row = Double(Self.row(ofCell: cell))
      first[i] = (row + first[i]) * (1 / side)
      second[i] = (cell - row * side + second[i]) * (1 / side)
    }
    production.weigh(base, at: workspace.rows, knownAxes: 2)
  }

  @inline(__always)
  private static func row(ofCell cell: Double) -> Int {
    // Half a cell away from any edge.
    ImportanceMap.floor((cell + 0.5) * (1 / Double(side))) & (side &- 1)
  }

  /// The rows of u < w/w_c, in ascending order. The column of inverse bounds becomes one of w/w_c.
  private func choose(_ workspace: EventWorkspace, batch: Int) -> Int {
    let (base, rows) = (workspace.base, workspace.kept)
    generator.stream(.unweighting, batch: batch).fillQuickly(
      base + EventWorkspace.decision, count: BatchLayout.capacity, label: 0)
    for i in 0..<BatchLayout.capacity {
      let ratio =
        base[ProductionSampler.scratchWeight &+ i] * base[EventWorkspace.inverseBound &+ i]
      base[EventWorkspace.inverseBound &+ i] = ratio
      base[EventWorkspace.verdict &+ i] = base[EventWorkspace.decision &+ i] < ratio ? -1 : 1
    }
    return ColumnBatch.rowsBelowZero(
      base + EventWorkspace.verdict, count: BatchLayout.capacity, into: rows)
  }

  /// The kept rows above their bound, each as often as it is to be kept once more.
  private func repeated(_ workspace: EventWorkspace, _ count: Int) -> [UInt32] {
    let base = workspace.base
    var again: [UInt32] = []
    for k in 0..<count {
      let row = Int(workspace.kept[k])
      let ratio = base[EventWorkspace.inverseBound + row]
      guard ratio > 1 else { continue }
      let times = Int(ratio + (1 - base[EventWorkspace.decision + row]))
      again += repeatElement(workspace.kept[k], count: times - 1)
    }
    return again
  }

  /// The events of what the production scratch columns hold.
  private func block(_ workspace: EventWorkspace, _ weight: Double) -> EventBlock {
    let block = generator.completed(workspace, scale: 1) { channel, chain, stream in
      decays[channel].fill(
        chain, trial: workspace.chain.base, scratch: workspace.base, at: workspace.rows,
        stream: stream)
    }
    block.setWeight(weight)
    return block
  }
}

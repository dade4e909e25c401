import DarkSector
import Decay
import Kinematics
import ParticleData
import Production
import Sampling

/// Makes whole events of one model point, batch by batch; batch b is the same however it is asked for.
///
/// The flavour of the pair is drawn by branching ratio among the open leptonic channels, and the decay position from the
/// exponential law of the card's lifetime. Weights are in pb at the card's ε, without branching ratios: over a sample of N
/// generated events their sum is N σ, and the A′ and χ₂ branching ratios stand beside the sample.
public struct EventGenerator: Sendable {
  let samplePlan: SamplePlan
  let beam: Beam
  let targetMass: Double
  let epsilonSquared: Double
  let properDecayLength: Double
  /// The thickness that interactions are spread through, in mm; 0 where all take place at the target's centre.
  let interactionDepth: Double
  let channels: [Channel]
  let workspaces = WorkspacePool()
  private let memory = BlockMemory()
  /// The model point.
  public let point: ModelPoint
  /// The share of χ₂ decays into e⁺e⁻ and μ⁺μ⁻.
  public let leptonicBranchingRatio: Double

  /// An open channel, and the numbers in (0, 1) that choose it.
  struct Channel: Sendable {
    let decay: DecaySampler
    let digest: UInt64
    let from: Double
    let upTo: Double
  }

  /// A generator for the card's model point.
  ///
  /// - Throws: as ``Plan/expectedEvents(threads:)``.
  public init(_ plan: Plan) throws {
    point = try plan.modelPoint()
    samplePlan = try plan.samplePlan([point], alphaD: plan.model.alphaD)
    beam = plan.beam
    targetMass = plan.target.nuclearMass
    epsilonSquared = try plan.physicalEpsilonSquared(point)
    let entry = samplePlan.points[0]
    guard
      let length = entry.widths.properDecayLength(
        epsilonSquared: epsilonSquared, alphaD: plan.model.alphaD)
    else { throw plan.closedDecay(point) }
    properDecayLength = length
    interactionDepth =
      plan.selection.interactionVertex == .spread ? plan.apparatus.targetThickness : 0
    let leptonic = entry.channels.reduce(0) { $0 + $1.branchingRatio }
    leptonicBranchingRatio = leptonic
    var chosenUpTo = 0.0
    channels = entry.channels.enumerated().map { c, channel in
      let from = chosenUpTo
      chosenUpTo =
        c == entry.channels.count - 1 ? 1 : from + channel.branchingRatio / leptonic
      return Channel(
        decay: channel.decay, digest: channel.digest, from: from, upTo: chosenUpTo)
    }
  }

  /// The events of batch `index`, weights not divided by any number of events.
  public func batch(_ index: Int) -> EventBlock {
    workspaces.with { workspace in
      workspace.rows.set(batch: index, count: BatchLayout.capacity)
      return block(workspace, scale: 1)
    }
  }

  /// The events whose addresses the workspace holds, weights times `scale`.
  func block(_ workspace: EventWorkspace, scale: Double) -> EventBlock {
    samplePlan.production.weigh(workspace.base, at: workspace.rows)
    return completed(workspace, scale: scale) { channel, chain, stream in
      channels[channel].decay.fill(
        chain, scratch: workspace.base, at: workspace.rows, stream: stream)
    }
  }

  /// The weights of the rows of the workspace, in pb at ε = 1, in its chain's column ``EventColumn/chainWeight``.
  func weigh(_ workspace: EventWorkspace) {
    let (base, chain) = (workspace.base, workspace.chain.base)
    samplePlan.production.weigh(base, at: workspace.rows)
    samplePlan.production.complete(chain, scratch: base, at: workspace.rows)
    decay(chain, workspace) { channel, chain, stream in
      channels[channel].decay.weigh(chain, scratch: base, at: workspace.rows, stream: stream)
    }
  }

  /// The events of what the production scratch columns hold, with decays that `run` makes channel by channel.
  func completed(
    _ workspace: EventWorkspace, scale: Double,
    _ run: (Int, UnsafeMutablePointer<Double>, RandomStream) -> Void
  ) -> EventBlock {
    let storage = EventBlock.Storage(memory)
    samplePlan.production.complete(storage.chain, scratch: workspace.base, at: workspace.rows)
    decay(storage.chain, workspace, run)
    stream(.decayPosition).fill(
      workspace.base + EventWorkspace.lifetime, at: workspace.rows, label: 0)
    drawInteractions(storage.base, workspace.rows)
    let columns = ChainColumns(
      generator: self, base: storage.base, count: workspace.rows.count)
    columns.fill(scale: scale, workspace: workspace)
    return EventBlock(storage, count: workspace.rows.count)
  }

  /// The uniform numbers of ``ChainColumns/placeInteractions()``, where something is spread.
  private func drawInteractions(
    _ base: UnsafeMutablePointer<Double>, _ rows: borrowing RowAddresses
  ) {
    let stream = stream(.beam)
    if beam.spot != .zero {
      stream.fill(base + ColumnBatch.column(38), at: rows, label: 0)
      stream.fill(base + ColumnBatch.column(39), at: rows, label: 1)
    }
    if interactionDepth > 0 { stream.fill(base + ColumnBatch.column(40), at: rows, label: 4) }
  }

  /// Decays by every channel, and keeps for each event the one that its number chooses.
  private func decay(
    _ chain: UnsafeMutablePointer<Double>, _ workspace: EventWorkspace,
    _ run: (Int, UnsafeMutablePointer<Double>, RandomStream) -> Void
  ) {
    if channels.count > 1 { choose(workspace) }
    for (c, channel) in channels.enumerated() {
      run(c, chain, decayStream(channel))
      if channels.count > 1 { keep(channel, chain, workspace) }
    }
    if channels.count > 1 { restore(chain, workspace) }
  }

  /// The numbers that choose the channel.
  private func choose(_ workspace: EventWorkspace) {
    stream(.channelChoice).fill(
      workspace.base + EventWorkspace.choice, at: workspace.rows, label: 0)
  }

  private static let firstDecayColumn = EventColumn.chainWeight / BatchLayout.stride

  private func keep(
    _ channel: Channel, _ chain: UnsafeMutablePointer<Double>, _ workspace: EventWorkspace
  ) {
    let choice = workspace.base + EventWorkspace.choice
    for c in 0..<EventWorkspace.savedCount {
      let saved = workspace.base + EventWorkspace.saved(c)
      let column = chain + ColumnBatch.column(Self.firstDecayColumn + c)
      for i in 0..<workspace.rows.count {
        saved[i] = choice[i] >= channel.from && choice[i] < channel.upTo ? column[i] : saved[i]
      }
    }
  }

  private func restore(_ chain: UnsafeMutablePointer<Double>, _ workspace: EventWorkspace) {
    for c in 0..<EventWorkspace.savedCount {
      (chain + ColumnBatch.column(Self.firstDecayColumn + c)).update(
        from: workspace.base + EventWorkspace.saved(c), count: workspace.rows.count)
    }
  }

  /// A stream of this sample, for rows of any batch.
  func stream(_ purpose: StreamPurpose, batch: Int = 0) -> RandomStream {
    RandomStream(
      seed: samplePlan.seed, purpose: purpose, point: samplePlan.production.digest, batch: batch)
  }

  /// The stream of a channel's decays.
  private func decayStream(_ channel: Channel) -> RandomStream {
    RandomStream(
      seed: samplePlan.seed, purpose: .decay, point: channel.digest, batch: 0)
  }
}

import Calculus
import DarkSector
import Decay
import Integration
import Kinematics
import ParticleData
import Production
import Sampling
import Units

/// One event of the whole chain in the lab, beam along +z, target at rest.
public struct ChainEvent: Sendable, Hashable {
  /// The weight in pb. See ``EventGenerator``.
  public var weight: Double
  /// The momentum transfer t to the nucleus in GeV².
  public var momentumTransfer: Double
  /// The flavour of the pair.
  public var flavour: LeptonFlavour
  /// The scattered beam lepton.
  public var scattered: FourMomentum
  /// The A′.
  public var mediator: FourMomentum
  /// The recoiling nucleus.
  public var recoil: FourMomentum
  /// χ₁ from the A′.
  public var chi1: FourMomentum
  /// χ₂.
  public var chi2: FourMomentum
  /// χ₁ from χ₂.
  public var chi1Soft: FourMomentum
  /// ℓ⁺.
  public var leptonPlus: FourMomentum
  /// ℓ⁻.
  public var leptonMinus: FourMomentum
  /// Where χ₂ decays, along the beam from the interaction point, in mm.
  public var decayZ: Double

  /// The particles under the names of the event columns, in their order.
  public var particles: [(name: String, momentum: FourMomentum)] {
    [
      ("scattered", scattered), ("mediator", mediator), ("recoil", recoil), ("chi1", chi1),
      ("chi2", chi2), ("chi1_soft", chi1Soft), ("lepton_plus", leptonPlus),
      ("lepton_minus", leptonMinus),
    ]
  }
}

/// Makes whole events of one model point, batch by batch; batch b is the same however it is asked for.
///
/// The flavour of the pair is drawn by branching ratio among the open leptonic channels, and the decay position from the
/// exponential law of the card's lifetime. Weights are in pb at the card's ε, without branching ratios: over a sample of N
/// generated events their sum is N σ, and the A′ and χ₂ branching ratios stand beside the sample.
public struct EventGenerator: Sendable {
  private let samplePlan: SamplePlan
  private let beam: Beam
  private let targetMass: Double
  private let epsilonSquared: Double
  private let properDecayLength: Double
  /// The model point.
  public let point: ModelPoint
  /// The share of χ₂ decays into e⁺e⁻ and μ⁺μ⁻.
  public let leptonicBranchingRatio: Double

  /// A generator for the card's model point.
  ///
  /// - Throws: as ``Plan/expectedEvents(threads:)``.
  public init(_ plan: Plan) throws {
    point = try plan.modelPoint()
    samplePlan = try plan.samplePlan([point], alphaD: plan.model.alphaD)
    beam = plan.beam
    targetMass = plan.target.nuclearMass
    epsilonSquared = try plan.physicalEpsilonSquared(point)
    guard
      let length = samplePlan.points[0].widths.properDecayLength(
        epsilonSquared: epsilonSquared, alphaD: plan.model.alphaD)
    else { throw plan.closedDecay(point) }
    properDecayLength = length
    leptonicBranchingRatio = samplePlan.points[0].channels.reduce(0) { $0 + $1.branchingRatio }
  }

  /// The events of batch `index`, weights not divided by any number of events.
  public func batch(_ index: Int) -> [ChainEvent] {
    let capacity = BatchLayout.capacity
    let block = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(
      columns: max(ProductionSampler.scratchColumnCount, DecaySampler.scratchColumnCount))
    // A power of two as the nominal sample size: dividing by it and multiplying back leaves every bit.
    let nominal = 1 << 50
    let n = samplePlan.production.fill(block, scratch: scratch, batch: index, of: nominal)
    precondition(n == capacity, "a batch of a nominal sample is full")
    let digest = samplePlan.production.digest
    func numbers(_ purpose: StreamPurpose) -> [Double] {
      let stream = RandomStream(
        seed: samplePlan.seed, purpose: purpose, point: digest, batch: index)
      return [Double](unsafeUninitializedCapacity: capacity) { buffer, count in
        guard let base = buffer.baseAddress else { return }
        stream.fill(base, count: capacity, label: 0)
        count = capacity
      }
    }
    let choices = numbers(.channelChoice)
    let lifetimes = numbers(.decayPosition)
    let channels = samplePlan.points[0].channels
    var events = [ChainEvent?](repeating: nil, count: capacity)
    var chosenUpTo = 0.0
    for (c, channel) in channels.enumerated() {
      channel.decay.fill(
        block, scratch: scratch, count: n,
        stream: RandomStream(
          seed: samplePlan.seed, purpose: .decay, point: channel.digest, batch: index))
      let from = chosenUpTo
      chosenUpTo =
        c == channels.count - 1 ? 1 : from + channel.branchingRatio / leptonicBranchingRatio
      for i in 0..<n where choices[i] >= from && choices[i] < chosenUpTo {
        events[i] = event(
          block, i, channel.decay.flavour, scale: epsilonSquared * Double(nominal),
          lifetime: lifetimes[i])
      }
    }
    return events.compactMap { $0 }
  }

  private func event(
    _ block: borrowing ColumnBatch, _ i: Int, _ flavour: LeptonFlavour, scale: Double,
    lifetime: Double
  ) -> ChainEvent {
    let base = block.base
    func momentum(_ plus: Int, _ x: Int, _ y: Int) -> LightFrontMomentum {
      LightFrontMomentum(plus: base[plus + i], x: base[x + i], y: base[y + i])
    }
    let mediator = momentum(
      EventColumn.mediatorPlus, EventColumn.mediatorX, EventColumn.mediatorY)
    let chi2 = momentum(EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y)
    let positive = momentum(
      EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY)
    let negative = momentum(
      EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY)
    let scattered = momentum(
      EventColumn.scatteredPlus, EventColumn.scatteredX, EventColumn.scatteredY)
    let t = base[EventColumn.momentumTransfer + i]
    let parent = chi2.fourMomentum(mass: point.chi2Mass)
    // Along the beam: z = (p_z/m₂) cτ times an exponential number.
    let flight = -Elementary.log(lifetime) * properDecayLength
    return ChainEvent(
      weight: base[EventColumn.chainWeight + i] * scale, momentumTransfer: t, flavour: flavour,
      scattered: scattered.fourMomentum(mass: beam.particle.mass),
      mediator: mediator.fourMomentum(mass: base[EventColumn.mediatorMass + i]),
      recoil: FourMomentum(
        energy: targetMass + t / (2 * targetMass), x: base[EventColumn.recoilX + i],
        y: base[EventColumn.recoilY + i], z: base[EventColumn.recoilZ + i]),
      chi1: mediator.subtracting(chi2).fourMomentum(mass: point.chi1Mass), chi2: parent,
      chi1Soft: chi2.subtracting(positive).subtracting(negative)
        .fourMomentum(mass: point.chi1Mass),
      leptonPlus: positive.fourMomentum(mass: flavour.mass),
      leptonMinus: negative.fourMomentum(mass: flavour.mass),
      decayZ: parent.z / point.chi2Mass * flight)
  }
}

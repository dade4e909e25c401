import Calculus
import Foundation
import Integration
import Kinematics
import ParticleData
@_spi(Kernels) import Production
import Sampling
import Units
import Yardstick

/// A filled batch of production points of the built-in card, in Swift and in C.
final class ProductionPoint: @unchecked Sendable {
  let sampler: ProductionSampler
  private let stream: RandomStream
  private let yardstick: Yardstick.yardstick
  private let block = ColumnBatch(columns: ProductionKernel.Column.count)

  /// Points in a batch.
  static let size = BatchLayout.capacity

  init(_ setup: ProductionSetup, seed: UInt64) {
    sampler = ProductionSampler(setup, seed: seed)
    stream = RandomStream(seed: seed, purpose: .test, point: sampler.digest, batch: 0)
    yardstick = Self.yardstick(setup)
    sample()
  }

  /// What the C code needs to know of a set-up with a narrow A′ and the elastic form factor.
  private static func yardstick(_ setup: ProductionSetup) -> Yardstick.yardstick {
    guard case .narrow(let mass) = setup.mediator, setup.formFactor == .tsai,
      setup.inelastic == .off, setup.target.atomicNumber == 4
    else { preconditionFailure("the C code knows the form factor of beryllium only") }
    let Z = Double(setup.target.atomicNumber)
    // NuclearFormFactor.screeningConstants.
    let radius = 106.0 / cbrt(Z) / Mass.electron
    let massRoot = cbrt(setup.target.massNumber)
    return Yardstick.yardstick(
      beam_energy: setup.beamEnergy, beam_momentum: setup.beamMomentum,
      lepton_mass: setup.beam.mass, nuclear_mass: setup.target.nuclearMass, s: setup.s,
      mediator_mass: mass, fine_structure: PhysicalConstant.fineStructure,
      hbar_c_squared_pb: .hbarCSquared_GeV2pb, charge_squared: Z * Z,
      screening2: radius * radius, inverse_size: massRoot * massRoot / 0.164)
  }

  // MARK: What is measured

  /// Random numbers, map and integrand.
  func sample() {
    sampler.kernel.sample(block, count: Self.size, map: sampler.map, stream: stream)
  }

  func evaluate() { sampler.kernel.evaluate(block.base, Self.size) }

  func evaluateInC() {
    withUnsafePointer(to: yardstick) { yardstick_evaluate($0, block.base, Self.size) }
  }

  func run(_ stage: ProductionKernel.Stage) { sampler.kernel.run(stage, block.base, Self.size) }

  func runInC(_ stage: ProductionKernel.Stage) {
    withUnsafePointer(to: yardstick) { Self.function(stage)($0, block.base, Self.size) }
  }

  private static func function(
    _ stage: ProductionKernel.Stage
  ) -> (UnsafePointer<Yardstick.yardstick>?, UnsafeMutablePointer<Double>?, Int) -> Void {
    switch stage {
    case .virtuality: yardstick_virtuality
    case .systemMass: yardstick_system_mass
    case .transferBounds: yardstick_transfer_bounds
    case .transfer: yardstick_transfer
    case .angleBounds: yardstick_angle_bounds
    case .angle: yardstick_angle
    case .azimuth: yardstick_azimuth
    case .nucleus: yardstick_nucleus
    case .amplitude: yardstick_amplitude
    case .weight: yardstick_weight
    }
  }

  // MARK: Around it

  /// Sets the weights to 1, so that they stay finite however often a stage multiplies them.
  func resetWeights() {
    let weight = block.base + ProductionKernel.Column.weight
    for i in 0..<Self.size { weight[i] = 1 }
  }

  /// Runs the stages before one: its columns then hold what they hold in the whole point.
  func prepare(_ stage: ProductionKernel.Stage) {
    resetWeights()
    for earlier in ProductionKernel.Stage.allCases.prefix(while: { $0 != stage }) { run(earlier) }
  }

  /// The largest relative difference of the weights that Swift and C give to the batch.
  func largestDifference() -> Double {
    let weight = block.base + ProductionKernel.Column.weight
    resetWeights()
    evaluate()
    let ours = (0..<Self.size).map { weight[$0] }
    // What C does not write must not be taken for its result.
    for column in 7..<ProductionKernel.Column.count {
      (block.base + ColumnBatch.column(column)).update(repeating: .nan, count: Self.size)
    }
    resetWeights()
    evaluateInC()
    var largest = 0.0
    for i in 0..<Self.size where ours[i] != weight[i] {
      let difference = abs(weight[i] / ours[i] - 1)
      largest = difference.isNaN ? .infinity : max(largest, difference)
    }
    return largest
  }
}

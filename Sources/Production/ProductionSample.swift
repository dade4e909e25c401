import Calculus
import Integration
import Kinematics
import Sampling

/// The generator of production events for one set-up: a trained map, and batches of weighted events by number.
///
/// Batch b depends on (set-up, seed, b) alone. Training: ``trainingIterations`` refinements, a fixed number of
/// points each, at a purpose of its own; the map is therefore part of what the set-up and seed determine.
public struct ProductionSampler: Sendable {
  /// The set-up.
  public let setup: ProductionSetup
  /// The name of its random streams.
  public let digest: UInt64
  /// The seed.
  public let seed: UInt64
  /// The loops that make a point.
  @_spi(Kernels) public let kernel: ProductionKernel
  /// The trained map.
  @_spi(Kernels) public let map: ImportanceMap

  /// Refinements of the map.
  static let trainingIterations = 10
  /// Batches drawn before each refinement.
  package static let trainingBatches = 6

  /// Trains a map for the set-up.
  public init(_ setup: ProductionSetup, seed: UInt64) {
    self.init(setup, seed: seed, trainingIterations: Self.trainingIterations)
  }

  /// A sampler with so many refinements of its map, each after so many batches; none leaves the variables' own logarithmic maps.
  package init(
    _ setup: ProductionSetup, seed: UInt64, trainingIterations: Int,
    trainingBatches: Int = Self.trainingBatches
  ) {
    self.setup = setup
    self.seed = seed
    digest = Self.digest(of: setup)
    kernel = ProductionKernel(setup)
    map = Self.trainedMap(
      kernel, seed: seed, digest: digest, iterations: trainingIterations, batches: trainingBatches)
  }

  /// A sampler with the map of another set-up of the same kind, such as one of another beam energy: its errors are larger, its mean is
  /// not.
  package init(_ setup: ProductionSetup, likeThatOf trained: ProductionSampler) {
    self.setup = setup
    seed = trained.seed
    digest = Self.digest(of: setup)
    kernel = ProductionKernel(setup)
    precondition(
      kernel.dimensions == trained.kernel.dimensions, "a map has the axes of its set-up")
    map = trained.map
  }

  private static func trainedMap(
    _ kernel: ProductionKernel, seed: UInt64, digest: UInt64, iterations: Int, batches: Int
  ) -> ImportanceMap {
    var map = ImportanceMap(dimensions: kernel.dimensions)
    let scratch = ColumnBatch(columns: ProductionKernel.Column.count)
    let n = BatchLayout.capacity
    for iteration in 0..<iterations {
      var histogram = map.emptyHistogram
      for batch in 0..<batches {
        let stream = RandomStream(
          seed: seed, purpose: .mapTraining, point: digest,
          batch: iteration * batches + batch)
        kernel.sample(scratch, count: n, map: map, stream: stream, keepUniform: true)
        accumulate(
          scratch.base + ProductionKernel.Column.weight, kernel, scratch: scratch, count: n,
          map: map, into: &histogram)
      }
      map.refine(histogram: histogram, damping: 0.8)
    }
    return map
  }

  /// Fills batch `index` of a sample of `total` events: weights in pb at ε = 1, divided by `total`, so that the weights
  /// of a whole sample add up to the cross section.
  ///
  /// - Returns: the number of events in the batch.
  public func fill(
    _ events: borrowing ColumnBatch, scratch: borrowing ColumnBatch, batch index: Int,
    of total: Int
  ) -> Int {
    fill(events, scratch: scratch, batch: index, of: total, map: map)
  }

  /// As ``fill(_:scratch:batch:of:)``, drawn by another map.
  ///
  /// - Parameter keepUniform: whether the numbers are kept as they were drawn, for ``accumulate(_:scratch:count:map:into:)``.
  package func fill(
    _ events: borrowing ColumnBatch, scratch: borrowing ColumnBatch, batch index: Int,
    of total: Int, map: ImportanceMap, keepUniform: Bool = false
  ) -> Int {
    let n = BatchLayout.count(ofBatch: index, forEvents: total)
    let stream = self.stream(batch: index)
    kernel.sample(scratch, count: n, map: map, stream: stream, keepUniform: keepUniform)
    kernel.fillEvents(events, from: scratch, count: n, stream: stream)
    let share = 1 / Double(total)
    let weight = events.base + EventColumn.weight
    for i in 0..<n { weight[i] *= share }
    return n
  }

  /// Adds to the histogram of a map what a batch filled with `keepUniform` says about each axis: the squares of the scores given.
  package func accumulate(
    _ score: UnsafePointer<Double>, scratch: borrowing ColumnBatch, count: Int,
    map: ImportanceMap, into histogram: inout [Double]
  ) {
    Self.accumulate(score, kernel, scratch: scratch, count: count, map: map, into: &histogram)
  }

  private static func accumulate(
    _ score: UnsafePointer<Double>, _ kernel: ProductionKernel, scratch: borrowing ColumnBatch,
    count: Int, map: ImportanceMap, into histogram: inout [Double]
  ) {
    for axis in 0..<kernel.dimensions {
      map.accumulate(
        axis: axis, uniform: scratch.base + ProductionKernel.Column.uniform(axis), weight: score,
        count: count, into: &histogram)
    }
  }

  /// Weighs chosen rows of any batches: weights in pb at ε = 1, not divided by any number of events, in the column
  /// ``scratchWeight``, and no momenta.
  ///
  /// - Parameters:
  ///   - scratch: the base of ``scratchColumnCount`` columns.
  ///   - knownAxes: how many axes have their uniform numbers in ``scratchAxis(_:)`` already.
  public func weigh(
    _ scratch: UnsafeMutablePointer<Double>, at rows: borrowing RowAddresses, knownAxes: Int = 0
  ) {
    kernel.sample(
      scratch, at: rows, map: map, stream: stream(batch: 0), knownAxes: knownAxes)
  }

  /// After ``weigh(_:at:knownAxes:)``: momenta and spin states of what the scratch columns hold.
  ///
  /// - Parameter events: the base of ``EventColumn/count`` columns.
  public func complete(
    _ events: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>,
    at rows: borrowing RowAddresses
  ) {
    kernel.fillEvents(events, from: scratch, at: rows, stream: stream(batch: 0))
  }

  /// Between ``weigh(_:at:knownAxes:)`` and ``complete(_:scratch:at:)``: keeps these rows of the scratch columns alone, in ascending order.
  public func keep(
    _ rows: UnsafePointer<UInt32>, count: Int, scratch: UnsafeMutablePointer<Double>
  ) {
    kernel.gather(scratch, rows: rows, count: count)
  }

  /// Weights of a whole batch on random numbers of another purpose, with the uniform numbers of the first two axes, each
  /// in a column of the scratch batch: ``scratchWeight``, ``scratchUniform(_:)``.
  public func pilot(_ scratch: borrowing ColumnBatch, purpose: StreamPurpose, batch: Int) {
    kernel.sample(
      scratch, count: BatchLayout.capacity, map: map,
      stream: RandomStream(seed: seed, purpose: purpose, point: digest, batch: batch),
      keepUniform: true)
  }

  /// The stream of a batch; its label a is axis a.
  public func stream(batch: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: .production, point: digest, batch: batch)
  }

  /// The scratch column of the weights.
  public static var scratchWeight: Int { ProductionKernel.Column.weight }

  /// The scratch column of an axis.
  public static func scratchAxis(_ axis: Int) -> Int { ProductionKernel.Column.axis(axis) }

  /// The scratch column of the uniform numbers of an axis, after ``pilot(_:purpose:batch:)``.
  public static func scratchUniform(_ axis: Int) -> Int { ProductionKernel.Column.uniform(axis) }

  /// The number of columns that a scratch batch needs.
  public static var scratchColumnCount: Int { ProductionKernel.Column.count }

  private static func digest(of setup: ProductionSetup) -> UInt64 {
    var digest = Digest()
    digest.combine("production")
    digest.combine(setup.beam.mass)
    digest.combine(setup.beamEnergy)
    digest.combine(UInt64(setup.target.atomicNumber))
    digest.combine(setup.target.massNumber)
    digest.combine(setup.target.nuclearMass)
    digest.combine(setup.formFactor.rawValue)
    digest.combine(setup.inelastic.rawValue)
    switch setup.mediator {
    case .narrow(let mass):
      digest.combine("narrow")
      digest.combine(mass)
    case .spectral(let shape):
      digest.combine("spectral")
      digest.combine(shape.mass)
      digest.combine(shape.sumMass)
      digest.combine(shape.massSplitting)
      digest.combine(shape.alphaD)
    }
    return digest.value
  }
}

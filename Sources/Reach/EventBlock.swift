import Kinematics
import ParticleData
import Sampling

/// Up to ``BatchLayout/capacity`` events of the whole chain in columns, in the lab, beam along +z, target at rest.
///
/// A block is a value: it never changes once it is handed out. As a collection its elements are ``ChainEvent``s, made row
/// by row; what reads many events takes columns.
public struct EventBlock: Sendable {
  /// The number of events.
  public let count: Int
  let storage: Storage

  init(_ storage: Storage, count: Int) {
    self.storage = storage
    self.count = count
  }

  /// A column of a block.
  public struct Column: Sendable, Hashable {
    let index: Int
    /// The name in event files, with the unit.
    public var name: String { Self.names[index] }

    init(_ index: Int) { self.index = index }

    /// The column of that name.
    public init?(_ name: String) {
      guard let index = Self.names.firstIndex(of: name) else { return nil }
      self.index = index
    }

    /// The weight in pb. See ``EventSample``.
    public static let weight = Column(0)
    /// The momentum transfer t to the nucleus in GeV².
    public static let momentumTransfer = Column(1)
    /// The PDG number of the ℓ⁻ of the pair, 11 or 13.
    public static let leptonPDGID = Column(2)
    /// Where χ₂ decays, along the beam from the interaction point, in mm.
    public static let decayZ = Column(35)
    /// The mass of the A′ in GeV. This column and those below are in no table; other formats are made from them.
    public static let mediatorMass = Column(36)
    /// What χ₂ flies in its rest frame: c times its age at the decay, in mm.
    public static let properFlight = Column(37)
    /// Where the interaction takes place, in mm from the beam's axis and the target's centre.
    public static let vertexX = Column(38)
    /// Where the interaction takes place, along y.
    public static let vertexY = Column(39)
    /// Where the interaction takes place, along z.
    public static let vertexZ = Column(40)
    /// The energy of a particle.
    public static func energy(_ particle: Particle) -> Column { Column(particle.firstColumn) }
    /// The momentum of a particle along x.
    public static func x(_ particle: Particle) -> Column { Column(particle.firstColumn + 1) }
    /// The momentum of a particle along y.
    public static func y(_ particle: Particle) -> Column { Column(particle.firstColumn + 2) }
    /// The momentum of a particle along z.
    public static func z(_ particle: Particle) -> Column { Column(particle.firstColumn + 3) }

    /// All columns of tables in their order.
    public static let all = (0...decayZ.index).map { Column($0) }

    /// The names, those of tables in front.
    private static let names =
      ["weight_pb", "t_GeV2", "lepton_pdg_id"]
      + Particle.allCases.flatMap { particle in
        ["E", "px", "py", "pz"].map { "\(particle.rawValue)_\($0)_GeV" }
      } + [
        "decay_z_mm", "mediator_mass_GeV", "chi2_proper_flight_mm", "vertex_x_mm", "vertex_y_mm",
        "vertex_z_mm",
      ]
  }

  /// The particles of the chain under their names in event files, in that order.
  public enum Particle: String, Sendable, Hashable, CaseIterable {
    /// The scattered beam lepton.
    case scattered
    /// The A′.
    case mediator
    /// The recoiling nucleus.
    case recoil
    /// χ₁ from the A′.
    case chi1
    /// χ₂.
    case chi2
    /// χ₁ from χ₂.
    case chi1Soft = "chi1_soft"
    /// ℓ⁺.
    case leptonPlus = "lepton_plus"
    /// ℓ⁻.
    case leptonMinus = "lepton_minus"

    var firstColumn: Int {
      switch self {
      case .scattered: 3
      case .mediator: 7
      case .recoil: 11
      case .chi1: 15
      case .chi2: 19
      case .chi1Soft: 23
      case .leptonPlus: 27
      case .leptonMinus: 31
      }
    }
  }

  /// The memory of a block: the columns of event files, and behind them those of ``EventColumn``, which they are made from.
  /// One base for all, so that loops need not ask whether columns overlap.
  final class Storage: @unchecked Sendable {
    static let columnCount = 41
    private let memory: BlockMemory
    let base: UnsafeMutablePointer<Double>
    /// The base of the columns of ``EventColumn``.
    var chain: UnsafeMutablePointer<Double> { base + Self.columnCount * BatchLayout.stride }

    /// Columns that are not filled: ``EventBlock/count`` rows of them are, before anyone reads.
    init(_ memory: BlockMemory) {
      self.memory = memory
      base = memory.take(count: (Self.columnCount + EventColumn.count) * BatchLayout.stride)
    }

    deinit { memory.give(base) }
  }

  /// Reads a column.
  public func withColumn<Result, Failure: Error>(
    _ column: Column, _ body: (UnsafeBufferPointer<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(
      UnsafeBufferPointer(
        start: storage.base + ColumnBatch.column(column.index), count: count))
  }

  /// The numbers of a column.
  public func values(_ column: Column) -> [Double] { withColumn(column) { Array($0) } }

  /// The four-momentum of a particle in event `row`.
  public func momentum(_ particle: Particle, at row: Int) -> FourMomentum {
    let first = particle.firstColumn
    return FourMomentum(
      energy: self[first, row], x: self[first + 1, row], y: self[first + 2, row],
      z: self[first + 3, row])
  }

  private subscript(column: Int, row: Int) -> Double {
    precondition(row >= 0 && row < count, "a block has no such row")
    return storage.base[ColumnBatch.column(column) + row]
  }
}

// Before a block is handed out.
extension EventBlock {
  /// Gives all events one weight.
  func setWeight(_ weight: Double) {
    for i in 0..<count { storage.base[i] = weight }
  }

  /// The block without events of zero weight: in its own memory, so that the whole one is no more.
  func withoutZeroWeights() -> EventBlock {
    let rows = (0..<count).filter { storage.base[$0] > 0 }
    guard rows.count < count else { return self }
    for column in 0..<Storage.columnCount {
      let numbers = storage.base + ColumnBatch.column(column)
      for (k, row) in rows.enumerated() { numbers[k] = numbers[row] }
    }
    return EventBlock(storage, count: rows.count)
  }

  /// The first events, as a block.
  func prefix(_ most: Int) -> EventBlock { EventBlock(storage, count: Swift.min(most, count)) }
}

extension EventBlock: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of events.
  public var endIndex: Int { count }

  /// Event `row`.
  public subscript(row: Int) -> ChainEvent {
    ChainEvent(
      weight: self[Column.weight.index, row],
      momentumTransfer: self[Column.momentumTransfer.index, row],
      flavour: self[Column.leptonPDGID.index, row] == Double(LeptonFlavour.muon.pdgID)
        ? .muon : .electron,
      scattered: momentum(.scattered, at: row), mediator: momentum(.mediator, at: row),
      recoil: momentum(.recoil, at: row), chi1: momentum(.chi1, at: row),
      chi2: momentum(.chi2, at: row), chi1Soft: momentum(.chi1Soft, at: row),
      leptonPlus: momentum(.leptonPlus, at: row), leptonMinus: momentum(.leptonMinus, at: row),
      decayZ: self[Column.decayZ.index, row])
  }
}

import Calculus
import ParticleData

/// What a particle meets, on a grid of energies that is finer than the bins: linear in energy between edges.
struct ShowerTable: Sendable {
  /// `intercept + slope E` between the two edges of a cell.
  struct Line: Sendable {
    var intercept = 0.0
    var slope = 0.0

    @inline(__always)
    subscript(_ energy: Double) -> Double { intercept + slope * energy }

    init() {}

    init(_ lower: Double, _ upper: Double, _ function: (Double) -> Double) {
      let (low, high) = (function(lower), function(upper))
      slope = (high - low) / (upper - lower)
      intercept = low - slope * lower
    }
  }

  /// What depends on the sign of an e∓.
  struct Lepton: Sendable {
    /// Continuous ionisation in GeV per radiation length.
    var loss = Line()
    /// Knock-on electrons per radiation length.
    var knockOns = Line()
    /// Annihilations per radiation length.
    var annihilation = Line()
  }

  struct Cell: Sendable {
    var lower = 0.0
    /// The bin it belongs to.
    var bin = 0
    /// ln of the infrared cutoff y.
    var logCutoff = 0.0
    /// Bremsstrahlung photons above the cutoff per radiation length.
    var hardRate = 0.0
    /// The share of the energy lost per radiation length to softer ones.
    var softLoss = 0.0
    /// Compton scatterings per radiation length.
    var compton = Line()
    var negative = Lepton()
    var positive = Lepton()
  }

  let cells: [Cell]
  let binCount: Int
  let shape: RadiationShape
  let pairRate: Double
  let minimumEnergy: Double

  init(material: Material, edges: [Double], processes: ShowerProcesses) {
    let shape = RadiationShape(atomicNumber: material.atomicNumber)
    let collisions = CollisionLoss(material)
    let minimum = edges[0]
    func lepton(_ lower: Double, _ upper: Double, isPositron: Bool) -> Lepton {
      var lepton = Lepton()
      let knocks = processes.isSuperset(of: [.knockOns, .ionisation])
      if processes.contains(.ionisation) {
        lepton.loss = Line(lower, upper) { E in
          let hard =
            knocks ? CollisionLoss.knockOnLoss(minimum / E, isPositron: isPositron) : 0
          return collisions.ionisation(energy: E, isPositron: isPositron)
            - collisions.scale * hard
        }
      }
      if knocks {
        lepton.knockOns = Line(lower, upper) { E in
          collisions.scale / E * CollisionLoss.knockOns(minimum / E, isPositron: isPositron)
        }
      }
      if processes.contains(.annihilation) && isPositron {
        lepton.annihilation = Line(lower, upper) { collisions.annihilation(energy: $0) }
      }
      return lepton
    }
    var cells: [Cell] = []
    for bin in 0..<edges.count - 1 {
      let width = Elementary.log(edges[bin + 1] / edges[bin])
      let pieces = max(1, Int((width / 0.12).rounded(.up)))
      // A photon at the cutoff takes no more than a tenth of the bin, so that what the continuous loss leaves out of the
      // energy's fluctuations is not seen.
      let cutoff = min(0.02, 0.1 * width)
      for piece in 0..<pieces {
        func edge(_ k: Int) -> Double {
          if k == 0 { return edges[bin] }
          if k == pieces { return edges[bin + 1] }
          return edges[bin] * Elementary.exp(width * Double(k) / Double(pieces))
        }
        let (lower, upper) = (edge(piece), edge(piece + 1))
        var cell = Cell()
        cell.lower = lower
        cell.bin = bin
        cell.logCutoff = Elementary.log(cutoff)
        cell.hardRate = shape.hardRate(above: cutoff)
        cell.softLoss = shape.softLoss(below: cutoff)
        if processes.contains(.compton) {
          cell.compton = Line(lower, upper) { collisions.compton(energy: $0) }
        }
        cell.negative = lepton(lower, upper, isPositron: false)
        cell.positive = lepton(lower, upper, isPositron: true)
        cells.append(cell)
      }
    }
    self.cells = cells
    self.shape = shape
    binCount = edges.count - 1
    pairRate = shape.pairRate
    minimumEnergy = minimum
  }
}

/// Sums over primaries, as one row of numbers so that blocks add up term by term.
struct ShowerSums: Sendable {
  let count: Int
  var values: [Double]

  init(count: Int) {
    self.init(count: count, values: .init(repeating: 0, count: Self.size(count)))
  }

  init(count: Int, values: [Double]) {
    self.count = count
    self.values = values
  }

  /// Lengths, energies and angles by sign and bin, products of lengths, the balance.
  static func size(_ count: Int) -> Int { 6 * count + count * (2 * count + 1) + 4 }

  subscript(length i: Int) -> Double { values[i] }
  subscript(energy i: Int) -> Double { values[2 * count + i] }
  subscript(angle i: Int) -> Double { values[4 * count + i] }
  /// For j ≤ i.
  subscript(product i: Int, j: Int) -> Double { values[6 * count + i * (i + 1) / 2 + j] }
  subscript(balance i: Int) -> Double { values[6 * count + count * (2 * count + 1) + i] }
}

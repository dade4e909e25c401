import Calculus
import ParticleData
import Sampling

/// Follows primaries one after another, depth first, with memory that is made once.
struct ShowerTracker: ~Copyable {
  private struct Particle {
    var energy: Double
    /// In radiation lengths.
    var depth: Double
    /// The mean square of the angle to the beam.
    var angleSquare: Double
    var cell: Int32
    /// -1, 0 or 1.
    var charge: Int32
  }

  private let table: ShowerTable
  private let cells: UnsafeMutablePointer<ShowerTable.Cell>
  private let end: Double
  private let beamEnergy: Double
  private let minimum: Double
  private let scatters: Bool
  private let screens: Bool
  private let followsPhotons: Bool

  private let stack: UnsafeMutablePointer<Particle>
  private let stackSize: Int
  private var top = 0

  /// Of one primary: lengths, energies, angles by sign and bin; then the balance.
  private let tally: UnsafeMutablePointer<Double>
  private let binCount: Int
  private var ionised = 0.0
  private var escapedLeptons = 0.0
  private var escapedPhotons = 0.0
  private var below = 0.0

  private let stream: RandomStream
  private let numbers: UnsafeMutablePointer<Double>
  private var next = BatchLayout.capacity
  private var fills: UInt32 = 0

  init(
    table: ShowerTable, depth: Double, beamEnergy: Double, processes: ShowerProcesses,
    stream: RandomStream
  ) {
    self.table = table
    cells = .allocate(capacity: table.cells.count)
    cells.initialize(from: table.cells, count: table.cells.count)
    end = depth
    self.beamEnergy = beamEnergy
    minimum = table.minimumEnergy
    scatters = processes.contains(.scattering)
    screens = processes.contains(.finiteScreening)
    followsPhotons = processes.contains(.pairProduction)
    binCount = table.binCount
    // Each waiting particle has the minimum energy or more, all together the beam's.
    stackSize = Int(beamEnergy / minimum) + 4
    stack = .allocate(capacity: stackSize)
    tally = .allocate(capacity: 6 * binCount)
    tally.initialize(repeating: 0, count: 6 * binCount)
    self.stream = stream
    numbers = .allocate(capacity: BatchLayout.capacity)
    numbers.initialize(repeating: 0, count: BatchLayout.capacity)
  }

  deinit {
    cells.deallocate()
    stack.deallocate()
    tally.deallocate()
    numbers.deallocate()
  }

  @inline(__always)
  private mutating func uniform() -> Double {
    if next == BatchLayout.capacity { refill() }
    let u = numbers[next]
    next &+= 1
    return u
  }

  @inline(never)
  private mutating func refill() {
    stream.fillQuickly(numbers, count: BatchLayout.capacity, label: fills)
    fills &+= 1
    next = 0
  }

  /// Follows one primary and all that it makes.
  mutating func follow(_ isPositron: Bool) {
    push(
      energy: beamEnergy, depth: 0, angleSquare: 0, cell: table.cells.count - 1,
      charge: isPositron ? 1 : -1)
    while top > 0 {
      top &-= 1
      let particle = stack[top]
      if particle.charge == 0 {
        followPhoton(particle)
      } else {
        followLepton(particle)
      }
    }
  }

  /// Puts a particle on the stack, or counts it if it is too slow to be followed.
  @inline(__always)
  private mutating func push(
    energy: Double, depth: Double, angleSquare: Double, cell: Int, charge: Int32
  ) {
    guard energy >= minimum else {
      below += energy
      return
    }
    precondition(top < stackSize, "the stack holds the beam's energy")
    stack[top] = Particle(
      energy: energy, depth: depth, angleSquare: angleSquare,
      cell: Int32(truncatingIfNeeded: self.cell(of: energy, below: cell)), charge: charge)
    top &+= 1
  }

  /// The cell of an energy at or below the given one and at or above the minimum.
  @inline(__always)
  private func cell(of energy: Double, below cell: Int) -> Int {
    var cell = cell
    while energy < cells[cell].lower { cell &-= 1 }
    return cell
  }

  /// `t (1 + 0.038 ln t)²`: Highland's mean square angle after a path t from the start is additive as its increments.
  @inline(__always)
  private static func highland(_ t: Double) -> Double {
    let factor = 1 + 0.038 * Elementary.log(t + 1e-12)
    return t * factor * factor
  }

  // MARK: e∓

  private mutating func followLepton(_ particle: Particle) {
    var E = particle.energy
    var z = particle.depth
    var v = particle.angleSquare
    var k = Int(particle.cell)
    let charge = particle.charge
    let offset = charge > 0 ? binCount : 0
    var path = 0.0
    var spread = 0.0
    while true {
      let start = cells[k]
      let lepton = charge > 0 ? start.positive : start.negative
      let knockOns = max(lepton.knockOns[E], 0)
      let rate = start.hardRate + knockOns + lepton.annihilation[E]
      var left = -Elementary.log(uniform()) / rate
      let interacts = left < end - z
      if !interacts { left = end - z }
      z += left
      // Through the cells that the continuous loss crosses. What counts as soft is that of the first.
      var loss = lepton.loss
      while true {
        let lower = cells[k].lower
        let total = loss[E] + start.softLoss * E
        // The loss at the middle of the way.
        let middle = max(E - 0.5 * total * left, 0.5 * (E + lower))
        let ionisation = loss[middle]
        let middleLoss = ionisation + start.softLoss * middle
        var final = E - middleLoss * left
        var s = left
        let crosses = final < lower
        if crosses {
          final = lower
          s = (E - lower) / middleLoss
        }
        left -= s
        let mean = 0.5 * (E + final)
        var gain = 0.0
        // What of the gain the mean along the way has: less than half on a first step, where it grows like t^{1.08}.
        let share = spread == 0 ? 0.48 : 0.5
        if scatters {
          path += s
          let after = Self.highland(path)
          // Two planes; ∫ dt/E² = s/(E E′) for a constant loss.
          gain = 2 * 13.6e-3 * 13.6e-3 * max(after - spread, 0) / (E * final)
          spread = after
        }
        let i = offset &+ cells[k].bin
        tally[i] += s
        tally[2 &* binCount &+ i] += s * mean
        tally[4 &* binCount &+ i] += s * (v + share * gain)
        v += gain
        let ionised = min(ionisation * s, E - final)
        self.ionised += ionised
        below += (E - final) - ionised
        E = final
        guard crosses else { break }
        k &-= 1
        if k < 0 {
          below += E
          return
        }
        loss = charge > 0 ? cells[k].positive.loss : cells[k].negative.loss
      }
      guard interacts else {
        escapedLeptons += E
        return
      }
      let choice = uniform() * rate - start.hardRate
      if choice < 0 {
        let y = radiatedShare(E, logCutoff: start.logCutoff)
        guard y > 0 else { continue }
        let photon = y * E
        E -= photon
        if followsPhotons {
          push(energy: photon, depth: z, angleSquare: v, cell: k, charge: 0)
        } else {
          escapedPhotons += photon
        }
      } else if choice < knockOns {
        let x = knockOnShare(minimum / E, isPositron: charge > 0)
        guard x > 0 else { continue }
        let electron = x * E
        let rest = E - electron
        push(
          energy: electron, depth: z,
          angleSquare: v + 2 * Mass.electron * (1 / electron - 1 / E), cell: k, charge: -1)
        guard rest >= minimum else {
          below += rest
          return
        }
        v += 2 * Mass.electron * (1 / rest - 1 / E)
        E = rest
      } else {
        let first = annihilationShare(E) * E
        let other = E - first
        if followsPhotons {
          push(
            energy: first, depth: z,
            angleSquare: v + 2 * Mass.electron * max(1 / first - 1 / E, 0), cell: k, charge: 0)
          push(
            energy: other, depth: z,
            angleSquare: v + 2 * Mass.electron * max(1 / other - 1 / E, 0), cell: k, charge: 0)
        } else {
          escapedPhotons += E
        }
        return
      }
      guard E >= minimum else {
        below += E
        return
      }
      k = cell(of: E, below: k)
    }
  }

  /// y of a bremsstrahlung photon above the cutoff, or 0 where finite screening takes it back.
  @inline(__always)
  private mutating func radiatedShare(_ energy: Double, logCutoff: Double) -> Double {
    let eta = table.shape.eta
    while true {
      let y = Elementary.quickExp(uniform() * logCutoff)
      let weight = (4.0 / 3 + eta) * (1 - y) + y * y
      if uniform() * (4.0 / 3 + eta) < weight {
        if screens && uniform() >= table.shape.radiationFactor(y, energy: energy) { return 0 }
        return y
      }
    }
  }

  /// ε of a knock-on electron from the least one, x, on; 0 where there is none.
  private mutating func knockOnShare(_ x: Double, isPositron: Bool) -> Double {
    guard x < (isPositron ? 1 : 0.5) else { return 0 }
    let smallest: Double = isPositron ? 1 : 2
    while true {
      let e = 1 / (1 / x - uniform() * (1 / x - smallest))
      let q = 1 - e
      let weight = isPositron ? (q + e * e) * (q + e * e) : (1 + e * e + e * e / (q * q)) / 2.25
      if uniform() < weight { return e }
    }
  }

  /// The share of one of the two photons of an annihilation.
  ///
  /// Source: W. Heitler, *The Quantum Theory of Radiation* (1954), § 27: dσ ∝ (1/ε)[1 - ε + (2γε - 1)/(ε(γ + 1)²)].
  private mutating func annihilationShare(_ energy: Double) -> Double {
    let g = energy / Mass.electron
    let least = 0.5 * (1 - ((g - 1) / (g + 1)).squareRoot())
    let range = Elementary.log((1 - least) / least)
    while true {
      let e = least * Elementary.quickExp(uniform() * range)
      let weight = 1 - e + (2 * g * e - 1) / (e * (g + 1) * (g + 1))
      if uniform() < weight { return e }
    }
  }

  // MARK: Photons

  private mutating func followPhoton(_ particle: Particle) {
    var E = particle.energy
    var z = particle.depth
    var v = particle.angleSquare
    var k = Int(particle.cell)
    let shape = table.shape
    while true {
      let compton = cells[k].compton[E]
      let rate = table.pairRate + compton
      let step = -Elementary.log(uniform()) / rate
      guard step < end - z else {
        escapedPhotons += E
        return
      }
      z += step
      if uniform() * rate < table.pairRate {
        var x = uniform()
        while uniform() > 1 - (4.0 / 3 + shape.eta) * x * (1 - x) { x = uniform() }
        if screens && uniform() >= shape.pairFactor(x, energy: E) { continue }
        push(energy: x * E, depth: z, angleSquare: v, cell: k, charge: 1)
        push(energy: E - x * E, depth: z, angleSquare: v, cell: k, charge: -1)
        return
      }
      let scattered = comptonShare(E / Mass.electron) * E
      let electron = E - scattered
      push(
        energy: electron, depth: z,
        angleSquare: v + 2 * Mass.electron * max(1 / electron - 1 / E, 0), cell: k, charge: -1)
      guard scattered >= minimum else {
        below += scattered
        return
      }
      v += 2 * Mass.electron * (1 / scattered - 1 / E)
      E = scattered
      k = cell(of: E, below: k)
    }
  }

  /// The share of its energy that a photon keeps in a Compton scattering: dσ ∝ (1/ε + ε)[1 - ε sin²θ/(1 + ε²)].
  ///
  /// Source: Klein and Nishina, drawn as J. C. Butcher and H. Messel, Nucl. Phys. 20, 15 (1960), do.
  private mutating func comptonShare(_ k: Double) -> Double {
    let least = 1 / (1 + 2 * k)
    let range = -Elementary.log(least)
    let squares = 0.5 * (1 - least * least)
    while true {
      let e: Double
      if uniform() * (range + squares) < range {
        e = Elementary.quickExp(-uniform() * range)
      } else {
        e = (least * least + (1 - least * least) * uniform()).squareRoot()
      }
      let t = (1 - e) / (k * e)
      if uniform() < 1 - e * t * (2 - t) / (1 + e * e) { return e }
    }
  }

  // MARK: Tallies

  /// Adds what the last primary has left to sums over primaries, and forgets it.
  mutating func move(into sums: inout ShowerSums) {
    let n = binCount
    sums.values.withUnsafeMutableBufferPointer { values in
      for i in 0..<6 &* n { values[i] += tally[i] }
      for i in 0..<2 &* n where tally[i] != 0 {
        let row = 6 &* n &+ i &* (i &+ 1) / 2
        let own = tally[i]
        for j in 0...i { values[row &+ j] += own * tally[j] }
      }
      let balance = 6 &* n &+ n &* (2 &* n &+ 1)
      values[balance] += ionised
      values[balance &+ 1] += escapedLeptons
      values[balance &+ 2] += escapedPhotons
      values[balance &+ 3] += below
    }
    tally.update(repeating: 0, count: 6 &* n)
    (ionised, escapedLeptons, escapedPhotons, below) = (0, 0, 0, 0)
  }
}

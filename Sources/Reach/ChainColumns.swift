import Calculus
import DarkSector
import Decay
import Kinematics
import ParticleData
import Sampling

/// Fills the columns of an ``EventBlock`` from those of ``EventColumn`` behind them: one short loop for each particle.
///
/// The clear form is ``LightFrontMomentum/fourMomentum(mass:)``, of a momentum or of what is left of one.
struct ChainColumns {
  let generator: EventGenerator
  let base: UnsafeMutablePointer<Double>
  let count: Int

  func fill(scale: Double, workspace: EventWorkspace) {
    scaleWeights(generator.epsilonSquared, scale)
    nameFlavours(workspace)
    fillScattered(generator.beam.particle.mass)
    fillMediator()
    fillRecoil(generator.targetMass)
    fillChi1(generator.point.chi1Mass)
    fillChi2(generator.point.chi2Mass)
    fillChi1Soft(generator.point.chi1Mass)
    fillLeptonPlus()
    fillLeptonMinus()
    let lifetime = base + Self.chain(EventColumn.pairMass)
    lifetime.update(from: workspace.base + EventWorkspace.lifetime, count: count)
    placeDecays(generator.point.chi2Mass, generator.properDecayLength)
    placeInteractions()
  }

  /// The offset of a chain column from the block's base.
  @inline(__always)
  private static func chain(_ column: Int) -> Int {
    ColumnBatch.column(EventBlock.Storage.columnCount) &+ column
  }

  @inline(__always)
  private func momentum(_ plus: Int, _ x: Int, _ y: Int, _ i: Int) -> LightFrontMomentum {
    LightFrontMomentum(
      plus: base[Self.chain(plus) &+ i], x: base[Self.chain(x) &+ i],
      y: base[Self.chain(y) &+ i])
  }

  @inline(__always)
  private func store(_ p: LightFrontMomentum, mass2: Double, _ first: Int, _ i: Int) {
    let minus = p.minus(mass2: mass2)
    base[ColumnBatch.column(first) &+ i] = 0.5 * (p.plus + minus)
    base[ColumnBatch.column(first &+ 1) &+ i] = p.x
    base[ColumnBatch.column(first &+ 2) &+ i] = p.y
    base[ColumnBatch.column(first &+ 3) &+ i] = 0.5 * (p.plus - minus)
  }

  private func scaleWeights(_ epsilonSquared: Double, _ scale: Double) {
    for i in 0..<count {
      base[i] = base[Self.chain(EventColumn.chainWeight) &+ i] * epsilonSquared * scale
      base[ColumnBatch.column(1) &+ i] = base[Self.chain(EventColumn.momentumTransfer) &+ i]
    }
  }

  /// The flavour's number, and its squared mass in a chain column that is not needed any more.
  private func nameFlavours(_ workspace: EventWorkspace) {
    let number = base + ColumnBatch.column(2)
    let mass2 = base + Self.chain(EventColumn.densityXX)
    let choice = workspace.base + EventWorkspace.choice
    for (c, channel) in generator.channels.enumerated() {
      let flavour = channel.decay.flavour
      let (name, square) = (Double(flavour.pdgID), flavour.mass * flavour.mass)
      for i in 0..<count where c == 0 || choice[i] >= channel.from {
        number[i] = name
        mass2[i] = square
      }
    }
  }

  private func fillScattered(_ mass: Double) {
    let mass2 = mass * mass
    for i in 0..<count {
      store(
        momentum(
          EventColumn.scatteredPlus, EventColumn.scatteredX, EventColumn.scatteredY, i),
        mass2: mass2, 3, i)
    }
  }

  private func fillMediator() {
    for i in 0..<count {
      let mass = base[Self.chain(EventColumn.mediatorMass) &+ i]
      store(
        momentum(EventColumn.mediatorPlus, EventColumn.mediatorX, EventColumn.mediatorY, i),
        mass2: mass * mass, 7, i)
      base[ColumnBatch.column(36) &+ i] = mass
    }
  }

  private func fillRecoil(_ mass: Double) {
    for i in 0..<count {
      let t = base[ColumnBatch.column(1) &+ i]
      base[ColumnBatch.column(11) &+ i] = mass + t / (2 * mass)
      base[ColumnBatch.column(12) &+ i] = base[Self.chain(EventColumn.recoilX) &+ i]
      base[ColumnBatch.column(13) &+ i] = base[Self.chain(EventColumn.recoilY) &+ i]
      base[ColumnBatch.column(14) &+ i] = base[Self.chain(EventColumn.recoilZ) &+ i]
    }
  }

  private func fillChi1(_ mass: Double) {
    let mass2 = mass * mass
    for i in 0..<count {
      let mediator = momentum(
        EventColumn.mediatorPlus, EventColumn.mediatorX, EventColumn.mediatorY, i)
      let chi2 = momentum(EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y, i)
      store(
        LightFrontMomentum(
          plus: mediator.plus - chi2.plus, x: mediator.x - chi2.x, y: mediator.y - chi2.y),
        mass2: mass2, 15, i)
    }
  }

  private func fillChi2(_ mass: Double) {
    let mass2 = mass * mass
    for i in 0..<count {
      store(
        momentum(EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y, i),
        mass2: mass2, 19, i)
    }
  }

  private func fillChi1Soft(_ mass: Double) {
    let mass2 = mass * mass
    for i in 0..<count {
      let chi2 = momentum(EventColumn.chi2Plus, EventColumn.chi2X, EventColumn.chi2Y, i)
      let positive = momentum(
        EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY, i)
      let negative = momentum(
        EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY, i)
      store(
        LightFrontMomentum(
          plus: chi2.plus - positive.plus - negative.plus,
          x: chi2.x - positive.x - negative.x, y: chi2.y - positive.y - negative.y),
        mass2: mass2, 23, i)
    }
  }

  private func fillLeptonPlus() {
    for i in 0..<count {
      store(
        momentum(
          EventColumn.leptonPlusPlus, EventColumn.leptonPlusX, EventColumn.leptonPlusY, i),
        mass2: base[Self.chain(EventColumn.densityXX) &+ i], 27, i)
    }
  }

  private func fillLeptonMinus() {
    for i in 0..<count {
      store(
        momentum(
          EventColumn.leptonMinusPlus, EventColumn.leptonMinusX, EventColumn.leptonMinusY, i),
        mass2: base[Self.chain(EventColumn.densityXX) &+ i], 31, i)
    }
  }

  /// Along the beam: z = (p_z/m₂) cτ times an exponential number, from the uniform one in the pair mass's column.
  private func placeDecays(_ mass: Double, _ properDecayLength: Double) {
    for i in 0..<count {
      let flight =
        -Elementary.log(base[Self.chain(EventColumn.pairMass) &+ i]) * properDecayLength
      base[ColumnBatch.column(35) &+ i] = base[ColumnBatch.column(22) &+ i] / mass * flight
      base[ColumnBatch.column(37) &+ i] = flight
    }
  }

  /// Where the interaction takes place, from the uniform numbers in these columns: the beam's spot by Box and Muller, the depth
  /// uniformly. What has no spread is zero.
  private func placeInteractions() {
    let (x, y, z) = (
      base + ColumnBatch.column(38), base + ColumnBatch.column(39), base + ColumnBatch.column(40)
    )
    let (spot, depth) = (generator.beam.spot, generator.interactionDepth)
    for i in 0..<count { z[i] = depth > 0 ? depth * (z[i] - 0.5) : 0 }
    guard spot != .zero else {
      for i in 0..<count { (x[i], y[i]) = (0, 0) }
      return
    }
    for i in 0..<count {
      let radius = (-2 * Elementary.log(x[i])).squareRoot()
      let (sine, cosine) = Elementary.circlePoint(turns: y[i])
      (x[i], y[i]) = (spot.x * radius * cosine, spot.y * radius * sine)
    }
  }
}

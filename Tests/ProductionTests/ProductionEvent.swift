import Kinematics
import ParticleData
import Production
import Sampling

/// One production event as four-momenta, read from the columns of a batch.
struct ProductionEvent {
  let weight: Double
  let t: Double
  let mass: Double
  let mediator: LightFrontMomentum
  let scattered: LightFrontMomentum
  /// E, p_x, p_y, p_z of the recoiling nucleus.
  let recoil: FourMomentum
  /// The density matrix, `density[row][column]`.
  let density: [[Double]]

  init(_ batch: borrowing ColumnBatch, _ i: Int, target: Material) {
    let at = { [base = batch.base] (column: Int) in base[column + i] }
    weight = at(EventColumn.weight)
    t = at(EventColumn.momentumTransfer)
    mass = at(EventColumn.mediatorMass)
    mediator = LightFrontMomentum(
      plus: at(EventColumn.mediatorPlus), x: at(EventColumn.mediatorX), y: at(EventColumn.mediatorY)
    )
    scattered = LightFrontMomentum(
      plus: at(EventColumn.scatteredPlus), x: at(EventColumn.scatteredX),
      y: at(EventColumn.scatteredY))
    let M = target.nuclearMass
    recoil = FourMomentum(
      energy: M + t / (2 * M), x: at(EventColumn.recoilX), y: at(EventColumn.recoilY),
      z: at(EventColumn.recoilZ))
    let (xx, xy, xz) = (
      at(EventColumn.densityXX), at(EventColumn.densityXY), at(EventColumn.densityXZ)
    )
    let (yy, yz) = (at(EventColumn.densityYY), at(EventColumn.densityYZ))
    density = [[xx, xy, xz], [xy, yy, yz], [xz, yz, 1 - xx - yy]]
  }
}

extension ProductionSampler {
  /// Calls `body` with each event of a sample, its production weight undivided.
  func forEachEvent(of total: Int, _ body: (ProductionEvent) -> Void) {
    let events = ColumnBatch(columns: EventColumn.count)
    let scratch = ColumnBatch(columns: Self.scratchColumnCount)
    for batch in 0..<BatchLayout.batchCount(forEvents: total) {
      let n = fill(events, scratch: scratch, batch: batch, of: total)
      for i in 0..<n { body(ProductionEvent(events, i, target: setup.target)) }
    }
  }
}

/// Beryllium-9 with the mass of the reference calculation.
let referenceBeryllium: Material = {
  var material = Material.beryllium
  material.nuclearMass = 8.39479
  return material
}()

/// A built-in material.
func material(_ name: String) -> Material {
  guard let material = Material.named(name) else { preconditionFailure("no material \(name)") }
  return material
}

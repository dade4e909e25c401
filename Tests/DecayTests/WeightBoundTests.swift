import DarkSector
import Decay
import Kinematics
import ParticleData
import Testing

@Suite("Bounds of decay weights") struct WeightBoundTests {
  /// Splittings from just above the pair's threshold to far above it, both flavours.
  private static let points: [(m1: Double, splitting: Double, flavour: LeptonFlavour)] =
    [LeptonFlavour.electron, .muon].flatMap { flavour in
      [2.0001, 2.02, 3, 10, 200].flatMap { over in
        [0.6, 40.0].map { (m1: $0 * over * flavour.mass, splitting: over * flavour.mass, flavour) }
      }
    }

  @Test("no decay weighs more than its bin's bound, and some nearly as much", .tags(.identity))
  func bounds() throws {
    let mediator = LightFrontMomentum(plus: 90, x: 0.03, y: -0.01)
    // All polarisation along one axis is what the bound of the spin's factor is reached by.
    let across = SpinState(xx: 1, xy: 0, xz: 0, yy: 0, yz: 0)
    for (m1, splitting, flavour) in Self.points {
      let point = try ModelPoint(
        chi1Mass: m1, massSplitting: splitting, darkPhotonMass: 1.05 * (2 * m1 + splitting))
      for isOnShell in [true, false] {
        let sampler = try DecaySampler(
          point, flavour: flavour, width: point.chi2Widths().width(flavour), onShell: isOnShell)
        let (bounds, edges) = (sampler.weightBounds(), sampler.pairMassEdges)
        let masses =
          isOnShell ? [nil] : [nil, point.pairThreshold * 1.0001, point.pairThreshold * 30]
        for mass in masses {
          for spin in [across, .longitudinal, .generic] {
            var largest = 0.0
            sampler.forEachDecay(of: 20_000, mediator: mediator, mediatorMass: mass, spin: spin) {
              event in
              var (low, high) = (0, bounds.count)
              while high - low > 1 {
                let middle = (low + high) / 2
                if event.pairMass >= edges[middle] { low = middle } else { high = middle }
              }
              largest = max(largest, event.chainWeight / bounds[low])
            }
            #expect(largest <= 1, "\(point), \(flavour), mass \(mass ?? 0)")
            // Off shell Q may be anything, and a bound for all Q is not reached. 0.9: 2 % of room, and 20 000 draws.
            if isOnShell, spin.xx == 1 { #expect(largest > 0.9, "\(point), \(flavour)") }
          }
        }
      }
    }
  }
}

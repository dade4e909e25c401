import Calculus
import Kinematics
import ParticleData
import Production
import Sampling
import Testing
import Units

@Suite("e+e- to a photon and an A'") struct PhotonAssociatedProductionTests {
  private static let masses = [0.01, 0.3, 3, 8, 10.4]

  private func process(_ mass: Double) throws -> PhotonAssociatedProduction {
    try #require(PhotonAssociatedProduction(collisionEnergy: 10.58, mediatorMass: mass))
  }

  /// Photon polarisations summed, ½ lepton spins averaged or not: T^{μν} = Σ_v Tr[p̸₂ V^μ p̸₁ V̄^ν], upper indices.
  private func tensor(
    electron p1: FourMomentum, positron p2: FourMomentum, photon l: FourMomentum,
    mediator k: FourMomentum, polarisations: [FourMomentum]
  ) -> [[Double]] {
    let (s, u) = (-2 * p1.dot(l), -2 * p2.dot(l))
    var sum = [[Double]](repeating: [0, 0, 0, 0], count: 4)
    for v in polarisations {
      let (late, early) = (DiracMatrix.slash(p1 - l), DiracMatrix.slash(p1 - k))
      let slash = DiracMatrix.slash(v)
      let vertices = DiracMatrix.gamma.map { gamma -> (DiracMatrix, DiracMatrix) in
        let forward = (1 / s) * (gamma * late * slash) + (1 / u) * (slash * early * gamma)
        let reversed = (1 / s) * (slash * late * gamma) + (1 / u) * (gamma * early * slash)
        return (forward, reversed)
      }
      for mu in 0..<4 {
        for nu in 0..<4 {
          sum[mu][nu] +=
            (DiracMatrix.slash(p2) * vertices[mu].0 * .slash(p1) * vertices[nu].1).trace.re
        }
      }
    }
    return sum
  }

  private func momenta(
    _ process: PhotonAssociatedProduction, cosine c: Double, phi: (sine: Double, cosine: Double)
  ) -> (p1: FourMomentum, p2: FourMomentum, l: FourMomentum, k: FourMomentum, v: [FourMomentum]) {
    let (E, w) = (process.collisionEnergy / 2, process.photonEnergy)
    let s = ((1 - c) * (1 + c)).squareRoot()
    let l = FourMomentum(energy: w, x: w * s * phi.cosine, y: w * s * phi.sine, z: w * c)
    let p1 = FourMomentum(energy: E, x: 0, y: 0, z: E)
    let p2 = FourMomentum(energy: E, x: 0, y: 0, z: -E)
    return (
      p1, p2, l, p1 + p2 - l,
      [
        FourMomentum(energy: 0, x: c * phi.cosine, y: c * phi.sine, z: -s),
        FourMomentum(energy: 0, x: -phi.sine, y: phi.cosine, z: 0),
      ]
    )
  }

  @Test("dσ/d cos θ is the squared amplitude by traces", .tags(.identity), arguments: masses)
  func angularDistribution(mass: Double) throws {
    let process = try process(mass)
    let alpha = PhysicalConstant.fineStructure
    for c in [-0.99, -0.4, 0, 0.3, 0.95] {
      let (p1, p2, l, k, v) = momenta(process, cosine: c, phi: (0.6, 0.8))
      let T = tensor(electron: p1, positron: p2, photon: l, mediator: k, polarisations: v)
      let squared = -(0..<4).reduce(0) { $0 + metric[$1] * T[$1][$1] }
      // ¼ spins, e⁴ε², flux 2s, two-body phase space (1 - x)/(16π) d cos θ.
      let e4 = 16 * Double.pi * Double.pi * alpha * alpha
      let s = process.collisionEnergy * process.collisionEnergy
      let expected =
        0.25 * e4 * squared / (2 * s) * (1 - mass * mass / s) / (16 * .pi)
        * .hbarCSquared_GeV2pb
      let found = process.differentialCrossSection(cosine: c)
      #expect(abs(found / expected - 1) < 1e-9, "\(mass) GeV, cos \(c)")
    }
  }

  @Test("σ between cosines is the integral of dσ/d cos θ", .tags(.identity), arguments: masses)
  func integral(mass: Double) throws {
    let process = try process(mass)
    let sum = GaussLegendre(order: 40).integrate(from: -0.4, to: 0.6) {
      process.differentialCrossSection(cosine: $0)
    }
    #expect(abs(process.crossSection(cosines: -0.4...0.6) / sum - 1) < 1e-12)
  }

  @Test(
    "events balance, weigh their cross section and carry the spin state of traces", .tags(.identity)
  )
  func events() throws {
    let events = ColumnBatch(columns: EventColumn.count)
    let n = BatchLayout.capacity
    let base = events.base
    for mass in Self.masses {
      let process = try process(mass)
      let betaGamma = 0.56
      let boost = betaGamma + (1 + betaGamma * betaGamma).squareRoot()
      process.fill(
        events, count: n, cosines: -0.9...0.6, betaGamma: betaGamma,
        stream: RandomStream(seed: 1, purpose: .test, point: 40, batch: 0))
      var mean = 0.0
      for i in 0..<n {
        mean += base[EventColumn.weight + i] / Double(n)
        guard i < 50 else { continue }
        // Back in the centre of mass.
        let l = FourMomentum(
          energy: 0, x: base[EventColumn.recoilX + i], y: base[EventColumn.recoilY + i],
          z: base[EventColumn.recoilZ + i])
        let energy = (l.x * l.x + l.y * l.y + l.z * l.z).squareRoot()
        let (plus, minus) = ((energy + l.z) / boost, (energy - l.z) * boost)
        let cosine = (plus - minus) / (plus + minus)
        let across = (l.x * l.x + l.y * l.y).squareRoot()
        #expect(abs((plus + minus) / (2 * process.photonEnergy) - 1) < 1e-9)
        let (p1, p2, q, k, v) = momenta(
          process, cosine: cosine, phi: (l.y / across, l.x / across))
        let T = tensor(electron: p1, positron: p2, photon: q, mediator: k, polarisations: v)
        let kPlus = base[EventColumn.mediatorPlus + i] / boost
        #expect(abs(kPlus / (k.energy + k.z) - 1) < 1e-9)
        // The light-front axes as four-vectors.
        let axes = [
          FourMomentum(energy: k.x / kPlus, x: 1, y: 0, z: -k.x / kPlus),
          FourMomentum(energy: k.y / kPlus, x: 0, y: 1, z: -k.y / kPlus),
          FourMomentum(
            energy: k.energy / mass - mass / kPlus, x: k.x / mass, y: k.y / mass,
            z: k.z / mass + mass / kPlus),
        ]
        func element(_ a: Int, _ b: Int) -> Double {
          var sum = 0.0
          for mu in 0..<4 {
            for nu in 0..<4 {
              sum +=
                metric[mu] * metric[nu] * axes[a].components[mu] * axes[b].components[nu]
                * T[mu][nu]
            }
          }
          return sum
        }
        let trace = element(0, 0) + element(1, 1) + element(2, 2)
        let found = [
          EventColumn.densityXX, EventColumn.densityXY, EventColumn.densityXZ,
          EventColumn.densityYY, EventColumn.densityYZ,
        ].map { base[$0 + i] }
        let expected = [element(0, 0), element(0, 1), element(0, 2), element(1, 1), element(1, 2)]
        for (a, b) in zip(found, expected) {
          // 1e-5: the sum over traces loses (E/m)² of its digits in the longitudinal axis.
          #expect(abs(a - b / trace) < (mass < 0.1 ? 1e-5 : 1e-9), "\(mass) GeV")
        }
      }
      // Photons evenly in artanh cos θ: weights within a few per cent of one another.
      #expect(abs(mean / process.crossSection(cosines: -0.9...0.6) - 1) < 0.01, "\(mass) GeV")
    }
  }

  @Test("no A' as heavy as the collision, and hardly any just below", .tags(.unit))
  func threshold() throws {
    #expect(PhotonAssociatedProduction(collisionEnergy: 10, mediatorMass: 10) == nil)
    let process = try #require(
      PhotonAssociatedProduction(collisionEnergy: 10, mediatorMass: 10.0.nextDown))
    #expect(process.photonEnergy > 0 && process.crossSection(cosines: -0.4...0.6).isFinite)
  }
}

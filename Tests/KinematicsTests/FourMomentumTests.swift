import Foundation
import Kinematics
import Sampling
import Testing

@Suite("Boosts and angles of four-momenta") struct FourMomentumTests {
  private struct Draw {
    var stream = RandomStream(seed: 8, purpose: .test, point: 2, batch: 0)

    mutating func momentum(mass: Double, scale: Double) -> FourMomentum {
      FourMomentum(
        mass: mass, x: stream.uniform(in: -scale...scale), y: stream.uniform(in: -scale...scale),
        z: stream.uniform(in: -scale...scale))
    }
  }

  private func reversed(_ p: FourMomentum) -> FourMomentum {
    FourMomentum(energy: p.energy, x: -p.x, y: -p.y, z: -p.z)
  }

  @Test("boosting from a frame and from its opposite restores the momentum", .tags(.unit))
  func inverse() {
    var draw = Draw()
    for scale in [0.1, 3, 50] {
      for _ in 0..<500 {
        let frame = draw.momentum(mass: 0.5, scale: scale)
        let p = draw.momentum(mass: 0.14, scale: 0.3)
        let back = p.boosted(from: frame, mass: 0.5).boosted(from: reversed(frame), mass: 0.5)
        let gamma = frame.energy / 0.5
        // Energies of γ² cancel on the way back: 1e-15 · γ² · some.
        let tolerance = 4e-15 * gamma * gamma
        #expect(abs(back.energy - p.energy) < tolerance && abs(back.x - p.x) < tolerance)
        #expect(abs(back.y - p.y) < tolerance && abs(back.z - p.z) < tolerance)
      }
    }
  }

  @Test("products are invariant, and the frame's own momentum at rest becomes the frame's")
  func invariants() {
    var draw = Draw()
    for _ in 0..<500 {
      let frame = draw.momentum(mass: 0.5, scale: 5)
      let (p, q) = (draw.momentum(mass: 0.14, scale: 0.3), draw.momentum(mass: 0, scale: 0.3))
      let (a, b) = (p.boosted(from: frame, mass: 0.5), q.boosted(from: frame, mass: 0.5))
      // 1e-12: products of energies up to γ² = 10³ times theirs.
      #expect(abs(a.dot(b) - p.dot(q)) < 1e-12)
      #expect(abs(a.invariantMassSquared - 0.14 * 0.14) < 1e-12)
      // Against the frame: p_a · P = m E_p.
      #expect(abs(a.dot(frame) - 0.5 * p.energy) < 1e-12)
      let rest = FourMomentum(mass: 0.5, x: 0, y: 0, z: 0).boosted(from: frame, mass: 0.5)
      #expect(rest == frame || abs(rest.z - frame.z) < 1e-14 * frame.energy)
    }
  }

  @Test("a boost from a frame at rest changes nothing", .tags(.limit))
  func rest() {
    let p = FourMomentum(mass: 0.2, x: 0.1, y: -0.3, z: 0.7)
    #expect(p.boosted(from: FourMomentum(mass: 2, x: 0, y: 0, z: 0), mass: 2) == p)
  }

  @Test("the angle is the one that was put in, from 1e-12 to nearly π", .tags(.unit))
  func angles() {
    for angle in [1e-12, 1e-9, 1e-6, 1e-3, 0.1, 1, 2, 3, 3.141] {
      for turn in [0.0, 0.3, 1.9, 4.4] {
        let a = FourMomentum(mass: 0.1, x: 0, y: 0, z: 20)
        let b = FourMomentum(
          mass: 0.3, x: 7 * sin(angle) * cos(turn), y: 7 * sin(angle) * sin(turn), z: 7 * cos(angle)
        )
        // 1e-15 in each direction's components, over what tan of half the angle leaves near π.
        let tolerance = 4e-15 * max(angle, 1 / (4 - angle)) + 2e-16
        #expect(abs(a.angle(to: b) - angle) < tolerance, "\(angle): \(a.angle(to: b) - angle)")
        #expect(a.angle(to: b) == b.angle(to: a))
      }
    }
  }

  @Test("small angles off the axis against the exact cross product", .tags(.property))
  func offAxis() {
    var draw = Draw()
    for _ in 0..<500 {
      let (dx, dy) = (
        draw.stream.uniform(in: -1e-3...1e-3), draw.stream.uniform(in: -1e-3...1e-3)
      )
      let a = draw.momentum(mass: 0.1, scale: 10)
      let b = FourMomentum(mass: 0.1, x: a.x + dx, y: a.y + dy, z: a.z)
      let cross = (
        a.y * 0 - a.z * dy, a.z * dx - a.x * 0, a.x * dy - a.y * dx
      )
      let sine =
        (cross.0 * cross.0 + cross.1 * cross.1 + cross.2 * cross.2).squareRoot()
        / (a.momentum * b.momentum)
      // 1e-14: components of unit vectors carry 10⁻¹⁶, and their differences keep it.
      let dot = a.x * b.x + a.y * b.y + a.z * b.z
      #expect(abs(a.angle(to: b) - atan2(sine, dot / (a.momentum * b.momentum))) < 1e-14)
    }
  }
}

import Foundation
import Kinematics

/// A complex number.
struct Complex: Sendable, Equatable {
  var re: Double
  var im: Double

  init(_ re: Double, _ im: Double = 0) {
    self.re = re
    self.im = im
  }

  var conjugate: Complex { Complex(re, -im) }
  var squaredModulus: Double { re * re + im * im }

  static func + (a: Complex, b: Complex) -> Complex { Complex(a.re + b.re, a.im + b.im) }
  static func - (a: Complex, b: Complex) -> Complex { Complex(a.re - b.re, a.im - b.im) }
  static func * (a: Complex, b: Complex) -> Complex {
    Complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
  }
}

/// A 4 × 4 matrix on Dirac spinors, in the Dirac representation.
struct DiracMatrix: Sendable {
  /// `elements[4 * row + column]`.
  var elements: [Complex]

  static let zero = DiracMatrix(elements: .init(repeating: Complex(0), count: 16))

  /// A multiple of the unit matrix.
  static func scalar(_ value: Double) -> DiracMatrix {
    var matrix = zero
    for i in 0..<4 { matrix.elements[5 * i] = Complex(value) }
    return matrix
  }

  /// γ⁰, γ¹, γ², γ³ with upper indices.
  static let gamma: [DiracMatrix] = {
    let i = Complex(0, 1)
    let (one, minus, none) = (Complex(1), Complex(-1), Complex(0))
    let sigma = [
      [none, one, one, none], [none, Complex(0, -1), i, none], [one, none, none, minus],
    ]
    var time = zero
    for (index, sign) in [one, one, minus, minus].enumerated() { time.elements[5 * index] = sign }
    return [time]
      + sigma.map { s in
        var matrix = zero
        for row in 0..<2 {
          for column in 0..<2 {
            matrix.elements[4 * row + column + 2] = s[2 * row + column]
            matrix.elements[4 * (row + 2) + column] = none - s[2 * row + column]
          }
        }
        return matrix
      }
  }()

  /// p̸ = p_μ γ^μ.
  static func slash(_ p: FourMomentum) -> DiracMatrix {
    p.energy * gamma[0] - p.x * gamma[1] - p.y * gamma[2] - p.z * gamma[3]
  }

  static func + (a: DiracMatrix, b: DiracMatrix) -> DiracMatrix {
    DiracMatrix(elements: zip(a.elements, b.elements).map { $0 + $1 })
  }

  static func - (a: DiracMatrix, b: DiracMatrix) -> DiracMatrix { a + (-1) * b }

  static func * (factor: Double, a: DiracMatrix) -> DiracMatrix {
    DiracMatrix(elements: a.elements.map { Complex(factor) * $0 })
  }

  static func * (a: DiracMatrix, b: DiracMatrix) -> DiracMatrix {
    var product = zero
    for row in 0..<4 {
      for column in 0..<4 {
        var sum = Complex(0)
        for k in 0..<4 { sum = sum + a.elements[4 * row + k] * b.elements[4 * k + column] }
        product.elements[4 * row + column] = sum
      }
    }
    return product
  }

  static func * (a: DiracMatrix, spinor: [Complex]) -> [Complex] {
    (0..<4).map { row in
      (0..<4).reduce(Complex(0)) { $0 + a.elements[4 * row + $1] * spinor[$1] }
    }
  }

  var trace: Complex { (0..<4).reduce(Complex(0)) { $0 + elements[5 * $1] } }
}

/// The two spinors u(p) of a fermion of mass m, normalised to ūu = 2m: (p̸ + m)χ/√(E + m).
func spinors(_ p: FourMomentum, mass: Double) -> [[Complex]] {
  let projector = (1 / (p.energy + mass).squareRoot()) * (.slash(p) + .scalar(mass))
  return (0..<2).map { spin in
    projector * (0..<4).map { Complex($0 == spin ? 1 : 0) }
  }
}

/// ū M u.
func sandwich(_ bar: [Complex], _ matrix: DiracMatrix, _ u: [Complex]) -> Complex {
  let v = DiracMatrix.gamma[0] * (matrix * u)
  return (0..<4).reduce(Complex(0)) { $0 + bar[$1].conjugate * v[$1] }
}

/// The metric's diagonal.
let metric: [Double] = [1, -1, -1, -1]

extension FourMomentum {
  /// The components with upper indices.
  var components: [Double] { [energy, x, y, z] }

  /// A four-vector from its components.
  init(_ c: [Double]) { self.init(energy: c[0], x: c[1], y: c[2], z: c[3]) }
}

/// The amplitudes ū′ Γ^μ u of A′ radiation with v in place of the photon, for each pair of spins:
///
///     Γ^μ = γ^μ (p̸′+k̸+m) v̸/s̃ + v̸ (p̸-k̸+m) γ^μ/ũ
///
/// as `currents[spin pair][μ]`, upper index, written out with matrices and spinors.
func radiationCurrents(
  p: FourMomentum, pPrime: FourMomentum, k: FourMomentum, v: FourMomentum, mass m: Double
) -> [[Complex]] {
  let s = 2 * pPrime.dot(k) + k.dot(k)
  let u = k.dot(k) - 2 * p.dot(k)
  let vSlash = DiracMatrix.slash(v)
  let late = (1 / s) * ((.slash(pPrime + k) + .scalar(m)) * vSlash)
  let early = (1 / u) * (vSlash * (.slash(p - k) + .scalar(m)))
  let vertices = DiracMatrix.gamma.map { $0 * late + early * $0 }
  return spinors(pPrime, mass: m).flatMap { bar in
    spinors(p, mass: m).map { spinor in vertices.map { sandwich(bar, $0, spinor) } }
  }
}

/// ½ Σ_spins |r_μ J^μ|² of currents and a real vector.
func squaredProjection(_ currents: [[Complex]], on r: FourMomentum) -> Double {
  0.5
    * currents.reduce(0) { sum, J in
      let amplitude = (0..<4).reduce(Complex(0)) { index, mu in
        index + Complex(metric[mu] * r.components[mu]) * J[mu]
      }
      return sum + amplitude.squaredModulus
    }
}

/// -½ Σ_spins J_μ J^μ*.
func contraction(_ currents: [[Complex]]) -> Double {
  -0.5
    * currents.reduce(0) { sum, J in
      sum + (0..<4).reduce(0) { $0 + metric[$1] * J[$1].squaredModulus }
    }
}

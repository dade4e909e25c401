/// A stiff-safe integrator of small systems of ordinary differential equations: Radau IIA of order 5, three stages, with
/// adaptive steps by step doubling.
///
/// L-stable: components that relax much faster than a step are damped, not followed. Each step is solved by Newton's iteration with
/// the system's Jacobian; a step taken whole and as two halves gives the error, and the difference extrapolates the result.
///
/// Source: E. Hairer, G. Wanner, *Solving Ordinary Differential Equations II*, § IV.5, Table 5.6.
public struct RadauIntegrator: Sendable {
  /// The relative error allowed in a step, per component.
  public var relativeTolerance: Double
  /// The absolute error allowed in a step, per component.
  public var absoluteTolerance: Double

  /// An integrator with its tolerances.
  public init(relativeTolerance: Double, absoluteTolerance: Double) {
    precondition(
      relativeTolerance >= 0 && absoluteTolerance >= 0 && relativeTolerance + absoluteTolerance > 0,
      "one tolerance at least is above zero")
    self.relativeTolerance = relativeTolerance
    self.absoluteTolerance = absoluteTolerance
  }

  /// The right-hand side of a system `y′ = f(t, y)` and its Jacobian `∂f_i/∂y_j`, row by row, written into `rate` and `jacobian`.
  public typealias System = (
    _ t: Double, _ y: [Double], _ rate: inout [Double], _ jacobian: inout [Double]
  ) -> Void

  /// What went wrong in an integration.
  public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The step became too small to move at `t`.
    case stepTooSmall(at: Double)
    /// The number of steps was used up at `t`.
    case tooManySteps(at: Double)

    /// What happened, and where.
    public var description: String {
      switch self {
      case .stepTooSmall(let t): "the step becomes too small to move at \(t)"
      case .tooManySteps(let t): "the number of steps is used up at \(t)"
      }
    }
  }

  private static let root6 = 6.0.squareRoot()
  private static let nodes = [(4 - root6) / 10, (4 + root6) / 10, 1.0]
  /// The stage weights, `weights[3 i + j]`.
  private static let weights = [
    (88 - 7 * root6) / 360, (296 - 169 * root6) / 1800, (-2 + 3 * root6) / 225,
    (296 + 169 * root6) / 1800, (88 + 7 * root6) / 360, (-2 - 3 * root6) / 225,
    (16 - root6) / 36, (16 + root6) / 36, 1.0 / 9,
  ]

  /// Integrates from `start` to `end`.
  ///
  /// - Parameters:
  ///   - firstStep: a guess of the first step.
  ///   - observe: called at the start and after each accepted step.
  /// - Returns: y at `end`.
  public func integrate(
    _ equations: System, from start: Double, to end: Double, initial: [Double], firstStep: Double,
    observe: (_ t: Double, _ y: [Double]) -> Void = { _, _ in }
  ) throws(Failure) -> [Double] {
    var t = start
    var y = initial
    var step = min(firstStep, end - start)
    var work = Workspace(size: initial.count)
    var (whole, half, twoHalves) = (initial, initial, initial)
    observe(t, y)
    for _ in 0..<100_000 {
      if t >= end { return y }
      step = min(step, end - t)
      guard step > 1e-14 * max(abs(t), abs(end - start)) else {
        if end - t <= 1e-13 * max(abs(t), abs(end - start)) { return y }
        throw .stepTooSmall(at: t)
      }
      guard Self.step(equations, t, y, step, &work, &whole),
        Self.step(equations, t, y, step / 2, &work, &half),
        Self.step(equations, t + step / 2, half, step / 2, &work, &twoHalves)
      else {
        step /= 4
        continue
      }
      var error = 0.0
      for i in y.indices {
        let scale =
          absoluteTolerance + relativeTolerance * max(abs(y[i]), abs(twoHalves[i]))
        error = max(error, abs(twoHalves[i] - whole[i]) / 31 / scale)
      }
      let growth = error > 0 ? 0.9 * Elementary.exp(-Elementary.log(error) / 6) : 4
      if error <= 1 {
        t += step
        // Order 5: two halves leave 1/31 of the difference.
        for i in y.indices { y[i] = twoHalves[i] + (twoHalves[i] - whole[i]) / 31 }
        observe(t, y)
      }
      step *= min(4, max(0.2, growth))
    }
    throw .tooManySteps(at: t)
  }

  /// What a step works in, made once an integration.
  private struct Workspace {
    let n: Int
    var z: [Double]
    var point: [Double]
    var rate: [Double]
    var jacobian: [Double]
    var residual: [Double]
    var matrix: [Double]

    init(size n: Int) {
      self.n = n
      z = [Double](repeating: 0, count: 3 * n)
      point = [Double](repeating: 0, count: n)
      rate = point
      jacobian = [Double](repeating: 0, count: n * n)
      residual = z
      matrix = [Double](repeating: 0, count: 9 * n * n)
    }
  }

  /// One step into `result`, or `false` when Newton's iteration does not converge.
  private static func step(
    _ equations: System, _ t: Double, _ y: [Double], _ h: Double, _ work: inout Workspace,
    _ result: inout [Double]
  ) -> Bool {
    let n = work.n
    let size = 3 * n
    for k in 0..<size { work.z[k] = 0 }
    var lastChange = Double.infinity
    for iteration in 0..<12 {
      guard linearise(equations, t, y, h, &work) else { return false }
      guard LinearSystem.solve(&work.matrix, &work.residual) else { return false }
      var largest = 0.0
      for k in 0..<size {
        work.z[k] -= work.residual[k]
        largest = max(largest, abs(work.residual[k]) / (abs(y[k % n]) + abs(work.z[k]) + 1e-300))
      }
      // With the Jacobian made anew each time, the error left is of the order of the change squared.
      if largest < 1e-8 {
        for k in 0..<n { result[k] = y[k] + work.z[2 * n + k] }
        return true
      }
      if iteration > 3 && largest >= lastChange { return false }
      lastChange = largest
    }
    return false
  }

  /// The residual `z_i - h Σ_j a_ij f_j` and its derivative at the current stages; `false` when f is not finite there.
  private static func linearise(
    _ equations: System, _ t: Double, _ y: [Double], _ h: Double, _ work: inout Workspace
  ) -> Bool {
    let n = work.n
    let size = 3 * n
    for k in 0..<size * size { work.matrix[k] = 0 }
    for k in 0..<size {
      work.residual[k] = work.z[k]
      work.matrix[k * size + k] = 1
    }
    for j in 0..<3 {
      for k in 0..<n { work.point[k] = y[k] + work.z[j * n + k] }
      equations(t + nodes[j] * h, work.point, &work.rate, &work.jacobian)
      for i in 0..<3 {
        let weight = h * weights[3 * i + j]
        for row in 0..<n {
          work.residual[i * n + row] -= weight * work.rate[row]
          for column in 0..<n {
            work.matrix[(i * n + row) * size + j * n + column] -=
              weight * work.jacobian[row * n + column]
          }
        }
      }
    }
    return work.residual.allSatisfy(\.isFinite) && work.matrix.allSatisfy(\.isFinite)
  }
}

/// Small dense systems of linear equations.
enum LinearSystem {
  /// Replaces `right` by x with `matrix x = right`, by elimination with pivoting; `false` for a singular matrix.
  /// `matrix[row * n + column]` is used up.
  static func solve(_ matrix: inout [Double], _ right: inout [Double]) -> Bool {
    let n = right.count
    for column in 0..<n {
      var pivot = column
      for row in column..<n
      where abs(matrix[row * n + column]) > abs(matrix[pivot * n + column]) { pivot = row }
      guard matrix[pivot * n + column] != 0 else { return false }
      if pivot != column {
        for k in 0..<n { matrix.swapAt(pivot * n + k, column * n + k) }
        right.swapAt(pivot, column)
      }
      var row = column + 1
      while row < n {
        let factor = matrix[row * n + column] / matrix[column * n + column]
        for k in column..<n { matrix[row * n + k] -= factor * matrix[column * n + k] }
        right[row] -= factor * right[column]
        row += 1
      }
    }
    for row in stride(from: n - 1, through: 0, by: -1) {
      var k = row + 1
      while k < n {
        right[row] -= matrix[row * n + k] * right[k]
        k += 1
      }
      right[row] /= matrix[row * n + row]
    }
    return true
  }
}

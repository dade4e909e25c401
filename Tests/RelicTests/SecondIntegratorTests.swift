import Calculus
import DarkSector
import Foundation
import Relic
import Testing

/// The freeze-out equation d ln Y/du = K (Y_eq²/Y - Y), u = ln x, by GSL's stiff solvers. Arguments: a table of
/// u, ln K, ln Y_eq; the name of the stepper. Prints ln Y at the end.
private let program = """
  #include <stdio.h>
  #include <stdlib.h>
  #include <string.h>
  #include <math.h>
  #include <gsl/gsl_errno.h>
  #include <gsl/gsl_odeiv2.h>
  #include <gsl/gsl_spline.h>

  typedef struct { gsl_spline *k, *y; gsl_interp_accel *a, *b; } tables;

  static double first, last;

  static void terms(double u, double w, tables *t, double *gain, double *loss) {
    /* A stage may lie an ulp beyond the end. */
    u = fmin(fmax(u, first), last);
    double k = gsl_spline_eval(t->k, u, t->a), y = gsl_spline_eval(t->y, u, t->b);
    *gain = exp(k + 2 * y - w);
    *loss = exp(k + w);
  }

  static int rate(double u, const double w[], double f[], void *p) {
    double gain, loss;
    terms(u, w[0], p, &gain, &loss);
    f[0] = gain - loss;
    return GSL_SUCCESS;
  }

  static int jacobian(double u, const double w[], double *dfdw, double dfdu[], void *p) {
    double gain, loss, plus[1], minus[1], h = 1e-6;
    terms(u, w[0], p, &gain, &loss);
    dfdw[0] = -gain - loss;
    rate(u - h, w, minus, p);
    rate(u, w, plus, p);
    dfdu[0] = (plus[0] - minus[0]) / h;
    return GSL_SUCCESS;
  }

  int main(int count, char **arguments) {
    static double u[200000], k[200000], y[200000];
    size_t n = 0;
    FILE *file = fopen(arguments[1], "r");
    if (count < 3 || !file) return 2;
    while (n < 200000 && fscanf(file, "%lf %lf %lf", u + n, k + n, y + n) == 3) n++;
    tables t = {
      gsl_spline_alloc(gsl_interp_steffen, n), gsl_spline_alloc(gsl_interp_steffen, n),
      gsl_interp_accel_alloc(), gsl_interp_accel_alloc()};
    gsl_spline_init(t.k, u, k, n);
    gsl_spline_init(t.y, u, y, n);
    first = u[0];
    last = u[n - 1];
    gsl_odeiv2_system system = {rate, jacobian, 1, &t};
    const gsl_odeiv2_step_type *type =
      strcmp(arguments[2], "msbdf") ? gsl_odeiv2_step_bsimp : gsl_odeiv2_step_msbdf;
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(&system, type, 1e-6, 1e-9, 0);
    double at = u[0], w[1] = {y[0]};
    int status = gsl_odeiv2_driver_apply(driver, &at, u[n - 1], w);
    if (status != GSL_SUCCESS) {
      fprintf(stderr, "%s at u = %g\\n", gsl_strerror(status), at);
      return 3;
    }
    printf("%.15g\\n", w[0]);
    return 0;
  }
  """

private struct Failed: Error, CustomStringConvertible { let description: String }

/// Runs a command and returns its output.
private func run(_ command: [String], hint: String = "") throws -> String {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  let (output, error) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = error
  try process.run()
  let text = output.fileHandleForReading.readDataToEndOfFile()
  let complaint = error.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw Failed(
      description: "\(command[0]) ended with \(process.terminationStatus). \(hint)\n"
        + String(decoding: complaint, as: UTF8.self))
  }
  return String(decoding: text, as: UTF8.self)
}

/// The equation's coefficients at many u, made anew from what the room offers in public: no table of ours lies between.
private func coefficients(_ point: ModelPoint, alphaD: Double, epsilonSquared: Double) -> String {
  let annihilation = Coannihilation(
    point, alphaD: alphaD, epsilonSquared: 0, settings: RelicSettings())
  let (m1, m2) = (point.chi1Mass, point.chi2Mass)
  let count = 6000
  var text = ""
  for i in 0...count {
    let u = log(2) + Double(i) / Double(count) * log(1e7 / 2)
    let T = m1 * exp(-u)
    // n₁ without e^{-m₁/T}.
    func density(_ m: Double) -> Double { m * m * T * BesselK.scaled2(m / T) / (.pi * .pi) }
    let (n1, n2) = (density(m1), density(m2) * exp(-(m2 - m1) / T))
    let share = density(m2) / density(m1)
    let logShare = log(share) - (m2 - m1) / T - 2 * log1p(share * exp(-(m2 - m1) / T))
    let entropy = 2 * Double.pi * .pi / 45 * DegreesOfFreedom.entropy(at: T) * T * T * T
    let planck = 1.220_890e19
    let logK =
      log((Double.pi / 45).squareRoot() * planck * DegreesOfFreedom.rootGStar(at: T) * T)
      + log(2 * annihilation.average(at: T) * alphaD * epsilonSquared) + logShare
    text += "\(u) \(logK) \(log((n1 + n2) / entropy) - m1 / T)\n"
  }
  return text
}

@Suite("A second integrator") struct SecondIntegratorTests {
  @Test(
    "GSL's stiff solvers find the same abundance", .tags(.identity),
    arguments: [(0.03, 0.1, 3), (0.1, 0.4, 3), (0.1, 0.0, 2.1), (1.0, 0.2, 3), (20, 0.1, 2.5)])
  func gsl(m1: Double, splitting: Double, mediator: Double) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

    let point = try modelPoint(m1, splitting, mediator: mediator)
    let epsilon = try RelicSettings().coupling(point, alphaD: 0.1).epsilon
    let epsilonSquared = epsilon * epsilon
    let ours = try RelicSettings().freezeOut(point, alphaD: 0.1)
      .finalLogYield(epsilonSquared: epsilonSquared)
    try program.write(toFile: path("freeze-out.c"), atomically: true, encoding: .utf8)
    try coefficients(point, alphaD: 0.1, epsilonSquared: epsilonSquared)
      .write(toFile: path("table"), atomically: true, encoding: .utf8)
    _ = try run(
      [
        "clang", "-O2", path("freeze-out.c"), "-o", path("freeze-out"), "-lgsl", "-lgslcblas",
        "-lm",
      ],
      hint: "This test needs the GNU Scientific Library: install the package libgsl-dev.")
    for solver in ["msbdf", "bsimp"] {
      let text = try run([path("freeze-out"), path("table"), solver])
      let theirs = try #require(Double(text.trimmingCharacters(in: .whitespacesAndNewlines)))
      // 1e-6: 4.4e-7 at the worst point here; the integrator's own tolerance is 1e-7 a step.
      #expect(abs(ours - theirs) < 1e-6, "\(solver): \(ours - theirs)")
    }
  }
}

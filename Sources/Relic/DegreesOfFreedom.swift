import Calculus
import Tables

/// The relativistic degrees of freedom of the Standard Model against temperature.
///
/// Valid for 2·10⁻⁵ GeV < T < 1.2·10⁴ GeV, constant beyond; monotone cubics in ln T between the table's points.
///
/// Source: the tables of arXiv:2410.00881; definitions of P. Gondolo, G. Gelmini, Nucl. Phys. B 360, 145 (1991).
public enum DegreesOfFreedom {
  /// `g_*^{1/2} = h_eff/√g_eff (1 + ⅓ d ln h_eff/d ln T)` at a temperature in GeV.
  public static func rootGStar(at temperature: Double) -> Double {
    tables.rootGStar(Elementary.log(temperature))
  }

  /// h_eff, of the entropy density `s = 2π²/45 h_eff T³`.
  public static func entropy(at temperature: Double) -> Double {
    tables.entropy(Elementary.log(temperature))
  }

  /// g_eff, of the energy density `ρ = π²/30 g_eff T⁴`.
  public static func energy(at temperature: Double) -> Double {
    tables.energy(Elementary.log(temperature))
  }

  /// The table as it stands in the data file.
  public static let table: NumericTable = {
    let text = String(
      decoding: PackageResources.relativistic_degrees_of_freedom_csv, as: UTF8.self)
    do {
      return try NumericTable(parsing: text)
    } catch {
      preconditionFailure("the embedded table of degrees of freedom does not parse: \(error)")
    }
  }()

  private static let tables:
    (rootGStar: MonotoneInterpolant, entropy: MonotoneInterpolant, energy: MonotoneInterpolant) = {
      func column(_ name: String) -> [Double] {
        guard let column = table.column(name) else {
          preconditionFailure("the embedded table of degrees of freedom lacks \(name)")
        }
        return column
      }
      let x = column("T_GeV").map(Elementary.log)
      return (
        MonotoneInterpolant(x: x, y: column("g_star_sqrt")),
        MonotoneInterpolant(x: x, y: column("h_eff")), MonotoneInterpolant(x: x, y: column("g_eff"))
      )
    }()
}

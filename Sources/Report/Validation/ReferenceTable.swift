import Tables

/// The tables of the independent reference calculations, embedded with their provenance.
package enum ReferenceTable: String, CaseIterable, Sendable {
  case production = "production-muon-beryllium"
  case productionSecondMethod = "production-second-method"
  case kinematicsQuantiles = "kinematics-quantiles-muon-beryllium"
  case kinematicsMeans = "kinematics-means-muon-beryllium"
  case decays
  case yields
  case contour
  case relic
  case singlePhotonSecondMethod = "single-photon-second-method"

  /// The text as it stands in the file.
  package var text: String {
    let bytes =
      switch self {
      case .production: PackageResources.production_muon_beryllium_csv
      case .productionSecondMethod: PackageResources.production_second_method_csv
      case .kinematicsQuantiles: PackageResources.kinematics_quantiles_muon_beryllium_csv
      case .kinematicsMeans: PackageResources.kinematics_means_muon_beryllium_csv
      case .decays: PackageResources.decays_csv
      case .yields: PackageResources.yields_csv
      case .contour: PackageResources.contour_csv
      case .relic: PackageResources.relic_csv
      case .singlePhotonSecondMethod: PackageResources.single_photon_second_method_csv
      }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The table.
  ///
  /// - Throws: ``TableError``; a test makes sure that none does.
  package func parsed() throws(TableError) -> NumericTable { try NumericTable(parsing: text) }

  /// The rows as dictionaries from column names to numbers.
  func records() throws -> [ReferenceRecord] {
    let table = try parsed()
    return table.rows.map { row in
      ReferenceRecord(
        table: rawValue,
        numbers: Dictionary(zip(table.columnNames, row)) { first, _ in first })
    }
  }
}

/// One row of a reference table.
struct ReferenceRecord: Sendable {
  let table: String
  let numbers: [String: Double]

  /// The number in a column.
  ///
  /// - Throws: ``MissingColumn``.
  func number(_ column: String) throws(MissingColumn) -> Double {
    guard let number = numbers[column] else { throw MissingColumn(table: table, column: column) }
    return number
  }
}

/// A column that a reference table lacks.
struct MissingColumn: Error, Sendable, CustomStringConvertible {
  let table: String
  let column: String

  /// What is missing.
  var description: String { "the reference table \(table) has no column \(column)" }
}

import Formats
import Reach
import Units

/// The points of a scan in their order: a product of axes, the first of which changes slowest, or the rows of a table.
///
///     let space = try ScanSpace(card.plan.scan, table: nil)
///     let settings = space.settings(of: 7)  // [(key: "model.m1_GeV", value: "0.3"), …]
public struct ScanSpace: Sendable, Hashable {
  /// The paths of the keys that the points change.
  public let keys: [String]
  /// The names of their columns in results.
  public let columns: [String]
  /// How many points there are.
  public let count: Int
  let content: Content

  enum Content: Sendable, Hashable {
    case product([[String]])
    case rows([[String]])
  }

  /// The most points of one scan.
  public static let mostPoints = 10_000_000

  /// The points of a card's scan.
  ///
  /// - Parameter table: the table that the card names, already read.
  /// - Throws: ``ScanError/tooManyPoints(_:)``.
  public init(_ settings: ScanSettings, table: ScanRows? = nil) throws(ScanError) {
    if let table {
      keys = table.columns
      columns = table.columns
      content = .rows(table.rows)
      count = table.rows.count
    } else {
      let axes = settings.axes.isEmpty ? Self.grid(settings) : settings.axes
      keys = axes.map(\.key)
      // Those of the card's own lists are called as there; others by their paths.
      columns = settings.axes.isEmpty ? axes.map { Self.shortName($0.key) } : keys
      content = .product(axes.map(\.values))
      var product = 1
      for axis in axes {
        let (next, isOver) = product.multipliedReportingOverflow(by: axis.values.count)
        guard !isOver, next <= Self.mostPoints else { throw .tooManyPoints(axes) }
        product = next
      }
      count = product
    }
    guard count <= Self.mostPoints else { throw .tooManyPoints([]) }
  }

  private static func grid(_ settings: ScanSettings) -> [ScanAxis] {
    func axis(_ key: String, _ values: [Double]) -> ScanAxis {
      ScanAxis(key: key, values: values.map { ShortestNumber.text($0) })
    }
    return [
      axis("model.m1_GeV", settings.m1), axis("model.splitting_over_m1", settings.splittingOverM1),
    ] + (settings.alphaD.isEmpty ? [] : [axis("model.alpha_D", settings.alphaD)])
      + (settings.luminosity.isEmpty
        ? [] : [ScanAxis(key: "luminosity", values: settings.luminosity.map(\.cardText))])
  }

  private static func shortName(_ key: String) -> String {
    key.split(separator: ".").last.map(String.init) ?? key
  }

  /// The values of a point, in the order of ``keys``.
  public func values(of point: Int) -> [String] {
    precondition((0..<count).contains(point), "there is no such point")
    switch content {
    case .rows(let rows): return rows[point]
    case .product(let axes):
      var rest = point
      var values = [String](repeating: "", count: axes.count)
      for (index, axis) in axes.enumerated().reversed() {
        values[index] = axis[rest % axis.count]
        rest /= axis.count
      }
      return values
    }
  }

  /// What a point changes of the card.
  public func settings(of point: Int) -> [(key: String, value: String)] {
    zip(keys, values(of: point)).map { (key: $0, value: $1) }
  }
}

/// The cells of a table of points: one column a key, one row a point.
public struct ScanRows: Sendable, Hashable {
  /// The paths of keys.
  public var columns: [String]
  /// Values as a card has them, row by row.
  public var rows: [[String]]

  /// A table from its cells, all rows as long as the columns are many.
  public init(columns: [String], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }

  /// A table that was read from a file.
  public init(_ table: ScanTable) {
    columns = table.columnNames
    rows = (0..<table.rowCount).map { table.values(inRow: $0) }
  }
}

import Formats
import Reach
import Units

/// The points of a scan in their order: a product of axes, the first of which changes slowest, or the rows of a table.
///
///     let space = try ScanSpace(card.plan.scan)
///     let settings = space.settings(of: 7)  // [(key: "model.m1_GeV", value: "0.3"), …]
public struct ScanSpace: Sendable, Hashable {
  /// The paths of the keys that the points change.
  public let keys: [String]
  /// The names of their columns in results.
  public let columns: [String]
  /// How many points there are.
  public let count: Int
  private let content: Content

  private enum Content: Sendable, Hashable {
    case product([ScanAxis])
    case rows(PointRows)
  }

  /// The most points of one scan.
  public static let mostPoints = 10_000_000

  /// The points of a card's own lists.
  ///
  /// - Throws: ``ScanError/tooManyPoints(_:)``.
  public init(_ settings: ScanSettings) throws(ScanError) {
    let axes = settings.axes.isEmpty ? Self.grid(settings) : settings.axes
    keys = axes.map(\.key)
    // Those of the card's own lists are called as there; others by their paths.
    columns = settings.axes.isEmpty ? axes.map { Self.shortName($0.key) } : keys
    content = .product(axes)
    var product = 1
    for axis in axes {
      let (next, isOver) = product.multipliedReportingOverflow(by: axis.values.count)
      guard !isOver, next <= Self.mostPoints else { throw .tooManyPoints(axes) }
      product = next
    }
    count = product
  }

  /// The points of a table.
  ///
  /// - Throws: ``ScanError/tooManyPoints(_:)``.
  public init(_ rows: PointRows) throws(ScanError) {
    keys = rows.keys
    columns = rows.keys
    content = .rows(rows)
    count = rows.count
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

  /// The table of points; `nil` where they are a product.
  var rows: PointRows? {
    if case .rows(let rows) = content { rows } else { nil }
  }

  /// The values of a point, in the order of ``keys``.
  public func values(of point: Int) -> [String] {
    cells(of: point, \.values, { $0.values(of: point) })
  }

  /// The values of a point as results show them: a name where the card has all that it stands for.
  public func labels(of point: Int) -> [String] {
    cells(of: point, \.labels, { $0.labels(of: point) })
  }

  private func cells(
    of point: Int, _ texts: (ScanAxis) -> [String], _ row: (PointRows) -> [String]
  ) -> [String] {
    precondition((0..<count).contains(point), "there is no such point")
    switch content {
    case .rows(let rows): return row(rows)
    case .product(let axes):
      var rest = point
      var cells = [String](repeating: "", count: axes.count)
      for (index, axis) in axes.enumerated().reversed() {
        cells[index] = texts(axis)[rest % axis.values.count]
        rest /= axis.values.count
      }
      return cells
    }
  }

  /// What a point changes of the card.
  public func settings(of point: Int) -> [(key: String, value: String)] {
    zip(keys, values(of: point)).map { (key: $0, value: $1) }
  }

  /// Whether all values that results show of a column are numbers that a double has.
  func isNumeric(_ column: Int) -> Bool {
    switch content {
    case .product(let axes): axes[column].labels.allSatisfy(Self.isNumber)
    case .rows(let rows):
      switch rows.columns[column] {
      case .numbers: true
      case .integers(let integers): integers.allSatisfy { $0.magnitude <= 1 << 53 }
      case .booleans: false
      case .texts(let texts): texts.different.allSatisfy(Self.isNumber)
      }
    }
  }

  /// Whether a double has the value: of integers it has those of 53 bits.
  private static func isNumber(_ text: String) -> Bool {
    if let integer = Int64(text) { return integer.magnitude <= 1 << 53 }
    return Double(text)?.isFinite == true && UInt64(text) == nil
  }
}

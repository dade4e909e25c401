import Formats

/// A figure: its data, and two programs that draw them. Nothing is computed here any more.
public protocol Figure: Sendable {
  /// The name of its files, such as `figure-6-reach`.
  var name: String { get }
  /// What it shows, in one line.
  var title: String { get }
  /// What a reader must know, in a few sentences.
  var caption: String { get }
  /// Its data, the first under the figure's own name.
  var tables: [FigureTable] { get }
  /// Width and height on paper in cm.
  var size: (width: Double, height: Double) { get }
  /// The gnuplot commands behind terminal and output, which ``GnuplotScript`` sets.
  var gnuplotBody: String { get }
  /// The Python statements behind imports and reading, which ``MatplotlibScript`` writes.
  var matplotlibBody: String { get }
}

/// One data file of a figure.
public struct FigureTable: Sendable, Hashable {
  /// The file's name without ending.
  public var name: String
  /// The data.
  public var table: DataTable

  /// A data file from its name and its content.
  public init(name: String, table: DataTable) {
    self.name = name
    self.table = table
  }

  /// The file's text: the provenance as comments, a line of column names, the data.
  public func text(_ provenance: Provenance) -> String {
    provenance.headerLines(title: table.title).joined(separator: "\n") + "\n" + table.csv()
  }
}

/// The colours of all figures: told apart by readers with any colour vision, and on a grey print.
///
/// Source: M. Okabe, K. Ito, Color Universal Design (2008).
enum FigureColour {
  static let black = "#000000"
  static let blue = "#0072B2"
  static let vermillion = "#D55E00"
  static let green = "#009E73"
  static let purple = "#CC79A7"
  static let orange = "#E69F00"
  static let sky = "#56B4E9"
  static let grey = "#777777"

  /// Colours for curves in their order.
  static let cycle = [blue, vermillion, green, purple, orange, sky]
}

/// The text of a figure's matplotlib script, for those who restyle: it reads the data files beside it.
public struct MatplotlibScript: Sendable {
  private let figure: any Figure

  /// The script of a figure.
  public init(_ figure: any Figure) {
    self.figure = figure
  }

  /// The script.
  public var text: String {
    let (width, height) = figure.size
    return """
      #!/usr/bin/env python3
      \"\"\"\(figure.title)

      Reads the CSV files in its own folder and writes \(figure.name)-matplotlib.pdf there.
      Needs matplotlib, nothing else.
      \"\"\"
      import csv
      import pathlib

      import matplotlib

      matplotlib.use("Agg")
      import matplotlib.pyplot as plt

      HERE = pathlib.Path(__file__).resolve().parent
      SIZE = (\(width) / 2.54, \(height) / 2.54)  # inches


      def read(name):
          \"\"\"The rows of a data file as dictionaries; what reads as a number is one, what is empty is None.\"\"\"
          def cell(text):
              try:
                  return float(text)
              except ValueError:
                  return text or None

          with open(HERE / name, encoding="utf-8") as file:
              lines = [line for line in file if not line.startswith("#")]
          return [{key: cell(text) for key, text in row.items()} for row in csv.DictReader(lines)]


      def column(rows, key):
          return [row[key] for row in rows]


      def distinct(rows, key):
          return list(dict.fromkeys(row[key] for row in rows))


      \(figure.matplotlibBody)

      figure.savefig(HERE / "\(figure.name)-matplotlib.pdf")

      """
  }
}

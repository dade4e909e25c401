import Formats
import Foundation
import Report
import Testing

/// A figure of one line.
struct StubFigure: Figure {
  var name: String { "figure-0-stub" }
  var title: String { "Fig. 0: a stub & a < sign" }
  var caption: String { "x \"y\" <z>" }
  var tables: [FigureTable] {
    [
      FigureTable(
        name: name, table: DataTable(title: "t", columns: ["x", "y"], rows: [["1", "2"]]))
    ]
  }
  var size: (width: Double, height: Double) { (12.7, 10.16) }
  var gnuplotBody: String { "plot \"\(name).csv\" using \"x\":\"y\"" }
  var matplotlibBody: String { "figure = plt.figure(figsize=SIZE)" }
}

@Suite("Scripts beside a figure")
struct ScriptTests {
  @Test("the gnuplot script draws three formats with relative paths", .tags(.golden))
  func gnuplot() {
    #expect(
      GnuplotScript(StubFigure()).text == """
        # Fig. 0: a stub & a < sign
        # Draw it again, in this folder, with: gnuplot figure-0-stub.gp
        set encoding utf8
        do for [ending in "svg pdf png"] {
          if (ending eq "svg") {
            set terminal svg size 480,384 font "DejaVu Sans,12" linewidth 1.1 background "white" standalone
          }
          if (ending eq "pdf") {
            set terminal pdfcairo size 12.7cm,10.16cm font "DejaVu Sans,9" linewidth 1.5 background "white"
          }
          if (ending eq "png") {
            set terminal pngcairo size 1500,1200 font "DejaVu Sans,9" fontscale 3.125 linewidth 3.4 pointscale 2.6 background "white"
          }
          set output "figure-0-stub.".ending
          reset
          set minussign
          set datafile separator comma
          set datafile columnheaders

          plot "figure-0-stub.csv" using "x":"y"

          unset output
        }

        """)
  }

  @Test(
    "the matplotlib script reads beside itself and writes under a name of its own", .tags(.unit))
  func matplotlib() {
    let text = MatplotlibScript(StubFigure()).text
    #expect(text.contains("SIZE = (12.7 / 2.54, 10.16 / 2.54)"))
    #expect(text.contains("figure-0-stub-matplotlib.pdf"))
    #expect(text.contains("Path(__file__)"))
  }

  @Test("drawing twice gives the same bytes", .tags(.unit), .enabled(if: hasGnuplot()))
  func sameBytes() async throws {
    let folder = try scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path(percentEncoded: false)
    let figure = StubFigure()
    try OutputFile.write("x,y\n1,2\n2,3\n", to: path + "/figure-0-stub.csv")
    try OutputFile.write(GnuplotScript(figure).text, to: path + "/figure-0-stub.gp")
    func drawn() throws -> [Data] {
      try Gnuplot().draw(figure.name, in: path)
      return try ["svg", "pdf", "png"].map {
        try Data(contentsOf: folder.appending(path: "figure-0-stub.\($0)"))
      }
    }
    let first = try drawn()
    // The PDF's clock has a resolution of a second.
    try await Task.sleep(for: .seconds(1.1))
    #expect(try drawn() == first)
  }

  @Test(
    "a script at fault is named with what gnuplot says", .tags(.unit), .enabled(if: hasGnuplot()))
  func fault() throws {
    let folder = try scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path(percentEncoded: false)
    try OutputFile.write("plot nonsense(\n", to: path + "/a.gp")
    #expect {
      try Gnuplot().draw("a", in: path)
    } throws: { error in
      guard case GnuplotError.failed(let script, let message) = error else { return false }
      return script.hasSuffix("a.gp") && !message.isEmpty
    }
  }
}

/// A fresh folder for files.
func scratchFolder() throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}

/// Whether the search path has a gnuplot.
func hasGnuplot() -> Bool {
  (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot")
  }
}

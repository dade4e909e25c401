import Formats
import Foundation

/// The text of a figure's gnuplot script: one file that draws SVG, PDF and PNG with relative paths.
public struct GnuplotScript: Sendable {
  private let figure: any Figure

  /// The script of a figure.
  public init(_ figure: any Figure) {
    self.figure = figure
  }

  /// The font of all figures.
  static let font = "DejaVu Sans"

  /// The script.
  public var text: String {
    let (width, height) = figure.size
    // SVG has 96 units an inch; 300 pixels an inch for PNG.
    let svg = "\(Int((width / 2.54 * 96).rounded())),\(Int((height / 2.54 * 96).rounded()))"
    let png = "\(Int((width / 2.54 * 300).rounded())),\(Int((height / 2.54 * 300).rounded()))"
    let font = Self.font
    return """
      # \(figure.title)
      # Draw it again, in this folder, with: gnuplot \(figure.name).gp
      set encoding utf8
      do for [ending in "svg pdf png"] {
        if (ending eq "svg") {
          set terminal svg size \(svg) font "\(font),12" linewidth 1.1 background "white" standalone
        }
        if (ending eq "pdf") {
          set terminal pdfcairo size \(width)cm,\(height)cm font "\(font),9" linewidth 1.5 background "white"
        }
        if (ending eq "png") {
          set terminal pngcairo size \(png) font "\(font),9" fontscale 3.125 linewidth 3.4 pointscale 2.6 background "white"
        }
        set output "\(figure.name).".ending
        reset
        set minussign
        set datafile separator comma
        set datafile columnheaders

      \(indented(figure.gnuplotBody, by: 2))

        unset output
      }

      """
  }

  private func indented(_ text: String, by spaces: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : String(repeating: " ", count: spaces) + $0 }
      .joined(separator: "\n")
  }
}

/// Runs gnuplot.
public struct Gnuplot: Sendable {
  private let program: String

  /// The gnuplot of the search path, unless another program is named.
  public init(program: String = "gnuplot") {
    self.program = program
  }

  /// Draws a figure whose script and data lie in a folder, and takes from the results what differs from run to run.
  ///
  /// - Throws: ``GnuplotError``, ``FileError``.
  public func draw(_ name: String, in folder: String) throws {
    let process = Process()
    let messages = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program, "\(name).gp"]
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = messages
    do { try process.run() } catch { throw GnuplotError.missing(program) }
    let text = String(
      decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    switch process.terminationStatus {
    case 0: break
    case 127: throw GnuplotError.missing(program)
    default: throw GnuplotError.failed(script: "\(folder)/\(name).gp", message: text)
    }
    for ending in ["svg", "pdf", "png"] {
      let path = "\(folder)/\(name).\(ending)"
      guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int,
        size > 0
      else { throw GnuplotError.failed(script: "\(folder)/\(name).gp", message: text) }
    }
    try settle("\(folder)/\(name).pdf", Self.withoutDate)
    try settle("\(folder)/\(name).svg", Self.withFallbackFonts)
  }

  private func settle(_ path: String, _ change: (Data) -> Data) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(
        "reading", path, because: "it cannot be read", mend: "check the disk")
    }
    var file = try OutputFile(at: path)
    try change(data).withUnsafeBytes { try file.write($0) }
    try file.commit()
  }

  /// The PDF with its time of creation, the only part that changes, set to a constant of the same length.
  static func withoutDate(_ pdf: Data) -> Data {
    var pdf = pdf
    let key = Data("/CreationDate (D:".utf8)
    guard let found = pdf.range(of: key) else { return pdf }
    var position = found.upperBound
    let constant = Array("20000101000000".utf8)
    for digit in constant where position < pdf.endIndex {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(pdf[position]) else { break }
      pdf[position] = digit
      position += 1
    }
    return pdf
  }

  /// The SVG with fonts to fall back to where a reader's machine lacks ours.
  static func withFallbackFonts(_ svg: Data) -> Data {
    let font = GnuplotScript.font
    let text = String(decoding: svg, as: UTF8.self)
    return Data(
      text.replacing(
        "font-family=\"\(font)\"", with: "font-family=\"\(font), Verdana, Helvetica, sans-serif\""
      ).utf8)
  }
}

/// What can go wrong with drawing.
public enum GnuplotError: Error, Sendable, Hashable, CustomStringConvertible {
  /// There is no gnuplot.
  case missing(String)
  /// gnuplot ended with an error, or left a file out.
  case failed(script: String, message: String)

  /// What, why, and how to mend it.
  public var description: String {
    switch self {
    case .missing(let program):
      "drawing the figures: there is no program \(program); install it (Debian: apt-get install "
        + "gnuplot-nox) and run again; all data and scripts are written already"
    case .failed(let script, let message):
      "drawing \(script): "
        + (message.isEmpty
          ? "gnuplot wrote no figure"
          : message.split(separator: "\n").joined(separator: " ").trimmingCharacters(
            in: .whitespaces))
        + "; it needs the terminals svg, pdfcairo and pngcairo, which Debian's gnuplot-nox has"
    }
  }
}

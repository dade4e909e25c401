import Formats
import Foundation
import Reach

/// The page that collects figures, tables, card, ledger, seed, version, and what differs from the paper.
///
/// One file of HTML, figures inside: it loads nothing. No time stands in it.
public struct ReportPage: Sendable {
  private let figures: [any Figure]
  private let drawings: [String: Data]
  private let remarks: [String]
  private let sections: [Section]
  private let plan: Plan
  private let provenance: Provenance

  /// A part of the page with tables.
  public struct Section: Sendable {
    /// Its heading.
    public var heading: String
    /// A paragraph above the tables.
    public var text: String
    /// The tables.
    public var tables: [DataTable]
    /// The names of data files beside the page.
    public var files: [String]

    /// A part from its contents.
    public init(heading: String, text: String, tables: [DataTable], files: [String]) {
      self.heading = heading
      self.text = text
      self.tables = tables
      self.files = files
    }
  }

  /// A page from its parts.
  ///
  /// - Parameters:
  ///   - drawings: the SVG of each figure, by its name; a figure without one shows its data only.
  ///   - remarks: what could not be made, a line each.
  public init(
    figures: [any Figure], drawings: [String: Data], remarks: [String], sections: [Section],
    plan: Plan, provenance: Provenance
  ) {
    self.figures = figures
    self.drawings = drawings
    self.remarks = remarks
    self.sections = sections
    self.plan = plan
    self.provenance = provenance
  }

  /// The page.
  public var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Duskline: the figures and tables of arXiv:2409.00170</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <header>
    <h1>The figures and tables of arXiv:2409.00170</h1>
    <p>Inelastic dark matter at \(text(plan.beamOnTarget)): \(text("\(plan.beamSymbol)N → \(plan.beamSymbol)NA′, A′ → χ₁χ₂, χ₂ → χ₁ℓ⁺ℓ⁻")).
    Made by duskline \(text(provenance.version)), commit \(text(provenance.commit)), on \(text(provenance.platform)), seed \(provenance.seed).</p>
    \(remarks.map { "<p class=\"remark\">\(text($0))</p>" }.joined(separator: "\n"))
    <nav><ul>
    \(navigation)
    </ul></nav>
    </header>
    <main>
    \((figures.map(section) + sections.map(section) + [differences, ledger, card]).joined(separator: "\n"))
    </main>
    </body>
    </html>

    """
  }

  private func text(_ string: String) -> String { HTMLText.escaped(string) }

  private var navigation: String {
    let links =
      figures.map { ($0.name, $0.title.split(separator: ",").first.map(String.init) ?? $0.title) }
      .map { (name, title) in (name, String(title.split(separator: ":").first ?? "")) }
      + sections.map { (identifier($0.heading), $0.heading) }
      + [
        ("differences", "What differs from the paper"), ("ledger", "Luminosity"),
        ("card", "Run card"),
      ]
    return links.map { "<li><a href=\"#\($0.0)\">\(text(label($0)))</a></li>" }
      .joined(separator: "\n")
  }

  /// Figures of one number are told apart by their names.
  private func label(_ link: (String, String)) -> String {
    switch link.0 {
    case "figure-4-cross-section": "Fig. 4, left"
    case "figure-4-spectra": "Fig. 4, right"
    default: link.1
    }
  }

  private func identifier(_ heading: String) -> String {
    String(heading.lowercased().map { $0.isASCII && $0.isLetter ? $0 : "-" })
  }

  private func section(_ figure: any Figure) -> String {
    let name = figure.name
    let picture =
      drawings[name].map {
        "<img alt=\"\(text(figure.title))\" src=\"data:image/svg+xml;base64,\($0.base64EncodedString())\">"
      }
      ?? "<p class=\"remark\">This figure was not drawn; its data and scripts lie beside this page.</p>"
    let pictures = drawings[name] == nil ? [] : ["svg", "pdf", "png"].map { "\(name).\($0)" }
    let files = figure.tables.map { "\($0.name).csv" } + ["\(name).gp", "\(name).py"] + pictures
    let summary = (figure as? ReachFigure)?.summaryTable
    return """
      <section id="\(name)">
      <h2>\(text(figure.title))</h2>
      <figure>
      \(picture)
      <figcaption>\(text(figure.caption))</figcaption>
      </figure>
      \(links(files))
      \(summary.map { scrolling($0.html) } ?? "")
      </section>
      """
  }

  private func section(_ section: Section) -> String {
    """
    <section id="\(identifier(section.heading))">
    <h2>\(text(section.heading))</h2>
    <p>\(text(section.text))</p>
    \(section.tables.map { scrolling($0.html) }.joined(separator: "\n"))
    \(links(section.files))
    </section>
    """
  }

  /// A table that is wider than a phone scrolls by itself, not the page with it.
  private func scrolling(_ table: String) -> String { "<div class=\"wide\">\(table)</div>" }

  private func links(_ files: [String]) -> String {
    let list = files.map { "<a href=\"\(text($0))\">\(text($0))</a>" }
    return "<p class=\"files\">Files: \(list.joined(separator: " · "))</p>"
  }

  private var differences: String {
    let entries = PaperDifferences.entries(plan)
      .map { "<dt>\(text($0.heading))</dt>\n<dd>\(text($0.text))</dd>" }
    return """
      <section id="differences">
      <h2>What differs from the paper, and why</h2>
      <dl>
      \(entries.joined(separator: "\n"))
      </dl>
      </section>
      """
  }

  private var ledger: String {
    let luminosities = plan.scan.luminosity.isEmpty ? [plan.luminosity] : plan.scan.luminosity
    let parts = luminosities.map { settings in
      let ledger = LuminosityLedger(settings, plan: plan)
      return """
        <h3>\(text(NumberText.plain(ledger.perPicobarn))) pb⁻¹</h3>
        <p>\(text(ledger.origin))</p>
        <ul>
        \(ledger.lines.map { "<li>\(text($0))</li>" }.joined(separator: "\n"))
        </ul>
        """
    }
    return """
      <section id="ledger">
      <h2>Luminosity</h2>
      \(parts.joined(separator: "\n"))
      </section>
      """
  }

  private var card: String {
    """
    <section id="card">
    <h2>Run card</h2>
    <p>Every default filled in; the same card gives the same data files, byte for byte.</p>
    <pre>\(text(provenance.card))</pre>
    </section>
    """
  }

  private static let style = """
    :root { color-scheme: light dark; --line: #8886; --soft: #8882; }
    body { font: 1rem/1.55 system-ui, "DejaVu Sans", sans-serif; max-width: 54rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.6rem; line-height: 1.25; }
    h2 { font-size: 1.2rem; margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
    nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; padding: 0; list-style: none; }
    figure { margin: 1rem 0; }
    img { width: 100%; height: auto; background: white; border-radius: 4px; }
    figcaption { margin-top: 0.5rem; font-size: 0.92rem; }
    table { border-collapse: collapse; font-size: 0.86rem; font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: 600; padding: 0.5rem 0; }
    th, td { text-align: left; padding: 0.25rem 0.8rem 0.25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
    .wide { overflow-x: auto; margin: 1rem 0; }
    .files { font-size: 0.86rem; overflow-wrap: anywhere; }
    .remark { border-left: 4px solid #D55E00; padding-left: 0.8rem; }
    dt { font-weight: 600; margin-top: 0.8rem; }
    dd { margin-left: 0; }
    pre { overflow-x: auto; background: var(--soft); padding: 1rem; border-radius: 4px; font-size: 0.82rem; }
    @media print {
      body { max-width: none; font-size: 10pt; }
      nav, .files { display: none; }
      figure, table, dt { break-inside: avoid; }
      h2 { break-after: avoid; }
      pre { white-space: pre-wrap; }
      .wide { overflow: visible; }
    }
    """
}

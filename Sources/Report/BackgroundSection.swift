import Background
import Formats
import Reach
import Units

/// The section of the report on backgrounds: what is expected, and in which reading.
struct BackgroundSection {
  let data: BackgroundReachData

  init(_ data: BackgroundReachData) { self.data = data }

  private static func text(_ sum: CandidateSum) -> String {
    guard let limit = sum.upperLimit else {
      return sum.value > 0
        ? "\(NumberText.short(sum.value, digits: 3)) ± \(NumberText.short(sum.error, digits: 2))"
        : "–"
    }
    return limit > 0 ? "< \(NumberText.short(limit, digits: 3))" : "0"
  }

  private var backgrounds: ExpectedBackgrounds { data.backgrounds }

  var section: ReportPage.Section {
    ReportPage.Section(
      heading: "Backgrounds",
      text:
        "Hadrons that live long, made by \(data.generator), decayed in the window with the cuts of the signal; pairs from the target whose "
        + "vertex is found far behind it; hadrons that the muon radiates. The paper's numbers of about 3500 fakes and 6 real leptons are "
        + "those of one mean nucleon, at 468.75 pb⁻¹ and with the generator's default W > 10 GeV; the same events at other luminosities and "
        + "for all nucleons stand beside them. At W > 5 GeV there are 23 times more, in a region where the generator warns. Signal and "
        + "background are taken at one luminosity throughout. Where no candidate passes, < is the upper limit at 95 % confidence.",
      tables: [categories, readings],
      files: ["figure-6-background.csv", "figure-6-background-veto.csv"])
  }

  private var categories: DataTable {
    var table = DataTable(
      title:
        "Expected events at \(NumberText.short(backgrounds.luminosity.perPicobarn)) pb⁻¹, \(backgrounds.plan.background.normalisation.rawValue)",
      columns: ["category", "before identification", "identified", "largest fake rate [%]"])
    for category in BackgroundCategory.allCases {
      let rate = backgrounds.eventsByFakes(category).largestFakeRate
      table.rows.append([
        category.rawValue, Self.text(backgrounds.events(category)),
        Self.text(backgrounds.identifiedEvents(category)),
        rate.map { NumberText.short(100 * $0, digits: 2) } ?? "–",
      ])
    }
    return table
  }

  private var readings: DataTable {
    var table = DataTable(
      title: "The same events in other readings, before identification",
      columns: ["luminosity [pb⁻¹]", "normalisation"]
        + BackgroundCategory.displaced.map(\.rawValue))
    for (_, luminosity) in ExpectedBackgrounds.paperLuminosities {
      for normalisation in BackgroundSettings.Normalisation.allCases {
        table.rows.append(
          [NumberText.short(luminosity), normalisation.rawValue]
            + BackgroundCategory.displaced.map {
              Self.text(
                backgrounds.events(
                  $0, perPicobarn: luminosity, backgrounds.vetoes, normalisation))
            })
      }
    }
    return table
  }
}

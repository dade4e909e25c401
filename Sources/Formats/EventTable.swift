import Reach
import Units

/// Events as CSV: one line an event behind a header of comment lines, numbers in the shortest form that reads back to the
/// same double.
public struct EventTable: ~Copyable {
  private var file: OutputFile

  /// Opens a table and writes its head.
  ///
  /// - Parameter remarks: further lines of the header.
  public init(at path: String, card: RunCard, remarks: [String]) throws(FileError) {
    var file = try OutputFile(at: path)
    let weighting = card.plan.run.weighting.rawValue
    let header = Provenance(of: card).headerLines(
      title: "duskline events: \(weighting), beam along +z, target at rest")
    try file.write((header + remarks.map { "# " + $0 }).joined(separator: "\n") + "\n")
    try file.write(Self.columnNames.joined(separator: ",") + "\n")
    self.file = file
  }

  /// The names of the columns.
  public static let columnNames: [String] = {
    let particles = [
      "scattered", "mediator", "recoil", "chi1", "chi2", "chi1_soft", "lepton_plus",
      "lepton_minus",
    ]
    let components = particles.flatMap { name in
      ["E", "px", "py", "pz"].map { "\(name)_\($0)_GeV" }
    }
    return ["weight_pb", "t_GeV2", "lepton_pdg_id"] + components + ["decay_z_mm"]
  }()

  /// Writes events.
  public mutating func write(_ events: [ChainEvent]) throws(FileError) {
    var text = ""
    text.reserveCapacity(events.count * 700)
    for event in events {
      append(event.weight, to: &text)
      append(event.momentumTransfer, to: &text)
      text += "\(event.flavour.pdgID),"
      for (_, p) in event.particles {
        append(p.energy, to: &text)
        append(p.x, to: &text)
        append(p.y, to: &text)
        append(p.z, to: &text)
      }
      text += ShortestNumber.text(event.decayZ)
      text += "\n"
    }
    try file.write(text)
  }

  private func append(_ number: Double, to text: inout String) {
    text += ShortestNumber.text(number)
    text += ","
  }

  /// Gives the file its name.
  public consuming func commit() throws(FileError) { try file.commit() }
}

/// What a user can cause in track lengths.
public enum ShowerError: Error, Sendable, Hashable {
  /// Showers start from e∓, muon tracks from μ∓.
  case wrongBeam(String)
  /// The depth in radiation lengths is not above zero.
  case noDepth(depth: Double)
  /// The energies in GeV of the bins leave no room, or reach below what the room describes.
  case energiesOutOfRange(minimumEnergy: Double, beamEnergy: Double, least: Double)
}

extension ShowerError: CustomStringConvertible {
  /// What, why, and how to mend it.
  public var description: String {
    switch self {
    case .wrongBeam(let beam):
      "a beam of \(beam) has no track length of this kind: showers take electrons and positrons, muon tracks take muons; "
        + "change beam.particle"
    case .noDepth(let depth):
      "the target is \(depth) radiation lengths deep, which leaves no track; give a depth above zero"
    case .energiesOutOfRange(let minimum, let beam, let least):
      "track lengths from \(minimum) GeV to a beam energy of \(beam) GeV cannot be given: the minimum energy must be at "
        + "least \(least) GeV and lie below the beam energy"
    }
  }
}

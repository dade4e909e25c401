/// What happens in a shower beside bremsstrahlung, which always does.
public struct ShowerProcesses: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: UInt64

  /// A set from its bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Photons are followed and make pairs. Without it they leave the shower where they are made.
  public static let pairProduction = ShowerProcesses(rawValue: 1)
  /// e∓ lose energy to the electrons of the material, continuously.
  public static let ionisation = ShowerProcesses(rawValue: 2)
  /// e∓ are scattered by the nuclei.
  public static let scattering = ShowerProcesses(rawValue: 4)
  /// Bremsstrahlung and pairs at finite screening; without it, at complete screening for all energies.
  public static let finiteScreening = ShowerProcesses(rawValue: 8)
  /// Photons scatter off electrons. Without effect unless photons are followed.
  public static let compton = ShowerProcesses(rawValue: 16)
  /// Electrons above the minimum energy are knocked on; the continuous loss becomes that much smaller. Without effect
  /// unless there is ionisation.
  public static let knockOns = ShowerProcesses(rawValue: 32)
  /// e⁺ annihilate in flight.
  public static let annihilation = ShowerProcesses(rawValue: 64)

  /// All of them.
  public static let all: ShowerProcesses = [
    .pairProduction, .ionisation, .scattering, .finiteScreening, .compton, .knockOns,
    .annihilation,
  ]
  /// Bremsstrahlung of the primary at complete screening and nothing else: what ``TsaiTrackLength`` describes.
  public static let primaryBremsstrahlung: ShowerProcesses = []
}

import Calculus
import Units

/// What is required of an event: Table I of arXiv:2409.00170 and its variations.
public struct SelectionCuts: Sendable, Hashable, Codable {
  /// The window of the decay position along the beam, from the interaction point, in mm.
  public var decayWindow: ClosedRange<Double>
  /// The least energy of the scattered beam lepton in GeV.
  public var minimumBeamLeptonEnergy: Double
  /// The least energy of either decay lepton in GeV.
  public var minimumLeptonEnergy: Double
  /// The least angle between the two decay leptons in rad.
  public var minimumOpeningAngle: Double
  /// How many of a station's planes each track must hit.
  public var requiredPlanes: RequiredPlanes
  /// Which stations may hold the hits.
  public var tracking: TrackingStations
  /// How many of the last modules are used.
  public var lastModules: Int
  /// Where in the target the interaction takes place.
  public var interactionVertex: InteractionVertex

  /// Cuts from all their numbers, in the units of the properties.
  public init(
    decayWindow: ClosedRange<Double>, minimumBeamLeptonEnergy: Double,
    minimumLeptonEnergy: Double, minimumOpeningAngle: Double,
    requiredPlanes: RequiredPlanes = .all, tracking: TrackingStations = .ownStation,
    lastModules: Int, interactionVertex: InteractionVertex = .point
  ) {
    self.decayWindow = decayWindow
    self.minimumBeamLeptonEnergy = minimumBeamLeptonEnergy
    self.minimumLeptonEnergy = minimumLeptonEnergy
    self.minimumOpeningAngle = minimumOpeningAngle
    self.requiredPlanes = requiredPlanes
    self.tracking = tracking
    self.lastModules = lastModules
    self.interactionVertex = interactionVertex
  }
}

extension SelectionCuts {
  /// The least pair mass in GeV of two leptons of mass `leptonMass` that pass the cuts on energy and opening angle:
  ///
  ///     q² = 4m² + 4p² sin²(θ/2)
  ///
  /// at the energy cut and the least angle θ, where the mass is least. A splitting below it is closed by the cuts.
  public func leastPairMass(leptonMass m: Double) -> Double {
    let energy = max(minimumLeptonEnergy, m)
    let momentum2 = (energy - m) * (energy + m)
    let (sine, _) = Elementary.sinCos(turns: minimumOpeningAngle / (4 * .pi))
    return 2 * (m * m + momentum2 * sine * sine).squareRoot()
  }
}

/// How many of a station's planes each of the three tracks must hit.
public enum RequiredPlanes: Sendable, Hashable, Codable {
  /// Every plane.
  case all
  /// At least so many, whichever they are.
  case atLeast(Int)
}

/// Which stations may hold the hits of an event.
public enum TrackingStations: String, Sendable, Hashable, Codable, CaseIterable {
  /// The module in which the interaction took place (the paper).
  case ownStation = "own"
  /// That module or any one further down the line: all tracks in one and the same.
  case anyDownstream = "any-downstream"
}

/// Where in the target the interaction takes place.
public enum InteractionVertex: String, Sendable, Hashable, Codable, CaseIterable {
  /// At the target's centre (the paper).
  case point
  /// Uniformly through the target's thickness.
  case spread
}

import Calculus
import DarkSector
import Reach
import Statistics

/// A search for a photon and a displaced pair of leptons, the complement of ``MonophotonSearch``: what is a veto there is the signal
/// here.
///
/// Expected events: `L ε² σ BR(A′ → χ₁χ₂) Σ_ℓ BR(χ₂ → χ₁ℓℓ) ⟨pair accepted, vertex inside⟩`, without background.
public struct DisplacedPairSearch: Sendable {
  /// Where the collisions are.
  public var collider: Collider
  /// The integrated luminosity in pb⁻¹.
  public var luminosity: Double
  /// The photon's cosine to the e⁻ in the centre-of-mass frame.
  public var photonCosines: ClosedRange<Double>
  /// The distances of the vertex from the beam, in mm.
  public var vertexRadius: ClosedRange<Double>
  /// The vertex along the beam, in mm.
  public var vertexZ: ClosedRange<Double>
  /// The least energy of both leptons in GeV.
  public var minimumEnergy: Double
  /// The cosines of both leptons to the e⁻ beam in the lab.
  public var leptonCosines: ClosedRange<Double>
  /// The least angle between the leptons in rad.
  public var minimumOpeningAngle: Double
  /// The least mass of the pair in GeV.
  public var minimumPairMass: Double
  /// The efficiency for such a pair.
  public var efficiency: Double
  /// Events of a sample: twice as many as often as fewer than ``fewestAccepted`` of them pass the cuts, up to 2¹⁹.
  public var sampleSize = 16_384
  /// 400 have an error of 5 %, some 1 % on ε.
  static let fewestAccepted = 400
  private static let mostEvents = 1 << 19

  /// A search from its parts, with leptons and vertices anywhere.
  public init(
    collider: Collider, luminosity: Double, photonCosines: ClosedRange<Double>,
    vertexRadius: ClosedRange<Double>, vertexZ: ClosedRange<Double>, minimumEnergy: Double = 0,
    leptonCosines: ClosedRange<Double> = -1...1, minimumOpeningAngle: Double = 0,
    minimumPairMass: Double = 0, efficiency: Double = 1
  ) {
    self.collider = collider
    self.luminosity = luminosity
    self.photonCosines = photonCosines
    self.vertexRadius = vertexRadius
    self.vertexZ = vertexZ
    self.minimumEnergy = minimumEnergy
    self.leptonCosines = leptonCosines
    self.minimumOpeningAngle = minimumOpeningAngle
    self.minimumPairMass = minimumPairMass
    self.efficiency = efficiency
  }

  /// Expected events at a mixing.
  public func expectedEvents(_ point: ModelPoint, epsilon: Double, alphaD: Double, seed: UInt64)
    throws(DarkSectorError) -> Double
  {
    guard let accepted = try acceptedCrossSection(point, seed: seed) else { return 0 }
    return expectedEvents(accepted, point, epsilon, alphaD)
  }

  /// The mixings at which at least as many events are expected as a limit without any observed excludes, up to ε = 1.
  ///
  /// - Returns: `nil` where √s does not make the A′, χ₂ has no decay into leptons, or so few of the largest sample pass the cuts, though
  ///   not none, that their number is not known within 10 %.
  public func reachedMixings(
    _ point: ModelPoint, alphaD: Double, confidenceLevel: Double, seed: UInt64
  ) throws(DarkSectorError) -> ExcludedMixings? {
    guard let accepted = try acceptedCrossSection(point, seed: seed), accepted.isKnown else {
      return nil
    }
    let needed = CountingLimit(confidenceLevel: confidenceLevel)
      .upperLimit(observed: 0, background: 0)
    return ExcludedMixings(from: 1e-8, to: 1) { epsilon in
      let events = expectedEvents(accepted, point, epsilon, alphaD)
      return Elementary.log(max(events, 1e-290) / needed)
    }
  }

  private func expectedEvents(
    _ accepted: AcceptedCrossSection, _ point: ModelPoint, _ epsilon: Double, _ alphaD: Double
  ) -> Double {
    let epsilon2 = epsilon * epsilon
    guard
      let length = accepted.widths.properDecayLength(epsilonSquared: epsilon2, alphaD: alphaD)
    else { return 0 }
    let dark = point.darkBranchingRatio(epsilonSquared: epsilon2, alphaD: alphaD)
    return luminosity * efficiency * epsilon2 * dark * accepted.curve(length).value
  }

  private struct AcceptedCrossSection {
    let widths: Chi2Widths
    let curve: SurvivalCurve
    /// Whether so many events pass, or so few, that the sample tells how many.
    let isKnown: Bool
  }

  private func acceptedCrossSection(_ point: ModelPoint, seed: UInt64) throws(DarkSectorError)
    -> AcceptedCrossSection?
  {
    guard
      let sample = try ColliderSample(
        point, collider: collider, photonCosines: photonCosines, onlyLeptons: true, seed: seed),
      sample.widths.electrons > 0
    else { return nil }
    let maximumCosine = Elementary.sinCos(turns: minimumOpeningAngle / (2 * .pi)).cosine
    var size = sampleSize
    while true {
      var accepted = 0
      let curve = sample.survivalCurve(events: size) { event in
        guard accepts(event, maximumCosine: maximumCosine) else { return nil }
        let lower = vertexRadius.lowerBound * event.properPerRadius
        let upper = event.exit(radius: vertexRadius.upperBound, z: vertexZ)
        guard lower < upper else { return nil }
        accepted += 1
        return lower...upper
      }
      if accepted >= Self.fewestAccepted || size >= Self.mostEvents {
        return AcceptedCrossSection(
          widths: sample.widths, curve: curve, isKnown: accepted == 0 || accepted >= 100)
      }
      size *= 2
    }
  }

  @inline(__always)
  private func accepts(_ event: DecayedEvent, maximumCosine: Double) -> Bool {
    let (a, b) = (event.positive, event.negative)
    return a.isSeen(above: minimumEnergy, cosines: leptonCosines)
      && b.isSeen(above: minimumEnergy, cosines: leptonCosines)
      && event.pairMass > minimumPairMass
      && a.x * b.x + a.y * b.y + a.z * b.z <= maximumCosine * a.momentum * b.momentum
  }
}

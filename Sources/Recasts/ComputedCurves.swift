import Constraints
import DarkSector
import Units

extension ComputedCurve {
  /// Every curve of an e⁺e⁻ collider, in the order in which they are listed.
  ///
  /// - Parameters:
  ///   - confidenceLevel: for the projections that count events; published limits have their own.
  ///   - seed: of their samples.
  public static func colliders(confidenceLevel: Double, seed: UInt64) -> [ComputedCurve] {
    [
      lep, baBar(seed: seed), belle2(seed: seed),
      baBarDisplaced(confidenceLevel: confidenceLevel, seed: seed),
      belle2Displaced(confidenceLevel: confidenceLevel, seed: seed),
    ]
  }

  // The numbers below were given to this project in the notes of an earlier calculation; none was read in a detector's paper.
  // `Documentation/Recasts.md` tells each one's origin, and what others use.

  /// Where both searches look for the photon: its cosine to the e⁻ in the centre-of-mass frame; for Belle II an assumption.
  private static let photonCosines = -0.4...0.6
  /// Where charged products are noticed: 142° to 17° from the e⁻ beam in the lab.
  private static let chargedCosines = -0.788_010_8...0.956_304_8

  /// The energies in GeV above which a charged product of χ₂ ends a single-photon event: the default first, then the band, then one
  /// within it. They are our assumption.
  static let vetoEnergies = [0.1, 0.05, 0.3, 0.15]

  /// BaBar's search for an invisible A′, with χ₂ decays that are seen. The cylinder stands for the calorimeter.
  public static func baBar(seed: UInt64) -> ComputedCurve {
    monophoton(
      Name.baBar, "BaBar single photon", .exclusion, seed: seed,
      source: "arXiv:1702.03327 (invisible A'), through the digitised curve babar",
      input: "babar", collider: .pepII, radius: 1350, z: -1200...2200)
  }

  /// Belle II's search for the same, as projected.
  public static func belle2(seed: UInt64) -> ComputedCurve {
    monophoton(
      Name.belle2, "Belle II single photon, 50/ab", .projection, seed: seed,
      source:
        "given as arXiv:1911.03176 (invisible A', 50/ab), through the digitised curve belle2; within 3-7 % it is "
        + "the projection of arXiv:1808.10567 for 20/fb times (20/fb / 50/ab)^(1/4)",
      input: "belle2", collider: .superKEKB, radius: 1600, z: -1500...2400)
  }

  private static func monophoton(
    _ name: String, _ experiment: String, _ kind: ConstraintKind, seed: UInt64, source: String,
    input: String, collider: Collider, radius: Double, z: ClosedRange<Double>
  ) -> ComputedCurve {
    let limit = InvisibleLimit.builtIn(input)
    func variant(_ name: String, _ minimumEnergy: Double?) -> Variant {
      let search = MonophotonSearch(
        collider: collider, photonCosines: photonCosines,
        veto: minimumEnergy.map {
          VisibleDecayVeto(radius: radius, z: z, minimumEnergy: $0, cosines: chargedCosines)
        }, invisibleLimit: limit)
      return Variant(name: name) { (point, alphaD) throws(DarkSectorError) in
        let masses = limit.masses
        return ConstraintReading(
          try search.excludedMixings(point, alphaD: alphaD, seed: seed),
          orSilentFor: "the published limit covers mA from "
            + "\(ShortestNumber.text(masses.lowerBound, digits: 6)) to "
            + "\(ShortestNumber.text(masses.upperBound, digits: 6)) GeV")
      }
    }
    return ComputedCurve(
      name: name, experiment: experiment, kind: kind,
      observable: "e+e- -> gamma A', A' -> chi1 chi2, nothing else seen", source: source,
      obtained: "the invisible limit is an input; the share of events whose chi2 decays unseen is "
        + "computed, charged products above 0.1 GeV between 17 and 142 degrees being noticed",
      variants: vetoEnergies.map { variant(VariantName.veto(above: $0), $0) }
        + [variant(VariantName.noVeto, nil)])
  }

  /// A photon and a displaced pair at BaBar, as the data would allow.
  public static func baBarDisplaced(confidenceLevel: Double, seed: UInt64) -> ComputedCurve {
    displaced(
      Name.baBarDisplaced, "BaBar displaced pairs, 514/fb", confidenceLevel, seed,
      source: "a search as proposed in arXiv:1508.03050; luminosity of arXiv:1301.2703",
      collider: .pepII, luminosity: 5.14e5, vertexRadii: [10...500, 236...500],
      vertexZ: -1200...1500)
  }

  /// The same at Belle II.
  public static func belle2Displaced(confidenceLevel: Double, seed: UInt64) -> ComputedCurve {
    displaced(
      Name.belle2Displaced, "Belle II displaced pairs, 50/ab", confidenceLevel, seed,
      source: "a search as proposed in arXiv:1911.03176",
      collider: .superKEKB, luminosity: 5e7, vertexRadii: [170...600, 10...600],
      vertexZ: -550...1400)
  }

  /// - Parameter vertexRadii: where the vertex may be, in mm from the beam; the default first.
  private static func displaced(
    _ name: String, _ experiment: String, _ confidenceLevel: Double, _ seed: UInt64,
    source: String, collider: Collider, luminosity: Double,
    vertexRadii: [ClosedRange<Double>], vertexZ: ClosedRange<Double>
  ) -> ComputedCurve {
    let variants = vertexRadii.map { radii in
      let search = DisplacedPairSearch(
        collider: collider, luminosity: luminosity, photonCosines: photonCosines,
        vertexRadius: radii, vertexZ: vertexZ, minimumEnergy: 0.1, leptonCosines: chargedCosines,
        minimumOpeningAngle: 0.1, minimumPairMass: 0.03)
      return Variant(name: VariantName.vertex(from: radii.lowerBound)) {
        (point, alphaD) throws(DarkSectorError) in
        ConstraintReading(
          try search.reachedMixings(
            point, alphaD: alphaD, confidenceLevel: confidenceLevel, seed: seed),
          orSilentFor:
            "there is no chi2 decay into leptons, the collisions do not make the A', or too few "
            + "of half a million events pass the cuts to tell")
      }
    }
    return ComputedCurve(
      name: name, experiment: experiment, kind: .projection,
      observable: "e+e- -> gamma A', chi2 -> chi1 l+l- displaced", source: source,
      obtained: "expected events without background at full efficiency; the cuts are ours: both "
        + "leptons above 0.1 GeV between 17 and 142 degrees, 0.1 rad apart, pair mass above "
        + "0.03 GeV, vertex \(Int(vertexRadii[0].lowerBound)) to "
        + "\(Int(vertexRadii[0].upperBound)) mm from the beam",
      variants: variants)
  }

  /// The electroweak fit.
  public static let lep = ComputedCurve(
    name: Name.lep, experiment: "LEP electroweak fit", kind: .exclusion,
    observable: "Z and W properties under kinetic mixing",
    source: "arXiv:1006.0973 (normalisation 0.0248); hep-ex/0509008",
    obtained: "the published normalisation with the mass dependence of Z-A' mixing; beside it our "
      + "own tree-level fit",
    variants: [
      Variant(name: VariantName.published) { (point, _) throws(DarkSectorError) in
        ConstraintReading(
          ElectroweakFit.publishedExcludedMixings(darkPhotonMass: point.darkPhotonMass),
          orSilentFor: ElectroweakFit.uncovered(darkPhotonMass: point.darkPhotonMass)?.explanation
            ?? "no mixing up to 1 is excluded")
      },
      fit(VariantName.treeLevelOneSided, deltaChi2: 2.71),
      fit(VariantName.treeLevelTwoSided, deltaChi2: 3.84),
    ])

  private static func fit(_ name: String, deltaChi2: Double) -> Variant {
    let fit = ElectroweakFit()
    return Variant(name: name) { (point, _) throws(DarkSectorError) in
      ConstraintReading(
        fit.excludedMixings(darkPhotonMass: point.darkPhotonMass, deltaChi2: deltaChi2),
        orSilentFor: fit.uncovered(darkPhotonMass: point.darkPhotonMass)?.explanation
          ?? "no mixing up to 1 is excluded")
    }
  }
}

extension InvisibleLimit {
  /// The heaviest A′ of the published searches, in GeV; beyond it an outline is its own end.
  private static let heaviestPublished = 8.0

  /// The lower edge of a built-in curve without χ₂ decays, as a limit on an A′ of its mass, up to 8 GeV.
  static func builtIn(_ name: String) -> InvisibleLimit {
    guard let curve = ConstraintCatalogue.builtIn.curves.first(where: { $0.name == name }),
      let ratio = curve.assumptions.mediatorMassOverM1
    else { preconditionFailure("there is no built-in curve \(name) at a given mA/m1") }
    var points: [(darkPhotonMass: Double, epsilon: Double)] = []
    for point in curve.points {
      let mass = point.m1 * ratio
      // Where an outline turns back its edge is drawn, not measured.
      if let last = points.last, mass <= last.darkPhotonMass { break }
      points.append((mass, point.ordinate))
    }
    let whole = InvisibleLimit(points)
    guard let end = whole(darkPhotonMass: heaviestPublished) else { return whole }
    return InvisibleLimit(
      points.filter { $0.darkPhotonMass < heaviestPublished } + [(heaviestPublished, end)])
  }
}

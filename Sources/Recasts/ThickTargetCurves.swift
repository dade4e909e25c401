import Constraints
import DarkSector
import Production

extension ComputedCurve {
  /// The limit, or projection, of a thick-target experiment.
  ///
  /// Variants change one thing each: the events needed, the quasi-elastic part, the tracks; positron annihilation and scattering come
  /// with the tracks of the whole shower.
  public static func thickTarget(_ experiment: ThickTargetExperiment, seed: UInt64)
    -> ComputedCurve
  {
    ComputedCurve(
      name: Name.thickTarget(experiment.name), experiment: experiment.title, kind: experiment.kind,
      observable: experiment.observable, source: experiment.source,
      obtained: "exact production at the energies of the tracks, exact decays and decay intervals",
      variants: experiment.variants.map { name, experiment in
        let inconsistency = experiment.inconsistencies.first
        return Variant(name: name) { (point, alphaD) throws(DarkSectorError) in
          if let inconsistency {
            return .doesNotApply(reason: .words("\(inconsistency); \(inconsistency.mend)"))
          }
          let search = ThickTargetSearch(
            experiment: experiment, tracks: TrackLengths.shared.of(experiment, seed: seed))
          switch try search.mixings(point, alphaD: alphaD, seed: seed) {
          case .mixings(let mixings): return ConstraintReading(mixings)
          case .nothingToSee:
            return .isSilent(
              reason: .words("the beam does not make the A', or chi2 does not decay"))
          case .tooRare:
            return .isSilent(
              reason: .words(
                "too few of the simulated events pass the cuts for a number; another seed or a wider cut may give one"
              ))
          }
        }
      })
  }
}

extension ThickTargetExperiment {
  var observable: String {
    switch search {
    case .pair: "l+l- of a chi2 that decays behind the target"
    case .missingMomentum: "a beam particle that lost momentum, and nothing else"
    }
  }

  /// The experiment as it is, and with one thing changed at a time.
  var variants: [(name: String, experiment: ThickTargetExperiment)] {
    func changed(_ name: String, _ change: (inout ThickTargetExperiment) -> Void)
      -> (name: String, experiment: ThickTargetExperiment)
    {
      var copy = self
      change(&copy)
      return (name, copy)
    }
    typealias Name = ComputedCurve.VariantName
    var all = [(Name.asDescribed, self)]
    for events in [3.0, 10] where events != eventsNeeded {
      all.append(changed(Name.events(Int(events))) { $0.eventsNeeded = events })
    }
    if beam.flavour == .electron {
      all.append(
        changed(annihilates ? "no-annihilation" : Name.annihilation) {
          $0.annihilates.toggle()
          if $0.annihilates { $0.tracks = .shower }
        })
      // Where momentum must be missing, a secondary track is not the beam's.
      if case .pair = search, tracks != .shower {
        all.append(changed(Name.shower) { $0.tracks = .shower })
      }
      if case .pair = search {
        all.append(
          changed("scattering") {
            $0.tracks = .shower
            $0.scatters = true
          })
      }
    }
    guard target.massNumber > 1.5 else { return all }
    all.append(
      changed(inelastic == .off ? "inelastic" : "elastic") {
        $0.inelastic = inelastic == .off ? .n2 : .off
      })
    return all
  }
}

import ParticleData
import Production
import Reach
import Units

/// Reads a plan from the merged tree of a card, noting every fault on the way.
struct PlanReader {
  let log: FaultLog
  let scope: RunCard.Scope

  /// The plan; `nil` if a fault was noted.
  func plan(from merged: CardNode) -> Plan? {
    let tree = refusingUnavailable(merged)
    guard let root = SectionReader(tree, path: "", keys: CardKeys.root, log: log) else {
      return nil
    }
    let version: Int? = root.required("duskline").flatMap { node in
      if let version = root.integer(node, "duskline", 0...Int.max), version != 1 {
        log.add(
          at: node, "this is a card of format \(version), and this program reads format 1",
          mend: "write 'duskline: 1' and mend what it then finds")
      }
      return 1
    }
    let beam = section(root, "beam").flatMap(beam)
    let target = section(root, "target").flatMap { $0.material("material") }
    let model = section(root, "model").flatMap(model)
    let production = section(root, "production").flatMap(production)
    let apparatus = root.required("apparatus").flatMap {
      ApparatusReader(log: log).apparatus(from: $0)
    }
    let selection = section(root, "selection").flatMap(selection)
    let luminosity = root.required("luminosity").flatMap {
      self.luminosity($0, root, name: "luminosity")
    }
    let statistics = section(root, "statistics").flatMap(statistics)
    let background = section(root, "background").flatMap(background)
    let relic = section(root, "relic").flatMap(relic)
    let scan = section(root, "scan").flatMap(scan)
    let run = section(root, "run").flatMap(run)
    guard version != nil, let beam, let target, let model, let production, let apparatus,
      let selection, let luminosity, let statistics, let background, let relic, let scan,
      let run
    else { return nil }
    let plan = Plan(
      beam: beam, target: target, model: model, production: production, apparatus: apparatus,
      selection: selection, luminosity: luminosity, statistics: statistics,
      background: background, relic: relic, scan: scan, run: run)
    checkRelations(of: plan, in: tree)
    return plan
  }

  private func section(_ root: SectionReader, _ name: String) -> SectionReader? {
    root.section(name, keys: CardKeys.keys(of: name))
  }

  /// The tree without the keys that are not built yet, each of which is noted.
  private func refusingUnavailable(_ root: CardNode) -> CardNode {
    var root = root
    for path in CardKeys.notAvailable {
      let keys = path.split(separator: ".").map(String.init)
      root = root.removing(keys) { entry in
        let inner = entry.value.entries ?? []
        let faults = inner.isEmpty ? [(path, entry)] : inner.map { ("\(path).\($0.key)", $0) }
        for (name, entry) in faults {
          log.add(
            at: entry.keyLocation, of: entry.value.source, "\(name) is not available yet",
            mend: "remove it; a later version will take it")
        }
      }
    }
    return root
  }
}

// MARK: Beam, target, model, production

extension PlanReader {
  private func beam(_ reader: SectionReader) -> Beam? {
    let particle = reader.choice("particle", of: BeamParticle.self)
    let energy = reader.number("energy_GeV", .within(1e-3, 1e6, because: "energies are in GeV"))
    let spot = reader.numbers("spot_mm", count: 2, .nonNegative)
    // 100 mrad is far beyond any beam line; larger is a slip of the unit.
    let divergence = reader.numbers(
      "divergence_mrad", count: 2, .within(0, 100, because: "a beam is nearly parallel"))
    guard let particle, let energy, let spot, let divergence else { return nil }
    return Beam(
      particle: particle, energy: energy, spot: SIMD2(spot[0], spot[1]),
      divergence: SIMD2(divergence[0] * .mrad, divergence[1] * .mrad))
  }

  private func model(_ reader: SectionReader) -> ModelSettings? {
    let kind = reader.word("kind", among: ["inelastic-dark-matter"])
    let m1 = reader.number("m1_GeV", Self.mass)
    let splitting = reader.number("splitting_over_m1", .nonNegative)
    let alphaD = reader.number("alpha_D", Self.alphaD)
    let mass: MediatorMass? =
      reader.given("mediator_mass_GeV") != nil
      ? reader.number("mediator_mass_GeV", Self.mass).map { .fixed($0) }
      : reader.number("mediator_mass_over_m1", .positive).map { .overM1($0) }
    let coupling: PortalCoupling? =
      reader.given("epsilon") != nil
      ? reader.number(
        "epsilon", .within(1e-15, 1, because: "a mixing of 1 is maximal")
      ).map { .epsilon($0) }
      : reader.number("y", .within(1e-30, 1, because: "y is ε² α_D times (m1/mA)⁴")).map {
        .y($0)
      }
    guard kind != nil, let m1, let splitting, let alphaD, let mass, let coupling else {
      return nil
    }
    return ModelSettings(
      m1: m1, splittingOverM1: splitting, mediatorMass: mass, alphaD: alphaD, coupling: coupling)
  }

  /// Every formula here is of lowest order in α_D: above 1, the next order is no smaller.
  static let alphaD = NumberRange.within(
    1e-6, 1, because: "the formulas are of lowest order in alpha_D")

  /// Masses in GeV that a laboratory beam could ask for, with room on either side.
  static let mass = NumberRange.within(1e-9, 1e5, because: "masses are in GeV")

  private func production(_ reader: SectionReader) -> ProductionSettings? {
    let method = reader.choice("method", of: ProductionMethod.self)
    let formFactor = reader.choice("form_factor", of: FormFactorModel.self)
    let inelastic = reader.choice("inelastic", of: InelasticModel.self)
    let mediator = reader.choice("mediator", of: MediatorTreatment.self)
    let polarisation = reader.choice("polarisation", of: PolarisationTreatment.self)
    let precision = reader.number(
      "relative_precision",
      .within(1e-6, 0.1, because: "finer would take days, coarser says little"))
    guard let method, let formFactor, let inelastic, let mediator, let polarisation, let precision
    else { return nil }
    return ProductionSettings(
      method: method, formFactor: formFactor, inelastic: inelastic, mediator: mediator,
      polarisation: polarisation, relativePrecision: precision)
  }
}

extension CardNode {
  /// The tree without the entry at a path, which is handed to the closure if it is there.
  fileprivate func removing(_ keys: [String], report: (CardEntry) -> Void) -> CardNode {
    guard let key = keys.first, var entries,
      let index = entries.firstIndex(where: { $0.key == key })
    else { return self }
    if keys.count == 1 {
      report(entries.remove(at: index))
    } else {
      entries[index].value = entries[index].value.removing(Array(keys.dropFirst()), report: report)
    }
    var copy = self
    copy.content = .map(entries)
    return copy
  }
}

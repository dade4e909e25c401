import ArgumentParser
import Constraints
import DarkSector
import Formats
import Reach
import Recasts

/// Where limits come from: the built-in curves, the user's own, and those computed for the card.
struct CatalogueOptions: ParsableArguments {
  @Option(
    name: .customLong("catalogue"), parsing: .unconditional,
    help: ArgumentHelp(
      """
      The folder of your own curves; without it $XDG_DATA_HOME/duskline/curves or \
      ~/.local/share/duskline/curves.
      """, valueName: "DIR"))
  var folderPath: String?

  /// The folder of the user's curves.
  var folder: CurveFolder { folderPath.map { CurveFolder($0) } ?? .standard }

  /// All limits under one roof, those that are computed with a plan's confidence level and seed.
  func load(for plan: Plan) throws -> LimitsCatalogue {
    // A folder that was named and is not there is a slip; the standard one may be missing.
    if let folderPath, !folder.exists {
      throw InputFault("--catalogue \(folderPath): there is no such folder; check the path")
    }
    return LimitsCatalogue(
      curves: try folder.catalogue(),
      computed: ComputedCurve.all(
        confidenceLevel: plan.statistics.confidenceLevel, seed: plan.run.seed),
      own: try folder.experiments().map { ComputedCurve.thickTarget($0, seed: plan.run.seed) },
      seed: plan.run.seed)
  }
}

/// Every limit that the command knows, in the order in which it is listed.
struct LimitsCatalogue {
  /// Published curves, the user's own behind the built-in ones.
  let curves: ConstraintCatalogue
  /// Limits computed for any model point, the user's own experiments behind the others.
  let computed: [ComputedCurve]
  private let ownNames: Set<String>
  private let seed: UInt64

  init(curves: ConstraintCatalogue, computed: [ComputedCurve], own: [ComputedCurve], seed: UInt64) {
    self.curves = curves
    self.computed = computed + own
    ownNames = Set(own.map(\.name))
    self.seed = seed
  }

  /// All of them.
  var constraints: [any Constraint] { curves.curves + computed }

  /// Those that a verdict alone needs: a computed projection never counts and holds everywhere, so that a table of points
  /// need not wait for it.
  var counted: [any Constraint] {
    curves.curves + computed.filter { $0.kind == .exclusion }
  }

  /// A published curve or a computed one.
  enum Limit {
    case published(ConstraintCurve)
    case computed(ComputedCurve)
  }

  /// The limit of a name.
  ///
  /// The path of an apparatus file is one as well.
  ///
  /// - Throws: ``ConstraintError/unknownName(_:known:)``, which suggests the nearest name, or the faults of a file.
  func limit(named name: String) throws -> Limit {
    if name.hasSuffix(".yaml") {
      return .computed(.thickTarget(try ThickTargetReader.experiment(at: name), seed: seed))
    }
    if let curve = curves.curves.first(where: { $0.name == name }) { return .published(curve) }
    if let curve = computed.first(where: { $0.name == name }) { return .computed(curve) }
    throw ConstraintError.unknownName(name, known: constraints.map(\.name))
  }

  /// Whether a limit is the user's own.
  func isUsers(_ name: String) -> Bool {
    curves.userNames.contains(name) || ownNames.contains(name)
  }

  /// A name, and that it is the user's if it is.
  func label(_ name: String) -> String { isUsers(name) ? "\(name) (yours)" : name }
}

extension Plan {
  /// The card's model point as limits see it.
  func constraintPoint() throws(DarkSectorError) -> ConstraintPoint {
    let point = try modelPoint()
    return ConstraintPoint(
      m1: model.m1, splittingOverM1: model.splittingOverM1, alphaD: model.alphaD,
      mediatorMassOverM1: point.darkPhotonMass / point.chi1Mass,
      epsilon: epsilonSquared(point).squareRoot())
  }

  /// The same, with an ε of 1 at most.
  func physicalConstraintPoint() throws(DarkSectorError) -> ConstraintPoint {
    let point = try constraintPoint()
    guard point.epsilon <= 1 else { throw .mixingAboveOne(epsilon: point.epsilon) }
    return point
  }
}

/// Curves by name: those that come with the program, and a user's own.
public struct ConstraintCatalogue: Sendable, Hashable {
  /// The curves, in the order in which they are listed.
  public let curves: [ConstraintCurve]
  /// The names of those that are a user's own.
  public let userNames: Set<String>

  /// The curves that come with the program, read once.
  public static let builtIn: ConstraintCatalogue = {
    let curves = embedded.map { bytes -> ConstraintCurve in
      do {
        return try ConstraintCurve(parsing: String(decoding: bytes, as: UTF8.self))
      } catch {
        preconditionFailure("a curve that comes with the program is at fault: \(error)")
      }
    }
    return ConstraintCatalogue(curves: curves, userNames: [])
  }()

  private init(curves: [ConstraintCurve], userNames: Set<String>) {
    self.curves = curves
    self.userNames = userNames
  }

  /// The catalogue with a user's own curves behind the others.
  ///
  /// - Throws: ``ConstraintError/nameTaken(_:)`` for a name that is there already.
  public func adding(_ userCurves: [ConstraintCurve]) throws(ConstraintError)
    -> ConstraintCatalogue
  {
    var names = Set(curves.map(\.name))
    for curve in userCurves where !names.insert(curve.name).inserted {
      throw .nameTaken(curve.name)
    }
    return ConstraintCatalogue(
      curves: curves + userCurves, userNames: userNames.union(userCurves.map(\.name)))
  }

  /// The curve of a name.
  ///
  /// - Throws: ``ConstraintError/unknownName(_:known:)``, which suggests the nearest name.
  public func curve(named name: String) throws(ConstraintError) -> ConstraintCurve {
    guard let curve = curves.first(where: { $0.name == name }) else {
      throw .unknownName(name, known: curves.map(\.name))
    }
    return curve
  }

  /// Exclusions first, projections after them.
  private static var embedded: [[UInt8]] {
    [
      PackageResources.babar_csv, PackageResources.lep_csv, PackageResources.e137_csv,
      PackageResources.lsnd_csv, PackageResources.babar_displaced_csv, PackageResources.bdx_csv,
      PackageResources.ldmx_csv, PackageResources.miniboone_csv, PackageResources.belle2_csv,
      PackageResources.seaquest_csv, PackageResources.jsns2_csv,
    ]
  }
}

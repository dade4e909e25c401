import Constraints
import Foundation

/// The folder in which a user keeps curves of their own, one `NAME.csv` each.
public struct CurveFolder: Sendable, Hashable {
  /// The largest file that is read as a curve: 256 KiB, thousands of points.
  static let largestSize = 1 << 18

  /// The folder's path.
  public let path: String

  /// A folder at a path.
  public init(_ path: String) { self.path = path }

  /// Whether there is such a folder.
  public var exists: Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// `$XDG_DATA_HOME/duskline/curves`, or `~/.local/share/duskline/curves`.
  public static var standard: CurveFolder {
    let environment = ProcessInfo.processInfo.environment
    // The base directory specification: a path that is not absolute is to be ignored.
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      return CurveFolder("\(data)/duskline/curves")
    }
    let home = environment["HOME"] ?? NSHomeDirectory()
    return CurveFolder("\(home)/.local/share/duskline/curves")
  }

  /// The curve in a file.
  ///
  /// - Throws: ``InputFileError`` with all faults, each with its line.
  public static func curve(at path: String, name: String? = nil) throws(InputFileError)
    -> ConstraintCurve
  {
    let text: String
    do {
      text = try TextFile.read(path, largestSize: largestSize, subject: "a curve")
    } catch {
      throw InputFileError(path, error)
    }
    do {
      return try ConstraintCurve(parsing: text, name: name)
    } catch .malformed(let faults) {
      throw InputFileError(path, faults)
    } catch {
      throw InputFileError(
        path, [CurveFault(line: nil, "\(error)", mend: "see Documentation/Limits.md")])
    }
  }

  /// The built-in curves and those in the folder, which need not exist.
  ///
  /// - Throws: ``InputFileError`` for the first file that is no curve, or has a name that is taken.
  public func catalogue() throws(InputFileError) -> ConstraintCatalogue {
    var catalogue = ConstraintCatalogue.builtIn
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for file in files.sorted() where file.hasSuffix(".csv") && !file.hasPrefix(".") {
      let filePath = "\(path)/\(file)"
      let curve = try Self.curve(at: filePath, name: String(file.dropLast(4)))
      do {
        catalogue = try catalogue.adding([curve])
      } catch {
        throw InputFileError(filePath, [Self.nameIsTaken(curve.name)])
      }
    }
    return catalogue
  }

  /// Puts a curve into the folder, whole or not at all, and gives the path of its file.
  ///
  /// - Parameters:
  ///   - curve: the curve.
  ///   - replacing: whether a curve of that name in the folder may be replaced.
  /// - Throws: ``InputFileError`` if the name is taken, ``FileError`` if the file cannot be written.
  public func install(_ curve: ConstraintCurve, replacing: Bool) throws -> String {
    let file = "\(path)/\(curve.name).csv"
    let isBuiltIn = ConstraintCatalogue.builtIn.curves.contains { $0.name == curve.name }
    if isBuiltIn || curve.name.hasSuffix(Self.computedEnding) {
      throw InputFileError(file, [Self.nameIsTaken(curve.name)])
    }
    if !replacing, FileManager.default.fileExists(atPath: file) {
      throw InputFileError(
        file,
        [
          CurveFault(
            line: nil, "there is a curve of this name already",
            mend: "give yours another name, or say --replace")
        ])
    }
    try OutputFile.makeFolder(at: path)
    try OutputFile.write(curve.text, to: file)
    return file
  }

  /// The ending of the names of limits that are computed for the card's point.
  static let computedEnding = "-computed"

  private static func nameIsTaken(_ name: String) -> CurveFault {
    CurveFault(
      line: nil, "'\(name)' is the name of a limit that comes with the program",
      mend: "give yours another name: change '# curve:' and the name of the file")
  }
}

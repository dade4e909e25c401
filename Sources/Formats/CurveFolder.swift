import Constraints
import Foundation
import Recasts

/// The folder in which a user keeps curves of their own, one `NAME.csv` each.
public struct CurveFolder: Sendable, Hashable {
  /// The largest file that is read as a curve: 256 KiB, thousands of points.
  static let largestSize = 1 << 18

  /// The folder's path.
  public let path: String

  /// A folder at a path.
  public init(_ path: String) { self.path = path }

  /// Whether there is anything at the path, a folder or not.
  public var exists: Bool { Self.kind(of: path) != .nothing }

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
      text = try TextFile.read(
        path, largestSize: largestSize, subject: "a curve", ifMissing: "check the path")
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
  /// - Throws: ``InputFileError`` if the folder cannot be read, or for the first file that is no curve or has a name that
  ///   is taken.
  public func catalogue() throws(InputFileError) -> ConstraintCatalogue {
    var curves: [ConstraintCurve] = []
    for file in try files() where file.hasSuffix(".csv") && !file.hasPrefix(".") {
      let (filePath, name) = ("\(path)/\(file)", String(file.dropLast(4)))
      if Self.isTaken(name) { throw Self.nameIsTaken(name, at: filePath) }
      // A pipe would be waited for: nobody may ever write to it.
      if Self.kind(of: filePath) == .other { throw Self.isNoFile(filePath) }
      curves.append(try Self.curve(at: filePath, name: name))
    }
    do {
      return try ConstraintCatalogue.builtIn.adding(curves)
    } catch {
      throw InputFileError(
        path, [CurveFault(line: nil, "\(error)", mend: "change '# curve:' and the file's name")])
    }
  }

  /// The user's own experiments in the folder, `NAME.apparatus.yaml` each.
  ///
  /// - Throws: ``InputFileError`` if the folder cannot be read or a name is taken, ``RunCardError`` for the first file that is no
  ///   experiment.
  public func experiments() throws -> [ThickTargetExperiment] {
    let ending = Self.experimentEnding
    return try files().filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }.map { file in
      let filePath = "\(path)/\(file)"
      if Self.kind(of: filePath) == .other { throw Self.isNoFile(filePath) }
      let experiment = try ThickTargetReader.experiment(at: filePath)
      if Self.isComputed(experiment.name) { throw Self.isComputed(experiment.name, at: filePath) }
      guard experiment.name == file.dropLast(ending.count) else {
        throw Self.isMisnamed(experiment.name, at: filePath)
      }
      return experiment
    }
  }

  /// Puts an experiment's file into the folder, whole or not at all, and gives it with its path there.
  ///
  /// - Throws: as ``install(_:replacing:)-(ConstraintCurve,_)``, and ``RunCardError`` for a file that is no experiment.
  public func installExperiment(at source: String, replacing: Bool) throws
    -> (experiment: ThickTargetExperiment, path: String)
  {
    let experiment = try ThickTargetReader.experiment(at: source)
    let file = "\(path)/\(experiment.name)\(Self.experimentEnding)"
    if Self.isComputed(experiment.name) { throw Self.isComputed(experiment.name, at: file) }
    let text = try TextFile.read(
      source, largestSize: Self.largestSize, subject: "an apparatus", ifMissing: "check the path")
    return (experiment, try install(text, as: file, replacing: replacing))
  }

  /// The names of limits that the program computes.
  private static let computedNames = Set(
    ComputedCurve.all(confidenceLevel: 0.95, seed: 1).map(\.name))

  /// Whether the program computes a limit that an experiment of this name would have.
  private static func isComputed(_ name: String) -> Bool {
    computedNames.contains(ComputedCurve.Name.thickTarget(name))
  }

  /// The ending of the files of experiments.
  static let experimentEnding = ".apparatus.yaml"

  /// Puts a curve into the folder, whole or not at all, and gives the path of its file.
  ///
  /// - Parameters:
  ///   - curve: the curve.
  ///   - replacing: whether a curve of that name in the folder may be replaced.
  /// - Throws: ``InputFileError`` if the name is taken, ``FileError`` if the file cannot be written.
  public func install(_ curve: ConstraintCurve, replacing: Bool) throws -> String {
    let file = "\(path)/\(curve.name).csv"
    if Self.isTaken(curve.name) { throw Self.nameIsTaken(curve.name, at: file) }
    return try install(curve.text, as: file, replacing: replacing)
  }

  private func install(_ text: String, as file: String, replacing: Bool) throws -> String {
    try refuseWhatIsNoFolder()
    switch Self.kind(of: file) {
    case .nothing: break
    case .file: if !replacing { throw Self.isThere(file) }
    case .folder, .other, .unknown: throw Self.isNoFile(file)
    }
    try OutputFile.makeFolder(at: path)
    removeLeftovers(of: file)
    do {
      try OutputFile.write(text, to: file, replacing: replacing)
    } catch {
      // Somebody else added one of this name in the meantime.
      if !replacing, Self.kind(of: file) == .file { throw Self.isThere(file) }
      throw error
    }
    return file
  }

  /// Whether a name belongs to a limit that comes with the program, or to those that are computed.
  public static func isTaken(_ name: String) -> Bool {
    name.hasSuffix(ComputedCurve.Name.ending)
      || ConstraintCatalogue.builtIn.curves.contains { $0.name == name }
  }
}

// MARK: What is at a path

extension CurveFolder {
  private enum Kind: Equatable {
    case nothing, file, folder, other
    /// The system does not tell: a folder above may not be searched.
    case unknown(Int32)
  }

  private static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return errno == ENOENT ? .nothing : .unknown(errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// The names of the files in the folder in their order; none where nothing is at its path.
  private func files() throws(InputFileError) -> [String] {
    try refuseWhatIsNoFolder()
    guard exists else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw fault(
        "this folder of curves cannot be read (\(error.localizedDescription))",
        mend: "check that you may read it, or name another with --catalogue")
    }
  }

  /// Whatever is in the folder's place stays as it is: it may be dear to the user.
  private func refuseWhatIsNoFolder() throws(InputFileError) {
    switch Self.kind(of: path) {
    case .nothing, .folder: return
    case .file, .other:
      throw fault(
        "this is not a folder, and curves are kept in one",
        mend: "name another place with --catalogue")
    case .unknown(let code):
      throw fault(
        "this folder of curves cannot be read (\(String(cString: strerror(code))))",
        mend: "check the path, or name another with --catalogue")
    }
  }

  /// Removes half-written files of processes that ended before they were done.
  private func removeLeftovers(of wholePath: String) {
    let whole = wholePath.dropFirst(path.count + 1)
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for file in files where file.hasPrefix("\(whole).") && file.hasSuffix(".partial") {
      let process = file.dropFirst(whole.count + 1).dropLast(8)
      if let id = pid_t(process), id > 0, kill(id, 0) != 0, errno == ESRCH {
        unlink("\(path)/\(file)")
      }
    }
  }
}

// MARK: Faults

extension CurveFolder {
  private func fault(_ problem: String, mend remedy: String) -> InputFileError {
    Self.fault(at: path, problem, mend: remedy)
  }

  private static func fault(at path: String, _ problem: String, mend remedy: String)
    -> InputFileError
  {
    InputFileError(path, [CurveFault(line: nil, problem, mend: remedy)])
  }

  private static func nameIsTaken(_ name: String, at path: String) -> InputFileError {
    let ending = ComputedCurve.Name.ending
    return fault(
      at: path,
      name.hasSuffix(ending)
        ? "'\(name)' is a name of limits that are computed: they end in \(ending)"
        : comesWithTheProgram(name),
      mend: "give yours another name: change '# curve:' and the name of the file")
  }

  private static func isComputed(_ name: String, at path: String) -> InputFileError {
    fault(
      at: path, comesWithTheProgram(name),
      mend: "give yours another name: change 'name:' in the file")
  }

  private static func comesWithTheProgram(_ name: String) -> String {
    "'\(name)' is the name of a limit that comes with the program"
  }

  private static func isMisnamed(_ name: String, at path: String) -> InputFileError {
    fault(
      at: path, "this file holds the experiment '\(name)'",
      mend: "call it \(name)\(experimentEnding), or change 'name:' in it")
  }

  private static func isThere(_ path: String) -> InputFileError {
    fault(
      at: path, "there is a curve of this name already",
      mend: "give yours another name, or say --replace")
  }

  private static func isNoFile(_ path: String) -> InputFileError {
    fault(
      at: path, "this is not a regular file", mend: "take it out of the folder of curves")
  }
}

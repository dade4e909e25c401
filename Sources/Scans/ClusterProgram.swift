import Formats
import Foundation

/// The programs of a batch system: `sbatch`, `squeue`.
struct ClusterProgram: Sendable, Hashable {
  /// Where they are looked for, as in `PATH`.
  var searchPath: String

  /// Those of the environment where there is no other path.
  init(searchPath: String?) {
    self.searchPath = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
  }

  /// Where a program is; `nil` where it is not.
  func path(of name: String) -> String? {
    for folder in searchPath.split(separator: ":") {
      let path = "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      if access(path, X_OK) == 0,
        FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        !isFolder.boolValue
      {
        return path
      }
    }
    return nil
  }

  /// Runs a program to its end.
  ///
  /// - Parameter remedy: what to do where it fails.
  /// - Returns: what it printed.
  func run(
    _ name: String, _ arguments: [String], mend remedy: String, timeLimit: Double = 120
  ) async throws(ClusterError) -> String {
    guard let path = path(of: name) else {
      throw ClusterError(
        name, because: "no such program in PATH",
        mend: "run this where Slurm's programs are, such as a login node of the cluster "
          + "(`module load slurm` at some sites)")
    }
    let result: ChildProcess.Result
    do {
      result = try await ChildProcess.run(path, arguments, timeLimit: timeLimit)
    } catch let error as ChildProcess.StartError {
      throw ClusterError(path, because: error.reason, mend: "check that it is a program")
    } catch let error as ChildProcess.PlaceError {
      throw ClusterError(
        "temporary files in \(error.folder)", because: error.reason,
        mend: "make room there, or set TMPDIR to another folder")
    } catch {
      throw ClusterError(name, because: "interrupted", mend: "give the same command again")
    }
    switch result.end {
    case .exit(0): return result.output
    case .exit(let code):
      let said = result.lastError.trimmingCharacters(in: .whitespaces)
      throw ClusterError(
        name, because: said.isEmpty ? "it ended with exit code \(code)" : said, mend: remedy)
    case .signal(let signal):
      throw ClusterError(name, because: "it was ended by signal \(signal)", mend: remedy)
    case .timeout:
      throw ClusterError(name, because: "no answer in \(Int(timeLimit)) s", mend: remedy)
    }
  }
}

import Formats
import Foundation
import Sampling

/// What was submitted for a scan, kept in `slurm/jobs.json` of its folder.
struct SlurmJobs: Sendable, Hashable, Codable {
  /// One submission: an array of the shards that were missing then, and the merge behind it.
  struct Submission: Sendable, Hashable, Codable {
    /// The array's job; `nil` where no shard was missing.
    var array: Int?
    /// Its shards, as `0,3,7-9`.
    var shards: String
    /// The merge's job; `nil` where it was refused after the array was taken.
    var merge: Int?
  }

  /// The engine's name, that no other reads this file.
  var engine = "slurm"
  /// The jobs' name, of which each folder has its own.
  var name: String
  /// The number of shards.
  var shards: Int
  /// The cluster, where Slurm named one.
  var cluster: String?
  /// What was submitted, the latest last.
  var submissions: [Submission] = []

  /// The file in a scan's folder.
  static func path(in folder: String) -> String { "\(folder)/slurm/jobs.json" }

  /// What the file says; `nil` where there is none.
  static func read(in folder: String) throws(ClusterError) -> SlurmJobs? {
    let path = path(in: folder)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw ClusterError(
        "reading \(path)", because: "the file cannot be opened", mend: "check that you may read it")
    }
    guard let jobs = try? JSONDecoder().decode(SlurmJobs.self, from: bytes),
      jobs.engine == "slurm", (1...ScanRun.mostShards).contains(jobs.shards), !jobs.name.isEmpty
    else {
      throw ClusterError(
        "reading \(path)", because: "this is not what duskline wrote",
        mend: "look with `squeue --me` for jobs of this scan, cancel them, and remove the file")
    }
    return jobs
  }

  /// Writes the file whole.
  func write(in folder: String) throws(ClusterError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let bytes = try? encoder.encode(self) else { preconditionFailure("jobs are plain") }
    try ShardFiles.write(
      String(decoding: bytes, as: UTF8.self) + "\n", to: Self.path(in: folder))
  }

  /// The name of a folder's jobs: equal for equal paths.
  static func name(for folder: String) -> String {
    var digest = Digest()
    digest.combine(folder)
    let digits = String(digest.value, radix: 16)
    return "duskline-" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}

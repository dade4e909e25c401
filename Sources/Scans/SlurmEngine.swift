import Formats
import Foundation

/// Gives a scan to Slurm: an array of shards, and a merge that waits for them.
///
///     let engine = try SlurmEngine(folder: "out", executable: path, settings: settings)
///     let submission = try await engine.submit()
///     let status = try await SlurmEngine.status(ofScanIn: "out")
///
/// Each task computes a shard that appears whole or not at all, so that any of them may run again. The scripts, the
/// logs and the jobs' numbers lie in `slurm/` of the scan's folder. Only missing shards are submitted.
public struct SlurmEngine: Sendable {
  /// What was submitted.
  public struct Submission: Sendable, Hashable {
    /// The array's job; `nil` where no shard was missing.
    public let array: Int?
    /// Its shards.
    public let shards: [Int]
    /// The merge's job.
    public let merge: Int

    /// One line for people.
    public var text: String {
      if let array {
        "job \(array): shards \(ShardFiles.list(shards)); job \(merge): the merge after it\n"
      } else {
        "job \(merge): the merge; no shard is missing\n"
      }
    }
  }

  /// Shards with nothing left to do, for which nothing is submitted: those with a result unless they are given.
  public var finishedShards: Set<Int>?

  private let scripts: SlurmScripts
  private let program: ClusterProgram

  private var folder: String { scripts.folder }
  private var settings: ClusterSettings { scripts.settings }
  private var files: ShardFiles { ShardFiles(folder: folder, count: settings.shards) }

  /// An engine for a scan.
  ///
  /// - Parameters:
  ///   - folder: the scan's folder, which the nodes see under the same path.
  ///   - executable: the path of `duskline`, likewise.
  ///   - searchPath: where Slurm's programs are; `PATH` unless it is given.
  /// - Throws: ``ClusterError``: of directives and paths that Slurm could not take.
  public init(
    folder: String, executable: String, settings: ClusterSettings, searchPath: String? = nil
  ) throws(ClusterError) {
    let folder = ShardFiles.absolute(folder)
    let executable = ShardFiles.absolute(executable)
    var faults = settings.directives.compactMap(Self.fault)
    // In the names of log files Slurm reads a backslash as "leave all % alone".
    for path in [folder, executable]
    where path.unicodeScalars.contains(where: { $0 == "\\" || $0.value < 32 }) {
      faults.append(
        ClusterError.Fault(
          subject: path.debugDescription,
          reason: "Slurm takes no path with a backslash or a control character",
          remedy: "give the folder another name"))
    }
    guard faults.isEmpty else { throw ClusterError(input: faults) }
    scripts = SlurmScripts(
      folder: folder, executable: executable, settings: settings,
      name: SlurmJobs.name(for: folder))
    program = ClusterProgram(searchPath: searchPath)
  }

  private static func fault(of directive: String) -> ClusterError.Fault? {
    let name = directive.drop { $0 == "-" }.prefix { $0 != "=" && !$0.isWhitespace }
    let hyphens = directive.prefix { $0 == "-" }.count
    if !(1...2).contains(hyphens) || name.isEmpty {
      return ClusterError.Fault(
        subject: "--directive \(directive)", reason: "not an option of sbatch",
        remedy: "write it as after #SBATCH: --account=muons")
    }
    // One letter takes its value without a blank too.
    let option = hyphens == 1 ? name.prefix(1) : name
    // sbatch takes long options by their beginning.
    let isOwn =
      hyphens == 1
      ? SlurmScripts.ownOptions.contains(String(option))
      : SlurmScripts.ownOptions.contains { $0.count > 1 && $0.hasPrefix(option) }
    guard isOwn else { return nil }
    return ClusterError.Fault(
      subject: "--directive \(directive)", reason: "duskline itself sets this option of sbatch",
      remedy:
        "leave it out; --time, --memory, --partition, --threads and --throttle are options of duskline"
    )
  }

  /// The text of the array's script.
  public var arrayScript: String { scripts.array }

  /// The text of the merge's script.
  public var mergeScript: String { scripts.merge }

  /// Submits the shards that are missing, and the merge behind them.
  ///
  /// - Throws: ``ClusterError``: where jobs of this scan are queued, and where Slurm refuses.
  public func submit() async throws(ClusterError) -> Submission {
    try ShardFiles.makeFolder("\(folder)/slurm")
    try ShardFiles.makeFolder(ShardFiles.place(in: folder))
    let lock = try submissionLock()
    defer { withExtendedLifetime(lock) {} }
    var jobs = try await jobsReadyForMore()
    let missing = files.missing(except: finishedShards)
    try ShardFiles.write(scripts.array, to: "\(folder)/slurm/shards.sh")
    try ShardFiles.write(scripts.merge, to: "\(folder)/slurm/merge.sh")
    var submission = SlurmJobs.Submission(array: nil, shards: ShardFiles.list(missing), merge: nil)
    var dependency: [String] = []
    if !missing.isEmpty {
      let throttle = settings.throttle.map { "%\($0)" } ?? ""
      let array = try await sbatch(
        ["--array=\(submission.shards)\(throttle)", output("shard-%a.log"), "slurm/shards.sh"],
        into: &jobs,
        mend: "see the reason; for a smaller array give fewer --shards "
          + "(`scontrol show config | grep MaxArraySize` tells the most)")
      submission.array = array
      jobs.submissions.append(submission)
      // At once: from here on there are jobs in the queue.
      try jobs.write(in: folder)
      dependency = ["--dependency=afterok:\(array)", "--kill-on-invalid-dep=yes"]
    } else {
      jobs.submissions.append(submission)
    }
    let merge = try await sbatch(
      dependency + [output("merge.log"), "slurm/merge.sh"], into: &jobs,
      mend: submission.array.map {
        "job \($0) is queued: when it is done, give this command once more"
      } ?? "see the reason, and give this command once more")
    jobs.submissions[jobs.submissions.count - 1].merge = merge
    try jobs.write(in: folder)
    return Submission(array: submission.array, shards: missing, merge: merge)
  }

  /// Held while one command submits: of two at a time one is refused.
  private func submissionLock() throws(ClusterError) -> FileLock {
    let path = "\(folder)/slurm/submission.lock"
    do {
      return try FileLock(path)
    } catch .locked {
      throw ClusterError(
        "submitting the scan", because: "another command is submitting it (\(path))",
        mend: "wait for it, and look with `duskline scan status`")
    } catch .storage(_, let reason, _) {
      throw ClusterError(
        "opening \(path)", because: reason, mend: "check that you may write there")
    } catch {
      preconditionFailure("a lock fails in these ways alone")
    }
  }

  /// What was submitted before, where nothing of it will go on by itself.
  private func jobsReadyForMore() async throws(ClusterError) -> SlurmJobs {
    let known = try SlurmJobs.read(in: folder)
    if let known, known.shards != settings.shards {
      throw ClusterError(
        "--shards \(settings.shards)",
        because:
          "this scan was submitted in \(known.shards) shards, and their results fit no others",
        mend: "give --shards \(known.shards), or remove the folders shards and slurm in \(folder)",
        isInput: true)
    }
    let jobs = known ?? SlurmJobs(name: scripts.name, shards: settings.shards)
    // By name: also what was submitted by a command that was killed before it could write the numbers.
    let names = Set([jobs.name, scripts.name]).sorted()
    for name in names {
      let rows = try await Self.rows(name: name, cluster: jobs.cluster, program)
      let active = Set(rows.filter(\.state.isActive).map(\.job)).sorted().map(String.init)
      guard active.isEmpty else {
        throw ClusterError(
          "submitting the scan in \(folder)",
          because: "jobs of it are in the queue: \(active.joined(separator: ", "))",
          mend: "wait for them (duskline scan status \(folder)), "
            + "or cancel them first: scancel \(active.joined(separator: " "))")
      }
    }
    // A folder that was moved: its jobs are named anew.
    return SlurmJobs(
      name: scripts.name, shards: jobs.shards, cluster: jobs.cluster, submissions: jobs.submissions)
  }

  /// The log's option. A `%` of the folder must not be read as Slurm's own.
  private func output(_ pattern: String) -> String {
    "--output=\(folder.replacing("%", with: "%%"))/slurm/\(pattern)"
  }

  private func sbatch(
    _ arguments: [String], into jobs: inout SlurmJobs, mend remedy: String
  ) async throws(ClusterError) -> Int {
    var arguments = arguments
    let script = "\(folder)/\(arguments.removeLast())"
    let said = try await program.run(
      "sbatch", ["--parsable", "--chdir=\(folder)"] + arguments + [script], mend: remedy)
    // `123`, or `123;cluster`.
    let words = said.split(whereSeparator: \.isNewline).last?.split(separator: ";") ?? []
    guard let first = words.first, let id = Int(first) else {
      throw ClusterError(
        "sbatch", because: "it printed no job number: \(said.prefix(200).debugDescription)",
        mend: "look with `squeue --me` whether the job is there")
    }
    if words.count > 1 { jobs.cluster = String(words[1]) }
    return id
  }

  /// What the queue, and the files, say about a scan.
  ///
  /// - Parameter isFinished: whether all points of a shard are finished: its number, and how many there are. Without it, whether it has a result.
  /// - Returns: `nil` where nothing was submitted to Slurm.
  /// - Throws: ``ClusterError`` where `squeue` cannot be asked.
  public static func status(
    ofScanIn folder: String, searchPath: String? = nil,
    isFinished: ((_ shard: Int, _ count: Int) -> Bool)? = nil
  ) async throws(ClusterError) -> QueueStatus? {
    let folder = ShardFiles.absolute(folder)
    guard let jobs = try SlurmJobs.read(in: folder) else { return nil }
    let rows = try await rows(
      name: jobs.name, cluster: jobs.cluster, ClusterProgram(searchPath: searchPath))
    let files = ShardFiles(folder: folder, count: jobs.shards)
    return status(
      jobs, rows,
      isDone: (0..<jobs.shards).map { isFinished?($0, jobs.shards) ?? files.hasResult(of: $0) },
      hasResults: FileManager.default.fileExists(atPath: "\(folder)/results.json"))
  }

  private static func status(
    _ jobs: SlurmJobs, _ rows: [SlurmQueue.Row], isDone: [Bool], hasResults: Bool
  ) -> QueueStatus {
    let arrays = Set(jobs.submissions.compactMap(\.array))
    var latest: [Int: SlurmQueue.Row] = [:]
    for row in rows where arrays.contains(row.job) {
      guard let shard = row.task, row.job >= latest[shard]?.job ?? 0 else { continue }
      latest[shard] = row
    }
    let shards = isDone.indices.map { index in
      let row = latest[index]?.job(shard: index)
      var job = row ?? QueueStatus.Job(shard: index, state: .absent)
      if isDone[index] {
        job.state = .done
      } else if job.state == .done {
        job.state = .failed
        job.reason = "its result is not there"
      }
      return job
    }
    let last = jobs.submissions.last?.merge
    var merge =
      rows.last { $0.job == last && $0.task == nil }?.job(shard: nil)
      ?? QueueStatus.Job(id: last.map(String.init), state: .absent)
    if merge.state == .absent, last != nil, hasResults { merge.state = .done }
    return QueueStatus(shards: shards, merge: merge)
  }

  private static func rows(
    name: String, cluster: String?, _ program: ClusterProgram
  ) async throws(ClusterError) -> [SlurmQueue.Row] {
    let text = try await program.run(
      "squeue", SlurmQueue.arguments(name: name, cluster: cluster),
      mend: "check with `sinfo` that Slurm answers, and give the same command again")
    guard let rows = SlurmQueue.rows(of: text) else {
      throw ClusterError(
        "squeue", because: "it printed something else than a table of jobs",
        mend: "please report it with what `squeue --version` says")
    }
    return rows
  }
}

import Formats

/// Writes what HTCondor needs for a scan: a job for the shards, one for the merge, and the graph of both.
///
///     let engine = try HTCondorEngine(folder: "out", executable: path, settings: settings)
///     let graph = try engine.write()          // then: condor_submit_dag out/condor/scan.dag
///
/// HTCondor's own parser takes these files in the tests. **They were not run on a pool.**
public struct HTCondorEngine: Sendable, Hashable {
  /// Shards with nothing left to do, for which no job is written: those with a result unless they are given.
  public var finishedShards: Set<Int>?

  private let folder: String
  private let executable: String
  private let settings: ClusterSettings

  /// An engine for a scan.
  ///
  /// - Parameters:
  ///   - folder: the scan's folder, which the nodes see under the same path.
  ///   - executable: the path of `duskline`, likewise.
  /// - Throws: ``ClusterError``: of settings that HTCondor does not have, and paths that it could not take.
  public init(
    folder: String, executable: String, settings: ClusterSettings
  ) throws(ClusterError) {
    let folder = ShardFiles.absolute(folder)
    let executable = ShardFiles.absolute(executable)
    var faults: [ClusterError.Fault] = []
    if let partition = settings.partition {
      faults.append(
        ClusterError.Fault(
          subject: "--partition \(partition)", reason: "HTCondor has no partitions",
          remedy: "leave it out, or ask by --directive 'requirements = …'"))
    }
    for line in settings.directives where Self.isRefused(line) {
      faults.append(
        ClusterError.Fault(
          subject: "--directive \(line)",
          reason: "not a line of the form key = value, or one that duskline itself writes",
          remedy: #"write it as in a submit file: +AccountingGroup = "muons""#))
    }
    for path in [folder, executable]
    where path.unicodeScalars.contains(where: { $0.value < 32 }) || path.hasSuffix(" ") {
      faults.append(
        ClusterError.Fault(
          subject: path.debugDescription,
          reason: "a line of a submit file holds no such path", remedy: "give it another name"))
    }
    guard faults.isEmpty else { throw ClusterError(input: faults) }
    self.folder = folder
    self.executable = executable
    self.settings = settings
  }

  private static func isRefused(_ line: String) -> Bool {
    guard let sign = line.firstIndex(of: "=") else { return true }
    let key = line[..<sign].filter { !$0.isWhitespace }.lowercased()
    return key.isEmpty || key.hasPrefix("queue") || key.hasPrefix("#") || line.hasSuffix("\\")
      || ownKeys.contains(key)
  }

  private static let ownKeys: Set<String> = [
    "universe", "executable", "arguments", "initialdir", "log", "output", "error", "kill_sig",
    "max_retries", "success_exit_code", "retry_until", "on_exit_hold", "on_exit_remove",
    "on_exit_hold_reason", "should_transfer_files", "request_cpus", "request_memory",
    "allowed_job_duration", "max_materialize", "job_max_vacate_time", "batch_name", "shard",
    "dollar",
  ]

  /// The submit description of the shards that are missing.
  ///
  /// It asks the files: the text of a scan half done is shorter.
  public var shardsDescription: String {
    description(
      arguments: [
        "scan", "run-shard", Self.value(folder), "--shard", "$(shard)", "--of",
        "\(settings.shards)", "--threads", "\(settings.threads)",
      ], log: "shard-$(shard)",
      queue: "queue shard in (\(missing.map(String.init).joined(separator: ", ")))",
      throttle: settings.throttle)
  }

  /// The submit description of the merge.
  public var mergeDescription: String {
    description(
      arguments: ["scan", "merge", Self.value(folder)], log: "merge", queue: "queue",
      throttle: nil)
  }

  /// The graph: the shards, and the merge after them.
  public var graph: String {
    """
    # \(Self.mark)
    # Submit with: condor_submit_dag scan.dag, in this folder.
    \(missing.isEmpty ? "JOB merge merge.sub" : """
      JOB shards shards.sub
      JOB merge merge.sub
      PARENT shards CHILD merge
      """)

    """
  }

  /// Writes the three files into `condor/` of the scan's folder.
  ///
  /// - Returns: the path of the graph, for `condor_submit_dag`.
  public func write() throws(ClusterError) -> String {
    let place = "\(folder)/condor"
    try ShardFiles.makeFolder(place)
    try ShardFiles.makeFolder(ShardFiles.place(in: folder))
    if !missing.isEmpty { try ShardFiles.write(shardsDescription, to: "\(place)/shards.sub") }
    try ShardFiles.write(mergeDescription, to: "\(place)/merge.sub")
    try ShardFiles.write(graph, to: "\(place)/scan.dag")
    return "\(place)/scan.dag"
  }

  private var missing: [Int] {
    ShardFiles(folder: folder, count: settings.shards).missing(except: finishedShards)
  }

  private static let mark =
    "Written by duskline and read by HTCondor's parser in its tests; not run on a pool."

  private func description(
    arguments: [String], log: String, queue: String, throttle: Int?
  ) -> String {
    var lines = [
      "universe = vanilla",
      "executable = \(Self.value(executable))",
      "arguments = \"\(arguments.map(Self.word).joined(separator: " "))\"",
      "initialdir = \(Self.value(folder))",
      "log = condor/scan.log",
      "output = condor/\(log).out",
      "error = condor/\(log).err",
      "should_transfer_files = NO",
      "request_cpus = \(settings.threads)",
      "request_memory = \(settings.memory)M",
    ]
    if let limit = settings.timeLimit { lines.append("allowed_job_duration = \(limit)") }
    if let throttle { lines.append("max_materialize = \(throttle)") }
    lines += settings.directives
    return """
      # \(Self.mark)
      \(lines.joined(separator: "\n"))
      # Who is stopped keeps what is finished, within a minute, and ends with 75.
      kill_sig = SIGTERM
      job_max_vacate_time = 60
      # 75, and a program that was killed: once more. 1 is final; 2, a fault of the card, waits for a remedy
      # and condor_release.
      success_exit_code = 0
      max_retries = 100
      retry_until = ExitBySignal =?= false && ExitCode =!= 75
      on_exit_hold = ExitBySignal =?= false && ExitCode =?= 2
      on_exit_hold_reason = "duskline ended with exit code 2: see the .err file of this shard"
      \(queue)

      """
  }

  /// A text as the value of a key: `$` begins a macro otherwise.
  private static func value(_ text: String) -> String { text.replacing("$", with: "$(DOLLAR)") }

  /// A word of `arguments`, whose whole stands in double quotes.
  private static func word(_ text: String) -> String {
    let text = text.replacing("\"", with: "\"\"")
    guard text.contains(where: { $0 == " " || $0 == "'" }) || text.isEmpty else { return text }
    return "'" + text.replacing("'", with: "''") + "'"
  }
}

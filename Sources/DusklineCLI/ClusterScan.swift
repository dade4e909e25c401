import ArgumentParser
import Formats
import Foundation
import Scans

/// Where the points of a scan are computed.
enum ScanEngine: String, ExpressibleByArgument, CaseIterable {
  /// On this machine.
  case local
  /// As an array job of Slurm, submitted.
  case slurm
  /// As files for HTCondor, written; not run on a pool.
  case htcondor
}

/// The options of a scan on a cluster.
struct ClusterOptions: ParsableArguments {
  @Option(
    help: "Where to compute: local, slurm or htcondor (whose files are written, not submitted).")
  var engine: ScanEngine = .local

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Tasks to cut the scan into.", valueName: "N"))
  var shards: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("The partition (Slurm).", valueName: "P"))
  var partition: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most time of a task: 1:30:00.", valueName: "T"))
  var time: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Memory of a task: 2G.", valueName: "M"))
  var memory: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Tasks at a time.", valueName: "K"))
  var throttle: Int?

  @Option(
    name: .customLong("directive"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A further line for the engine. May be repeated.", valueName: "LINE"))
  var directives: [String] = []

  func validate() throws {
    let given = [
      ("shards", shards != nil), ("partition", partition != nil), ("time", time != nil),
      ("memory", memory != nil), ("throttle", throttle != nil), ("directive", !directives.isEmpty),
    ].filter(\.1).map { "--" + $0.0 }
    if engine == .local, !given.isEmpty {
      throw ValidationError(
        "\(given.joined(separator: ", ")) with no cluster: add --engine slurm or --engine htcondor")
    }
    if engine != .local, shards == nil {
      throw ValidationError("--engine \(engine.rawValue) needs --shards N: how many tasks")
    }
  }

  /// The settings of a cluster; `nil` for this machine.
  func settings(threads: String?) throws -> ClusterSettings? {
    guard engine != .local, let shards else { return nil }
    if threads == "auto" {
      throw InputFault(
        "--threads auto: a cluster must be told how many processors a task gets; give their number")
    }
    return try ClusterSettings(
      shards: shards, threads: threads.flatMap { Int($0) } ?? 1, partition: partition, time: time,
      memory: memory ?? "2G", throttle: throttle, directives: directives)
  }
}

/// A scan on a cluster: its state is made here, its points are computed there.
enum ClusterScan {
  case slurm(SlurmEngine)
  case htcondor(HTCondorEngine)

  /// - Throws: `ClusterError`, of settings that the engine does not have. Nothing is made yet.
  init(folder: String, engine: ScanEngine, settings: ClusterSettings) throws {
    let executable = Bundle.main.executablePath ?? CommandLine.arguments[0]
    switch engine {
    case .local: preconditionFailure("this machine is no cluster")
    case .slurm:
      self = .slurm(
        try SlurmEngine(folder: folder, executable: executable, settings: settings))
    case .htcondor:
      self = .htcondor(
        try HTCondorEngine(folder: folder, executable: executable, settings: settings))
    }
  }

  /// Refuses what would compute points a second time: jobs of the scan are in Slurm's queue.
  static func requireNoJobs(ofScanIn folder: String) async throws {
    // Where Slurm cannot be asked, nobody submits from here.
    guard let queue = try? await SlurmEngine.status(ofScanIn: folder), queue.isActive else {
      return
    }
    throw InputFault(
      "\(folder): jobs of this scan are in Slurm's queue; wait for them ('duskline scan status \(folder)'), or cancel them first"
    )
  }

  /// Submits what is missing, or writes the files to do so.
  ///
  /// - Parameter finished: shards that have nothing left to do.
  func submit(leavingOut finished: Set<Int>, output: OutputOptions) async throws {
    switch self {
    case .slurm(var engine):
      engine.finishedShards = finished
      let submission = try await engine.submit()
      try StandardOutput.write(
        output.json
          ? JSONValue.object([
            "array_job": submission.array.map { .integer($0) } ?? .null,
            "merge_job": .integer(submission.merge),
            "shards": .array(submission.shards.map { .integer($0) }),
          ]).text() : submission.text)
    case .htcondor(var engine):
      engine.finishedShards = finished
      let path = try engine.write()
      try StandardOutput.write(
        output.json
          ? JSONValue.object(["dag": .string(path)]).text()
          : "written, and not run on a pool: condor_submit_dag \(path)\n")
    }
  }
}

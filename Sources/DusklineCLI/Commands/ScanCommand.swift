import ArgumentParser
import Formats
import Foundation
import Scans

/// `duskline scan`.
struct ScanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Many points of a card, on this machine or a cluster, resumable.",
    discussion: """
      The points are those of the card's section scan: its lists of masses, splittings, alpha_D and \
      luminosities, any keys under scan.over, or the rows of scan.table. Every finished point is kept \
      in the folder at once: a run that is killed goes on with the same command.

        duskline scan -o out --set 'scan.m1_GeV=[0.1, 0.3]'
        duskline scan -o out --set 'scan.over={model.y: {from: 1e-9, to: 1e-7, points: 50, spacing: log}}'
      """,
    subcommands: [
      ScanRunCommand.self, ScanPrepareCommand.self, ScanResumeCommand.self, ScanStatusCommand.self,
      ScanMergeCommand.self,
      ScanExportCommand.self, ScanShardCommand.self,
    ], defaultSubcommand: ScanRunCommand.self)
}

/// `duskline scan -o DIR`.
struct ScanRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Begin a scan, or go on with it (the default).")

  @Option(
    name: .customShort("o"), parsing: .unconditional,
    help: ArgumentHelp("The folder of the scan; made if it is not there.", valueName: "DIR"))
  var folder: String

  @OptionGroup(title: "On a cluster") var cluster: ClusterOptions
  @OptionGroup var options: CommonOptions

  func validate() throws { try cluster.validate() }

  func run() async throws {
    let card = try options.loadCard()
    let definition = try ScanDefinition(card)
    // Settings at fault are told before a folder is made.
    let settings = try cluster.settings(threads: options.overrides.threads)
    if let settings, settings.shards > definition.space.count {
      throw InputFault(
        "--shards \(settings.shards): the scan has \(definition.space.count) points; give no more shards than points"
      )
    }
    let clusterScan = try settings.map {
      try ClusterScan(folder: folder, engine: cluster.engine, settings: $0)
    }
    try OutputFile.makeFolder(at: folder)
    let state = try ScanState(at: ScanState.path(in: folder), beginning: definition)
    let local = LocalScan(folder: folder, output: options.output)
    guard let settings, let clusterScan else {
      try await local.finish(state, threads: card.plan.threadCount)
      return
    }
    try ScanShards(in: folder).collect(into: state)
    let finished = try ScanShards.finished(of: settings.shards, in: state)
    guard finished.count < settings.shards else {
      try local.write(state)
      return
    }
    try state.close()
    try await clusterScan.submit(leavingOut: finished, output: options.output)
  }
}

/// `duskline scan prepare -o DIR`.
struct ScanPrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Make the folder of a scan and compute nothing: for shards that are started by hand.")

  @Option(
    name: .customShort("o"), parsing: .unconditional,
    help: ArgumentHelp("The folder of the scan; made if it is not there.", valueName: "DIR"))
  var folder: String

  @OptionGroup var options: CommonOptions

  func run() throws {
    let definition = try ScanDefinition(options.loadCard())
    try OutputFile.makeFolder(at: folder)
    let state = try ScanState(at: ScanState.path(in: folder), beginning: definition)
    let progress = try ScanProgress(state, in: folder)
    try state.close()
    try StandardOutput.write(options.output.json ? progress.json.text() : progress.text)
  }
}

/// `duskline scan resume DIR`.
struct ScanResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with the scan in a folder, whose card it knows.")

  @Argument(help: ArgumentHelp("The folder of the scan.", valueName: "DIR"))
  var folder: String

  @OptionGroup var threads: ScanThreads
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let state = try ScanState(at: ScanState.path(in: folder), for: .writing)
    try state.requireThisProgram()
    try await LocalScan(folder: folder, output: output).finish(state, threads: threads.count)
  }
}

/// `duskline scan run-shard DIR --shard K --of N`.
struct ScanShardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run-shard",
    abstract: "Compute one of so many shards of a scan, as a cluster's task.",
    discussion: """
      Exit codes: 0 the shard has its result, 75 it was stopped, or another task computes it, and it \
      goes on when it is run again, 1 the run failed, 2 the input is at fault.
      """)

  @Argument(help: ArgumentHelp("The folder of the scan.", valueName: "DIR"))
  var folder: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Its number, from 0.", valueName: "K"))
  var shard: Int

  @Option(
    name: .customLong("of"), parsing: .unconditional,
    help: ArgumentHelp("How many there are.", valueName: "N"))
  var count: Int

  @OptionGroup var threads: ScanThreads
  @OptionGroup var output: OutputOptions

  func run() async throws {
    Interruption.begin(exitCode: ExitStatus.tryAgain)
    defer { Interruption.end() }
    let progress = SharedProgress("shard \(shard)", isQuiet: output.quiet)
    defer { progress.finish() }
    let threads = try threads.count
    do {
      try await ScanShards(in: folder).run(
        shard, of: count, threads: threads, started: progress.start, progress: progress.advance)
    } catch let error as ScanError where error.isLock {
      // A node that Slurm gave up may still be at work.
      StandardError.write("duskline: \(error)")
      throw ExitCode(ExitStatus.tryAgain)
    }
    if output.json { try StandardOutput.write(ScanProgress(in: folder).json.text()) }
  }
}

/// `duskline scan merge DIR`.
struct ScanMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Collect the shards of a scan, and other states of it, and write its results.")

  @Argument(help: ArgumentHelp("The folder of the scan.", valueName: "DIR"))
  var folder: String

  @Argument(help: ArgumentHelp("Other folders of the same scan.", valueName: "OTHER"))
  var others: [String] = []

  @OptionGroup var output: OutputOptions

  func run() throws {
    let state = try ScanShards(in: folder).merge(others)
    try LocalScan(folder: folder, output: output).write(state)
  }
}

/// `duskline scan export DIR -o FILE`.
struct ScanExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the points that are finished to a file.")

  @Argument(help: ArgumentHelp("The folder of the scan.", valueName: "DIR"))
  var folder: String

  @Option(
    name: .customShort("o"), parsing: .unconditional,
    help: ArgumentHelp(
      "The file; its ending picks the format: .csv, .parquet or .json.", valueName: "FILE"))
  var file: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    guard let format = ScanResults.Format(path: file) else {
      throw InputFault("\(file): the ending names no format; use .csv, .parquet or .json")
    }
    let state = try ScanState(at: ScanState.path(in: folder), for: .reading)
    try ScanResults(state).write(format, to: file)
    let progress = try ScanProgress(state, in: folder)
    try StandardOutput.write(
      output.json ? progress.json.text() : progress.text + "written: \(file)\n")
  }
}

/// `duskline scan status DIR`.
struct ScanStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How far a scan is.")

  @Argument(help: ArgumentHelp("The folder of the scan.", valueName: "DIR"))
  var folder: String

  @OptionGroup var output: OutputOptions

  func run() async throws {
    var progress = try ScanProgress(in: folder)
    var fault: ClusterError?
    do throws(ClusterError) {
      progress.queue = try await SlurmEngine.status(
        ofScanIn: folder, isFinished: { progress.isFinished($0, of: $1) })
    } catch {
      // The files speak without the queue.
      fault = error
    }
    try StandardOutput.write(output.json ? progress.json.text() : progress.text)
    if let fault, !progress.isComplete { throw fault }
  }
}

/// The threads of a command that has no card.
struct ScanThreads: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads to use, or auto; no result depends on it.", valueName: "N"))
  var threads: String = "auto"

  /// Their number.
  var count: Int {
    get throws {
      try RunCard.load(threads: threads).plan.threadCount
    }
  }
}

import ArgumentParser
import Formats
import Foundation

/// The door: parses the command line, runs a command, and turns errors into text and exit codes.
///
/// ArgumentParser would end with 64 where a command line is at fault; the contract says 2.
@main
enum Main {
  static func main() async {
    reserveStandardStreams()
    do {
      var command = try Duskline.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      Foundation.exit(ExitStatus.report(error))
    }
  }

  /// Keeps the numbers of streams that were closed from files opened later, which messages would otherwise end up in. What such a
  /// stream is opened for is what nobody does with it, so that writing to it remains an error.
  private static func reserveStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}

/// The command `duskline`.
struct Duskline: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duskline",
    abstract: "Expected events and reach of dark-matter searches at lepton-beam experiments.",
    discussion: """
      A run is a card: a YAML file that changes what it likes of the built-in card muone-paper, \
      which 'duskline explain' prints. Flags override single keys.

      Exit codes: 0 done, 1 the run failed, 2 the input is at fault, 75 a cluster's task is to be run again.
      """,
    version: "duskline \(Provenance.programVersion) (commit \(Provenance.programCommit))",
    subcommands: [
      CheckCommand.self, ExplainCommand.self, CrossSectionCommand.self, WidthCommand.self,
      YieldCommand.self, ReachCommand.self, EventsCommand.self, ReproduceCommand.self,
      ValidateCommand.self, RelicCommand.self, LimitsCommand.self, BackgroundCommand.self,
      LimitCommand.self, ScanCommand.self,
    ])
}

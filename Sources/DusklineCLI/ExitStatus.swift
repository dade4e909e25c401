import ArgumentParser
import Constraints
import DarkSector
import Formats
import Foundation
import Production
import Relic
import Scans
import Statistics

/// How a command ends, and what it says when it fails.
enum ExitStatus {
  static let done: Int32 = 0
  static let runFailed: Int32 = 1
  static let inputAtFault: Int32 = 2
  /// EX_TEMPFAIL: stopped before its end, to be run again.
  static let tryAgain: Int32 = 75

  /// Writes an error where it belongs and returns the exit code.
  static func report(_ error: any Error) -> Int32 {
    if let code = code(of: error) {
      StandardError.write(message(of: error))
      return code
    }
    let code = Duskline.exitCode(for: error)
    let message = Duskline.fullMessage(for: error)
    // Help and version come as errors, too: they are what was asked for.
    if code == .success {
      do {
        try StandardOutput.write(message + "\n")
        return done
      } catch {
        StandardError.write("duskline: \(error)")
        return runFailed
      }
    }
    if !message.isEmpty { StandardError.write(message) }
    return error is ExitCode ? code.rawValue : inputAtFault
  }

  /// The code of an error of ours; `nil` for those of ArgumentParser.
  private static func code(of error: any Error) -> Int32? {
    switch error {
    case is RunCardError, is InputFault, is DarkSectorError, is InputFileError, is ConstraintError,
      is StatisticsError:
      inputAtFault
    case GeneratorError.refused: inputAtFault
    case let error as ClusterError: error.isInput ? inputAtFault : runFailed
    case let error as ScanError: error.isInputFault ? inputAtFault : runFailed
    case let error as ProductionError: code(ofProduction: error)
    case let error as RelicError: error.isPropertyOfPoint ? inputAtFault : runFailed
    case is FileError, is JSONError: runFailed
    case is ExitCode, is ValidationError, is CleanExit: nil
    // ArgumentParser's own errors are internal to it; anything else comes out of a run.
    case _ where "\(type(of: error))".hasPrefix("CommandError"): nil
    default: runFailed
    }
  }

  /// A closed channel or a method without events is the card's fault; an integral that fails is the run's.
  private static func code(ofProduction error: ProductionError) -> Int32 {
    switch error {
    case .belowThreshold, .quasiElasticOnProton, .approximationHasNoEvents,
      .approximationNeedsNarrowMediator:
      inputAtFault
    case .precisionNotReached, .notFinite: runFailed
    }
  }

  private static func message(of error: any Error) -> String {
    switch error {
    case let error as RunCardError: error.description
    case let error as InputFileError: error.description
    default: "duskline: \(error)"
    }
  }
}

/// A fault of the input that a command finds outside the card: exit code 2.
struct InputFault: Error, CustomStringConvertible {
  /// What, why, and how to mend it.
  var description: String

  /// A fault in words.
  init(_ description: String) { self.description = description }

  /// What is asked for has no code behind it yet.
  static func notAvailableYet(_ what: String) -> InputFault {
    InputFault("\(what) is not available yet; 'duskline --help' lists what is")
  }
}

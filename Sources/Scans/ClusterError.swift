import Formats

/// Why a scan cannot be given to a cluster, or its jobs cannot be asked for.
public struct ClusterError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One fault: what, why, and how to mend it.
  public struct Fault: Sendable, Hashable, CustomStringConvertible {
    /// What is at fault: an option with its value, a file, a program.
    public var subject: String
    /// Why.
    public var reason: String
    /// How to mend it.
    public var remedy: String

    /// `--time 1:30: ambiguous…; write 1:30:00`.
    public var description: String { "\(subject): \(reason); \(remedy)" }
  }

  /// The faults, at least one.
  public let faults: [Fault]
  /// Whether what the user gave is at fault (exit code 2), and not what happened (1).
  public let isInput: Bool

  /// One fault of what happened.
  init(_ subject: String, because reason: String, mend remedy: String, isInput: Bool = false) {
    faults = [Fault(subject: subject, reason: reason, remedy: remedy)]
    self.isInput = isInput
  }

  /// A file that could not be written.
  init(_ error: FileError) {
    self.init("\(error.action) \(error.path)", because: error.reason, mend: error.remedy)
  }

  /// All faults of what the user gave.
  init(input faults: [Fault]) {
    self.faults = faults
    isInput = true
  }

  /// One line a fault.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}

import Constraints

/// A table that a user gave and that cannot be used: its path and all its faults.
public struct InputFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The path.
  public let path: String
  /// The faults, by line.
  public let faults: [CurveFault]

  /// An error from its faults.
  public init(_ path: String, _ faults: [CurveFault]) {
    self.path = path
    self.faults = faults
  }

  init(_ path: String, _ refusal: TextFile.Refusal) {
    self.init(path, [CurveFault(line: nil, refusal.problem, mend: refusal.remedy)])
  }

  /// One line a fault: `mine.csv:12: what (why); how to mend it`.
  public var description: String {
    faults.map { fault in
      "\(path):\(fault.line.map { "\($0):" } ?? "") \(fault.problem); \(fault.remedy)"
    }.joined(separator: "\n")
  }
}

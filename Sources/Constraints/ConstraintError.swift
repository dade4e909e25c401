import Tables

/// What a user can cause with a curve.
public enum ConstraintError: Error, Sendable, Hashable {
  /// A curve that is none: all its faults, by line.
  case malformed(faults: [CurveFault])
  /// A conversion that would not be exact: the curve's name, and why.
  case notExact(name: String, reason: String)
  /// No curve of that name, and the names that there are.
  case unknownName(String, known: [String])
  /// A name that two curves of a catalogue would have.
  case nameTaken(String)
}

/// One fault of a curve: what, where, why, and how to mend it.
public struct CurveFault: Error, Sendable, Hashable {
  /// The line of the file, from 1; `nil` where no one line is at fault.
  public let line: Int?
  /// What is wrong, and why.
  public let problem: String
  /// How to mend it.
  public let remedy: String

  /// A fault from its parts.
  public init(line: Int?, _ problem: String, mend remedy: String) {
    self.line = line
    self.problem = problem
    self.remedy = remedy
  }
}

extension CurveFault {
  /// A fault of the table that the points stand in.
  public init(_ error: TableError) {
    self.init(line: error.line, error.problem, mend: error.remedy)
  }
}

extension CurveFault: CustomStringConvertible {
  /// `line 12: what (why); how to mend it`.
  public var description: String { (line.map { "line \($0): " } ?? "") + "\(problem); \(remedy)" }
}

extension ConstraintError: CustomStringConvertible {
  /// What, where, why, and how to mend it; one line a fault.
  public var description: String {
    switch self {
    case .malformed(let faults): faults.map(\.description).joined(separator: "\n")
    case .notExact(let name, let reason):
      "the curve \(name) cannot be converted exactly: \(reason); keep to what it was made for"
    case .unknownName(let name, let known):
      "there is no curve '\(name)'; \(NearestWord.remedy(for: name, among: known))"
    case .nameTaken(let name): "there is a curve '\(name)' already; give this one another name"
    }
  }
}

/// All the faults of a run card and of the options that override it.
public struct RunCardError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The faults: those of the card by line and column, then those of the options.
  public var faults: [RunCardFault]

  /// An error from its faults, at least one.
  public init(faults: [RunCardFault]) {
    precondition(!faults.isEmpty, "an error without a fault says nothing")
    self.faults = faults
  }

  /// One line for each fault.
  public var description: String {
    faults.map(\.description).joined(separator: "\n")
  }
}

/// One fault of a run card: what, where, why, and how to mend it.
public struct RunCardFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where.
  public var location: CardLocation
  /// What is wrong, and why.
  public var problem: String
  /// How to mend it.
  public var remedy: String

  /// A fault from its parts.
  public init(at location: CardLocation, _ problem: String, mend remedy: String) {
    self.location = location
    self.problem = problem
    self.remedy = remedy
  }

  /// `my.yaml:14:3: what (why); how to mend it`.
  public var description: String { "\(location): \(problem); \(remedy)" }
}

/// Collects faults while a card is read, so that all of them are reported together.
final class FaultLog {
  private var entries: [(layer: Int, fault: RunCardFault)] = []
  private var known: Set<RunCardFault> = []

  var isEmpty: Bool { entries.isEmpty }

  /// How many faults there are.
  var count: Int { entries.count }

  /// Notes a fault of the value that a node holds.
  func add(at node: CardNode, _ problem: String, mend remedy: String) {
    add(at: node.location, of: node.source, problem, mend: remedy)
  }

  /// Notes a fault at a location of a source.
  func add(
    at location: CardLocation, of source: CardSource, _ problem: String, mend remedy: String
  ) {
    let fault = RunCardFault(at: location, problem, mend: remedy)
    guard known.insert(fault).inserted else { return }
    entries.append((source.layer, fault))
  }

  /// The faults by layer, then line and column; those of one place in the order found.
  var sorted: [RunCardFault] {
    let numbered = entries.enumerated().sorted { first, second in
      let (a, b) = (first.element, second.element)
      let (lineA, columnA) = a.fault.location.lineAndColumn
      let (lineB, columnB) = b.fault.location.lineAndColumn
      return (a.layer, lineA, columnA, first.offset) < (b.layer, lineB, columnB, second.offset)
    }
    return numbered.map(\.element.fault)
  }

  /// Throws all that was collected, if anything was.
  func throwIfAny() throws(RunCardError) {
    if !isEmpty { throw RunCardError(faults: sorted) }
  }
}

extension RunCardFault {
  /// The fault as an object: where, what and how to mend it.
  public var json: JSONValue {
    [
      "location": .string(location.description), "problem": .string(problem),
      "remedy": .string(remedy),
    ]
  }
}

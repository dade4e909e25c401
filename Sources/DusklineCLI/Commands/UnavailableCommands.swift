import ArgumentParser

/// A command of the contract that no code stands behind yet: refused by name, with exit code 2.
///
/// Whatever follows the name is taken, so that a complaint about an option never hides the reason.
protocol UnavailableCommand: ParsableCommand {
  static var name: String { get }
}

extension UnavailableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: name, abstract: "Not available yet.")
  }

  func run() throws {
    throw InputFault.notAvailableYet("the command \(Self.name)")
  }
}

/// `duskline scan`.
struct ScanCommand: UnavailableCommand {
  static let name = "scan"
  @Argument(parsing: .captureForPassthrough) var rest: [String] = []
}

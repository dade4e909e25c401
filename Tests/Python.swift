import Foundation

/// Python with the modules that tests read files with; each test target reads this file through a link.
enum Python {
  /// What must be done before these tests can run. They fail without it, and are never skipped.
  struct Missing: Error, CustomStringConvertible {
    var description: String {
      "no .build-py/bin/python3 with pyarrow, pyhf, pylhe, pyhepmc, htcondor and matplotlib in the package; "
        + "run 'scripts/install-needs', which installs them"
    }
  }

  /// From the link in a test target's folder.
  private static let package = URL(filePath: #filePath).appending(path: "../../..")
    .standardizedFileURL

  /// Runs a script of Tests/Reference, or one whose path in the package has a slash.
  static func run(_ script: String, _ arguments: String...) throws -> (
    exitCode: Int32, output: String
  ) {
    let interpreter = package.appending(path: ".build-py/bin/python3")
    guard FileManager.default.isExecutableFile(atPath: interpreter.path(percentEncoded: false))
    else { throw Missing() }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = interpreter
    let path = script.contains("/") ? script : "Tests/Reference/\(script)"
    process.arguments = [package.appending(path: path).path(percentEncoded: false)] + arguments
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

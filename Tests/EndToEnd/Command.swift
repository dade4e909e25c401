import Foundation

/// What a command left: its exit code and both streams.
struct CommandResult {
  var exitCode: Int32
  var output: String
  var error: String

  /// Standard output as one JSON object; `nil` if it is anything else.
  var json: [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any]
  }
}

/// The binary that was built beside the tests, run as a user would.
enum Command {
  struct NotFound: Error, CustomStringConvertible {
    var description: String { "no binary duskline beside the tests; run 'swift build' first" }
  }

  /// The folder that holds the package's sources.
  static let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

  /// `.build/<configuration>/duskline`, found from the test bundle.
  static func binary() throws -> URL {
    let bundles = Bundle.allBundles.map(\.bundleURL) + [Bundle.main.bundleURL]
    let starts = bundles + [URL(filePath: CommandLine.arguments[0])]
    for start in starts {
      var folder = start.standardizedFileURL
      for _ in 0..<4 {
        let candidate = folder.appending(path: "duskline")
        if FileManager.default.isExecutableFile(atPath: candidate.path(percentEncoded: false)),
          !candidate.hasDirectoryPath
        {
          return candidate
        }
        folder.deleteLastPathComponent()
      }
    }
    throw NotFound()
  }

  /// Runs `duskline` in a folder. Both streams go to files, so that neither can block.
  ///
  /// - Parameter program: another copy of the binary.
  static func duskline(
    _ arguments: [String], in folder: URL = package, program: URL? = nil
  ) throws -> CommandResult {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let streams = [scratch.appending(path: "out"), scratch.appending(path: "err")]
    for stream in streams { try Data().write(to: stream) }

    let process = Process()
    process.executableURL = try program ?? binary()
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = try FileHandle(forWritingTo: streams[0])
    process.standardError = try FileHandle(forWritingTo: streams[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let texts = try streams.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return CommandResult(exitCode: process.terminationStatus, output: texts[0], error: texts[1])
  }
}

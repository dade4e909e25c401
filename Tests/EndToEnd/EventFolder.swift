import Foundation

/// A folder that goes with the test.
final class EventFolder {
  let url = FileManager.default.temporaryDirectory.appending(path: "duskline-\(UUID())")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  /// The names in it.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false)).sorted()
  }

  /// Whether two files hold the same bytes.
  func areEqual(_ first: String, _ second: String) -> Bool {
    FileManager.default.contentsEqual(atPath: path(first), andPath: path(second))
  }

  /// Runs `duskline events` in it.
  func events(
    _ file: String, _ settings: [String] = [], threads: Int = 2, options: [String] = []
  ) throws -> CommandResult {
    try Command.duskline(
      ["events", "--quiet", "--threads", "\(threads)", "-o", file] + options
        + settings.flatMap { ["--set", $0] }, in: url)
  }
}

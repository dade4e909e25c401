import Formats
import Foundation

/// The results of a scan's shards in its folder: `shards/shard-K-of-N.sqlite`, each there when it is complete.
struct ShardFiles: Sendable, Hashable {
  /// The scan's folder.
  let folder: String
  /// How many there are in all.
  let count: Int

  /// The file of shard `index`, from 0.
  func path(of index: Int) -> String {
    "\(Self.place(in: folder))/shard-\(index)-of-\(count).sqlite"
  }

  /// The folder of a scan's shards.
  static func place(in folder: String) -> String { "\(folder)/shards" }

  /// The shards in a scan's folder that are complete, by path.
  static func results(in folder: String) -> [String] {
    names(in: folder).filter { $0.hasSuffix(".sqlite") }.map { "\(place(in: folder))/\($0)" }
  }

  /// How many shards a scan is cut into, by the names of those that were begun; `nil` where they do not agree.
  static func count(in folder: String) -> Int? {
    let counts = Set(
      names(in: folder).map { name in
        name.split(separator: "-").last?.split(separator: ".").first.flatMap { Int($0) } ?? 0
      })
    return counts.count == 1 ? counts.first.flatMap { $0 > 0 ? $0 : nil } : nil
  }

  private static func names(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place(in: folder))) ?? []
    return names.filter { name in
      name.hasPrefix("shard-") && [".sqlite", ".partial"].contains { name.hasSuffix($0) }
    }.sorted()
  }

  /// Whether the shard is complete.
  func hasResult(of index: Int) -> Bool {
    FileManager.default.fileExists(atPath: path(of: index))
  }

  /// The shards that have no result, in order.
  var missing: [Int] { (0..<count).filter { !hasResult(of: $0) } }

  /// Those that have something left to do: all but these, or those without a result.
  func missing(except finished: Set<Int>?) -> [Int] {
    finished.map { finished in (0..<count).filter { !finished.contains($0) } } ?? missing
  }

  /// Numbers as ranges: `0,3,7-9`.
  static func list(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers.sorted() {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }

  /// Writes a text file of an engine whole.
  static func write(_ text: String, to path: String) throws(ClusterError) {
    do { try OutputFile.write(text, to: path) } catch { throw ClusterError(error) }
  }

  /// Makes a folder of an engine.
  static func makeFolder(_ path: String) throws(ClusterError) {
    do { try OutputFile.makeFolder(at: path) } catch { throw ClusterError(error) }
  }

  /// An absolute path; every shell and machine understands it alike.
  static func absolute(_ path: String) -> String {
    let path = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}

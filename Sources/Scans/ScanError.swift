import Formats
import Reach

/// Why a scan cannot begin, go on or end: what, where, why, and how to mend it.
public enum ScanError: Error, Sendable, Hashable {
  /// The product of these axes has too many points.
  case tooManyPoints([ScanAxis])
  /// A folder has the state of another card, seed or version.
  case otherScan(folder: String, difference: String)
  /// A state was made by another program than this one.
  case otherProgram(path: String, difference: String)
  /// What is to be merged is of another scan.
  case notMergeable(path: String, into: String, difference: String)
  /// A shard's result is of another scan.
  case staleShard(path: String, difference: String)
  /// Two keys of a scan say the same thing.
  case rivalKeys(String, String)
  /// There is no scan in a folder.
  case noScan(folder: String)
  /// Another process works on the same state.
  case locked(path: String, by: String)
  /// The state's bytes are not what was written.
  case corrupted(path: String, what: String)
  /// The state cannot be read or written.
  case storage(path: String, reason: String, remedy: String)
  /// A shard's number does not fit.
  case badShard(Int, of: Int)
  /// Points that are not finished, and the shards that lack them as far as they are known: `3 of 8`.
  case missing(shards: [String], points: Int)
  /// A key of a table is none that a scan may change.
  case badColumn(String, remedy: String)

  /// Whether another process is at work: later, the same command goes on.
  public var isLock: Bool { if case .locked = self { true } else { false } }

  /// Whether what was asked is at fault, and not the run.
  public var isInputFault: Bool {
    switch self {
    case .tooManyPoints, .otherScan, .otherProgram, .notMergeable, .staleShard, .rivalKeys, .noScan,
      .badShard, .badColumn:
      true
    case .locked, .corrupted, .storage, .missing: false
    }
  }
}

extension ScanError: CustomStringConvertible {
  /// What, where, why, and how to mend it.
  public var description: String {
    switch self {
    case .tooManyPoints(let axes):
      let product = axes.map { "\($0.key): \($0.values.count)" }.joined(separator: ", ")
      return "the scan has more than \(ScanSpace.mostPoints) points"
        + (product.isEmpty ? "" : " (\(product))") + "; split it into several"
    case .otherScan(let folder, let difference):
      return
        "\(folder) holds another scan: \(difference); give another folder with -o, or remove this one"
    case .otherProgram(let path, let difference):
      return
        "\(path) is not of this program: \(difference); go on with that one, or begin anew in another folder"
    case .notMergeable(let path, let whole, let difference):
      return
        "\(path) is of another scan than \(whole): \(difference); leave it out"
    case .staleShard(let path, let difference):
      return "\(path) is of another scan: \(difference); remove it"
    case .rivalKeys(let first, let second):
      return
        "a scan changes \(first) and \(second), of which one replaces the other; keep one of them"
    case .noScan(let folder):
      return
        "\(folder): there is no scan in it (no file scan.sqlite, or one with nothing in it); begin one with 'duskline scan -o \(folder)'"
    case .locked(let path, let owner):
      return
        "\(path): another process works on it (\(owner)); wait for it to end"
    case .corrupted(let path, let what):
      return
        "\(path) is damaged: \(what); restore a copy of it, or move it away and begin again: nothing in it is used"
    case .storage(let path, let reason, let remedy):
      return
        "\(path): \(reason); \(remedy); what is finished is kept, and the same command goes on from there"
    case .badShard(let shard, let count):
      return
        "--shard \(shard) --of \(count): a shard is a number from 0 to one less than --of, which is from 1 to \(ScanRun.mostShards); mend the numbers"
    case .missing(let shards, let points):
      let names = shards.prefix(10).joined(separator: ", ") + (shards.count > 10 ? ", …" : "")
      return "\(points) points are not finished"
        + (names.isEmpty ? "" : "; shards without a result: \(names)")
        + "; run 'duskline scan' on the folder again for what is missing"
    case .badColumn(let name, let remedy):
      return "the column '\(name)' of the table names no key that a scan may change; \(remedy)"
    }
  }
}

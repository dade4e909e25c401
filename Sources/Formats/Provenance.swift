import Reach

/// What made a result: card, seed, version, commit, platform.
///
/// It holds no time and no number of threads, so that equal inputs give equal bytes.
public struct Provenance: Sendable, Hashable {
  /// The version of this program.
  public static let programVersion = "0.1.0"

  /// The version of the program.
  public var version: String
  /// The commit that the program was built from, or `unknown`.
  public var commit: String
  /// The machine's kind, such as `linux-x86_64`.
  public var platform: String
  /// The seed of every random stream.
  public var seed: UInt64
  /// The complete card, without the number of threads.
  public var card: String

  /// The provenance of what a program made of a card: this one, unless another is told.
  public init(
    of card: RunCard, version: String = programVersion, commit: String = programCommit
  ) {
    self.version = version
    self.commit = commit
    platform = Self.currentPlatform
    seed = card.plan.run.seed
    self.card = card.recordedText
  }

  /// The commit that the program was built from, or `unknown`.
  public static var programCommit: String { BuildStamp.commit }

  /// The provenance as a member of a JSON report.
  public var json: JSONValue {
    [
      "program": "duskline", "version": .string(version), "commit": .string(commit),
      "platform": .string(platform), "seed": .integer(Int(clamping: seed)), "card": .string(card),
    ]
  }

  /// The provenance as lines that begin with `#`, for the head of a table.
  ///
  /// - Parameter title: what the table holds, in a few words.
  public func headerLines(title: String) -> [String] {
    let facts = [
      title, "program: duskline \(version), commit \(commit), platform \(platform)",
      "seed: \(seed)", "card:",
    ]
    let cardLines = card.split(separator: "\n").map { "  " + $0 }
    return (facts + cardLines).map { "# " + $0 }
  }

  /// The provenance as texts under keys, for the metadata of a binary file.
  public var metadata: [(key: String, value: String)] {
    [
      ("duskline.program", "duskline"), ("duskline.version", version),
      ("duskline.commit", commit), ("duskline.platform", platform), ("duskline.seed", "\(seed)"),
      ("duskline.card", card),
    ]
  }

  /// The kind of machine this program was built for.
  static var currentPlatform: String {
    #if os(Linux)
      let system = "linux"
    #elseif os(macOS)
      let system = "macos"
    #else
      let system = "other"
    #endif
    #if arch(x86_64)
      return system + "-x86_64"
    #elseif arch(arm64)
      return system + "-arm64"
    #else
      return system + "-other"
    #endif
  }
}

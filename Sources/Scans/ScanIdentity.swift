import Sampling

/// What tells one scan from another: the card with its seed, the table of points, and the program that computes it.
package struct ScanIdentity: Sendable, Hashable {
  /// The version of the program.
  var version: String
  /// The commit of the program.
  var commit: String
  /// The complete card, without what no result depends on.
  var card: String
  /// The digest of the table of points; `nil` if there is none.
  var table: UInt64?

  package init(version: String, commit: String, card: String, table: UInt64?) {
    self.version = version
    self.commit = commit
    self.card = card
    self.table = table
  }

  /// A number for all of it.
  var digest: UInt64 {
    var digest = Digest()
    for text in ["scan", version, commit, card] { digest.combine(text) }
    if let table { digest.combine(table) }
    return digest.value
  }

  /// Where the program that computes this scan differs from another, in words; `nil` where it is the same.
  func difference(toVersion version: String, _ commit: String) -> String? {
    guard self.version != version || self.commit != commit else { return nil }
    return
      "it is by version \(self.version), commit \(self.commit), and this is \(version), commit \(commit)"
  }

  /// Where another scan differs, in words; `nil` where it is the same.
  func difference(to other: ScanIdentity) -> String? {
    if let difference = other.difference(toVersion: version, commit) { return difference }
    let (own, others) = (card.split(separator: "\n"), other.card.split(separator: "\n"))
    if let pair = zip(own, others).first(where: { $0 != $1 }) {
      return "its card has '\(pair.1.trimmed)', and this one '\(pair.0.trimmed)'"
    }
    if own.count != others.count { return "its card has other lines" }
    return table == other.table ? nil : "its table of points is another"
  }
}

extension Substring {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
